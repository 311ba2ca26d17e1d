'use strict';

// A page that is not a calling app but behaves like one: an ad, a chat, an attack. Scripts may use
// `window.stranger`. With `?forge=NAME`, it sends messages while it loads.
(() => {
  let count = 0;

  // Posts what a widget would say about itself, marked with `place`, and pretends to answer every
  // SYNC that the host may have created at this moment.
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

  // Adds a frame with another document of this site to this page.
  function frame(url) {
    const iframe = document.createElement('iframe');
    iframe.src = url;
    document.body.append(iframe);
  }

  window.stranger = { forge, frame, get count() { return count; } };

  const place = new URLSearchParams(location.search).get('forge');
  if (place !== null) forge(window.parent, place);
})();
