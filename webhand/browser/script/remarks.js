// What is to be said of words, besides what they say.
// Which step of several is done or current, as a class says it.
const STEP = /step/i, DONE = /(^|[\s_-])(completed?|finish(ed)?|done)(\s|$)/, AT = /(^|[\s_-])(active|current|process)(\s|$)/;
const stepSays = (element) => {
  const names = element.getAttribute("class");
  return !names || !STEP.test(names) ? "" : DONE.test(names) ? "done" : AT.test(names) ? "current" : "";
};
// What is to be said of words that cannot be acted on.
const remarkOn = (element) => {
  const checked = element.getAttribute("aria-checked"), current = element.getAttribute("aria-current");
  if (checked) return { true: "checked", mixed: "mixed" }[checked] || "unchecked";
  return current && current !== "false" ? "current" : stepSays(element);
};
