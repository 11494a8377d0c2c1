// The pane beside the log that holds one message and its replies.

import { Composer } from "./chat-composer.js";
import { Log } from "./chat-log.js";
import { element } from "./richtext.js";

export class Thread {
  parent = null;
  #node;
  #store;
  #log;
  #composer;
  #back = null; // what had the focus before

  /** `context(message)` is the renderer's; `say(channel, text, thread_ts)` returns a promise. */
  constructor(node, store, context, say) {
    this.#node = node;
    this.#store = store;
    const close = element("button", { type: "button", class: "close" }, "Close");
    close.addEventListener("click", () => this.close());
    const frame = element("div", { class: "log-frame" });
    const bottom = element("div", { class: "composer-frame" });
    node.replaceChildren(element("header", { class: "bar" }, element("h2", {}, "Thread"), close), frame, bottom);
    this.#log = new Log(frame, { store, context });
    const send = (text) => say(this.parent.channel, text, this.parent.ts);
    this.#composer = new Composer(bottom, send, { id: "reply", complete: false });
    this.#composer.label = "Reply";
    store.addEventListener("message", (event) => this.#changed(event.detail));
    store.addEventListener("loaded", () => this.close());
  }

  open(message) {
    this.#back = document.activeElement;
    this.parent = message;
    this.#node.hidden = false;
    this.#fill();
    this.#composer.field.focus();
  }

  close() {
    if (!this.parent) return;
    this.parent = null;
    this.#node.hidden = true;
    if (this.#back?.isConnected) this.#back.focus();
  }

  #fill() {
    const { channel, ts } = this.parent;
    const parent = this.#store.message(channel, ts);
    if (!parent) return this.close();
    this.#log.show("Thread", [parent, ...this.#store.replies(channel, ts)], "");
  }

  #changed({ kind, message }) {
    if (!this.parent || message.channel !== this.parent.channel) return;
    if (message.ts !== this.parent.ts && message.thread_ts !== this.parent.ts) return;
    if (kind === "deleted") this.#fill();
    else this.#log.put(message);
  }
}
