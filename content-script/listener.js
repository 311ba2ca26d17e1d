/*
 * The first script, in every frame from `document_start` on: only a listener.
 *
 * It keeps `message` events until something needs them. Once there is calling-extension traffic
 * among them, it asks the worker to run the rest of the content script (Rust, `src/`) here, which
 * takes over the kept events and asks this script for more. It is plain JavaScript, because most
 * frames never receive such a message and should not pay for the code that reads them.
 *
 * The build (xtask/src/dist/listener.rs) fills in these names:
 *
 * - DISTINCT: message types that only a calling extension sends;
 * - COMMON: types that other scripts send as well, which count only with a messageId;
 * - START: the message that asks the worker to start the rest; VERSION: that of the bus, for other
 *   messages to the worker;
 * - MOST_KEPT: how many events are kept at most; any more are counted as lost;
 * - MOST_UNDECIDED: how many of these, with a type and a messageId, are kept for a frame that has
 *   not sent a distinct message yet;
 * - MOST_LEFT: how much text a page that leaves hands over at most, in UTF-16 units; MOST_VALUES
 *   and MOST_LEVELS: how much of a value is looked at.
 *
 * `src/edge/listener.rs` describes what the Rust side uses.
 */

/* global DISTINCT, COMMON, START, VERSION, MOST_KEPT, MOST_UNDECIDED, MOST_LEFT, MOST_VALUES,
   MOST_LEVELS */

import { plainText } from './src/edge/plain.js';

/** How long events wait to be read, in milliseconds, so that the page handles them first. */
const GATHER = 20;
/** How late a timer may be, in milliseconds, before the page counts as too busy to run it. */
const STARVED = 16;
/** With more waiting events than this the page is in a burst, and gets through it sooner if they are
 * only read after it; that may be never, so some are read after so many milliseconds. */
const MANY = 4_000;
const LONG = 1_000;
/** If a timer is this late, in milliseconds, although no more than a FEW events arrived in the
 * meantime, the browser has held it back; for a while, more of that is expected. */
const HELD_BACK = 150;
const FEW = 10;
const HELD_BACK_FOR = 10_000;
/** How many child windows are remembered before forgetting those that have left the page. */
const MANY_CHILDREN = 64;
/** The first and the longest pause before asking the worker again, in milliseconds, and how soon
 * new traffic makes it ask earlier. A worker that does not answer may just be starting; Chrome
 * queues messages that it cannot deliver, so asking often would not help. */
const FIRST_PAUSE = 500;
const LAST_PAUSE = 60_000;
const PATIENCE = 5_000;

const PARENT = { slot: 0, index: 0, origin: undefined };
/** Stands for a window that has left the page when nobody knows which it was. */
const LEFT = { slot: -1, index: 0 };

