// What an element is called.
const brief = new WeakSet();           // elements that are named by a label alone, as what is in them is shown by itself
// An element's labels. The browser goes through the whole document for each that is asked; a pass looks them all up once.
let labelled = null;
const NONE = [];
const labelsOf = (element) => labelled ? labelled.get(element) || NONE : Array.from(element.labels || NONE);
const lookUpLabels = (root) => {
  for (const label of root.querySelectorAll("label")) {
    const control = label.control;
    if (control && !labelled.get(control)?.includes(label)) labelled.set(control, [...labelled.get(control) || NONE, label]);
  }
};

const VISIBLY = { visibilityProperty: true };
const shown = (element) => element.checkVisibility(VISIBLY)
  || (getComputedStyle(element).display === "contents" && !!up(element) && shown(up(element)))    // has no box of its own
  || drawer(element) !== element && shown(drawer(element));

const PARTS = new Set(["group", "tree", "menu"]);      // with entries of their own, below the one that is named
const IN_ITEM = "[role=checkbox],[role=img],[role=button],button,input,svg";     // told by themselves, in an item of a tree
const IN_ENTRY = "ul,ol";              // and in an entry of a list
const contentText = (node, room = 600, without = "") => {
  if (node.firstElementChild === null && !rootOf(node) && node.tagName !== "SLOT") return squeeze(node.textContent.slice(0, room + 1000));
  let text = "";
  const walk = (one) => {
    if (text.length > room) return;
    if (one.nodeType === 3) { text += one.data; return; }
    if (hiding(one)) { for (const child of childrenOf(one)) walk(child); return; }
    if (one.nodeType !== 1 || SKIPPED.has(one.tagName) || one.tagName === "SELECT" || one.tagName === "TEXTAREA") return;
    if (suspects !== null && mayHost(one.tagName)) glanceAt(one);
    if (one !== node && (one.getAttribute("aria-hidden") === "true" && !isCode(one) || !shown(one))) return;
    if (without && one !== node && one.matches(without)) return;
    if (one !== node && one.hasAttribute("aria-label")) { text += " " + one.getAttribute("aria-label") + " "; return; }
    if (one.tagName === "IMG" || one.tagName === "INPUT") { text += " " + (one.alt || (one.type === "submit" ? one.value : "")) + " "; return; }
    if (one.tagName === "BR") text += " ";
    if (one.tagName === "svg" && one.querySelector("title")) { text += ` ${one.querySelector("title").textContent} `; return; }
    if (one !== node && PARTS.has(one.getAttribute("role")) && node.matches("[role=treeitem],[role=menuitem],li")) return;
    if (one !== node && one.matches("[role=treeitem]") && node.matches("[role=treeitem]")) return;
    const block = one !== node && !/^(inline|contents|ruby)/.test(getComputedStyle(one).display);
    const length = text.length;
    if (block) text += " ";
    for (const child of drawnIn(one)) walk(child);
    if (block) text += " ";
    if (one !== node && one.title && !text.slice(length).trim()) text += " " + one.title + " ";
  };
  walk(node);
  return squeeze(text);
};

const FIELDS = new Set(["INPUT", "SELECT", "TEXTAREA", "BUTTON", "OUTPUT", "METER", "PROGRESS"]);   // and custom ones, by their labels
const NAMED_BY_CONTENT = new Set(["button", "link", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab",
  "treeitem", "checkbox", "radio", "switch", "summary", "heading", "gridcell", "cell", "columnheader", "rowheader", ""]);
