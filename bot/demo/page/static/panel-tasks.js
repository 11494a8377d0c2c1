/* The cloud's task list, live: what each task is doing, whether the chat has been told, and the buttons that decide how
   it ends. Rows are kept from one state to the next, so that nobody's focus or open choice is lost under their hands. */

import { button, duration, h, newId, setChildren, setText } from "./panel-dom.js";

const SHOWN = 3; // newest tasks in the short list
const SHOWN_ACTIVE = 1; // and the newest older one that is still at work
const ID_SHOWN = 6; // characters of an ID; as many are enough for /prewarm show
const SIGNS = { Pending: "○", Running: "◐", Succeeded: "✓", Failed: "✕" };

export class TaskList {
  /** `act(path, body)` carries something out and says so; `reasons` are the ways to fail. */
  constructor(act, reasons) {
    this.act = act;
    this.reasons = reasons;
    this.rows = new Map();
    this.tasks = [];
    this.all = false;
    this.list = h("ul", { class: "panel-tasks", "aria-label": "Prewarm tasks, newest first" });
    this.more = button("", () => this.toggle(), { class: "panel-button panel-more" });
    this.element = h("div", {}, this.list, this.more);
    setInterval(() => this.rows.forEach((row) => row.tick()), 1000);
  }

  show(tasks) {
    this.tasks = tasks;
    const known = new Set(tasks.map((task) => task.id));
    for (const id of this.rows.keys()) {
      if (!known.has(id)) {
        this.rows.delete(id);
      }
    }
    const shown = this.all ? tasks : shortList(tasks);
    setChildren(this.list, shown.map((task) => this.row(task).element));
    this.more.hidden = tasks.length <= shown.length && !this.all;
    setText(this.more, this.all ? "Show fewer" : `Show all ${tasks.length} tasks`);
  }

  toggle() {
    this.all = !this.all;
    this.show(this.tasks);
  }

  row(task) {
    const row = this.rows.get(task.id) ?? new TaskRow(task, this.act, this.reasons);
    this.rows.set(task.id, row);
    row.show(task);
    return row;
  }
}

class TaskRow {
  constructor(task, act, reasons) {
    this.act = (path, body) => act(`tasks/${encodeURIComponent(task.id)}/${path}`, body);
    this.reasons = reasons;
    this.sign = h("span", { "aria-hidden": "true" });
    this.state = h("span", {});
    this.age = h("span", { class: "panel-age" });
    this.told = h("span", {});
    this.why = h("p", { class: "panel-why" });
    this.buttons = null;
    const name = task.image.split("/").at(-1);
    this.element = h(
      "li",
      { class: "panel-task", tabindex: "-1" },
      h("p", { class: "panel-line" }, h("span", { class: "panel-image", title: task.image }, name), this.age),
      h(
        "p",
        { class: "panel-where" },
        h("span", { class: "panel-state" }, this.sign, " ", this.state),
        this.told,
        ` · ${task.cluster} ·\u00a0`,
        h("code", { title: task.id }, task.id.slice(0, ID_SHOWN)),
      ),
      this.why,
    );
    this.name = name;
  }

  show(task) {
    this.task = task;
    this.since = performance.now() - task.age * 1000;
    this.element.dataset.state = task.state;
    setText(this.sign, SIGNS[task.state] ?? "?");
    setText(this.state, task.hanging ? `${task.state}, hangs` : task.state);
    setText(this.told, told(task));
    setText(this.why, task.state === "Failed" ? task.reasons.join(" · ") : "");
    this.why.title = this.why.textContent;
    this.why.hidden = this.why.textContent === "";
    this.tick();
    this.offer(task.active, task.hanging);
  }

  tick() {
    const { active, age } = this.task;
    setText(this.age, active ? duration((performance.now() - this.since) / 1000) : `took ${duration(age)}`);
  }

  /** Show the buttons that fit the task; focus on one that goes stays at this task. */
  offer(active, hanging) {
    const held = this.buttons?.contains(document.activeElement);
    if (active && !this.buttons) {
      this.buttons = this.makeButtons();
      this.element.append(this.buttons);
    } else if (!active) {
      this.buttons?.remove();
      this.buttons = null;
    }
    if (this.buttons) {
      this.hang.hidden = hanging;
    }
    if (held && !this.buttons?.contains(document.activeElement)) {
      this.element.focus();
    }
  }

  makeButtons() {
    const group = newId("reasons");
    const choice = h("div", { id: group, class: "panel-reasons", role: "group", "aria-label": "Why does it fail?", hidden: true });
    const fail = button("Fail ▾", () => this.choose(fail, choice), {
      "aria-label": `Fail ${this.name}: choose why`,
      "aria-expanded": "false",
      "aria-controls": group,
    });
    this.hang = this.does("Hang", "hang");
    for (const { name, title } of this.reasons) {
      choice.append(button(title, () => this.act("end", { outcome: "failed", reason: name })));
    }
    choice.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.choose(fail, choice);
        fail.focus();
      }
    });
    const row = h("div", { class: "panel-acts" }, this.does("Succeed", "end", { outcome: "succeeded" }), fail, this.hang, this.does("Delete", "delete"));
    return h("div", {}, row, choice);
  }

  does(text, path, body) {
    return button(text, () => this.act(path, body), { "aria-label": `${text} ${this.name}` });
  }

  choose(fail, choice) {
    choice.hidden = !choice.hidden;
    fail.setAttribute("aria-expanded", String(!choice.hidden));
  }
}

function shortList(tasks) {
  const older = tasks.slice(SHOWN).filter((task) => task.active);
  const shown = new Set([...tasks.slice(0, SHOWN), ...older.slice(0, SHOWN_ACTIVE)]);
  return tasks.filter((task) => shown.has(task));
}

/** What the chat knows of the task: in how many of its messages it is named. */
function told({ told: messages, active }) {
  if (messages === null) {
    return active ? "" : " · before the bot came";
  }
  if (messages === 0) {
    return " · … not told yet";
  }
  return messages === 1 ? " · ✓ told once" : ` · named in ${messages} messages`;
}
