// The page: the machine, the widget's frames, what is drawn, and what scripts may use.

import { allow, mayAsk, obstacles, onNetworkPermission } from './check.js';
import { byId } from './dom.js';
import { drawer } from './drawer.js';
import { alertUser, drawing, showLog, showTrouble } from './draw.js';
import { Journal } from './journal.js';
import { Machine, ask } from './machine.js';
import { framesAt } from './places.js';
import { scenarioPlayer } from './scenario.js';

const parameters = new URLSearchParams(location.search);
const journal = new Journal();
const tables = ask({ do: 'tables' });
const ready = Promise.withResolvers();

let view = null;
let frames = null;
/** Whether the simulator is leaving the page, so that the user is not asked. */
let goes = false;
/** Whether the next page should start without this one's data. */
let forgets = false;
/** Why there is no calling window. */
const NO_WINDOW = {
  blocked: {
    blocks: true,
    what: 'The browser has not opened the calling window.',
    fix: 'Press the button: after a click, the page may open windows.',
  },
  closed: {
    blocks: true,
    what: 'The calling window is closed.',
    fix: 'The widget in it ended without a last message. A new window loads the widget again.',
  },
};
/** The obstacles to showing the widget, and the buttons for them. */
let trouble = { obstacles: [], allow: null, open: null, window: null };

const machine = new Machine(perform, draw);

// ── what the machine wants done ──

function perform(output) {
  switch (output.output) {
    case 'log': {
      const { output: _, ...entry } = output;
      journal.add(entry);
      break;
    }
    case 'mount':
      frames.mount(output.url, output.copies, view ?? { width: 400, height: 650 });
      look(output.url);
      break;
    case 'source':
      frames.show(output.frame, output.url);
      look(output.url);
      break;
    case 'reload':
      frames.reload(output.frame);
      break;
    case 'post':
      try {
        frames.post(output.frame, output.message, output.targetOrigin);
      } catch (error) {
        problem(error.message);
      }
      break;
    case 'go':
      go(output.to);
      break;
    default:
      problem(`the page cannot do ${output.output}`);
  }
}

/** Navigates to another document, like HubSpot's pages. */
function go({ newTab, engagement, ...changes }) {
  const address = new URL(location.href);
  const { searchParams } = address;
  // Switches that are on stay on by themselves, and an engagement is handed over only once.
  for (const name of ['switch', 'preset', 'engagement']) searchParams.delete(name);
  for (const [name, value] of Object.entries(changes)) searchParams.set(name, value);
  if (engagement) searchParams.set('engagement', engagement);
  if (newTab) {
    if (!window.open(address, '_blank')) problem('the browser opens no new tab without a click');
    return;
  }
  leaveFor(address);
}

function leaveFor(address) {
  goes = true;
  setTimeout(() => {
    if (address.href === location.href) location.reload();
    else location.assign(address);
  });
}

/** Loads the page and its widget from scratch, with these switches, `name:value`. */
function anew(switches) {
  const address = new URL(location.href);
  for (const name of ['switch', 'preset', 'engagement', 'record']) address.searchParams.delete(name);
  for (const it of switches) address.searchParams.append('switch', it);
  forgets = true;
  leaveFor(address);
}

function problem(text) {
  journal.add({ from: 'simulator', type: 'problem', message: { text } });
}

// ── what the page shows ──

let drawPage = null;
let drawDrawer = null;

function draw(next) {
  if (view && (view.width !== next.width || view.height !== next.height)) frames.resize(next);
  const isNew = view?.link !== next.link;
  view = next;
  if (isNew) drawTrouble();
  drawPage(view);
  drawDrawer(view);
}

function drawTrouble() {
  // If the widget answers, there is no obstacle.
  const answers = view?.link === 'open' || view?.link === 'ready';
  const noWindow = trouble.open ? [NO_WINDOW[trouble.window]] : [];
  if (answers) showTrouble(noWindow, { open: trouble.open });
  else showTrouble([...noWindow, ...trouble.obstacles], trouble);
}

/** Finds out whether the widget can be shown here, and shows why not. */
async function look(url) {
  trouble = { ...trouble, obstacles: [], allow: null };
  drawTrouble();
  const found = await obstacles(url);
  if (url !== view?.widgetUrl && view?.widgetUrl) return;
  const isAllowed = await mayAsk(url);
  trouble = {
    ...trouble,
    obstacles: found,
    allow: isAllowed ? null : async () => { if (await allow(url)) location.reload(); },
  };
  for (const { blocks, what, fix } of found) if (blocks) problem(`${what} ${fix}`);
  drawTrouble();
}

