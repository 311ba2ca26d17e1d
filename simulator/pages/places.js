// Where in HubSpot's page the widget is: the document that has its frames.

const FEATURES = 'popup,width=420,height=700';

/** The door of a document that opens later, or again; what it is told until then it is told at once
 * when it opens. */
class LateDoor {
  #door = null;
  #waiting = [];
  #handler = null;

  set handler(handler) {
    this.#handler = handler;
    if (this.#door) this.#door.handler = handler;
  }

  open(door) {
    this.#door = door;
    door.handler = this.#handler;
    for (const todo of this.#waiting.splice(0)) todo(door);
  }

  close() {
    this.#door = null;
  }

  get isOpen() {
    return this.#door !== null;
  }

  #tell(todo) {
    if (this.#door) todo(this.#door);
    else this.#waiting.push(todo);
  }

  mount(...args) { this.#tell((door) => door.mount(...args)); }
  unmount() { this.#tell((door) => door.unmount()); }
  reload(...args) { this.#tell((door) => door.reload(...args)); }
  show(...args) { this.#tell((door) => door.show(...args)); }
  resize(...args) { this.#tell((door) => door.resize(...args)); }
  post(...args) { this.#tell((door) => door.post(...args)); }
}

/** The widget floats over the record: its frames are in this document. */
export function floating() {
  return new Door(document.getElementById('widget-frame'));
}

/** The widget is in the navigation bar: a frame of this page's own, with the widget's in it. */
export function inNavigationBar() {
  const door = new LateDoor();
  globalThis.callscopeFrame = (frameWindow) => door.open(frameWindow.door);
  const frame = document.createElement('iframe');
  frame.className = 'own-frame';
  frame.title = 'Calling app in the navigation bar';
  frame.allow = 'microphone; autoplay; speaker-selection';
  frame.src = 'frame.html';
  document.getElementById('remote').replaceChildren(frame);
  return door;
}

/**
 * The widget is in a window of its own. `missing` is told when there is none, because the browser
 * opened none or the user closed it, with a function that opens one; a click may do that. It is told
 * null once there is one. `closed` is told when the widget in the window is gone.
 */
export function inWindow(missing, closed) {
  const door = new LateDoor();
  const open = () => {
    const opened = window.open('frame.html', 'callscope-calling-window', FEATURES);
    missing(opened ? null : open);
  };
  globalThis.callscopeFrame = (frameWindow) => {
    door.open(frameWindow.door);
    // Closed by its user, or loaded again: in either case the widget in it is gone.
    frameWindow.addEventListener('pagehide', () => {
      door.close();
      closed();
      // Which of the two is known a moment later.
      const look = () => {
        if (door.isOpen) return;
        if (frameWindow.closed) missing(open);
        else setTimeout(look, 100);
      };
      setTimeout(look);
    });
  };
  open();
  return door;
}
