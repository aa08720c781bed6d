// What a pass has read, item by item, in the order in which it is read.
//
// Items: ["text", words, in view, in line], ["block", kind, name], ["end", kind], ["frame", id, x, y, width, height, name],
// ["drawn", words, x, y, width, height, ends, in view], ["element", number of the entry, in line],
// ["list", number of the entry that it belongs to, role], ["gap", where, rows, entries, headings], ["line"] where a line
// ends of words that are shown in lines; `in line` is 1 of what goes on in the line of the item before. Boxes are in CSS
// pixels of this document's view.
const LIMIT_NODES = 300000, LIMIT_TIME = 1500, LIMIT_TEXT = 4000, LIMIT_DEPTH = 2000;
const cast = (text) => text.replace(/\t/g, "    ").replace(/[\0-\x1f\x7f-\xa0\u200b]/g, " ").trimEnd();
const keepsSpaces = (keeps) => keeps !== "collapse" && keeps !== "preserve-breaks";
const INDENT = /^(?:\t|[ \xa0]{2})\s*\S/;
const IN_LINE = new Set(["link", "button", "clickable"]);   // what a sentence goes on after

class Items {
  constructor() {
    this.height = innerHeight;         // lays the page out, which is not counted as reading
    this.until = performance.now() + LIMIT_TIME;
    this.candidates = new Candidates();
    this.entries = this.candidates.entries;
    this.written = new Set();          // numbers of entries that stand among the items
    this.out = this.items = [];
    this.used = 0;                     // characters that the items will take, roughly
    this.gap = null;                   // what is being left out, while nothing else is written
    this.keeping = new Map();          // by element: what becomes of the white space in it
    this.cast = false;                 // whether `pending` is to stay as it is
    this.pending = this.spoken = this.line = "";     // `line`: what stands last in the line that is being read, "text" or "link"
    this.muted = this.depth = this.count = 0;
    this.partial = this.shallow = null;  // only the first ends the pass
    this.shapes = this.swatches = 0;
    this.drawing = null;               // the one that is being read, and how many of its shapes were told
    this.framed = new Set();
    this.entered = new Set();          // roots of trees
    labelled = new Map();
    tables = new Map();
    boxes = new Map();
    numbered = new Map();
    honest = true;
    suspecting();
    this.inert = false;
    this.enterRoot(document);
  }

  // ---- how far it goes ----
  counted() {
    this.count++;
    if (this.count > LIMIT_NODES) this.partial = `more than ${LIMIT_NODES.toLocaleString("en")} nodes; the rest was not read`;
    else if (this.count % 1024 === 0 && performance.now() > this.until)
      this.partial = `${this.count.toLocaleString("en")} nodes took ${LIMIT_TIME / 1000} s to read; the rest was not read`;
    return !this.partial;
  }
  deeper() {
    if (++this.depth <= LIMIT_DEPTH) return true;
    this.shallow = `more than ${LIMIT_DEPTH} elements within each other; what is deeper was not read`;
    return false;
  }
  // What is looked up once for a whole root.
  enterRoot(root) {
    if (this.entered.has(root)) return;
    this.entered.add(root);
    glanceAtChecks(root);
    lookUpLabels(root);
    this.inert ||= root.querySelector("[inert]") !== null;
    honest &&= !Array.from(root.querySelectorAll("form")).some(hides);
  }
  rootOf(element) {
    const root = rootOf(element);
    if (root) {
      roots.add(root);
      this.enterRoot(root);
    }
    return root;
  }

