// What @hubspot/calling-extensions-sdk exports, around the two ends that are Rust.
//
// Here an end gets its window, its timer and the original's names. What is sent, taken and refused
// is decided in `crates/sdk`; `catalogue.js` is made from `crates/protocol`.

import {
  ask, hear, host, poll, send, tell, widget,
} from './callscope_sdk_web_bg.js';
import * as Constants from './constants.js';
import {
  FAILURE_HANDLERS, HANDLERS, IFRAME_ALLOW, IFRAME_ID, METHODS, OWN_VERSION,
} from './catalogue.js';

const prefix = `[callscope-sdk@${OWN_VERSION}]`;

// As in `src/end.rs`.
const [TIMEOUT, POST, READY, MESSAGE, FAILED, IGNORED, LOG] = [0, 1, 2, 3, 4, 5, 6];
const [TIME, LOADED, NOT_LOADED, MOVES, FIELDS, REMOVED] = [0, 1, 2, 3, 4, 5];
const [IS_READY, HAS_OUTPUT, PEER] = [0, 1, 2];

// A mark on the window that all copies of this script share.
const MARK = Symbol.for('callscope-sdk widget');

/** One end: HubSpot's if there are `iFrameOptions`, else the softphone's. */
class IFrameManager {
  #end;

  #isBusy = false;

  #timer;

  #hasWarned = false;

  #hear = event => {
    hear(this.#end, event, event.source === this.#peer);
    this.#carryOut();
  };

