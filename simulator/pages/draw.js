// Draws HubSpot's page: record, call bar, activity, widget, log.

import { button, byId, clock, duration, el, part } from './dom.js';
import { now } from './machine.js';

const LINKS = {
  noWidget: ['No calling app', 'idle'],
  loading: ['Loading the calling app', 'busy'],
  syncing: ['Waiting for SYNC_ACK', 'busy'],
  ready: ['Connected, waiting for INITIALIZED', 'busy'],
  open: ['Connected', 'good'],
  noAnswer: ['The calling app does not answer', 'bad'],
  windowClosed: ['The calling window is closed', 'bad'],
};

const STAGES = {
  dialed: 'Dialing',
  ringing: 'Calling',
  answered: 'In a call',
  ended: 'Call ended, not saved yet',
};

/** How many lines of the log are shown. */
const LINES = 200;
/** How long an alert stays, in milliseconds. */
const ALERT = 8_000;

/** Returns a function that draws a view; `act` performs a step, `records` are all records. */
export function drawing({ act, records }) {
  const idOf = (record) => `${record.id.kind}/${record.id.id}`;

  const list = part(byId('records'), (open) => records.map(({ id, kind, name }) => {
    const link = button(name, () => act({ act: 'openRecord', record: id }), {
      className: 'record-link',
      'aria-current': id === open ? 'page' : null,
    });
    link.append(el('span', { className: 'muted small' }, kind));
    return el('li', {}, link);
  }));

  const record = part(byId('record'), (it) => [
    el('div', { className: 'person' },
      el('span', { className: 'avatar', 'aria-hidden': 'true' }, initials(it.name)),
      el('div', {},
        el('h1', { id: 'record-name' }, it.name),
        el('p', { className: 'muted' }, it.detail))),
    it.email ? el('p', { className: 'small' }, it.email) : null,
    el('h2', {}, 'Phone numbers'),
    el('ul', { className: 'numbers' }, ...it.phones.map(({ label, number }, index) =>
      el('li', {},
        el('span', { className: 'muted small' }, label),
        button(number, () => act({ act: 'dial', number }), {
          id: `dial-${index}`,
          className: 'number',
          title: 'Call this number',
        })))),
  ]);

  const activity = part(byId('activity'), (entries) => entries.length === 0
    ? [el('li', { className: 'muted' }, 'No calls yet. Click a phone number, or have your widget ring.')]
    : entries.map((entry) => el('li', { 'data-engagement': entry.engagementId },
      el('div', { className: 'row' },
        el('strong', {}, entry.title),
        el('span', { className: 'spacer' }),
        el('span', { className: 'muted small' }, clock(entry.at).slice(0, 5))),
      entry.body ? el('p', {}, entry.body) : null,
      el('p', { className: 'muted small' }, [
        entry.inbound ? 'Inbound' : 'Outbound',
        entry.outcome,
        entry.durationMs === null ? null : duration(entry.durationMs),
        entry.status,
        `engagement ${entry.engagementId}`,
      ].filter(Boolean).join(' · ')))));

  const callBar = part(byId('call-bar'), (call) => {
    if (!call) return [];
    const other = call.name ? `${call.name}, ${call.number}` : call.number ?? 'unknown number';
    const stage = call.inbound && call.stage === 'ringing' ? 'Incoming call' : STAGES[call.stage];
    const end = button('End call', () => act({ act: 'endCall' }), {
      id: 'end-call', className: 'danger', disabled: call.stage === 'ended',
    });
    return [
      el('span', { className: `dot ${call.stage}`, 'aria-hidden': 'true' }),
      el('strong', {}, stage),
      el('span', { className: 'other' }, other),
      el('span', { id: 'call-time', className: 'number-text' }),
      el('span', { className: 'spacer' }),
      end,
    ];
  });

  let shown = null;
  let alerted = 0;

  setInterval(() => {
    const time = byId('call-time');
    if (time && shown?.call) time.textContent = duration(now() - shown.call.since);
  }, 500);

  function showAlert({ number, text }) {
    if (number === alerted) return;
    alerted = number;
    alertUser(text);
  }

  function status(view) {
    const [text, tone] = LINKS[view.link];
    const parts = [text];
    if (view.link === 'open') {
      parts.push(view.loggedIn ? 'logged in' : 'logged out');
      if (view.loggedIn) parts.push(view.available ? 'available' : 'unavailable');
    }
    if (view.sdkVersion) parts.push(`SDK ${view.sdkVersion}`);
    const words = parts.join(' · ');
    const pill = byId('status');
    if (pill.textContent !== words) pill.textContent = words;
    pill.dataset.tone = tone;
  }

  return (view) => {
    shown = view;
    status(view);
    list(idOf(view.record));
    record(view.record);
    activity(view.activity);
    callBar(view.call);
    byId('call-bar').hidden = !view.call;
    document.title = `${view.record.name} – Callscope simulator`;
    byId('widget-name').textContent = view.widgetUrl ? new URL(view.widgetUrl).host : 'Calling app';
    const widget = byId('widget');
    widget.dataset.window = view.window;
    widget.dataset.place = view.place;
    widget.style.setProperty('--width', `${view.width}px`);
    byId('minimize').setAttribute('aria-label', view.window === 'minimized' ? 'Restore' : 'Minimize');
    byId('minimize').title = view.window === 'minimized' ? 'Restore' : 'Minimize';
    byId('open-widget').hidden = view.window !== 'closed' || view.place !== 'widget';
    const remote = byId('remote');
    const hasRemote = ['remote', 'both'].includes(view.place);
    remote.hidden = !hasRemote;
    // Hidden rather than removed: the widget inside goes on running.
    remote.dataset.window = view.window;
    remote.style.setProperty('--width', `${view.width}px`);
    remote.style.setProperty('--height', `${view.height}px`);
    byId('toggle-remote').hidden = !hasRemote;
    byId('toggle-remote').setAttribute('aria-expanded', view.window === 'open');
    if (view.alert) showAlert(view.alert);
  };
}

