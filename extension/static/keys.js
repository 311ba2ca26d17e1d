/** Fills in the keys that open DevTools on this machine wherever a page names them. */
export function nameKeys(page) {
  if (!/^mac/i.test(navigator.userAgentData?.platform ?? navigator.platform)) return;
  for (const keys of page.querySelectorAll('.devtools-keys')) keys.textContent = '⌥⌘I';
}
