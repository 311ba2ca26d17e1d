'use strict';

// Plays HubSpot: the SDK's own `IFrameManager` as host, and HubSpot's answers. Scripts may use
// `window.demo`, whose functions do the same as the buttons.

const PORTAL = { portalId: 24021990, userId: 5120877, ownerId: 70412055 };
const CONTACT = { objectId: 301, objectTypeId: '0-1' };
const OVERRIDE_KEYS = [
  'LocalSettings:Calling:CallingExtensions',
  'LocalSettings:Sales:CallingExtensions',
];

// Phone numbers reserved for fiction.
const NUMBERS = [
  { kind: 'Work', source: 'phone', number: '+442079460123', country: 'GB' },
  { kind: 'Mobile', source: 'mobilephone', number: '+447700900456', country: 'GB' },
  { kind: 'Company', source: 'phone', number: '+16175550188', country: 'US', company: true },
];

// How long HubSpot takes to answer, in milliseconds: about what one sees on a good connection.
const DELAYS = {
  INITIATE_CALL_ID: 140,
  CALLER_ID_MATCH: 220,
  CREATE_ENGAGEMENT: 320,
  ENGAGEMENT_CREATED: 335,
  UPDATE_ENGAGEMENT: 260,
  FINALIZE_ENGAGEMENT: 180,
  PUBLISH_TO_CHANNEL: 180,
  VISIBILITY_CHANGED: 60,
  NAVIGATE_TO_RECORD: 250,
};

// A loop that nobody stops would fill the memory: each ERROR contains the previous one.
const LOOP_LIMIT = 300;

const parameters = new URLSearchParams(location.search);
const failing = new Set((parameters.get('fail') || '').split(','));
const leftOut = parameters.has('leave-out') ? parameters.get('leave-out').split(',') : [];
const byId = id => document.getElementById(id);

const state = {
  loggedIn: false,
  available: false,
  // The ids of the engagements that HubSpot has created, as strings; a page opened for a call
  // starts with that call's.
  engagements: new Set([parameters.get('engagement')].filter(Boolean)),
  nextEngagement: 18_000_000_000 + (Date.now() % 1_000_000),
  loop: 0,
};
let sdk;
let host; // the IFrameManager, or a CallingExtensions while the loop runs

// ── what the page shows ──

function showStatus(text) {
  byId('status').textContent = text;
}

function showAlert(text) {
  const alert = byId('alert');
  alert.textContent = text;
  alert.hidden = false;
  setTimeout(() => { alert.hidden = true; }, 4000);
}

function showEngagement(engagementId, title, text) {
  const list = byId('activity');
  list.querySelector('.empty')?.remove();
  let item = list.querySelector(`[data-engagement="${engagementId}"]`);
  if (!item) {
    item = document.createElement('li');
    item.dataset.engagement = engagementId;
    item.append(document.createElement('b'), document.createElement('span'));
    list.prepend(item);
  }
  item.firstChild.textContent = title;
  item.lastChild.textContent = text;
  item.lastChild.className = 'muted';
}

function showVisibility({ isMinimized, isHidden }) {
  byId('widget-window').classList.toggle('minimized', isMinimized);
  byId('widget-window').classList.toggle('hidden', isHidden);
}

// ── what HubSpot sends ──

function send(type, data) {
  if (leftOut.some(name => type.startsWith(name))) return;
  host.sendMessage(data === undefined ? { type } : { type, data });
}

function sendLater(type, data, delayOf = type) {
  const given = parameters.get('delay');
  setTimeout(() => send(type, data), given === null ? DELAYS[delayOf] : Number(given));
}

// Sends `…_SUCCEEDED`, or `…_FAILED` if the page's address asks for it.
function answer(subject, failName, data, failure) {
  if (failing.has(failName)) {
    sendLater(`${subject}_FAILED`, failure, subject);
  } else {
    sendLater(`${subject}_SUCCEEDED`, data, subject);
  }
}

function setVisibility(isMinimized, isHidden) {
  showVisibility({ isMinimized, isHidden });
  sendLater('VISIBILITY_CHANGED', { isMinimized, isHidden });
}

