// What an element holds and how it stands.
const valueOf = (element, role) => {
  const value = holds(element, role);
  return confidences.length ? value && veiled(element, value) : value;
};
// Nobody sets what shows how far something has come, and nobody reads a ten-thousandth of it.
const GAUGES = new Set(["progressbar", "meter"]);
const fewDigits = (number) => /^-?\d+\.\d{4,}$/.test(number) ? String(Number(Number(number).toFixed(3)) || number) : number;
const holds = (element, role) => {
  const tag = element.tagName;
  if (tag === "SELECT") return Array.from(element.selectedOptions, (one) => squeeze(one.label)).join(", ");
  if (tag === "TEXTAREA") return element.value;
  if (tag === "INPUT") {
    if (/^(checkbox|radio|submit|reset|button|image|hidden)$/.test(element.type)) return null;
    if (element.type === "password") return "•".repeat(Math.min(element.value.length, 12));
    if (element.type === "file") return Array.from(element.files, (one) => one.name).join(", ");
    return element.value || chosenBeside(element, role);
  }
  if (tag === "PROGRESS" || tag === "METER") return fewDigits(String(element.value));
  const now = element.getAttribute("aria-valuetext") || element.getAttribute("aria-valuenow");
  if (role === "slider" && now) return `${now}${numberBeside(element, now)}`;
  if (now !== null && now !== "") return GAUGES.has(role) ? fewDigits(now) : now;
  if (role === "combobox" && !element.isContentEditable) return chosenWithin(element);
  if (role === "textbox" || role === "searchbox" || role === "combobox") return editorText(element);
  return null;
};

// The number that a slider stands at, which it takes, beside words that do not hold it.
const numberBeside = (element, words) => {
  const number = element.getAttribute("aria-valuenow"), told = words.replace(/(?<=\d),(?=\d{3})/g, "").match(/-?\d+(\.\d+)?/g) || [];
  return number && !told.some((one) => Number(one) === Number(number)) ? ` (${number})` : "";
};
const optionsOf = (element) => element.tagName === "SELECT"
  ? Array.from(element.options, (one) => squeeze(one.label) + (one.disabled || one.parentElement.tagName === "OPTGROUP" && one.parentElement.disabled ? " (disabled)" : ""))
  : element.list ? Array.from(element.list.options, (one) => one.value || squeeze(one.label)) : [];
const disabled = (element) => element.matches(":disabled") || element.closest("[aria-disabled=true],[inert]") !== null
  || barred(element, element) || barred(parentOf(element), element);
// Whether a class says so, and the pointer as well.
const barred = (named, element) => {
  const names = named && !hiding(named) ? named.getAttribute("class") : null;
  if (!names || !BARRED.test(names)) return false;
  const { cursor, pointerEvents } = getComputedStyle(element);
  return pointerEvents === "none" || /^(not-allowed|no-drop|default)$/.test(cursor);
};
const isBarred = (element) => element.getAttribute("aria-disabled") === "true" || barred(element, element) || barred(parentOf(element), element);
const BARRED = /(^|[-_\s])(disabled|unavailable)(\s|$)/;
// Pages that say by a class alone which tab, day or page is the current one; one that all its neighbours have says nothing.
const CHOSEN = new Set(["checked", "unchecked", "pressed", "not pressed", "selected", "current"]);
const CHOSEN_CLASS = /(^|[-_])(selected|active|current|checked)$|^(is-)?(on|sel|cur)$/;
const SHORT = /^(is-)?(on|sel|cur)$/;  // may mean something else where the neighbours are of another kind
const said = new Map(), CLASSES = 5000; // by class attribute: pages use the same few over and over
const classSays = (element) => {
  const names = element.getAttribute("class") || "";
  let word = said.get(names);
  if (word === undefined) {
    if (said.size > CLASSES) said.clear();
    word = names.split(/\s+/).find((one) => CHOSEN_CLASS.test(one) && !/(non|un|in)-?(active|selected|checked)$/.test(one)) || "";
    said.set(names, word);
  }
  return word;
};
// Whether an element has all the classes of another, but for the one that says that it is chosen.
const isOfKind = (one, other, word) => Array.from(one.classList).every((name) => name === word || other.classList.contains(name));
const chosenByClass = (element) => {
  for (const one of [element, up(element)]) {
    const word = one && one !== real.body && !hiding(one) ? classSays(one) : "";
    const siblings = word ? Array.from(up(one)?.children || []).filter((other) => other !== one && other.tagName === one.tagName && (!SHORT.test(word) || isOfKind(one, other, word))) : [];
    if (siblings.length && one.children.length <= 3 && !siblings.every((other) => other.classList.contains(word))) return true;
  }
  return false;
};
const statesOf = (element, role, active, names = element.getAttributeNames()) => {
  const states = [], described = names.some((one) => one.startsWith("aria-"));
  const aria = (name) => described ? element.getAttribute("aria-" + name) : null;
  if (disabled(element)) states.push("disabled");
  if (role === "checkbox" || role === "radio" || role === "switch" || role === "menuitemcheckbox" || role === "menuitemradio") {
    const native = element.tagName === "INPUT";
    if (native && element.indeterminate || aria("checked") === "mixed") states.push("mixed");
    else states.push(native && element.checked || aria("checked") === "true" ? "checked" : "unchecked");
  } else if (aria("checked") && element.querySelector(BOXES) === null) states.push({ true: "checked", mixed: "mixed" }[aria("checked")] || "unchecked");
  if (aria("pressed")) states.push(aria("pressed") === "true" ? "pressed" : "not pressed");
  if (aria("selected") === "true") states.push("selected");
  if (aria("expanded")) states.push(aria("expanded") === "true" ? "expanded" : "collapsed");
  else if (names.includes("popovertarget") && element.popoverTargetElement) states.push(element.popoverTargetElement.matches(":popover-open") ? "expanded" : "collapsed");
  else if (element.tagName === "SUMMARY" && element.parentElement?.tagName === "DETAILS") states.push(element.parentElement.open ? "expanded" : "collapsed");
  if (aria("current") && aria("current") !== "false") states.push("current");
  if (element.required || aria("required") === "true") states.push("required");
  if (element.readOnly || aria("readonly") === "true") states.push("readonly");
  if (aria("sort") && aria("sort") !== "none") states.push(`sorted ${aria("sort")}`);
  if (!states.some((one) => CHOSEN.has(one)) && chosenByClass(element)) states.push("selected");
  if ((stepSays(element) || up(element) && !hiding(up(element)) && stepSays(up(element))) === "done") states.push("done");
  if (aria("invalid") && aria("invalid") !== "false") states.push("invalid");
  if (element.type === "password") states.push("secret");
  if (element === active) states.push("focused");
  return states;
};

const KEPT = new Set(["id", "name", "type", "href", "placeholder", "title", "min", "max", "step", "pattern", "accept", "multiple",
  "aria-valuemin", "aria-valuemax", "xlink:href"]);
const RENAMED = new Map([["aria-valuemin", "min"], ["aria-valuemax", "max"], ["xlink:href", "href"]]);
const IDENTIFIES = /^data-.*(id|key|index|test|value)$/;
const attributesOf = (element, name, names) => {
  const kept = {};
  for (const one of names) {
    if (!KEPT.has(one) && !(one.startsWith("data-") && IDENTIFIES.test(one)) && !(one === "class" && !name)) continue;
    const value = element.getAttribute(one);
    if (value.trim() && value.length < 2000) kept[RENAMED.get(one) || one] = cut(value, 200);
  }
  return kept;
};
