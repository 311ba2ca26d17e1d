'use strict';

// The host of the benches: shakes hands with the SDK, then posts to the widget itself.
//
// The SDK stops listening after the handshake, unless its debugMode is being measured: it logs
// every message with `console.debug`, which open DevTools would fetch, and that would count as the
// panel's cost.

const inDebugMode = new URLSearchParams(location.search).has('debug-mode');
const ENGAGEMENT = 18_000_000_000;

const manager = new sdk.IFrameManager({
  iFrameOptions: {
    src: `http://127.0.0.1:${location.port}/widget.html${location.search}`,
    width: '400px',
    height: '650px',
    hostElementSelector: '#widget',
  },
  onMessageHandler({ type }) {
    if (type !== 'INITIALIZED') return;
    if (!inDebugMode) window.removeEventListener('message', manager.messageHandler);
    bench.ready = true;
  },
});

let posted = 0;

// The lengths of messages as JSON, while they are being measured.
let lengths = null;

function post(type, data) {
  posted += 1;
  // Like the SDK's, but never two in the same millisecond.
  const message = { type, data, messageId: `${manager.instanceId}_${manager.instanceId + posted}` };
  if (lengths) lengths.push(JSON.stringify(message).length);
  if (inDebugMode) manager.sendMessage(message);
  else manager.iFrame.contentWindow.postMessage(message, manager.destinationHost);
}

// One outbound call after another, with four messages each; the widget answers all of them.
const TURNS = [
  call => ['DIAL_NUMBER', {
    // A different number each time: to the checker, the same one twice in a moment would be a
    // single click.
    phoneNumber: `+4420794${60000 + (call % 10000)}`,
    ownerId: 70412055,
    subjectId: 301,
    objectId: 301,
    objectType: 'CONTACT',
    portalId: 24021990,
    countryCode: 'GB',
    calleeInfo: { calleeId: 301, calleeObjectTypeId: '0-1' },
    startTimestamp: Date.now(),
    toPhoneNumberSrc: 'phone',
  }],
  call => ['CREATE_ENGAGEMENT_SUCCEEDED', { engagementId: ENGAGEMENT + call }],
  () => ['VISIBILITY_CHANGED', { isMinimized: false, isHidden: false }],
  call => ['UPDATE_ENGAGEMENT_SUCCEEDED', { engagementId: ENGAGEMENT + call }],
];

Object.assign(bench, {
  ready: false,

  isFromOther: ({ source }) => source === manager.iFrame.contentWindow,

  postOne() {
    post('VISIBILITY_CHANGED', { isMinimized: false, isHidden: false });
  },

  // How many milliseconds this many round trips take, one after another.
  roundTrips(count) {
    return new Promise(done => {
      let trips = 0;
      const next = () => post(...TURNS[trips % TURNS.length](Math.floor(trips / TURNS.length)));
      const onAnswer = event => {
        if (!bench.isFromOther(event)) return;
        trips += 1;
        if (trips < count) {
          next();
          return;
        }
        const time = performance.now() - start;
        window.removeEventListener('message', onAnswer);
        done(time);
      };
      window.addEventListener('message', onAnswer);
      const start = performance.now();
      next();
    });
  },

  // The length of a message as JSON, averaged over one call.
  async messageBytes() {
    lengths = [];
    const add = ({ data }) => lengths.push(JSON.stringify(data).length);
    window.addEventListener('message', add);
    await bench.roundTrips(TURNS.length);
    window.removeEventListener('message', add);
    const average = lengths.reduce((sum, it) => sum + it) / lengths.length;
    lengths = null;
    return average;
  },
});