function dial(number = NUMBERS[0].number) {
  if (!state.loggedIn) {
    showAlert('Log in to the calling app first');
    return;
  }
  if (byId('widget-window').classList.contains('hidden')) setVisibility(false, false);
  const entry = NUMBERS.find(it => it.number === number) || { source: 'phone' };
  const callee = entry.company
    ? { calleeId: 902, calleeObjectTypeId: '0-2' }
    : { calleeId: CONTACT.objectId, calleeObjectTypeId: CONTACT.objectTypeId };
  send('DIAL_NUMBER', {
    phoneNumber: number,
    ownerId: PORTAL.ownerId,
    subjectId: CONTACT.objectId,
    objectId: CONTACT.objectId,
    objectType: 'CONTACT',
    portalId: PORTAL.portalId,
    countryCode: entry.country,
    calleeInfo: callee,
    startTimestamp: Date.now(),
    toPhoneNumberSrc: entry.source,
  });
}

// ── what HubSpot does with the widget's messages ──

function startCall(data, number) {
  if (number) {
    const isNumber = /\d{4}/.test(number);
    if (isNumber && !failing.has('call-id')) {
      sendLater('INITIATE_CALL_ID_SUCCEEDED', { callId: crypto.randomUUID() }, 'INITIATE_CALL_ID');
    } else {
      const error = { message: `${number} is not a phone number` };
      sendLater('INITIATE_CALL_ID_FAILED', { error }, 'INITIATE_CALL_ID');
    }
  }
  if (data.createEngagement) {
    const engagementId = (state.nextEngagement += 1);
    answer('CREATE_ENGAGEMENT', 'create', { engagementId }, {
      error: { message: 'The engagement could not be created' },
    });
    if (!failing.has('create')) {
      state.engagements.add(String(engagementId));
      sendLater('ENGAGEMENT_CREATED', { engagementId });
      showEngagement(engagementId, `Call with ${number || 'an unknown number'}`, 'In progress');
    }
  }
}

const reactions = {
  READY() {
    showStatus('Connected');
  },
  SYNC_ACK_FAILED() {
    showStatus('The calling app does not answer');
  },
  INITIALIZED(data = {}) {
    state.loggedIn = Boolean(data.isLoggedIn);
    state.available = Boolean(data.isAvailable);
    if (data.sizeInfo) host.updateIFrameSize(data.sizeInfo);
    showStatus(state.loggedIn ? 'Logged in' : 'Logged out');
  },
  LOGGED_IN() {
    state.loggedIn = true;
    showStatus('Logged in');
  },
  LOGGED_OUT() {
    state.loggedIn = false;
    state.available = false;
    showStatus('Logged out');
  },
  USER_AVAILABLE() {
    state.available = true;
    showStatus('Available');
  },
  USER_UNAVAILABLE() {
    state.available = false;
    showStatus('Unavailable');
  },
  RESIZE_WIDGET(data) {
    host.updateIFrameSize(data);
  },
  OUTGOING_CALL_STARTED(data = {}) {
    showStatus('Calling');
    startCall(data, data.toNumber || data.phoneNumber);
  },
  INCOMING_CALL(data = {}) {
    setVisibilityOfRinging();
    showStatus('Incoming call');
    const match = {
      callerIdType: 'CONTACT',
      objectCoordinates: { portalId: PORTAL.portalId, ...CONTACT },
      firstName: 'Riley',
      lastName: 'Bergmann',
      email: 'riley.bergmann@example.com',
    };
    answer('CALLER_ID_MATCH', 'match', { callerIdMatches: [match] }, {
      error: { message: 'The search for the caller failed' },
    });
    startCall(data, data.fromNumber || data.phoneNumber);
  },
  CALL_ANSWERED() {
    showStatus('In a call');
  },
  CALL_TRANSFERRED() {
    showStatus('Transferred');
  },
  CALL_ENDED() {
    showStatus('Call ended');
  },
  CALL_COMPLETED(data = {}) {
    const { engagementId, engagementProperties, hideWidget } = data;
    if (engagementProperties) {
      const known = state.engagements.has(String(engagementId));
      if (known && !failing.has('update')) {
        sendLater('UPDATE_ENGAGEMENT_SUCCEEDED', { engagementId }, 'UPDATE_ENGAGEMENT');
        const notes = engagementProperties.hs_call_body || 'No notes';
        const title = engagementProperties.hs_call_title || 'Call';
        showEngagement(engagementId, title, notes);
      } else {
        const message = known
          ? 'The engagement could not be updated'
          : `There is no engagement ${engagementId}`;
        const error = { message };
        sendLater('UPDATE_ENGAGEMENT_FAILED', { error }, 'UPDATE_ENGAGEMENT');
      }
    }
    if (hideWidget !== false) setVisibility(false, true);
    showStatus('Call saved');
  },
  FINALIZE_ENGAGEMENT({ engagementId, externalCallId } = {}) {
    const ids = { engagementId, externalCallId };
    answer('FINALIZE_ENGAGEMENT', 'finalize', ids, ids);
  },
  PUBLISH_TO_CHANNEL({ engagementId, externalCallId } = {}) {
    const ids = { engagementId, externalCallId };
    answer('PUBLISH_TO_CHANNEL', 'finalize', ids, ids);
  },
  NAVIGATE_TO_RECORD({ objectCoordinates } = {}) {
    // Of the newest call.
    const engagementId = Number([...state.engagements].at(-1)) || null;
    if (failing.has('navigate') || !objectCoordinates) {
      sendLater('NAVIGATE_TO_RECORD_FAILED', { engagementId, objectCoordinates }, 'NAVIGATE_TO_RECORD');
      return;
    }
    // The page of the record is a new document, where the widget starts afresh.
    const address = new URL(location.href);
    address.searchParams.set('record', objectCoordinates.objectId);
    if (engagementId) address.searchParams.set('engagement', engagementId);
    setTimeout(() => location.assign(address), DELAYS.NAVIGATE_TO_RECORD);
  },
  ERROR(data) {
    if (data && data.message) showAlert(data.message);
  },
};

