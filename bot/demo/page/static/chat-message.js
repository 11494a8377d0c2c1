// One message as the log and the thread show it: who, when, for whose eyes, and what. The body is the renderer's; here is
// the frame around it.

import { renderMessage } from "./blocks.js";
import { element } from "./richtext.js";

/** Build a message's article. `thread` is called to open its thread; without it there is no way into one. */
export function messageArticle(message, context, { people, bot, thread } = {}) {
  const author = people[message.user] ?? { name: message.user, kind: "person" };
  const id = `by-${message.ts}-${thread ? "log" : "thread"}`;
  const head = element("div", { class: "msg-head", id }, ...headOf(message, author));
  const body = element("div", { class: "msg-body" }, head);
  if (message.only_for) body.append(element("p", { class: "msg-private" }, "Only visible to you"));
  body.append(renderMessage(message, context));
  const kind = message.only_for ? "msg msg-ephemeral" : "msg";
  const article = element("article", { class: kind, "data-ts": message.ts, "aria-labelledby": id });
  article.append(avatar(message.user, author, bot), body);
  if (thread && !message.only_for) article.append(replyButton(thread));
  return article;
}

function headOf(message, author) {
  const at = new Date(Number(message.ts) * 1000);
  const time = element("time", { datetime: at.toISOString(), title: at.toLocaleString() }, clock(message));
  const app = author.kind === "app" ? element("span", { class: "badge" }, "App") : undefined;
  const edited = message.edited ? element("span", { class: "edited" }, "(edited)") : undefined;
  return [element("strong", {}, author.name), app, time, edited].filter(Boolean).flatMap((part) => [part, " "]);
}

function clock(message) {
  return new Date(Number(message.ts) * 1000).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
}

/** A picture of the author that says nothing the name does not. */
export function avatar(user, author, bot) {
  if (user === bot) return element("img", { class: "avatar", src: "icon.svg", alt: "", width: 36, height: 36 });
  const hue = [...user].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 4;
  const letter = [...author.name][0]?.toUpperCase() ?? "?";
  return element("span", { class: `avatar avatar-${hue}`, "aria-hidden": "true" }, letter);
}

function replyButton(thread) {
  const button = element("button", { type: "button", class: "msg-reply" }, "Reply in thread");
  button.addEventListener("click", thread);
  return button;
}

/** The line under a message that leads into its thread; undefined without replies. */
export function threadLine(replies, thread) {
  if (!replies.length) return undefined;
  const words = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  const last = element("span", { class: "msg-last" }, ` last at ${clock(replies.at(-1))}`);
  const button = element("button", { type: "button", class: "msg-thread" }, words, last);
  button.addEventListener("click", thread);
  return button;
}
