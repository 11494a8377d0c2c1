// Slack's own mark-up, "mrkdwn", as DOM nodes: bots still write it in sections, context lines and every `text`.
// One pass over the text with a short stack of open marks, so that hostile input costs no more time than its length.

import { channel, element, emoji, link, mention, moment, safeUrl, user } from "./richtext.js";

const TAGS = { "*": "strong", _: "em", "~": "s" };
const ATOM = /`(?<code>[^`\n]+)`|<(?<angle>[^<>\n]+)>|:(?<emoji>[a-z0-9_+-]+):|[*_~]|\n|[^`<:*_~\n]+|[^]/gu;
const PRE = /```\n?([^]+?)```/;
const QUOTE = /((?:^(?:>|&gt;).*\n?)+)/m;
const WORD = /[\p{L}\p{N}]/u;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Render mark-up as a fragment: preformatted blocks, quotes and lines. */
export function mrkdwn(text, context) {
  const fragment = document.createDocumentFragment();
  text.split(PRE).forEach((piece, index) => {
    if (index % 2) fragment.append(element("pre", { class: "bk-pre" }, ...literal(piece.replace(/\n$/, ""), context)));
    else fragment.append(...paragraphs(piece, context));
  });
  return fragment;
}

/** Render a text object, or a bare string: mark-up only where its type says so. */
export function textObject(text, context) {
  if (text.type === "mrkdwn") return mrkdwn(text.text, context);
  const fragment = document.createDocumentFragment();
  const pieces = text.emoji === false ? [text.text] : text.text.split(/:([a-z0-9_+-]+):/);
  fragment.append(...pieces.map((piece, index) => (index % 2 ? emoji(piece) : piece)));
  return fragment;
}

function paragraphs(text, context) {
  const pieces = text.split(QUOTE).map((piece) => piece.replace(/^\n|\n$/g, ""));
  return pieces.flatMap((piece, index) => {
    if (index % 2 === 0) return inline(piece, context);
    return [element("blockquote", { class: "bk-quote" }, ...inline(piece.replace(/^(?:>|&gt;)+ ?/gm, ""), context))];
  });
}

// ---- one line's worth -----------------------------------------------------------------------------------------------

function inline(text, context) {
  const stack = [{ sign: "", nodes: [] }];
  for (const { 0: atom, groups, index } of text.matchAll(ATOM)) {
    if (Object.hasOwn(TAGS, atom)) mark(stack, atom, text[index - 1] ?? "", text[index + 1] ?? "");
    else if (atom === "\n") unwind(stack, 1).push(element("br"));
    else stack.at(-1).nodes.push(...piece(atom, groups, context));
  }
  return unwind(stack, 1);
}

function piece(atom, groups, context) {
  if (groups.code) return [element("code", { class: "bk-code" }, ...literal(groups.code, context))];
  if (groups.angle) return [angle(groups.angle, context)];
  return [groups.emoji ? emoji(groups.emoji) : decoded(atom)];
}

/** Open, close or spell out a mark, by what stands on either side of it: `snake_case_name` holds no italics. */
function mark(stack, sign, before, after) {
  const open = stack.findIndex((frame) => frame.sign === sign);
  const filled = open > 0 && (stack.length > open + 1 || stack[open].nodes.length > 0);
  if (filled && !/\s/.test(before) && !WORD.test(after)) {
    unwind(stack, open + 1);
    const { nodes } = stack.pop();
    stack.at(-1).nodes.push(element(TAGS[sign], {}, ...nodes));
  } else if (open < 0 && !WORD.test(before) && /\S/.test(after)) {
    stack.push({ sign, nodes: [] });
  } else {
    stack.at(-1).nodes.push(sign);
  }
}

/** Spell out the marks that were opened above `depth` and never closed; return the nodes of the frame that is left. */
function unwind(stack, depth) {
  while (stack.length > depth) {
    const { sign, nodes } = stack.pop();
    stack.at(-1).nodes.push(sign, ...nodes);
  }
  return stack.at(-1).nodes;
}

function literal(text, context) {
  return text.split(/<([^<>\n]+)>/).map((piece, index) => (index % 2 ? angle(piece, context) : decoded(piece)));
}

// ---- what stands in < > ---------------------------------------------------------------------------------------------

function angle(inner, context) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? undefined : decoded(inner.slice(bar + 1));
  const id = target.slice(1);
  if (/^@[UW]/.test(target)) return user(id, context, label);
  if (/^#C/.test(target)) return channel(id, context, label);
  if (target.startsWith("!")) return special(id.split("^"), label, context) ?? `<${decoded(inner)}>`;
  const url = decoded(target);
  return safeUrl(url) === null ? `<${decoded(inner)}>` : link(url, label || url);
}

function special([kind, ...details], label, context) {
  if (["here", "channel", "everyone"].includes(kind)) return mention(`@${kind}`, true);
  if (kind === "subteam") return mention(label ?? `@${details[0]}`);
  if (kind !== "date" || details.length < 2) return label;
  const [timestamp, format, url] = details;
  return moment(Number(timestamp), decoded(format), context, { fallback: label, url: url && decoded(url) });
}

function decoded(text) {
  return text.replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}
