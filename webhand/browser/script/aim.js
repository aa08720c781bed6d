// Where an input event reaches an element, and what the element is at that moment.
const frame = () => new Promise((done) => {
  let over = false;
  const once = () => { if (!over) { over = true; done(); } };
  requestAnimationFrame(once);
  setTimeout(once, 50);                                  // a tab in the background draws no frames
});

const LEAD = 20;                       // milliseconds until an input event arrives
// Where the middle of what does not come to rest will be when the pointer gets there.
const leading = (element, target, before, box, passed) => {
  const [x, y] = [["x", "width"], ["y", "height"]].map(([axis, size]) =>
    box[axis] + box[size] / 2 + Math.max(-1, Math.min(1, (box[axis] - before[axis]) * LEAD / passed / box[size] * 4)) * box[size] / 4);
  const hit = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight ? deepHit(x, y) : null;
  return hit && (reaches(element, hit) || reaches(target, hit)) ? { x, y, width: box.width, height: box.height } : null;
};

// Whether what is hit is a control of its own in something that is none, such as a field in the head of a column, or in
// what stands for a control, such as a link in the label of a box.
const isOther = (element, target, hit) => {
  if (target !== element) {
    for (let one = hit; one && one !== target && one !== element; one = up(one)) if (within(one, target) && (one.matches(CONTROL) || listening.has(one))) return true;
    return false;
  }
  if (CONTROLS.has(roleOf(element))) return false;
  const control = hit.closest("a[href],button,input,select,textarea");
  return control !== null && control !== element && within(control, element);
};
const SPOTS = [[0.5, 0.5], [0.25, 0.5], [0.75, 0.5], [0.5, 0.2], [0.5, 0.8], [0.1, 0.1]];
const EDGE = 3, PIECES = 50;
// Points to try; of what stands for a control also its edges and whatever is drawn in it, as links may take the rest.
function* pointsOf(element, target, box) {
  const thumb = thumbOf(element, box);
  if (thumb) yield [thumb.x + thumb.width / 2, thumb.y + thumb.height / 2];
  for (const [fx, fy] of SPOTS) yield [box.x + box.width * fx, box.y + box.height * fy];
  if (target === element) return;
  yield [box.left + EDGE, box.y + box.height / 2];
  yield [box.right - EDGE, box.y + box.height / 2];
  const pieces = real.createTreeWalker(target, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT), range = new Range();
  for (let one = pieces.nextNode(), most = PIECES; one && most; one = pieces.nextNode(), most--) {
    if (one.firstChild) continue;
    range.selectNode(one);
    for (const { x, y, width, height } of range.getClientRects()) if (width > EDGE && height > EDGE) yield [x + width / 2, y + height / 2];
  }
}
// A point where an element receives input; beside the controls in it where there is such a place. Else what lies over it.
const pointOf = (element, target, box) => {
  let cover = null, inner = null;
  for (const [x, y] of pointsOf(element, target, box)) {
    if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
    const hit = deepHit(x, y);
    if (hit && !reaches(element, hit) && !reaches(target, hit)) { cover ||= hit; continue; }
    if (!hit || !isOther(element, target, hit)) return { x, y };
    if (target === element || !hit.closest("a[href]")) inner ||= { x, y };
    else cover ||= hit.closest("a[href]");                // which would lead away
  }
  return inner || { cover };
};
// What an element waits behind that was made inert for it; "" where it waits for nothing of that kind.
const FRONT = "[aria-modal=true],dialog[open],[role=dialog],[role=alertdialog]";
const inFront = (element) => {
  const inert = element.closest("[inert]");
  const front = inert && (modal() || Array.from(real.querySelectorAll(FRONT)).findLast((one) => shown(one) && !within(one, inert)));
  return front && !within(element, front) ? "covered by " + describe(front) : "";
};
let activeBefore = null;               // what had the focus before the last input
// Brings an element to where an input event reaches it; says why when that cannot be. What does not come to rest within
// `pace` ms is led; what the next press hits can be asked for after it if that is being watched for.
const aim = async (id, limit, pace, watching) => {
  const found = await aimed(id, limit, pace);
  if (watching && found?.x !== undefined) watchPress(nodeOf(id));
  return found;
};
const aimed = async (id, limit, pace) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const began = performance.now();
  let before = null, beforeAt = 0, problem = null;
  activeBefore = activeElement();
  for (;;) {
    if (!element.isConnected) return null;
    const target = standIn(element), passed = performance.now() - began;
    let box = placeOf(target);
    if (box.width < 1 && box.height < 1) {                // display: contents, or a wrapper of floating children
      const child = Array.from(target.children).find((one) => one.getBoundingClientRect().width > 0);
      if (child) box = child.getBoundingClientRect();
    }
    const rects = target.getClientRects();
    if (rects.length > 1 && getComputedStyle(target).display === "inline") box = Array.from(rects).find((one) => one.width >= 1 && one.height >= 1) || rects[0];
    const off = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
    const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    const outside = middle.x < 0 || middle.y < 0 || middle.x >= innerWidth || middle.y >= innerHeight;
    if (!shown(element) && !shown(target)) problem = "hidden";
    else if (box.width < 1 && box.height < 1) problem = "has no size";
    else if (disabled(element)) problem = inFront(element) || "disabled";
    else if (off || outside) { bringIntoView(target); problem = "outside the view"; }
    else if (comesToRest(target, limit - passed)) problem = "moving";       // at its start it has not moved yet
    else if (before && (Math.abs(before.x - box.x) > 0.5 || Math.abs(before.y - box.y) > 0.5)) {
      problem = "moving";
      const goesOn = passed > pace || changesOn(target, pace);
      const ahead = goesOn && leading(element, target, before, box, performance.now() - beforeAt);
      if (ahead) return ahead;
    }
    else {
      const { cover, ...point } = pointOf(element, target, box);
      if (point.x !== undefined) return point;
      problem = folded(element, target) ? "hidden" : unpressable(target) ? (seen(target) ? "disabled" : "hidden") : "covered by " + (cover ? describe(cover) : "something");
      if (passed > 100) bringIntoView(target);
    }
    before = box;
    beforeAt = performance.now();
    if (passed > limit || problem === "disabled" && passed > Math.min(limit, 500)) return { problem };
    await frame();
  }
};

