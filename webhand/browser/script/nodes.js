// Nodes by number, and reading them without falling for what a page has put over their properties.
let grown = 0;                         // times that nodes have come: listeners come with them
const revision = () => `${key} ${grown}`;     // another one when nodes have come, and in another document
const NAME_CHARS = 160, OWN_TEXT = 160;
const ids = new WeakMap(), nodes = new Map();
const closedRoots = new WeakMap();     // by host, as the protocol told: no script can ask for them
const roots = new Set();               // shadow roots met so far: mutation observers do not look into them
const key = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
let last = 0;

const idOf = (node) => {
  let id = ids.get(node);
  if (!id) { id = ++last; ids.set(node, id); nodes.set(id, new WeakRef(node)); }
  return id;
};
// Elements that are named like a property hide that property of the document and of their form, in this world too:
// the document is asked through its prototype, and of such a form only the content is read.
const real = Object.defineProperties({}, Object.fromEntries(Object.entries(Object.getOwnPropertyDescriptors(Document.prototype))
  .map(([name, { get, value }]) => [name, get ? { get: get.bind(document) } : { value: typeof value === "function" ? value.bind(document) : value }])));
const getter = (prototype, name) => { const { get } = Object.getOwnPropertyDescriptor(prototype, name); return (node) => get.call(node); };
const slotOf = getter(Element.prototype, "assignedSlot"), parentOf = getter(Node.prototype, "parentElement");
const parentNodeOf = getter(Node.prototype, "parentNode");
const firstOf = getter(Node.prototype, "firstChild"), nextOf = getter(Node.prototype, "nextSibling");
const childrenOf = getter(Node.prototype, "childNodes"), fieldsOf = getter(HTMLFormElement.prototype, "elements");
const nextElementOf = getter(Element.prototype, "nextElementSibling");
const HARMLESS = new Set(["id", "title", "lang", "name", "type", "value", "label", "hidden", "text"]);
const hides = (form) => Array.from(fieldsOf(form))
  .some((field) => [field.name, field.id].some((name) => name && !HARMLESS.has(name) && name in HTMLFormElement.prototype));
let honest = false;                    // during a pass that has met no such form: then nothing has to be asked with care
const hiding = (element) => !honest && element instanceof HTMLFormElement && hides(element);
const after = (node) => !honest && node instanceof HTMLFormElement ? nextOf(node) : node.nextSibling;
const elementAfter = (element) => !honest && element instanceof HTMLFormElement ? nextElementOf(element) : element.nextElementSibling;
const nodeOf = (id) => nodes.get(id)?.deref();
// Single spaces stay as they are; signs that end a line somewhere, or are none, are spaces too.
const squeeze = (text) => text.replace(/[\s\u200b\0-\x1f\x7f-\x9f]{2,}|[^\S ]|[\u200b\0-\x1f\x7f-\x9f]/g, " ").trim();
const cut = (text, most) => text.length > most ? text.slice(0, most - 1) + "…" : text;
const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK", "TITLE", "DATALIST", "BASE"]);
let closed = false;                    // whether any is known: asking a map for each node takes time
const nodesOf = (...several) => several.map(nodeOf);
const rootOf = (element) => element.shadowRoot || closed && closedRoots.get(element) || null;
const up = (node) => slotOf(node) || parentOf(node) || Node.prototype.getRootNode.call(node).host || null;
const within = (inner, outer) => {
  for (let one = inner; one; one = up(one)) if (one === outer) return true;
  return false;
};
const activeElement = () => {
  let one = real.activeElement;
  while (one && rootOf(one)?.activeElement) one = rootOf(one).activeElement;
  return one === real.body ? null : one;
};
const focusedFrame = () => { const one = activeElement(); return one && /^I?FRAME$/.test(one.tagName) ? idOf(one) : null; };
// A node, or what has the focus, and all that hears what is done to it.
const path = (id) => {
  const found = [];
  let one = id === null ? activeElement() || real.body : nodeOf(id);
  for (; one; one = one.nodeType === 1 && slotOf(one) || parentNodeOf(one) || one.nodeType === 11 && one.host) found.push(one);
  return found;
};
// What is drawn in an element, in this order: of a host its shadow, of a slot what was put into it.
const drawnIn = (element) => {
  const root = rootOf(element);
  if (root) return root.childNodes;
  const assigned = element.tagName === "SLOT" ? element.assignedNodes() : [];
  return assigned.length ? assigned : childrenOf(element);
};
