// Lists that a page draws itself: which options they show at the moment.
const OPTION = "[role=option],[role=menuitem],[role=menuitemradio],[role=menuitemcheckbox],[role=treeitem],[role=radio]";
const LIST = /^(combobox|listbox|menu|menubar|tree|radiogroup|textbox|searchbox|)$/;
const OPENING = 500;                   // ms without a further option, after which all are there
let shownBefore = new WeakSet();
const visible = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && shown(element);
};
const around = (element, selector) => Element.prototype.closest.call(element, selector);
// Everything that could be an option: what has such a role, or else text.
const written = () => {
  const found = new Set();
  for (const root of [real.body, ...roots]) {
    const texts = real.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (parent && node.data.trim() && !SKIPPED.has(parent.tagName)) found.add(around(parent, OPTION) || around(parent, "li") || parent);
    }
  }
  return Array.from(found).filter(visible);
};
// The lists that an element is, holds, or names as its own.
const listsOf = (element) => [element, ...element.querySelectorAll("[aria-controls],[aria-owns]")].flatMap((one) =>
  [one, ...["aria-controls", "aria-owns"].flatMap((name) => (one.getAttribute(name) || "").split(/\s+/))
    .map((id) => id && element.getRootNode().getElementById?.(id))]).filter(Boolean);
const optionsNow = (element) => {
  const own = listsOf(element).flatMap((list) => Array.from(list.querySelectorAll(OPTION))).filter(visible);
  const fresh = written().filter((one) => !shownBefore.has(one) && one !== element && !within(one, element));
  const marked = fresh.filter((one) => one.matches(OPTION));
  return Array.from(new Set(own.length || marked.length ? [...own, ...marked] : fresh));
};
const optionLabel = (option) => squeeze(option.getAttribute("aria-label") || contentText(option));
const isChosen = (option) => option.ariaSelected === "true" || option.ariaChecked === "true";

// What a list of the page's own is before it is touched.
const listBefore = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  shownBefore = new WeakSet(written());
  const many = element.ariaMultiSelectable === "true", options = optionsNow(element);
  return { list: LIST.test(roleOf(element)) || /^(listbox|menu|true|tree|grid)$/.test(element.getAttribute("aria-haspopup") || ""),
    open: options.length > 0 && element.ariaExpanded !== "false", many, chosen: options.filter(isChosen).map((one) => [optionLabel(one), idOf(one)]),
    suggested: element.list ? Array.from(element.list.options, (one) => one.value || squeeze(one.label)) : null };
};
// What the field that has the focus holds; null where none has it.
const heldNow = () => activeElement() && isField(activeElement()) ? activeElement().value ?? "" : null;
// Whether a list is open still after `limit` ms, and whether it stands in something that the same key closes.
const isUnfolded = (element) => element.ariaExpanded ? element.ariaExpanded === "true" : optionsNow(element).length > 0;
const unfolded = async (id, limit) => {
  const element = nodeOf(id), began = performance.now();
  if (!element?.isConnected) return null;
  while (isUnfolded(element) && performance.now() - began < limit) await frame();
  return { open: isUnfolded(element), modal: !!around(element, "dialog,[role=dialog],[role=alertdialog],[aria-modal=true],[popover]") };
};
// The option that says this, waited for while the list opens, at most `limit` ms; else what the options say.
const option = async (id, wanted, limit) => {
  const began = performance.now(), plain = squeeze(wanted).toLowerCase();
  let known = "", since = began;
  for (;;) {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const all = optionsNow(element).map((one) => [one, optionLabel(one)]).filter(([, label]) => label);
    const found = all.filter(([one]) => !disabled(one));     // a notice, such as that they are being looked for, is disabled
    const said = (those) => those.find(([, label]) => label === squeeze(wanted)) || those.find(([, label]) => label.toLowerCase() === plain);
    const hit = said(found), off = hit ? null : said(all);
    if (hit) return { node: idOf(hit[0]), label: hit[1], chosen: isChosen(hit[0]) };
    if (off) return { off: off[1] };
    const texts = found.map(([, label]) => label).join("\n"), now = performance.now();
    if (texts !== known) { known = texts; since = now; }
    if (now - began > limit || found.length && now - since > Math.min(OPENING, limit)) {
      return { options: found.map(([, label]) => label), held: heldNow() };
    }
    await frame();
  }
};
// Scrolls on in the list whose options are shown; false at its end, or back at its top if `up`.
const scrollOptions = async (id, up) => {
  const element = nodeOf(id), first = element?.isConnected && optionsNow(element)[0];
  const list = first ? scrollable(first) : null;
  if (!list || list === real.scrollingElement) return false;
  const before = list.scrollTop;
  list.scrollTop = up ? 0 : before + Math.max(list.clientHeight - 20, 20);
  await drawn();
  return list.scrollTop !== before;
};
const shows = (id) => {
  const element = nodeOf(id);
  return element?.isConnected ? { value: valueOf(element, roleOf(element)) } : null;
};