onNetworkPermission(() => { if (view?.widgetUrl) look(view.widgetUrl); });

// ── what scripts may use ──

/** Shows an error where the user looks. */
function attempt(todo) {
  try {
    todo();
  } catch (error) {
    alertUser(error.message);
    drawDrawer(view);
  }
}

const simulator = {
  interface: 1,
  ready: ready.promise,
  act: (step) => machine.handle({ input: 'act', step }),
  set: (switches) => machine.tell({ do: 'set', switches }),
  reset: () => machine.tell({ do: 'reset' }),
  preset: (name) => machine.tell({ do: 'preset', name }),
  unmet: () => ask({ do: 'unmet' }),
  log: (after = 0) => journal.after(after),
  onLog: (listener) => journal.listen(listener),
  view: () => view,
  describe: () => tables,
};
simulator.scenario = scenarioPlayer(simulator, { anew, went: journal.went });
globalThis.callscopeSimulator = Object.freeze(simulator);

// ── start ──

const act = (step) => attempt(() => simulator.act(step));
drawPage = drawing({ act, records: tables.records });
drawDrawer = drawer({ tables, simulator, shell: { act: simulator.act, attempt } });

const ofWindow = {
  lacks(open, window) {
    trouble = { ...trouble, open, window };
    drawTrouble();
  },
  closed: () => machine.handle({ input: 'windowClosed' }),
};

/** The value of an event as JSON; null if JSON cannot represent it. */
function asJson(value) {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    return null;
  }
}

function listen() {
  frames.handler = {
    load: (frame) => machine.handle({ input: 'load', frame }),
    message: (frame, origin, data) => {
      // Ignore messages that other pages and extensions post.
      if (frame === null || typeof data !== 'object' || data === null) return;
      machine.handle({ input: 'message', frame, origin, value: asJson(data) });
    },
  };
}

function bind() {
  byId('minimize').onclick = () =>
    act({ act: view.window === 'minimized' ? 'restore' : 'minimize' });
  byId('close').onclick = () => act({ act: 'close' });
  byId('open-widget').onclick = () => act({ act: 'open' });
  byId('toggle-remote').onclick = () =>
    act({ act: view.window === 'open' ? 'minimize' : 'restore' });
  const toggle = byId('toggle-drawer');
  toggle.onclick = () => {
    const opens = toggle.getAttribute('aria-expanded') !== 'true';
    toggle.setAttribute('aria-expanded', opens);
    byId('drawer').hidden = !opens;
  };
  // On a small screen, the drawer would leave no room for anything else.
  if (window.innerWidth < 1000) toggle.click();
  addEventListener('beforeunload', (event) => {
    const isLive = view?.call && ['ringing', 'answered'].includes(view.call.stage);
    const staysInWindow = ['window', 'both'].includes(view?.place);
    if (isLive && !goes && !staysInWindow) event.preventDefault();
  });
  addEventListener('pagehide', () => {
    if (forgets) journal.leave(null, goes);
    else journal.leave(view ? ask({ do: 'kept' }) : journal.kept, goes);
  });
}

/** The page's address has errors: starts nothing, and shows that. */
function refuse(error) {
  problem(error.message);
  byId('status').textContent = 'Not started';
  byId('status').dataset.tone = 'bad';
  document.body.classList.add('refused');
  showTrouble(
    [{ blocks: true, what: `${error.message}.`, fix: 'It stands in the address of this page.' }],
    { anew: () => location.assign(location.pathname) },
  );
}

function start() {
  const options = {
    origin: location.origin,
    widget: parameters.get('widget') || null,
    profile: parameters.get('profile'),
    place: parameters.get('place'),
    record: parameters.get('record'),
    engagement: Number(parameters.get('engagement')) || null,
    preset: parameters.get('preset'),
    switches: parameters.getAll('switch'),
    seed: crypto.getRandomValues(new Uint32Array(1))[0],
    kept: journal.kept,
  };
  bind();
  showLog(journal);
  frames = framesAt(options.place, ofWindow);
  listen();
  machine.tell({ do: 'start', options });
  if (!options.widget) {
    const what = 'No widget yet.';
    const fix = 'Enter your widget’s address under Controls and press Load. You need no HubSpot account.';
    trouble = { ...trouble, obstacles: [{ blocks: false, what, fix }] };
    drawTrouble();
    if (byId('drawer').hidden) byId('toggle-drawer').click();
    byId('widget-url').focus();
  }
}

try {
  start();
  ready.resolve();
} catch (error) {
  refuse(error);
  ready.reject(error);
  // Only those who wait for it need to be told.
  ready.promise.catch(() => {});
}
