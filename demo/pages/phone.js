'use strict';

// A softphone without a telephone line: its state, and what it tells HubSpot through the SDK. It
// does not depend on the page; `changed` is called after every change.

const OWN_NUMBER = '+16175550142';
const CALLER_NUMBER = '+442079460123';
const PATIENCE = 10_000; // milliseconds until a call is saved without its engagement

// The names of all handlers that any version of the SDK calls.
const HANDLER_NAMES = [
  'onReady', 'onDialNumber', 'onEndCall', 'onVisibilityChanged', 'onSetCallState',
  'onEngagementCreated', 'onCreateEngagementSucceeded', 'onCreateEngagementFailed',
  'onUpdateEngagementSucceeded', 'onUpdateEngagementFailed',
  'onInitiateCallIdSucceeded', 'onInitiateCallIdFailed',
  'onNavigateToRecordFailed', 'onPublishToChannelSucceeded', 'onPublishToChannelFailed',
  'onFinalizeEngagementSucceeded', 'onFinalizeEngagementFailed',
  'onCallerIdMatchSucceeded', 'onCallerIdMatchFailed',
  'onSetWidgetUrlFailed', 'onUpdateAssociationsFailed', 'onFailed', 'defaultEventHandler',
];

function atLeast(version, wanted) {
  const numbers = text => text.split(/[.-]/).map(Number);
  const [have, need] = [numbers(version), numbers(wanted)];
  for (let index = 0; index < need.length; index += 1) {
    if (have[index] !== need[index]) return have[index] > need[index];
  }
  return true;
}

// A sandboxed page has none: there, a call does not survive its page.
function storage() {
  try {
    return sessionStorage;
  } catch {
    return null;
  }
}

class Phone {
  constructor({
    CallingExtensions, version, allowedHosts, logIn, autodial, changed,
  }) {
    this.version = version;
    this.autodial = autodial;
    this.changed = changed;
    // Since 0.7.0 the widget names its calls.
    this.namesCalls = atLeast(version, '0.7.0');
    this.connected = false;
    this.loggedIn = logIn;
    this.available = logIn;
    this.number = '';
    this.call = null; // { direction, stage, number, externalCallId, engagementId, startedAt, match }
    this.ended = null; // the last call, until it is saved
    this.events = []; // { at, name, data } for every call of a handler
    const eventHandlers = {};
    for (const name of HANDLER_NAMES) {
      eventHandlers[name] = (data, event) => this.handle(name, data, event);
    }
    this.sdk = new CallingExtensions({ eventHandlers, debugMode: false, allowedHosts });
    window.logSends(this.sdk.iFrameManager);
  }

  handle(name, data, event) {
    this.events.push({
      at: performance.timeOrigin + performance.now(),
      name,
      type: event && event.type,
      data: data === undefined ? null : data,
    });
    const reactions = {
      onReady: () => this.start(data || {}),
      onDialNumber: () => this.dialNumber(data || {}),
      onEndCall: () => this.hangUp(),
      onEngagementCreated: () => this.learnEngagement(data),
      onCreateEngagementSucceeded: () => this.learnEngagement(data),
      onCreateEngagementFailed: () => this.engagementSettled(),
      onCallerIdMatchSucceeded: () => this.learnCaller(data),
    };
    if (Object.hasOwn(reactions, name)) reactions[name]();
    this.changed();
  }

  // ── HubSpot says ──

  start({ engagementId }) {
    this.connected = true;
    const kept = storage()?.getItem('call');
    storage()?.removeItem('call');
    const payload = {
      isLoggedIn: this.loggedIn,
      isAvailable: this.available,
      sizeInfo: { width: 400, height: 650 },
    };
    if (engagementId) {
      payload.engagementId = engagementId;
      if (kept) this.call = { ...JSON.parse(kept), isResumed: true, awaitsEngagement: false };
    }
    this.sdk.initialized(payload);
  }

  dialNumber({ phoneNumber }) {
    this.number = phoneNumber || '';
    if (!this.autodial || !this.number || this.call || !this.loggedIn) return;
    // Gives the user a moment to see the number about to be called.
    setTimeout(() => this.dial(this.number), 250);
  }

  learnEngagement(data) {
    const call = this.call || this.ended;
    if (call && data) call.engagementId = data.engagementId;
    this.engagementSettled();
  }

  // HubSpot has created the engagement of the call, or failed to.
  engagementSettled() {
    const call = this.call || this.ended;
    if (!call) return;
    call.awaitsEngagement = false;
    const { saveLater } = call;
    call.saveLater = null;
    if (saveLater) saveLater();
  }

  learnCaller(data) {
    if (this.call && data && data.callerIdMatches) [this.call.match] = data.callerIdMatches;
  }

  // ── the user does ──

  logIn() {
    this.loggedIn = true;
    this.sdk.userLoggedIn();
    this.changed();
  }

  logOut() {
    // Nobody is left to talk to.
    if (this.call) this.hangUp();
    this.loggedIn = false;
    this.available = false;
    this.sdk.userLoggedOut();
    this.changed();
  }

