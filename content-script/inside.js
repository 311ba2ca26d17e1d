'use strict';

/* global MOST_KEPT, LONGEST_TEXT, LONGEST_STACK, LONGEST_MESSAGE */

// The build (xtask/src/dist/inside.rs) fills in how much is kept until somebody listens, and the
// longest texts, in UTF-16 units.
//
// Runs in the page's own world, only in an origin where the user has switched on "See inside the
// widget's page", and reports what no other frame can see. It reports to `inside-relay.js` in the
// extension's world, with events whose name the two agree on before any script of the page runs.
//
// It must not change how a correct page behaves: wrapped functions keep their name, length and
// exceptions, and whatever fails in here fails silently. A page can detect this script, and can
// make up reports in its place.
(() => {
  const { apply, construct, defineProperty, get, getOwnPropertyDescriptor, set } = Reflect;
  const { CustomEvent, Error, JSON, MessageEvent, Proxy, String, URL, document, window } = globalThis;
  const { addEventListener, dispatchEvent } = EventTarget.prototype;
  const { stringify } = JSON;
  const { slice, startsWith } = String.prototype;

  const HANDSHAKE = 'callscope-inside';
  // A deeper stack means a loop; the SDK's are never that deep.
  const STACK_FRAMES = 30;

  const kept = [];
  let lost = 0;
  let channelName;

  function hand(report) {
    apply(dispatchEvent, document, [new CustomEvent(channelName, { detail: report })]);
  }

  const cut = (text, most = LONGEST_TEXT) =>
    typeof text === 'string' ? apply(slice, text, [0, most]) : '';

  // In the order that `src/recorder/inside.rs` reads.
  function tell(what, about) {
    const { type, messageId, text, place, target, recipient, channel, message, stack } = about;
    const texts = [
      what, cut(type), cut(messageId), cut(text), cut(place), cut(target), cut(recipient),
      cut(channel), cut(message, LONGEST_MESSAGE), cut(stack, LONGEST_STACK),
    ];
    // One at a time: the page may have given all arrays a `toJSON`.
    let report = '[';
    for (let index = 0; index < texts.length; index += 1) {
      report += (index > 0 ? ',' : '') + stringify(texts[index]);
    }
    report += ']';
    if (channelName !== undefined) hand(report);
    else if (kept.length < MOST_KEPT) kept.push(report);
    else lost += 1;
  }

  function quietly(act) {
    try {
      return act();
    } catch {
      return undefined;
    }
  }

  function onGreeting(event) {
    if (channelName !== undefined || typeof event.detail !== 'string') return;
    channelName = event.detail;
    quietly(() => {
      for (const report of kept.splice(0)) hand(report);
      if (lost > 0) tell('lost', { text: String(lost) });
    });
  }
  apply(addEventListener, document, [HANDSHAKE, onGreeting, { once: true }]);
  apply(dispatchEvent, document, [new CustomEvent(`${HANDSHAKE}-here`)]);

  // ── words for values ──

  // A property, read without the page noticing: no getter runs.
  const own = (value, key) =>
    typeof value === 'object' && value !== null
      ? getOwnPropertyDescriptor(value, key)?.value
      : undefined;

  const asText = value => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

  function asJson(value) {
    return quietly(() => stringify(value)) ?? quietly(() => String(value)) ?? typeof value;
  }

  const isError = value => quietly(() => value instanceof Error || value instanceof DOMException);

  function errorText(value) {
    if (isError(value)) return quietly(() => `${value.name}: ${value.message}`) ?? 'Error';
    return typeof value === 'object' ? asJson(value) : quietly(() => String(value)) ?? '';
  }

  const withoutOwn = stack =>
    typeof stack === 'string'
      ? stack.split('\n').filter(line => !line.includes('chrome-extension://')).join('\n')
      : '';

  const stackOf = value => (isError(value) ? quietly(() => withoutOwn(value.stack)) : '') ?? '';

  // The page may format stacks itself, but that is meant for its own errors.
  function stackHere() {
    const names = ['stackTraceLimit', 'prepareStackTrace'];
    const before = names.map(name => getOwnPropertyDescriptor(Error, name));
    const value = [STACK_FRAMES, undefined];
    return quietly(() => {
      try {
        names.forEach((name, index) => defineProperty(Error, name, {
          value: value[index], configurable: true, writable: true, enumerable: true,
        }));
        return withoutOwn(new Error().stack);
      } finally {
        names.forEach((name, index) => {
          if (before[index]) defineProperty(Error, name, before[index]);
          else delete Error[name];
        });
      }
    }) ?? '';
  }

  // Wraps a function so that its name, length and text stay the same, and `run` is called instead.
  const wrapped = (native, run) => new Proxy(native, { apply: run });

  function replace(object, key, change) {
    quietly(() => {
      const was = getOwnPropertyDescriptor(object, key);
      defineProperty(object, key, { ...was, ...change(was) });
    });
  }

  // ── what the SDK reports only on the console ──

  const DROPPED = 'iFrame not initialized to send a message';
  const UNHANDLED = 'No event handler is available to handle message of type: ';

  // The text is the first argument, or the second after a prefix.
  function lookAtWarning(args) {
    for (let index = 0; index < 2; index += 1) {
      if (typeof args[index] === 'string' && apply(startsWith, args[index], [DROPPED])) {
        const message = args[index + 1];
        tell('dropped', {
          type: asText(own(message, 'type')), message: asJson(message), stack: stackHere(),
        });
        return;
      }
    }
  }

  function lookAtError([text]) {
    if (typeof text === 'string' && apply(startsWith, text, [UNHANDLED])) {
      tell('unhandled', { type: apply(slice, text, [UNHANDLED.length]) });
    }
  }

  for (const [name, look] of [['warn', lookAtWarning], ['error', lookAtError]]) {
    replace(console, name, ({ value }) => ({
      value: wrapped(value, (native, self, args) => {
        quietly(() => look(args));
        return apply(native, self, args);
      }),
    }));
  }

  // ── scripts that fail ──

  function onError(event) {
    const { target } = event;
    if (target === window) {
      const { message, filename, lineno, colno, error } = event;
      const place = filename ? `${filename}:${lineno}:${colno}` : '';
      tell('error', { text: message, place, stack: stackOf(error) });
    } else if (target instanceof HTMLScriptElement && target.src) {
      tell('error', { text: `The script ${target.src} did not load` });
    }
  }

  function onRejection({ reason }) {
    tell('rejection', { text: errorText(reason), stack: stackOf(reason) });
  }

  apply(addEventListener, window, ['error', event => quietly(() => onError(event)), true]);
  apply(addEventListener, window, [
    'unhandledrejection', event => quietly(() => onRejection(event)), true,
  ]);

  // ── what is posted to the host ──

  // Methods of a window of another origin cannot be wrapped, so `window.parent` becomes a stand-in
  // for it, and so does the `source` of its messages, to keep the two equal. `window.top` cannot be
  // replaced, so it no longer equals the parent if the parent is the top window.
  const host = window.parent;
  const hostOrigin = quietly(() => window.location.ancestorOrigins[0]);

  // The origin that `postMessage` was asked to post to; `undefined` for any.
  function targetOf([, given]) {
    const target = typeof given === 'object' && given !== null ? own(given, 'targetOrigin') : given;
    if (typeof target !== 'string' || target === '*') return { target: asText(target) };
    const origin = target === '/' ? window.origin : quietly(() => new URL(target).origin);
    return { target, origin };
  }

  function lookAtPost(args, failure) {
    const [message] = args;
    const { target, origin } = targetOf(args);
    const about = {
      type: asText(own(message, 'type')),
      messageId: asText(own(message, 'messageId')),
      target,
      stack: stackHere(),
    };
    // Of the host, only the origin is known; if that is opaque, there is nothing to compare.
    const misses = origin !== undefined && hostOrigin !== undefined && hostOrigin !== 'null' &&
      origin !== hostOrigin;
    if (failure) tell('undelivered', { ...about, text: errorText(failure.error) });
    else if (misses) tell('undelivered', { ...about, recipient: hostOrigin });
    else tell('sent', about);
  }

  function standInFor(other) {
    const methods = { __proto__: null };
    const standIn = new Proxy(other, {
      get(_, key) {
        const value = get(other, key, other);
        // Except `window.top`, which cannot be replaced.
        if (value === other && key !== 'top') return standIn;
        if (typeof value !== 'function') return value;
        methods[key] ??= wrapped(value, (native, self, args) => {
          const receiver = self === standIn ? other : self;
          if (key !== 'postMessage') return apply(native, receiver, args);
          let failure;
          try {
            return apply(native, receiver, args);
          } catch (error) {
            failure = { error };
            throw error;
          } finally {
            if (receiver === other) quietly(() => lookAtPost(args, failure));
          }
        });
        return methods[key];
      },
      set: (_, key, value) => set(other, key, value, other),
    });
    return standIn;
  }

  // A page of the same origin reaches into the host, where a stand-in would not do.
  if (host !== window && hostOrigin !== window.location.origin) {
    quietly(() => {
      const standIn = standInFor(host);
      const stand = native => wrapped(native, (it, self, args) => {
        const value = apply(it, self, args);
        return value === host ? standIn : value;
      });
      replace(MessageEvent.prototype, 'source', ({ get: native }) => ({ get: stand(native) }));
      replace(window, 'parent', ({ get: native }) => ({ get: stand(native) }));
    });
  }

  // ── what is broadcast ──

  const { BroadcastChannel } = window;
  if (typeof BroadcastChannel === 'function') {
    quietly(() => {
      const nameOf = getOwnPropertyDescriptor(BroadcastChannel.prototype, 'name').get;
      const about = (channel, value) => ({ channel: apply(nameOf, channel, []), message: asJson(value) });
      const standIn = new Proxy(BroadcastChannel, {
        construct(native, args, target) {
          const channel = construct(native, args, target);
          quietly(() => apply(addEventListener, channel, ['message', ({ data }) => {
            quietly(() => tell('channel received', about(channel, data)));
          }]));
          return channel;
        },
      });
      replace(BroadcastChannel.prototype, 'postMessage', ({ value }) => ({
        value: wrapped(value, (native, self, args) => {
          const result = apply(native, self, args);
          quietly(() => tell('channel posted', { ...about(self, args[0]), stack: stackHere() }));
          return result;
        }),
      }));
      replace(BroadcastChannel.prototype, 'constructor', () => ({ value: standIn }));
      replace(window, 'BroadcastChannel', () => ({ value: standIn }));
    });
  }
})();
