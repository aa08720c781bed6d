// What an element is called.
const brief = new WeakSet();           // elements that are named by a label alone, as what is in them is shown by itself
const shown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
  || (getComputedStyle(element).display === "contents" && !!up(element) && shown(up(element)));   // has no box of its own

const contentText = (node, room = 600) => {
  let text = "";
  const walk = (one) => {
    if (text.length > room) return;
    if (one.nodeType === 3) { text += one.data; return; }
    if (hiding(one)) { for (const child of childrenOf(one)) walk(child); return; }
    if (one.nodeType !== 1 || SKIPPED.has(one.tagName) || one.tagName === "SELECT" || one.tagName === "TEXTAREA") return;
    if (one !== node && (one.getAttribute("aria-hidden") === "true" || !shown(one))) return;
    if (one !== node && one.hasAttribute("aria-label")) { text += " " + one.getAttribute("aria-label") + " "; return; }
    if (one.tagName === "IMG" || one.tagName === "INPUT") { text += " " + (one.alt || (one.type === "submit" ? one.value : "")) + " "; return; }
    if (one.tagName === "BR") text += " ";
    if (one.tagName.toLowerCase() === "svg") { text += " " + (one.querySelector("title")?.textContent || "") + " "; return; }
    const children = one.shadowRoot ? one.shadowRoot.childNodes : one.tagName === "SLOT" ? one.assignedNodes() : one.childNodes;
    const block = one !== node && !/^(inline|contents|ruby)/.test(getComputedStyle(one).display);
    const length = text.length;
    if (block) text += " ";
    for (const child of (one.tagName === "SLOT" && !children.length ? one.childNodes : children)) walk(child);
    if (block) text += " ";
    if (one !== node && one.title && !text.slice(length).trim()) text += " " + one.title + " ";
  };
  walk(node);
  return squeeze(text);
};

const NAMED_BY_CONTENT = new Set(["button", "link", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab",
  "treeitem", "checkbox", "radio", "switch", "summary", "heading", "gridcell", "cell", "columnheader", "rowheader", ""]);
const nameOf = (element, role) => {
  const name = givenName(element, role);
  // What a custom list shows is what was chosen in it, whatever it calls itself.
  return role === "combobox" && name && name === valueOf(element, role) ? beside(element) || name : name;
};
const givenName = (element, role) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) {
    const text = by.split(/\s+/).map((id) => element.getRootNode().getElementById?.(id)).filter(Boolean).map((one) => contentText(one)).join(" ");
    if (squeeze(text)) return squeeze(text);
  }
  const label = squeeze(element.getAttribute("aria-label") || "");
  if (label) return label;
  const tag = element.tagName;
  if (element.labels?.length && !(tag === "INPUT" && /^(submit|reset|button|image)$/.test(element.type))) {
    const text = squeeze(Array.from(element.labels, (one) => contentText(one)).join(" "));
    if (text) return text;
  }
  if (tag === "INPUT" && /^(submit|reset|button)$/.test(element.type)) return squeeze(element.value) || { submit: "Submit", reset: "Reset" }[element.type] || "";
  if (tag === "IMG" || tag === "AREA" || (tag === "INPUT" && element.type === "image")) { if (element.alt) return squeeze(element.alt); }
  if (NAMED_BY_CONTENT.has(role) && tag !== "INPUT" && tag !== "SELECT" && tag !== "TEXTAREA") {
    const text = contentText(element);
    if (text) return text;
  }
  const rest = element.getAttribute("title") || element.getAttribute("placeholder") || element.getAttribute("aria-placeholder");
  if (rest) return squeeze(rest);
  return CONTROLS.has(role) && role !== "link" && role !== "button" ? beside(element) : "";
};
// A field that nothing names is named by what stands just before it, as a person would read it.
const beside = (element) => {
  const cell = element.closest("td"), head = cell?.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
  if (head && head !== cell && contentText(head, 80)) return contentText(head, 80);
  let one = element;
  for (let level = 0; level < 3 && one && one !== real.body && !hiding(one); level++, one = up(one)) {
    for (let before = one.previousSibling; before; before = before.previousSibling) {
      if (before.nodeType === 1 && (hiding(before) || SKIPPED.has(before.tagName) || !shown(before))) continue;
      const text = before.nodeType === 3 ? squeeze(before.data) : before.nodeType === 1 ? contentText(before, 80) : "";
      if (text) return text.length <= 80 && /\p{L}/u.test(text) ? text : "";
      if (before.nodeType === 1 && before.matches("input,select,textarea,button")) return replaced(before) ? nameOf(before, "combobox") : "";
    }
  }
  return "";
};

// The name under which an element is shown.
const calledOf = (element, role) => brief.has(element)
  ? squeeze(element.getAttribute("aria-label") || element.getAttribute("title") || "")
  : nameOf(element, role) || (element.type === "file" && !shown(element) ? "hidden file input" : "");
