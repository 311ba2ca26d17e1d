// Short functions for elements.

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** Makes an element: properties, `aria-…` and `data-…` attributes, then children. */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.includes('-') || key === 'role' || key === 'for') element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** A button that does something. */
export const button = (text, onclick, properties = {}) =>
  el('button', { type: 'button', onclick, ...properties }, text);

/** Draws a part of the page again only if what it shows has changed, so that focus and selection
 * are kept. */
export function part(element, make) {
  let shown;
  return (data) => {
    const text = JSON.stringify(data);
    if (text === shown) return;
    shown = text;
    element.replaceChildren(...[make(data)].flat().filter(Boolean));
  };
}

/** `4.0 s`, `1:05`. */
export function duration(millis) {
  const seconds = Math.max(0, Math.floor(millis / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The time of day with milliseconds, on the user's clock. */
export function clock(at) {
  const time = new Date(at);
  const two = (number) => String(number).padStart(2, '0');
  const millis = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${millis}`;
}
