'use strict';

// Runs in the extension's own world beside `inside.js`, before the content script, and keeps what
// that tells until the content script takes it. Only where the user switched it on: elsewhere
// nothing of the two exists.
(() => {
  const HANDSHAKE = 'callscope-inside';
  // The content script reads this.
  const PLACE = 'callscopeInside';
  const MOST_KEPT = 2_000;
  const LONGEST = 100_000;
  if (Object.hasOwn(globalThis, PLACE)) return;

  const inside = { told: [], times: [], lost: 0, onTold: undefined };
  globalThis[PLACE] = inside;

  // No script of the page has run yet, so none knows this name or can guess it.
  const name = crypto.getRandomValues(new Uint32Array(4)).join('-');
  document.addEventListener(name, event => {
    const { detail } = event;
    if (typeof detail !== 'string' || detail.length > LONGEST || inside.told.length >= MOST_KEPT) {
      inside.lost += 1;
    } else {
      inside.told.push(detail);
      inside.times.push(performance.timeOrigin + performance.now());
    }
    if (inside.onTold) inside.onTold();
  });
  const greet = () => document.dispatchEvent(new CustomEvent(HANDSHAKE, { detail: name }));
  // Whichever of the two scripts runs first.
  document.addEventListener(`${HANDSHAKE}-here`, greet, { once: true });
  greet();
})();
