'use strict';

let host;
let Manager;

function open() {
  host = new Manager({
    debugMode: parameters.has('debug'),
    iFrameOptions: {
      src: parameters.get('url'),
      width: '400',
      height: '600',
      hostElementSelector: '#place',
    },
    onMessageHandler: event => told.push(event),
  });
}

const send = (type, data) => host.sendMessage(data === undefined ? { type } : { type, data });

loadSdk().then(({ IFrameManager }) => {
  Manager = IFrameManager;
  open();
});
