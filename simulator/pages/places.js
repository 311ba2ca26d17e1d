// The place of the widget in HubSpot's page: the document that contains its frames.

const FEATURES = 'popup,width=420,height=700';

/** The door of a document that opens later; calls made before are carried out when it opens. */
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

/** The widget floats above the record: its frames are in this document. */
export function floating() {
  return new Door(document.getElementById('widget-frame'));
}

/** The widget is in the navigation bar: in a frame of this page, which contains the widget's
 * frame. */
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
 * The widget is in a separate window. `blocked` is called if the browser does not open it, with a
 * function that tries again: after a click, it may.
 */
export function inWindow(blocked) {
  const door = new LateDoor();
  globalThis.callscopeFrame = (frameWindow) => door.open(frameWindow.door);
  const open = () => {
    const opened = window.open('frame.html', 'callscope-calling-window', FEATURES);
    blocked(opened ? null : open);
  };
  open();
  return door;
}
