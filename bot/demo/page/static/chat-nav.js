// The left side: who you are, and where you can go. Places are links, so that the browser's own back button, middle click
// and reading aloud work as everywhere.

import { avatar } from "./chat-message.js";
import { element } from "./richtext.js";

/** Show people and places; `become(person)` is called when somebody else is chosen. */
export class Nav {
  #node;
  #store;
  #places = element("div", { class: "places" });
  #place = "";

  constructor(node, store, become) {
    this.#node = node;
    this.#store = store;
    store.addEventListener("loaded", () => this.#build(become));
    for (const name of ["channels", "message", "seen"]) store.addEventListener(name, () => this.#list());
  }

  /** Mark where we are. */
  at(place) {
    this.#place = place;
    this.#list();
  }

  /** The place `step` places away from here, round and round. */
  next(step) {
    const links = [...this.#places.querySelectorAll("a")];
    const here = links.findIndex((link) => link.getAttribute("aria-current"));
    return links[(here + step + links.length) % links.length]?.hash.slice(1);
  }

  #build(become) {
    const people = Object.entries(this.#store.people).filter(([, person]) => person.kind === "person");
    const choices = people.map(([id, person]) => this.#choice(id, person, become));
    const who = element("fieldset", { class: "who" }, element("legend", {}, "You are"), ...choices);
    const focused = this.#node.contains(document.activeElement);
    this.#node.replaceChildren(who, this.#places);
    this.#list();
    if (focused) who.querySelector("input:checked")?.focus();
  }

  #choice(id, person, become) {
    const mine = id === this.#store.me;
    const radio = element("input", { type: "radio", name: "me", value: id, checked: mine });
    radio.addEventListener("change", () => become(id));
    return element("label", {}, radio, avatar(id, person, this.#store.bot), element("span", {}, person.name));
  }

  #list() {
    const channels = [...this.#store.channels.values()];
    const direct = channels.filter((channel) => channel.kind === "direct");
    const others = channels.filter((channel) => channel.kind !== "direct");
    const focused = this.#places.contains(document.activeElement) && document.activeElement.hash;
    this.#places.replaceChildren(...this.#section("Channels", others), ...this.#section("Direct messages", direct));
    if (focused) this.#places.querySelector(`a[href="${focused}"]`)?.focus();
  }

  #section(title, channels) {
    const items = channels.map((channel) => element("li", {}, this.#link(channel)));
    return [element("h2", {}, title), element("ul", {}, ...items)];
  }

  #link(channel) {
    const unread = this.#store.unread(channel.id);
    const here = channel.id === this.#place ? "page" : undefined;
    const link = element("a", { href: `#${channel.id}`, "aria-current": here, class: unread ? "place unread" : "place" });
    link.append(sign(channel, this.#store.bot), element("span", { class: "place-name" }, channel.name));
    for (const remark of remarks(channel)) link.append(" ", element("span", { class: "place-remark" }, remark));
    if (unread) link.append(" ", count(unread));
    return link;
  }
}

function sign(channel, bot) {
  if (channel.kind === "direct") return avatar(bot, { name: channel.name }, bot);
  if (channel.kind === "private") return element("span", { class: "sign sign-private", "aria-hidden": "true" });
  return element("span", { class: "sign", "aria-hidden": "true" }, "#");
}

function remarks(channel) {
  const said = [];
  if (channel.kind === "direct") said.push("app");
  if (channel.kind === "private") said.push("private");
  if (channel.archived) said.push("archived");
  if (!channel.bot) said.push("bot not here");
  return said;
}

function count(unread) {
  const words = element("span", { class: "unseen" }, unread === 1 ? " unread message" : " unread messages");
  return element("span", { class: "count" }, String(unread), words);
}
