// What a panel that stands in for the worker asks of every frame, and the answer: "asks" for the
// rest of the content script, "runs" it, or nothing.
(() => {
  const listener = Object.hasOwn(globalThis, 'callscope') ? globalThis.callscope : undefined;
  if (listener?.asks?.()) return 'asks';
  return listener?.started?.() ? 'runs' : '';
})();
