'use strict';

// Keeps every message that this page sends or receives in `window.demoLog`, oldest first:
// { at, dir: 'sent' | 'received', origin, from, message, note }.
//
// `message` is the message as JSON would represent it; `note` says so if JSON cannot.
// `origin` is the sender's for received messages, and the target's for sent ones.
// Loaded before everything else, so that its listener is the first.
(() => {
  const entries = [];
  const listeners = [];

  function now() {
    return performance.timeOrigin + performance.now();
  }

  function asJson(value) {
    try {
      const text = JSON.stringify(value);
      return text === undefined
        ? { message: null, note: `${typeof value} has no JSON` }
        : { message: JSON.parse(text) };
    } catch (error) {
      return { message: null, note: String(error) };
    }
  }

  function nameOf(source) {
    if (source === window) return 'self';
    if (window.parent !== window && source === window.parent) return 'parent';
    for (let index = 0; index < window.frames.length; index += 1) {
      if (source === window.frames[index]) return 'child';
    }
    return 'other';
  }

  function add(entry) {
    entries.push(entry);
    for (const listener of listeners) listener(entry);
  }

  function hear({ data, origin, source }) {
    add({ at: now(), dir: 'received', origin, from: nameOf(source), ...asJson(data) });
  }

  // To be called again after the document has rewritten itself, which removes all listeners from
  // its window.
  window.listenForDemoLog = () => window.addEventListener('message', hear, true);
  window.listenForDemoLog();

  window.demoLog = entries;

  // Calls `listener` for every entry from now on.
  window.onDemoLog = listener => listeners.push(listener);

  // Intercepts messages between an SDK instance and the window that it posts to. The page's own
  // `window.postMessage` is left as the browser made it.
  window.logSends = manager => {
    const target = manager.destinationWindow;
    const value = {
      postMessage(message, origin) {
        const entry = { at: now(), dir: 'sent', origin, from: 'self', ...asJson(message) };
        target.postMessage(message, origin);
        add(entry);
      },
    };
    // Defined rather than assigned: Callscope's own SDK has an accessor there.
    Object.defineProperty(manager, 'destinationWindow', { value, configurable: true, writable: true });
  };

  // Shows the log in a list element, newest last. Updates it once per frame, so that the page stays
  // responsive when thousands of messages arrive at once.
  window.showDemoLog = list => {
    const LINES = 200;
    let waiting = [];

    function lineOf({ at, dir, message, note }) {
      const line = document.createElement('li');
      line.className = dir;
      const time = document.createElement('time');
      time.textContent = new Date(at).toISOString().slice(11, 23);
      const type = document.createElement('b');
      const name = message && message.type !== undefined ? String(message.type) : 'no type';
      type.textContent = name.slice(0, 100);
      const rest = document.createElement('span');
      rest.textContent = note || JSON.stringify(message).slice(0, 300);
      line.append(time, type, rest);
      return line;
    }

    function show() {
      const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
      list.append(...waiting.map(lineOf));
      waiting = [];
      while (list.children.length > LINES) list.firstChild.remove();
      if (atEnd) list.scrollTop = list.scrollHeight;
    }

    window.onDemoLog(entry => {
      if (waiting.push(entry) === 1) requestAnimationFrame(show);
      if (waiting.length > LINES) waiting.shift();
    });
  };
})();
