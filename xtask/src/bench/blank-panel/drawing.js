'use strict';

// While `drawing` is on, fills a canvas as large as the panel with another color ten times a second,
// by WebGL: the least that a panel does whose contents change, whatever they are.

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

// Switches it on or off; returns how often it has drawn.
globalThis.drawing = isOn => {
  clearInterval(timer);
  if (isOn) timer = setInterval(() => requestAnimationFrame(draw), 100);
  return drawn;
};
