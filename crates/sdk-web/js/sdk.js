// What @hubspot/calling-extensions-sdk exports, around the two ends that are Rust.
//
// Here are only names: classes with the original's methods and members. What is sent, taken and
// refused is decided in `crates/sdk`; `catalogue.js` is made from `crates/protocol`.

import { HostEnd, WidgetEnd, handlersOf } from './callscope_sdk_web_bg.js';
import * as Constants from './constants.js';
import { IFRAME_ALLOW, IFRAME_ID, METHODS, OWN_VERSION } from './catalogue.js';

const prefix = `[callscope-sdk@${OWN_VERSION}]`;

// The window's listener is all that keeps an end alive while the application holds on to nothing.
const alive = new Set();

/** One end: HubSpot's if there are `iFrameOptions`, else the softphone's. */
class IFrameManager {
  constructor(options) {
    const { iFrameOptions, onMessageHandler, debugMode } = options;
    if (!onMessageHandler) {
      throw new Error('Invalid options: onMessageHandler is not defined');
    }
    this.options = options;
    this.onMessageHandler = onMessageHandler;
    this.isIFrameHost = !!iFrameOptions;
    this.debugMode = debugMode;
    this.iFrame = null;
    const tell = (word, about, posted) => this.tell(word, about, posted);
    if (this.isIFrameHost) {
      const { syncFields, hideHostUrl } = options;
      this.iFrame = IFrameManager.makeIFrame(iFrameOptions);
      this.end = new HostEnd(window, this.iFrame, !!debugMode, !!hideHostUrl, syncFields, tell);
      IFrameManager.show(this.iFrame, iFrameOptions);
    } else {
      this.end = new WidgetEnd(window, debugMode ?? undefined, options.allowedHosts ?? [], tell);
    }
    alive.add(this);
  }

  get isReady() {
    return this.end.isReady();
  }

  get destinationHost() {
    return this.end.destination() ?? IFrameManager.getDestinationHost();
  }

  get destinationWindow() {
    return this.iFrame ? this.iFrame.contentWindow : window.parent;
  }

  /** What an end tells becomes what the original tells. */
  tell(word, about, posted) {
    if (word === 'message') {
      this.onMessageHandler(about);
    } else if (word === 'ready') {
      this.onMessageHandler({ type: 'READY', data: about, message: posted });
    } else if (word === 'failed') {
      this.onMessageHandler({ type: 'SYNC_ACK_FAILED', reason: about });
    } else if (word === 'ignored' && this.options.onIgnored) {
      const [type, origin, reason] = about;
      this.options.onIgnored({ type, origin, reason });
    }
  }

  /** Whether it was sent, or waits for the handshake; if not, the console says why. */
  sendMessage(message) {
    return this.end.send(message);
  }

  /** Shows another page in the iframe. */
  navigate(url) {
    this.end.navigate(url);
  }

  /** What the next SYNC has beside `type`. */
  setSyncFields(fields) {
    this.end.setSyncFields(fields);
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
    this.end.remove();
    alive.delete(this);
    if (this.iFrame) {
      this.iFrame.remove();
      this.iFrame = null;
    }
  }

  logDebugMessage(...args) {
    if (this.debugMode) {
      console.log(args);
    }
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
    const iFrame = IFrameManager.makeIFrame(iFrameOptions);
    iFrame.onload = onLoad;
    iFrame.onerror = onError;
    IFrameManager.show(iFrame, iFrameOptions);
    return iFrame;
  }

  static makeIFrame({ src, width, height, hostElementSelector, allow }) {
    if (!src || !width || !height || !hostElementSelector) {
      throw new Error(
        'iFrameOptions is missing one of the required properties - {src, width, height, hostElementSelector}.',
      );
    }
    const iFrame = document.createElement('iframe');
    iFrame.src = src;
    iFrame.width = width;
    iFrame.height = height;
    iFrame.allow = allow ?? IFRAME_ALLOW;
    iFrame.id = IFRAME_ID;
    return iFrame;
  }

  static show(iFrame, { hostElementSelector }) {
    IFrameManager.getHostElement(hostElementSelector).replaceChildren(iFrame);
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
    for (const names of handlersOf(event.type)) {
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
  const method = takesData
    ? function send(data) { return this.sendMessage({ type, data }); }
    : function send() { return this.sendMessage({ type }); };
  Object.defineProperty(CallingExtensions.prototype, name, {
    value: method, configurable: true, writable: true,
  });
}

export default CallingExtensions;
export { Constants, IFrameManager };
