// What an element is, and whether it can be acted on.
const listening = new WeakSet();      // nodes with listeners of their own, as the protocol told
const holders = new WeakSet();        // what such nodes are in
const INPUT_ROLES = { button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox",
  radio: "radio", range: "slider", number: "spinbutton", search: "searchbox", file: "file", color: "color",
  date: "date", time: "time", month: "month", week: "week", "datetime-local": "datetime" };
const TAG_ROLES = { BUTTON: "button", SUMMARY: "summary", TEXTAREA: "textbox", OPTION: "option", IMG: "img",
  H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading", DIALOG: "dialog",
  NAV: "navigation", MAIN: "main", ASIDE: "complementary", FORM: "form", TABLE: "table", UL: "list", OL: "list" };
const CONTROLS = new Set(["button", "link", "checkbox", "radio", "switch", "textbox", "searchbox", "combobox",
  "listbox", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab", "treeitem", "slider", "spinbutton",
  "file", "color", "date", "time", "month", "week", "datetime", "summary", "gridcell", "scrollbar"]);

const roleOf = (element) => {
  const given = (element.getAttribute("role") || "").trim().split(/\s+/)[0];
  if (given && given !== "presentation" && given !== "none") return given;
  const tag = element.tagName;
  if (tag === "INPUT") {
    if (element.list && /^(text|search|url|tel|email|)$/.test(element.type)) return "combobox";
    return INPUT_ROLES[element.type] || "textbox";
  }
  if (tag === "SELECT") return element.multiple || element.size > 1 ? "listbox" : "combobox";
  if ((tag === "A" || tag === "AREA") && element.hasAttribute("href")) return "link";
  if (element.isContentEditable && !element.parentElement?.isContentEditable) return "textbox";
  return TAG_ROLES[tag] || "";
};

const CONTROL = "a[href],button,input:not([type=hidden]),select,textarea,[role=button],[role=link],[role=checkbox],[role=tab],[role=menuitem],[role=option],[role=treeitem],[role=radio],[role=switch],[tabindex],[onclick]";
const hasControls = (element) => !!element.querySelector(CONTROL) || !!element.shadowRoot;
// Whether a node listens on behalf of what is in it, so that it is nothing to point at itself.
const gathers = (element) => {
  if (element.matches("html,body,main,form,ul,ol,table,thead,tbody,[role=list],[role=listbox],[role=tree]")) return true;
  if (holders.has(element) && contentText(element, OWN_TEXT).length > OWN_TEXT || hasControls(element)) return true;
  const box = element.getBoundingClientRect();
  return element.childElementCount > 0 && box.width * box.height > innerWidth * innerHeight / 2;
};

const NATIVE = new Set(["BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY"]);
// "control": acts by what it is; "clickable": only something around it says that it can be clicked; "" neither.
const kindOf = (element, role, style, cursorAbove) => {
  const tag = element.tagName;
  if (tag === "INPUT" && element.type === "hidden") return "";
  if (NATIVE.has(tag) || role === "link") return "control";
  if (role === "listbox" || role === "tree" || role === "grid") return element.tabIndex >= 0 ? "clickable" : "";
  if (CONTROLS.has(role) && !(role === "gridcell" && !element.hasAttribute("tabindex"))) return tag === "OPTION" ? "" : "control";
  if (element.isContentEditable && !element.parentElement?.isContentEditable) return "control";
  if (element.hasAttribute("onclick") || (element.hasAttribute("tabindex") && element.tabIndex >= 0)) return "clickable";
  if (element.getAttribute("tabindex") === "-1" && element.matches("li, li > *")) return "clickable";   // a menu's entries
  if (element.hasAttribute("draggable") && element.draggable) return "clickable";
  if (tag === "VIDEO" || tag === "AUDIO" || tag === "CANVAS") return element.controls || tag === "CANVAS" ? "clickable" : "";
  if (tag === "LABEL" || tag === "IFRAME") return "";
  if (style.cursor !== cursorAbove && /^(pointer|grab|move|[a-z]+-resize)$/.test(style.cursor)) return "clickable";
  if (tag === "LI" && listening.has(element.parentElement) && !holders.has(element.parentElement)) return "clickable";
  return listening.has(element) && !gathers(element) ? "clickable" : "";
};
const listen = (...several) => {
  for (const one of several) {
    if (one.nodeType !== 1) continue;
    listening.add(one);
    for (let above = up(one); above && !holders.has(above); above = up(above)) holders.add(above);
  }
};
