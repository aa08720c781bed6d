// What a box that acts only by listening or by its pointer holds: parts that can be acted on by themselves, as the days of
// a calendar have no listeners of their own where the calendar hears the clicks. The pointer's shape tells them, which is
// another one there than in the box, or that they can be dragged.
const LOOKED_AT = 200;                 // elements of a box
const LOOKED_AT_FAR = 2000;            // elements in a pass from which on boxes far from the view are taken as a whole
let looked = 0;                        // elements that were looked at in this pass
const WORDS_IN = /[\p{L}\p{N}]/u;
const sublists = new WeakSet();        // lists within an entry of a list, whose entries are parts of it
const isDraggable = (element) => element.hasAttribute("draggable") && element.draggable;
const aims = (one, around) => {
  const cursor = cursorOf(one);
  return cursor !== around && AIMED.test(cursor);
};
const holdsParts = (element, far) => {
  if (element.firstElementChild === null && element.tagName !== "SLOT" || far && looked > LOOKED_AT_FAR) return false;
  return holdsEntries(element) || holdsDraggable(element) || partIn(element, cursorOf(element), looked + LOOKED_AT);
};
const partIn = (outer, around, most) => {
  if (outer.tagName === "SLOT" && outer.assignedElements().some((one) => isPart(one, around, most))) return true;
  for (let one = outer.firstElementChild; one !== null; one = one.nextElementSibling) if (isPart(one, around, most)) return true;
  return false;
};
const isPart = (one, around, most) => looked++ < most
  && (aims(one, around) && shown(one) || (one.firstElementChild !== null || one.tagName === "SLOT") && partIn(one, around, most));
const holdsDraggable = (element) => {
  const one = element.querySelector("[draggable=true]");
  return one !== null && shown(one);
};
const holdsEntries = (element) => {
  if (element.tagName !== "LI") return false;
  const inner = Array.from(element.querySelectorAll("li")).filter((one) => shown(one));
  for (const one of inner) sublists.add(one.parentElement);
  return inner.length > 0;
};
// What becomes of a box with such parts: "whole" where it is acted on itself, as a row is that has words beside them, or a
// handle for its parts; "brief" where it only takes what is dropped, or the focus; "" where it listens for them alone.
const ENTRY = "tr,li,[role=row],[role=listitem]";
const standingOf = (element) => {
  const what = listening.get(element);
  if (what === "droppable") return "brief";
  if (what === "hoverable" || AIMED.test(cursorOf(element)) || isDraggable(element)) return "whole";
  const [beside, inParts] = wordsOfParts(element);
  if (beside && (!inParts || what === undefined || element.matches(ENTRY))) return "whole";
  return element.hasAttribute("tabindex") && element.tabIndex >= 0 ? "brief" : "";
};
// Whether there are words beside the parts, and in them.
const wordsOfParts = (element) => {
  const around = cursorOf(element), found = [false, false];
  let left = LOOKED_AT;
  const look = (outer, part) => {
    for (const one of drawnIn(outer)) {
      if (one.nodeType === 3 && WORDS_IN.test(one.data)) found[part ? 1 : 0] = true;
      if (one.nodeType === 1 && !SKIPPED.has(one.tagName) && left-- > 0 && shown(one)) look(one, part || aims(one, around) || isDraggable(one) || one.tagName === "LI");
    }
  };
  look(element, false);
  return found;
};
