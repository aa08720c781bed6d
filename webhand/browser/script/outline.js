// What was left out, in few words.
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6", "[role=heading]"], OUTLINED = 40;
// In the order of the document. Asked for one after the other, as a list of selectors takes five times as long.
const headingsUnder = (parent) => Array.from(new Set(HEADINGS.flatMap((one) => Array.from(parent.querySelectorAll(one)))))
  .sort((one, other) => one.compareDocumentPosition(other) & 4 ? -1 : 1);
// What a heading says; of one that is a link and nothing else, what the link is called.
const headingText = (heading, { known, entries }) => {
  const only = heading.childNodes.length === 1 ? heading.firstElementChild : null, number = known.get(only)?.number ?? -1;
  return number >= 0 ? entries[number][2] : contentText(heading, 200);
};
const headingsIn = (gap, candidates) => {
  const [first, final] = [gap.nodes[0], gap.nodes.at(-1)], found = [];
  if (hiding(gap.parent)) return found;
  for (const heading of headingsUnder(gap.parent)) {
    if (!(final === heading || final.contains(heading)) && final.compareDocumentPosition(heading) & 4) break;
    if (first.compareDocumentPosition(heading) & 2 || !shown(heading)) continue;
    const text = cut(headingText(heading, candidates), 60);
    if (text) found.push([Number(/[1-6]/.exec(heading.tagName)?.[0] || heading.getAttribute("aria-level") || 2), text]);
    if (found.length >= OUTLINED) break;
  }
  return found;
};
const summary = (gap, pass) => {
  let entries = 0;
  for (let index = 0; index < gap.nodes.length; index++)
    for (let number = gap.from[index]; number < gap.to[index]; number++) if (!pass.written.has(number)) entries++;
  const rows = gap.nodes.length, kind = gap.nodes[0].tagName;
  return ["gap", gap.where, rows, entries, kind === "TR" ? "rows" : kind === "LI" ? "items" : "parts", headingsIn(gap, pass.candidates)];
};
// Whether a part lies above the top of the page, where nobody gets to.
const outside = (gap) => gap.from[0] === gap.to.at(-1) && gap.nodes.every((node) => boxOf(node).bottom + scrollY <= 0);
const flat = (items, pass) => items.flatMap((item) => Array.isArray(item) ? [item] : !item.nodes ? flat(item.items, pass) : outside(item) ? [] : [summary(item, pass)]);
