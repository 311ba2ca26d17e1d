// The toolbar button's popup: whether the active tab is recorded, and where to look.

import { nameKeys } from './keys.js';

/** How often the popup checks while it is open, in milliseconds. */
const AGAIN = 1_000;

/** What to show, given the reports of the tab's frames, or `null` if Chrome lets nobody ask. */
function describe(frames) {
  const top = frames?.find((frame) => frame.isTop);
  if (!top) {
    return {
      tone: 'warning',
      title: 'Not recorded',
      text: 'Callscope does not listen in this page. It listens on hubspot.com, localhost and '
        + '127.0.0.1; a widget from elsewhere is allowed in the panel of the HubSpot page that '
        + 'shows it.',
    };
  }
  if (top.state === '') {
    return {
      tone: 'warning',
      title: 'Not recorded yet',
      text: 'This page was open before Callscope was installed or updated. Reload it, and it is '
        + 'recorded from its first message on.',
      reload: true,
    };
  }
  // Except in the top frame, it only runs, or asks to, where there is calling-extension traffic.
  const talking = frames.filter(({ isTop, state }) =>
    state === 'asks' || (state === 'runs' && !isTop));
  const origins = [...new Set(talking.map(({ origin }) => origin))];
  if (top.isPaused) {
    return {
      tone: 'warning',
      title: 'Paused',
      text: 'Recording was paused in the panel. Press the round button in its upper left corner '
        + 'to go on.',
    };
  }
  if (origins.length === 0) {
    return {
      tone: 'ok',
      title: 'Listening',
      text: `In ${count(frames.length, 'frame')} of this page, and no message between HubSpot `
        + 'and a widget yet.',
    };
  }
  return {
    tone: 'ok',
    title: 'Recorded',
    text: `Messages between HubSpot and a widget are recorded, in ${top.origin} and frames of `
      + `${origins.join(', ')}.`,
  };
}

function count(number, word) {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** What the frames of a tab report about themselves. */
async function framesOf(tab) {
  try {
    const results = await chrome.scripting.executeScript({
      target: { tabId: tab, allFrames: true },
      files: ['frame-state.js'],
      injectImmediately: true,
    });
    return results.map(({ result }) => result).filter(Boolean);
  } catch {
    // A page of the browser, or of an origin without permission.
    return null;
  }
}

function show({ tone, title, text, reload = false }) {
  const heading = document.getElementById('title');
  // Setting the same text again would make screen readers repeat it.
  if (heading.textContent !== title) heading.textContent = title;
  heading.dataset.tone = tone;
  const words = document.getElementById('text');
  if (words.textContent !== text) words.textContent = text;
  document.getElementById('reload').hidden = !reload;
}

const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });

async function look() {
  show(describe(tab ? await framesOf(tab.id) : null));
}

document.getElementById('reload').addEventListener('click', () => chrome.tabs.reload(tab.id));
nameKeys(document);
await look();
setInterval(look, AGAIN);
