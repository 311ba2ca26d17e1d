'use strict';

/* global MOST_KEPT, LONGEST */

// The build (xtask/src/dist/inside.rs) fills in how much is kept, and how long a text may be, in
// UTF-16 units.
//
// Runs in the extension's own world beside `inside.js`, before the content script, and keeps what
// that tells until the content script takes it. Only where the user switched it on: elsewhere
// nothing of the two exists.
(() => {
  const HANDSHAKE = 'callscope-inside';
  // The content script reads this.
  const PLACE = 'callscopeInside';
  if (Object.hasOwn(globalThis, PLACE)) return;

  const told = [];
  let lost = 0;
  const inside = {
    onTold: undefined,
    take: () => told.splice(0),
    takeLost() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
  globalThis[PLACE] = inside;

  // No script of the page has run yet, so none knows this name or can guess it.
  const name = crypto.getRandomValues(new Uint32Array(4)).join('-');
  document.addEventListener(name, event => {
    const { detail } = event;
    if (typeof detail !== 'string' || detail.length > LONGEST || told.length >= MOST_KEPT) {
      lost += 1;
    } else {
      told.push([detail, performance.now()]);
    }
    if (inside.onTold) inside.onTold();
    // Nobody may be there yet: a script can fail in a page that HubSpot has not spoken to.
    else globalThis.callscope?.ask?.();
  });
  const greet = () => document.dispatchEvent(new CustomEvent(HANDSHAKE, { detail: name }));
  // Whichever of the two scripts runs first.
  document.addEventListener(`${HANDSHAKE}-here`, greet, { once: true });
  greet();
})();
