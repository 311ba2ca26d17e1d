// Whether the widget can be shown here at all: a browser tells a page nothing about a frame that it
// refuses, so the address is asked.

import { ask } from './machine.js';

/** How long an address may take to answer, in milliseconds. */
const LIMIT = 8_000;

const isExtension = location.protocol === 'chrome-extension:';

/** What stands in the way of the widget, worst first: `[{ blocks, what, fix }]`. */
export async function obstacles(url) {
  const fetched = isExtension ? await fetchedHere(url) : await fetchedByProgram(url);
  // Without the program nobody can say; the frame itself will show.
  if (!fetched) return [];
  return ask({ do: 'check', url, origin: location.origin, ...fetched });
}

/** The program that serves this page asks: it is bound by no page's rules. */
async function fetchedByProgram(url) {
  try {
    const answer = await fetch(`check?url=${encodeURIComponent(url)}`);
    // 204 from a server that is not the program.
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** A page of the extension may ask where Callscope may listen. */
async function fetchedHere(url) {
  if (!(await mayAsk(url))) return { failed: { kind: 'notAllowed' } };
  try {
    const answer = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(LIMIT) });
    await answer.body?.cancel();
    return {
      answered: { url: answer.url, status: answer.status, headers: [...answer.headers] },
    };
  } catch (error) {
    if (error.name === 'TimeoutError') return { failed: { kind: 'timedOut' } };
    return { failed: { kind: 'unknown', reason: error.message } };
  }
}

/** As a match pattern: those have no ports. */
function pattern(url) {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
}

export async function mayAsk(url) {
  return !isExtension || chrome.permissions.contains({ origins: [pattern(url)] });
}

/** Has Chrome ask the user; only from a click. */
export function allow(url) {
  return chrome.permissions.request({ origins: [pattern(url)] });
}