// The SDK does not pass this message on, and reads the address from where no widget since 0.8.0
// puts it, so the host listens for it itself.
window.addEventListener('message', ({ data, source }) => {
  const fromWidget = host && host.iFrame && source === host.iFrame.contentWindow;
  if (!fromWidget || !data || data.type !== 'SET_WIDGET_URL') return;
  const { iFrameUrl } = data.data || data;
  try {
    const address = new URL(iFrameUrl);
    host.destinationHost = address.origin;
    host.iFrame.src = address.href;
  } catch {
    const error = { message: `${iFrameUrl} is not an address` };
    send('SET_WIDGET_URL_FAILED', { error });
  }
});

function setVisibilityOfRinging() {
  const { classList } = byId('widget-window');
  if (classList.contains('hidden') || classList.contains('minimized')) setVisibility(false, false);
}

function onMessage({ type, data }) {
  const reaction = Object.hasOwn(reactions, type) ? reactions[type] : null;
  // A widget may send null or a string as data; HubSpot ignores that, and so does this page.
  if (reaction) reaction(data === null ? undefined : data);
}

// ── start ──

function readOverride() {
  for (const key of OVERRIDE_KEYS) {
    const text = localStorage.getItem(key);
    if (!text) continue;
    try {
      return { key, ...JSON.parse(text) };
    } catch {
      showAlert(`${key} is not JSON`);
    }
  }
  return null;
}

function widgetAddress(override) {
  const given = parameters.get('widget-url') || override?.url;
  const address = new URL(given || `https://127.0.0.1:${location.port}/`);
  if (address.origin === `https://127.0.0.1:${location.port}` || parameters.has('widget-url')) {
    for (const name of ['widget', 'login', 'silent', 'autodial', 'widget-csp']) {
      if (parameters.has(name)) address.searchParams.set(name, parameters.get(name));
    }
  }
  return address.href;
}

// The SDK's host cannot talk to a sandboxed widget: it posts to one origin and listens to the same.
// Messages from such a widget come from `null`, and only `*` reaches it.
function speakWithSandboxed(manager) {
  const target = manager.destinationWindow;
  manager.destinationWindow = { postMessage: message => target.postMessage(message, '*') };
  Object.defineProperty(manager, 'destinationHost', { get: () => 'null', set() {} });
}