// What a box says of keys and of how it stands, besides what it is for.
const ASIDES = /^press (the )?space( ?bar| key)? to |\s*\((un)?checked\)$/gi;
const nameOf = (element, role) => {
  const name = role === "checkbox" ? givenName(element, role).replace(ASIDES, "") : givenName(element, role);
  if (role === "slider") return handleName(element, name);
  if (role === "radio" && element.hasAttribute("aria-posinset") && isDrawn(element)) return placeName(element, once(name));
  // What a custom list shows is what was chosen in it, whatever it calls itself.
  return role === "combobox" && name && name === valueOf(element, role) ? beside(element) || name : name;
};
// What has neither words nor a name of its own, as a star has, is called by its place too.
const isDrawn = (element) => !element.hasAttribute("aria-label") && !element.hasAttribute("aria-labelledby") && !/[\p{L}\p{N}]/u.test(element.textContent);
const placeName = (element, name) => `${name} ${element.getAttribute("aria-posinset")} of ${element.getAttribute("aria-setsize") || "?"}`.trim();
// What has not even looks, as the dots below a carousel but for the chosen one, is called by its place among its kind.
const DOTS = 20;
const placeAmong = (element) => {
  const { children = NONE } = parentOf(element) || {};
  if (children.length < 2 || children.length > 2 * DOTS || element.firstElementChild !== null || element.ownerSVGElement || PLAIN.test(element.tagName)) return "";
  const all = Array.from(children), chosen = all.map(classSays).find(Boolean) || "";
  const alike = all.filter((one) => one.tagName === element.tagName && one.firstChild === null && isOfKind(one, element, chosen));
  if (alike.length < 2 || alike.length > DOTS || alike.some((one) => one.id || looksOf(one, "") && !classSays(one))) return "";
  return `${alike.indexOf(element) + 1} of ${alike.length}`;
};
// Of the two handles of a range that are called the same, which end each sets.
const SLIDER = "[role=slider],input[type=range]", HANDLE_LEVELS = 3;
const handleName = (element, name) => {
  let box = up(element), both = [];
  for (let level = 0; level < HANDLE_LEVELS && box && box !== real.body && !hiding(box) && both.length < 2; level++, box = up(box)) both = Array.from(box.querySelectorAll(SLIDER));
  if (both.length !== 2) return name;
  const at = (one) => Number(one.getAttribute("aria-valuenow") ?? one.value), other = both.find((one) => one !== element);
  const called = givenName(other, "slider");
  if (name && called && name !== called) return name;
  const least = at(element) < at(other) || at(element) === at(other) && element === both[0];
  return `${name || called} ${least ? "minimum" : "maximum"}`.trim();
};
const labelledBy = (element) => {
  const by = element.getAttribute("aria-labelledby");
  return by ? squeeze(by.split(/\s+/).map((id) => element.getRootNode().getElementById?.(id)).filter(Boolean).map(labelText).join(" ")) : "";
};
const labelText = (label) => squeeze(label.getAttribute("aria-label") || "") || contentText(label) || squeeze(label.getAttribute("title") || "");
// What a label says twice over, for those who see and for those who listen, is said once.
const once = (text) => {
  const half = (text.length - 1) / 2;
  return text[half] === " " && text.slice(0, half) === text.slice(half + 1) ? text.slice(0, half) : text;
};
const givenName = (element, role) => {
  const by = labelledBy(element);
  if (by) return by;
  const given = element.getAttribute("aria-label"), label = given && squeeze(given);
  if (label) return label;
  const tag = element.tagName;
  if (FIELDS.has(tag) && !(tag === "INPUT" && /^(submit|reset|button|image)$/.test(element.type))) {
    const text = squeeze(labelsOf(element).map(labelText).join(" "));
    if (text) return once(text);
  }
  if (tag === "INPUT" && /^(submit|reset|button)$/.test(element.type)) return squeeze(element.value) || { submit: "Submit", reset: "Reset" }[element.type] || "";
  if (tag === "IMG" || tag === "AREA" || (tag === "INPUT" && element.type === "image")) { if (element.alt) return squeeze(element.alt); }
  const titled = element.ownerSVGElement && squeeze(element.querySelector(":scope > title")?.textContent || "");
  if (titled) return titled;           // before its words, which are a part of what is drawn
  if ((NAMED_BY_CONTENT.has(role) || !CONTROLS.has(role)) && tag !== "INPUT" && tag !== "SELECT" && tag !== "TEXTAREA") {
    const apart = role === "treeitem" ? IN_ITEM : tag === "LI" && element.querySelector(IN_ENTRY) ? IN_ENTRY : "";
    const text = apart && contentText(element, 600, apart) || contentText(element);
    if (text) return text;
  }
  for (const one of ["title", "placeholder", "aria-placeholder"]) {
    const rest = squeeze(element.getAttribute(one) || "");             // a blank one moves a label, in some
    if (rest) return rest;
  }
  if (element.ownerSVGElement) return "";
  if (tag !== "INPUT" && tag !== "SELECT" && tag !== "TEXTAREA") {
    const drawn = generated(element) || iconName(element) || (resizes(element) ? "resize" : "") || (NAMED_BY_CONTENT.has(role) && !element.isContentEditable ? signOf(element) : "");
    if (drawn) return drawn;
  }
  return CONTROLS.has(role) && role !== "link" && role !== "button" ? beside(element) : "";
};
// A field that nothing names is named by what stands just before it in the same row or item, as a person would read it.
// What is in other controls is about them.
const PARTED = "tr,td,th,li,dialog,form,[role=row],[role=gridcell],[role=cell],[role=listitem],[role=treeitem],[role=dialog],[role=tabpanel]";
const beside = (element) => {
  const cell = element.closest("td,th"), box = element.type === "checkbox" || element.type === "radio";
  const head = cell && !(box && squeeze(cell.textContent)) && headOf(cell);      // does not tell what a box ticks where words do
  if (head) return head;
  let one = element, level = 0;
  if (element.tagName === "INPUT" && roleOf(element) === "combobox") for (const box of aroundField(element)) one = box;
  for (let steps = 0; steps < 10 && level < 3 && one && one !== real.body && !hiding(one); steps++, one = up(one)) {
    level += one.parentElement?.childElementCount === 1 ? 0 : 1;     // boxes in boxes are no further away
    for (let before = one.previousSibling; before; before = before.previousSibling) {
      if (before.nodeType === 1 && (hiding(before) || SKIPPED.has(before.tagName) || !shown(before))) continue;
      if (before.nodeType === 1 && (before.matches(CONTROL) || hasControls(before))) return replaced(before) ? nameOf(before, "combobox") : "";
      if (before.nodeType === 1 && before.matches("table,ul,ol,pre")) return "";
      const text = before.nodeType === 3 ? squeeze(before.data) : before.nodeType === 1 ? contentText(before, 80) : "";
      if (text) return text.length <= 80 && /\p{L}/u.test(text) ? text : "";
    }
    if (one.matches(PARTED)) return "";
    const below = box ? "" : following(one);
    if (below) return below;
  }
  return "";
};
// Or by what stands after it, where a part of the page holds nothing but the two.
const OTHERS = `${CONTROL},h1,h2,h3,h4,h5,h6,ul,ol,table,p,img`;
const following = (field) => {
  let text = "";
  if (field.querySelectorAll(CONTROL).length > 1) return "";
  for (let next = field.nextSibling; next; next = next.nextSibling) {
    if (next.nodeType === 1 && (hiding(next) || next.matches(OTHERS) || hasControls(next))) return "";
    if (next.nodeType === 3 || next.nodeType === 1 && !SKIPPED.has(next.tagName) && /\p{L}/u.test(next.textContent) && shown(next)) text += ` ${next.nodeType === 3 ? next.data : contentText(next, 80)}`;
  }
  text = squeeze(text);
  return text.length <= 40 && /\p{L}/u.test(text) ? text : "";
};
// Words that a style sheet puts into an element; icons are drawn with signs that are no words.
const generated = (element) => {
  for (const part of ["::before", "::after"]) {
    const style = getComputedStyle(element, part), text = /^"(.*)"$/.exec(style.content)?.[1] || "";
    if (/[\p{L}\p{N}]/u.test(text) && !/\p{Co}/u.test(text) && !isTip(style)) return squeeze(text);
  }
  return "";
};
// Whether it does not show yet, as what comes when one points at its element.
const isTip = (style) => style.display === "none" || style.visibility !== "visible" || style.opacity === "0";

