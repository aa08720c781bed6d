// What an element is, and whether it can be acted on.
const listening = new WeakMap();      // nodes with listeners of their own, as the protocol told, and what for
const holders = new WeakSet();        // what such nodes are in
const delegates = new WeakSet();      // nodes that listen for what is in them, as the root of an application does
const INPUT_ROLES = { button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox",
  radio: "radio", range: "slider", number: "spinbutton", search: "searchbox", file: "file", color: "color",
  date: "date", time: "time", month: "month", week: "week", "datetime-local": "datetime" };
const TAG_ROLES = { BUTTON: "button", SUMMARY: "summary", TEXTAREA: "textbox", OPTION: "option", IMG: "img",
  CANVAS: "canvas", VIDEO: "video", AUDIO: "audio", H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading", DIALOG: "dialog",
  NAV: "navigation", MAIN: "main", ASIDE: "complementary", FORM: "form", TABLE: "table", UL: "list", OL: "list" };
const CONTROLS = new Set(["button", "link", "checkbox", "radio", "switch", "textbox", "searchbox", "combobox",
  "listbox", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab", "treeitem", "slider", "spinbutton",
  "file", "color", "date", "time", "month", "week", "datetime", "summary", "gridcell", "scrollbar"]);

const LINKS = new Set(["A", "AREA", "a"]), XLINK = "http://www.w3.org/1999/xlink";     // the last of a drawing
// Whether an element is the whole of a document that is edited, as old editors keep one in a frame.
const designed = (element) => element === real.body && real.designMode === "on";
const roleOf = (element) => {
  const roles = element.getAttribute("role"), given = roles && roles.trim().split(/\s+/)[0];
  if (given && given !== "presentation" && given !== "none") return given;
  const tag = element.tagName;
  if (tag === "INPUT") {
    if (element.list && /^(text|search|url|tel|email|)$/.test(element.type)) return "combobox";
    return INPUT_ROLES[element.type] || "textbox";
  }
  if (tag === "SELECT") return element.multiple || element.size > 1 ? "listbox" : "combobox";
  if (LINKS.has(tag) && (element.hasAttribute("href") || tag === "a" && element.hasAttributeNS(XLINK, "href"))) return "link";
  if (tag === "BODY" && designed(element)) return "textbox";
  if (element.isContentEditable && !element.parentElement?.isContentEditable) return "textbox";
  return TAG_ROLES[tag] || "";
};

const CONTROL = "a[href],button,input:not([type=hidden]),select,textarea,[role=button],[role=link],[role=checkbox],[role=tab],[role=menuitem],[role=option],[role=treeitem],[role=radio],[role=switch],[tabindex],[onclick]";
const hasControls = (element) => element.firstElementChild !== null && !!element.querySelector(CONTROL) || !!rootOf(element)
  || hasSlots(element);
const hasSlots = (element) => {
  if (element.firstElementChild === null && element.tagName !== "SLOT" || !(element.getRootNode() instanceof ShadowRoot)) return false;
  const slots = element.tagName === "SLOT" ? [element] : Array.from(element.querySelectorAll("slot"));
  return slots.some((slot) => slot.assignedElements().some((one) => one.matches(CONTROL) || hasControls(one)));
};
// Whether a node listens on behalf of what is in it, so that it is nothing to point at itself.
const gathers = (element) => {
  if (element.matches("html,body,main,form,ul,ol,table,thead,tbody,slot,[role=list],[role=listbox],[role=tree]")) return true;
  if (holders.has(element) && contentText(element, OWN_TEXT).length > OWN_TEXT) return true;
  if (hasControls(element)) return listening.get(element) !== "droppable" || element.querySelector(HEADING) === null;     // a column
  const box = element.getBoundingClientRect();
  return element.childElementCount > 0 && box.width * box.height > innerWidth * innerHeight / 2;
};

