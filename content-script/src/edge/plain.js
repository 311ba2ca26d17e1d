/*
 * The fast way to copy a posted value. Looking at each value proves that JSON can represent all of
 * it; from Rust, each look would cost more than the whole text.
 */

/** How many objects are compared for a repeated reference, which JSON cannot represent. Messages
 * of the protocol have two or three objects; each is compared with those before it. */
const MOST_MET = 32;

let values = 0;
let units = 0;
const met = [];

/**
 * The JSON text of a value that JSON can represent completely. Otherwise undefined, and `tap::copy`
 * writes it value by value.
 *
 * Looks at no more than this many values, UTF-16 units of text, and nested levels.
 */
export function plainText(value, mostValues, mostUnits, mostLevels) {
  values = mostValues;
  units = mostUnits;
  try {
    return isPlain(value, mostLevels) ? JSON.stringify(value) : undefined;
  } catch {
    return undefined;
  } finally {
    met.length = 0;
  }
}

function isPlain(value, levels) {
  values -= 1;
  if (values < 0) return false;
  switch (typeof value) {
    case 'string':
      units -= value.length;
      return units >= 0;
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      return value === null || (levels > 0 && isPlainObject(value, levels - 1));
    default:
      return false;
  }
}

function isPlainObject(value, levels) {
  if (met.length < MOST_MET) {
    if (met.includes(value)) return false;
    met.push(value);
  }
  const keys = Object.keys(value);
  if (keys.length > values) return false;
  if (Array.isArray(value)) {
    // As many keys as elements, and every element present: no holes, no other properties.
    if (keys.length !== value.length) return false;
    for (let index = 0; index < value.length; index += 1) {
      if (!Object.hasOwn(value, index) || !isPlain(value[index], levels)) return false;
    }
    return true;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  for (const key of keys) {
    if (!isPlain(value[key], levels)) return false;
  }
  return true;
}
