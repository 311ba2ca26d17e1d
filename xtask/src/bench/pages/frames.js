'use strict';

// A page with frames of other sites that never speak the protocol, but do post something.

const parameters = new URLSearchParams(location.search);
const frames = Number(parameters.get('frames'));
const sites = Number(parameters.get('sites'));

globalThis.bench = {
  // How many frames have loaded, and when the last one did, in milliseconds since the navigation.
  loaded: 0,
  loadedAt: 0,
  // For each frame, the milliseconds from its navigation to its first script.
  firstScripts: [],

  addFrames() {
    for (let n = 0; n < frames; n += 1) {
      const frame = document.createElement('iframe');
      frame.src = `http://f${n}.callscope-${n % sites}.test:${location.port}/frame.html`;
      frame.onload = () => {
        bench.loaded += 1;
        bench.loadedAt = performance.now();
      };
      document.body.append(frame);
    }
  },
};

window.addEventListener('message', ({ data, source }) => {
  if (data.event === 'started') bench.firstScripts.push(data.firstScript);
  source.postMessage({ from: 'page', event: 'noted', what: data.event }, '*');
});
