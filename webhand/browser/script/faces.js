// What is drawn in place of a control, or around one, and is nothing to act on beside it.

// Whether an element is what names a box and is drawn as its face.
const isLabel = (element, role, name) => {
  const box = element.closest("label")?.control;
  return !!box && /^(radio|checkbox)$/.test(box.type) && nameOf(box, roleOf(box)) === name && (role === "" || !drawnItself(box));
};
// Whether an element holds a canvas and no words: what is pointed at is the canvas.
const holdsCanvas = (element) => element.tagName !== "CANVAS" && element.querySelector("canvas") !== null && !contentText(element, 1);
// Whether an element is nothing but a bar that scrolls something else: boxes without content, one longer than what is around it.
const isBar = (element) => {
  const boxes = Array.from(element.getElementsByTagName("*"));
  return boxes.length > 0 && boxes.length <= 4 && boxes.every((one) => one.tagName === "DIV") && !element.textContent.trim()
    && boxes.some((one) => (one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth) && /auto|scroll/.test(getComputedStyle(one).overflow));
};
// Whether an element is drawn in place of the box beside it, which is not seen.
const isBoxFace = (element) => {
  const beside = element.parentElement?.querySelectorAll(":scope > input") || NONE;
  return beside.length === 1 && /^(radio|checkbox)$/.test(beside[0].type) && !drawnItself(beside[0]);
};
// Whether what lies under something else is not worth telling: it has no name and no looks, and can only be pointed at.
const isBuried = (element, hit) => element.tagName === "CANVAS" ? hit.tagName === "CANVAS"
  : !/^(VIDEO|AUDIO)$/.test(element.tagName) && !(element instanceof SVGElement) && !element.id && !looksOf(element, "");
