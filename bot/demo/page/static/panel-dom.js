/* Builds the panel's elements. Text from the cloud may be hostile, so the only way in is a text node: there is no HTML
   anywhere in the panel. */

/** Make an element. `on…` in `attributes` are listeners, `false` leaves one out, `true` sets an empty one. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children);
  return element;
}

export function button(text, onclick, attributes = {}) {
  return h("button", { type: "button", class: "panel-button", onclick, ...attributes }, text);
}

/** Set a text, but only where it differs: a screen reader and a selection are left alone. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Show exactly these children, in this order; those that stay are not moved, so that focus stays where it is. */
export function setChildren(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) {
    if (!wanted.has(child)) {
      child.remove();
    }
  }
  children.forEach((child, place) => {
    if (parent.children[place] !== child) {
      parent.insertBefore(child, parent.children[place] ?? null);
    }
  });
}

/** Seconds as people say them. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  return whole < 3600 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 3600)} h`;
}

let made = 0;

/** An id that no other element of the page has. */
export function newId(stem) {
  made += 1;
  return `panel-${stem}-${made}`;
}
