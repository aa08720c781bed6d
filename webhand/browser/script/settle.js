// Counting what changes, and telling when nothing does.
let observer = null, changes = 0;
const arm = () => {
  changes = 0;
  observer?.disconnect();
  observer = new MutationObserver((records) => { changes += records.length; });
  const what = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, what);
  for (const root of roots) observer.observe(root, what);
  return true;
};
// Resolves after two quiet frames once something changed, or when nothing changed within `wait` ms; not before `least`.
const settle = async (wait, limit, least) => {
  const began = performance.now();
  let quiet = 0, seen = changes, changed = changes > 0;
  for (;;) {
    await frame();
    if (changes !== seen) { seen = changes; quiet = 0; changed = true; } else quiet++;
    const passed = performance.now() - began;
    if (quiet >= 2 && passed >= least && (changed || passed >= wait)) break;
    if (passed >= limit) return { changed, busy: true };
  }
  return { changed, busy: false };
};
const disarm = () => { observer?.disconnect(); observer = null; return true; };
