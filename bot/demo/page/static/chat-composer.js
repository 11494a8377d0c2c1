// Where people write: one line, sent with Enter, kept when it could not be sent.

import { Completion } from "./chat-complete.js";
import { element } from "./richtext.js";

let made = 0;

export class Composer {
  #send;
  #label = element("label", { class: "unseen" });
  #trouble = element("p", { class: "trouble", role: "alert" });
  #sent = []; // what was said before, for the arrow keys
  #completion;

  /** `send(text)` returns a promise; `id` names the field; with `complete`, commands are offered. */
  constructor(frame, send, { id, complete }) {
    made += 1;
    this.#send = send;
    this.field = element("input", { type: "text", id, class: "field", autocomplete: "off", spellcheck: "false" });
    this.#label.htmlFor = id;
    const list = element("div", { id: `offers-${made}`, class: "offers", role: "listbox", "aria-label": "Commands" });
    this.#completion = complete ? new Completion(this.field, list) : null;
    const button = element("button", { class: "send" }, "Send");
    const form = element("form", { class: "composer" }, this.#label, this.field, button);
    form.addEventListener("submit", (event) => this.#submit(event));
    this.field.addEventListener("keydown", (event) => this.#recall(event));
    frame.replaceChildren(...[complete ? list : undefined, form, this.#trouble].filter(Boolean));
  }

  /** Say where this writes to. */
  set label(text) {
    this.#label.textContent = text;
    this.field.placeholder = text;
  }

  set offers(offers) {
    if (this.#completion) this.#completion.offers = offers;
  }

  set disabled(off) {
    this.field.disabled = off;
  }

  /** Put a text into the field, as if it had been typed. */
  type(text) {
    this.field.focus();
    this.field.value = text;
    this.#completion?.update();
  }

  async #submit(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    if (!text) return;
    this.#completion?.close();
    this.field.value = "";
    this.#trouble.textContent = "";
    try {
      await this.#send(text);
      this.#sent.push(text);
    } catch (error) {
      this.#trouble.textContent = error.message;
      if (!this.field.value) this.field.value = text;
    }
  }

  #recall(event) {
    if (event.key !== "ArrowUp" || this.field.value || !this.#sent.length) return;
    event.preventDefault();
    this.field.value = this.#sent.at(-1);
  }
}
