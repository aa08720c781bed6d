// The cart drawer and the order form of a product: both work without scripts too, this keeps the visitor on the page.
const drawer = document.getElementById("cart-drawer");
const addForm = document.querySelector("[data-add-to-cart]");

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });
  return answer.json();
}

function update(answer) {
  document.querySelector("[data-cart-count]").textContent = answer.count;
  document.querySelector("[data-cart-view]").innerHTML = answer.html;
}

function open() {
  if (!drawer.open) drawer.showModal();
  document.getElementById("cart-title").focus();
}

function showErrors(form, errors) {
  for (const field of form.querySelectorAll("[data-field]")) {
    field.querySelector(".error")?.remove();
    const text = errors[field.dataset.field];
    for (const control of field.querySelectorAll("input, select")) {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
      if (!text) continue;
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", `${field.dataset.field}-error`);
    }
    if (text) field.append(message(field.dataset.field, text));
  }
  form.querySelector("[aria-invalid]")?.focus();
}

function message(name, text) {
  const error = document.createElement("span");
  error.className = "error";
  error.id = `${name}-error`;
  error.setAttribute("role", "alert");
  error.textContent = text;
  return error;
}

async function submit(event) {
  const form = event.target;
  const adds = form === addForm;
  if (!adds && !form.matches("[data-cart-change]")) return;
  event.preventDefault();
  const answer = await send(form);
  if (answer.error) return location.reload();
  if (adds) showErrors(form, answer.errors ?? {});
  if (answer.errors) return;
  update(answer);
  if (drawer) open();
}

function click(event) {
  if (!drawer) return;
  if (event.target.closest("[data-open-cart]")) {
    event.preventDefault();
    open();
  } else if (event.target.closest("[data-close-cart]") || event.target === drawer) drawer.close();
}

document.addEventListener("submit", submit);
document.addEventListener("click", click);
addForm?.addEventListener("change", (event) => {
  const colour = event.target.dataset.colour;
  if (colour) document.querySelector(".product-picture .picture").style.color = colour;
});
