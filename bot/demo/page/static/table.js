// A data_table as a real HTML table, which is what makes it usable by ear and by keyboard: its headers are buttons that
// sort, and a long one is paged. The rows stay in memory and are laid out anew, since a hundred are the most there are.

import { element, richText } from "./richtext.js";

const NEXT = { none: "ascending", ascending: "descending", descending: "none" };
const ARROWS = { none: "↕", ascending: "↑", descending: "↓" };
const SHORT = 24; // characters that stay on one line: the box scrolls sideways rather than break an ID in two

/** Render a data_table block. `repeated`: its caption stands above it already, so only screen readers hear it. */
export function dataTable(block, context, repeated = false) {
  return new DataTable(block, context, repeated).node;
}

class DataTable {
  constructor(block, context, repeated) {
    [this.head, ...this.rows] = block.rows;
    this.context = context;
    this.size = block.page_size ?? 5;
    this.rowHeader = block.row_header_column_index ?? 0;
    this.sorted = { column: -1, order: "none" };
    this.first = 0;
    this.headers = this.head.map((cell, column) => this.header(cell, column));
    this.body = element("tbody");
    this.pager = this.rows.length > this.size ? new Pager((step) => this.turn(step)) : null;
    this.node = this.frame(block.caption, repeated);
    this.draw();
  }

  frame(label, repeated) {
    const caption = element("caption", { class: repeated && "bk-unseen" }, label);
    const table = element("table", {}, caption, element("thead", {}, element("tr", {}, ...this.headers)), this.body);
    const scroll = element("div", { class: "bk-scroll", tabindex: "0", role: "group", "aria-label": label }, table);
    return element("div", { class: "bk-table" }, scroll, this.pager?.node);
  }

  header(cell, column) {
    const arrow = element("span", { class: "bk-arrow", "aria-hidden": "true" });
    const button = element("button", { type: "button" }, cell.text, arrow);
    button.addEventListener("click", () => this.sort(column));
    return element("th", { scope: "col", class: this.isNumeric(column) && "bk-number" }, button);
  }

  /** Go round: up, down, as it came. */
  sort(column) {
    const order = column === this.sorted.column ? this.sorted.order : "none";
    this.sorted = { column, order: NEXT[order] };
    this.first = 0;
    this.draw();
  }

  turn(step) {
    this.first += step * this.size;
    this.draw();
  }

  draw() {
    const rows = this.ordered().slice(this.first, this.first + this.size);
    this.body.replaceChildren(...rows.map((row) => this.row(row)));
    this.headers.forEach((header, column) => {
      const order = column === this.sorted.column ? this.sorted.order : "none";
      header.setAttribute("aria-sort", order);
      header.querySelector(".bk-arrow").textContent = ARROWS[order];
    });
    this.pager?.say(this.first, rows.length, this.rows.length);
  }

  ordered() {
    const { column, order } = this.sorted;
    if (order === "none") return this.rows;
    const words = new Intl.Collator(this.context.locale, { numeric: true, sensitivity: "base" });
    const compare = this.isNumeric(column)
      ? (one, other) => one[column].value - other[column].value
      : (one, other) => words.compare(plain(one[column]), plain(other[column]));
    const sign = order === "ascending" ? 1 : -1;
    return this.rows.toSorted((one, other) => sign * compare(one, other));
  }

  isNumeric(column) {
    return this.rows.every((row) => row[column].type === "raw_number");
  }

  row(cells) {
    return element("tr", {}, ...cells.map((cell, column) => this.cell(cell, column)));
  }

  cell(cell, column) {
    const [tag, scope] = column === this.rowHeader ? ["th", "row"] : ["td"];
    const shown = cell.type === "rich_text" ? richText(cell, this.context) : cell.text;
    const look = cell.type === "raw_number" ? "bk-number" : plain(cell).length <= SHORT && "bk-short";
    return element(tag, { scope, class: look }, shown);
  }
}

/** Two buttons and where one is. They are never disabled for real, for that would take the focus away. */
class Pager {
  constructor(turn) {
    this.previous = this.button("Previous", () => turn(-1));
    this.next = this.button("Next", () => turn(1));
    this.place = element("span", { role: "status" });
    this.node = element("div", { class: "bk-pager" }, this.place, this.previous, this.next);
  }

  button(label, act) {
    const button = element("button", { type: "button", class: "bk-button" }, label);
    button.addEventListener("click", () => button.getAttribute("aria-disabled") === "true" || act());
    return button;
  }

  say(first, shown, all) {
    this.place.textContent = `${first + 1}–${first + shown} of ${all}`;
    this.previous.setAttribute("aria-disabled", String(first === 0));
    this.next.setAttribute("aria-disabled", String(first + shown >= all));
  }
}

/** The words of a cell, however deep, to sort by. */
function plain(cell) {
  return cell.text ?? (cell.elements ?? []).map(plain).join("");
}
