// What was said: through all pages of this tab's session.

import { now } from './machine.js';

const KEY = 'callscope-simulator';
/** How many entries are kept. */
const MOST = 5_000;

/** What the page before left; nothing if the browser keeps nothing for this page. */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

export class Journal {
  #entries;
  #listeners = new Set();
  #seq;
  /** What the machine kept on the page before. */
  kept;
  /** Whether it was the simulator that went from the page before to this one. */
  went;

  constructor() {
    const { entries = [], seq = 0, kept = null, went = false } = read();
    this.#entries = entries;
    this.#seq = seq;
    this.kept = kept;
    this.went = went;
  }

  add(entry) {
    const whole = { seq: (this.#seq += 1), at: now(), ...entry };
    this.#entries.push(whole);
    if (this.#entries.length > MOST) this.#entries.shift();
    for (const listener of this.#listeners) listener(whole);
  }

  after(seq) {
    return this.#entries.filter((entry) => entry.seq > seq);
  }

  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Leaves everything for the next page. */
  leave(kept, went) {
    const whole = { seq: this.#seq, kept, went };
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...whole, entries: this.#entries }));
    } catch {
      // Too much, or not allowed: the log begins anew then.
      try {
        sessionStorage.setItem(KEY, JSON.stringify(whole));
      } catch {
        // Nothing can be kept.
      }
    }
  }
}
