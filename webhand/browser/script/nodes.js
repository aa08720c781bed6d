// Nodes by number, and reading them without falling for what a page has put over their properties.
const LIMIT_NODES = 200000, LIMIT_TEXT = 4000, NAME_CHARS = 160, OWN_TEXT = 160;
const ids = new WeakMap(), nodes = new Map();
const roots = new Set();               // open shadow roots met so far: mutation observers do not look into them
const key = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
let last = 0;

const idOf = (node) => {
  let id = ids.get(node);
  if (!id) { id = ++last; ids.set(node, id); nodes.set(id, new WeakRef(node)); }
  return id;
};
// Elements that are named like a property hide that property of the document and of their form, in this world too:
// the document is asked through its prototype, and of such a form only the content is read.
const real = new Proxy({}, { get: (_, name) => {
  const value = Reflect.get(Document.prototype, name, document);
  return typeof value === "function" ? value.bind(document) : value;
} });
const getter = (prototype, name) => { const { get } = Object.getOwnPropertyDescriptor(prototype, name); return (node) => get.call(node); };
const slotOf = getter(Element.prototype, "assignedSlot"), parentOf = getter(Node.prototype, "parentElement");
const childrenOf = getter(Node.prototype, "childNodes"), fieldsOf = getter(HTMLFormElement.prototype, "elements");
const HARMLESS = new Set(["id", "title", "lang", "name", "type", "value", "label", "hidden", "text"]);
const hiding = (element) => element instanceof HTMLFormElement && Array.from(fieldsOf(element))
  .some((field) => [field.name, field.id].some((name) => name && !HARMLESS.has(name) && name in HTMLFormElement.prototype));
const nodeOf = (id) => nodes.get(id)?.deref();
const squeeze = (text) => text.replace(/[\s\u200b]+/g, " ").trim();
const cut = (text, most) => text.length > most ? text.slice(0, most - 1) + "…" : text;
const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK", "TITLE", "DATALIST", "BASE"]);
const up = (node) => slotOf(node) || parentOf(node) || Node.prototype.getRootNode.call(node).host || null;
const within = (inner, outer) => {
  for (let one = inner; one; one = up(one)) if (one === outer) return true;
  return false;
};
const activeElement = () => {
  let one = real.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one === real.body ? null : one;
};
