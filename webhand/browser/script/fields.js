// The focus, and what fields are set to.
const isField = (element) => element.isContentEditable || element.matches("textarea, input") || !!element.editContext;
// Gives an element the focus unless something in it has it, or a field that a click on it has brought the focus to.
const focus = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const active = activeElement();
  if (active && within(active, element) || active && active !== activeBefore && isField(active) && !isField(element)) return true;
  if (folded(element, standIn(element))) return false;
  element.focus({ preventScroll: true });
  return within(activeElement() || real.body, element);
};
// The same for a field that is typed into: whether it has the focus, and, where that is asked for, whether all that it
// holds is selected. An editor may keep a text of its own behind what is seen, so that only its keys select that.
const SEARCH = 500;                    // ms in which a list that was opened brings the field in which it is searched
const focusField = async (id, all) => {
  const element = nodeOf(id), began = performance.now();
  if (!element?.isConnected) return null;
  const opens = roleOf(element) === "combobox" && !isField(element);
  while (opens && !searched(element) && performance.now() - began < SEARCH) await frame();
  if (opens && searched(element)) return { focused: true, selected: false, search: true };
  const focused = focus(id);
  return focused === null ? null : { focused, selected: all && selectAll(id), search: false };
};
// Whether a list is open and the field in which it is searched has the focus.
const searched = (element) => {
  const active = activeElement();
  return active !== null && active !== element && active !== activeBefore && isField(active);
};
const selectAll = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected || element.tagName !== "INPUT" && (element.tagName !== "TEXTAREA" || !element.value)) return false;
  element.select();
  return true;
};
// Selects what an editor shows, where its keys have not done so.
const selectShown = (id) => {
  const editor = activeElement(), selection = getSelection();
  if (!nodeOf(id)?.isConnected || !editor?.isContentEditable || !selection.isCollapsed || !editor.textContent) return false;
  selection.selectAllChildren(editor);
  return true;
};
// What a field holds after it was typed into, and what its browser says against that.
const outcome = (id, typed) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const held = holds(element, roleOf(element)), value = held && veiled(element, held), { maxLength, validity } = element;
  const full = maxLength > 0 && typed.length > maxLength;
  const said = () => value === held ? element.validationMessage : "the browser finds it wrong";       // which may quote it
  return { value, against: full ? `it takes ${maxLength} characters` : value && validity && !validity.valid ? said() : "" };
};
// A field of our own that takes and refuses what the page's does, so that the page's can be left alone.
const likeIt = (element) => {
  const like = real.createElement("input");
  like.type = element.type;
  for (const name of ["min", "max", "step", "value"]) if (element.hasAttribute(name)) like.setAttribute(name, element.getAttribute(name));
  return like;
};
// What a picked field would make of a text, or why it would refuse it.
const accepts = (id, text) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const like = likeIt(element), number = element.type === "range";
  const range = { least: number ? like.min || "0" : like.min, most: number ? like.max || "100" : like.max };
  if (number && text.trim()) like.type = "number";        // which says what is wrong, where a range mends it
  like.value = text.trim();
  if (element.type === "color") return /^#[0-9a-f]{6}$/i.test(text.trim()) ? { value: text.trim().toLowerCase() } : { malformed: true };
  if (like.value === "") return text.trim() || number ? { malformed: true, ...range } : { value: "" };
  if (number) { like.min = range.least; like.max = range.most; }
  if (like.validity.rangeUnderflow || like.validity.rangeOverflow) return { outside: true, ...range };
  if (!like.validity.stepMismatch) return { value: like.value };
  const near = [like.cloneNode(), like.cloneNode()];
  for (const one of near) one.value = like.value;
  near[0].stepDown();
  near[1].stepUp();
  return { near: near.map((one) => one.value).filter((one, i, all) => one !== like.value && all.indexOf(one) === i) };
};
// The keys that bring a slider to a number, or null when there are none, or more than `most`.
const slides = (id, text, most) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const like = likeIt(element), goal = Number(text), whole = Number(like.max || 100) - Number(like.min || 0);
  const step = like.step === "any" ? whole / 100 : Number(like.step) > 0 ? Number(like.step) : 1, page = Math.max(whole / 10, step);
  // Chromium turns those arrows about that lie along the slider, where it runs the other way.
  const more = /^vertical/.test(getComputedStyle(element).writingMode) ? ["ArrowRight", "ArrowLeft"] : ["ArrowUp", "ArrowDown"], keys = [];
  like.value = element.value;
  for (let at = Number(like.value); at !== goal; at = Number(like.value)) {
    const large = Math.abs(goal - at) > page / 2 && page > step, up = goal > at;
    like.value = String(at + (up ? 1 : -1) * (large ? page : step));
    keys.push((large ? ["PageUp", "PageDown"] : more)[up ? 0 : 1]);
    const left = Math.abs(goal - Number(like.value));
    if (keys.length > most || !large && left >= Math.abs(goal - at)) return { keys: null };
  }
  return { keys };
};
// Where a slider that is drawn stands, and the keys that move it up and down.
const slider = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const number = (name) => element.hasAttribute(name) ? Number(element.getAttribute(name)) : null;
  const upright = element.getAttribute("aria-orientation") === "vertical";
  return { now: number("aria-valuenow"), least: number("aria-valuemin"), most: number("aria-valuemax"), shows: valueOf(element, "slider"),
    keys: upright ? ["ArrowUp", "ArrowDown"] : ["ArrowRight", "ArrowLeft"] };
};
const focusPart = (id, part) => {
  const element = nodeOf(part);
  if (!nodeOf(id)?.isConnected || !element) return null;
  element.focus();
  return element.matches(":focus");
};
// As the browser's own picker does, where the keyboard does not get there.
const setValue = (id, value) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  element.value = value;
  element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  return element.value;
};
// What a file input takes; nothing of that for what only opens a chooser.
const fileField = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  if (element.tagName !== "INPUT" || element.type !== "file") return {};
  return { many: element.multiple, folder: element.webkitdirectory, accept: element.accept };
};
// Where what an element shows, or leads to as a link, comes from.
const sourceOf = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  return { link: !!element.href && /^(A|AREA)$/.test(element.tagName), url: element.currentSrc || (element.tagName === "IMG" && element.src) || null };
};
// Saves what an element shows, by a link that never gets into the document.
const keep = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  const link = real.createElement("a");
  link.href = element.currentSrc || element.src;
  link.download = "";
  link.click();
  return true;
};
