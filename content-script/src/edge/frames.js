/*
 * The frames of a page can change without any message or notification, and a panel shows which of
 * them Callscope may not listen in. Polling would keep a silent page awake.
 */

/**
 * Returns a listener for `load` events of the whole document. Calls `changed` when a frame loads,
 * and when a frame seen before is removed from the page; of those already present, the first `most`
 * are watched.
 */
export function frameListener(document, most, changed) {
  const sizes = new ResizeObserver((entries) => {
    // A frame removed from the page loses its size; one that is not displayed never had any.
    const gone = entries.map(({ target }) => target).filter((frame) => !frame.isConnected);
    gone.forEach((frame) => sizes.unobserve(frame));
    if (gone.length > 0) changed();
  });
  try {
    const present = document.querySelectorAll('iframe');
    Array.from(present).slice(0, most).forEach((frame) => sizes.observe(frame));
  } catch {
    // An element of the page shadows the method: frames that load are seen nevertheless.
  }
  return ({ target, isTrusted }) => {
    if (!isTrusted || target?.localName !== 'iframe') return;
    sizes.observe(target);
    changed();
  };
}
