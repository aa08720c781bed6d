// Where an element lies, what lies over it, and what stands in for it.
const deepHit = (x, y) => {
  let hit = real.elementFromPoint(x, y);
  while (hit?.shadowRoot) {
    const inner = hit.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === hit) break;
    hit = inner;
  }
  return hit;
};
// Whether a point of an element lies outside of a box around it that scrolls or cuts off.
const clipped = (element, x, y) => {
  for (let one = up(element); one && one !== real.body; one = up(one)) {
    const box = one.getBoundingClientRect();
    if ((x < box.left || x > box.right || y < box.top || y > box.bottom) && getComputedStyle(one).overflow !== "visible") return true;
  }
  return false;
};
const reaches = (element, hit) => !hit || within(hit, element) || (hit.tagName === "LABEL" && hit.control === element)
  || (!!element.labels && Array.from(element.labels).some((one) => within(hit, one)));
const describe = (element) => {
  const role = roleOf(element) || element.tagName.toLowerCase();
  for (let one = element; one && one !== real.body; one = up(one)) {
    const name = hiding(one) ? "" : cut(nameOf(one, roleOf(one)), 60);
    if (name) return `${role} "${name}"`;
  }
  return role;
};

// A control that is drawn by something else (a styled checkbox, a file input behind a button): its stand-in.
const standIn = (element) => {
  const rect = element.getBoundingClientRect();
  const style = getComputedStyle(element);
  if (rect.width > 1 && rect.height > 1 && style.opacity !== "0" && style.visibility === "visible") return element;
  for (const label of element.labels || []) {
    const box = label.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 && shown(label)) return label;
  }
  return element;
};

// A native list or field shrunk to a dot because a script draws another in its place, which is found by itself.
const replaced = (element) => {
  if (!/^(SELECT|TEXTAREA)$/.test(element.tagName)) return false;
  const box = element.getBoundingClientRect();
  return box.width <= 2 && box.height <= 2;
};
