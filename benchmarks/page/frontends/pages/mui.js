import React from "react"; import { createRoot } from "react-dom/client";
import * as M from "@mui/material";
const h = React.createElement;
const App = () => {
  const [age, setAge] = React.useState(10), [tab, setTab] = React.useState(0), [open, setOpen] = React.useState(false), [menu, setMenu] = React.useState(null), [page, setPage] = React.useState(1), [fmt, setFmt] = React.useState("left");
  return h(M.Box, null,
    h(M.AppBar, { position: "static" }, h(M.Toolbar, null, h(M.IconButton, { color: "inherit", "aria-label": "menu", onClick: (e) => setMenu(e.currentTarget) }, "≡"), h(M.Typography, { variant: "h6", sx: { flexGrow: 1 } }, "News"), h(M.Badge, { badgeContent: 4, color: "error" }, "✉"), h(M.Button, { color: "inherit" }, "Login"))),
    h(M.Menu, { anchorEl: menu, open: !!menu, onClose: () => setMenu(null) }, ["Profile", "My account", "Logout"].map((t) => h(M.MenuItem, { key: t, onClick: () => setMenu(null) }, t))),
    h(M.Grid, { container: true, spacing: 2, sx: { p: 2 } },
      h(M.Grid, { item: true, xs: 6 },
        h(M.FormControl, { fullWidth: true, sx: { mb: 2 } }, h(M.InputLabel, { id: "l" }, "Age"), h(M.Select, { labelId: "l", value: age, label: "Age", onChange: (e) => setAge(e.target.value) }, [10, 20, 30].map((n) => h(M.MenuItem, { key: n, value: n }, ({ 10: "Ten", 20: "Twenty", 30: "Thirty" })[n])))),
        h(M.Autocomplete, { options: ["The Godfather", "Pulp Fiction", "Inception"], renderInput: (p) => h(M.TextField, { ...p, label: "Movie" }) }),
        h(M.Autocomplete, { multiple: true, sx: { my: 2 }, options: ["Red", "Green", "Blue"], defaultValue: ["Red"], renderInput: (p) => h(M.TextField, { ...p, label: "Colours" }) }),
        h(M.TextField, { label: "Name", required: true, error: true, helperText: "Incorrect entry.", defaultValue: "Hello" }),
        h(M.FormControlLabel, { control: h(M.Switch, { defaultChecked: true }), label: "Label" }),
        h(M.FormControlLabel, { control: h(M.Checkbox), label: "Gilad" }),
        h(M.RadioGroup, { row: true, defaultValue: "f" }, h(M.FormControlLabel, { value: "f", control: h(M.Radio), label: "Female" }), h(M.FormControlLabel, { value: "m", control: h(M.Radio), label: "Male" })),
        h(M.Slider, { defaultValue: 30, "aria-label": "Volume" }), h(M.Rating, { defaultValue: 2, name: "rate" }),
        h(M.ToggleButtonGroup, { exclusive: true, value: fmt, onChange: (e, v) => setFmt(v) }, h(M.ToggleButton, { value: "left", "aria-label": "left aligned" }, "L"), h(M.ToggleButton, { value: "right", "aria-label": "right aligned" }, "R"))),
      h(M.Grid, { item: true, xs: 6 },
        h(M.Accordion, null, h(M.AccordionSummary, null, "Accordion 1"), h(M.AccordionDetails, null, "Lorem ipsum.")),
        h(M.Accordion, { disabled: true }, h(M.AccordionSummary, null, "Disabled Accordion")),
        h(M.Tabs, { value: tab, onChange: (e, v) => setTab(v) }, ["Item One", "Item Two", "Item Three"].map((t) => h(M.Tab, { key: t, label: t }))), h("p", null, "Panel " + tab),
        h(M.Stack, { direction: "row", spacing: 1 }, h(M.Chip, { label: "Clickable", onClick() {} }), h(M.Chip, { label: "Deletable", onDelete() {} })),
        h(M.List, null, h(M.ListItemButton, { selected: true }, h(M.ListItemText, { primary: "Inbox", secondary: "3 new" })), h(M.ListItemButton, null, h(M.ListItemText, { primary: "Drafts" }))),
        h(M.Stepper, { activeStep: 1 }, ["Select", "Create", "Done"].map((s) => h(M.Step, { key: s }, h(M.StepLabel, null, s)))),
        h(M.Pagination, { count: 10, page, onChange: (e, v) => setPage(v) }),
        h(M.Table, { size: "small" }, h(M.TableHead, null, h(M.TableRow, null, h(M.TableCell, null, h(M.TableSortLabel, { active: true, direction: "asc" }, "Dessert")), h(M.TableCell, null, h(M.TableSortLabel, null, "Calories")))), h(M.TableBody, null, h(M.TableRow, { hover: true }, h(M.TableCell, null, "Eclair"), h(M.TableCell, null, "262")))),
        h(M.LinearProgress, { variant: "determinate", value: 40 }),
        h(M.Button, { variant: "contained", onClick: () => setOpen(true) }, "Open dialog"), h(M.Tooltip, { title: "Delete" }, h(M.IconButton, null, "🗑")),
        h(M.Dialog, { open, onClose: () => setOpen(false) }, h(M.DialogTitle, null, "Use location?"), h(M.DialogContent, null, "Let us help."), h(M.DialogActions, null, h(M.Button, { onClick: () => setOpen(false) }, "Disagree"), h(M.Button, { onClick: () => setOpen(false) }, "Agree"))))));
};
createRoot(document.getElementById("root")).render(h(App));
