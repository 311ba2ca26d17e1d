// The places of the widget in HubSpot's page: the documents that contain its frames.

const FEATURES = 'popup,width=420,height=700';
/** How often to check whether the calling window is still open, in milliseconds: closing it fires
 * no event here. */
const LOOK = 500;

/** The widget's frames in a document that opens later and may be reopened: what was last mounted is
 * then mounted in it. */
class LateFrames {
  #frames = null;
  #mounted = null;
  #handler = null;

  set handler(handler) {
    this.#handler = handler;
    if (this.#frames) this.#frames.handler = handler;
  }

  open(frames) {
    this.#frames = frames;
    frames.handler = this.#handler;
    if (this.#mounted) frames.mount(...this.#mounted);
  }

  close() {
    this.#frames = null;
  }

  mount(url, copies, size) {
    this.#mounted = [url, copies, size];
    this.#frames?.mount(url, copies, size);
  }

  resize(size) {
    if (this.#mounted) this.#mounted[2] = size;
    this.#frames?.resize(size);
  }

  reload(...args) { this.#frames?.reload(...args); }
  show(...args) { this.#frames?.show(...args); }
  post(...args) { this.#frames?.post(...args); }
}

/** The widget's frames in two documents, one half in each. */
class SplitFrames {
  #halves;
  /** How many frames each has. */
  #each = 1;

  constructor(...halves) {
    this.#halves = halves;
  }

  set handler(handler) {
    this.#halves.forEach((half, place) => {
      const own = (frame) => frame === null ? null : place * this.#each + frame;
      half.handler = {
        load: (frame) => handler.load(own(frame)),
        message: (frame, ...args) => handler.message(own(frame), ...args),
      };
    });
  }

  #of(frame, todo) {
    const half = this.#halves[Math.floor(frame / this.#each)];
    if (half) todo(half, frame % this.#each);
  }

  mount(url, copies, size) {
    this.#each = copies / this.#halves.length;
    for (const half of this.#halves) half.mount(url, this.#each, size);
  }

  resize(size) {
    for (const half of this.#halves) half.resize(size);
  }

  reload(frame) { this.#of(frame, (half, own) => half.reload(own)); }
  show(frame, url) { this.#of(frame, (half, own) => half.show(own, url)); }
  post(frame, ...args) { this.#of(frame, (half, own) => half.post(own, ...args)); }
}

/** The documents of `frame.html` announce themselves; each has its own frames. */
const announced = [];
globalThis.callscopeFrame = (frameWindow) => {
  for (const take of announced) take(frameWindow);
};

/** The widget floats above the record: its frames are in this document. */
function floating() {
  return new WidgetFrames(document.getElementById('widget-frame'));
}

/** The widget is in the navigation bar: in a frame of this page, which contains the widget's
 * frame. */
function inNavigationBar() {
  const frames = new LateFrames();
  announced.push((it) => { if (it.parent !== it) frames.open(it.widgetFrames); });
  const frame = document.createElement('iframe');
  frame.className = 'own-frame';
  frame.title = 'Calling app in the navigation bar';
  frame.allow = 'microphone; autoplay; speaker-selection';
  frame.src = 'frame.html';
  document.getElementById('remote').replaceChildren(frame);
  return frames;
}

/**
 * The widget is in a window of its own.
 *
 * `lacks` is called if there is no window, with a function that a click may call to open it, and
 * with null once there is one. `closed` is called when the user has closed the window.
 */
function inWindow({ lacks, closed }) {
  const frames = new LateFrames();
  announced.push((it) => { if (it.parent === it) frames.open(it.widgetFrames); });
  const open = () => {
    const opened = window.open('frame.html', 'callscope-calling-window', FEATURES);
    lacks(opened ? null : open, 'blocked');
    if (!opened) return;
    const timer = setInterval(() => {
      if (!opened.closed) return;
      clearInterval(timer);
      frames.close();
      lacks(open, 'closed');
      closed();
    }, LOOK);
  };
  open();
  return frames;
}

/** The frames of a place; for `ofWindow`, see `inWindow`. */
export function framesAt(place, ofWindow) {
  switch (place) {
    case 'remote': return inNavigationBar();
    case 'window': return inWindow(ofWindow);
    case 'both': return new SplitFrames(inNavigationBar(), inWindow(ofWindow));
    default: return floating();
  }
}
