// Counting what changes, and telling when nothing does.
const REST = 20;                       // milliseconds without a change; on a busy machine two frames may follow at once
let observer = null, changes = 0, changedAt = 0;
const arm = () => {
  changes = 0;
  observer?.disconnect();
  observer = new MutationObserver((records) => { changes += records.length; changedAt = performance.now(); });
  const what = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, what);
  for (const root of roots) observer.observe(root, what);
  return true;
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
  return { changed, busy: false };
};
