// What can be acted on: each element is looked at once in a pass, and gets an entry if it is offered to the model.
//
// An entry: [number of the node, role, name, tag, value, states, x, y, width, height, in view, attributes, options, what
// covers it, what is written around it]; boxes in CSS pixels of this document's view. `Entry` in elements.py reads it.
const FIELD_ROLES = new Set(["combobox", "textbox", "searchbox"]);
const LISTED = /^(listbox|menu|tree|grid|dialog)$/;
const RULE = /^[-–—_]{2,}$/;           // drawn between the entries of a menu
const SHELLS = 4;                      // elements that may lie between one and what it outdoes
class Candidates {
  constructor() {
    this.entries = [];
    this.active = activeElement();
    this.width = innerWidth;
    this.height = innerHeight;
    this.known = new Map();
    this.equals = new Equals();
    this.shells = false;               // whether anything is named that acts by listening or by its pointer alone
    this.outdone = new Set();          // numbers of entries that say no more than one in them
    this.clips = new Clips();
    this.opened = new Map();           // lists that are open, with the number of the entry that names each as its own
    this.spoken = "";                  // what the last entry says that is drawn beside it
    this.told = new Map();             // by drawing: how many of its shapes
    looked = 0;
  }
  // What was found out about an element, with the number of its entry or -1; null when it is nothing to act on.
  sort(element, pointing, inControl, far) {
    let found = this.known.get(element);
    if (found === undefined) {
      const role = roleOf(element), kind = kindOf(element, role, pointing);
      this.known.set(element, found = kind ? this.enter(element, role, kind, inControl, far) : null);
    }
    return found;
  }
  enter(element, role, kind, inControl, far) {
    const tag = element.tagName;
    if (replaced(element)) return { kind, role, nested: false, number: -1 };
    const controls = tag !== "SELECT" && tag !== "TEXTAREA" && hasControls(element);
    const drawing = kind === "clickable" && !inControl ? drawingIn(element) : null;
    const framing = kind === "clickable" && !controls && holdsCanvas(element);
    const parts = kind === "clickable" && !controls && !framing && !drawing && holdsParts(element, far), stands = parts ? standingOf(element) : "whole";
    if (!stands) return null;
    const nested = controls || framing || !!drawing || parts || tag !== "SELECT" && tag !== "TEXTAREA" && holders.has(element);
    const map = nested && kind === "clickable" && isMap(element);
    const whole = stands === "whole" && nested && kind === "clickable" && !controls && !framing && !map && drawing !== element;        // a row that acts, with smaller things in it
    if (nested && kind === "clickable" && !whole) brief.add(element); else brief.delete(element);
    if (kind === "clickable" && (controls || parts) && !whole && !map && isCard(element)) cards.add(element); else cards.delete(element);
    const stand = standIn(element), box = boxOf(stand);
    const found = { kind, role, nested, whole, parts, number: -1 };
    if (!offered(element, stand, box, this.clips)) return found;
    const name = calledOf(element, role) || (kind === "clickable" && !nested ? placeAmong(element) : "");
    if (kind === "clickable" && (box.width <= THIN || box.height <= THIN) && resizes(element) && inBody(element)) return found;
    if (inControl && kind === "clickable" && listening.get(element) === "hoverable") return found;    // what it is in is pointed at
    if ((kind === "clickable" && !role || role === "button") && name && isLabel(element, role, name)) return found;
    if (kind === "clickable" && !role && inControl && name && this.isOwnFace(element, name, box)) return found;
    if (kind === "clickable" && !name && !nested && (isBar(element) || isBoxFace(element)) || role === "menuitem" && RULE.test(name)) return found;
    if (!name && kind === "clickable" && (inControl || getComputedStyle(element).pointerEvents === "none")) return found;
    if (!(nested && kind === "clickable" && !name && tag !== "TR" && !map && !drawing)) found.number = this.record(element, role, kind, name, stand, box);
    return found;
  }
  // The number of its entry; -1 of what has no name and can only be pointed at where something lies over it.
  record(element, role, kind, name, stand, box) {
    const number = this.entries.length, names = element.getAttributeNames(), states = statesOf(element, role, this.active, names);
    let view = box.width > 0 && box.height > 0 && this.inView(box) ? 1 : 0, cover = null;
    if (view) {
      const misses = (hit) => hit && !reaches(element, hit) && !reaches(stand, hit);
      let [hit, x, y] = this.hit(box), missed = misses(hit);
      const thumb = missed && thumbOf(element, box);
      if (thumb) {
        [hit, x, y] = this.hit(thumb);
        missed = misses(hit);
      }
      const lines = missed ? stand.getClientRects() : [];
      if (lines.length > 1) {                                          // of a link that goes on in the next line
        [hit, x, y] = this.hit(lines[0]);
        missed = misses(hit);
      }
      if (missed) {
        if (clipped(stand, x, y)) view = 0;
        else if (within(element, hit)) {
          if (CONTROLS.has(role) && !FIELD_ROLES.has(role) && unpressable(stand) && seen(stand) && !states.includes("disabled")) states.push("disabled");
        } else {
          if (!name && kind === "clickable" && isBuried(element, hit)) return -1;
          states.push("covered");
          cover = describe(hit);
        }
      }
    }
    if (states.includes("expanded")) this.open(element, role, number);
    const called = calledRole(element, role), options = optionsOf(element), near = element.ownerSVGElement ? tenths : Math.round;
    const said = cut(name, NAME_CHARS), value = valueOf(element, role), attributes = attributesOf(element, name, names);
    const hint = value === "" && FIELD_ROLES.has(role) ? drawnHint(element, role) : "", looks = view && value === null ? this.looks(element, name) : "";
    if (hint) attributes.placeholder = cut(hint, 200);
    if (looks) attributes.drawn = looks;
    this.spoken = hint || (role === "combobox" ? value : role === "columnheader" && brief.has(element) || cards.has(element) ? name : "");
    if (name && this.shells && called !== "hoverable" && called !== "droppable") this.outdo(element, said, box, states);
    this.entries.push([idOf(element), called, said, element.tagName.toLowerCase(), value,
      states.join(","), near(box.x), near(box.y), near(box.width), near(box.height), view,
      attributes, options.length ? options : 0, cover, 0]);
    this.shells ||= role === "" && name !== "";
    this.equals.add(element, called, name, number);
    return number;
  }
  looks(element, name) {
    const drawing = element.ownerSVGElement, told = drawing ? (this.told.get(drawing) || 0) + 1 : 0;
    if (drawing) this.told.set(drawing, told);
    return told > SHAPES_TOLD || this.told.size > SHAPES_TOLD ? "" : looksOf(element, name);
  }
  // Whether an element within a control is called as that is, and lies in its middle: its face, a part that listens.
  isOwnFace(element, name, box) {
    let outer = up(element);
    for (let level = 0; level < SHELLS && outer && this.known.get(outer)?.kind !== "control"; level++) outer = up(outer);
    const number = outer && this.known.get(outer)?.number;
    if (!(number >= 0) || this.entries[number][2] !== name) return false;
    const [, , , , , , x, y, width, height] = this.entries[number];
    return box.left <= x + width / 2 && box.right >= x + width / 2 && box.top <= y + height / 2 && box.bottom >= y + height / 2;
  }
  // Takes what is around an element out when it is called the same, and a click on either is one on both.
  outdo(element, name, box, states) {
    let outer = parentOf(element) || up(element);
    for (let level = 0; level < SHELLS && outer && !this.known.get(outer); level++) outer = parentOf(outer) || up(outer);
    const found = outer && this.known.get(outer);
    if (!found || found.kind !== "clickable" || found.number < 0 || this.entries[found.number][2] !== name) return;
    const around = boxOf(outer);
    if (outer.draggable || listening.get(outer) === "droppable" || !cards.has(outer) && box.width * box.height * 2 < around.width * around.height) return;
    this.outdone.add(found.number);
    if (this.entries[found.number][5] === "selected" && !states.some((one) => CHOSEN.has(one))) states.push("selected");
  }
  open(element, role, number) {
    for (const id of `${element.getAttribute("aria-controls") || ""} ${element.getAttribute("aria-owns") || ""}`.split(/\s+/)) {
      const list = id ? element.getRootNode().getElementById?.(id) : null;
      const kind = list?.getAttribute("role") || "";
      if (list && (LISTED.test(kind) || !kind && (role === "combobox" || element.hasAttribute("aria-haspopup")))) this.opened.set(list, number);
    }
  }
  inView(box) { return box.bottom > 0 && box.top < this.height && box.right > 0 && box.left < this.width; }
  // What is drawn in the middle of a box, as far as the view shows it, and where that is.
  hit(box) {
    const x = Math.min(Math.max(box.x + box.width / 2, 0), this.width - 1), y = Math.min(Math.max(box.y + box.height / 2, 0), this.height - 1);
    return [deepHit(x, y), x, y];
  }
}
