/*
 * Frames come and go without a message or any other sign, and the panel says in which of them
 * Callscope may not listen. Looking again and again would keep a silent page awake.
 */

/**
 * A listener for `load` events of the whole document, which calls back when one of a frame comes,
 * and when a frame that was seen is taken out of the page; of those that are there already, so many
 * are.
 */
export function frameListener(document, most, changed) {
  const sizes = new ResizeObserver((entries) => {
    // A frame that is taken out of the page has no size any more. One that is not shown never had.
    const gone = entries.map(({ target }) => target).filter((frame) => !frame.isConnected);
    gone.forEach((frame) => sizes.unobserve(frame));
    if (gone.length > 0) changed();
  });
  try {
    const present = document.querySelectorAll('iframe');
    Array.from(present).slice(0, most).forEach((frame) => sizes.observe(frame));
  } catch {
    // An element of the page has taken the method's place: those that load are seen all the same.
  }
  return ({ target, isTrusted }) => {
    if (!isTrusted || target?.localName !== 'iframe') return;
    sizes.observe(target);
    changed();
  };
}
