// Whether a person can see an element, or reach it all the same.

// What holds everything else back: the dialog on top, or nothing.
const modal = () => (real.fullscreenElement || real.querySelector("dialog")) && Array.from(real.querySelectorAll(":modal")).at(-1) || null;

// Boxes that cut off what is in them, each looked for once in a pass.
class Clips {
  constructor() {
    this.known = new Map();
    this.body = real.body;
    this.left = scrollX;
    this.top = scrollY;
    this.end = Math.max(innerWidth, real.documentElement?.scrollWidth || 0);
  }
  // The nearest box around an element that scrolls or cuts off, with whether it scrolls; null when there is none.
  around(element) {
    const trail = [];
    let found = null;
    for (let one = up(drawer(element)); one && one !== this.body; one = up(one)) {
      const known = this.known.get(one);
      if (known !== undefined) { found = known; break; }
      trail.push(one);
      const { overflow } = getComputedStyle(one);
      if (overflow !== "visible") { found = this.clip(one, /auto|scroll/.test(overflow)); break; }
    }
    for (const one of trail) this.known.set(one, found);
    return found;
  }
  // A box that cuts off, with where the top of what it scrolls lies: nothing scrolls to what is above that.
  clip(outer, scrolls) {
    const box = boxOf(outer);
    return { box, scrolls, outer, start: scrolls ? box.top - outer.scrollTop : 0 };
  }
  // Whether a box is cut off entirely, where no scrolling brings it back.
  away(element, box) {
    const clip = this.around(element), beyond = box.right + this.left <= 0 || box.bottom + this.top <= 0 || box.left + this.left >= this.end;
    if (!clip) return beyond;
    if (clip.scrolls && box.bottom > clip.start) return false;
    const open = clip.box.width > 0 && clip.box.height > 0;
    if (open && box.right > clip.box.left && box.left < clip.box.right && box.bottom > clip.box.top && box.top < clip.box.bottom) return false;
    return !this.hangs(element, clip.outer) || beyond;
  }
  // Whether what is drawn elsewhere stands for an input, which a box of one point holds for those who do not see.
  pictured(input) {
    const { box } = this.around(input) || {};
    return /^(checkbox|radio|range)$/.test(input.type) && box && box.width <= 1 && box.height <= 1;
  }
  // Whether an element lies where something further out puts it, which does not cut it off.
  hangs(element, outer) {
    for (let one = element; one && one !== outer; one = up(one)) {
      const { position } = getComputedStyle(one);
      if (position === "fixed" || position === "absolute" && !within(one.offsetParent, outer)) return true;
    }
    return false;
  }
}

// Whether what holds an element is folded or pushed away, so that nobody sees it.
const folded = (element, stand) => {
  const clips = new Clips();
  return element.type !== "file" && clips.away(stand, placeOf(stand)) && !clips.pictured(element);
};
const offered = (element, stand, box, clips) => {
  const tag = element.tagName, input = tag === "INPUT";
  if (!shown(element)) {
    // Reached all the same: a file input through its chooser, a ticked box through its label.
    return input && (element.type === "file" || /^(checkbox|radio)$/.test(element.type) && stand !== element);
  }
  if (input && element.getAttribute("aria-hidden") === "true" && element.tabIndex < 0) return false;     // a copy for its form
  if (tag === "SELECT" && clips.away(element, box)) return false;                     // a script draws another in its place
  if (input && stand === element && element.type !== "file" && clips.away(element, box) && !clips.pictured(element)) return false;   // a trap for programs
  if (input || tag === "SELECT" || tag === "TEXTAREA") return element.type === "file" || stand !== element || box.width > 0 || box.height > 0;
  if (box.width <= 1 && box.height <= 1 || (box.width < 1 || box.height < 1) && !element.ownerSVGElement) return overflows(element);
  return !clips.away(element, box) && !NOTHING.test(getComputedStyle(element).clipPath);
};
const NOTHING = /^(inset\((50|100)%\)|circle\(0(px|%)?( at .*)?\))$/;      // shapes that leave nothing of what they cut
// Whether somebody sees nothing of what is in an element that lies in the view; what comes into view may fade in then.
const faded = (element, style, candidates) => style.opacity === "0" && !FIELDS.has(element.tagName) && candidates.inView(boxOf(element));
const HELD = "input[type=file],input[type=checkbox],input[type=radio]";      // reached all the same
const STRUCK = new Set(["S", "DEL", "STRIKE"]);
// By a style, mostly an old price is: to ask for the style of every word takes long.
const strikes = (element) => STRUCK.has(element.tagName) || element.hasAttributes() && element.firstChild?.nodeType === 3
  && /\d/.test(element.firstChild.data) && getComputedStyle(element).textDecorationLine === "line-through";
// Nothing of its own is drawn, but something in it is.
const overflows = (element) => {
  for (let one = element.firstElementChild; one; one = one.nextElementSibling) {
    const box = one.getBoundingClientRect();
    if (box.width > 1 && box.height > 1 || getComputedStyle(one).display === "contents" && overflows(one)) return true;
  }
  return element.firstElementChild === null && getComputedStyle(element).display === "contents" && squeeze(element.textContent) !== "";
};
// Whether what is written in an element is drawn nowhere, but read out to those who do not see the page.
const forReaders = (element, box, clips) => {
  if (box.right + clips.left <= 0 || box.bottom + clips.top <= 0) return clips.around(element) === null;
  for (let one = element; one && one !== clips.body && (box.width <= 1 || box.height <= 1); one = up(one), box = one && boxOf(one)) {
    const { overflow, clip } = getComputedStyle(one);
    if (overflow !== "visible" || clip !== "auto") return true;
  }
  return false;
};
