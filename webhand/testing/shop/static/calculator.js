// The delivery calculator inside its frame.
const form = document.querySelector("[data-calculator]");
const result = form.querySelector("[data-result]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form));
  const answer = await fetch(`/delivery/quote?${query}`, { headers: { Accept: "application/json" } });
  const value = await answer.json();
  result.textContent = value.text ?? value.error;
  result.classList.toggle("error", !answer.ok);
});
