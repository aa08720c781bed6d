// Web components of the reviews: open shadow roots, nested ones, and a closed one.
const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; }
  .review { background: #fff; border: 1px solid #e2dccf; border-radius: 14px; padding: 1rem 1.25rem;
    display: grid; gap: .6rem; }
  .head { display: flex; justify-content: space-between; gap: 1rem; font-weight: 600; }
  .drawn { color: #b7791f; letter-spacing: .1em; }
  .row { display: flex; gap: .5rem; align-items: center; }
  button { font: inherit; cursor: pointer; color: #23473a; background: #eef3ee; border: 1px solid #c3d2c8;
    border-radius: 999px; padding: .4rem .9rem; }
  button:hover { background: #dfeae1; }
  button:focus-visible, input:focus-visible { outline: 3px solid #e9a24b; outline-offset: 2px; }
  button[aria-pressed=true] { background: #23473a; color: #fff; }
  .star { background: none; border: 0; padding: .1rem .2rem; font-size: 2rem; line-height: 1; color: #d8d0c0; }
  .star.on { color: #b7791f; }
  .star:hover { background: none; transform: scale(1.1); }
  label { display: block; font-weight: 600; margin-bottom: .35rem; }
  input { font: inherit; padding: .5rem .7rem; border: 1px solid #b9b09f; border-radius: 9px; min-width: 0; flex: 1; }
  p { margin: .5rem 0 0; }
`);

function grow(host, mode, markup) {
  const root = host.attachShadow({ mode });
  root.adoptedStyleSheets = [sheet];
  root.innerHTML = markup;
  return root;
}

class StarRating extends HTMLElement {
  connectedCallback() {
    const stars = [1, 2, 3, 4, 5].map(
      (n) => `<button class="star" type="button" role="radio" aria-checked="false" aria-label="${n} of 5 stars">★</button>`,
    );
    const root = grow(this, "open", `<div class="row" role="radiogroup">${stars.join("")}</div><p role="status"></p>`);
    root.querySelector(".row").setAttribute("aria-label", this.getAttribute("label"));
    const buttons = [...root.querySelectorAll("button")];
    buttons.forEach((button, index) => button.addEventListener("click", () => this.choose(root, buttons, index)));
    root.querySelector(".row").addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const next = (buttons.indexOf(root.activeElement) + step + buttons.length) % buttons.length;
      buttons[next].focus();
      this.choose(root, buttons, next);
    });
    buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
  }

  choose(root, buttons, chosen) {
    buttons.forEach((button, index) => {
      button.classList.toggle("on", index <= chosen);
      button.setAttribute("aria-checked", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
    });
    root.querySelector("p").textContent = `You gave ${chosen + 1} of 5 stars. Thank you.`;
  }
}

class HelpfulVotes extends HTMLElement {
  connectedCallback() {
    const root = grow(this, "open", `<div class="row"><button type="button">Helpful</button><span></span></div>`);
    const button = root.querySelector("button");
    const first = Number(this.getAttribute("votes"));
    const show = (on) => {
      button.setAttribute("aria-pressed", String(on));
      root.querySelector("span").textContent = `${first + Number(on)} people say so`;
    };
    button.setAttribute("aria-label", `Helpful: review by ${this.getAttribute("author")}`);
    show(false);
    button.addEventListener("click", () => show(button.getAttribute("aria-pressed") === "false"));
  }
}

class ShopReview extends HTMLElement {
  connectedCallback() {
    const stars = Number(this.getAttribute("stars"));
    const root = grow(
      this,
      "open",
      `<article class="review"><div class="head"><span class="author"></span><span class="drawn" role="img"></span></div>
       <slot></slot></article>`,
    );
    root.querySelector(".author").textContent = this.getAttribute("author");
    const drawn = root.querySelector(".drawn");
    drawn.textContent = "★".repeat(stars) + "☆".repeat(5 - stars);
    drawn.setAttribute("aria-label", `${stars} of 5 stars`);
    const votes = document.createElement("helpful-votes");
    votes.setAttribute("author", this.getAttribute("author"));
    votes.setAttribute("votes", this.getAttribute("votes"));
    root.querySelector("article").append(votes);
  }
}

class LetterBox extends HTMLElement {
  connectedCallback() {
    const root = grow(
      this,
      "closed",
      `<form novalidate><label for="to">Your e-mail for letters</label>
       <div class="row"><input id="to" type="email" autocomplete="email"><button type="submit">Subscribe</button></div>
       <p role="status"></p></form>`,
    );
    root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      const to = root.querySelector("input").value.trim();
      root.querySelector("p").textContent = to.includes("@") ? `The next letter goes to ${to}.` : "Enter an e-mail address.";
    });
  }
}

customElements.define("helpful-votes", HelpfulVotes);
customElements.define("star-rating", StarRating);
customElements.define("shop-review", ShopReview);
customElements.define("letter-box", LetterBox);
