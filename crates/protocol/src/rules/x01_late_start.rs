//! X01: the recording began after the conversation.

use super::prelude::*;
use crate::{Gap, GapReason};

pub(super) const RULE: Rule = Rule {
    code: "X01",
    title: "Recording began late",
    why: "What was sent before is missing: rules about order and absence do not report anything \
          that depends on it.",
    fix: "Reload the page with Callscope installed to record the handshake as well.",
    severity: "note",
    example: Example {
        breaks: r"
             0 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
               ! X01 note The recording began after the handshake; what was before cannot be checked
            10 widget    LOGGED_OUT
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
            1010 widget    LOGGED_OUT
        ",
    },
    hooks: &[
        Hook::Every(check_message),
        Hook::Due {
            when,
            check: |state, _, report| check_answer(state, report),
        },
        Hook::Gap(check_gap),
        Hook::End(check_end),
    ],
    ..Rule::ANY_VERSION
};

const MESSAGE: &str = "The recording began after the handshake; what was before cannot be checked";

/// Two clocks may put an answer before its SYNC, but not by more than this.
const GRACE: Millis = Millis(1_000.0);

fn check_message(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let nothing_seen = state.answered.is_none() && state.syncing.is_none() && !state.gapped;
    // A host that does not know about the reload yet keeps sending.
    let is_reload = state.view.continues.is_some();
    let is_late = arrival.from() == Side::Host && !arrival.is_sync() && !is_reload;
    if nothing_seen && is_late && report.once(()) {
        report.note(MESSAGE);
    }
}

fn when(state: &State, after: Millis) -> Option<Millis> {
    let answered = state.answered.as_ref().filter(|answered| answered.unseen)?;
    Some(answered.mark.at + GRACE).filter(|due| *due > after)
}

/// Reports an answer whose SYNC was not recorded.
fn check_answer(state: &State, report: &mut Report<'_>) {
    if let Some(answered) = state.answered.as_ref().filter(|answered| answered.unseen)
        && report.once(())
    {
        report.note(MESSAGE).anchor(answered.mark.seq);
    }
}

fn check_gap(state: &State, gap: &Gap, report: &mut Report<'_>) {
    if gap.why == GapReason::LateStart && report.once(()) {
        report.seq = None;
        report.note(if state.view.message_count == 0 {
            MESSAGE
        } else {
            "The recording of one side began late"
        });
    }
}

fn check_end(state: &State, report: &mut Report<'_>) {
    check_answer(state, report);
    // Only messages of the widget were recorded.
    if let Some(first) = state.unplaced.front()
        && state.answered.is_none()
        && report.once(())
    {
        report.note(MESSAGE).anchor(first.mark.seq);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_host_speaks_of_other_things() {
        check(&expect![[r#"
              0 host      DIAL_NUMBER phoneNumber=+15550100
                ! X01 note The recording began after the handshake; what was before cannot be checked
            100 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        "#]]);
    }

    #[test]
    fn a_page_that_reloads_gets_what_the_one_before_should() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 closed widget
            1100 conversation 2 continues=1
            1110 host      INITIATE_CALL_ID_SUCCEEDED callId=a conversation=2
            1200 host2     SYNC .hostUrl=https://app.hubspot.com conversation=2
        "#]]);
    }

    #[test]
    fn between_question_and_answer() {
        check(&expect![[r#"
               0 widget    SYNC_ACK .messageId=1_2 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               1 widget    INITIALIZED isLoggedIn=true
            2000 widget    LOGGED_OUT
                 ! X01 [#1] note The recording began after the handshake; what was before cannot be checked
        "#]]);
    }

    #[test]
    fn two_clocks_put_the_answer_first() {
        check(&expect![[r#"
               0 widget    SYNC_ACK .messageId=1699999999000_2 .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               1 host      SYNC .messageId=1699999999000_2 .hostUrl=https://app.hubspot.com
               2 widget    INITIALIZED isLoggedIn=true
            2000 widget    LOGGED_OUT
        "#]]);
    }

    #[test]
    fn the_recorder_says_so() {
        check(&expect![[r#"
              0 gap late-start
                ! X01 [–] note The recording began after the handshake; what was before cannot be checked
            100 host      DIAL_NUMBER phoneNumber=+15550100
        "#]]);
    }

    #[test]
    fn only_the_widget() {
        check(&expect![[r#"
              0 widget    LOGGED_OUT
            100 end
                ! X01 [#1] note The recording began after the handshake; what was before cannot be checked
        "#]]);
    }

    #[test]
    fn from_the_start() {
        check(&expect![[r#"
              0 handshake 0.9.7-beta.0
            100 end
        "#]]);
    }
}
