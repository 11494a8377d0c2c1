// A list of messages that grows at its end: the channel's and the thread's. It is a polite live region, made anew for
// each place, so that a screen reader tells what comes and not what was there before.

import { messageArticle, threadLine } from "./chat-message.js";
import { element } from "./richtext.js";

const CLOSE = 300; // seconds within which messages of one author stand together
const AT_END = 48; // pixels from the end at which somebody still reads the newest

export class Log {
  #frame;
  #options;
  #list = element("div");
  #articles = new Map(); // by ts
  #sizes;
  #jump;
  #scroll = 0;
  #following = true; // whoever reads the newest keeps reading the newest, also when the frame changes its size

  /** `options`: `store`; `context(message)` for the renderer; `thread(message)` opens a thread, if there are any. */
  constructor(frame, options) {
    this.#frame = frame;
    this.#options = options;
    this.#jump = element("button", { type: "button", class: "jump", hidden: true }, "New messages below");
    this.#jump.addEventListener("click", () => this.#toEnd());
    frame.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#sizes = new ResizeObserver(() => this.#following && this.#toEnd());
    this.#sizes.observe(frame);
  }

  /** Show these messages under a name, from their end; `empty` is said where there are none. */
  show(label, messages, empty) {
    this.#articles.clear();
    this.#sizes.unobserve(this.#list);
    this.#list = element("div", { class: "log", role: "log", "aria-label": label, "aria-live": "polite", tabindex: "0" });
    this.#list.append(element("p", { class: "log-start" }, empty));
    this.#frame.replaceChildren(this.#list, this.#jump);
    this.#sizes.observe(this.#list);
    for (const message of messages) this.#insert(message);
    this.#toEnd();
  }

  /** Put a new or changed message where it belongs. */
  put(message) {
    const old = this.#articles.get(message.ts);
    if (old) this.#replace(old, message);
    else this.#insert(message);
    if (this.#following || message.user === this.#options.store.me) this.#toEnd();
    else if (!old) this.#jump.hidden = false;
  }

  drop(message) {
    const next = this.#articles.get(message.ts)?.nextElementSibling;
    this.#articles.get(message.ts)?.remove();
    this.#articles.delete(message.ts);
    if (next) this.#group(next);
  }

  /** A reply came or went: bring the line under its message up to date. */
  refreshThread(message) {
    const article = this.#articles.get(message.ts);
    if (!article || !this.#options.thread) return;
    const focused = article.querySelector(".msg-thread") === document.activeElement;
    article.querySelector(".msg-thread")?.remove();
    const replies = this.#options.store.replies(message.channel, message.ts);
    const line = threadLine(replies, () => this.#options.thread(message));
    if (line) article.querySelector(".msg-body").append(line);
    if (focused) line?.focus();
  }

  #insert(message) {
    const article = this.#article(message);
    const after = [...this.#list.children].findLast((each) => (each.dataset.ts ?? "") < message.ts);
    after.after(article);
    this.#articles.set(message.ts, article);
    this.refreshThread(message);
    this.#group(article);
    if (article.nextElementSibling) this.#group(article.nextElementSibling);
  }

  #replace(old, message) {
    const focused = old.contains(document.activeElement) ? [...old.querySelectorAll("button, a")] : [];
    const place = focused.indexOf(document.activeElement);
    const article = this.#article(message);
    old.replaceWith(article);
    this.#articles.set(message.ts, article);
    this.refreshThread(message);
    this.#group(article);
    if (place >= 0) article.querySelectorAll("button, a")[place]?.focus();
  }

  #article(message) {
    const { store, context, thread } = this.#options;
    const open = thread && (() => thread(message));
    const article = messageArticle(message, context(message), { people: store.people, bot: store.bot, thread: open });
    article.dataset.by = `${message.user} ${message.only_for}`;
    return article;
  }

  #group(article) {
    const before = article.previousElementSibling;
    const near = Number(article.dataset.ts) - Number(before?.dataset.ts) < CLOSE;
    article.classList.toggle("msg-compact", near && before.dataset.by === article.dataset.by);
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#frame;
    const up = scrollTop < this.#scroll; // by hand: what grows below does not move it
    this.#scroll = scrollTop;
    this.#following = scrollHeight - scrollTop - clientHeight < AT_END || (this.#following && !up);
    if (this.#following) this.#jump.hidden = true;
  }

  #toEnd() {
    this.#following = true;
    this.#frame.scrollTop = this.#frame.scrollHeight;
    this.#jump.hidden = true;
  }
}