  constructor(options) {
    const { iFrameOptions, onMessageHandler, debugMode, syncFields, hideHostUrl } = options;
    if (!onMessageHandler) {
      throw new Error('Invalid options: onMessageHandler is not defined');
    }
    this.options = options;
    this.onMessageHandler = onMessageHandler;
    this.isIFrameHost = !!iFrameOptions;
    this.debugMode = debugMode;
    this.iFrame = null;
    const { origin } = window.location;
    if (this.isIFrameHost) {
      const load = what => {
        if (this.iFrame) this.#tell(what);
      };
      // An application may have its own in this place, as with the original.
      this.iFrame = IFrameManager.createIFrame(
        iFrameOptions,
        () => load(LOADED),
        () => load(NOT_LOADED),
      );
      this.#end = host({
        origin,
        url: iFrameOptions.src,
        debugMode: !!debugMode,
        hidesOrigin: !!hideHostUrl,
        fields: syncFields ?? undefined,
      });
      window.addEventListener('message', this.#hear);
    } else {
      if (window[MARK]) {
        throw new Error(
          'This page has a CallingExtensions object already, and two would both answer HubSpot. '
          + 'Keep the first one, or call its remove().',
        );
      }
      const hosts = (options.allowedHosts ?? []).map(it => `${it}\n`).join('');
      this.#end = widget({
        origin, isFramed: window.parent !== window, debugMode: debugMode ?? undefined, hosts,
      });
      window[MARK] = true;
      window.addEventListener('message', this.#hear);
    }
  }

  #tell(what, value) {
    tell(this.#end, what, value);
    this.#carryOut();
  }

  // Called from within a handler it does what is there, so that whoever sends learns at once what
  // is wrong with it, and leaves the rest to the call further up. What is thrown on the way is
  // thrown when all is done.
  #carryOut() {
    const isInner = this.#isBusy;
    this.#isBusy = true;
    let thrown;
    while (!isInner || ask(this.#end, HAS_OUTPUT)) {
      const [kind, first, second, third] = poll(this.#end);
      if (kind === TIMEOUT) {
        window.clearTimeout(this.#timer);
        if (first !== undefined) {
          const left = first - performance.timeOrigin - performance.now();
          // Rounded up: a timer that fires a little early would have to be set again.
          this.#timer = window.setTimeout(() => this.#tell(TIME), Math.ceil(left));
        }
        break;
      }
      try {
        this.#do(kind, first, second, third);
      } catch (error) {
        thrown ??= { error };
      }
    }
    this.#isBusy = isInner;
    if (thrown) throw thrown.error;
  }

  #do(kind, first, second, third) {
    if (kind === POST) {
      this.destinationWindow?.postMessage(second, first);
    } else if (kind === READY) {
      this.onMessageHandler({ type: 'READY', data: first ?? {}, message: second });
    } else if (kind === MESSAGE) {
      this.onMessageHandler(first);
    } else if (kind === FAILED) {
      this.onMessageHandler({ type: 'SYNC_ACK_FAILED', reason: first });
    } else if (kind === LOG) {
      console.log([prefix, first, second, third]);
    } else if (kind === IGNORED) {
      this.#tellIgnored(first, second, third);
    }
  }

  #tellIgnored(type, origin, reason) {
    this.options.onIgnored?.({ type, origin, reason });
    // Whoever waits for READY in vain has to learn why, once.
    const isRefusedHost = type === 'SYNC' && !this.isIFrameHost && !this.isReady;
    if (isRefusedHost && !this.#hasWarned) {
      this.#hasWarned = true;
      console.warn(prefix, `SYNC of ${origin} is not answered: ${reason} (option allowedHosts)`);
    }
  }

  get isReady() {
    return ask(this.#end, IS_READY);
  }

  get #peer() {
    return this.isIFrameHost ? this.iFrame?.contentWindow : window.parent;
  }

  /** Where messages are posted; a page may put something else into this place that passes them on. */
  get destinationWindow() {
    return this.#peer;
  }

  get destinationHost() {
    return ask(this.#end, PEER) ?? IFrameManager.getDestinationHost();
  }

  /** Whether it was sent, or waits for the handshake; if not, the console says why. */
  sendMessage(message) {
    const refusal = send(this.#end, message);
    if (refusal !== undefined) {
      // Without its payload: there are phone numbers in it.
      console.warn(prefix, `${message?.type} is not sent: ${refusal}`);
      return false;
    }
    this.#carryOut();
    return true;
  }

  /** HubSpot's end: shows another page in the iframe. */
  navigate(url) {
    this.#tell(MOVES, url);
    this.iFrame.src = url;
  }

  /** HubSpot's end: what the next SYNC has beside `type`. */
  setSyncFields(fields) {
    this.#tell(FIELDS, fields ?? undefined);
  }

  updateIFrameSize({ width, height }) {
    if (this.iFrame && width) {
      this.iFrame.setAttribute('width', IFrameManager.formatSize(width));
    }
    if (this.iFrame && height) {
      this.iFrame.setAttribute('height', IFrameManager.formatSize(height));
    }
  }

  remove() {
    window.removeEventListener('message', this.#hear);
    window.clearTimeout(this.#timer);
    tell(this.#end, REMOVED);
    if (this.isIFrameHost) {
      this.iFrame?.remove();
      this.iFrame = null;
    } else {
      delete window[MARK];
    }
  }

  logDebugMessage(...args) {
    if (this.debugMode) console.log(args);
  }

  static createMessageId(instanceId) {
    return `${instanceId}_${Date.now()}`;
  }

  static getHostElement(hostElementSelector) {
    const hostElement = document.querySelector(hostElementSelector);
    if (!hostElement) {
      throw new Error(`hostElement not found. Selector - ${hostElementSelector}`);
    }
    return hostElement;
  }

  static extractHostFromUrl(url) {
    const { protocol, host } = new URL(url, window.location.href);
    return `${protocol}//${host}`;
  }

  static getDestinationHost(iFrameOptions) {
    return IFrameManager.extractHostFromUrl(iFrameOptions ? iFrameOptions.src : document.referrer);
  }

  static formatSize(size) {
    return typeof size === 'number' ? `${size}px` : size;
  }

  static createIFrame(iFrameOptions, onLoad, onError) {
    const { src, width, height, hostElementSelector, allow } = iFrameOptions;
    if (!src || !width || !height || !hostElementSelector) {
      throw new Error(
        'iFrameOptions is missing one of the required properties - {src, width, height, hostElementSelector}.',
      );
    }
    const hostElement = IFrameManager.getHostElement(hostElementSelector);
    const frame = Object.assign(document.createElement('iframe'), {
      src,
      width,
      height,
      allow: allow ?? IFRAME_ALLOW,
      id: IFRAME_ID,
      onload: onLoad,
      onerror: onError,
    });
    hostElement.replaceChildren(frame);
    return frame;
  }
}

/** A call that knows what may come next, and puts its ids into each of its messages. */
class Call {
  #sdk;

  state = 'new';

  /** As HubSpot tells it in CREATE_ENGAGEMENT_SUCCEEDED, for the messages that name it. */
  engagementId;

  static start(sdk, type, data) {
    const call = new Call();
    call.#sdk = sdk;
    // Not `randomUUID`: a page without TLS has none.
    call.externalCallId = data?.externalCallId
      ?? crypto.getRandomValues(new Uint32Array(4)).join('-');
    return call.#step('new', type, 'ringing', data);
  }

  /** This call in its next state; `undefined` if the message is not sent, and the console says why. */
  #step(from, type, state, data, namesEngagement) {
    if (!from.includes(this.state)) {
      console.warn(prefix, `${type} is not sent: the call is ${this.state}`);
      return undefined;
    }
    const { externalCallId, engagementId } = this;
    const all = { ...data, externalCallId };
    if (namesEngagement && engagementId !== undefined) all.engagementId = engagementId;
    if (!this.#sdk.sendMessage({ type, data: all })) return undefined;
    this.state = state;
    return this;
  }

  answered(data) {
    return this.#step('ringing', 'CALL_ANSWERED', 'answered', data);
  }

  ended(data) {
    return this.#step('ringing answered', 'CALL_ENDED', 'ended', data, true);
  }

  transferred(data) {
    return this.#step('ringing answered', 'CALL_TRANSFERRED', 'transferred', data);
  }

  completed(data) {
    return this.#step('ended', 'CALL_COMPLETED', 'completed', data, true);
  }

  finalizeEngagement(data) {
    return this.#step('completed', 'FINALIZE_ENGAGEMENT', 'completed', data, true);
  }
}

/** The softphone's end by the names of HubSpot's documents. */
class CallingExtensions {
  constructor(options) {
    if (!options || !options.eventHandlers) {
      throw new Error('Invalid options or missing eventHandlers.');
    }
    this.options = options;
    this.iFrameManager = new IFrameManager({
      ...options,
      onMessageHandler: event => this.onMessageHandler(event),
    });
  }

  sendMessage(message) {
    return this.iFrameManager.sendMessage(message);
  }

  /** The user calls: a Call, or `undefined` if it cannot be sent. */
  startOutgoingCall(data) {
    return Call.start(this, 'OUTGOING_CALL_STARTED', data);
  }

  /** Somebody calls. */
  startIncomingCall(data) {
    return Call.start(this, 'INCOMING_CALL', data);
  }

  /** Stops; after this the page may make another. */
  remove() {
    this.iFrameManager.remove();
  }

  logDebugMessage({ message, type = Constants.debugMessageType.GENERIC_MESSAGE }) {
    this.iFrameManager.logDebugMessage(prefix, type, message);
  }

  onMessageHandler(event) {
    const { eventHandlers } = this.options;
    let isTaken = false;
    // Not `in`: a type may be called `toString`.
    const named = Object.hasOwn(HANDLERS, event.type) ? HANDLERS[event.type] : [];
    const failed = String(event.type).endsWith('_FAILED') ? FAILURE_HANDLERS : [];
    for (const names of [failed, [...named, 'defaultEventHandler']]) {
      const name = names.find(it => eventHandlers[it]);
      if (name) {
        isTaken = true;
        eventHandlers[name](event.data, event);
      }
    }
    if (!isTaken) {
      console.error(`No event handler is available to handle message of type: ${event.type}`);
    }
  }
}

for (const [name, type, takesData] of METHODS) {
  Object.defineProperty(CallingExtensions.prototype, name, {
    value: takesData
      ? function send(data) { return this.sendMessage({ type, data }); }
      : function send() { return this.sendMessage({ type }); },
    configurable: true,
    writable: true,
  });
}

export default CallingExtensions;
export { Constants, IFrameManager };
