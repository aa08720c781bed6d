// The focus, and what fields and lists are set to.
const focus = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  if (!within(activeElement() || real.body, element)) element.focus({ preventScroll: true });
  return within(activeElement() || real.body, element);
};
const selectAll = (id) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return false;
  if (typeof element.select === "function") { element.select(); return element.value !== ""; }
  const inner = element.isContentEditable ? element : element.querySelector("[contenteditable]") || element;
  const range = real.createRange();
  range.selectNodeContents(inner);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return inner.textContent !== "";
};
// Date-like inputs, ranges and colours have no typing that works everywhere: the value is set as the browser's own picker does.
const setValue = (id, value) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  element.value = value;
  element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  return element.value;
};
const choose = (id, wanted) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  if (element.tagName !== "SELECT") return { other: true };
  const options = Array.from(element.options), plain = (text) => squeeze(text).toLowerCase();
  const found = wanted.map((text) => options.find((one) => squeeze(one.label) === squeeze(text))
    || options.find((one) => one.value === text) || options.find((one) => plain(one.label) === plain(text)));
  const missing = wanted.filter((_, i) => !found[i]);
  if (missing.length) return { missing, options: options.map((one) => squeeze(one.label)) };
  const off = found.find((one) => one.disabled || one.closest("optgroup[disabled]"));
  if (off) return { off: squeeze(off.label) };
  if (found.length !== 1 && !element.multiple) return { single: true };
  if (element.multiple) for (const one of options) one.selected = found.includes(one);
  else found[0].selected = true;
  element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  return { value: valueOf(element, "combobox") };
};
