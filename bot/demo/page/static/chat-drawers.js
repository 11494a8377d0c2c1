// On a narrow screen the two sides are drawers: one at a time, over the rest, closed by Escape, by the backdrop or by the
// button that opened it. On a wide one they simply stand there.

const NARROW = { nav: "(max-width: 760px)", panel: "(max-width: 1080px)" };
const BEHIND = ["main", "thread"];

export class Drawers {
  #open = "";

  constructor() {
    for (const name of Object.keys(NARROW)) {
      button(name).addEventListener("click", () => (this.#open === name ? this.close() : this.#show(name)));
      matchMedia(NARROW[name]).addEventListener("change", () => this.close());
    }
    document.getElementById("backdrop").addEventListener("click", () => this.close());
  }

  /** Close the open one; says whether there was one. */
  close() {
    if (!this.#open) return false;
    const focused = node(this.#open).contains(document.activeElement);
    const name = this.#open;
    this.#open = "";
    this.#apply();
    if (focused) button(name).focus();
    return true;
  }

  #show(name) {
    this.#open = name;
    this.#apply();
    node(name).focus();
  }

  #apply() {
    for (const name of Object.keys(NARROW)) {
      node(name).classList.toggle("open", this.#open === name);
      button(name).setAttribute("aria-expanded", String(this.#open === name));
    }
    for (const name of BEHIND) node(name).inert = this.#open !== "";
    document.getElementById("backdrop").hidden = this.#open === "";
  }
}

const node = (name) => document.getElementById(name);
const button = (name) => document.getElementById(`${name}-button`);
