// What a picture of the view has to hide, and how much of the view only a picture can tell.
const documents = () => [document, ...roots];
const sized = (box) => box.width > 0 && box.height > 0;
// Boxes of the given nodes (with their document's key), of filled password fields, and of every place where one of the
// values stands; each under a name by which the same place is known again a moment later.
const concealed = (numbers, values) => {
  const found = [], given = new Set(numbers.filter(([document]) => document === key).map(([, id]) => nodeOf(id)));
  const add = (name, boxes) => Array.from(boxes).filter(sized).forEach((box, i) =>
    found.push([`${name}.${i}`, box.x, box.y, box.width, box.height]));
  const includesOne = (text) => values.some((value) => text.includes(value));
  for (const node of given) if (node?.isConnected) add(idOf(node), [node.getBoundingClientRect()]);
  for (const root of documents()) {
    for (const field of root.querySelectorAll("input, textarea")) {
      if (!given.has(field) && field.value && (field.type === "password" || isConfided(field, field.value) || includesOne(field.value))) add(idOf(field), [field.getBoundingClientRect()]);
    }
    if (!values.length) continue;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const value of values) {
        for (let at = node.data.indexOf(value); at >= 0; at = node.data.indexOf(value, at + value.length)) {
          const range = new Range();
          range.setStart(node, at);
          range.setEnd(node, at + value.length);
          add(`${idOf(node)}.${at}`, range.getClientRects());
        }
      }
    }
  }
  return withView(found);
};
const withView = (found) => ({ width: innerWidth, height: innerHeight, sharpness: devicePixelRatio, found });
// Where a frame's view lies in ours; nothing is scrolled.
const frameView = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const px = parseFloat(style.paddingLeft) + element.clientLeft, py = parseFloat(style.paddingTop) + element.clientTop;
  return [box.x + px, box.y + py, box.width - 2 * px, box.height - 2 * py];
};
// Boxes in view of what is drawn and not written: canvas, video, plug-ins, pictures that nothing names.
const UNWRITTEN = "canvas, video, object, embed, img:not([alt]), svg";
const NAMING = "a, button, figure, [aria-label], [aria-labelledby], [aria-hidden=true], [role=button], [role=presentation]";
const unwritten = () => {
  const found = [];
  for (const root of documents()) {
    for (const element of root.querySelectorAll(UNWRITTEN)) {
      const tag = element.tagName.toLowerCase(), box = element.getBoundingClientRect();
      const left = Math.max(box.left, 0), top = Math.max(box.top, 0);
      const width = Math.min(box.right, innerWidth) - left, height = Math.min(box.bottom, innerHeight) - top;
      if (width < 40 || height < 40) continue;
      if ((tag === "img" || tag === "svg") && (element.closest(NAMING) || element.title || element.querySelector?.("title, text"))) continue;
      if (shown(element)) found.push([idOf(element), left, top, width, height]);
    }
  }
  return withView(found);
};
