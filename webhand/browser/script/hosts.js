// Closed shadow roots: no script can ask an element for its own, and asking the browser takes a message. It is asked of
// elements whose light content does not account for their looks, and what listens tells of the root that it is in.
const mayHost = (tag) => GLANCE.get(tag) === 5 || tag.includes("-");
const ASKED = 200, WEIGHED = 60;       // elements that are asked for in a look; up to so many, those that are not bare
const MEASURED = 5000;                 // elements whose content is measured at a time; the others of a large page, the next time
const AGAIN = 40, CHECKS = 20;         // of them that had no root before, and boxes of checks for bots that are looked at
const LEAST = 8, ICON = 24, SPARE = 12;  // CSS pixels: of what is worth asking, of an icon, of room that is not accounted for
const SIDE = 2 ** 24;                  // more than any side is long
const FEW = 8;                         // children that are measured at each end
const HOLDS = 1000;                    // milliseconds that an answer holds, unless there is an action before
const asked = new WeakMap();           // by element: how large it was when it was asked, and in which round
let weighed = new WeakSet();           // elements whose content was measured in this round
const glanced = new WeakSet();         // elements that were looked at far from the view
let round = 1, begun = 0, again = 0, measured = 0;
let suspects = null;                   // numbers of those to ask, while the document is read
const doubt = () => { round++; weighed = new WeakSet(); begun = performance.now(); };
const suspecting = () => {
  if (performance.now() - begun > HOLDS) doubt();
  suspects = [];
  again = measured = 0;
};
const askedOf = () => { const hosts = suspects; suspects = null; return hosts; };

// Lets the script into a root; the elements in it are looked at as those of the document were.
const letIn = (host, root) => {
  if (rootOf(host)) return;
  closedRoots.set(host, root);
  closed = true;
  roots.add(root);
};
const adopt = (...given) => {
  suspecting();
  for (let index = 0; index < given.length; index += 2) {
    letIn(given[index], given[index + 1]);
    weighAll(given[index + 1]);
  }
  return askedOf();
};
const treeOf = (node) => Node.prototype.getRootNode.call(node);
// A node knows the root that it is in, and the host of that, which may be in another.
const tellsRoot = (node) => {
  for (let root = treeOf(node); root instanceof ShadowRoot && mayHost(root.host.tagName); root = treeOf(root.host)) letIn(root.host, root);
};
// Those to ask in the whole document, as a pass finds them; `anew` also those that were asked a moment ago.
const hosts = (anew) => {
  if (anew) doubt();
  suspecting();
  for (const root of [document, ...roots]) weighAll(root);
  return askedOf();
};

// Asks for an element when its looks say that something is drawn in it that is not among its children. Elements of their
// `own` make have roots so often that they are always asked.
const weigh = (element, own) => {
  const bare = isBare(element);
  if (bare || own) return suspect(element, bare, own);
  if (suspects.length >= WEIGHED || measured >= MEASURED || weighed.has(element)) return;
  weighed.add(element);
  measured++;
  if (!fills(element)) suspect(element, false, false);
};
const weighAll = (root) => {
  for (const element of root.querySelectorAll("*")) if (mayHost(element.tagName)) weigh(element, element.tagName.includes("-"));
};
// Far from the view and within controls nothing is measured that need not be, and nothing twice.
const glanceAt = (element) => {
  const own = element.tagName.includes("-"), bare = !element.hasChildNodes();
  if (!bare && !own || suspects === null || suspects.length >= ASKED || glanced.has(element)) return;
  glanced.add(element);
  suspect(element, bare, own);
};
// The boxes that checks for bots hide in hold nothing but their hidden field outside of the root.
const glanceAtChecks = (root) => {
  for (const field of Array.from(root.querySelectorAll("div > input[type=hidden]:last-child")).slice(0, CHECKS))
    if (isBare(parentOf(field))) suspect(parentOf(field), true, false);
};
// Both sides in one number; 0 of what is too small to be worth asking. Unlike a box, it costs no object.
const sizeOf = (element) => {
  const width = element.offsetWidth, height = width < LEAST ? 0 : element.offsetHeight;
  return height < LEAST ? 0 : width * SIDE + height;
};
// What was asked is asked again when its size is another; what is bare, in the next round too, as a root may have come.
const suspect = (element, bare, own) => {
  const size = sizeOf(element);
  if (size === 0 && !own || suspects.length >= ASKED || rootOf(element)) return;
  const before = asked.get(element);
  if (before && before.size === size) {
    if (before.round === round || !bare || again >= AGAIN || size < ICON * SIDE && size % SIDE < ICON) return;
    again++;
  }
  asked.set(element, { size, round });
  suspects.push(idOf(element));
};
// Whether nothing in an element could be drawn.
const isBare = (element) => {
  for (let child = element.firstChild; child; child = child.nextSibling)
    if (child.nodeType === 3 ? /\S/.test(child.data) : child.nodeType === 1 && !SKIPPED.has(child.tagName) && child.type !== "hidden") return false;
  return true;
};
// Whether what is in an element fills it, but for what it keeps clear itself.
const content = new Range();
const fills = (element) => {
  const box = boxOf(element);
  if (box.width < LEAST || box.height < LEAST) return true;
  const { top, bottom, width } = extent(element), above = top - box.top, below = box.bottom - bottom;
  const beside = element.tagName === "SPAN" && width >= 0 ? box.width - width : 0;
  if (above < SPARE && below < SPARE && beside < SPARE) return true;
  const style = getComputedStyle(element), clear = (side) => parseFloat(style[`padding${side}`]) + parseFloat(style[`border${side}Width`]);
  return above - clear("Top") < SPARE && below - clear("Bottom") < SPARE && beside - clear("Left") - clear("Right") < SPARE;
};
// From where to where what is in an element is drawn; with words among it, as wide as they are.
const extent = (element) => {
  if (speaksItself(element)) {
    content.selectNodeContents(element);
    const { top, bottom, width, height } = content.getBoundingClientRect();
    return height ? { top, bottom, width } : NOWHERE;
  }
  let top = Infinity, bottom = -Infinity;
  const { children } = element;
  for (let index = 0; index < children.length; index++) {
    if (index === FEW && children.length > 2 * FEW) index = children.length - FEW;
    if (hiding(children[index])) continue;
    const box = boxOf(children[index]);
    if (box.height) { top = Math.min(top, box.top); bottom = Math.max(bottom, box.bottom); }
  }
  return { top, bottom, width: -1 };
};
const NOWHERE = { top: Infinity, bottom: -Infinity, width: -1 };
const speaksItself = (element) => {
  for (let child = element.firstChild; child; child = after(child)) if (child.nodeType === 3 && /\S/.test(child.data)) return true;
  return false;
};
