// Puts the page together: one store, one wire, and the parts that show them. Where somebody is stands in the address
// (`#C0PREWARM`, `#home`), who they are in this tab.

import { renderBlocks } from "./blocks.js";
import { Composer } from "./chat-composer.js";
import { Drawers } from "./chat-drawers.js";
import { showHint } from "./chat-hint.js";
import { installKeys } from "./chat-keys.js";
import { Log } from "./chat-log.js";
import { Nav } from "./chat-nav.js";
import { Store } from "./chat-store.js";
import { Thread } from "./chat-thread.js";
import { get, post, Wire } from "./chat-wire.js";
import { mountPanel } from "./panel.js";
import { element } from "./richtext.js";

const byId = (id) => document.getElementById(id);
const store = new Store();
const wire = new Wire(store, (status) => {
  byId("wire").textContent = status === "connected" ? "" : "Reconnecting…";
});
const nav = new Nav(byId("nav"), store, become);
const log = new Log(byId("log"), { store, context, thread: (message) => thread.open(message) });
const thread = new Thread(byId("thread"), store, (message) => context(message, 3), say);
const composer = new Composer(byId("composer"), (text) => say(place, text), { id: "say", complete: true });
const drawers = new Drawers();
let place = "";

// ---- what is done

function say(channel, text, thread_ts = "") {
  return post("/chat/say", { me: store.me, channel, text, thread_ts });
}

function become(person) {
  sessionStorage.setItem("me", person);
  wire.begin(person);
}

async function act(action, node, where) {
  node.setAttribute("aria-busy", "true");
  try {
    await post("/chat/act", { me: store.me, ...where, ...action });
  } catch (error) {
    toast(error.message);
  }
  node.removeAttribute("aria-busy");
}

/** What the renderer needs to know around a message, or around the Home; headings go on from the pane's own. */
function context(message, headingLevel = 2) {
  const channels = Object.fromEntries(store.channels);
  const where = message ? { channel: message.channel, ts: message.ts } : {};
  const { people, me } = store;
  const locale = people[me]?.locale; // dates as this person's Slack shows them
  return { people, channels, me, locale, headingLevel, act: (action, node) => act(action, node, where) };
}

let silence = 0;
function toast(sentence) {
  byId("toast").textContent = sentence;
  clearTimeout(silence);
  silence = setTimeout(() => (byId("toast").textContent = ""), 8000);
}

function showPanel() {
  if (store.panel) mountPanel(byId("panel"));
  else byId("panel").append(element("p", { class: "log-start" }, "The cloud is the real one: its tasks are what they are."));
}

// ---- where we are

/** Go where the address says: a channel, or the bot's Home in its direct messages. */
function go() {
  const wanted = location.hash.slice(1);
  const home = wanted === "home";
  const first = [...store.channels.values()].find((channel) => channel.name === "prewarm") ?? store.direct;
  const otherwise = wanted.startsWith("D") ? store.direct : first; // somebody else's direct messages: one's own
  const channel = home ? store.direct : (store.channels.get(wanted) ?? otherwise);
  const moved = place !== channel.id;
  place = channel.id;
  if (moved) thread.close();
  title(channel, home);
  showTabs(channel, home);
  byId("log").hidden = byId("composer").hidden = home;
  byId("home").hidden = !home;
  nav.at(place);
  if (home) openHome();
  else openChannel(channel);
  drawers.close();
}

function title(channel, home) {
  const sign = channel.kind === "direct" ? "" : "#";
  byId("place").textContent = `${sign}${channel.name}`;
  byId("about").textContent = about(channel);
  document.title = `${home ? "Home, " : ""}${sign}${channel.name} · prewarm demo`;
  composer.label = channel.archived ? `#${channel.name} is archived` : `Message ${sign}${channel.name}, or type /`;
  composer.disabled = channel.archived;
}

function about(channel) {
  if (channel.kind === "direct") return "App · nobody else reads this";
  const kind = channel.kind === "private" ? "Private channel" : "Channel";
  return `${kind} · ${channel.bot ? "prewarm is in here" : "prewarm is not in here"}`;
}

function showTabs(channel, home) {
  const tab = (label, hash, on) => {
    const attributes = { type: "button", role: "tab", "aria-selected": String(on), tabindex: on ? "0" : "-1" };
    const node = element("button", { ...attributes, "aria-controls": hash === "home" ? "home" : "log" }, label);
    node.addEventListener("click", () => (location.hash = hash));
    node.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      location.hash = on ? (home ? channel.id : "home") : hash;
      addEventListener("hashchange", () => byId("tabs").querySelector("[tabindex='0']")?.focus(), { once: true });
    });
    return node;
  };
  byId("tabs").hidden = channel.kind !== "direct";
  byId("tabs").replaceChildren(tab("Messages", channel.id, !home), tab("Home", "home", home));
}

function openChannel(channel) {
  const sign = channel.kind === "direct" ? "" : "#";
  log.show(`Messages in ${sign}${channel.name}`, store.top(channel.id), start(channel));
  store.see(channel.id);
}

function start(channel) {
  if (channel.kind === "direct") return "Write to the bot without /prewarm: list failed, show ID, help.";
  if (channel.bot) return `This is the beginning of #${channel.name}.`;
  return `This is the beginning of #${channel.name}. The bot is not in here: /prewarm works all the same, a mention does not.`;
}

function openHome() {
  showHome();
  post("/chat/home", { me: store.me }).catch((error) => toast(error.message));
}

function showHome() {
  const empty = element("p", { class: "log-start" }, "prewarm has published nothing here yet.");
  byId("home").replaceChildren(store.home ? renderBlocks(store.home.blocks, context()) : empty);
}

// ---- what changes

function changed({ kind, message }) {
  if (message.channel !== place || byId("log").hidden) return;
  if (message.thread_ts) log.refreshThread({ channel: place, ts: message.thread_ts });
  else if (kind === "deleted") log.drop(message);
  else log.put(message);
  store.see(place);
}

function retitle() {
  const channel = store.channels.get(place);
  if (channel) title(channel, !byId("home").hidden);
}

store.addEventListener("loaded", go);
store.addEventListener("loaded", showPanel, { once: true });
store.addEventListener("message", (event) => changed(event.detail));
store.addEventListener("channels", retitle);
store.addEventListener("home", () => byId("home").hidden || showHome());
addEventListener("hashchange", go);
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address says where we are
  (byId("composer").hidden ? byId("home") : composer.field).focus();
});

installKeys(byId("help"), {
  command: () => composer.type("/"),
  step: (by) => (location.hash = nav.next(by)),
  escape: () => drawers.close() || (thread.parent ? thread.close() : false),
});
showHint(byId("hint"), () => composer.type("/prewarm"));
get("/chat/commands").then(({ commands }) => (composer.offers = commands));
wire.begin(sessionStorage.getItem("me") ?? "U0ADA");
