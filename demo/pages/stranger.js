'use strict';

// A page that is no calling app and speaks like one: an advertisement, a chat, an attack.
// `window.stranger` is what scripts may use. With `?forge=NAME` it speaks while it loads.
(() => {
  let count = 0;

  // Posts what a widget would say of itself, in the name of `place`, and claims to answer every
  // SYNC that the host may have minted in this moment.
  function forge(target, place) {
    const now = Date.now();
    const post = (type, messageId, data) =>
      target.postMessage({ type, messageId, place, data }, '*');
    for (let guess = 0; guess < 20; guess += 1) {
      post('SYNC_ACK', `${now - guess}_${now + guess}`);
    }
    post('INITIALIZED', `${now}_${now}`, { isLoggedIn: true, isAvailable: true });
    post('OUTGOING_CALL_STARTED', `${now}_${now + 1}`, { createEngagement: true });
    count += 23;
  }

  // A document of this site in a frame of its own, in this page.
  function frame(url) {
    const iframe = document.createElement('iframe');
    iframe.src = url;
    document.body.append(iframe);
  }

  window.stranger = { forge, frame, get count() { return count; } };

  const place = new URLSearchParams(location.search).get('forge');
  if (place !== null) forge(window.parent, place);
})();
