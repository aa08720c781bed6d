// Where an element lies, what lies over it, and what stands in for it.
let boxes = null;                      // during a pass: each element's box, which takes long to ask for
const boxOf = (element) => {
  if (!boxes) return placeOf(element);
  let box = boxes.get(element);
  if (!box) boxes.set(element, box = placeOf(element));
  return box;
};
const deepHit = (x, y) => {
  let hit = real.elementFromPoint(x, y);
  while (hit && rootOf(hit)) {
    const inner = rootOf(hit).elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  return hit;
};
// Whether a point of an element lies outside of a box around it that scrolls or cuts off.
const clipped = (element, x, y) => {
  for (let one = up(drawer(element)); one && one !== real.body; one = up(one)) {
    const box = boxOf(one);
    if ((x < box.left || x > box.right || y < box.top || y > box.bottom) && getComputedStyle(one).overflow !== "visible") return true;
  }
  return false;
};
const apart = (one, other) => one.right < other.left || one.left > other.right || one.bottom < other.top || one.top > other.bottom;
const reaches = (element, hit) => !hit || within(hit, element) || isFace(element, hit) || (hit.tagName === "LABEL" && hit.control === element)
  || FIELDS.has(element.tagName) && labelsOf(element).some((one) => within(hit, one));
// Whether what lies over a control is the face of the same widget: both are in a small part that holds no other control.
const FACE_LEVELS = 4, FACE_HEIGHT = 120;
const isFace = (element, hit) => {
  let part = element;
  for (let level = 0; level < FACE_LEVELS && part; level++, part = up(part)) {
    if (!within(hit, part)) continue;
    const box = boxOf(part);
    if (box.height > FACE_HEIGHT || /^(BODY|MAIN|FORM|TABLE|TR)$/.test(part.tagName)) return false;
    if (Array.from(part.querySelectorAll(CONTROL)).some((one) => one !== element && !within(element, one) && shown(one))) return false;
    return !hit.matches(CONTROL) && getComputedStyle(hit).position !== "fixed";
  }
  return false;
};
// An element in few words; of what is in a dialog or a menu, or spread out behind one, that.
const LAYER = "dialog,[role=dialog],[role=alertdialog],[role=menu],[role=listbox]";
const describe = (element) => {
  const layer = element.closest(LAYER) || (element.matches(CONTROL) ? null : element.querySelector(LAYER));
  if (layer && shown(layer)) return describeOne(layer, roleOf(layer));
  const role = roleOf(element) || element.tagName.toLowerCase();
  for (let one = element; one && one !== real.body; one = up(one)) {
    const name = hiding(one) ? "" : cut(nameOf(one, roleOf(one)), 40);
    if (name) return `${role} "${name}"`;
  }
  return role;
};
const describeOne = (element, role) => {
  const name = cut(role === "menu" || role === "listbox" ? squeeze(element.getAttribute("aria-label") || "") : dialogName(element), 40);
  return name ? `${role} "${name}"` : role;
};

// A control that is drawn by something else (a styled checkbox, a file input behind a button, the hidden field of a code
// editor): its stand-in.
const STAND_LEVELS = 3;
const drawnItself = (element) => {
  const { width, height } = boxOf(element);
  const { opacity, clip } = getComputedStyle(element);
  return width > 2 && height > 2 && opacity !== "0" && clip === "auto" && shown(element);
};
const standIn = (element) => {
  if (!FIELDS.has(element.tagName)) return element;
  const labels = labelsOf(element), box = element.type === "checkbox" || element.type === "radio";
  if (!labels.length && !box && element.tagName !== "TEXTAREA" || drawnItself(element)) return element;
  const label = labels.find((one) => shown(one) && boxOf(one).width > 1);
  if (label || !shown(element)) return label || element;
  let part = up(element);
  for (let level = 0; level < STAND_LEVELS && part && part !== real.body; level++, part = up(part)) {
    const { width, height } = boxOf(part);
    if (width > 8 && height > 8) return part;
  }
  return element;
};

// Whether the pointer goes through an element: pages take what they grey out from the pointer so.
const unpressable = (element) => getComputedStyle(element).pointerEvents === "none";
// Whether that greys it out; what is see-through besides shows when something is pointed at, and is hidden until then.
const seen = (element) => element.checkVisibility({ opacityProperty: true });
// The part of a slider that takes the pointer where its track does not: of two that lie over each other both can be
// taken so. Its size, which no script is told, is that of Chromium's own.
const THUMB = 16;
const thumbOf = (element, box) => {
  if (element.tagName !== "INPUT" || element.type !== "range" || !unpressable(element)) return null;
  const { direction, writingMode } = getComputedStyle(element);
  const least = Number(element.min || 0), whole = Number(element.max || 100) - least, share = whole > 0 ? (Number(element.value) - least) / whole : 0;
  const upright = /^vertical/.test(writingMode), length = upright ? box.height : box.width;
  const along = (direction === "rtl" ? 1 - share : share) * Math.max(length - THUMB, 0), across = (upright ? box.width : box.height) / 2 - THUMB / 2;
  return { x: box.x + (upright ? across : along), y: box.y + (upright ? along : across), width: THUMB, height: THUMB };
};

// A native list or field shrunk to a dot because a script draws another in its place, which is found by itself.
const replaced = (element) => {
  if (element.tagName === "TEXTAREA" && element.tabIndex >= 0 && standIn(element) !== element) return false;     // it takes the keys
  if (!/^(SELECT|TEXTAREA)$/.test(element.tagName)) return false;
  const box = boxOf(element);
  return box.width <= 2 && (box.height <= 2 || element.tagName === "SELECT");
};
