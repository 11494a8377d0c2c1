// Completion under the composer, after the combobox pattern of the ARIA Authoring Practices: the focus stays in the
// field, the arrow keys walk the list, and a screen reader hears each offer with what it does.

import { element } from "./richtext.js";

export class Completion {
  #field;
  #list;
  #offers = [];
  #found = [];
  #active = -1;

  /** `field` is the text field, `list` the element that becomes its list. */
  constructor(field, list) {
    this.#field = field;
    this.#list = list;
    list.hidden = true;
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
    for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
    field.addEventListener("input", () => this.update());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.#key(event));
  }

  /** `offers`: {text, meaning, form} each. */
  set offers(offers) {
    this.#offers = offers;
  }

  /** Look again for what fits the text. */
  update() {
    const typed = this.#field.value.toLowerCase();
    const fits = typed.startsWith("/") ? this.#offers.filter((offer) => fitting(offer, typed)) : [];
    this.#found = fits;
    if (!fits.length) return this.close();
    this.#list.replaceChildren(...fits.map((offer, place) => this.#option(offer, place)));
    this.#list.hidden = false;
    this.#field.setAttribute("aria-expanded", "true");
    this.#activate(0);
  }

  close() {
    this.#list.hidden = true;
    this.#active = -1;
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
  }

  #option(offer, place) {
    const form = offer.form ? element("span", { class: "offer-form" }, ` ${offer.form}`) : undefined;
    const command = element("span", { class: "offer-text" }, offer.text, form);
    const option = element("div", { role: "option", id: `${this.#list.id}-${place}`, class: "offer" });
    option.append(command, " ", element("span", { class: "offer-meaning" }, offer.meaning));
    option.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    option.addEventListener("click", () => this.#take(offer));
    return option;
  }

  #activate(place) {
    this.#active = (place + this.#found.length) % this.#found.length;
    [...this.#list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === this.#active)));
    const option = this.#list.children[this.#active];
    this.#field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (this.#list.hidden || event.isComposing) return;
    const offer = this.#found[this.#active];
    const exact = offer.text === this.#field.value.trim();
    if (event.key === "ArrowDown") this.#activate(this.#active + 1);
    else if (event.key === "ArrowUp") this.#activate(this.#active - 1);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" && !exact) || (event.key === "Tab" && !event.shiftKey)) this.#take(offer);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #take(offer) {
    this.#field.value = offer.form ? `${offer.text} ` : offer.text;
    this.#field.focus();
    this.close();
  }
}

/** What begins as typed, and what has the typed word further back: `/list` finds `/prewarm list`. */
function fitting(offer, typed) {
  const text = offer.text.toLowerCase();
  return text.startsWith(typed) || text.includes(` ${typed.slice(1)}`);
}
