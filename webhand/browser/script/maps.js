// The areas of image maps: none is drawn or has a box, and each lies where its image is drawn.
const pictures = new WeakMap();        // by area: the image that a look found it on
const pictureOf = (area) => pictures.get(area) || null;
const drawer = (element) => element.tagName === "AREA" && pictureOf(element) || element;
const AREAS_MOST = 1000;
// The areas of an image's map that are not another's already.
const areasOf = (image) => {
  const name = /#(.+)$/.exec(image.getAttribute("usemap"))?.[1];
  const map = name && Array.from(image.getRootNode().querySelectorAll("map")).find((one) => one.name === name);
  const areas = map ? Array.from(map.querySelectorAll("area")).slice(0, AREAS_MOST) : [];
  for (const area of areas) {
    if (pictureOf(area)?.isConnected && shown(pictureOf(area))) continue;
    pictures.set(area, image);
    boxes?.delete(area);               // none, as far as was known
  }
  return areas.filter((area) => pictureOf(area) === image);
};
// Its shape, by numbers that count CSS pixels of the image's content as it is drawn, whatever the picture's own size.
const shapeOf = (area) => {
  const told = (area.getAttribute("shape") || "").toLowerCase();
  const shape = /^(default|circle|poly)/.exec(told.replace(/^circ$/, "circle"))?.[1] || "rect";
  const at = (area.getAttribute("coords") || "").split(/[\s,;]+/).filter(Boolean).map((one) => parseFloat(one) || 0);
  return { shape, at, enough: at.length >= { default: 0, circle: 3, poly: 6, rect: 4 }[shape] };
};
const edgesOf = ({ shape, at }, width, height) => {
  if (shape === "default") return [0, 0, width, height];
  if (shape === "circle") return [at[0] - at[2], at[1] - at[2], at[0] + at[2], at[1] + at[2]];
  const [xs, ys] = [0, 1].map((axis) => at.slice(0, shape === "rect" ? 4 : at.length).filter((_, place) => place % 2 === axis));
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
};
const holdsPoint = ({ shape, at, enough }, x, y) => {
  if (shape === "default" || !enough) return enough;
  if (shape === "circle") return Math.hypot(x - at[0], y - at[1]) < at[2];
  const [left, top, right, bottom] = edgesOf({ shape, at });
  if (shape === "rect") return x >= left && x < right && y >= top && y < bottom;
  let inside = false;
  for (let i = 0, j = at.length - 2 - at.length % 2; i + 1 < at.length; j = i, i += 2) {
    if (at[i + 1] > y !== at[j + 1] > y && x < (at[j] - at[i]) * (y - at[i + 1]) / (at[j + 1] - at[i + 1]) + at[i]) inside = !inside;
  }
  return inside;
};
// Where an area can be clicked: its box, or a small one around a point of it where the middle of that is another's.
const STEPS = [5, 3, 7, 1, 9, 2, 4, 6, 8];             // tenths of a side
const SPOT = 2;                                        // pixels
const areaBox = (area) => {
  const image = pictureOf(area), shape = shapeOf(area);
  if (!image?.isConnected || !shape.enough) return new DOMRect();
  const style = getComputedStyle(image), drawn = image.getBoundingClientRect();
  const [before, above, after, below] = ["Left", "Top", "Right", "Bottom"].map((side) => parseFloat(style[`padding${side}`]) + parseFloat(style[`border${side}Width`]));
  const scale = drawn.width / image.offsetWidth || 1, width = drawn.width / scale - before - after, height = drawn.height / scale - above - below;
  const [left, top, right, bottom] = edgesOf(shape, width, height).map((edge, place) => Math.min(Math.max(edge, 0), place % 2 ? height : width));
  const box = (x, y, wide, high) => new DOMRect(drawn.x + (before + x) * scale, drawn.y + (above + y) * scale, wide * scale, high * scale);
  const others = Array.from(area.closest("map")?.querySelectorAll("area") || []).slice(0, AREAS_MOST);
  const first = shape.shape === "default" ? others.length : others.indexOf(area);
  const over = others.slice(0, first).filter((one) => one !== area).map(shapeOf).filter((one) => one.shape !== "default");
  const free = (x, y) => holdsPoint(shape, x, y) && !over.some((one) => holdsPoint(one, x, y));
  for (const room of [SPOT, 0]) for (const fy of STEPS) for (const fx of STEPS) {
    const x = left + (right - left) * fx / 10, y = top + (bottom - top) * fy / 10;
    if (![-room, room].every((off) => free(x + off, y) && free(x, y + off))) continue;
    return fx === 5 && fy === 5 ? box(left, top, right - left, bottom - top) : box(x - SPOT, y - SPOT, 2 * SPOT, 2 * SPOT);
  }
  return right > left && bottom > top ? box(left, top, right - left, bottom - top) : new DOMRect();
};
const placeOf = (element) => element.tagName === "AREA" ? areaBox(element) : element.getBoundingClientRect();
const bringIntoView = (element) => {
  drawer(element).scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
  if (element.tagName !== "AREA") return;
  const box = areaBox(element), [x, y] = [box.x + box.width / 2, box.y + box.height / 2];      // the image may be larger than the view
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) window.scrollBy({ left: x - innerWidth / 2, top: y - innerHeight / 2, behavior: "instant" });
};
