// Counting what changes, and telling when nothing does.
const REST = 20;                       // milliseconds without a change; on a busy machine two frames may follow at once
const TICKS = 250;                     // milliseconds between two changes that are still one going on
const BARE = 50;                       // milliseconds after which what moves and holds nothing is taken for an animation
const LENGTHS = 4;                     // by how many characters what a clock or a counter shows gets longer or shorter
const STIRRED = 100;                   // nodes that are kept of those that have changed since the page came to rest
let observer = null, changes = 0, changedAt = 0;
const stirred = new Set();
const arm = () => {
  changes = 0;
  stirred.clear();
  doubt();
  observer?.disconnect();
  observer = new MutationObserver((records) => {
    const now = performance.now();
    let counted = 0;
    for (const record of records) {
      if (isTick(record, now)) continue;
      counted++;
      if (stirred.size < STIRRED) stirred.add(record.target);
    }
    if (counted) { changes += counted; changedAt = now; }
  });
  const what = { subtree: true, childList: true, attributes: true, characterData: true, characterDataOldValue: true };
  observer.observe(document, what);
  for (const root of roots) observer.observe(root, what);
  return true;
};
// What changes again and again in the same way, as an animation, a clock or a counter does, is no unrest once it has gone
// on for longer than a transition takes; what holds nothing, at once. It is remembered from one action to the next.
const ticking = new WeakMap();         // by node: since when it has been changing, and when it last did
const isTick = (record, now) => {
  const { target } = record;
  if (record.type !== "attributes" && !keepsLength(record)) { ticking.delete(target); return false; }
  const was = ticking.get(target);
  if (!was || now - was.last > TICKS) { ticking.set(target, { since: now, last: now, bare: isHollow(record) }); return false; }
  was.last = now;
  return now - was.since > (was.bare ? BARE : TRANSITION);
};
// Whether a node has been changing for so long and still does.
const changesOn = (node, least) => {
  const its = ticking.get(node);
  return !!its && performance.now() - its.last < TICKS && its.last - its.since > least;
};
const isHollow = ({ type, target }) => type === "attributes" && target.textContent === "" && !target.matches(CONTROL) && !hasControls(target);
const keepsLength = ({ type, target, addedNodes, removedNodes, oldValue }) => {
  if (type === "characterData") return Math.abs(target.data.length - oldValue.length) <= LENGTHS;
  const [come, gone] = [addedNodes, removedNodes].map((nodes) => nodes.length === 1 && nodes[0].nodeType === 3 ? nodes[0].data.length : -1);
  return come >= 0 && gone >= 0 && Math.abs(come - gone) <= LENGTHS;
};
// Whether something with content is still on its way in or out of the view. What only changes its colour, and ripples
// under a button, are not waited for; nor is what goes on for long.
const MOVES = /^(opacity|visibility|display|transform|translate|scale|(max-|min-)?(height|width)|top|left|right|bottom|margin.*|inset.*|grid.*)$/;
const TRANSITION = 600;                // milliseconds that are waited for the end of a transition
const underWay = () => real.getAnimations().some((one) => {
  const { effect } = one, { target } = effect || {};
  if (one.playState !== "running" || !target || one.transitionProperty && !MOVES.test(one.transitionProperty)) return false;
  if (effect.getComputedTiming().endTime - one.currentTime > TRANSITION) return false;
  return target.textContent.length > 0 || hasControls(target);
});
// Whether an animation that moves a node, or what holds it, ends within so many milliseconds.
const SHIFTS = /^(transform|translate|scale|rotate|offset|((max|min)-?)?(height|width)|top|left|right|bottom|margin|padding|inset|grid|flex)/i;
const comesToRest = (node, limit) => real.getAnimations().some(({ playState, effect, currentTime, transitionProperty }) => {
  if (playState !== "running" || !effect?.target || !within(node, effect.target)) return false;
  if (effect.getComputedTiming().endTime - currentTime > limit) return false;
  return transitionProperty ? SHIFTS.test(transitionProperty) : effect.getKeyframes().some((one) => Object.keys(one).some((name) => SHIFTS.test(name)));
});
// Resolves after two quiet frames once something changed, or when nothing changed within `wait` ms; not before `least`.
const settle = async (wait, limit, least) => {
  const began = performance.now();
  let quiet = 0, seen = changes, changed = changes > 0;
  for (;;) {
    await frame();
    if (changes !== seen) { seen = changes; quiet = 0; changed = true; } else quiet++;
    const passed = performance.now() - began;
    if (quiet >= 2 && performance.now() - changedAt >= REST && passed >= least && (changed || passed >= wait) && !(passed < TRANSITION && underWay())) break;
    if (passed >= limit) return { changed, busy: true };
  }
  stirred.clear();
  return { changed, busy: false };
};
// Whether something other than these nodes, or than what has the focus in place of null, changes within so many
// milliseconds, or has since the page came to rest.
const stirs = async (ids, limit) => {
  const began = performance.now(), own = ids.map((id) => id === null ? activeElement() : nodeOf(id)).filter(Boolean);
  const isOther = (node) => !own.some((one) => within(node, one));
  while (!Array.from(stirred).some(isOther)) {
    if (performance.now() - began >= limit) return false;
    await frame();
  }
  return true;
};