// What takes the focus so that it can be scrolled or reached, and is nothing to act on.
const AREAS = new Set(["tabpanel", "region", "group", "list", "main", "article", "document", "feed", "figure", "form", "radiogroup",
  "toolbar", "rowgroup", "table", "tablist", "dialog", "alertdialog", "alert", "status", "log", "navigation", "complementary"]);
const NATIVE = new Set(["BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY"]);
const AIMED = /^(pointer|grab|move|[a-z]+-resize)$/;
const cursorOf = (element) => getComputedStyle(element).cursor;
// Whether the pointer's shape says here, and not yet around it, that something can be done.
const points = (element) => {
  const cursor = cursorOf(element);
  return AIMED.test(cursor) && cursor !== (up(element) ? cursorOf(up(element)) : "auto");
};
// What a glance at the tag says: 1 to be passed over, 2 a document of its own, 3 perhaps something to act on,
// 4 an image, with which the areas of its map are read, 5 what may have a shadow root.
const GLANCE = new Map([["IFRAME", 2], ["FRAME", 2], ["IMG", 4], ["AREA", 1], ...Array.from(SKIPPED, (tag) => [tag, 1]),
  ...["defs", "clipPath", "mask", "marker", "symbol", "pattern", "desc", "metadata"].map((tag) => [tag, 1]),      // of a drawing: shown elsewhere, if at all
  ...["A", "a", "BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY", "VIDEO", "AUDIO", "CANVAS", "LI"].map((tag) => [tag, 3]),
  ...["ARTICLE", "ASIDE", "BLOCKQUOTE", "BODY", "DIV", "FOOTER", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER", "MAIN", "NAV", "P", "SECTION", "SPAN"].map((tag) => [tag, 5])]);
const MARKED = "[role],[tabindex],[onclick],[contenteditable],[draggable]";
let heard = false;                     // whether any node listens
const promising = (element, glance) => glance === 3 || heard && (listening.has(element) || listening.has(element.parentElement)) || element.hasAttributes() && element.matches(MARKED);

// The lines of a code editor, which it hides from screen readers as it speaks to them itself.
const isCode = (element) => element.closest("[role=code],.monaco-editor,.CodeMirror,.ace_editor") !== null;
// The box whose children are the lines of a list that scrolls; the element itself where it is no box around such a box.
const linesOf = (element) => {
  if (element.childElementCount !== 1 || getComputedStyle(element).overflowY === "visible") return element;
  let one = element;
  while (one.childElementCount === 1) one = one.firstElementChild;
  return one;
};
// Whether a node listens for its children, which are alike: the entries of a list that is sorted by hand, for instance, or
// of one that draws what is in view only, in boxes within the one that listens.
const listensForEach = (element) => {
  const what = heard && listening.get(element) || "", lines = /^(clickable|droppable)$/.test(what) ? linesOf(element) : element;
  if (what === "" || what === "hoverable" || lines.childElementCount < 2) return false;
  if (element.matches("tr,[role=row]")) return false;            // for itself, mostly
  const kinds = new Set(Array.from(lines.children, (one) => `${one.tagName} ${one.classList[0] || ""}`));
  const each = kinds.size === 1 && (lines.firstElementChild.classList.length > 0 || lines.childElementCount > 2)
    && Array.from(lines.children).every((one) => one.getBoundingClientRect().height >= 12);
  if (each && lines !== element) listening.set(lines, what);
  return each;
};
// Whether something is written in a cell besides the controls in it.
const speaks = (cell) => {
  let text = contentText(cell);
  for (const one of cell.querySelectorAll(CONTROL)) text = text.replace(squeeze(one.getAttribute("aria-label") || contentText(one)), "");
  return /[\p{L}\p{N}]/u.test(text);
};
// Whether the head of a column holds fields that filter it, and nothing else to act on.
const filters = (head) => head.querySelector("input,select") !== null && head.querySelector("button,a[href],[type=checkbox],[role],[tabindex]") === null;
// Whether a cell is a day of a calendar that listens as a whole.
const isDay = (cell) => {
  if (!heard || !cell.hasAttribute("data-date")) return false;
  for (let one = up(cell); one && one !== real.body; one = up(one)) if (listening.get(one) === "clickable") return true;
  return false;
};
// What the edge of a column is pulled by; of those in every row of a table nobody speaks.
const THIN = 12;                       // CSS pixels
const resizes = (element) => element.firstElementChild === null && (/resize/.test(element.className) || /-resize$/.test(cursorOf(element)));
const inBody = (element) => {
  const row = element.closest("tr,[role=row]");
  return row !== null && row.querySelector("th,[role=columnheader]") === null;
};

// "control": acts by what it is; "clickable": only something around it says that it can be acted on; "" neither.
const kindOf = (element, role, pointing) => {
  const tag = element.tagName;
  if (tag === "INPUT" && element.type === "hidden") return "";
  if (role === "combobox" && element.tabIndex < 0 && element.querySelector("input[role=combobox]")) return "";   // what is in it is one
  if (NATIVE.has(tag) || role === "link") return "control";
  if (role === "listbox" || role === "tree" || role === "grid") return element.tabIndex >= 0 ? "clickable" : "";
  if (role === "gridcell" && isDay(element)) return "clickable";
  if (role === "columnheader" && listening.get(element) === "clickable" && filters(element)) return "clickable";
  if (role === "gridcell" && (!element.hasAttribute("tabindex") || hasControls(element) && !speaks(element))) return "";
  if (CONTROLS.has(role)) return tag === "OPTION" ? "" : "control";
  if (element.hasAttribute("contenteditable") && element.isContentEditable && !element.parentElement?.isContentEditable) return "control";
  if (element.hasAttribute("onclick")) return "clickable";
  if (element.hasAttribute("tabindex") && element.tabIndex >= 0 && !AREAS.has(role) && element.tagName !== "SECTION") return "clickable";
  if (element.getAttribute("tabindex") === "-1" && element.matches("li, li > *")) return "clickable";   // a menu's entries
  if (element.hasAttribute("draggable") && element.draggable) return "clickable";
  if (tag === "VIDEO" || tag === "AUDIO" || tag === "CANVAS") return element.controls || tag === "CANVAS" ? "clickable" : "";
  if (tag === "LABEL" || tag === "IFRAME") return "";
  if (pointing && points(element)) return "clickable";
  if (tag === "LI" && (listening.has(element.parentElement) && !holders.has(element.parentElement) || sublists.has(element.parentElement))) return "clickable";
  if (heard && listening.has(element.parentElement) && element.parentElement.childElementCount > 1 && listensForEach(element.parentElement)) return "clickable";
  if (tag === "TD" && listening.get(element) === "hoverable") return "";       // to show what is cut off in it, mostly
  return listening.has(element) && !AREAS.has(role) && !gathers(element) && !listensForEach(element) && !isCode(element) ? "clickable" : "";
};
// Its role, or what is known of an element that has none of its own.
const MAP = /(^|\s)(leaflet-container|maplibregl-map|mapboxgl-map|ol-viewport|gm-style|esri-view)(\s|$)/;
const isMap = (element) => MAP.test(element.getAttribute("class") || "");
const calledRole = (element, role) => role || (isMap(element) ? "map" : "") || (element.draggable && element.hasAttribute("draggable") ? "draggable" : listening.get(element) || "clickable");

// `means` says what nodes listen for: "clickable", "hoverable" or "droppable", or the first and the second; "" is for
// all that is in them.
const hovers = new WeakSet();          // nodes that hear the pointer come
const listen = (means, ...several) => {
  const [what] = means.split(" ");
  heard = true;
  for (const one of several) {
    tellsRoot(one);
    if (means === "" || means.includes("hoverable")) hovers.add(one);
    if (what === "" || one.nodeType !== 1) { delegates.add(one); continue; }
    listening.set(one, what);
    for (let above = up(one); above && !holders.has(above); above = up(above)) holders.add(above);
  }
};
const listenAll = () => { delegates.add(document); return true; };
