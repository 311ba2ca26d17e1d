/*
 * The first script, in every frame from `document_start` on: a listener and nothing else.
 *
 * It keeps `message` events until something needs them, and has the worker run the rest of the
 * content script (Rust, `src/`) here once calling-extension traffic is among them; that takes the
 * kept ones over and asks this script for more. It is plain JavaScript, because most frames never
 * hear such a message, and must not pay for what reads them.
 *
 * The build (xtask/src/dist/listener.rs) fills in these names:
 *
 * - DISTINCT, the types of messages that only a calling extension sends;
 * - COMMON, those that other scripts use as well: they count with a messageId only;
 * - START, what the worker is told, and VERSION, that of the bus, for what it is told otherwise;
 * - MOST_KEPT, how many events are kept at most: what is beyond is counted as lost;
 * - MOST_UNDECIDED, how many of them with a type and a messageId are kept for a frame that has not
 *   spoken yet;
 * - MOST_LEFT, how much text a page that leaves hands over at most, in UTF-16 units, and
 *   MOST_VALUES and MOST_LEVELS, how much of a value is looked at.
 *
 * `src/edge/listener.rs` says what the Rust side uses of it.
 */

/* global DISTINCT, COMMON, START, VERSION, MOST_KEPT, MOST_UNDECIDED, MOST_LEFT, MOST_VALUES,
   MOST_LEVELS */

import { plainText } from './src/edge/plain.js';

/** How long events wait to be read, in milliseconds, so that the page has its turn. */
const GATHER = 20;
/** How late a timer is whose queue the page keeps full, in milliseconds. */
const STARVED = 16;
/** A timer that is this late, in milliseconds, although no more than a FEW events came meanwhile,
 * was held back by the browser; that is expected for a while then. */
const HELD_BACK = 150;
const FEW = 10;
const HELD_BACK_FOR = 10_000;
/** How many child windows are known before those are forgotten that have left the page. */
const MANY_CHILDREN = 64;
/** The first and the longest pause before the worker is asked again, in milliseconds, and how soon
 * a sign of life brings that forward. A worker that does not answer may just be starting; what
 * Chrome could not deliver it keeps, so to ask often would not help. */
const FIRST_PAUSE = 500;
const LAST_PAUSE = 60_000;
const PATIENCE = 5_000;

const PARENT = { slot: 0, index: 0 };
/** A window that has left the page, and nobody knows which it was. */
const LEFT = { slot: -1, index: 0 };

