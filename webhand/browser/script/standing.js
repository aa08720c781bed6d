// Where the view of this document stands, and what its origin keeps for as long as the tab is open.
const SESSION_CHARS = 2000000;         // of one origin; browsers allow some more
const standing = () => {
  let kept = null;
  try {
    const entries = Object.entries(sessionStorage);
    if (entries.length && entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0) <= SESSION_CHARS) kept = Object.fromEntries(entries);
  } catch {
    kept = null;                       // a document of no origin has none, and says so by an error
  }
  return { origin: location.origin, kept, scroll: [scrollX, scrollY] };
};
const scrollPage = (x, y) => { scrollTo({ left: x, top: y, behavior: "instant" }); return [scrollX, scrollY]; };
