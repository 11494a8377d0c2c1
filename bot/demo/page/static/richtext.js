// Rich text as DOM nodes, and the inline pieces (people, links, emoji, dates) that Slack's older mark-up shares with it.
// Nodes are built one by one and never parsed from text, so that whatever a message holds stays text.

/** Make an element; an attribute that is undefined or false is left out, and so is an undefined child. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

// ---- rich text ------------------------------------------------------------------------------------------------------

const PARTS = {
  rich_text_section: (part, context) => element("div", { class: "bk-paragraph" }, ...inline(part, context)),
  rich_text_list: list,
  rich_text_preformatted: (part, context) => element("pre", { class: "bk-pre" }, ...inline(part, context)),
  rich_text_quote: (part, context) => element("blockquote", { class: "bk-quote" }, ...inline(part, context)),
};

/** Render the parts of a rich_text block or of a table's cell. */
export function richText(block, context) {
  const parts = block.elements.map((part) => (PARTS[part.type] ?? unknownPart)(part, context));
  return element("div", { class: "bk-rich" }, ...parts);
}

function list(part, context) {
  const ordered = part.style === "ordered";
  const start = ordered && part.offset ? String(part.offset + 1) : undefined;
  const items = part.elements.map((item) => element("li", {}, ...inline(item, context)));
  const indent = Math.min(part.indent ?? 0, 8);
  return element(ordered ? "ol" : "ul", { class: `bk-list bk-indent-${indent}`, start }, ...items);
}

function unknownPart(part) {
  return element("div", { class: "bk-paragraph" }, `[${part.type}]`);
}

const PIECES = {
  text: (piece) => piece.text,
  link: (piece) => link(piece.url, piece.text || piece.url),
  user: (piece, context) => user(piece.user_id, context),
  usergroup: (piece) => mention(`@${piece.usergroup_id}`),
  channel: (piece, context) => channel(piece.channel_id, context),
  broadcast: (piece) => mention(`@${piece.range}`, true),
  emoji: (piece) => emoji(piece.name),
  color: (piece) => piece.value,
  date: (piece, context) => moment(piece.timestamp, piece.format, context, piece),
};
const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

function inline(part, context) {
  return part.elements.map((piece) => {
    const shown = (PIECES[piece.type] ?? ((other) => `[${other.type}]`))(piece, context);
    const tags = Object.keys(STYLES).filter((style) => piece.style?.[style]);
    return tags.reduce((inner, style) => element(STYLES[style], { class: style === "code" && "bk-code" }, inner), shown);
  });
}

// ---- people, channels, links, emoji ---------------------------------------------------------------------------------

export function user(id, context, label = id) {
  return mention(`@${context.people?.[id]?.name ?? label}`, id === context.me);
}

export function channel(id, context, label = id) {
  return mention(`#${context.channels?.[id]?.name ?? label}`);
}

/** A mention; `loud` ones concern the reader. */
export function mention(text, loud = false) {
  return element("span", { class: loud ? "bk-mention bk-loud" : "bk-mention" }, text);
}

/** Return the address if a reader may be sent there, else null: only the web and mail, never a script. */
export function safeUrl(url) {
  const parsed = URL.parse(url);
  return parsed && ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed.href : null;
}

/** A link; where its address is not safe, the label and the address as text. */
export function link(url, label) {
  const href = safeUrl(url);
  if (href === null) return label === url ? url : element("span", {}, label, ` (${url})`);
  return element("a", { class: "bk-link", href, target: "_blank", rel: "noopener noreferrer" }, label);
}

const EMOJI = {
  "+1": "👍", bell: "🔔", eyes: "👀", fire: "🔥", hourglass: "⌛", hourglass_flowing_sand: "⏳", information_source: "ℹ️",
  mag: "🔍", no_bell: "🔕", package: "📦", question: "❓", rocket: "🚀", rotating_light: "🚨", slightly_smiling_face: "🙂",
  tada: "🎉", warning: "⚠️", wave: "👋", white_check_mark: "✅", wrench: "🔧", x: "❌",
};

/** An emoji with its name for those who do not see it; one that is not known stays as it was typed. */
export function emoji(name) {
  const sign = Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
  return sign ? element("span", { role: "img", "aria-label": name.replaceAll("_", " ") }, sign) : `:${name}:`;
}

// ---- dates ----------------------------------------------------------------------------------------------------------

const DAY = { year: "numeric", month: "long", day: "numeric" };
const SHORT = { ...DAY, month: "short" };
const LONG = { ...DAY, weekday: "long" };
const TIME = { hour: "numeric", minute: "2-digit" };
const FORMATS = {
  date: DAY, date_long_full: DAY, date_short: SHORT, date_long: LONG, time: TIME,
  date_short_half: { month: "short", day: "numeric" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  time_secs: { ...TIME, second: "2-digit" },
};
const AGES = [["year", 31_556_952], ["month", 2_629_746], ["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

/** A moment (Unix seconds) by Slack's tokens, in the viewer's zone; the whole of it shows when one points at it. */
export function moment(timestamp, format, context, { fallback, url } = {}) {
  const at = new Date(timestamp * 1000);
  if (Number.isNaN(at.getTime())) return fallback ?? String(timestamp);
  const told = format.replace(/\{(\w+)\}/g, (whole, token, index) => replaced(token, at, context, index === 0) ?? whole);
  const title = at.toLocaleString(context.locale, { dateStyle: "full", timeStyle: "long" });
  const shown = element("time", { datetime: at.toISOString(), title }, told);
  return url ? link(url, shown) : shown;
}

function replaced(token, at, context, first) {
  const now = context.now?.() ?? new Date();
  const style = token.replace("_pretty", "");
  if (token === "ago") return age(at, now, context.locale);
  if (token === "date_num") return at.toLocaleDateString("sv-SE");
  if (token === "day_divider_pretty") return nearby(at, now, context.locale, first) ?? divider(at, now, context.locale);
  const near = token === style ? null : nearby(at, now, context.locale, first);
  return near ?? (Object.hasOwn(FORMATS, style) ? at.toLocaleString(context.locale, FORMATS[style]) : undefined);
}

function divider(at, now, locale) {
  const { year, ...short } = LONG;
  return at.toLocaleDateString(locale, at.getFullYear() === now.getFullYear() ? short : LONG);
}

/** "Today", "yesterday" or "tomorrow" by the viewer's calendar, else null. */
function nearby(at, now, locale, first) {
  const midnight = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  const days = (midnight(at) - midnight(now)) / 86_400_000;
  if (Math.abs(days) > 1) return null;
  const word = new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day");
  return first ? word[0].toLocaleUpperCase(locale) + word.slice(1) : word;
}

function age(at, now, locale) {
  const seconds = (at - now) / 1000;
  const [unit, size] = AGES.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return new Intl.RelativeTimeFormat(locale).format(Math.trunc(seconds / size), unit);
}