function begin() {
  const addTo = EventTarget.prototype.addEventListener;
  /** The child windows that were heard from: the slot of each, where it was last and of which
   * origin. A slot is never given to a second window. */
  const children = new Map();
  let slots = 0;
  let tidyAt = MANY_CHILDREN;
  /** Type and function of what listens on this window. */
  const listeners = [];
  let kept = [];
  /** The Rust side, once it runs: called when kept events are due. */
  let due = null;
  let dueAt = Infinity;
  let timer = 0;
  let heldBackUntil = 0;
  let pause = FIRST_PAUSE;
  let askedAt = -Infinity;
  let asking = 0;
  /** How many of the kept events were judged, and which windows speak the protocol: whatever these
   * send is kept. */
  let judged = 0;
  let undecided = 0;
  const speakers = new Set();
  /** The window heard from last and what it is, until the kept events are read. To look for a
   * window among others takes longer than all else that is done with an event. */
  let lastSource = null;
  let lastSender = null;
  /** Whether it hears when the page leaves. */
  let mayLeave = false;
  let names = null;

  const listener = {
    /** When it began to listen, by `performance.now`. */
    since: performance.now(),
    /** Whether that was before the page had content: scripts that Chrome runs at the start find a
     * root element without any. A page of the extension runs it itself, as its first script. */
    fromStart: !document.documentElement?.firstChild || document.currentScript !== null,
    /** How many messages were not calling-extension traffic, and for how many there was no room. */
    others: 0,
    lost: 0,
    /** Whether the user has paused the recorder in this frame. */
    paused: false,

    /** The child window of a slot, unless it has left and was forgotten. */
    childOf(slot) {
      for (const [child, { slot: its }] of children) if (its === slot) return child;
      return undefined;
    },

    /** Where this document is: indices into `window.frames` from the top window down; -1 where
     * nobody knows. */
    path: () => {
      const path = [];
      for (let at = window; at.parent && at !== at.parent; at = at.parent) {
        path.unshift(indexOf(at.parent, at));
      }
      return path;
    },

    /** Events that the page had its turn at, the oldest first, at most so many. */
    take: (most) => (kept.length > most ? kept.splice(0, most) : kept.splice(0)),
    waiting: () => kept.length,

    /** Tells the Rust side from now on. */
    start(tell) {
      due = tell;
      clearTimeout(asking);
      if (kept.length > 0) wait(performance.now());
    },
    started: () => due !== null,
    ask,
    /** Whether it waits for the rest of the script. */
    asks: () => due === null && speakers.size > 0,

    /** Calls the Rust side once more, after what the page has to do before. */
    again() {
      if (dueAt === Infinity) {
        dueAt = performance.now() + GATHER;
        ping();
      }
    },

    listen(type, listen) {
      listeners.push([type, listen]);
      addEventListener(type, listen, true);
    },

    /** Of another run of this script in the same document: listens again, if it can tell the
     * worker of anything. */
    resume() {
      if (!isAlive()) {
        listener.stop();
        return false;
      }
      for (const [type, listen] of listeners) addEventListener(type, listen, true);
      return true;
    },

    /** The extension was updated or removed: nothing must be left that the page could notice. */
    stop() {
      for (const [type, listen] of listeners) removeEventListener(type, listen, true);
      listeners.length = 0;
      rewritten.disconnect();
      clearTimeout(timer);
      clearTimeout(asking);
      kept = [];
      due = () => {};
    },
  };

  function isAlive() {
    try {
      // Not looked at before it is needed: Chrome makes it then.
      return typeof globalThis.chrome.runtime?.id === 'string';
    } catch {
      return false;
    }
  }

  /** Which window an event came from: slot 0 is the parent, from 1 on a child; null is any other. */
  function senderOf(event) {
    const { source } = event;
    if (source === null) return leftOf(event.origin);
    if (source !== lastSource) {
      lastSource = source;
      lastSender = find(source, event.origin);
    }
    return lastSender;
  }

  function find(source, origin) {
    if (source === window) return null;
    if (source === parent) return PARENT;
    let child = children.get(source);
    if (child === undefined || window[child.index] !== source) {
      const index = indexOf(window, source);
      // What it said last, before it left.
      if (index < 0) return child ?? (source.closed ? LEFT : null);
      child = { slot: child?.slot ?? newSlot(), index, origin };
      children.set(source, child);
    }
    child.origin = origin;
    return child;
  }

  function indexOf(parent, child) {
    for (let index = 0; index < parent.length; index += 1) {
      if (parent[index] === child) return index;
    }
    return -1;
  }

  /** Of a window of another process only the origin is known once it has left. */
  function leftOf(origin) {
    let left = null;
    for (const [child, known] of children) {
      if (known.origin !== origin || !child.closed) continue;
      if (left !== null) return LEFT;
      left = known;
    }
    // Sandboxed frames have nothing in common but the name of their origins.
    return origin === 'null' ? LEFT : left ?? LEFT;
  }

  function newSlot() {
    if (children.size >= tidyAt) {
      for (const child of children.keys()) if (child.closed) children.delete(child);
      tidyAt = Math.max(MANY_CHILDREN, 2 * children.size);
    }
    return (slots += 1);
  }

  /** A message arrived; the page waits for this to return. The value is not looked at yet: a
   * stream in it would be handed to whoever looks first, and that is the page. */
  function hear(event) {
    // An event that a script made up was not posted by any window.
    const sender = event.isTrusted ? senderOf(event) : null;
    if (sender === null) {
      listener.others += 1;
      return;
    }
    const at = performance.now();
    if (at > dueAt + STARVED) run();
    if (kept.length >= MOST_KEPT) {
      listener.lost += 1;
      return;
    }
    kept.push({ event, at, slot: sender.slot, index: sender.index });
    if (!mayLeave) {
      mayLeave = true;
      listener.listen('pagehide', leave);
    }
    if (dueAt === Infinity) wait(at);
  }

  /** Has what is kept read once the page had its turn. Timers come too late for that in a hidden
   * page, and in a frame that is not shown, which only the delay of its timers gives away. */
  function wait(now) {
    if (due === null || document.hidden === true || now < heldBackUntil) {
      dueAt = now;
      ping();
    } else {
      dueAt = now + GATHER;
      timer = setTimeout(run, GATHER);
    }
  }

  /** A task behind those that wait, which no throttling of timers concerns. */
  function ping() {
    scheduler.postTask(run);
  }

  function run() {
    const now = performance.now();
    if (now > dueAt + HELD_BACK && kept.length < FEW) heldBackUntil = now + HELD_BACK_FOR;
    clearTimeout(timer);
    dueAt = Infinity;
    lastSource = null;
    if (due !== null) due();
    else judge();
  }

  /** Keeps what may be calling-extension traffic, and asks for the rest of the script if some is. */
  function judge() {
    const fresh = kept.splice(judged);
    for (const entry of fresh) {
      const { type, messageId } = readEnvelope(entry.event);
      if (isDistinct(type, messageId)) speakers.add(entry.slot);
      const keeps = speakers.has(entry.slot)
        || (typeof type === 'string' && messageId && (undecided += 1) <= MOST_UNDECIDED);
      if (keeps) kept.push(entry);
      else listener.others += 1;
    }
    judged = kept.length;
    if (speakers.size > 0 && (asking === 0 || performance.now() > askedAt + PATIENCE)) ask();
  }

  /** Whether only a calling extension sends this. */
  function isDistinct(type, messageId) {
    // Most frames never hear anything of this form, and need no names.
    if (typeof type !== 'string' || !/^[A-Z_]{4,}$/.test(type)) return false;
    names ??= { distinct: new Set(DISTINCT), common: new Set(COMMON) };
    return names.distinct.has(type) || (messageId && names.common.has(type));
  }

  function readEnvelope(event) {
    try {
      const { data } = event;
      return typeof data === 'object' && data !== null ? data : {};
    } catch {
      return {};
    }
  }

  /** Asks the worker to run the rest of the script here, until it does. */
  function ask() {
    if (due !== null) return;
    if (!isAlive()) {
      listener.stop();
      return;
    }
    // There is no tab yet to run anything in. The page's elements can take the place of a
    // document's properties and methods, even here.
    if (document.prerendering === true) {
      addTo.call(document, 'prerenderingchange', ask, { once: true });
      return;
    }
    askedAt = performance.now();
    // Looked at, or Chrome reports it as an error that nobody handled.
    const { runtime } = globalThis.chrome;
    runtime.sendMessage(START, () => void runtime.lastError);
    clearTimeout(asking);
    asking = setTimeout(ask, pause);
    pause = Math.min(pause * 2, LAST_PAUSE);
  }

  /** The page leaves before the rest of the script runs: what is kept goes to the worker, which
   * does with it what the rest would have done. A page in the browser's cache comes back with it. */
  function leave(event) {
    if (!event.isTrusted || event.persisted || due !== null || !isAlive()) return;
    judge();
    clearTimeout(asking);
    if (speakers.size === 0) return;
    let room = MOST_LEFT;
    const messages = [];
    for (const { event: { data, origin }, at, slot, index } of kept) {
      const { text, isWhole } = textOf(data);
      room -= text.length;
      if (room < 0) break;
      messages.push({ at, slot, index, origin, text, isWhole });
    }
    const { runtime } = globalThis.chrome;
    // `extension/src/left_early.rs` has the same names.
    runtime.sendMessage({
      version: VERSION,
      origin: self.origin,
      path: listener.path(),
      timeOrigin: performance.timeOrigin,
      since: listener.since,
      now: performance.now(),
      fromStart: listener.fromStart,
      isBlank: location.href === 'about:blank',
      messages,
      lost: listener.lost + kept.length - messages.length,
      others: listener.others,
    }, () => void runtime.lastError);
  }

  /** A value as JSON, and whether that says all of it. */
  function textOf(value) {
    let text = plainText(value, MOST_VALUES, MOST_LEFT, MOST_LEVELS);
    if (text !== undefined) return { text, isWhole: true };
    try {
      text = JSON.stringify(value);
    } catch {
      // JSON cannot say it: that there was a message is kept.
    }
    return { text: text ?? 'null', isWhole: false };
  }

  // A document that rewrites itself (`document.open`) takes all listeners off its window.
  const rewritten = new MutationObserver(listener.resume);
  rewritten.observe(document, { childList: true });
  listener.listen('message', hear);
  return listener;
}

// Its own property: a frame or an element of that name does not count.
if (!Object.hasOwn(globalThis, 'callscope') || !globalThis.callscope.resume?.()) {
  globalThis.callscope = begin();
}
