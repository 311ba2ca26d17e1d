// The state of a frame, for the worker, a panel that stands in for it, or the toolbar's popup.
// `state` is "asks" if the frame asks for the rest of the content script, "runs" if it runs it,
// "listens" if it only runs the listener, or empty.
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
