// The pass: everything a document shows, in reading order.
// Items in reading order: ["text", words, in view], ["block", kind], ["end", kind], ["frame", id, x, y, w, h],
// ["element", {...}]. Boxes are in CSS pixels of this document's view.
const collect = () => {
  const items = [], active = activeElement(), width = innerWidth, height = innerHeight;
  let count = 0, pending = "", partial = null, muted = 0;
  const range = real.createRange();
  const flush = (parent) => {
    const text = squeeze(pending);
    pending = "";
    if (!text || !parent || muted) return;
    const box = parent.getBoundingClientRect();
    items.push(["text", cut(text, LIMIT_TEXT), box.bottom > 0 && box.top < height && box.right > 0 && box.left < width ? 1 : 0]);
  };
  const record = (element, role, name) => {
    const stand = standIn(element), box = stand.getBoundingClientRect();
    const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < height && box.right > 0 && box.left < width;
    const states = statesOf(element, role, active);
    const entry = { id: idOf(element), role: role || "clickable", name: cut(name, NAME_CHARS), tag: element.tagName.toLowerCase(),
      value: valueOf(element, role), states, box: [box.x, box.y, box.width, box.height], view: inView ? 1 : 0,
      attributes: attributesOf(element), options: optionsOf(element) };
    if (inView && box.width > 0) {
      const x = Math.min(Math.max(box.x + box.width / 2, 0), width - 1), y = Math.min(Math.max(box.y + box.height / 2, 0), height - 1);
      const hit = deepHit(x, y);
      if (hit && !reaches(element, hit) && !reaches(stand, hit) && clipped(stand, x, y)) entry.view = 0;
      else if (hit && !reaches(element, hit) && !reaches(stand, hit) && !within(element, hit)) { states.push("covered"); entry.cover = describe(hit); }
    }
    items.push(["element", entry]);
  };
  const walk = (node, parent, cursorAbove) => {
    if (++count > LIMIT_NODES) { partial = `more than ${LIMIT_NODES} nodes; the rest was not read`; return; }
    if (node.nodeType === 3) { pending += node.data; return; }
    if (hiding(node)) {
      if (getComputedStyle(node).display === "none") return;
      flush(parent);
      for (const child of childrenOf(node)) walk(child, parent, cursorAbove);
      flush(parent);
      return;
    }
    if (node.nodeType !== 1 || SKIPPED.has(node.tagName)) return;
    const element = node, tag = element.tagName;
    const style = getComputedStyle(element);
    if (style.display === "none") {
      // Reached all the same: a file input through its chooser, a ticked box through its label.
      const label = Array.from(element.labels || []).some(shown);
      if (tag === "INPUT" && (element.type === "file" || (label && /^(checkbox|radio)$/.test(element.type)))) {
        const role = roleOf(element);
        flush(parent); record(element, role, calledOf(element, role));
      }
      return;
    }
    if (element.hasAttribute("inert")) return;
    const visible = style.visibility === "visible" && (style.contentVisibility !== "hidden");
    const role = roleOf(element), kind = visible ? kindOf(element, role, style, cursorAbove) : "";
    const block = !/^(inline|contents|ruby|none)/.test(style.display) || tag === "BR";
    if (tag === "IFRAME" || tag === "FRAME") {
      flush(parent);
      const box = element.getBoundingClientRect();
      const px = parseFloat(style.paddingLeft) + element.clientLeft, py = parseFloat(style.paddingTop) + element.clientTop;
      if (visible && box.width > 1 && box.height > 1)
        items.push(["frame", idOf(element), box.x + px, box.y + py, box.width - 2 * px, box.height - 2 * py, cut(nameOf(element, "iframe"), 60)]);
      return;
    }
    const image = tag === "IMG" || (tag.toLowerCase() === "svg" && !kind);
    if (image && !kind) {
      const name = tag === "IMG" ? element.alt : element.getAttribute("aria-label") || element.querySelector(":scope > title")?.textContent || "";
      if (visible && squeeze(name) && element.getAttribute("aria-hidden") !== "true") pending += ` (image: ${cut(squeeze(name), 80)}) `;
      if (tag === "IMG") return;
    }
    if (element.getAttribute("aria-hidden") === "true" && !kind) {
      if (!hasControls(element)) return;
    }
    if (block) flush(parent);
    const inside = style.cursor;
    if (kind && replaced(element)) return;
    if (kind) {
      flush(parent);
      const nested = tag !== "SELECT" && tag !== "TEXTAREA" && (hasControls(element) || holders.has(element));
      const editable = element.isContentEditable;
      const whole = nested && kind === "clickable" && !hasControls(element);       // a row that acts, with smaller things in it
      if (nested && kind === "clickable" && !whole) brief.add(element); else brief.delete(element);
      const name = calledOf(element, role);
      if (!(nested && kind === "clickable" && !name && element.tagName !== "TR")) record(element, role, name);
      if (!nested || editable) { if (block) flush(parent); return; }
      if (whole) {
        muted++;
        for (const child of element.childNodes) walk(child, element, inside);
        flush(element);
        muted--;
        return;
      }
      if (kind === "control" && role !== "listbox") {     // its own text is its name; only what can be acted on inside follows
        const before = items.length;
        for (const child of element.childNodes) walk(child, element, inside);
        pending = "";
        for (let i = items.length - 1; i >= before; i--) if (items[i][0] === "text" && role === "link") items.splice(i, 1);
        return;
      }
    }
    const heading = /^H([1-6])$/.exec(tag) || (role === "heading" && ["", element.getAttribute("aria-level") || "2"]);
    const group = heading ? "h" + heading[1] : tag === "LI" || role === "listitem" ? "li" : tag === "TR" || role === "row" ? "row"
      : tag === "TD" || role === "cell" || role === "gridcell" ? "cell" : tag === "TH" || role === "columnheader" || role === "rowheader" ? "head"
      : role === "dialog" || role === "alertdialog" || role === "alert" || role === "navigation" || role === "status" ? role
      : tag === "LEGEND" || tag === "CAPTION" ? "legend" : "";
    if (group) { flush(parent); items.push(["block", group, cut(group === "dialog" || group === "navigation" ? squeeze(element.getAttribute("aria-label") || "") : "", 60)]); }
    const naming = tag === "LABEL" && element.control && !/^(submit|reset|button|image|hidden)$/.test(element.control.type);
    if (naming) { flush(parent); muted++; }                // its text stands beside its control already
    if (visible || style.visibility === "hidden") {
      const root = element.shadowRoot;
      if (root) roots.add(root);
      const assigned = tag === "SLOT" ? element.assignedNodes() : null;
      const children = root ? root.childNodes : assigned?.length ? assigned : element.childNodes;
      if (tag === "DETAILS" && !element.open) {
        const summary = element.querySelector(":scope > summary");
        if (summary) walk(summary, element, inside);
      } else for (const child of children) {
        if (partial) break;
        if (child.nodeType === 3 && !visible) continue;
        if (child.nodeType === 3) { count++; pending += child.data; } else walk(child, element, inside);
      }
    }
    if (block || group || naming) flush(element);
    if (naming) muted--;
    if (group) items.push(["end", group]);
  };
  if (real.body) { walk(real.body, real.body, getComputedStyle(real.documentElement).cursor); flush(real.body); }
  const page = real.scrollingElement || real.documentElement;
  return JSON.stringify({ key, items, partial, count, title: real.title, url: location.href, width, height,
    scroll: page ? [page.scrollTop, Math.max(0, page.scrollHeight - page.scrollTop - height), height] : [0, 0, height],
    loading: real.readyState !== "complete" });
};
