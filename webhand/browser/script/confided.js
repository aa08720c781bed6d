// Fields that hold signs of a secret: the one that it was put into, and those that a page moves them on to, as from box
// to box for a code. What they hold is not told while it is that, or a part of it; a whole value is, as it can be found
// and taken out of any text.
const WRITABLE = "input, textarea, [contenteditable]", LONGEST_CLEAR = 200;
const confided = new WeakMap();        // what such a field held when the secret was in
let confidences = [];                  // values of secrets that were put in
let untouched = null;                  // while one is put in: what each field held until then
const heldIn = (field) => field.isContentEditable ? editorText(field) : field.value || "";
const fieldsNow = () => documents().flatMap((root) => Array.from(root.querySelectorAll(WRITABLE)));
// As pages write codes and numbers in groups, or in capitals.
const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "") || text;
const partOf = (part, text) => bare(text).includes(bare(part));
const isConfided = (element, value) => {
  if (!confidences.length || !value) return false;
  const held = confided.get(element), earlier = untouched?.get(element);
  if (held !== undefined && (partOf(value, held) || partOf(held, value))) return true;
  return untouched !== null && (earlier === undefined ? confidences.some((one) => partOf(value, one)) : value !== earlier);
};
const veiled = (element, value) =>
  !isConfided(element, value) || value.length <= LONGEST_CLEAR && confidences.some((one) => value.includes(one))
    ? value : "•".repeat(Math.min(value.length, 12));
// From now on these values go into an element; until it is said that they are in.
const confide = (id, values) => {
  const element = nodeOf(id);
  if (!element?.isConnected) return null;
  confidences = Array.from(new Set([...confidences, ...values]));
  untouched = new Map(fieldsNow().map((field) => [field, heldIn(field)]));
  return true;
};
const confidedAll = () => {
  const fields = untouched ? fieldsNow().filter((field) => isConfided(field, heldIn(field))) : [];
  for (const field of fields) confided.set(field, heldIn(field));
  untouched = null;
  return true;
};
