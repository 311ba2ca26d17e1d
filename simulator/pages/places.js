// The places of the widget in HubSpot's page: the documents that contain its frames.

const FEATURES = 'popup,width=420,height=700';
/** How often to check whether the calling window is still open, in milliseconds: closing it fires
 * no event here. */
const LOOK = 500;

/** The door of a document that opens later and may be reopened: what was last mounted is then
 * mounted in it. */
class LateDoor {
  #door = null;
  #mounted = null;
  #handler = null;

  set handler(handler) {
    this.#handler = handler;
    if (this.#door) this.#door.handler = handler;
  }

  open(door) {
    this.#door = door;
    door.handler = this.#handler;
    if (this.#mounted) door.mount(...this.#mounted);
  }

  close() {
    this.#door = null;
  }

  mount(url, copies, size) {
    this.#mounted = [url, copies, size];
    this.#door?.mount(url, copies, size);
  }

  resize(size) {
    if (this.#mounted) this.#mounted[2] = size;
    this.#door?.resize(size);
  }

  reload(...args) { this.#door?.reload(...args); }
  show(...args) { this.#door?.show(...args); }
  post(...args) { this.#door?.post(...args); }
}

/** Two doors, each with one half of the frames. */
class TwoDoors {
  #doors;
  /** How many frames each has. */
  #each = 1;

  constructor(...doors) {
    this.#doors = doors;
  }

  set handler(handler) {
    this.#doors.forEach((door, place) => {
      const own = (frame) => frame === null ? null : place * this.#each + frame;
      door.handler = {
        load: (frame) => handler.load(own(frame)),
        message: (frame, ...args) => handler.message(own(frame), ...args),
      };
    });
  }

  #of(frame, todo) {
    const door = this.#doors[Math.floor(frame / this.#each)];
    if (door) todo(door, frame % this.#each);
  }

  mount(url, copies, size) {
    this.#each = copies / this.#doors.length;
    for (const door of this.#doors) door.mount(url, this.#each, size);
  }

  resize(size) {
    for (const door of this.#doors) door.resize(size);
  }

  reload(frame) { this.#of(frame, (door, own) => door.reload(own)); }
  show(frame, url) { this.#of(frame, (door, own) => door.show(own, url)); }
  post(frame, ...args) { this.#of(frame, (door, own) => door.post(own, ...args)); }
}

/** The documents of `frame.html` announce themselves; each belongs to a door. */
const announced = [];
globalThis.callscopeFrame = (frameWindow) => {
  for (const take of announced) take(frameWindow);
};

/** The widget floats above the record: its frames are in this document. */
function floating() {
  return new Door(document.getElementById('widget-frame'));
}

/** The widget is in the navigation bar: in a frame of this page, which contains the widget's
 * frame. */
function inNavigationBar() {
  const door = new LateDoor();
  announced.push((it) => { if (it.parent !== it) door.open(it.door); });
  const frame = document.createElement('iframe');
  frame.className = 'own-frame';
  frame.title = 'Calling app in the navigation bar';
  frame.allow = 'microphone; autoplay; speaker-selection';
  frame.src = 'frame.html';
  document.getElementById('remote').replaceChildren(frame);
  return door;
}

/**
 * The widget is in a window of its own.
 *
 * `lacks` is called if there is no window, with a function that a click may call to open it, and
 * with null once there is one. `closed` is called when the user has closed the window.
 */
function inWindow({ lacks, closed }) {
  const door = new LateDoor();
  announced.push((it) => { if (it.parent === it) door.open(it.door); });
  const open = () => {
    const opened = window.open('frame.html', 'callscope-calling-window', FEATURES);
    lacks(opened ? null : open, 'blocked');
    if (!opened) return;
    const timer = setInterval(() => {
      if (!opened.closed) return;
      clearInterval(timer);
      door.close();
      lacks(open, 'closed');
      closed();
    }, LOOK);
  };
  open();
  return door;
}

/** The door of a place; for `ofWindow`, see `inWindow`. */
export function doorAt(place, ofWindow) {
  switch (place) {
    case 'remote': return inNavigationBar();
    case 'window': return inWindow(ofWindow);
    case 'both': return new TwoDoors(inNavigationBar(), inWindow(ofWindow));
    default: return floating();
  }
}
