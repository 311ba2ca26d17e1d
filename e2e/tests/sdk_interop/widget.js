'use strict';

let extension;

function start({ default: CallingExtensions }) {
  extension = new CallingExtensions({
    debugMode: parameters.has('debug'),
    eventHandlers: {
      onReady(data) {
        told.push({ type: 'READY', data });
        extension.initialized({ isLoggedIn: true, sizeInfo: { width: 400, height: 600 } });
      },
      defaultEventHandler(data, event) {
        told.push(event);
      },
    },
  });
}

let sdk;
loadSdk().then(loaded => {
  sdk = loaded;
  if (!parameters.has('silent')) start(sdk);
});