let alertTimer = 0;

/** Shows a sentence for a while. */
export function alertUser(text) {
  const element = byId('alert');
  element.textContent = text;
  element.hidden = false;
  clearTimeout(alertTimer);
  alertTimer = setTimeout(() => { element.hidden = true; }, ALERT);
}

function initials(name) {
  return name.split(' ').map((word) => word[0]).slice(0, 2).join('').toUpperCase();
}

/** Shows the log in its list, newest last, updated once per frame. */
export function showLog(journal) {
  const list = byId('log');
  let waiting = journal.after(0).slice(-LINES);

  function line({ at, from, type, message, note }) {
    // SYNC and its answer have their fields next to the type.
    const told = message?.data ?? (String(type).startsWith('SYNC') ? message : undefined);
    const rest = from === 'simulator' ? message.text : JSON.stringify(told)?.slice(0, 300);
    return el('li', { className: `by-${from}` },
      el('time', {}, clock(at)),
      el('span', { className: 'from' }, { host: 'H →', widget: '← W', simulator: '·' }[from]),
      el('strong', {}, String(type).slice(0, 100)),
      el('span', { className: 'muted' }, note ? `${note}  ` : '', rest ?? ''));
  }

  function show() {
    const atEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 4;
    list.append(...waiting.map(line));
    waiting = [];
    while (list.children.length > LINES) list.firstChild.remove();
    if (atEnd) list.scrollTop = list.scrollHeight;
  }

  journal.listen((entry) => {
    // Another SYNC in a row says nothing new.
    if (entry.type === 'SYNC' && waiting.at(-1)?.type === 'SYNC') return;
    if (waiting.push(entry) === 1) requestAnimationFrame(show);
    if (waiting.length > LINES) waiting.shift();
  });
  show();
}

/** Shows what keeps the widget from being shown. */
export function showTrouble(obstacles, { allow, open, anew } = {}) {
  const element = byId('trouble');
  const parts = obstacles.map(({ blocks, what, fix }) =>
    el('div', { className: blocks ? 'obstacle blocks' : 'obstacle' },
      el('p', {}, el('strong', {}, what)),
      el('p', {}, fix)));
  if (allow) parts.push(button('Allow this origin', allow));
  if (anew) parts.push(button('Start without it', anew));
  if (open) parts.push(button('Open the calling window', open));
  element.replaceChildren(...parts);
  element.hidden = parts.length === 0;
}
