'use strict';

// Host or widget, depending on the address: `?sdk=…&widget=URL` is a host. A round trip is a
// message from the host, through a handler of the widget, and the widget's message back.
const parameters = new URLSearchParams(location.search);
const bench = {};

function loadSdk() {
  return new Promise((resolve, reject) => {
    window.exports = {};
    window.module = { exports: window.exports };
    const script = document.createElement('script');
    script.src = `/sdk/${parameters.get('sdk')}.js`;
    script.onerror = () => reject(new Error(`there is no ${script.src}`));
    script.onload = () => resolve(window.module.exports);
    document.head.append(script);
  });
}

const DIAL = {
  phoneNumber: '+442079460123',
  ownerId: 70412055,
  subjectId: 301,
  objectId: 301,
  objectType: 'CONTACT',
  portalId: 24021990,
  countryCode: 'GB',
  calleeInfo: { calleeId: 301, calleeObjectTypeId: '0-1' },
  startTimestamp: 1764147000000,
  toPhoneNumberSrc: 'phone',
};

function playHost({ IFrameManager }) {
  let left = 0;
  let done;
  const next = () => host.sendMessage({ type: 'DIAL_NUMBER', data: DIAL });
  const host = new IFrameManager({
    debugMode: false,
    iFrameOptions: {
      src: parameters.get('widget'), width: '400', height: '600', hostElementSelector: '#place',
    },
    onMessageHandler({ type }) {
      if (type === 'INITIALIZED') bench.isReady = true;
      if (type !== 'CALL_ANSWERED') return;
      left -= 1;
      if (left > 0) next();
      else done();
    },
  });
  bench.roundTrips = count => new Promise(resolve => {
    left = count;
    const from = performance.now();
    done = () => resolve(performance.now() - from);
    next();
  });
}

function playWidget({ default: CallingExtensions }) {
  const extension = new CallingExtensions({
    debugMode: false,
    eventHandlers: {
      onReady: () => extension.initialized({ isLoggedIn: true }),
      onDialNumber: ({ phoneNumber }) => extension.callAnswered({ externalCallId: phoneNumber }),
    },
  });
}

loadSdk().then(parameters.has('widget') ? playHost : playWidget);
