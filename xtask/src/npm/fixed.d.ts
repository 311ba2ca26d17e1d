/** The options of the softphone's end. */
export interface Options {
  /** Prints every message, and tells the host to do so. Without it, nothing is printed. */
  debugMode?: boolean;
  eventHandlers: EventHandlers;
  /**
   * Pages other than HubSpot's and this machine's that may be the host: origins, `https://*.crm.example`
   * for all below a domain, or `*` for any.
   */
  allowedHosts?: string[];
  /** Called for messages that were ignored, with the reason. */
  onIgnored?(ignored: IgnoredMessage): void;
  /** Makes this HubSpot's end. */
  iFrameOptions?: IframeOptions;
}

/** A message that looks like one of the protocol's but was ignored. */
export interface IgnoredMessage {
  type: string;
  origin: string;
  reason: string;
}

/** The widget's iframe. */
export interface IframeOptions {
  src: string;
  width: string;
  height: string;
  /** A selector for the element that the iframe should fill. */
  hostElementSelector: string;
  /** The iframe's `allow`, instead of HubSpot's. */
  allow?: string;
}

/** The options of one end: HubSpot's with `iFrameOptions`, otherwise the softphone's. */
export interface IframeManagerOptions {
  iFrameOptions?: IframeOptions;
  debugMode?: boolean;
  onMessageHandler(message: HubSpotMessage): void;
  /** HubSpot's end: SYNC's fields besides `type`, such as `portalId` and `engagementId`. */
  syncFields?: object;
  /** HubSpot's end: leaves `hostUrl` out of SYNC, like versions up to 0.0.6. */
  hideHostUrl?: boolean;
  /** The softphone's end: see `Options`. */
  allowedHosts?: string[];
  onIgnored?(ignored: IgnoredMessage): void;
}

/** A message as posted. */
export interface HubSpotMessage {
  type: string;
  data?: any;
  messageId?: string | number;
  [key: string]: any;
}

/** A message to send. */
export interface OnMessage {
  type: string;
  data?: any;
  [key: string]: any;
}

export interface SizeInfo {
  width: number | string;
  height: number | string;
}

/** `hs_call_…` and other properties of the engagement. */
export interface RawEngagementProperties {
  [property: string]: string | number | null | undefined;
}

export type EndStatus = NonNullable<OnCallEnded['callEndStatus']>;

export type ObjectCoordinates = OnNavigateToRecord['objectCoordinates'];

/** An entry of `onCallerIdMatchSucceeded`. */
export type CallerIdMatch = CallerIdMatchSucceeded['callerIdMatches'][number];
export type ContactIdMatch = CallerIdMatch & {
  callerIdType: 'CONTACT'; firstName: string; lastName: string; email: string;
};
export type CompanyIdMatch = CallerIdMatch & { callerIdType: 'COMPANY'; name: string };

/**
 * A call, which puts its ids into each of its messages. A step gives the call in its next state, or
 * `undefined` if its message is not sent: what may not come next is refused, and the console says
 * why.
 */
interface AnyCall {
  readonly externalCallId: string | number;
  readonly state: 'ringing' | 'answered' | 'ended' | 'completed' | 'transferred';
  /** As reported in CREATE_ENGAGEMENT_SUCCEEDED: for messages that include it. */
  engagementId?: number | string;
}

/** A call whose line is open. */
interface OpenCall extends AnyCall {
  /** Sends CALL_ENDED. */
  ended(data?: Partial<OnCallEnded>): EndedCall | undefined;
  /** Sends CALL_TRANSFERRED, the last message of the call. */
  transferred(data?: Partial<OnCallTransferred>): AnyCall | undefined;
}

/** Not answered yet. */
export interface RingingCall extends OpenCall {
  /** Sends CALL_ANSWERED. */
  answered(data?: OnCallAnswered): AnsweredCall | undefined;
}

/** Both sides are talking. */
export interface AnsweredCall extends OpenCall {
  readonly state: Exclude<AnyCall['state'], 'ringing'>;
}

/** The line is closed, but the user is not done with the call. */
export interface EndedCall extends AnyCall {
  /** Sends CALL_COMPLETED; HubSpot hides the widget unless `data` says `hideWidget: false`. */
  completed(data?: Partial<OnCallCompleted>): CompletedCall | undefined;
}

/** The user is done with the call. */
export interface CompletedCall extends AnyCall {
  /** Sends FINALIZE_ENGAGEMENT. */
  finalizeEngagement(data?: Partial<OnFinalizeEngagement>): CompletedCall | undefined;
}

/** One end: HubSpot's around an iframe, or the softphone's. */
export declare class IFrameManager {
  /** Throws if an option is missing, or if the page already has a softphone's end. */
  constructor(options: IframeManagerOptions);
  readonly isIFrameHost: boolean;
  readonly isReady: boolean;
  readonly iFrame: HTMLIFrameElement | null;
  readonly destinationWindow: Window | null;
  readonly destinationHost: string;
  debugMode: boolean | undefined;
  /** Returns whether the message was sent or is waiting for the handshake; if not, the console
   * says why. */
  sendMessage(message: OnMessage): boolean;
  /** HubSpot's end: shows another page in the iframe. */
  navigate(url: string): void;
  /** HubSpot's end: sets the next SYNC's fields besides `type`. */
  setSyncFields(fields?: object): void;
  updateIFrameSize(size: Partial<SizeInfo>): void;
  logDebugMessage(...args: any[]): void;
  remove(): void;
  static createMessageId(instanceId: string | number): string;
  static getHostElement(hostElementSelector: string): Element;
  static extractHostFromUrl(url: string): string;
  static getDestinationHost(iFrameOptions?: IframeOptions): string;
  static formatSize(size: number | string): string;
  static createIFrame(
    iFrameOptions: IframeOptions,
    onLoad: (event: Event) => void,
    onError?: OnErrorEventHandler,
  ): HTMLIFrameElement;
}

/** The names used in the protocol. */
export declare const Constants: {
  readonly VERSION: string;
  readonly messageType: { readonly [name: string]: string };
  readonly messageHandlerNames: { readonly [type: string]: keyof EventHandlers };
  readonly thirdPartyToHostEvents: { readonly [name: string]: string };
  readonly debugMessageType: {
    readonly FROM_HUBSPOT: 'From HubSpot';
    readonly TO_HUBSPOT: 'To HubSpot';
    readonly GENERIC_MESSAGE: 'Generic Message';
  };
  readonly errorType: { readonly UNKNOWN_MESSAGE_TYPE: 'UNKNOWN_MESSAGE_TYPE' };
  readonly callStatus: { readonly [name: string]: string };
  readonly callRingingStatus: { readonly [name: string]: string };
  readonly callInProgressStatus: { readonly [name: string]: string };
  readonly callEndingStatus: { readonly [name: string]: string };
  readonly callEndStatus: {
    readonly INTERNAL_COMPLETED: 'COMPLETED';
    readonly INTERNAL_FAILED: 'FAILED';
    readonly INTERNAL_CANCELED: 'CANCELED';
    readonly INTERNAL_BUSY: 'BUSY';
    readonly INTERNAL_NO_ANSWER: 'NO_ANSWER';
  };
  readonly CONTACT: 'CONTACT';
  readonly COMPANY: 'COMPANY';
  readonly callerIdTypes: { readonly CONTACT: 'CONTACT'; readonly COMPANY: 'COMPANY' };
};
