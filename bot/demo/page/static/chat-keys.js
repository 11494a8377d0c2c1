// The keyboard: few keys, said in a dialog. Single keys work only outside of fields, and can be switched off, for people
// whose speech input would press them (WCAG 2.1.4).

import { element } from "./richtext.js";

const OFF = "prewarm-keys-off";
const PARTS = ["nav", "main", "thread", "panel"]; // the order of F6
const KEYS = [
  [["/"], "write a command"],
  [["↑", "↓", "Enter", "Tab"], "choose and take one from the list"],
  [["↑"], "in an empty message box: what you sent last"],
  [["Alt ↑", "Alt ↓"], "previous, next channel"],
  [["F6", "Shift F6"], "next, previous part of the page"],
  [["Escape"], "close what is open"],
  [["?"], "this list"],
];

/** Build the dialog and listen. `does`: command(), step(n), escape(). */
export function installKeys(dialog, does) {
  const off = element("input", { type: "checkbox", checked: localStorage.getItem(OFF) !== "yes" });
  off.addEventListener("change", () => localStorage.setItem(OFF, off.checked ? "no" : "yes"));
  const rows = KEYS.flatMap(([keys, meaning]) => {
    const caps = keys.flatMap((cap) => [element("kbd", {}, cap), " "]);
    return [element("dt", {}, ...caps), element("dd", {}, meaning)];
  });
  const close = element("button", { type: "button", class: "send" }, "Close");
  close.addEventListener("click", () => dialog.close());
  const title = element("h2", { id: "help-title" }, "Keyboard");
  const choice = element("label", { class: "help-choice" }, off, " Single keys / and ? are on");
  dialog.replaceChildren(title, element("dl", {}, ...rows), choice, close);
  document.getElementById("help-button").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => key(event, dialog, does, off.checked));
}

function key(event, dialog, does, single) {
  if (event.defaultPrevented || dialog.open || document.querySelector("dialog[open]")) return;
  const act = {
    F6: () => part(event.shiftKey ? -1 : 1),
    Escape: does.escape,
    ArrowUp: event.altKey ? () => does.step(-1) : undefined,
    ArrowDown: event.altKey ? () => does.step(1) : undefined,
    ...(single && !writing(event) ? { "/": does.command, "?": () => dialog.showModal() } : {}),
  }[event.key];
  if (!act) return;
  if (act() !== false) event.preventDefault();
}

function writing(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select") !== null;
}

function part(step) {
  const nodes = PARTS.map((id) => document.getElementById(id));
  const parts = nodes.filter((node) => node.checkVisibility({ visibilityProperty: true }));
  const here = parts.findIndex((node) => node.contains(document.activeElement));
  parts[(here + step + parts.length) % parts.length].focus();
}
