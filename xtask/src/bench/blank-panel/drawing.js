'use strict';

// While `drawing` is on, fills a canvas as large as the panel with a different color ten times a
// second, using WebGL: the least that any panel with changing contents does.

const canvas = document.querySelector('canvas');
canvas.width = innerWidth * devicePixelRatio;
canvas.height = innerHeight * devicePixelRatio;
const gl = canvas.getContext('webgl2', { antialias: false, depth: false });

let drawn = 0;
let timer = 0;

function draw() {
  drawn += 1;
  gl.clearColor((drawn % 16) / 16, 0, 0, 1);
  gl.clear(gl.COLOR_BUFFER_BIT);
}

// Switches drawing on or off; returns how many times it has drawn.
globalThis.drawing = isOn => {
  clearInterval(timer);
  if (isOn) timer = setInterval(() => requestAnimationFrame(draw), 100);
  return drawn;
};
