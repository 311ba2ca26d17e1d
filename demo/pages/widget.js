'use strict';

// The widget's page around the phone: buttons, the SDK's methods one by one, and mistakes that real
// widgets make. Scripts may use `window.demo`, whose functions do the same as the buttons.

const query = new URLSearchParams(location.search);
const sdkVersion = query.get('widget') || '0.9.7';
const byId = id => document.getElementById(id);
let phone;

// Every method of the SDK, with a payload that is correct at the moment.
const METHODS = {
  initialized: () => ({
    isLoggedIn: phone.loggedIn,
    isAvailable: phone.available,
    sizeInfo: { width: 400, height: 650 },
  }),
  userLoggedIn: () => undefined,
  userLoggedOut: () => undefined,
  userAvailable: () => undefined,
  userUnavailable: () => undefined,
  outgoingCall: () => phone.outgoingPayload(),
  incomingCall: () => phone.incomingPayload(),
  callAnswered: () => phone.callName(),
  callData: () => ({ engagementId: phone.subject().engagementId }),
  callEnded: () => phone.endedPayload('COMPLETED'),
  callCompleted: () => phone.completedPayload('', false),
  callTransferred: () => phone.callName(),
  navigateToRecord: () => phone.navigatePayload(),
  publishToChannel: () => phone.finalizePayload(),
  finalizeEngagement: () => phone.finalizePayload(),
  sendError: () => ({ message: 'The microphone is in use by another program' }),
  resizeWidget: () => ({ width: 400, height: 700 }),
  setWidgetUrl: () => ({ iFrameUrl: location.href }),
  sendMessage: () => ({ type: 'LOGGED_IN' }),
};

// Posts what the SDK would never post, to the same window.
function post(message) {
  const { destinationWindow, destinationHost } = phone.sdk.iFrameManager;
  destinationWindow.postMessage(message, destinationHost);
}

function freshId() {
  // Callscope's own SDK does not expose its instance id.
  return `${phone.sdk.iFrameManager.instanceId ?? crypto.randomUUID()}_${Date.now()}`;
}

// Mistakes by name: a description, how to make it, and the SDK method that it needs.
const MISTAKES = {
  'completed-before-ended': ['CALL_COMPLETED before CALL_ENDED', () => {
    if (!phone.call) phone.dial();
    phone.save('', false);
  }, 'callCompleted'],
  'wrong-engagement': ['CALL_COMPLETED for another engagement', () => {
    phone.sdk.callCompleted({ ...phone.completedPayload('', false), engagementId: 1 });
  }, 'callCompleted'],
  'internal-status': ['CALL_ENDED with an INTERNAL_ status', () => phone.hangUp('INTERNAL_COMPLETED')],
  'no-external-id': ['Call without externalCallId', () => {
    phone.begin('outbound', '+442079460123');
    const { externalCallId, ...payload } = phone.outgoingPayload();
    phone.sdk.outgoingCall(payload);
  }],
  'second-call': ['A second call at the same time', () => {
    if (!phone.call) phone.dial();
    phone.dial('+447700900456');
  }],
  'answer-nothing': ['CALL_ANSWERED without a call', () => {
    phone.call = null;
    phone.sdk.callAnswered({ externalCallId: crypto.randomUUID() });
  }],
  'incoming-unavailable': ['INCOMING_CALL while unavailable', () => {
    phone.setAvailable(false);
    phone.ring();
  }, 'userUnavailable'],
  'call-logged-out': ['A call after LOGGED_OUT', () => {
    phone.logOut();
    phone.dial();
  }],
  'no-message-id': ['No messageId', () => post({ type: 'USER_AVAILABLE' })],
  'no-type': ['No type', () => post({ messageId: freshId(), data: { isLoggedIn: true } })],
  'unknown-type': ['Unknown type', () => phone.sdk.sendMessage({ type: 'CALL_PAUSED', data: {} })],
  'wrong-direction': ['A message that only HubSpot sends', () => {
    phone.sdk.sendMessage({ type: 'CREATE_ENGAGEMENT_SUCCEEDED', data: { engagementId: 1 } });
  }],
  'bare-data': ['DATA instead of CALL_DATA', () => {
    phone.sdk.sendMessage({ type: 'DATA', data: { engagementId: phone.subject().engagementId } });
  }],
  'payload-on-top': ['Payload beside data', () => {
    post({ type: 'CALL_ANSWERED', messageId: freshId(), payload: phone.callName() });
  }],
  'same-id-twice': ['The same messageId twice', () => {
    const messageId = freshId();
    post({ type: 'USER_AVAILABLE', messageId });
    setTimeout(() => post({ type: 'USER_UNAVAILABLE', messageId }), 60);
  }],
  'host-id': ['HubSpot\'s own messageId', () => {
    const sync = window.demoLog.find(it => it.message && it.message.type === 'SYNC');
    const [instance] = sync.message.messageId.split('_');
    post({ type: 'USER_AVAILABLE', messageId: `${instance}_${Date.now()}` });
  }],
  'null': ['null', () => post(null)],
  'text': ['A text', () => post('hello')],
};

