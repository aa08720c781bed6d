// The pass: all that can be acted on in the whole document, and what is written around the view, in reading order.
//
// Far from the view elements are looked at one by one only where they may be acted on: reading the style of every node is
// what makes other ways of reading a page slow.
const SURROUNDINGS = 0.5, ROUNDS = 12, STRIDE = 16, LOW = 120;
const BLOCKS = new Map();              // by what `display` says: whether it begins a line
const isBlock = (display) => {
  let block = BLOCKS.get(display);
  if (block === undefined) BLOCKS.set(display, block = !/^(inline|contents|ruby|none)/.test(display));
  return block;
};

class Pass extends Items {
  constructor(room) {
    super();
    this.room = room;                  // characters of text that are read beyond the surroundings of the view
    this.margin = this.height * SURROUNDINGS;
    this.levels = new Levels();
    this.gaps = [];
    this.tight = this.inControl = this.delegated = this.unseen = 0;
    this.scanning = this.inside = this.remarked = this.faded = false;
  }

  // ---- what can be acted on ----
  sort(element, pointing) {
    const found = this.candidates.sort(element, pointing, this.inControl > 0, this.scanning);
    if (found && this.scanning && found.number >= 0 && this.entries[found.number][10]) this.write(found.number);
    return found;
  }
  // 1 when an element listens for what is in it: there, the pointer's shape tells what can be acted on.
  delegates(element, found) {
    return delegates.has(element) || (!found || found.parts) && listening.get(element) === "clickable" ? 1 : 0;
  }

  // ---- far from the view ----
  // Everything in an element that can be acted on; its text is left for later.
  scan(element, cursorAbove) {
    if (hiding(element)) return this.scanHiding(element, cursorAbove);
    const glance = GLANCE.get(element.tagName);
    if (!this.counted() || glance === 1 || this.inert && element.hasAttribute("inert")) return;
    if (glance === 2) return this.frame(element);
    let cursor = "", pointing = false;
    if (this.delegated) {
      cursor = cursorOf(element);
      pointing = AIMED.test(cursor) && cursor !== cursorAbove;
    }
    const found = (pointing || promising(element, glance)) ? this.sort(element, pointing) : null;
    if (glance === 4) this.areas(element);
    if (found && !found.nested && !element.isContentEditable) {
      if (mayHost(element.tagName)) glanceAt(element);
      return;
    }
    const delegating = this.delegates(element, found);
    this.delegated += delegating;
    const inside = found?.kind === "control" ? 1 : 0;
    this.inControl += inside;
    if (this.deeper()) this.scanIn(element, cursor, glance);
    this.inControl -= inside;
    this.depth--;
    this.delegated -= delegating;
  }
  scanHiding(form, cursor) {
    if (!this.counted()) return;
    for (let child = firstOf(form); child; child = after(child)) if (hiding(child) || child.nodeType === 1) this.scan(child, cursor);
  }
  scanIn(element, cursor, glance) {
    const root = this.rootOf(element);
    if (!root && element.tagName !== "SLOT" && (honest || !(element instanceof HTMLFormElement))) {
      let child = element.firstElementChild;
      if (glance === 5 ? child === null && !element.hasChildNodes() : glance === undefined && element.tagName.includes("-")) glanceAt(element);
      for (; child && !this.partial; child = elementAfter(child)) this.scan(child, cursor);
      return;
    }
    for (const child of drawnIn(element)) if (child.nodeType === 1 && !this.partial) this.scan(child, cursor);
  }
  // The areas of an image's map, told beside it.
  areas(image) {
    if (!image.hasAttribute("usemap")) return;
    if (!this.scanning) this.flush(parentOf(image));
    for (const area of areasOf(image)) {
      const found = this.sort(area, false);
      if (found && !this.scanning) this.write(found.number);
    }
  }
  // Leaves an element out, to be read later if there is room.
  skip(child, where, parent) {
    if (!this.gap || this.gap.where !== where || this.gap.parent !== parent) {
      this.flush(parent);
      this.line = "";
      this.gap = { where, parent, nodes: [], from: [], to: [], items: [], delegated: this.delegated };
      this.gaps.push(this.gap);
      this.out.push(this.gap);
    }
    const gap = this.gap;
    gap.nodes.push(child);
    gap.from.push(this.entries.length);
    this.scanning = true;
    this.scan(child, this.delegated ? cursorOf(parent) : "");
    this.scanning = false;
    gap.to.push(this.entries.length);
  }
  // Where an element lies, when that is far from the view: "above", "below", or "" when it is near.
  far(element) {
    if (this.tight || this.margin === Infinity) return "";
    const { top, bottom, width, height } = boxOf(element);
    if (width === 0 || height === 0) return "";
    if (bottom < -this.margin) return "above";
    if (top > this.height + this.margin) return "below";
    this.inside = height < LOW || top >= -this.margin && bottom <= this.height + this.margin;     // a row is not torn
    return "";
  }
  // Reads what was left out, nearest first, while there is room.
  widen() {
    for (let round = 0; round < ROUNDS && this.used < this.room && this.gaps.length && !this.partial; round++) {
      this.margin = round < ROUNDS - 1 ? this.margin * 2 : Infinity;
      const gaps = this.gaps.sort((one, other) => (one.where === "above") - (other.where === "above"));
      this.gaps = [];
      for (const gap of gaps) this.reopen(gap);
    }
  }
  reopen(gap) {
    const { nodes, where, parent } = gap, near = (index) => !this.far(nodes[index]);
    let begin = 0, end = 0;
    if (where === "above") {
      begin = end = nodes.length;
      while (begin > 0 && near(begin - 1)) begin--;
    } else while (end < nodes.length && near(end)) end++;
    if (begin === end) { this.gaps.push(gap); return; }
    const outside = [this.out, this.delegated];
    this.out = gap.items;
    this.line = "";
    this.delegated = gap.delegated;
    if (begin > 0) this.leave(gap, 0, begin);
    for (let index = begin; index < end; index++) {
      if (this.used >= this.room) { end = index; break; }
      this.read(nodes[index], parent);
    }
    this.flush(parent);
    if (end < nodes.length) this.leave(gap, end, nodes.length);
    [this.out, this.delegated] = outside;
    gap.nodes = null;                  // its items stand in its place
    this.gap = null;
  }
  leave(gap, begin, end) {
    const rest = { ...gap, nodes: gap.nodes.slice(begin, end), from: gap.from.slice(begin, end), to: gap.to.slice(begin, end), items: [] };
    this.gaps.push(rest);
    this.out.push(rest);
  }

