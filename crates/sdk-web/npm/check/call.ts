// A call as a handle: what may not come next does not compile.

import CallingExtensions from 'callscope-sdk';
import type { AnsweredCall, EndedCall, RingingCall } from 'callscope-sdk';

const extension = new CallingExtensions({
  eventHandlers: {
    onCreateEngagementSucceeded: ({ engagementId }) => {
      if (call) call.engagementId = engagementId;
    },
  },
});

const call: RingingCall | undefined = extension.startOutgoingCall({
  toNumber: '+442079460123', fromNumber: '+16175550188', createEngagement: true,
});
const answered: AnsweredCall | undefined = call?.answered();
const ended: EndedCall | undefined = answered?.ended({ callEndStatus: 'COMPLETED' });
ended?.completed({ hideWidget: false })?.finalizeEngagement();
extension.startIncomingCall({
  fromNumber: '+442079460123', toNumber: '+16175550188', externalCallId: 'a',
})?.transferred();

// @ts-expect-error: it is answered
answered?.answered();
// @ts-expect-error: it has not ended
call?.completed();
// @ts-expect-error: it is over
ended?.ended();
// @ts-expect-error: its id stays
if (call) call.externalCallId = 'b';
