'use strict';

/* global MOST_KEPT, LONGEST */

// The build (xtask/src/dist/inside.rs) fills in how much is kept, and the longest text, in UTF-16
// units.
//
// Runs in the extension's own world next to `inside.js`, before the content script, and keeps what
// that reports until the content script takes it. It only runs where the user has switched it on:
// elsewhere neither script is present.
(() => {
  const HANDSHAKE = 'callscope-inside';
  // The content script looks here.
  const PLACE = 'callscopeInside';
  if (Object.hasOwn(globalThis, PLACE)) return;

  const reports = [];
  let lost = 0;
  const inside = {
    onReport: undefined,
    take: () => reports.splice(0),
    takeLost() {
      const count = lost;
      lost = 0;
      return count;
    },
    lose(count) {
      lost += count;
    },
  };
  globalThis[PLACE] = inside;

  // No script of the page has run yet, so none can know or guess this name.
  const name = crypto.getRandomValues(new Uint32Array(4)).join('-');
  document.addEventListener(name, event => {
    const { detail } = event;
    if (typeof detail !== 'string' || detail.length > LONGEST || reports.length >= MOST_KEPT) {
      lost += 1;
    } else {
      reports.push([detail, performance.now()]);
    }
    if (inside.onReport) inside.onReport();
    // The content script may not be running: a script can fail before HubSpot has sent anything.
    else globalThis.callscope?.ask?.();
  });
  const greet = () => document.dispatchEvent(new CustomEvent(HANDSHAKE, { detail: name }));
  // Whichever script runs first.
  document.addEventListener(`${HANDSHAKE}-here`, greet, { once: true });
  greet();
})();
