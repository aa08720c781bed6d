// What a press of the mouse has reached, and whether a click came of it: what goes away between press and release gets
// none, as a button below an error that shows when a field loses the focus.
let press = null;
const PRESSING = ["mousedown", "blur", "mouseup", "click", "auxclick"];
const watchPress = (element) => {
  press = { element, stand: standIn(element), struck: null, before: null, handled: null, released: null, after: null, clicked: null, elsewhere: null };
  for (const type of PRESSING) addEventListener(type, onPress, true);
  addEventListener("mousedown", onPress);
};
const onPress = (event) => {
  if (!event.isTrusted) return;
  const hit = event.composedPath()[0], captured = event.eventPhase === Event.CAPTURING_PHASE;
  if (event.type === "mousedown" && captured && !press.struck) { press.struck = hit; press.before = standsAt(press); return; }
  if (!press.struck) return;
  // What the page does on the press itself is over when that comes back up, or the focus begins to move.
  if (event.type === "mousedown" || event.type === "blur") press.handled ??= standsAt(press);
  else if (event.type === "mouseup") { press.released ??= hit; press.after ??= standsAt(press); }
  else if (isOf(press, hit)) press.clicked = hit;
  else press.elsewhere = hit;
};
const standsAt = ({ element, stand }) => {
  if (!element.isConnected || !shown(stand)) return "";
  const { x, y, width, height } = placeOf(stand);
  return [x, y, width, height].join(" ");
};
const isOf = ({ element, stand, struck }, hit) => [element, stand, struck].some((one) => within(hit, one));
// Whether what is hit has taken an element's place.
const isTwin = (element, hit) => {
  if (element.isConnected) return false;
  for (let one = hit; one; one = up(one)) if (one.tagName === element.tagName && one.className === element.className && contentText(one) === contentText(element)) return true;
  return false;
};
// What was to be clicked and got no click, though it was pressed: drawn "anew", "gone", or "moved" away from under the
// pointer, or that and "again" worth a press. Where the press itself has moved or removed it, that was what it does.
const lostBy = ({ before, handled, released, after, clicked, elsewhere, ...those }) => {
  if (clicked || !released || isOf(those, released) || after === before) return null;
  if (isTwin(those.element, released)) return "anew";
  if (handled !== before) return null;
  if (!after) return "gone";
  return elsewhere && (listening.has(elsewhere) || elsewhere.closest(ACTING)) ? "moved" : "again";
};
const ACTING = "a[href],button,label,summary,[onclick]";
// Whether the press reached the element, or one that has taken its place; what it reached in other cases, and whether
// that is something to act on.
const pressed = () => {
  if (!press) return null;
  const { element, stand, struck: hit } = press;
  for (const type of PRESSING) removeEventListener(type, onPress, true);
  removeEventListener("mousedown", onPress);
  if (!hit || hit.nodeType !== 1 || reaches(element, hit) || reaches(stand, hit)) return { missed: null, lost: hit ? lostBy(press) : null };
  if (!hit.isConnected || isTwin(element, hit)) return { missed: null, lost: null };      // drawn anew since, as far as anybody can tell
  return { missed: describe(hit), acts: hit.closest(CONTROL) !== null || listening.has(hit) };
};
