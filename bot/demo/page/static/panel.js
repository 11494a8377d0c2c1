/* The panel beside the chat: the embedded cloud and all that can go wrong with it, so that a visitor sees the promise being
   kept. What the page owes it is an <aside>; everything else comes from /cloud/. */

import { button, h, setText } from "./panel-dom.js";
import { FaultSwitches } from "./panel-faults.js";
import { act, catalogue, listen } from "./panel-server.js";
import { TaskList } from "./panel-tasks.js";

const BURST = 30;
const READ_MS = 8000; // how long a confirmation stays in sight

/** Fill the element and keep it up to date; a heading h2 that stands there is kept. */
export async function mountPanel(element) {
  const figures = new Figures();
  const voice = new Voice();
  element.classList.add("panel");
  if (!element.querySelector("h2")) {
    element.append(h("h2", {}, "The cloud behind it"));
  }
  const promise = h("p", { class: "panel-note" }, "Break something, then watch the chat: every ending is told, and told once.");
  element.append(promise, figures.element, voice.element);
  const panel = new Panel(voice, figures, await patiently(catalogue, voice));
  element.append(panel.element);
  listen((state) => panel.show(state), (sentence) => voice.fail(sentence, "stream"));
}

class Panel {
  constructor(voice, figures, words) {
    this.voice = voice;
    this.figures = figures;
    const carryOut = (path, body) => voice.after(act(path, body));
    this.tasks = new TaskList(carryOut, words.reasons);
    this.faults = new FaultSwitches(carryOut, words.faults);
    this.story = button("Pause the story", () => carryOut("scenario", { running: this.paused }), { hidden: true });
    this.element = h(
      "div",
      {},
      h("div", { class: "panel-head" }, h("h3", {}, "Tasks"), this.story),
      h(
        "div",
        { class: "panel-acts" },
        button("Add a task", () => carryOut("tasks"), { class: "panel-button panel-main" }),
        button(`Burst of ${BURST}`, () => carryOut("burst", { n: BURST })),
      ),
      ownTask(carryOut, words),
      this.tasks.element,
      this.faults.element,
    );
  }

  show(state) {
    this.voice.calm("stream");
    this.paused = state.scenario === "paused";
    this.story.hidden = state.scenario === "none";
    setText(this.story, this.paused ? "Go on with the story" : "Pause the story");
    this.figures.show(state.promise);
    this.tasks.show(state.tasks);
    this.faults.show(state.faults, state.slack);
  }
}

/** The three figures that a broken promise would change. */
class Figures {
  constructor() {
    this.figures = ["endings told", "still to tell", "told twice"].map((words) => ({ words, value: h("b", {}, "–") }));
    const items = this.figures.map(({ words, value }) => h("li", {}, value, h("span", {}, words)));
    this.element = h("ul", { class: "panel-promise", "aria-label": "The promise so far" }, ...items);
  }

  show({ told, waiting, repeated }) {
    [`${told}`, `${waiting}`, `${repeated}`].forEach((figure, place) => setText(this.figures[place].value, figure));
    this.element.dataset.broken = String(repeated > 0);
  }
}

/** Says what happened and what did not, where it is seen and heard. */
class Voice {
  constructor() {
    this.said = h("p", { class: "panel-said", role: "status" });
    this.failed = h("p", { class: "panel-failed", role: "alert" });
    this.element = h("div", { class: "panel-voice" }, this.said, this.failed);
    this.topic = "";
  }

  /** Wait for an act and say its sentence, or the error's; resolves to whether it was done. */
  async after(doing) {
    try {
      this.say(await doing);
      return true;
    } catch (error) {
      this.fail(error.message, "act");
      return false;
    }
  }

  say(sentence) {
    this.calm("act");
    setText(this.said, sentence);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => setText(this.said, ""), READ_MS);
  }

  fail(sentence, topic) {
    this.topic = topic;
    setText(this.failed, sentence);
  }

  /** Take an error back once what it was about works again. */
  calm(topic) {
    if (this.topic === topic) {
      setText(this.failed, "");
    }
  }
}

/** A task as the visitor wants it; what is left empty is made up. */
function ownTask(carryOut, { clusters, products }) {
  const options = (list, nothing) => [h("option", { value: "" }, nothing), ...list.map(({ id, name }) => h("option", { value: id }, name))];
  const fields = {
    image: h("input", { maxlength: "500", placeholder: "registry.example.com/team/model:1", autocomplete: "off", spellcheck: "false" }),
    cluster: h("select", {}, ...options(clusters, "any cluster")),
    product: h("select", {}, ...options(products, "any product")),
    note: h("input", { maxlength: "100", autocomplete: "off" }),
  };
  const labels = Object.entries(fields).map(([name, field]) => h("label", {}, name[0].toUpperCase() + name.slice(1), field));
  const submit = (event) => {
    event.preventDefault();
    const { image, cluster, product, note } = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value.trim()]));
    carryOut("tasks", { image, cluster, note, products: product ? [product] : [] });
  };
  const form = h("form", { class: "panel-form", onsubmit: submit }, ...labels, h("button", { class: "panel-button" }, "Add this task"));
  return h("details", { class: "panel-own" }, h("summary", {}, "Describe a task of your own"), form);
}

/** Ask until there is an answer. */
async function patiently(ask, voice) {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      voice.fail(error.message, "stream");
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
