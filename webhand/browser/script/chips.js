// What is drawn in or beside where one types, in place of text of its own: what was chosen, and the hint of what to type.
const CHIP = "[class*=chip i],[class*=tag i],[class*=token i],[class*=pill i],[class*=multivalue i],[class*=multi-value i],[class*=singlevalue i],"
  + "[class*=single-value i],[class*=selection-item],[class*=selection__choice],[class*=selected-item],.item,[data-tag],[role=option][aria-selected=true]";
const HINT = "[class*=placeholder i],[data-slate-placeholder]";
const REMOVING = "button,[role=button],[class*=remove i],[class*=close i],[class*=delete i],[class*=clear i]";
const CLOSING = /^\s*[×✕✖✗⨯]|[×✕✖✗⨯]\s*$/gu;
const CHIP_LEVELS = 4, CHIP_CHARS = 100, WIDGET_HEIGHT = 200;
const OPENED = "[role=listbox],[role=menu],[role=tree],[role=dialog]";
// A hint that has been written over holds the value, in some.
const hints = (one) => one.matches(HINT) && !(one.matches("[class*=selected]") && !one.matches("[class*=transparent]"));
const chipText = (chip) => {
  let text = contentText(chip);
  for (const one of chip.querySelectorAll(REMOVING)) text = text.replace(squeeze(one.getAttribute("aria-label") || contentText(one)), "");
  return squeeze(text.replace(CLOSING, ""));
};
// The outermost of those that are seen, around which nothing else is chosen; nothing of a list that is open.
const seenIn = (box, field, selector) => Array.from(box.querySelectorAll(selector)).filter((one) => !within(field, one) && shown(one)
  && (within(one, field) ? one.closest("[class*=dropdown]") === null : one.closest(OPENED) === null) && !(one.parentElement !== box && one.parentElement.closest(selector) && box.contains(one.parentElement.closest(selector))));
const chipsIn = (box, field) => seenIn(box, field, CHIP).filter((one) => !hints(one)).map(chipText).filter((text) => text && text.length <= CHIP_CHARS);
const hintIn = (box, field) => seenIn(box, field, HINT).filter(hints).map((one) => contentText(one, CHIP_CHARS))[0] || "";
// Boxes that hold this field and no other, the smallest first.
const aroundField = function* (field) {
  let one = up(field);
  for (let level = 0; level < CHIP_LEVELS && one && one !== real.body && !hiding(one); level++, one = up(one)) {
    if (boxOf(one).height > WIDGET_HEIGHT || /^(FORM|FIELDSET|TR|TD|LI)$/.test(one.tagName) || rootOf(one)) return;
    if (Array.from(one.querySelectorAll("input:not([type=hidden]),textarea,[contenteditable=true]")).some((other) => other !== field && boxOf(other).width > 2 && shown(other))) return;
    yield one;
  }
};
// Whether something may be drawn beside a field: looked for only where lists are, or right before it.
const decorated = (field, role) => role === "combobox" || field.hasAttribute("aria-autocomplete") || field.hasAttribute("aria-haspopup")
  || !!(field.previousElementSibling || up(field)?.previousElementSibling)?.matches(CHIP);
const first = (field, told) => {
  for (const box of aroundField(field)) {
    const found = told(box, field);
    if (found.length) return found;
  }
  return "";
};
const chosenBeside = (field, role) => decorated(field, role) ? Array.from(first(field, chipsIn)).join(", ") : "";
const chosenWithin = (box) => chipsIn(box, box).join(", ") || (box.querySelector(HINT) && hintIn(box, box) ? "" : contentText(box, 200, OPENED));
// The hint that is drawn where a field is empty; "" where its own attribute says it.
const drawnHint = (field, role) => {
  if (field.placeholder?.trim() || field.getAttribute("aria-placeholder")) return "";
  const written = field.isContentEditable ? field.querySelector("[data-placeholder]")?.dataset.placeholder || field.dataset.placeholder : "";
  if (written) return squeeze(written);
  if (field.isContentEditable || field.tagName !== "INPUT") return hintIn(field, field) || (field.isContentEditable ? first(field, hintIn) : "");
  return decorated(field, role) ? first(field, hintIn) : "";
};
// What an editor shows that is text of its own.
const editorText = (editor) => {
  const text = editor.innerText?.trim() ?? "";
  return text && text.length <= CHIP_CHARS && editor.querySelector(HINT) && squeeze(text) === hintIn(editor, editor) ? "" : text;
};
