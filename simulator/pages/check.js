// Whether the widget can be shown here at all: a browser does not tell a page why it refuses a
// frame, so the address is fetched.

import { ask } from './machine.js';

/** How long an address may take to answer, in milliseconds. */
const LIMIT = 8_000;

const isExtension = location.protocol === 'chrome-extension:';

/** The obstacles to showing the widget, worst first: `[{ blocks, what, fix }]`. */
export async function obstacles(url) {
  const permissions = await networkPermissions();
  const refused = ask({ do: 'localNetwork', url, permissions });
  const fetched = isExtension ? await fetchedHere(url) : await fetchedByProgram(url);
  // Without the program, nobody can tell; the frame itself will show.
  if (!fetched) return refused;
  return [...refused, ...ask({ do: 'check', url, origin: location.origin, ...fetched })];
}

/** What lets a page show what is on this machine or network. */
const NETWORK = ['loopback-network', 'local-network', 'local-network-access'];

/** Its states, by name. */
async function networkPermissions() {
  const found = await Promise.all(NETWORK.map(queried));
  return Object.fromEntries(found.filter(Boolean).map(({ name, status }) => [name, status.state]));
}

/** Calls back whenever a state changes: the browser decides only when the frame is loaded. */
export async function onNetworkPermission(tell) {
  for (const found of await Promise.all(NETWORK.map(queried))) {
    found?.status.addEventListener('change', () => tell());
  }
}

async function queried(name) {
  try {
    return { name, status: await navigator.permissions.query({ name }) };
  } catch {
    // A browser that does not know the name.
    return null;
  }
}

/** Lets the program that serves this page fetch the address, because no page's rules bind it. */
async function fetchedByProgram(url) {
  try {
    const answer = await fetch(`check?url=${encodeURIComponent(url)}`);
    // 204 comes from a server that is not the program.
    return answer.status === 200 ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Fetches the address from a page of the extension, which may do so where Callscope may listen. */
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

/** The address as a match pattern, which has no port. */
function pattern(url) {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
}

export async function mayAsk(url) {
  return !isExtension || chrome.permissions.contains({ origins: [pattern(url)] });
}

/** Makes Chrome ask the user; only works after a click. */
export function allow(url) {
  return chrome.permissions.request({ origins: [pattern(url)] });
}
