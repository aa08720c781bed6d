// Runs in the isolated world of one document: the page can neither see nor fake what is done here.
// The file is one expression; its value is kept in the world and its functions are called by name.
(() => {
  const LIMIT_NODES = 200000, LIMIT_TEXT = 4000, NAME_CHARS = 160, OWN_TEXT = 160;
  const ids = new WeakMap(), nodes = new Map();
  const brief = new WeakSet();           // elements that are named by a label alone, as what is in them is shown by itself
  const listening = new WeakSet();      // nodes with listeners of their own, as the protocol told
  const holders = new WeakSet();        // what such nodes are in
  const roots = new Set();               // open shadow roots met so far: mutation observers do not look into them
  const key = Array.from(crypto.getRandomValues(new Uint32Array(2)), (n) => n.toString(36)).join("");
  let last = 0;

  const idOf = (node) => {
    let id = ids.get(node);
    if (!id) { id = ++last; ids.set(node, id); nodes.set(id, new WeakRef(node)); }
    return id;
  };
  // Elements that are named like a property hide that property of the document and of their form, in this world too:
  // the document is asked through its prototype, and of such a form only the content is read.
  const real = new Proxy({}, { get: (_, name) => {
    const value = Reflect.get(Document.prototype, name, document);
    return typeof value === "function" ? value.bind(document) : value;
  } });
  const getter = (prototype, name) => { const { get } = Object.getOwnPropertyDescriptor(prototype, name); return (node) => get.call(node); };
  const slotOf = getter(Element.prototype, "assignedSlot"), parentOf = getter(Node.prototype, "parentElement");
  const childrenOf = getter(Node.prototype, "childNodes"), fieldsOf = getter(HTMLFormElement.prototype, "elements");
  const HARMLESS = new Set(["id", "title", "lang", "name", "type", "value", "label", "hidden", "text"]);
  const hiding = (element) => element instanceof HTMLFormElement && Array.from(fieldsOf(element))
    .some((field) => [field.name, field.id].some((name) => name && !HARMLESS.has(name) && name in HTMLFormElement.prototype));
  const nodeOf = (id) => nodes.get(id)?.deref();
  const squeeze = (text) => text.replace(/[\s\u200b]+/g, " ").trim();
  const cut = (text, most) => text.length > most ? text.slice(0, most - 1) + "…" : text;
  const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK", "TITLE", "DATALIST", "BASE"]);

  // ---- roles -------------------------------------------------------------------------------------------------
  const INPUT_ROLES = { button: "button", submit: "button", reset: "button", image: "button", checkbox: "checkbox",
    radio: "radio", range: "slider", number: "spinbutton", search: "searchbox", file: "file", color: "color",
    date: "date", time: "time", month: "month", week: "week", "datetime-local": "datetime" };
  const TAG_ROLES = { BUTTON: "button", SUMMARY: "summary", TEXTAREA: "textbox", OPTION: "option", IMG: "img",
    H1: "heading", H2: "heading", H3: "heading", H4: "heading", H5: "heading", H6: "heading", DIALOG: "dialog",
    NAV: "navigation", MAIN: "main", ASIDE: "complementary", FORM: "form", TABLE: "table", UL: "list", OL: "list" };
  const CONTROLS = new Set(["button", "link", "checkbox", "radio", "switch", "textbox", "searchbox", "combobox",
    "listbox", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab", "treeitem", "slider", "spinbutton",
    "file", "color", "date", "time", "month", "week", "datetime", "summary", "gridcell", "scrollbar"]);

  const roleOf = (element) => {
    const given = (element.getAttribute("role") || "").trim().split(/\s+/)[0];
    if (given && given !== "presentation" && given !== "none") return given;
    const tag = element.tagName;
    if (tag === "INPUT") {
      if (element.list && /^(text|search|url|tel|email|)$/.test(element.type)) return "combobox";
      return INPUT_ROLES[element.type] || "textbox";
    }
    if (tag === "SELECT") return element.multiple || element.size > 1 ? "listbox" : "combobox";
    if ((tag === "A" || tag === "AREA") && element.hasAttribute("href")) return "link";
    if (element.isContentEditable && !element.parentElement?.isContentEditable) return "textbox";
    return TAG_ROLES[tag] || "";
  };

  const CONTROL = "a[href],button,input:not([type=hidden]),select,textarea,[role=button],[role=link],[role=checkbox],[role=tab],[role=menuitem],[role=option],[role=treeitem],[role=radio],[role=switch],[tabindex],[onclick]";
  const hasControls = (element) => !!element.querySelector(CONTROL) || !!element.shadowRoot;
  // Whether a node listens on behalf of what is in it, so that it is nothing to point at itself.
  const gathers = (element) => {
    if (element.matches("html,body,main,form,ul,ol,table,thead,tbody,[role=list],[role=listbox],[role=tree]")) return true;
    if (holders.has(element) && contentText(element, OWN_TEXT).length > OWN_TEXT || hasControls(element)) return true;
    const box = element.getBoundingClientRect();
    return element.childElementCount > 0 && box.width * box.height > innerWidth * innerHeight / 2;
  };

  const NATIVE = new Set(["BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY"]);
  // "control": acts by what it is; "clickable": only something around it says that it can be clicked; "" neither.
  const kindOf = (element, role, style, cursorAbove) => {
    const tag = element.tagName;
    if (tag === "INPUT" && element.type === "hidden") return "";
    if (NATIVE.has(tag) || role === "link") return "control";
    if (role === "listbox" || role === "tree" || role === "grid") return element.tabIndex >= 0 ? "clickable" : "";
    if (CONTROLS.has(role) && !(role === "gridcell" && !element.hasAttribute("tabindex"))) return tag === "OPTION" ? "" : "control";
    if (element.isContentEditable && !element.parentElement?.isContentEditable) return "control";
    if (element.hasAttribute("onclick") || (element.hasAttribute("tabindex") && element.tabIndex >= 0)) return "clickable";
    if (element.getAttribute("tabindex") === "-1" && element.matches("li, li > *")) return "clickable";   // a menu's entries
    if (element.hasAttribute("draggable") && element.draggable) return "clickable";
    if (tag === "VIDEO" || tag === "AUDIO" || tag === "CANVAS") return element.controls || tag === "CANVAS" ? "clickable" : "";
    if (tag === "LABEL" || tag === "IFRAME") return "";
    if (style.cursor !== cursorAbove && /^(pointer|grab|move|[a-z]+-resize)$/.test(style.cursor)) return "clickable";
    if (tag === "LI" && listening.has(element.parentElement) && !holders.has(element.parentElement)) return "clickable";
    return listening.has(element) && !gathers(element) ? "clickable" : "";
  };

  // ---- names, values, states -----------------------------------------------------------------------------------
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })
    || (getComputedStyle(element).display === "contents" && !!up(element) && shown(up(element)));   // has no box of its own

  const contentText = (node, room = 600) => {
    let text = "";
    const walk = (one) => {
      if (text.length > room) return;
      if (one.nodeType === 3) { text += one.data; return; }
      if (hiding(one)) { for (const child of childrenOf(one)) walk(child); return; }
      if (one.nodeType !== 1 || SKIPPED.has(one.tagName) || one.tagName === "SELECT" || one.tagName === "TEXTAREA") return;
      if (one !== node && (one.getAttribute("aria-hidden") === "true" || !shown(one))) return;
      if (one !== node && one.hasAttribute("aria-label")) { text += " " + one.getAttribute("aria-label") + " "; return; }
      if (one.tagName === "IMG" || one.tagName === "INPUT") { text += " " + (one.alt || (one.type === "submit" ? one.value : "")) + " "; return; }
      if (one.tagName === "BR") text += " ";
      if (one.tagName.toLowerCase() === "svg") { text += " " + (one.querySelector("title")?.textContent || "") + " "; return; }
      const children = one.shadowRoot ? one.shadowRoot.childNodes : one.tagName === "SLOT" ? one.assignedNodes() : one.childNodes;
      const block = one !== node && !/^(inline|contents|ruby)/.test(getComputedStyle(one).display);
      const length = text.length;
      if (block) text += " ";
      for (const child of (one.tagName === "SLOT" && !children.length ? one.childNodes : children)) walk(child);
      if (block) text += " ";
      if (one !== node && one.title && !text.slice(length).trim()) text += " " + one.title + " ";
    };
    walk(node);
    return squeeze(text);
  };

  const NAMED_BY_CONTENT = new Set(["button", "link", "option", "menuitem", "menuitemcheckbox", "menuitemradio", "tab",
    "treeitem", "checkbox", "radio", "switch", "summary", "heading", "gridcell", "cell", "columnheader", "rowheader", ""]);
  const nameOf = (element, role) => {
    const name = givenName(element, role);
    // What a custom list shows is what was chosen in it, whatever it calls itself.
    return role === "combobox" && name && name === valueOf(element, role) ? beside(element) || name : name;
  };
  const givenName = (element, role) => {
    const by = element.getAttribute("aria-labelledby");
    if (by) {
      const text = by.split(/\s+/).map((id) => element.getRootNode().getElementById?.(id)).filter(Boolean).map((one) => contentText(one)).join(" ");
      if (squeeze(text)) return squeeze(text);
    }
    const label = squeeze(element.getAttribute("aria-label") || "");
    if (label) return label;
    const tag = element.tagName;
    if (element.labels?.length && !(tag === "INPUT" && /^(submit|reset|button|image)$/.test(element.type))) {
      const text = squeeze(Array.from(element.labels, (one) => contentText(one)).join(" "));
      if (text) return text;
    }
    if (tag === "INPUT" && /^(submit|reset|button)$/.test(element.type)) return squeeze(element.value) || { submit: "Submit", reset: "Reset" }[element.type] || "";
    if (tag === "IMG" || tag === "AREA" || (tag === "INPUT" && element.type === "image")) { if (element.alt) return squeeze(element.alt); }
    if (NAMED_BY_CONTENT.has(role) && tag !== "INPUT" && tag !== "SELECT" && tag !== "TEXTAREA") {
      const text = contentText(element);
      if (text) return text;
    }
    const rest = element.getAttribute("title") || element.getAttribute("placeholder") || element.getAttribute("aria-placeholder");
    if (rest) return squeeze(rest);
    return CONTROLS.has(role) && role !== "link" && role !== "button" ? beside(element) : "";
  };
  // A field that nothing names is named by what stands just before it, as a person would read it.
  const beside = (element) => {
    const cell = element.closest("td"), head = cell?.closest("table")?.tHead?.rows[0]?.cells[cell.cellIndex];
    if (head && head !== cell && contentText(head, 80)) return contentText(head, 80);
    let one = element;
    for (let level = 0; level < 3 && one && one !== real.body && !hiding(one); level++, one = up(one)) {
      for (let before = one.previousSibling; before; before = before.previousSibling) {
        if (before.nodeType === 1 && (hiding(before) || SKIPPED.has(before.tagName) || !shown(before))) continue;
        const text = before.nodeType === 3 ? squeeze(before.data) : before.nodeType === 1 ? contentText(before, 80) : "";
        if (text) return text.length <= 80 && /\p{L}/u.test(text) ? text : "";
        if (before.nodeType === 1 && before.matches("input,select,textarea,button")) return replaced(before) ? nameOf(before, "combobox") : "";
      }
    }
    return "";
  };

  // The name under which an element is shown.
  const calledOf = (element, role) => brief.has(element)
    ? squeeze(element.getAttribute("aria-label") || element.getAttribute("title") || "")
    : nameOf(element, role) || (element.type === "file" && !shown(element) ? "hidden file input" : "");

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

  const activeElement = () => {
    let one = real.activeElement;
    while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
    return one === real.body ? null : one;
  };

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

  // ---- geometry ------------------------------------------------------------------------------------------------
  const deepHit = (x, y) => {
    let hit = real.elementFromPoint(x, y);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const up = (node) => slotOf(node) || parentOf(node) || Node.prototype.getRootNode.call(node).host || null;
  const within = (inner, outer) => {
    for (let one = inner; one; one = up(one)) if (one === outer) return true;
    return false;
  };
  // Whether a point of an element lies outside of a box around it that scrolls or cuts off.
  const clipped = (element, x, y) => {
    for (let one = up(element); one && one !== real.body; one = up(one)) {
      const box = one.getBoundingClientRect();
      if ((x < box.left || x > box.right || y < box.top || y > box.bottom) && getComputedStyle(one).overflow !== "visible") return true;
    }
    return false;
  };
  const reaches = (element, hit) => !hit || within(hit, element) || (hit.tagName === "LABEL" && hit.control === element)
    || (!!element.labels && Array.from(element.labels).some((one) => within(hit, one)));
  const describe = (element) => {
    const role = roleOf(element) || element.tagName.toLowerCase();
    for (let one = element; one && one !== real.body; one = up(one)) {
      const name = hiding(one) ? "" : cut(nameOf(one, roleOf(one)), 60);
      if (name) return `${role} "${name}"`;
    }
    return role;
  };

  // A control that is drawn by something else (a styled checkbox, a file input behind a button): its stand-in.
  const standIn = (element) => {
    const rect = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    if (rect.width > 1 && rect.height > 1 && style.opacity !== "0" && style.visibility === "visible") return element;
    for (const label of element.labels || []) {
      const box = label.getBoundingClientRect();
      if (box.width > 1 && box.height > 1 && shown(label)) return label;
    }
    return element;
  };

  // A native list or field shrunk to a dot because a script draws another in its place, which is found by itself.
  const replaced = (element) => {
    if (!/^(SELECT|TEXTAREA)$/.test(element.tagName)) return false;
    const box = element.getBoundingClientRect();
    return box.width <= 2 && box.height <= 2;
  };

  // ---- the pass ------------------------------------------------------------------------------------------------
  // Items in reading order: ["text", words, in view], ["block", kind], ["end", kind], ["frame", id, x, y, w, h],
  // ["element", {...}]. Boxes are in CSS pixels of this document's view.
  const collect = () => {
    const items = [], active = activeElement(), width = innerWidth, height = innerHeight;
    let count = 0, pending = "", partial = null, muted = 0;
    const range = real.createRange();
    const flush = (parent) => {
      const text = squeeze(pending);
      pending = "";
      if (!text || !parent || muted) return;
      const box = parent.getBoundingClientRect();
      items.push(["text", cut(text, LIMIT_TEXT), box.bottom > 0 && box.top < height && box.right > 0 && box.left < width ? 1 : 0]);
    };
    const record = (element, role, name) => {
      const stand = standIn(element), box = stand.getBoundingClientRect();
      const inView = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < height && box.right > 0 && box.left < width;
      const states = statesOf(element, role, active);
      const entry = { id: idOf(element), role: role || "clickable", name: cut(name, NAME_CHARS), tag: element.tagName.toLowerCase(),
        value: valueOf(element, role), states, box: [box.x, box.y, box.width, box.height], view: inView ? 1 : 0,
        attributes: attributesOf(element), options: optionsOf(element) };
      if (inView && box.width > 0) {
        const x = Math.min(Math.max(box.x + box.width / 2, 0), width - 1), y = Math.min(Math.max(box.y + box.height / 2, 0), height - 1);
        const hit = deepHit(x, y);
        if (hit && !reaches(element, hit) && !reaches(stand, hit) && clipped(stand, x, y)) entry.view = 0;
        else if (hit && !reaches(element, hit) && !reaches(stand, hit) && !within(element, hit)) { states.push("covered"); entry.cover = describe(hit); }
      }
      items.push(["element", entry]);
    };
    const walk = (node, parent, cursorAbove) => {
      if (++count > LIMIT_NODES) { partial = `more than ${LIMIT_NODES} nodes; the rest was not read`; return; }
      if (node.nodeType === 3) { pending += node.data; return; }
      if (hiding(node)) {
        if (getComputedStyle(node).display === "none") return;
        flush(parent);
        for (const child of childrenOf(node)) walk(child, parent, cursorAbove);
        flush(parent);
        return;
      }
      if (node.nodeType !== 1 || SKIPPED.has(node.tagName)) return;
      const element = node, tag = element.tagName;
      const style = getComputedStyle(element);
      if (style.display === "none") {
        // Reached all the same: a file input through its chooser, a ticked box through its label.
        const label = Array.from(element.labels || []).some(shown);
        if (tag === "INPUT" && (element.type === "file" || (label && /^(checkbox|radio)$/.test(element.type)))) {
          const role = roleOf(element);
          flush(parent); record(element, role, calledOf(element, role));
        }
        return;
      }
      if (element.hasAttribute("inert")) return;
      const visible = style.visibility === "visible" && (style.contentVisibility !== "hidden");
      const role = roleOf(element), kind = visible ? kindOf(element, role, style, cursorAbove) : "";
      const block = !/^(inline|contents|ruby|none)/.test(style.display) || tag === "BR";
      if (tag === "IFRAME" || tag === "FRAME") {
        flush(parent);
        const box = element.getBoundingClientRect();
        const px = parseFloat(style.paddingLeft) + element.clientLeft, py = parseFloat(style.paddingTop) + element.clientTop;
        if (visible && box.width > 1 && box.height > 1)
          items.push(["frame", idOf(element), box.x + px, box.y + py, box.width - 2 * px, box.height - 2 * py, cut(nameOf(element, "iframe"), 60)]);
        return;
      }
      const image = tag === "IMG" || (tag.toLowerCase() === "svg" && !kind);
      if (image && !kind) {
        const name = tag === "IMG" ? element.alt : element.getAttribute("aria-label") || element.querySelector(":scope > title")?.textContent || "";
        if (visible && squeeze(name) && element.getAttribute("aria-hidden") !== "true") pending += ` (image: ${cut(squeeze(name), 80)}) `;
        if (tag === "IMG") return;
      }
      if (element.getAttribute("aria-hidden") === "true" && !kind) {
        if (!hasControls(element)) return;
      }
      if (block) flush(parent);
      const inside = style.cursor;
      if (kind && replaced(element)) return;
      if (kind) {
        flush(parent);
        const nested = tag !== "SELECT" && tag !== "TEXTAREA" && (hasControls(element) || holders.has(element));
        const editable = element.isContentEditable;
        const whole = nested && kind === "clickable" && !hasControls(element);       // a row that acts, with smaller things in it
        if (nested && kind === "clickable" && !whole) brief.add(element); else brief.delete(element);
        const name = calledOf(element, role);
        if (!(nested && kind === "clickable" && !name && element.tagName !== "TR")) record(element, role, name);
        if (!nested || editable) { if (block) flush(parent); return; }
        if (whole) {
          muted++;
          for (const child of element.childNodes) walk(child, element, inside);
          flush(element);
          muted--;
          return;
        }
        if (kind === "control" && role !== "listbox") {     // its own text is its name; only what can be acted on inside follows
          const before = items.length;
          for (const child of element.childNodes) walk(child, element, inside);
          pending = "";
          for (let i = items.length - 1; i >= before; i--) if (items[i][0] === "text" && role === "link") items.splice(i, 1);
          return;
        }
      }
      const heading = /^H([1-6])$/.exec(tag) || (role === "heading" && ["", element.getAttribute("aria-level") || "2"]);
      const group = heading ? "h" + heading[1] : tag === "LI" || role === "listitem" ? "li" : tag === "TR" || role === "row" ? "row"
        : tag === "TD" || role === "cell" || role === "gridcell" ? "cell" : tag === "TH" || role === "columnheader" || role === "rowheader" ? "head"
        : role === "dialog" || role === "alertdialog" || role === "alert" || role === "navigation" || role === "status" ? role
        : tag === "LEGEND" || tag === "CAPTION" ? "legend" : "";
      if (group) { flush(parent); items.push(["block", group, cut(group === "dialog" || group === "navigation" ? squeeze(element.getAttribute("aria-label") || "") : "", 60)]); }
      const naming = tag === "LABEL" && element.control && !/^(submit|reset|button|image|hidden)$/.test(element.control.type);
      if (naming) { flush(parent); muted++; }                // its text stands beside its control already
      if (visible || style.visibility === "hidden") {
        const root = element.shadowRoot;
        if (root) roots.add(root);
        const assigned = tag === "SLOT" ? element.assignedNodes() : null;
        const children = root ? root.childNodes : assigned?.length ? assigned : element.childNodes;
        if (tag === "DETAILS" && !element.open) {
          const summary = element.querySelector(":scope > summary");
          if (summary) walk(summary, element, inside);
        } else for (const child of children) {
          if (partial) break;
          if (child.nodeType === 3 && !visible) continue;
          if (child.nodeType === 3) { count++; pending += child.data; } else walk(child, element, inside);
        }
      }
      if (block || group || naming) flush(element);
      if (naming) muted--;
      if (group) items.push(["end", group]);
    };
    if (real.body) { walk(real.body, real.body, getComputedStyle(real.documentElement).cursor); flush(real.body); }
    const page = real.scrollingElement || real.documentElement;
    return JSON.stringify({ key, items, partial, count, title: real.title, url: location.href, width, height,
      scroll: page ? [page.scrollTop, Math.max(0, page.scrollHeight - page.scrollTop - height), height] : [0, 0, height],
      loading: real.readyState !== "complete" });
  };

  // ---- acting --------------------------------------------------------------------------------------------------
  const frame = () => new Promise((done) => {
    let over = false;
    const once = () => { if (!over) { over = true; done(); } };
    requestAnimationFrame(once);
    setTimeout(once, 50);                                  // a tab in the background draws no frames
  });

  // Brings an element to where an input event reaches it; says why when that cannot be.
  const aim = async (id, limit, { forcible = false, at = null } = {}) => {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const began = performance.now();
    let before = null, problem = null;
    for (;;) {
      if (!element.isConnected) return null;
      const target = standIn(element);
      let box = target.getBoundingClientRect();
      if (box.width < 1 && box.height < 1) {                // display: contents, or a wrapper of floating children
        const child = Array.from(target.children).find((one) => one.getBoundingClientRect().width > 0);
        if (child) box = child.getBoundingClientRect();
      }
      const rects = target.getClientRects();
      if (rects.length > 1 && getComputedStyle(target).display === "inline") box = rects[0];
      const off = box.bottom <= 0 || box.top >= innerHeight || box.right <= 0 || box.left >= innerWidth;
      const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      const outside = middle.x < 0 || middle.y < 0 || middle.x >= innerWidth || middle.y >= innerHeight;
      if (!shown(element) && !shown(target)) problem = "hidden";
      else if (box.width < 1 && box.height < 1) problem = "has no size";
      else if (disabled(element) && !forcible) problem = "disabled";
      else if (off || outside) { target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" }); problem = "outside the view"; }
      else if (before && (Math.abs(before.x - box.x) > 0.5 || Math.abs(before.y - box.y) > 0.5)) problem = "moving";
      else {
        const spots = [[0.5, 0.5], [0.25, 0.5], [0.75, 0.5], [0.5, 0.2], [0.5, 0.8], [0.1, 0.1]];
        let cover = null;
        for (const [fx, fy] of spots) {
          const x = box.x + box.width * fx, y = box.y + box.height * fy;
          if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
          const hit = deepHit(x, y);
          if (hit && (reaches(element, hit) || reaches(target, hit)) || !hit) return { x, y, width: box.width, height: box.height };
          cover = cover || hit;
        }
        problem = "covered by " + (cover ? describe(cover) : "something");
        if (performance.now() - began > 100) target.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      }
      before = box;
      if (performance.now() - began > limit || problem === "disabled" && performance.now() - began > Math.min(limit, 500)) return { problem };
      await frame();
    }
  };

  const identity = (id) => {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const role = roleOf(element);
    return { role: role || "clickable", name: cut(calledOf(element, role), NAME_CHARS), tag: element.tagName.toLowerCase(),
      type: element.type || "", value: valueOf(element, role), states: statesOf(element, role, activeElement()),
      editable: element.isContentEditable || element.tagName === "TEXTAREA"
        || (element.tagName === "INPUT" && !/^(checkbox|radio|button|submit|reset|image|file|range|color|hidden)$/.test(element.type)),
      suggests: role === "combobox" || role === "searchbox" || element.hasAttribute("aria-autocomplete")
        || element.getAttribute("autocomplete") === "off" || element.getAttribute("aria-haspopup") === "listbox" };
  };

  // The site of a node's document: its parent's where it has no address of its own, "null" where it is sandboxed.
  const originOf = (id) => nodeOf(id)?.isConnected ? self.origin : null;
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

  const scrollable = (element) => {
    for (let one = element; one; one = up(one)) {
      const style = getComputedStyle(one);
      if (/(auto|scroll|overlay)/.test(style.overflowY + style.overflowX) && (one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)) return one;
      if (one.tagName === "TEXTAREA" && one.scrollHeight > one.clientHeight + 1) return one;
    }
    return real.scrollingElement || real.documentElement;
  };
  const scrollBy = (id, direction, amount) => {
    const element = id === null ? null : nodeOf(id);
    if (id !== null && !element?.isConnected) return null;
    let box = element ? scrollable(element) : real.scrollingElement || real.documentElement;
    if (!element && box.scrollHeight <= box.clientHeight + 1) {   // the page itself does not scroll: what fills its middle may
      const hit = deepHit(innerWidth / 2, innerHeight / 2);
      if (hit) box = scrollable(hit);
    }
    const before = [box.scrollLeft, box.scrollTop];
    const page = box === real.scrollingElement, high = (page ? innerHeight : box.clientHeight) * 0.85, wide = (page ? innerWidth : box.clientWidth) * 0.85;
    const [dx, dy] = { up: [0, -high], down: [0, high], left: [-wide, 0], right: [wide, 0], top: [0, -1e9], bottom: [0, 1e9] }[direction];
    box.scrollBy({ left: dx * amount, top: dy * amount, behavior: "instant" });
    return { moved: box.scrollLeft !== before[0] || box.scrollTop !== before[1], above: box.scrollTop,
      below: Math.max(0, box.scrollHeight - box.scrollTop - (page ? innerHeight : box.clientHeight)), what: page ? "" : describe(box) };
  };

  // Like innerText, with what shadow roots show in place of their hosts' own children.
  const fullText = (node) => {
    const hosts = (root) => Array.from(root.querySelectorAll("*")).some((one) => one.shadowRoot);
    const walk = (one) => {
      if (one.nodeType === 3) return one.data.replace(/\s+/g, " ");
      if (one.nodeType !== 1 || hiding(one)) return Array.from(childrenOf(one), walk).join("");
      if (SKIPPED.has(one.tagName) || !shown(one)) return "";
      const root = one.shadowRoot, slotted = one.tagName === "SLOT" ? one.assignedNodes() : [];
      if (one.tagName === "BR") return "\n";
      const plain = !root && !slotted.length && !hosts(one);
      const text = plain ? one.innerText ?? one.textContent : Array.from(root?.childNodes || (slotted.length ? slotted : one.childNodes), walk).join("");
      return /^(inline|contents)/.test(getComputedStyle(one).display) ? text : `\n${text}\n`;
    };
    return walk(node).replace(/[ \t]*\n[ \t]*/g, "\n").replace(/\n{3,}/g, "\n\n").trim();
  };
  const textOf = (id) => {
    const element = id === null ? real.body : nodeOf(id);
    if (!element?.isConnected) return null;
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName)) return valueOf(element, roleOf(element)) ?? nameOf(element, roleOf(element));
    return fullText(element);
  };
  const find = (text) => {
    const wanted = squeeze(text).toLowerCase(), hits = [];
    const walk = (root) => {
      const texts = real.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
      for (let node = texts.nextNode(); node; node = texts.nextNode()) {
        if (node.nodeType === 1) { if (node.shadowRoot) walk(node.shadowRoot); continue; }
        const parent = node.parentElement;
        if (!squeeze(node.data).toLowerCase().includes(wanted) || !parent || hiding(parent) || SKIPPED.has(parent.tagName) || !shown(parent)) continue;
        hits.push(parent);
        if (hits.length >= 20) return;
      }
    };
    // Or the innermost elements in whose parts, put together, it stands.
    const across = (one) => {
      const inner = Array.from(childrenOf(one)).filter((child) => child.nodeType === 1 && contentText(child, Infinity).toLowerCase().includes(wanted));
      if (inner.length) inner.forEach(across); else hits.push(one);
    };
    walk(real.body);
    if (!hits.length && contentText(real.body, Infinity).toLowerCase().includes(wanted)) across(real.body);
    if (hits.length) hits[0].scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    return hits.map((one) => cut(contentText(one, 300), 200));
  };

  // ---- settling ------------------------------------------------------------------------------------------------
  let observer = null, changes = 0;
  const arm = () => {
    changes = 0;
    observer?.disconnect();
    observer = new MutationObserver((records) => { changes += records.length; });
    const what = { subtree: true, childList: true, attributes: true, characterData: true };
    observer.observe(document, what);
    for (const root of roots) observer.observe(root, what);
    return true;
  };
  // Resolves after two quiet frames once something changed, or when nothing changed within `wait` ms; not before `least`.
  const settle = async (wait, limit, least) => {
    const began = performance.now();
    let quiet = 0, seen = changes, changed = changes > 0;
    for (;;) {
      await frame();
      if (changes !== seen) { seen = changes; quiet = 0; changed = true; } else quiet++;
      const passed = performance.now() - began;
      if (quiet >= 2 && passed >= least && (changed || passed >= wait)) break;
      if (passed >= limit) return { changed, busy: true };
    }
    return { changed, busy: false };
  };
  const disarm = () => { observer?.disconnect(); observer = null; return true; };

  const listen = (...several) => {
    for (const one of several) {
      if (one.nodeType !== 1) continue;
      listening.add(one);
      for (let above = up(one); above && !holders.has(above); above = up(above)) holders.add(above);
    }
  };
  const documentKey = () => key;
  const hitFrame = (id, x, y) => {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const hit = deepHit(x, y);
    return !hit || within(hit, element) ? { ok: true } : { cover: describe(hit) };
  };
  // Where a frame's view begins in ours; scrolls until its point (x, y) is in our view.
  const frameBox = async (id, x, y) => {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const style = getComputedStyle(element);
    const begin = () => {
      const box = element.getBoundingClientRect();
      return [box.x + element.clientLeft + parseFloat(style.paddingLeft), box.y + element.clientTop + parseFloat(style.paddingTop)];
    };
    const page = real.scrollingElement || real.documentElement;
    for (const scroller of [scrollable(up(element)), page]) {
      const [left, top] = begin().map((edge, i) => edge + [x, y][i]);
      if (left >= 0 && left < innerWidth && top >= 0 && top < innerHeight && !clipped(element, left, top)) break;
      const box = scroller === page ? { x: 0, y: 0, width: innerWidth, height: innerHeight } : scroller.getBoundingClientRect();
      scroller.scrollBy({ left: left - box.x - box.width / 2, top: top - box.y - box.height / 2, behavior: "instant" });
      for (let drawn = 0; drawn < 2; drawn++) await frame();   // input for a frame of another process goes where it is drawn
    }
    return begin();
  };
  const middle = (id) => {
    const element = nodeOf(id);
    if (!element?.isConnected) return null;
    const box = standIn(element).getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const hasText = (text) => !!real.body && squeeze(fullText(real.body)).toLowerCase().includes(squeeze(text).toLowerCase());

  // Functions that name nodes are called through this: numbers of another document mean nothing here.
  const on = (document, name, ...given) => document === key ? functions[name](...given) : null;
  const functions = { collect, listen, documentKey, aim, identity, focus, selectAll, setValue, choose, originOf, scrollBy, textOf, find, arm, settle, disarm,
    idOf, hitFrame, frameBox, middle, hasText, nodeOf, on };
  return functions;
})()
