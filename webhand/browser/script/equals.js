// What tells elements apart that are called the same: what is written around each.
const LABEL_CHARS = 80, EQUALS = 2000;
const scopes = new WeakMap();          // by element: the part of the page that is about it alone
const labelOf = (scope) => {
  const texts = real.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const text = node.data.length < 1000 ? squeeze(node.data) : "";
    if (text && !SKIPPED.has(node.parentElement.tagName)) return cut(text, LABEL_CHARS);
  }
  return "";
};

class Equals {
  constructor() { this.byName = new Map(); }
  add(element, role, name, number) {
    const called = `${role} ${name}`, known = this.byName.get(called);
    if (known) known.push([element, number]); else this.byName.set(called, [[element, number]]);
  }
  // Puts beside each entry that has its like the first words of the largest part that holds no other such.
  tell(entries) {
    const body = real.body;
    for (const group of this.byName.values()) {
      if (group.length === 1) { scopes.delete(group[0][0]); continue; }
      if (group.length > EQUALS) continue;
      const held = new Map();
      for (const [element] of group) for (let one = element; one && one !== body; one = up(one)) held.set(one, (held.get(one) || 0) + 1);
      for (const [element, number] of group) {
        let scope = element;
        for (let above = up(scope); above && held.get(above) === 1; above = up(scope)) scope = above;
        scopes.set(element, scope);
        entries[number][14] = labelOf(scope);
      }
    }
  }
}
// The same of one element as it stands now; "" where it had no like at the last look.
const labelNow = (element) => {
  const scope = scopes.get(element);
  return scope?.isConnected && within(element, scope) ? labelOf(scope) : "";
};
