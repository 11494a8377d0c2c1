// What a first visitor needs to know, in ten seconds, once.

import { element } from "./richtext.js";

const NAME = "prewarm-hint-read";

/** Show the hint until it was dismissed once; `tryIt()` types the first command. */
export function showHint(node, tryIt) {
  if (localStorage.getItem(NAME)) return;
  const first = element("button", { type: "button", class: "hint-try" }, "/prewarm");
  first.addEventListener("click", tryIt);
  const where = element("span", { class: "hint-where" });
  const steps = [
    element("li", {}, "Type ", first, " in the box below, or wait: tasks end by themselves."),
    element("li", {}, where, "make a task fail, and read why in the channel."),
    element("li", {}, "Cut Slack off there, let tasks end, bring it back: nothing is lost, nothing is said twice."),
  ];
  const close = element("button", { type: "button", class: "close" }, "Got it");
  close.addEventListener("click", () => {
    localStorage.setItem(NAME, "yes");
    node.hidden = true;
    document.getElementById("say").focus();
  });
  const title = element("h2", {}, "A real bot, between an embedded cloud and an embedded Slack");
  node.replaceChildren(element("div", {}, title, element("ol", {}, ...steps)), close);
  node.hidden = false;
}
