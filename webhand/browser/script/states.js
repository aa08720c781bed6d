// What an element holds and how it stands.
const valueOf = (element, role) => {
  const tag = element.tagName;
  if (tag === "SELECT") return Array.from(element.selectedOptions, (one) => squeeze(one.label)).join(", ");
  if (tag === "TEXTAREA") return element.value;
  if (tag === "INPUT") {
    if (/^(checkbox|radio|submit|reset|button|image|hidden)$/.test(element.type)) return null;
    if (element.type === "password") return "•".repeat(Math.min(element.value.length, 12));
    if (element.type === "file") return Array.from(element.files, (one) => one.name).join(", ");
    return element.value;
  }
  if (tag === "PROGRESS" || tag === "METER") return String(element.value);
  const now = element.getAttribute("aria-valuetext") || element.getAttribute("aria-valuenow");
  if (now !== null && now !== "") return now;
  if (role === "combobox" && !element.isContentEditable) return contentText(element, 200);
  if (role === "textbox" || role === "searchbox" || (role === "combobox" && element.isContentEditable)) return element.innerText?.trim() ?? "";
  return null;
};

const optionsOf = (element) => element.tagName === "SELECT"
  ? Array.from(element.options, (one) => squeeze(one.label) + (one.disabled ? " (disabled)" : ""))
  : element.list ? Array.from(element.list.options, (one) => one.value || squeeze(one.label)) : [];
const disabled = (element) => element.matches(":disabled") || !!element.closest("[aria-disabled=true]") || !!element.closest("[inert]");
const statesOf = (element, role, active) => {
  const states = [];
  const aria = (name) => element.getAttribute("aria-" + name);
  if (disabled(element)) states.push("disabled");
  if (role === "checkbox" || role === "radio" || role === "switch" || role === "menuitemcheckbox" || role === "menuitemradio") {
    const native = element.tagName === "INPUT";
    if (native && element.indeterminate || aria("checked") === "mixed") states.push("mixed");
    else states.push((native ? element.checked : aria("checked") === "true") ? "checked" : "unchecked");
  }
  if (aria("pressed")) states.push(aria("pressed") === "true" ? "pressed" : "not pressed");
  if (aria("selected") === "true") states.push("selected");
  if (aria("expanded")) states.push(aria("expanded") === "true" ? "expanded" : "collapsed");
  else if (element.tagName === "SUMMARY" && element.parentElement?.tagName === "DETAILS") states.push(element.parentElement.open ? "expanded" : "collapsed");
  if (aria("current") && aria("current") !== "false") states.push("current");
  if (element.required || aria("required") === "true") states.push("required");
  if (element.readOnly || aria("readonly") === "true") states.push("readonly");
  if (aria("invalid") && aria("invalid") !== "false") states.push("invalid");
  if (element.type === "password") states.push("secret");
  if (element === active) states.push("focused");
  return states;
};

const KEPT = ["id", "name", "type", "href", "placeholder", "title", "data-testid", "min", "max", "step", "pattern", "accept", "multiple"];
const attributesOf = (element) => {
  const kept = {};
  for (const name of KEPT) {
    const value = element.getAttribute(name);
    if (value) kept[name] = cut(value, 200);
  }
  return kept;
};