function startHost() {
  const override = readOverride();
  byId('provider').textContent = override?.name || 'Softphone';
  const src = widgetAddress(override);
  byId('location').textContent = new URL(src).host;
  host = new sdk.IFrameManager({
    iFrameOptions: {
      src,
      width: `${override?.width || 400}px`,
      height: `${override?.height || 650}px`,
      hostElementSelector: '#widget-frame',
    },
    onMessageHandler: onMessage,
  });
  if (parameters.has('sandboxed')) speakWithSandboxed(host);
  window.logSends(host);
  // The SDK's host sends a bare SYNC; HubSpot's includes the portal.
  const { sendMessage } = host;
  host.sendMessage = (message, callback) => {
    let whole = message;
    if (message.type === 'SYNC') {
      const portal = { ...PORTAL, iframeLocation: 'widget', usesCallingWindow: false };
      whole = parameters.has('bare') ? { ...message } : { ...message, ...portal };
      if (parameters.has('host-url')) whole.hostUrl = parameters.get('host-url');
      if (parameters.has('engagement')) whole.engagementId = Number(parameters.get('engagement'));
    }
    sendMessage.call(host, whole, callback);
  };
  showStatus('Waiting for the calling app');
}

function startLoop() {
  if (state.loop) return;
  const { src } = host.iFrame;
  host.remove();
  state.loop = 1;
  byId('start-loop').disabled = true;
  byId('stop-loop').disabled = false;
  const extensions = new sdk.CallingExtensions({
    iFrameOptions: { src, width: '400px', height: '650px', hostElementSelector: '#widget-frame' },
    eventHandlers: {
      onReady() {},
      defaultEventHandler() {
        state.loop += 1;
        showStatus(`ERROR loop, ${state.loop} messages`);
        if (state.loop > LOOP_LIMIT) stopLoop();
      },
    },
  });
  window.logSends(extensions.iFrameManager);
  host = extensions;
}

function stopLoop() {
  if (!state.loop) return;
  state.loop = 0;
  byId('start-loop').disabled = false;
  byId('stop-loop').disabled = true;
  host.iFrameManager.remove();
  startHost();
}

function reloadWidget() {
  const { iFrame } = host;
  iFrame.src = iFrame.src;
}

function showNumbers() {
  NUMBERS.forEach(({ kind, number }, index) => {
    const item = document.createElement('li');
    const label = document.createElement('span');
    label.className = 'kind';
    label.textContent = kind;
    const button = document.createElement('button');
    button.id = `dial-${index}`;
    button.textContent = number;
    button.title = 'Call this number';
    button.onclick = () => dial(number);
    item.append(label, button);
    byId('numbers').append(item);
  });
}

async function showSettings() {
  const form = byId('settings');
  const versions = await (await fetch('/sdk/versions.json')).json();
  form.widget.replaceChildren(...versions.map(version => new Option(version, version)));
  form.widget.value = parameters.get('widget') || versions[0];
  for (const box of form.querySelectorAll('input')) box.checked = parameters.has(box.name);
  form.method = 'get';
}

const actions = {
  'end-call': () => send('END_CALL'),
  minimize: () => setVisibility(true, false),
  hide: () => setVisibility(false, true),
  show: () => setVisibility(false, false),
  'set-call-state': () => send('SET_CALL_STATE', { state: 'RINGING' }),
  'send-unknown': () => send('CALL_QUALITY', { score: 4 }),
  'reload-widget': reloadWidget,
  'start-loop': startLoop,
  'stop-loop': stopLoop,
};
for (const [id, action] of Object.entries(actions)) byId(id).onclick = action;

window.demo = {
  state,
  numbers: NUMBERS.map(it => it.number),
  dial,
  send,
  endCall: actions['end-call'],
  setVisibility,
  reloadWidget,
  startLoop,
  stopLoop,
  // The SDK instance that acts as host.
  get manager() { return host.iFrameManager || host; },
};

for (const address of parameters.getAll('stranger')) {
  const iframe = document.createElement('iframe');
  iframe.src = address;
  document.body.prepend(iframe);
}
window.showDemoLog(byId('log'));
showNumbers();
showSettings();
window.loadSdk(parameters.get('host') || '0.9.7').then(
  loaded => {
    sdk = loaded;
    startHost();
  },
  error => showStatus(error.message),
);
