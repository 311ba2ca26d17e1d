// Compares what the panel has painted of a text with how the browser draws it.

// The panel's canvas right after painting: a moment later, its pixels are gone.
globalThis.painted = () => new Promise(resolve => {
  const canvas = document.getElementById('callscope');
  const prototype = WebGL2RenderingContext.prototype;
  const { drawElements } = prototype;
  let isPainting = false;
  prototype.drawElements = function (...parts) {
    drawElements.apply(this, parts);
    if (isPainting) return;
    isPainting = true;
    queueMicrotask(() => {
      prototype.drawElements = drawElements;
      const copy = document.createElement('canvas');
      copy.width = canvas.width;
      copy.height = canvas.height;
      const context = copy.getContext('2d', { willReadFrequently: true });
      context.drawImage(canvas, 0, 0);
      resolve(context);
    });
  };
  // Triggers a repaint.
  callscopePanel.perform(JSON.stringify({ do: 'show-view', view: 'timeline' }));
});

// How much ink each column of pixels has, slightly blurred: the exact position of a letter between
// two pixels does not matter.
globalThis.inkOf = (context, x, y, width, height) => {
  const { data } = context.getImageData(x, y, width, height);
  const ground = [data[0], data[1], data[2]];
  const columns = new Array(width).fill(0);
  for (let at = 0; at < data.length; at += 4) {
    const ink = ground.reduce((sum, it, index) => sum + Math.abs(it - data[at + index]), 0);
    columns[(at / 4) % width] += ink;
  }
  const near = [-2, -1, 0, 1, 2];
  return columns.map((_, index) => near.reduce((sum, by) => sum + (columns[index + by] ?? 0), 0));
};

// How similar a pattern is to a row, at the place where it fits best.
globalThis.likeness = (row, pattern) => {
  const size = values => Math.sqrt(values.reduce((sum, it) => sum + it * it, 0));
  let best = 0;
  for (let start = 0; start + pattern.length <= row.length; start += 1) {
    const part = row.slice(start, start + pattern.length);
    const product = part.reduce((sum, it, index) => sum + it * pattern[index], 0);
    best = Math.max(best, product / (size(part) * size(pattern) || 1));
  }
  return best;
};

// How similar the row with this text is to each of the texts as the browser draws them.
globalThis.compare = async (text, drawings) => {
  const context = await painted();
  const rows = [...document.querySelectorAll('#callscope-widgets [role=row]')];
  const box = rows.find(it => it.ariaLabel.includes(text)).getBoundingClientRect();
  const scale = devicePixelRatio;
  const sides = [box.x, box.y, box.width, box.height];
  const [x, y, width, height] = sides.map(it => Math.round(it * scale));
  // Without the thin lines between rows.
  const row = inkOf(context, x, y + 2, width, height - 4);
  const result = {};
  for (const [name, drawing] of Object.entries(drawings)) {
    const canvas = new OffscreenCanvas(width, height);
    const drawn = canvas.getContext('2d');
    const font = `${12 * scale}px system-ui, sans-serif`;
    drawn.font = font;
    const length = Math.ceil(drawn.measureText(drawing).width);
    canvas.width = length + 8;
    drawn.fillStyle = 'white';
    drawn.fillRect(0, 0, canvas.width, height);
    drawn.font = font;
    drawn.fillStyle = 'black';
    drawn.fillText(drawing, 4, Math.round(height * 0.7));
    result[name] = likeness(row, inkOf(drawn, 0, 0, canvas.width, height));
  }
  return result;
};
void 0;