const identity = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const role = roleOf(element);
  return { role: calledRole(element, role), label: labelNow(element), name: cut(calledOf(element, role), NAME_CHARS), tag: element.tagName.toLowerCase(),
    type: element.type || "", value: holds(element, role), states: statesOf(element, role, activeElement()),
    behind: inFront(element),
    editable: element.isContentEditable || element.tagName === "TEXTAREA"
      || (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|image|file|range|color|hidden)$/.test(element.type)),
    suggests: role === "combobox" || role === "searchbox" || element.hasAttribute("aria-autocomplete")
      || element.getAttribute("autocomplete") === "off" || element.getAttribute("aria-haspopup") === "listbox" };
};

// Who gets what is put into a node: the site of its document (its parent's where that has no address of its own, "null"
// where it is sandboxed), and where its form can send it. A page gives its forms fields called as their properties are,
// so that these are asked for on the prototypes.
const sitesOf = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const sites = new Set([self.origin]), form = element.form ?? element.closest("form");
  if (!form) return [...sites];
  const fields = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get.call(form);
  const goals = [Element.prototype.getAttribute.call(form, "action"), ...Array.from(fields, (field) => field.getAttribute("formaction"))];
  for (const goal of goals.filter(Boolean)) {
    try {
      const url = new URL(goal, element.baseURI);
      if (url.protocol !== "javascript:") sites.add(url.origin === "null" && /^(data|blob|about):$/.test(url.protocol) ? self.origin : url.protocol + "//" + url.host);
    } catch {} // no address: sent nowhere
  }
  return [...sites];
};
// What lies over a point of a frame after `limit` ms, if it has not gone until then.
const hitFrame = async (id, x, y, limit) => {
  for (const began = performance.now();; await frame()) {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const hit = deepHit(x, y);
    if (!hit || within(hit, element)) return { ok: true };
    if (performance.now() - began >= limit) return { cover: describe(hit) };
  }
};
const beginOf = (element, { paddingLeft, paddingTop }) => {
  const box = element.getBoundingClientRect();
  return [box.x + element.clientLeft + parseFloat(paddingLeft), box.y + element.clientTop + parseFloat(paddingTop)];
};
// These points of a frame's view as points of ours, and what lies over each where it is in our view.
const coversOver = (id, points) => {
  const element = nodeOf(id), called = new Map();
  if (!element?.isConnected) return null;
  const [left, top] = beginOf(element, getComputedStyle(element)), ours = points.map(([x, y]) => [left + x, top + y]);
  const covers = ours.map(([x, y]) => {
    const hit = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight ? deepHit(x, y) : null;
    if (!hit || within(hit, element) || clipped(element, x, y)) return null;
    if (!called.has(hit)) called.set(hit, describe(hit));
    return called.get(hit);
  });
  return { points: ours, covers };
};
// Where a frame's view begins in ours; scrolls until its point (x, y) is in our view, with nothing of ours over it.
const frameBox = async (id, x, y) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const style = getComputedStyle(element);
  const begin = () => beginOf(element, style);
  const page = real.scrollingElement || real.documentElement;
  for (const scroller of [scrollable(up(element)), page]) {
    const [left, top] = begin().map((edge, i) => edge + [x, y][i]);
    const inside = left >= 0 && left < innerWidth && top >= 0 && top < innerHeight;
    if (inside && !clipped(element, left, top) && within(deepHit(left, top), element)) break;
    const box = scroller === page ? { x: 0, y: 0, width: innerWidth, height: innerHeight } : scroller.getBoundingClientRect();
    scroller.scrollBy({ left: left - box.x - box.width / 2, top: top - box.y - box.height / 2, behavior: "instant" });
    for (let drawn = 0; drawn < 2; drawn++) await frame();   // input for a frame of another process goes where it is drawn
  }
  return begin();
};
// What is at a point of the view, or how large the view is when the point lies outside.
const pointed = (x, y) => {
  const hit = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight ? deepHit(x, y) : null;
  return hit ? { what: describe(hit), frame: /^I?FRAME$/.test(hit.tagName) } : { width: innerWidth, height: innerHeight };
};
// Whether something hears the pointer come to a point where it is not yet: menus open a moment after that.
const hearsHover = (x, y, asked) => {
  const hit = deepHit(x, y);
  if (!hit || hit.matches(":hover")) return false;
  if (/^I?FRAME$/.test(hit.tagName)) return true;
  for (let one = hit; one; one = up(one)) if (hovers.has(one)) return true;
  return !asked || delegates.has(document) || hovers.has(document);
};
// Whether two elements, or what is around each, lie beside each other and are of one kind, such as the lines of a list.
const alike = (one, other) => {
  while (one && !within(other, up(one))) one = up(one);
  while (other && one && up(other) !== up(one)) other = up(other);
  if (!one || !other || one === other || one.tagName !== other.tagName) return false;
  const [few, many] = [one.classList, other.classList].sort((a, b) => a.length - b.length);   // one is marked as dragged
  return Array.from(few).every((name) => many.contains(name));
};
// Where to let go of what is dragged so that it comes onto an element: on its middle, or a little past the middle of
// one of its own kind, whose place it shall take: before that, lists leave it where it was.
const landing = async (id, source) => {
  const element = nodeOf(id), from = source === null ? null : nodeOf(source);
  if (!element?.isConnected) return null;
  const edges = () => placeOf(standIn(element));
  const away = (box) => box.x + box.width / 2 < 0 || box.x + box.width / 2 >= innerWidth || box.y + box.height / 2 < 0 || box.y + box.height / 2 >= innerHeight;
  if (away(edges())) {
    bringIntoView(element);
    await frame();
  }
  const box = edges(), at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  if (!from?.isConnected || !alike(from, element)) return at;
  const begun = from.getBoundingClientRect(), ways = [["x", "width"], ["y", "height"]].map(([axis, size]) => {
    const way = at[axis] - begun[axis] - begun[size] / 2;
    return Math.abs(way) > box[size] / 2 ? Math.sign(way) : 0;
  });
  // Along a row, a little down as well: there are lists that take only that for a move.
  return { x: at.x + box.width * (ways[0] / 4 || ways[1] / 8), y: at.y + box.height * (ways[1] / 4 || ways[0] / 8) };
};
const drawn = async () => { await frame(); await frame(); return true; };
