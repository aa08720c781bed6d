// Native lists: what a person would do so that certain options are chosen, and none else.
const LETTERS = 20;                    // of an option's label that are worth typing
const usable = (option) => !option.matches(":disabled") && getComputedStyle(option).display !== "none";
const isPopup = (select) => !select.multiple && select.size <= 1;

// The fewest keys that lead to an option in an open popup: arrows from the chosen one or an end, letters before them.
const keysTo = (select, goal, typing) => {
  const options = Array.from(select.options).filter(usable), end = options.indexOf(goal);
  const arrows = (from) => Array(Math.abs(end - from)).fill(end > from ? "ArrowDown" : "ArrowUp");
  const chosen = options.indexOf(select.selectedOptions[0]), ways = [["Home", ...arrows(0)], ["End", ...arrows(options.length - 1)]];
  if (!typing) return ways.sort((one, other) => one.length - other.length)[0];
  if (chosen >= 0) ways.push(arrows(chosen));
  // Chromium looks for what was typed so far, from the option it has come to; one letter typed again goes on to the next.
  const labels = options.map((one) => one.label.trim().toLowerCase());
  let at = Math.max(chosen, 0), typed = "", again = "";
  for (const letter of Array.from(goal.label.trim()).slice(0, LETTERS)) {
    if (letter.length > 1 || chosen < 0) break;
    typed += letter;
    const repeated = letter === again, start = repeated || typed.length === 1 ? at + 1 : at;
    again = repeated || typed.length === 1 ? letter : "";
    const sought = (repeated ? letter : typed).toLowerCase();
    const found = labels.findIndex((_, step) => labels[(start + step) % labels.length].startsWith(sought));
    if (found < 0) break;
    at = (start + found) % labels.length;
    ways.push([...typed, ...arrows(at)]);
  }
  return ways.sort((one, other) => one.length - other.length)[0];
};
// The fewest clicks, each on the line of an option and with a key held: those that differ, or a run, or one and the rest.
const clicksFor = (select, wanted) => {
  const held = /Mac/.test(navigator.platform) ? "Meta" : "Control", options = Array.from(select.options), lines = options.filter(usable);
  const number = (option) => options.indexOf(option), toggled = (one) => [number(one), held];
  const ways = [options.filter((one) => one.selected !== wanted.includes(one)).map(toggled)];
  if (wanted.length) {
    const [first, ...rest] = wanted, last = wanted.at(-1);
    ways.push([[number(first), ""], ...rest.map(toggled)]);
    if (lines.indexOf(last) - lines.indexOf(first) === wanted.length - 1) ways.push([[number(first), ""], [number(last), "Shift"]]);
  }
  return ways.sort((one, other) => one.length - other.length)[0];
};

const labelsOfChosen = (select) => Array.from(select.selectedOptions, (one) => squeeze(one.label)).join(", ");
let changed = null;                    // the list that is watched for its change event, and whether it came
const onChange = (event) => { if (event.target === changed?.list) changed.seen = true; };

// How to choose options by what they say or by their values, or why that cannot be.
const choosing = (id, wanted) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  if (element.tagName !== "SELECT") return { other: true };
  const options = Array.from(element.options), plain = (text) => squeeze(text).toLowerCase();
  const pick = (text) => {
    const same = (say) => { const like = options.filter(say); return like.find(usable) || like[0]; };
    return same((one) => squeeze(one.label) === squeeze(text)) || same((one) => one.value === text) || same((one) => plain(one.label) === plain(text));
  };
  const found = wanted.map(pick), missing = wanted.filter((_, i) => !found[i]);
  if (missing.length) return { missing, options: options.map((one) => squeeze(one.label)) };
  const off = found.find((one) => !usable(one) && !one.selected);
  if (off) return { off: squeeze(off.label) };
  const goal = options.filter((one) => found.includes(one));
  if (goal.length !== 1 && !element.multiple) return { single: true };
  const plan = { value: goal.map((one) => squeeze(one.label)).join(", "), numbers: goal.map((one) => options.indexOf(one)) };
  if (options.every((one) => one.selected === goal.includes(one))) return { ...plan, already: true };
  changed = { list: element, seen: false };
  addEventListener("change", onChange, true);
  if (!isPopup(element)) return { ...plan, clicks: clicksFor(element, goal) };
  return { ...plan, keys: keysTo(element, goal[0], getComputedStyle(element).appearance !== "base-select"), plain: keysTo(element, goal[0], false) };
};
// Whether the popup of a list is open; null in browsers that do not tell.
const isOpen = (id) => {
  try { return nodeOf(id)?.isConnected ? nodeOf(id).matches(":open") : null; } catch { return null; }
};
// Where the line of an option is, once it stands still: a list scrolls by itself to what is chosen in it.
const line = async (id, number) => {
  const option = nodeOf(id)?.options?.[number];
  for (let box = null, tries = 0; option?.isConnected && tries < 10; tries++) {
    option.scrollIntoView({ block: "nearest", behavior: "instant" });
    const now = option.getBoundingClientRect();
    if (box?.y === now.y && box.x === now.x) return { x: now.x + Math.min(now.width / 2, 20), y: now.y + now.height / 2 };
    box = now;
    for (let drawn = 0; drawn < 2; drawn++) await frame();
  }
  return null;
};
// What is chosen now, and whether the list has said that it changed.
const chosen = (id) => {
  const element = nodeOf(id);
  removeEventListener("change", onChange, true);
  return element?.isConnected ? { value: labelsOfChosen(element), told: !!changed?.seen } : null;
};
// For a list that cannot be opened: as if it had been chosen from.
const setChosen = (id, numbers) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  if (element.multiple) Array.from(element.options).forEach((one, number) => { one.selected = numbers.includes(number); });
  else element.selectedIndex = numbers[0];
  element.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  element.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
};