  setAvailable(available) {
    this.available = available;
    if (available) this.sdk.userAvailable();
    else this.sdk.userUnavailable();
    this.changed();
  }

  begin(direction, number) {
    this.ended = null;
    this.call = {
      direction,
      stage: 'ringing',
      number,
      externalCallId: crypto.randomUUID(),
      engagementId: null,
      startedAt: Date.now(),
      match: null,
      awaitsEngagement: Boolean(this.engagementWish().createEngagement),
      saveLater: null,
    };
  }

  dial(number = this.number || CALLER_NUMBER) {
    this.begin('outbound', number);
    this.sdk.outgoingCall(this.outgoingPayload());
    this.changed();
  }

  ring(number = CALLER_NUMBER) {
    this.begin('inbound', number);
    this.sdk.incomingCall(this.incomingPayload());
    this.changed();
  }

  answer() {
    if (this.call) this.call.stage = 'answered';
    this.sdk.callAnswered(this.callName());
    this.changed();
  }

  transfer() {
    this.sdk.callTransferred(this.callName());
    this.call = null;
    this.changed();
  }

  hangUp(callEndStatus = 'COMPLETED') {
    this.sdk.callEnded(this.endedPayload(callEndStatus));
    this.ended = this.call;
    this.call = null;
    this.changed();
  }

  save(notes = '', hideWidget = false) {
    this.sdk.callCompleted(this.completedPayload(notes, hideWidget));
    this.changed();
  }

  // Saves the call once its engagement is known; HubSpot may be slow, but there is a limit.
  saveOnceKnown(notes, hideWidget) {
    const call = this.ended;
    if (!call || !call.awaitsEngagement) {
      this.save(notes, hideWidget);
      return;
    }
    const timer = setTimeout(() => {
      call.saveLater = null;
      this.save(notes, hideWidget);
    }, PATIENCE);
    call.saveLater = () => {
      clearTimeout(timer);
      this.save(notes, hideWidget);
    };
  }

  finalize() {
    this.sdk.finalizeEngagement(this.finalizePayload());
    this.changed();
  }

  openRecord() {
    if (this.call) storage()?.setItem('call', JSON.stringify(this.call));
    this.sdk.navigateToRecord(this.navigatePayload());
  }

  // ── the other end of the line does ──

  remoteAnswers() {
    if (this.call && this.call.direction === 'outbound') this.answer();
  }

  // The person called does not take the call.
  remoteRefuses(callEndStatus) {
    if (this.call && this.call.direction === 'outbound') this.hangUp(callEndStatus);
  }

  // Somebody calls; a busy line takes no second call.
  remoteCalls() {
    if (!this.call && this.loggedIn) this.ring();
  }

  callerGivesUp() {
    if (this.call && this.call.direction === 'inbound') this.hangUp('MISSED');
  }

  // ── what the messages carry ──

  // The call that a message is about: the current one, otherwise the last one.
  subject() {
    return this.call || this.ended || { number: CALLER_NUMBER, engagementId: null, startedAt: Date.now() };
  }

  callName() {
    return this.namesCalls ? { externalCallId: this.subject().externalCallId } : undefined;
  }

  // Before 0.0.10, the widget created the engagement itself.
  engagementWish() {
    return atLeast(this.version, '0.0.10') ? { createEngagement: true } : {};
  }

  outgoingPayload() {
    const { number, startedAt } = this.subject();
    const numbers = this.namesCalls
      ? { toNumber: number, fromNumber: OWN_NUMBER }
      : { phoneNumber: number };
    return { ...this.callName(), ...numbers, callStartTime: startedAt, ...this.engagementWish() };
  }

  incomingPayload() {
    const { number } = this.subject();
    const numbers = atLeast(this.version, '0.3.0')
      ? { fromNumber: number, toNumber: OWN_NUMBER }
      : { phoneNumber: number };
    return { ...this.callName(), ...numbers, ...this.engagementWish() };
  }

  endedPayload(callEndStatus) {
    const { engagementId } = this.subject();
    const payload = { ...this.callName(), callEndStatus };
    if (this.namesCalls && engagementId) payload.engagementId = engagementId;
    return payload;
  }

  completedPayload(notes, hideWidget) {
    const { engagementId, number, startedAt, direction } = this.subject();
    const payload = { ...this.callName(), engagementId, hideWidget };
    if (atLeast(this.version, '0.2.0')) {
      payload.engagementProperties = {
        hs_timestamp: String(startedAt),
        hs_call_title: `Call with ${number}`,
        hs_call_body: notes,
        hs_call_duration: String(Date.now() - startedAt),
        hs_call_status: 'COMPLETED',
        hs_call_direction: direction === 'inbound' ? 'INBOUND' : 'OUTBOUND',
      };
    }
    return payload;
  }

  finalizePayload() {
    return { engagementId: this.subject().engagementId, ...this.callName() };
  }

  navigatePayload() {
    const { match, engagementId } = this.subject();
    const payload = {
      objectCoordinates: match
        ? match.objectCoordinates
        : { portalId: 24021990, objectId: 301, objectTypeId: '0-1' },
    };
    if (engagementId) payload.engagementId = engagementId;
    return payload;
  }
}
