// A class around the SDK, as HubSpot's React demo has one, with the types that it imports.

import CallingExtensions from 'callscope-sdk';
import type {
  EventHandlers, OnCallAnswered, OnCallCompleted, OnCallEnded, OnError, OnFinalizeEngagement,
  OnIncomingCall, OnInitialized, OnMessage, OnNavigateToRecord, OnOutgoingCall, OnPublishToChannel,
  OnResize, Options, ContactIdMatch, CompanyIdMatch, EndStatus, ObjectCoordinates,
} from 'callscope-sdk';

export class Wrapper {
  private readonly sdk: CallingExtensions;

  externalCallId = '';

  constructor(options: Options) {
    this.sdk = new CallingExtensions(options);
  }

  initialized(userData: OnInitialized) { return this.sdk.initialized(userData); }

  outgoingCall(data: Omit<OnOutgoingCall, 'externalCallId'>) {
    return this.sdk.outgoingCall({ ...data, externalCallId: this.externalCallId });
  }

  incomingCall(data: Omit<OnIncomingCall, 'externalCallId'>) {
    return this.sdk.incomingCall({ ...data, externalCallId: this.externalCallId });
  }

  callAnswered(): void {
    const data: OnCallAnswered = { externalCallId: this.externalCallId };
    this.sdk.callAnswered(data);
  }

  callEnded(data: Omit<OnCallEnded, 'externalCallId'>) {
    return this.sdk.callEnded({ ...data, externalCallId: this.externalCallId });
  }

  callCompleted(data: OnCallCompleted) { return this.sdk.callCompleted(data); }

  sendError(data: OnError) { return this.sdk.sendError(data); }

  resizeWidget(data: OnResize) { return this.sdk.resizeWidget(data); }

  sendMessage(message: OnMessage) { return this.sdk.sendMessage(message); }

  publishToChannel(data: OnPublishToChannel) { return this.sdk.publishToChannel(data); }

  finalize(data: OnFinalizeEngagement) { return this.sdk.finalizeEngagement(data); }

  navigateToRecord(data: OnNavigateToRecord) { return this.sdk.navigateToRecord(data); }

  get isReady(): boolean { return this.sdk.iFrameManager.isReady; }
}

const eventHandlers: EventHandlers = {
  onCallerIdMatchSucceeded(data) {
    const names = data.callerIdMatches.map(match => (
      match.callerIdType === 'CONTACT' ? `${match.firstName} ${match.lastName}` : match.name
    ));
    console.log(names);
  },
};
const status: EndStatus = 'NO_ANSWER';
const coordinates: ObjectCoordinates = { portalId: 1, objectId: 2, objectTypeId: '0-1' };
export const wrapped = new Wrapper({ debugMode: false, eventHandlers });
wrapped.callEnded({ callEndStatus: status });
wrapped.navigateToRecord({ objectCoordinates: coordinates });
export type Match = ContactIdMatch | CompanyIdMatch;
