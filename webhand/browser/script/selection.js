// Selecting a part of a text: where it begins and ends in the view, and what is selected.
// The visible text nodes in an element, as one text with single spaces, and for each of its characters where it stands.
const charactersIn = (root) => {
  const places = [], walker = real.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  let text = "", parent = null, block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement;
    if (SKIPPED.has(around.tagName) || !shown(around)) continue;
    if (around !== parent) {
      parent = around;
      const its = blockOf(around);
      if (block && its !== block && !text.endsWith(" ")) { text += " "; places.push(null); }
      block = its;
    }
    for (let at = 0; at < node.data.length; at++) {
      const space = /\s/.test(node.data[at]);
      if (space && (text === "" || text.endsWith(" "))) continue;
      text += space ? " " : node.data[at];
      places.push([node, at]);
    }
  }
  return { text, places };
};
const blockOf = (element) => {
  let one = element;
  while (one.parentElement && /^inline/.test(getComputedStyle(one).display)) one = one.parentElement;
  return one;
};
const ROOM = 24;                       // pixels from the edge of the view within which a held mouse makes it scroll
const edgeOf = ([node, at], end) => {
  const range = new Range();
  range.setStart(node, at);
  range.setEnd(node, at + 1);
  const box = Array.from(range.getClientRects()).at(end ? -1 : 0);
  return box ? { x: end ? box.right - 0.25 : box.left + 0.25, y: box.top + box.height / 2 } : null;
};
// Where a text begins and ends: of a field the numbers of its characters, of others points of the view; all of the
// element where no text is given. What the element selects as a whole is told by its text.
const selection = (id, wanted) => {
  const element = id === null ? real.body : nodeOf(id);
  if (!element?.isConnected) return null;
  if (/^(INPUT|TEXTAREA)$/.test(element.tagName)) {
    const at = wanted ? element.value.indexOf(wanted) : 0;
    if (at < 0) return { missing: true };
    element.focus();
    return { field: true, before: at, length: wanted ? wanted.length : element.value.length, many: wanted !== "" && element.value.indexOf(wanted, at + 1) >= 0 };
  }
  const { text, places } = charactersIn(element), sought = wanted ? squeeze(wanted) : text.trim();
  const at = text.indexOf(sought);
  if (at < 0 || !sought) return { missing: true };
  const first = places[at], last = places[at + sought.length - 1];
  const edges = () => [edgeOf(first, false), edgeOf(last, true)];
  const clear = (point) => point && point.y > ROOM && point.y < innerHeight - ROOM && point.x >= 0 && point.x < innerWidth;
  if (!edges().every(clear)) first[0].parentElement.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const [begin, end] = edges();
  if (!begin || !end) return { missing: true };
  const link = first[0].parentElement.closest("a[href],[draggable=true],button");
  return { begin, end, many: text.indexOf(sought, at + 1) >= 0, text: sought, held: link ? describe(link) : null,
    inside: [begin, end].every(({ x, y }) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight) };
};
const selected = () => {
  const field = activeElement();
  if (field && /^(INPUT|TEXTAREA)$/.test(field.tagName)) {
    const part = field.value.slice(field.selectionStart, field.selectionEnd);
    return veiled(field, field.value) === field.value ? part : "•".repeat(Math.min(part.length, 12));
  }
  return squeeze(getSelection().toString());
};
