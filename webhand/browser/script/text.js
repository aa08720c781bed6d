// The text of the page: all of it, and where something stands.
// Like innerText, with what shadow roots show in place of their hosts' own children.
const fullText = (node) => {
  const hosts = (root) => Array.from(root.querySelectorAll("*")).some(rootOf);
  const walk = (one) => {
    if (one.nodeType === 3) return one.data.replace(/\s+/g, " ");
    if (one.nodeType !== 1 || hiding(one)) return Array.from(childrenOf(one), walk).join("");
    if (SKIPPED.has(one.tagName) || !shown(one)) return "";
    const root = rootOf(one), slotted = one.tagName === "SLOT" ? one.assignedNodes() : [];
    if (one.tagName === "BR") return "\n";
    const plain = !root && !slotted.length && !hosts(one);
    const text = plain ? one.innerText ?? one.textContent : Array.from(root?.childNodes || (slotted.length ? slotted : one.childNodes), walk).join("");
    return /^(inline|contents)/.test(getComputedStyle(one).display) ? text : `\n${text}\n`;
  };
  // More than one space at the beginning of a line is an indent that is shown.
  return walk(node).replace(/[ \t]+\n/g, "\n").replace(/\n[ \t](?=\S)/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
};
const textOf = (id) => {
  const element = id === null ? real.body : nodeOf(id);
  if (!element?.isConnected) return null;
  if (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName)) return valueOf(element, roleOf(element)) ?? nameOf(element, roleOf(element));
  return fullText(element);
};
const find = (text) => {
  const wanted = squeeze(text).toLowerCase(), hits = [];
  const walk = (root) => {
    const texts = real.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if (!(node instanceof Text)) { if (!hiding(node) && rootOf(node)) walk(rootOf(node)); continue; }
      const parent = node.parentElement;
      if (!squeeze(node.data).toLowerCase().includes(wanted) || !parent || hiding(parent) || SKIPPED.has(parent.tagName) || !shown(parent)) continue;
      hits.push(parent);
      if (hits.length >= 20) return;
    }
  };
  // Or the innermost elements in whose parts, put together, it stands.
  const across = (one) => {
    const inner = Array.from(childrenOf(one)).filter((child) => child.nodeType === 1 && contentText(child, Infinity).toLowerCase().includes(wanted));
    if (inner.length) inner.forEach(across); else hits.push(one);
  };
  walk(real.body);
  if (!hits.length && contentText(real.body, Infinity).toLowerCase().includes(wanted)) across(real.body);
  if (hits.length) hits[0].scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  return Array.from(new Set(hits.map((one) => cut(contentText(one.closest("tr,li,[role=row],[role=listitem],option") || one, 300), 200))));
};
const hasText = (text) => !!real.body && squeeze(fullText(real.body)).toLowerCase().includes(squeeze(text).toLowerCase());
