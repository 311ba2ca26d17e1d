// The log of messages, across all pages of this tab's session.

import { now } from './machine.js';

const KEY = 'callscope-simulator';
/** How many entries are kept. */
const MOST = 5_000;

/** What the previous page left; empty if the browser stores nothing for this page. */
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
  /** What the machine handed over on the previous page. */
  kept;
  /** Whether the simulator itself navigated from the previous page to this one. */
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

  /** Leaves everything to the next page. */
  leave(kept, went) {
    const whole = { seq: this.#seq, kept, went };
    try {
      sessionStorage.setItem(KEY, JSON.stringify({ ...whole, entries: this.#entries }));
    } catch {
      // Too much, or not allowed: then the next page's log starts empty.
      try {
        sessionStorage.setItem(KEY, JSON.stringify(whole));
      } catch {
        // Nothing can be stored.
      }
    }
  }
}
