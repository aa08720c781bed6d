import React from "react"; import { createRoot } from "react-dom/client";
import { Select, DatePicker, Cascader, TreeSelect, Tree, Table, Switch, Rate, Slider, InputNumber, Input, Upload, Button, Tabs, Collapse, Modal, Pagination, Segmented, Radio, Checkbox, Transfer, Popconfirm, Dropdown, Form, message, Menu } from "antd";
const h = React.createElement;
const cities = [{ value: "zh", label: "Zhejiang", children: [{ value: "hz", label: "Hangzhou", children: [{ value: "xh", label: "West Lake" }] }] }, { value: "js", label: "Jiangsu", children: [{ value: "nj", label: "Nanjing" }] }];
const rows = Array.from({ length: 12 }, (_, i) => ({ key: i, name: "Person " + i, age: 20 + i, tags: i % 2 ? "dev" : "cool" }));
const App = () => { const [open, setOpen] = React.useState(false); return h("div", { style: { display: "grid", gridTemplateColumns: "1fr 1fr", gap: 12 } },
  h(Form, { layout: "vertical" },
    h(Menu, { mode: "horizontal", defaultSelectedKeys: ["a"], items: [{ key: "a", label: "Navigation One" }, { key: "b", label: "Navigation Two", children: [{ key: "b1", label: "Option 1" }] }] }),
    h(Form.Item, { label: "Person", name: "p", required: true }, h(Select, { showSearch: true, placeholder: "Select a person", options: [{ value: "jack", label: "Jack" }, { value: "lucy", label: "Lucy" }, { value: "tom", label: "Tom", disabled: true }] })),
    h(Form.Item, { label: "Fruits" }, h(Select, { mode: "multiple", allowClear: true, defaultValue: ["a10", "c12"], options: ["a10", "b11", "c12"].map((v) => ({ value: v, label: v })) })),
    h(Form.Item, { label: "Date", name: "d" }, h(DatePicker)),
    h(Form.Item, { label: "Address" }, h(Cascader, { options: cities, placeholder: "Please select" })),
    h(Form.Item, { label: "Part" }, h(TreeSelect, { treeData: cities.map((c) => ({ title: c.label, value: c.value, children: c.children.map((d) => ({ title: d.label, value: d.value })) })), treeDefaultExpandAll: false, placeholder: "Tree", style: { width: "100%" } })),
    h(Switch, { defaultChecked: true, checkedChildren: "on", unCheckedChildren: "off" }), h(Rate, { defaultValue: 3 }), h(Slider, { defaultValue: 30 }), h(InputNumber, { min: 1, max: 10, defaultValue: 3 }),
    h(Input.Search, { placeholder: "input search text", enterButton: true }), h(Input.Password, { placeholder: "password" }),
    h(Segmented, { options: ["Daily", "Weekly", "Monthly"] }), h(Radio.Group, { defaultValue: "b", buttonStyle: "solid" }, h(Radio.Button, { value: "a" }, "Hangzhou"), h(Radio.Button, { value: "b" }, "Shanghai")),
    h(Checkbox.Group, { options: ["Apple", "Pear"], defaultValue: ["Apple"] }), h(Upload, null, h(Button, null, "Click to Upload"))),
  h("div", null,
    h(Table, { size: "small", pagination: { pageSize: 3 }, rowSelection: {}, dataSource: rows, columns: [{ title: "Name", dataIndex: "name", filters: [{ text: "Person 1", value: "1" }], onFilter: (v, r) => r.name.includes(v) }, { title: "Age", dataIndex: "age", sorter: (a, b) => a.age - b.age }, { title: "Tags", dataIndex: "tags" }, { title: "Action", render: () => h(Popconfirm, { title: "Delete the task?" }, h("a", null, "Delete")) }] }),
    h(Tree, { checkable: true, defaultExpandedKeys: ["0"], defaultCheckedKeys: ["00"], treeData: [{ title: "parent 1", key: "0", children: [{ title: "leaf 1", key: "00" }, { title: "leaf 2", key: "01" }] }, { title: "parent 2", key: "1", children: [{ title: "leaf 3", key: "10" }] }] }),
    h(Tabs, { items: [{ key: "1", label: "Tab 1", children: "Content 1" }, { key: "2", label: "Tab 2", children: "Content 2" }] }),
    h(Collapse, { items: [{ key: "1", label: "This is panel header 1", children: "A dog" }] }),
    h(Transfer, { dataSource: [{ key: "1", title: "content1" }, { key: "2", title: "content2" }], targetKeys: ["2"], render: (i) => i.title }),
    h(Dropdown, { menu: { items: [{ key: "1", label: "1st menu item" }, { key: "2", danger: true, label: "a danger item" }] } }, h("a", { onClick: (e) => e.preventDefault() }, "Hover me")),
    h(Button, { type: "primary", onClick: () => setOpen(true) }, "Open Modal"), h(Button, { onClick: () => message.success("Saved!") }, "Message"),
    h(Modal, { title: "Basic Modal", open, onOk: () => setOpen(false), onCancel: () => setOpen(false) }, "Some contents..."))); };
createRoot(document.getElementById("root")).render(h(App));