function begin() {
  const addTo = EventTarget.prototype.addEventListener;
  /** The child windows that have been heard from, with slot, last index, and origin. A slot is
   * never reused for another window. */
  const children = new Map();
  /** The origins of these, also of those that were forgotten. */
  const origins = new Set();
  let slots = 0;
  let tidyAt = MANY_CHILDREN;
  /** Type and function of the listeners on this window. */
  const listeners = [];
  let kept = [];
  /** How many of the first kept events have been taken: removing them from a long list one by one
   * would move all others each time. */
  let taken = 0;
  /** The Rust side's callback once it runs: called when kept events are due. */
  let due = null;
  let dueAt = Infinity;
  let timer = 0;
  let heldBackUntil = 0;
  let pause = FIRST_PAUSE;
  let askedAt = -Infinity;
  let asking = 0;
  /** How many of the kept events have been judged, and which windows speak the protocol:
   * everything that these send is kept. */
  let judged = 0;
  let undecided = 0;
  const speakers = new Set();
  /** The window last heard from and what it is, until the kept events are read. Looking up a
   * window takes longer than everything else done with an event. */
  let lastSource = null;
  let lastSender = null;
  /** Whether it already listens for the page to leave. */
  let mayLeave = false;
  /** Whether the page is back from the back/forward cache and the parent has not been heard since. */
  let isBack = false;
  let names = null;

  const listener = {
    /** When it started to listen, by `performance.now`. */
    since: performance.now(),
    /** Whether that was before the page had content: when Chrome runs scripts at the start, the
     * root element is still empty. A page of the extension runs this itself, as its first
     * script. */
    fromStart: !document.documentElement?.firstChild || document.currentScript !== null,
    /** How many messages were not calling-extension traffic, and how many there was no room for. */
    others: 0,
    lost: 0,
    /** Whether the user has paused the recorder in this frame. */
    paused: false,

    /** The child window of a slot, unless it has left and been forgotten. */
    childOf(slot) {
      for (const [child, { slot: its }] of children) if (its === slot) return child;
      return undefined;
    },

    /** Where this document is: indices into `window.frames` from the top window down; -1 where
     * unknown. */
    path: () => {
      const path = [];
      for (let at = window; at.parent && at !== at.parent; at = at.parent) {
        path.unshift(indexOf(at.parent, at));
      }
      return path;
    },

    /** The oldest events that the page has already handled, at most this many. */
    take(most) {
      const events = kept.slice(taken, taken + most);
      kept.fill(undefined, taken, taken + events.length);
      taken += events.length;
      if (taken * 2 >= kept.length) {
        kept = kept.slice(taken);
        taken = 0;
      }
      return events;
    },
    waiting: () => kept.length - taken,

    /** Starts to call the Rust side. */
    start(tell) {
      due = tell;
      clearTimeout(asking);
      if (kept.length > 0) wait(performance.now());
    },
    started: () => due !== null,
    ask,
    /** Whether it is asking for the rest of the script. */
    asks: () => due === null && speakers.size > 0,

    /** Calls the Rust side again, after the page's pending tasks. */
    again() {
      if (dueAt === Infinity) {
        dueAt = performance.now() + (listener.waiting() > MANY ? LONG : GATHER);
        ping();
      }
    },

    listen(type, listen) {
      listeners.push([type, listen]);
      addEventListener(type, listen, true);
    },

    /** Called by another run of this script in the same document: listens again, if it can still
     * reach the worker. */
    resume() {
      if (!isAlive()) {
        listener.stop();
        return false;
      }
      for (const [type, listen] of listeners) addEventListener(type, listen, true);
      return true;
    },

    /** Cleans up after the extension was updated or removed: nothing may remain that the page
     * could notice. */
    stop() {
      for (const [type, listen] of listeners) removeEventListener(type, listen, true);
      listeners.length = 0;
      rewritten.disconnect();
      clearTimeout(timer);
      clearTimeout(asking);
      kept = [];
      taken = 0;
      due = () => {};
    },
  };

  function isAlive() {
    try {
      // Only read when needed: Chrome creates it then.
      return typeof globalThis.chrome.runtime?.id === 'string';
    } catch {
      return false;
    }
  }

  /** The window that an event came from: slot 0 is the parent, from 1 on a child; null is any
   * other. */
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
    if (source === parent) {
      isBack = false;
      PARENT.origin = origin;
      return PARENT;
    }
    let child = children.get(source);
    if (child === undefined || window[child.index] !== source) {
      const index = indexOf(window, source);
      // The last message of a window that has left.
      if (index < 0) return child ?? (source.closed ? LEFT : null);
      child = { slot: child?.slot ?? newSlot(), index };
      children.set(source, child);
    }
    if (child.origin !== origin) {
      child.origin = origin;
      if (origins.size < MANY_CHILDREN) origins.add(origin);
    }
    return child;
  }

  function indexOf(parent, child) {
    for (let index = 0; index < parent.length; index += 1) {
      if (parent[index] === child) return index;
    }
    return -1;
  }

  /** When a window of another process has left, only its origin is known. So it is of what the parent
   * posted while the page was in the back/forward cache, if that arrives on its return. If no child
   * has had the origin, the window was a popup, or a frame of the page before: none of this page. */
  function leftOf(origin) {
    if (!origins.has(origin)) return isBack && origin === PARENT.origin ? PARENT : null;
    let left = null;
    for (const [child, known] of children) {
      if (known.origin !== origin || !child.closed) continue;
      if (left !== null) return LEFT;
      left = known;
    }
    // Sandboxed frames all have the same origin string.
    if (origin === 'null') return LEFT;
    return left ?? (isBack && origin === PARENT.origin ? PARENT : LEFT);
  }

  function newSlot() {
    if (children.size >= tidyAt) {
      for (const child of children.keys()) if (child.closed) children.delete(child);
      tidyAt = Math.max(MANY_CHILDREN, 2 * children.size);
    }
    return (slots += 1);
  }

  /** Handles a message while the page waits. The value is not read yet: a stream in it goes to
   * whoever reads it first, and that should be the page. */
  function hear(event) {
    // A made-up event was not posted by any window.
    const sender = event.isTrusted ? senderOf(event) : null;
    if (sender === null) {
      listener.others += 1;
      return;
    }
    const at = performance.now();
    if (at > dueAt + STARVED) run();
    if (listener.waiting() >= MOST_KEPT) {
      listener.lost += 1;
      return;
    }
    kept.push({ event, at, slot: sender.slot, index: sender.index });
    if (!mayLeave) {
      mayLeave = true;
      listener.listen('pagehide', leave);
      listener.listen('pageshow', comeBack);
    }
    if (dueAt === Infinity) wait(at);
  }

  /** Makes sure that kept events are read after the page has handled them. Timers would be too
   * late in a hidden page, and in a frame that is not shown, which can only be told from late
   * timers. */
  function wait(now) {
    if (due === null || document.hidden === true || now < heldBackUntil) {
      dueAt = now;
      ping();
    } else {
      dueAt = now + GATHER;
      timer = setTimeout(run, GATHER);
    }
  }

  /** Queues a task behind those pending, which is not throttled like timers. */
  function ping() {
    scheduler.postTask(run);
  }

  function run() {
    const now = performance.now();
    if (now > dueAt + HELD_BACK && listener.waiting() < FEW) heldBackUntil = now + HELD_BACK_FOR;
    clearTimeout(timer);
    dueAt = Infinity;
    lastSource = null;
    if (due !== null) due();
    else judge();
  }

  /** Keeps what may be calling-extension traffic, and asks for the rest of the script if some
   * is. */
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
    // Most frames never receive anything of this form, and need not build the sets.
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

  /** Asks the worker to run the rest of the script here, again and again until it does. */
  function ask() {
    if (due !== null) return;
    if (!isAlive()) {
      listener.stop();
      return;
    }
    // While prerendering, there is no tab yet to run anything in. Even here, elements of the page
    // can shadow a document's properties and methods.
    if (document.prerendering === true) {
      addTo.call(document, 'prerenderingchange', ask, { once: true });
      return;
    }
    askedAt = performance.now();
    // Reading it prevents Chrome from reporting an unhandled error.
    const { runtime } = globalThis.chrome;
    runtime.sendMessage(START, () => void runtime.lastError);
    clearTimeout(asking);
    asking = setTimeout(ask, pause);
    pause = Math.min(pause * 2, LAST_PAUSE);
  }

  /** The page leaves before the rest of the script runs: kept messages go to the worker, which
   * treats them as the rest would have. A page in the back/forward cache comes back with them. */
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
    // `extension/src/left_early.rs` reads these names.
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

  function comeBack(event) {
    if (event.isTrusted && event.persisted) isBack = true;
  }

  /** A value as JSON, and whether that represents all of it. */
  function textOf(value) {
    let text = plainText(value, MOST_VALUES, MOST_LEFT, MOST_LEVELS);
    if (text !== undefined) return { text, isWhole: true };
    try {
      text = JSON.stringify(value);
    } catch {
      // JSON cannot represent it; still record that there was a message.
    }
    return { text: text ?? 'null', isWhole: false };
  }

  // A document that rewrites itself (`document.open`) removes all listeners from its window.
  const rewritten = new MutationObserver(listener.resume);
  rewritten.observe(document, { childList: true });
  listener.listen('message', hear);
  return listener;
}

// Only an own property counts, not a frame or element of that name.
if (!Object.hasOwn(globalThis, 'callscope') || !globalThis.callscope.resume?.()) {
  globalThis.callscope = begin();
}