  // ---- near the view ----
  read(node, parent) {
    if (!this.counted()) return;
    if (node.nodeType === 3) { if (node.data.includes("\n")) this.readLines(node.data, parent); else this.pending += node.data; return; }
    const hides = hiding(node);
    if (!hides && node.nodeType !== 1) return;
    if (this.deeper()) if (hides) this.readHiding(node, parent); else this.readElement(node, parent);
    this.depth--;
  }
  readHiding(form, parent) {
    if (getComputedStyle(form).display === "none") return;
    this.flush(parent);
    for (let child = firstOf(form); child; child = after(child)) this.read(child, parent);
    this.flush(parent);
  }
  // Of a node at the edge of what is near: read, or left out; where it lies in that case.
  readOrSkip(child, parent) {
    if (hiding(child) || child.nodeType !== 1 || HEADS.has(child.tagName)) { this.read(child, parent); return ""; }
    const where = this.far(child), inside = this.inside ? 1 : 0;
    this.inside = false;
    if (where) {
      this.skip(child, where, parent);
      return where;
    }
    this.tight += inside;                // what is in it is near as well
    this.read(child, parent);
    this.tight -= inside;
    return "";
  }
  // Reads what is in an element from one child to the next. Of many that follow each other only some are measured.
  readRun(first, element, visible) {
    for (let child = first; child && !this.partial; child = after(child)) {
      if (!visible && child.nodeType === 3) continue;
      const where = this.readOrSkip(child, element);
      if (where) child = this.stride(child, element, where);
    }
  }
  // Leaves out the siblings after one that was left out, as far as every sixteenth lies on the same side; the last of them.
  stride(child, parent, where) {
    for (let end = child; !this.partial;) {
      for (let steps = 0; steps < STRIDE; steps++) if (!(end = elementAfter(end))) return child;
      if (this.far(end) !== where) break;
      while (child !== end) this.skip(child = elementAfter(child), where, parent);
    }
    this.inside = false;
    return child;
  }
  readElement(element, parent) {
    const tag = element.tagName, glance = GLANCE.get(tag);
    if (glance === 1) return;
    const style = getComputedStyle(element), { display } = style;
    if (display === "none") { if (tag === "INPUT") { this.flush(parent); this.write(this.sort(element, false)?.number ?? -1); } return; }
    if (this.inert && element.hasAttribute("inert")) return;
    if (glance === 2) { this.flush(parent); this.frame(element); return; }
    if (glance === 5 || glance === undefined && tag.includes("-")) weigh(element, glance !== 5);
    if (!this.faded && faded(element, style, this.candidates)) return this.readFaded(element, style, parent);
    const visible = style.visibility === "visible" && style.contentVisibility !== "hidden", block = isBlock(display) || tag === "BR";
    const cursor = visible ? style.cursor : "", pointing = AIMED.test(cursor);
    const found = visible && (pointing || promising(element, glance)) ? this.sort(element, pointing) : null;
    if (SHAPE_TAGS.has(tag) && this.drawing && visible && (found?.number >= 0 || this.shape(element))) {
      if (found) this.write(found.number);
      return;
    }
    if (!found && (tag === "IMG" || tag === "svg")) {
      if (visible) this.image(element);
      if (glance === 4) { if (visible) this.areas(element); return; }
    }
    if (!found && element.getAttribute("aria-hidden") === "true" && !hasControls(element) && !isCode(element)) return;
    if (!found && visible) {
      this.gauge(element, tag);
      if (element.firstChild === null && element.offsetWidth > 0) this.bare(element, style);
    }
    if (block || found) this.flush(parent);
    if (block) this.line = "";
    if (!found && (this.unseen || element.hasAttributes()) && element.firstChild?.nodeType === 3 && unseen(style)) return this.readUnseen(element, block);
    if (found && CELLS.has(groupOf(element, found.role))) this.cell(element, "cell");      // before what is written of it
    const level = found?.role === "treeitem" && element.closest("li:not([role=treeitem])") === null ? this.levels.of(element) : 0;
    if (level) this.put(["block", "treeitem", String(level)]);
    if (!found || !this.readFound(element, found)) this.readGroup(element, found, visible, block, cursor === "not-allowed");
    if (level) this.put(["end", "treeitem"]);
    if (found && glance === 4) this.areas(element);
    if (block) this.line = "";
  }
  // Of what shows nothing until it is pointed at, only what can be acted on; nothing where the pointer goes through it.
  readFaded(element, style, parent) {
    if (style.pointerEvents === "none" && element.querySelector(HELD) === null) return;
    this.flush(parent);
    this.faded = true;
    this.muted++;
    this.readElement(element, parent);
    this.flush(parent);
    this.muted--;
    this.faded = false;
  }
  // What is in an element whose own words nobody sees: all but those.
  readUnseen(element, block) {
    this.unseen++;                       // what inherits it needs no attribute to be so
    for (let child = element.firstElementChild; child; child = elementAfter(child)) this.read(child, element);
    this.unseen--;
    if (block) this.flush(element);
  }
  // Whether an element that can be acted on has been dealt with, all that is in it included.
  readFound(element, found) {
    this.write(found.number);
    if (!found.nested) return !element.isContentEditable || found.number >= 0;
    if (element.isContentEditable && found.number >= 0) return true;
    if (found.whole) {
      this.muted++; this.tight++;
      this.readIn(element);
      this.flush(element);
      this.muted--; this.tight--;
      return true;
    }
    if (found.kind !== "control" || found.role === "listbox") return false;
    const named = found.role === "link" || found.number >= 0 ? 1 : 0;    // its own text is its name; what can be acted on inside follows
    this.muted += named;
    this.tight++; this.inControl++;
    this.readIn(element);
    this.flush(element);
    this.muted -= named;
    this.tight--; this.inControl--;
    return true;
  }
  readGroup(element, found, visible, block, barred) {
    const opener = this.candidates.opened.size === 0 ? undefined : this.candidates.opened.get(element);
    if (opener !== undefined) {
      this.flush(element);
      this.put(["list", opener, element.getAttribute("role") || "list"]);
    }
    const tag = element.tagName, role = found ? found.role : element.getAttribute("role") || "";
    const kind = groupOf(element, role) || (SETS.has(role) && isSet(element, role, this.entries.at(-1)?.[1]) ? role : "")
      || (this.depth <= NOTICED && tells(element) ? "status" : "");
    const group = visible || CELLS.has(kind) ? kind : "";              // a cell that is not seen keeps its column
    const naming = tag === "LABEL" && !!element.control && !/^(submit|reset|button|image|hidden)$/.test(element.control.type);
    if (group) {
      this.flush(element);
      if (!CELLS.has(group)) this.put(["block", group, cut(groupName(element, group), 60)]);
      else if (!found) this.cell(element, group);
    }
    if (naming) { this.flush(element); this.muted++; }      // its text stands beside its control already
    const delegating = this.delegates(element, found), drawing = this.drawing;
    const remark = !found && visible && !this.remarked && element.hasAttributes() ? remarkOn(element) : "", begun = this.out.length;
    if (remark) this.remarked = true;
    this.delegated += delegating;
    if (tag === "svg" && isDrawing(element)) this.drawing = { shapes: 0, left: 0, box: boxOf(element) };
    const before = this.pending;
    if (visible || getComputedStyle(element).contentVisibility !== "hidden") this.readIn(element, visible);
    if (visible && strikes(element)) this.strike(before);
    this.delegated -= delegating;
    if (tag === "svg" && this.drawing?.left) this.put(["text", `and ${this.drawing.left} more shapes`, 1]);
    this.drawing = drawing;
    const sorted = group === "head" && !(found?.number >= 0) ? element.getAttribute("aria-sort") : null;
    if (sorted && sorted !== "none") this.pending += ` (sorted ${sorted})`;
    if (remark) this.remark(remark, element, begun);
    if (!found && element.childElementCount === 0 && (barred || element.hasAttributes() && isBarred(element)) && element.textContent.length <= BARRED_CHARS && this.pending.trim()) this.pending += " (disabled)";
    if (block || group || naming) this.flush(element);
    if (naming) this.muted--;
    if (tag === "TR") this.reaching(element);
    if (group) this.put(["end", group]);
  }
  // Marks what has come to the words that were read before as struck out.
  strike(before) {
    const words = this.pending.startsWith(before) ? squeeze(this.pending.slice(before.length)) : "";
    if (words) this.pending = `${before}~~${words}~~ `;
  }
  // Says something of the words that were read of an element.
  remark(words, element, begun) {
    this.remarked = false;
    const last = this.out.length > begun ? this.out.at(-1) : null;
    if (this.pending.trim() || ROLE_GROUPS[element.getAttribute("role")] === "cell" && !last) this.pending += ` (${words})`;
    else if (last?.[0] === "text") last[1] += ` (${words})`;
  }
  readIn(element, visible = true) {
    const tag = element.tagName, root = this.rootOf(element);
    if (tag === "DETAILS" && !element.open) {
      const summary = element.querySelector(":scope > summary");
      if (summary) this.read(summary, element);
      return;
    }
    if (root || tag === "SLOT" || !honest && element instanceof HTMLFormElement) {
      for (const child of drawnIn(element)) if (!this.partial && (visible || child.nodeType !== 3)) this.readOrSkip(child, element);
      return;
    }
    this.readRun(element.firstChild, element, visible);
  }
}
const BARRED_CHARS = 20;               // of a day or an hour that cannot be had
const HEADS = new Set(["THEAD", "CAPTION", "LEGEND"]);      // shown with whatever is shown of what they are about