// ── the page ──

const STAGES = { ringing: 'Ringing', answered: 'In a call' };

function render() {
  const { call, ended, connected, loggedIn, available, number } = phone;
  const subject = call || ended;
  byId('link').classList.toggle('on', connected);
  byId('link-text').textContent = connected
    ? `Connected, ${loggedIn ? 'logged in' : 'logged out'}`
    : 'Waiting for HubSpot';
  byId('stage').textContent = call
    ? `${STAGES[call.stage]}, ${call.direction}`
    : (ended ? 'Call ended' : 'No call');
  byId('stage').classList.toggle('live', Boolean(call));
  byId('partner').textContent = subject
    ? (subject.match ? `${subject.match.firstName} ${subject.match.lastName}` : subject.number)
    : '\u00a0';
  byId('engagement').textContent = subject && subject.engagementId
    ? `Engagement ${subject.engagementId}`
    : '\u00a0';
  byId('available').checked = available;
  if (number && byId('number').value === '') byId('number').value = number;

  const has = method => typeof phone.sdk[method] === 'function';
  const enabled = {
    'log-in': connected && !loggedIn,
    'log-out': connected && loggedIn,
    available: connected && loggedIn && has('userAvailable'),
    call: connected && loggedIn && !call,
    ring: connected && loggedIn && !call,
    answer: call && call.stage === 'ringing',
    decline: call && call.stage === 'ringing' && call.direction === 'inbound',
    transfer: call && has('callTransferred'),
    'hang-up': Boolean(call),
    save: Boolean(ended) && has('callCompleted'),
    'open-record': call && has('navigateToRecord'),
    finalize: Boolean(ended) && has('finalizeEngagement'),
  };
  for (const [id, on] of Object.entries(enabled)) byId(id).disabled = !on;
}

const actions = {
  'log-in': () => phone.logIn(),
  'log-out': () => phone.logOut(),
  call: () => phone.dial(byId('number').value || undefined),
  ring: () => phone.ring(),
  answer: () => phone.answer(),
  decline: () => phone.hangUp('REJECTED'),
  transfer: () => phone.transfer(),
  'hang-up': () => phone.hangUp(),
  save: () => phone.saveOnceKnown(byId('notes').value, !byId('stay').checked),
  'open-record': () => phone.openRecord(),
  finalize: () => phone.finalize(),
  'line-answers': () => phone.remoteAnswers(),
  'line-busy': () => phone.remoteRefuses('BUSY'),
  'line-no-answer': () => phone.remoteRefuses('NO_ANSWER'),
  'line-calls': () => phone.remoteCalls(),
  'line-gives-up': () => phone.callerGivesUp(),
};

function callMethod(name, payload = METHODS[name]()) {
  phone.sdk[name](payload);
  phone.changed();
}

function mistake(name) {
  MISTAKES[name][1]();
  phone.changed();
}

function addButton(list, id, text, onclick) {
  const button = document.createElement('button');
  Object.assign(button, { id, textContent: text, onclick });
  byId(list).append(button);
  return button;
}

function showButtons() {
  for (const [id, action] of Object.entries(actions)) byId(id).onclick = action;
  byId('available').onchange = ({ target }) => phone.setAvailable(target.checked);
  for (const name of Object.keys(METHODS)) {
    const button = addButton('methods', `sdk-${name}`, name, () => callMethod(name));
    button.disabled = typeof phone.sdk[name] !== 'function';
    if (button.disabled) button.title = `${window.sdkLabel(sdkVersion)} does not have it`;
  }
  for (const [name, [text, , method]] of Object.entries(MISTAKES)) {
    const button = addButton('mistakes', `mistake-${name}`, text, () => mistake(name));
    button.disabled = Boolean(method) && typeof phone.sdk[method] !== 'function';
  }
}

window.demo = {
  get phone() { return phone; },
  get events() { return phone ? phone.events : []; },
  methods: Object.keys(METHODS),
  mistakes: Object.keys(MISTAKES),
  callMethod,
  mistake,
  post,
  start,
};

window.showDemoLog(byId('log'));
byId('version').textContent = window.sdkLabel(sdkVersion);
// Starts the SDK, and with it the handshake.
function start() {
  return window.loadSdk(sdkVersion).then(({ CallingExtensions }) => {
    phone = new Phone({
      CallingExtensions,
      version: window.sdkSpeaks(sdkVersion),
      allowedHosts: query.getAll('allow-host'),
      logIn: query.get('login') === 'auto',
      autodial: query.get('autodial') !== 'off',
      changed: render,
    });
    window.breakPhone(query.get('twin'), phone);
    showButtons();
    render();
  }, error => { byId('link-text').textContent = error.message; });
}

if (query.has('silent')) {
  byId('link-text').textContent = 'Silent: the SDK is not started';
} else {
  start();
}
