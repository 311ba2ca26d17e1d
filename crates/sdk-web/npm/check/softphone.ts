// A softphone that uses the SDK as HubSpot's minimal demo does: this has to compile.

import CallingExtensions, { Constants } from '@hubspot/calling-extensions-sdk';

const { messageType, callEndStatus, errorType } = Constants;

const state: { engagementId?: number; externalCallId: string } = { externalCallId: '' };

const cti = new CallingExtensions({
  debugMode: true,
  eventHandlers: {
    onReady: (data: { engagementId?: number; portalId?: number; iframeLocation?: string }) => {
      cti.initialized({
        isLoggedIn: false,
        isAvailable: false,
        engagementId: data.engagementId || 0,
        iframeLocation: data.iframeLocation,
        sizeInfo: { width: 400, height: 650 },
      });
    },
    onDialNumber: (data: any, rawEvent: any) => {
      const { phoneNumber } = data;
      cti.outgoingCall({
        createEngagement: true,
        externalCallId: rawEvent.messageId,
        toNumber: phoneNumber,
        fromNumber: '+16175550188',
        callStartTime: Date.now(),
      });
    },
    onEngagementCreated: ({ engagementId }: { engagementId: number }) => {
      state.engagementId = engagementId;
    },
    onEndCall: () => {
      window.setTimeout(() => cti.callEnded({ externalCallId: state.externalCallId }), 500);
    },
    onVisibilityChanged: (data: { isMinimized: boolean; isHidden: boolean }) => {
      console.log(data.isHidden);
    },
    onCreateEngagementSucceeded: (data, message) => {
      state.engagementId = data.engagementId;
      console.log(message.messageId);
    },
    onCreateEngagementFailed: data => console.warn(data.error.message),
    onCallerIdMatchSucceeded: data => {
      const [match] = data.callerIdMatches;
      if (match) {
        cti.navigateToRecord({ objectCoordinates: match.objectCoordinates });
      }
    },
    onNavigateToRecordFailed: () => {},
    defaultEventHandler: (event: unknown) => console.info(event),
  },
});

cti.userLoggedIn();
cti.userLoggedOut();
cti.userAvailable();
cti.userUnavailable();
cti.incomingCall({
  createEngagement: true, fromNumber: '+442079460123', toNumber: '+16175550188', externalCallId: 'a',
});
cti.callAnswered({ externalCallId: 'a' });
cti.callTransferred({ externalCallId: 'a' });
cti.callEnded({
  callEndStatus: callEndStatus.INTERNAL_COMPLETED, externalCallId: 'a', engagementId: 1,
});
cti.callCompleted({
  engagementId: 1,
  externalCallId: 'a',
  hideWidget: false,
  engagementProperties: { hs_call_title: 'Demo call', hs_call_body: 'Notes', hs_call_recording_url: null },
});
cti.publishToChannel({ engagementId: 1, externalCallId: 'a' });
cti.finalizeEngagement({ engagementId: 1, externalCallId: 'a' });
cti.resizeWidget({ width: 400, height: 650 });
cti.setWidgetUrl({ iFrameUrl: 'https://phone.example' });
cti.sendError({ type: 'ERROR', message: 'Something is wrong' });
cti.callData({ engagementId: '8533003' });
cti.sendCallData({ engagementId: 8533003 });
cti.sendMessage({ type: messageType.LOGGED_IN });
cti.logDebugMessage({ message: errorType.UNKNOWN_MESSAGE_TYPE, type: 'x' });

// @ts-expect-error: a number is no text
cti.callAnswered({ externalCallId: { id: 1 } });
// @ts-expect-error: a call is needed
cti.callTransferred();
// @ts-expect-error: no such state
cti.callEnded({ externalCallId: 'a', callEndStatus: 'INTERNAL_COMPLETED' });
// @ts-expect-error: the handlers are needed
new CallingExtensions({});
