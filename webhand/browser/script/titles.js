// What a part of the page is called that holds other things to act on: by its heading, or by the words it begins with.
const HEADING = HEADINGS.join(), TITLE_CHARS = 80;
const cards = new WeakSet();           // elements that are named so
// Whether an element that holds controls is acted on beside them: it shows so, or takes what is dropped. What is that large
// is the page, which a style may give a pointer for the sake of a phone.
const isCard = (element) => {
  if (element.matches("tr,td,html,body,main,form,table,thead,tbody")) return false;
  if (isDraggable(element) || listening.get(element) === "droppable") return true;
  const { width, height } = boxOf(element);
  return AIMED.test(cursorOf(element)) && width * height <= innerWidth * innerHeight / 2;
};
const headingIn = (element) => Array.from(element.querySelectorAll(HEADING)).find((one) => shown(one));
// What begins with a link, or with the label of a box, does what that does.
const titleOf = (element) => {
  const heading = headingIn(element);
  if (!heading) return firstWords(element);
  const inControl = heading.closest(CONTROL);
  return hasControls(heading) || inControl && inControl !== element && within(inControl, element) ? "" : contentText(heading, TITLE_CHARS);
};
// A dialog has no name but what stands first in it, in many.
const dialogName = (element) => {
  const heading = headingIn(element);
  return labelledBy(element) || squeeze(element.getAttribute("aria-label") || "") || heading && contentText(heading, TITLE_CHARS, CONTROL)
    || firstWords(element) || givenName(element, "dialog");
};
const firstWords = (element) => {
  const texts = real.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const { parentElement } = text, control = parentElement.closest(`${CONTROL},label`);
    if (!WORDS_IN.test(text.data) || SKIPPED.has(parentElement.tagName) || !shown(parentElement)) continue;
    if (!control || control === element || !within(control, element)) return cut(lineAround(text, element), TITLE_CHARS);
    if (control.matches("a[href],label")) return "";
  }
  return squeeze(element.querySelector("img[alt]")?.alt || "");
};
// The words of the line that a text is in.
const lineAround = (text, element) => {
  let line = null;
  for (let one = text.parentElement; one !== element && !hasControls(one); one = one.parentElement) {
    line = one;
    if (isBlock(getComputedStyle(one).display)) break;
  }
  return line ? contentText(line, TITLE_CHARS) : squeeze(text.data);
};