const whole = (pass) => {
  const top = modal();
  pass.delegated = delegates.has(document) || delegates.has(real.documentElement) ? 1 : 0;
  if (top) pass.put(["text", top.matches(":fullscreen") ? "(this fills the screen; the rest of the page is behind it)" : "(the page behind this dialog does not react)", 1]);
  if (designed(top || real.body)) pass.write(pass.sort(real.body, false).number);
  else pass.readElement(top || real.body, real.body);
  pass.flush(real.body);
  pass.widen();
};
const NUMBERED = new Set(["element", "list"]);
// What is told: without entries that others outdo.
const told = (pass) => {
  const { outdone } = pass.candidates, items = flat(pass.items, pass);
  if (!outdone.size) return { items, entries: pass.entries };
  let kept = 0;
  const now = pass.entries.map((_, number) => outdone.has(number) ? -1 : kept++);
  return { entries: pass.entries.filter((_, number) => now[number] >= 0),
    items: items.map((item) => NUMBERED.has(item[0]) ? [item[0], now[item[1]], ...item.slice(2)] : item)
      .filter((item) => !NUMBERED.has(item[0]) || item[1] >= 0) };
};
const collect = (room) => {
  let pass, hosts;
  try {
    pass = new Pass(room);
    if (real.body) whole(pass);
    pass.candidates.equals.tell(pass.entries);
  } finally {
    hosts = askedOf();
    labelled = boxes = tables = null;
    honest = false;
  }
  const page = real.scrollingElement || real.documentElement;
  const { items, entries } = told(pass);
  const reading = JSON.stringify({ key, items, entries, partial: pass.partial || pass.shallow, count: pass.count,
    title: real.title, url: location.href, revision: revision(), width: innerWidth, height: pass.height, dead: gone(entries), hosts,
    scroll: page ? [page.scrollTop, Math.max(0, page.scrollHeight - page.scrollTop - pass.height), pass.height] : [0, 0, pass.height],
    loading: real.readyState !== "complete" });
  // Halves of a sign, as a text that was cut ends with, can be written nowhere.
  return reading.includes("\\ud") ? reading.replace(/(\\\\)|\\ud[89a-f][0-9a-f]{2}/g, (_, backslash) => backslash || "\ufffd") : reading;
};
