// Scrolling the page and the boxes in it.
const scrollable = (element) => {
  for (let one = element; one; one = up(one)) {
    const style = getComputedStyle(one);
    if (/(auto|scroll|overlay)/.test(style.overflowY + style.overflowX) && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)) return one;
    if (one.tagName === "TEXTAREA" && one.scrollHeight > one.clientHeight + 1) return one;
  }
  return real.scrollingElement || real.documentElement;
};
const scrollBy = (id, direction, amount) => {
  const element = id === null ? null : nodeOf(id);
  if (id !== null && !element?.isConnected) return null;
  let box = element ? scrollable(element) : real.scrollingElement || real.documentElement;
  if (!element && box.scrollHeight <= box.clientHeight + 1) {   // the page itself does not scroll: what fills its middle may
    const hit = deepHit(innerWidth / 2, innerHeight / 2);
    if (hit) box = scrollable(hit);
  }
  const before = [box.scrollLeft, box.scrollTop];
  const page = box === real.scrollingElement, high = (page ? innerHeight : box.clientHeight) * 0.85, wide = (page ? innerWidth : box.clientWidth) * 0.85;
  const [dx, dy] = { up: [0, -high], down: [0, high], left: [-wide, 0], right: [wide, 0], top: [0, -1e9], bottom: [0, 1e9] }[direction];
  box.scrollBy({ left: dx * amount, top: dy * amount, behavior: "instant" });
  return { moved: box.scrollLeft !== before[0] || box.scrollTop !== before[1], above: box.scrollTop,
    below: Math.max(0, box.scrollHeight - box.scrollTop - (page ? innerHeight : box.clientHeight)), what: page ? "" : describe(box) };
};
