// Slack's Block Kit in the browser: what the bot sends, as people would see it, without Slack. The page and the gallery
// share it, and it knows nothing of either: a press of a button goes to the `act` of the context that it was given.

import { mrkdwn, textObject } from "./mrkdwn.js";
import { element, richText, safeUrl } from "./richtext.js";
import { dataTable } from "./table.js";

/** Render the body of one message: its blocks, or its text where it has none. */
export function renderMessage(message, context) {
  const blocks = message.blocks ?? [];
  const body = blocks.length ? renderBlocks(blocks, context) : mrkdwn(message.text ?? "", context);
  return element("div", { class: "bk-message" }, body);
}

/**
 * Render blocks of a message or a Home view.
 *
 * `context`: people and channels by ID, `me`, `act(action, element)`; and where wanted `now()`, `locale` (the
 * viewer's own by default) and `headingLevel` (3).
 */
export function renderBlocks(blocks, context) {
  const fragment = document.createDocumentFragment();
  const titles = new Set(blocks.filter((block) => block.type === "header").map((block) => block.text.text));
  for (const block of blocks) {
    const node = (BLOCKS[block.type] ?? unknown)(block, context, titles);
    node.classList.add("bk-block");
    fragment.append(node);
  }
  return fragment;
}

const BLOCKS = {
  header: (block, context) =>
    element(`h${context.headingLevel ?? 3}`, { class: "bk-header" }, textObject(block.text, context)),
  section,
  rich_text: richText,
  context: (block, context) =>
    element("div", { class: "bk-context" }, ...block.elements.map((item) => remark(item, context))),
  actions: (block, context) =>
    element("div", { class: "bk-actions" }, ...block.elements.map((item) => control(item, block, context))),
  divider: () => element("hr", { class: "bk-divider" }),
  image: (block, context) => picture(block, block.title && textObject(block.title, context)),
  data_table: (block, context, titles) => dataTable(block, context, titles.has(block.caption)),
};

function unknown(block) {
  const type = element("code", { class: "bk-code" }, String(block.type));
  return element("p", { class: "bk-unknown" }, "This page cannot show a block of type ", type, ". Slack would.");
}

function section(block, context) {
  const main = element("div", { class: "bk-main" });
  if (block.text) main.append(element("div", { class: "bk-paragraph" }, textObject(block.text, context)));
  if (block.fields) {
    const fields = block.fields.map((field) => element("div", { class: "bk-field" }, textObject(field, context)));
    main.append(element("div", { class: "bk-fields" }, ...fields));
  }
  const accessory = block.accessory && control(block.accessory, block, context);
  return element("div", { class: "bk-section" }, main, accessory);
}

function remark(item, context) {
  return item.type === "image" ? picture(item) : element("span", {}, textObject(item, context));
}

/** An image's words: nothing is loaded from anywhere. */
function picture(image, title) {
  const alt = element("span", { class: "bk-alt" }, `Image: ${image.alt_text}`);
  return element("div", { class: "bk-image" }, title && element("strong", {}, title), alt);
}

// ---- controls -------------------------------------------------------------------------------------------------------

const CONTROLS = { button, overflow, static_select: select, image: (item) => picture(item) };

function control(item, block, context) {
  return (CONTROLS[item.type] ?? unknown)(item, block, context);
}

function button(item, block, context) {
  const look = ["primary", "danger"].includes(item.style) ? ` bk-${item.style}` : "";
  const attributes = { class: `bk-button${look}`, "aria-label": item.accessibility_label };
  const node = pressable(item.url, textObject(item.text, context), attributes);
  const details = item.value === undefined ? {} : { value: item.value };
  node.addEventListener("click", (event) => press(event, node, item, block, context, details));
  return node;
}

/** A link where there is an address to go to, else a button. */
function pressable(url, label, attributes) {
  const href = safeUrl(url);
  if (href === null) return element("button", { ...attributes, type: "button" }, label);
  return element("a", { ...attributes, href, target: "_blank", rel: "noopener noreferrer" }, label);
}

function overflow(item, block, context) {
  const opener = element("button", { type: "button", class: "bk-button", "aria-label": "More actions" }, "⋯");
  const menu = element("div", { class: "bk-menu", popover: true });
  for (const option of item.options) {
    const choice = pressable(option.url, textObject(option.text, context), { class: "bk-choice" });
    choice.addEventListener("click", (event) => {
      menu.hidePopover();
      press(event, choice, item, block, context, { selected_option: option });
    });
    menu.append(choice);
  }
  opener.popoverTargetElement = menu;
  return element("span", { class: "bk-overflow" }, opener, menu);
}

function select(item, block, context) {
  const label = item.placeholder?.text ?? "Choose";
  const node = element("select", { class: "bk-select", "aria-label": label }, element("option", { value: "" }, label));
  node.append(...item.options.map((option) => element("option", { value: option.value }, option.text.text)));
  const initial = item.initial_option?.value ?? "";
  node.value = initial;
  node.addEventListener("change", async (event) => {
    const chosen = item.options[node.selectedIndex - 1];
    const done = chosen && (await press(event, node, item, block, context, { selected_option: chosen }));
    if (!done) node.value = initial;
  });
  return node;
}

/** Tell the page what was pressed, after a question where there is one to ask; say whether it was told. */
async function press(event, node, item, block, context, details) {
  if (item.confirm) {
    event.preventDefault();
    if (!(await confirmed(item.confirm, context))) return false;
    if (node.href) window.open(node.href, "_blank", "noopener");
  }
  context.act({ type: item.type, action_id: item.action_id, block_id: block.block_id, ...details }, node);
  return true;
}

function confirmed(question, context) {
  const answer = (text, value, look) => {
    const button = element("button", { type: "button", class: `bk-button bk-${look}` }, text.text);
    button.addEventListener("click", () => dialog.close(value));
    return button;
  };
  const yes = answer(question.confirm, "yes", question.style ?? "primary");
  const answers = element("div", { class: "bk-actions" }, answer(question.deny, "no", "plain"), yes);
  const title = element("h2", {}, question.title.text);
  const text = element("div", { class: "bk-paragraph" }, textObject(question.text, context));
  const dialog = element("dialog", { class: "bk-dialog", "aria-label": question.title.text }, title, text, answers);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
