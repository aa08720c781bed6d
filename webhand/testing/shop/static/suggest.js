// The search box: a combobox whose suggestions come from the server.
const form = document.querySelector("[data-suggest]");
const input = form.querySelector("input");
const list = form.querySelector("[role=listbox]");
let asked = new AbortController();
let active = -1;

function close() {
  asked.abort();
  list.hidden = true;
  list.replaceChildren();
  mark(-1);
  input.setAttribute("aria-expanded", "false");
}

function mark(index) {
  active = index;
  [...list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === index)));
  if (index < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", list.children[index].id);
}

function show(items) {
  list.replaceChildren(...items.map(option));
  list.hidden = items.length === 0;
  input.setAttribute("aria-expanded", String(items.length > 0));
  mark(-1);
}

function option(item, index) {
  const entry = document.createElement("li");
  entry.id = `suggestion-${index}`;
  entry.setAttribute("role", "option");
  entry.dataset.url = item.url;
  entry.textContent = item.name;
  const kind = document.createElement("span");
  kind.className = "muted";
  kind.setAttribute("aria-hidden", "true");
  kind.textContent = item.kind;
  entry.append(kind);
  return entry;
}

async function ask() {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  if (!input.value.trim()) return close();
  try {
    const answer = await fetch(`/suggest?q=${encodeURIComponent(input.value)}`, { signal });
    const items = await answer.json();
    if (!signal.aborted) show(items);
  } catch (error) {
    if (!signal.aborted) close();
  }
}

function move(event) {
  const last = list.children.length - 1;
  if (event.key === "Escape") close();
  else if (event.key === "Enter" && active >= 0) location.assign(list.children[active].dataset.url);
  else if (event.key === "ArrowDown" && last >= 0) mark(active < last ? active + 1 : 0);
  else if (event.key === "ArrowUp" && last >= 0) mark(active > 0 ? active - 1 : last);
  else return;
  event.preventDefault();
}

input.addEventListener("input", ask);
input.addEventListener("keydown", move);
input.addEventListener("blur", close);
form.addEventListener("submit", close);
// The press must not take the focus from the box, or the list would be gone before the click.
list.addEventListener("mousedown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const entry = event.target.closest("[role=option]");
  if (entry) location.assign(entry.dataset.url);
});