// A sign that is shown and not read out, such as × or ★.
const signOf = (element) => {
  const shown = [element.textContent, ...["::before", "::after"].map((part) => /^"(.*)"$/.exec(getComputedStyle(element, part).content)?.[1] || "")];
  return shown.map(squeeze).find((text) => text && text.length <= SIGN_CHARS && !/\p{Co}/u.test(text)) || "";
};
const SIGN_CHARS = 20;

// What an icon is called by who drew it, where nothing else says what it means.
const ICON_PART = "svg,i,[class*=icon],use";
const DRESS = /^(svg|icons?|[a-z]+-icon|fa[srbl]?|fa-.*[0-9]x|mdi|bi|glyphicon|material-icons.*|ant|css-.*|sc-.*|notranslate|.*(size|theme|density|color|default|fw|spin).*)$/i;
const iconName = (element) => {
  const icon = element.matches(ICON_PART) ? element : element.querySelector(ICON_PART);
  if (!icon) return "";
  const inner = icon !== element || icon.firstElementChild === null ? null : icon.querySelector("[class*=icon-]");
  if (inner && /icon$/.test(icon.classList[0] || "")) return iconName(inner);
  const told = icon.getAttribute("data-icon") || icon.getAttribute("data-testid")?.replace(/Icon$/, "")
    || /#([\w-]+)$/.exec(icon.querySelector("use")?.getAttribute("href") || "")?.[1];
  const words = told ? [told] : Array.from(icon.classList).filter((one) => one.length > 2 && !DRESS.test(one));
  return cut(words.slice(0, 1).map((one) => one.replace(/^(fa|mdi|bi|icon|glyphicon|[a-z]+-icon|ti|ri|lucide|anticon)-(?=.)/, "")).join(" "), 40);
};

// The name under which an element is shown.
const briefName = (element, role) => {
  if (role === "columnheader" && filters(element)) return contentText(element);
  return role === "gridcell" && labelledBy(element) || squeeze(element.getAttribute("aria-label") || element.getAttribute("title") || "");
};
const calledOf = (element, role) => brief.has(element) ? briefName(element, role) || (cards.has(element) ? titleOf(element) : "")
  : nameOf(element, role) || (element.type === "file" && !shown(element) ? "hidden file input" : "");