  // ---- what is written ----
  put(item) { this.gap = null; this.used += 8; this.out.push(item); }
  write(number) {
    if (number < 0 || this.written.has(number)) return;
    this.written.add(number);
    const entry = this.entries[number];
    this.used += 12 + entry[2].length;
    this.spoken = number === this.entries.length - 1 ? this.candidates.spoken : "";
    const before = this.out.at(-1);
    if (this.spoken && before?.[0] === "text" && before[1] === this.spoken) this.out.pop();
    const goes = this.line === "text" && IN_LINE.has(entry[1]) ? 1 : 0;
    this.put(["element", number, goes]);
    this.line = IN_LINE.has(entry[1]) ? "link" : "";
  }
  // Words of several lines in the source, which may be shown so, as those of code are: with their indents, mostly.
  readLines(data, parent) {
    const keeps = this.keeps(parent);
    if (keeps === "collapse") { this.pending += data; return; }
    const [first, ...rest] = data.split("\n");
    this.pending += first;
    for (const line of rest) {
      this.flush(parent);
      this.put(["line"]);
      this.line = "";
      this.cast = keepsSpaces(keeps);
      this.pending = line;
    }
  }
  keeps(parent) {
    let keeps = this.keeping.get(parent);
    if (keeps === undefined) this.keeping.set(parent, keeps = getComputedStyle(parent).whiteSpaceCollapse);
    return keeps;
  }
  // Whether words begin with an indent that is drawn, as a line of code does that is an element of its own.
  isIndented(parent) {
    return INDENT.test(this.pending) && (this.pending[0] === "\xa0" || !!parent && keepsSpaces(this.keeps(parent)));
  }
  flush(parent) {
    if (!this.pending) return;
    const text = this.cast || this.isIndented(parent) ? cast(this.pending) : squeeze(this.pending);
    this.pending = "";
    this.cast = false;
    if (!text || !parent || this.muted) return;
    if (text === this.spoken) { this.spoken = ""; return; }        // its field says it already
    const box = boxOf(parent), unseen = forReaders(parent, box, this.candidates.clips) ? parent.closest(LIVE) : real.body;
    if (unseen === null || unseen === real.body && (box.width || box.height) && this.candidates.clips.away(parent, box)) return;
    this.used += text.length;
    const loose = unseen !== real.body && !ROLE_GROUPS[unseen.getAttribute("role")];
    if (loose) this.put(["block", "status", ""]);
    this.put(["text", cut(text, LIMIT_TEXT), this.candidates.inView(box) ? 1 : 0, this.line === "link" ? 1 : 0]);
    this.line = "text";
    if (loose) this.put(["end", "status"]);
  }

  // Begins a cell, after those of rows above that come down to where it stands.
  cell(element, group) {
    this.reaching(element);
    this.put(["block", group, ""]);
  }
  reaching(element) {
    const table = /^T[DHR]$/.test(element.tagName) && tableAround(element);
    for (const one of table && table.reach.get(element) || NONE) {
      const words = one && !this.muted && table.wordsOf(one);
      this.put(["block", "cell", ""]);
      if (words) this.put(["text", words, this.candidates.inView(boxOf(element)) ? 1 : 0, 0]);
      this.used += words ? words.length : 0;
    }
  }

  // ---- what is told by its looks ----
  frame(element) {
    if (this.framed.has(element)) return;
    this.framed.add(element);
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!shown(element) || box.width <= 1 || box.height <= 1) return;
    const px = parseFloat(style.paddingLeft) + element.clientLeft, py = parseFloat(style.paddingTop) + element.clientTop;
    this.put(["frame", idOf(element), box.x + px, box.y + py, box.width - 2 * px, box.height - 2 * py, cut(nameOf(element, "iframe"), 60)]);
  }
  image(element) {
    if (element.getAttribute("aria-hidden") === "true") return;
    const name = squeeze(element.tagName === "IMG" ? element.alt : element.getAttribute("aria-label") || element.querySelector(":scope > title")?.textContent || "");
    if (name) this.pending += ` (image: ${cut(name, 80)}) `;
  }
  // Whether a part of a drawing is told by its looks, or left out for its number; long texts are read like others.
  shape(element) {
    const sign = element.tagName === "text" ? squeeze(element.textContent) : "";
    const words = sign.length <= SIGN ? shapeWords(element) : "", { x, y, width, height } = boxOf(element);
    if (!words) return element.tagName !== "text";
    if (width < SEEN && height < SEEN || apart(boxOf(element), this.drawing.box)) return true;
    if (element.tagName === "line" && /^(light |silver)/.test(words)) return true;     // of a grid behind something
    if (++this.drawing.shapes > SHAPES_TOLD || ++this.shapes > SHAPES_TOLD_IN_ALL) { this.drawing.left++; return true; }
    this.used += words.length;
    this.line = "";
    this.put(["drawn", words + (sign && ` ${sign}`), tenths(x), tenths(y), tenths(width), tenths(height), endsOf(element), this.candidates.inView(boxOf(element)) ? 1 : 0]);
    return true;
  }
  // Of what holds nothing, the words or the colour that a style gives it.
  bare(element, style) {
    const words = generated(element);
    if (words) { this.pending += ` ${words} `; return; }
    const colour = this.swatches < SHAPES_TOLD ? swatchOf(element, style) : "";
    if (!colour) return;
    this.swatches++;
    this.pending += ` (${colour} box) `;
  }
  // What shows how far something has come.
  gauge(element, tag) {
    const role = tag === "PROGRESS" ? "progressbar" : tag === "METER" ? "meter" : element.getAttribute("role");
    if (role !== "progressbar" && role !== "meter") return;
    const [now, most] = [valueOf(element, role), element.getAttribute("aria-valuemax") || element.max || ""];
    const name = squeeze(nameOf(element, role).replace(element.textContent, ""));
    this.pending += ` (${[role, name].filter(Boolean).join(" ")} = ${now ?? "unknown"}${most ? ` of ${most}` : ""}) `;
  }
}
