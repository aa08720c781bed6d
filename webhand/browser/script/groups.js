// What lines belong to: rows and items, messages, sets of boxes, levels of a tree.
const GROUPS = { LI: "li", TR: "row", TD: "cell", TH: "head", LEGEND: "legend", CAPTION: "legend", DT: "li", DIALOG: "dialog",
  H1: "h1", H2: "h2", H3: "h3", H4: "h4", H5: "h5", H6: "h6", NAV: "navigation" };
const ROLE_GROUPS = { listitem: "li", row: "row", cell: "cell", gridcell: "cell", columnheader: "head", rowheader: "head",
  dialog: "dialog", alertdialog: "alertdialog", alert: "alert", navigation: "navigation", status: "status" };
// Messages that say so by `aria-live` or, beside the page itself, by a class; looked for where they are put, not deep within.
const NOTICED = 4, TOAST = /(^|[\s_-])(toast|toaster|snackbar|notification|message)s?([\s_-]|$)/i;
const LIVE = "[aria-live]:not([aria-live=off]),[role=alert],[role=status],[role=log]";
const tells = (element) => {
  const live = element.getAttribute("aria-live");
  return live ? live !== "off" : element.parentElement === real.body && TOAST.test(element.getAttribute("class") || "");
};
const SETS = new Set(["radiogroup", "group"]);
const BOXES = "[type=radio],[type=checkbox],[role=radio],[role=checkbox]";
const CELLS = new Set(["cell", "head"]);
const groupOf = (element, role) => GROUPS[element.tagName] || ROLE_GROUPS[role]
  || (role === "heading" ? "h" + (Number(element.getAttribute("aria-level")) || 2) : "");
// Whether an element holds boxes that belong together, and is told: by a name that is nowhere written, or as another radio
// button came just before.
const isSet = (element, role, last) => {
  if (element.getAttribute("aria-label")) return role === "radiogroup" || element.querySelector(BOXES) !== null;
  return role === "radiogroup" && last === "radio" && !element.hasAttribute("aria-labelledby");
};
// What a group is called, where that is nowhere written.
const groupName = (element, group) => {
  if (group === "dialog" || group === "alertdialog") return dialogName(element);
  if (element.tagName === "LI") return numberOf(element);
  return group === "navigation" || SETS.has(group) ? squeeze(element.getAttribute("aria-label") || "") : "";
};
// The number that is drawn before an item of an ordered list, as its style writes it. The browser does not tell it.
let numbered = new Map();              // by list: the number of each item, for one pass
const numberOf = (item) => {
  const list = item.parentElement;
  if (list?.tagName !== "OL") return "";
  const { listStyleType } = getComputedStyle(item);
  if (/^(none|disc|circle|square|disclosure|["'])/.test(listStyleType)) return "";
  if (!numbered.has(list)) numbered.set(list, numbersIn(list));
  const number = numbered.get(list).get(item);
  return number === undefined ? "" : inStyle(number, listStyleType) + ".";
};
// Items that are laid out otherwise, or not at all, have none and do not count.
const numbersIn = (list) => {
  const items = Array.from(list.children).filter((item) => item.tagName === "LI" && getComputedStyle(item).display === "list-item");
  const numbers = new Map();
  let number = list.reversed && !list.hasAttribute("start") ? items.length : list.start;
  for (const item of items) {
    if (item.hasAttribute("value")) number = item.value;
    numbers.set(item, number);
    number += list.reversed ? -1 : 1;
  }
  return numbers;
};
const ROMAN = [[1000, "m"], [900, "cm"], [500, "d"], [400, "cd"], [100, "c"], [90, "xc"], [50, "l"], [40, "xl"], [10, "x"], [9, "ix"], [5, "v"], [4, "iv"], [1, "i"]];
const inLetters = (number) => number > 0 ? inLetters(Math.floor((number - 1) / 26)) + String.fromCharCode(97 + (number - 1) % 26) : "";
const inRoman = (number) => ROMAN.reduce((text, [value, sign]) => { for (; number >= value; number -= value) text += sign; return text; }, "");
const inStyle = (number, style) => {
  const written = number < 1 || number > 3999 ? "" : /roman/.test(style) ? inRoman(number) : /alpha|latin/.test(style) ? inLetters(number) : "";
  return (style.startsWith("upper") ? written.toUpperCase() : written) || String(number);
};
const SIDEWAYS = 4;                    // CSS pixels: what begins no further to the right lies on the same level
class Levels {
  constructor() {
    this.tree = null;
    this.nests = false;                // whether any of its items lie in others
    this.indents = [];                 // where the texts of the items begin that the last one lies in
  }
  // How deep an item of a tree lies, from 1: as it says, or by the items around it, or by where its text begins.
  of(item) {
    const told = Number(item.getAttribute("aria-level"));
    if (told > 0) return told;
    let level = 1, tree = up(item);
    for (; tree; tree = up(tree)) {
      const role = hiding(tree) ? "" : tree.getAttribute("role");
      if (role === "tree") break;
      if (role === "treeitem") level++;
    }
    if (this.tree !== tree) {
      this.tree = tree;
      this.nests = !!tree?.querySelector("[role=treeitem] [role=treeitem]");
      this.indents = [];
    }
    if (level > 1 || this.nests) return level;
    const texts = real.createTreeWalker(item, NodeFilter.SHOW_TEXT), range = new Range();
    let text = texts.nextNode();
    while (text && !WORDS_IN.test(text.data)) text = texts.nextNode();     // past the sign of one that opens
    range.selectNodeContents(text || item);
    if (text) range.setStart(text, text.data.search(WORDS_IN));
    const { left } = range.getBoundingClientRect();
    while (this.indents.at(-1) > left - SIDEWAYS) this.indents.pop();
    return this.indents.push(left);
  }
}
