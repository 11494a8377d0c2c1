/* Everything that can go wrong, as switches: the faults that tell the story first, each with what to look for in the chat,
   then every other one the embedded servers know. */

import { button, h, newId, setText } from "./panel-dom.js";

export class FaultSwitches {
  /** `faults` come with name, title, says, group and headline; `act` carries a switch out and says so. */
  constructor(act, faults) {
    this.act = act;
    this.switches = new Map(faults.map((fault) => [fault.name, new FaultSwitch(act, fault)]));
    this.slack = h("p", { class: "panel-note" });
    this.count = h("span", { class: "panel-count" });
    this.others = h("summary", {});
    const [headlines, others] = [faults.filter((fault) => fault.headline), faults.filter((fault) => !fault.headline)];
    this.hidden = others.map((fault) => fault.name);
    const off = button("All faults off", () => this.act("faults", { name: "all", on: false }));
    this.element = h(
      "div",
      {},
      h("div", { class: "panel-head" }, h("h3", {}, "Let it go wrong ", this.count), off),
      ...this.groups(headlines),
      h("details", { class: "panel-others" }, this.others, ...this.groups(others)),
    );
  }

  show(faults, slack) {
    setText(this.slack, slackInWords(slack));
    const on = faults.filter((fault) => fault.on).map((fault) => fault.name);
    faults.forEach((fault) => this.switches.get(fault.name)?.show(fault.on));
    setText(this.count, on.length ? `${on.length} on` : "");
    const among = on.filter((name) => this.hidden.includes(name)).length;
    setText(this.others, `All other faults: ${this.hidden.length}${among ? `, ${among} on` : ""}`);
  }

  groups(faults) {
    return [...new Set(faults.map((fault) => fault.group))].map((group) => {
      const title = h("h4", { id: newId("group") }, group);
      const members = faults.filter((fault) => fault.group === group);
      const switches = members.map((fault) => this.switches.get(fault.name).element);
      const note = group === "Slack" ? [this.slack] : [];
      return h("div", { class: "panel-group", role: "group", "aria-labelledby": title.id }, title, ...note, ...switches);
    });
  }
}

class FaultSwitch {
  constructor(act, fault) {
    this.busy = false;
    const says = h("p", { id: newId("says"), class: "panel-says" }, fault.says);
    this.input = h("input", {
      type: "checkbox",
      role: "switch",
      "aria-describedby": fault.says ? says.id : false,
      onchange: () => this.turn(act, fault.name),
    });
    this.word = h("span", { class: "panel-word", "aria-hidden": "true" }, "off");
    const label = h("label", {}, this.input, h("span", {}, fault.title), this.word);
    this.element = h("div", { class: "panel-switch" }, label, ...(fault.says ? [says] : []));
  }

  /** Show how it stands, unless a click on it is still under way. */
  show(on) {
    if (!this.busy) {
      this.input.checked = on;
      setText(this.word, on ? "on" : "off");
    }
  }

  async turn(act, name) {
    const on = this.input.checked;
    this.busy = true;
    setText(this.word, "…");
    const done = await act("faults", { name, on });
    this.busy = false;
    this.show(done ? on : !on);
  }
}

function slackInWords({ up, connections, members, posts }) {
  const socket = connections ? "the bot listens" : "the bot is not connected";
  const lost = posts.unanswered ? `, ${posts.unanswered} of them without an answer` : "";
  const paced = posts.refused_429 ? `, ${posts.refused_429} with 429` : "";
  return `Slack is ${up ? "up" : "down"}; ${socket}. In #prewarm: ${members.join(", ")}. Posts taken: ${posts.taken}${lost}; refused: ${posts.refused}${paced}.`;
}
