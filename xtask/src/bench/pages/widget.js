'use strict';

// The widget of the benches: shakes hands with the SDK, then answers each message itself. Like the
// host, it only lets the SDK go on listening if its debugMode is being measured.

const inDebugMode = new URLSearchParams(location.search).has('debug-mode');

const extensions = new sdk.default({
  debugMode: inDebugMode,
  eventHandlers: {
    onReady() {
      const { iFrameManager } = extensions;
      extensions.initialized({ isLoggedIn: true, isAvailable: true });
      if (!inDebugMode) window.removeEventListener('message', iFrameManager.messageHandler);
      window.addEventListener('message', onMessage);
    },
    defaultEventHandler() {},
  },
});

let posted = 0;

function post(type, data) {
  const { iFrameManager } = extensions;
  const { instanceId } = iFrameManager;
  posted += 1;
  // Like the SDK's, but never two in the same millisecond.
  const message = { type, data, messageId: `${instanceId}_${instanceId + posted}` };
  if (inDebugMode) iFrameManager.sendMessage(message);
  else window.parent.postMessage(message, iFrameManager.destinationHost);
}

let number = null;
let externalCallId = null;
let engagementId = null;
let startTime = 0;

const ANSWERS = {
  DIAL_NUMBER({ phoneNumber }) {
    number = phoneNumber;
    externalCallId = crypto.randomUUID();
    startTime = Date.now();
    return ['OUTGOING_CALL_STARTED', {
      externalCallId,
      toNumber: number,
      fromNumber: '+16175550142',
      callStartTime: startTime,
      createEngagement: true,
    }];
  },
  CREATE_ENGAGEMENT_SUCCEEDED(created) {
    ({ engagementId } = created);
    return ['CALL_ENDED', { externalCallId, callEndStatus: 'COMPLETED', engagementId }];
  },
  VISIBILITY_CHANGED: () => ['CALL_COMPLETED', {
    externalCallId,
    engagementId,
    hideWidget: false,
    engagementProperties: {
      hs_timestamp: String(startTime),
      hs_call_title: `Call with ${number}`,
      hs_call_body: 'Wants an offer for two hundred frames by the end of the month; call again on '
        + 'Tuesday after ten, and ask for the delivery times of the last order.',
      hs_call_duration: '400',
      hs_call_status: 'COMPLETED',
    },
  }],
  UPDATE_ENGAGEMENT_SUCCEEDED: () => ['RESIZE_WIDGET', { width: 400, height: 650 }],
};

function onMessage({ data, source }) {
  if (!bench.answers || source !== window.parent || !Object.hasOwn(ANSWERS, data.type)) return;
  post(...ANSWERS[data.type](data.data));
}

Object.assign(bench, {
  // Whether it answers the host's messages, or only receives them.
  answers: true,

  isFromOther: ({ source }) => source === window.parent,

  postOne() {
    post('RESIZE_WIDGET', { width: 400, height: 650 });
  },
});
