// What the worker, a panel that stands in for it, or the toolbar's popup asks of frames. `state` is
// "asks" for the rest of the content script, "runs" it, "listens" for a reason to ask, or nothing.
(() => {
  const listener = Object.hasOwn(globalThis, 'callscope') ? globalThis.callscope : undefined;
  let state = listener ? 'listens' : '';
  if (listener?.asks?.()) state = 'asks';
  else if (listener?.started?.()) state = 'runs';
  return {
    state,
    origin: self.origin,
    isTop: self === top,
    hasOpener: opener !== null,
    isPaused: listener?.paused === true,
  };
})();
