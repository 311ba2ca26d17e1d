'use strict';

// The widget's frames in one document, and the messages posted through them.
//
// A message's source is the window whose script posts it, and a widget listens to its parent. So
// this runs in the document that contains the frames: the page itself, or `frame.html`.
globalThis.WidgetFrames = class {
  #container;
  #frames = [];
  #handler = null;

  constructor(container) {
    this.#container = container;
    // In the capture phase, before any other listener of the page.
    addEventListener('message', (event) => this.#hear(event), true);
  }

  /** Calls the handler's `load(frame)` and `message(frame, origin, value)`; `frame` is null for
   * messages from other windows. */
  set handler(handler) {
    this.#handler = handler;
  }

  mount(url, copies, size) {
    this.#container.replaceChildren();
    this.#frames = Array.from({ length: copies }, (_, index) => {
      const frame = document.createElement('iframe');
      // The id that HubSpot's SDK uses.
      frame.id = index === 0
        ? 'hubspot-calling-extension-iframe'
        : `hubspot-calling-extension-iframe-${index + 1}`;
      frame.allow = 'microphone; autoplay; speaker-selection';
      frame.title = 'Calling app';
      frame.addEventListener('load', () => this.#handler?.load(index));
      frame.src = url;
      this.#container.append(frame);
      return frame;
    });
    this.resize(size);
  }

  reload(index) {
    const frame = this.#frames[index];
    if (frame) frame.src = frame.src;
  }

  show(index, url) {
    const frame = this.#frames[index];
    if (frame) frame.src = url;
  }

  resize({ width, height }) {
    for (const frame of this.#frames) {
      frame.style.width = `${width}px`;
      frame.style.height = `${height}px`;
    }
  }

  post(index, message, targetOrigin) {
    this.#frames[index]?.contentWindow?.postMessage(message, targetOrigin);
  }

  #hear({ data, origin, source }) {
    if (source === window) return;
    const index = this.#frames.findIndex((frame) => frame.contentWindow === source);
    this.#handler?.message(index < 0 ? null : index, origin, data);
  }
};
