// What the Rust part needs of JavaScript's values and of the page.

// Unlike `Date.now()` it never goes back.
export const now = () => performance.timeOrigin + performance.now();

export const chance = () => Math.random() * 2 ** 32;

export function get(value, key) {
  try {
    return value === null || value === undefined ? undefined : value[key];
  } catch {
    // A getter of the application that throws.
    return undefined;
  }
}

// A `messageId` as text; what is falsy is none.
export function idOf(value) {
  const isId = (typeof value === 'string' || typeof value === 'number') && value;
  return isId ? String(value) : undefined;
}

export function originOf(url) {
  try {
    const { origin } = new URL(url, window.location.href);
    return origin === 'null' ? undefined : origin;
  } catch {
    return undefined;
  }
}

export const copy = value => ({ ...value });

export function set(object, key, value) {
  object[key] = value;
}

export const output = (kind, first, second, third) => [kind, first, second, third];
