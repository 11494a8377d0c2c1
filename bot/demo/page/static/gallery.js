// The gallery lays every kind of message side by side in both languages, as the page renders it, for those who write the
// messages and for those who want to know what they will get. It only shows what /gallery.json holds.

import { renderMessage } from "./blocks.js";
import { mrkdwn } from "./mrkdwn.js";
import { element } from "./richtext.js";

const main = document.querySelector("#messages");

function show({ groups }) {
  main.replaceChildren(...groups.map(group));
  document.querySelector("#groups").replaceChildren(...groups.map(entry));
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

function entry({ title, items }, index) {
  const count = element("span", { class: "count" }, String(items.length));
  return element("li", {}, element("a", { href: `#group-${index + 1}` }, title, count));
}

function group({ title, items }, index) {
  const heading = element("h2", { id: `title-${index + 1}` }, title);
  return element("section", { id: `group-${index + 1}`, "aria-labelledby": heading.id }, heading, ...items.map(item));
}

function item({ title, note, forms }) {
  const told = note ? element("p", { class: "note" }, mrkdwn(note, {})) : undefined;
  const side = element("div", { class: "forms" }, ...forms.map(form));
  return element("article", {}, element("h3", {}, title), told, side);
}

function form({ title, lang, message }) {
  const says = element("p", { class: "remark", role: "status" });
  const context = contextFor(lang, says);
  const name = element("p", { class: "sender" }, element("strong", {}, "prewarm"), element("span", { class: "app" }, "app"));
  const avatar = element("img", { class: "avatar", src: "icon.svg", alt: "", width: 36, height: 36 });
  const body = element("div", { lang }, renderMessage(message, context));
  const bubble = element("div", { class: "bubble" }, avatar, element("div", { class: "said" }, name, body, says));
  return element("figure", { class: "form" }, element("figcaption", {}, title), bubble, spoken(message, lang, context));
}

function spoken({ text }, lang, context) {
  const summary = element("summary", {}, "What a screen reader and a phone say");
  return element("details", {}, summary, element("div", { lang }, renderMessage({ text }, context)));
}

function contextFor(locale, says) {
  const act = () => (says.textContent = "Nothing happens here: in the demo this button works.");
  return { people: {}, channels: {}, me: "", locale, headingLevel: 4, act };
}

/** Let a switch show every form as wide as a phone. The other switch, the colours, is chat-look.js's. */
function phoneSwitch(button) {
  button.addEventListener("click", () => {
    const on = main.classList.toggle("phone");
    button.setAttribute("aria-pressed", String(on));
  });
}

async function load() {
  const response = await fetch("/gallery.json");
  if (!response.ok) throw new Error(`the demo answered ${response.status}`);
  show(await response.json());
}

phoneSwitch(document.querySelector("#phone"));
load().catch((error) => {
  const what = `The messages could not be loaded: ${error.message}. See what the demo's terminal says, then reload.`;
  main.replaceChildren(element("p", { class: "state", role: "alert" }, what));
});
