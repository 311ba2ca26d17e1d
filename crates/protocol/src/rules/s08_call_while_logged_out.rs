//! S08: the widget calls although nobody is logged in.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S08",
    title: "Call message while logged out",
    why: "HubSpot does not expect calls from a widget that said it is logged out, and may not \
          show or save them.",
    fix: "Call userLoggedIn() before outgoingCall() or incomingCall(), and userLoggedOut() only \
          between calls.",
    severity: "warning",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! S08 warning OUTGOING_CALL_STARTED came while the widget is logged out: INITIALIZED said isLoggedIn: false, and no LOGGED_IN came after it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
             500 widget    LOGGED_IN
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::OutgoingCallStarted,
            MessageType::IncomingCall,
            MessageType::CallAnswered,
            MessageType::CallEnded,
            MessageType::CallCompleted,
            MessageType::CallTransferred,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    if arrival.from() != Side::Widget || state.view.login != Login::LoggedOut {
        return;
    }
    let is_start =
        arrival.is(MessageType::OutgoingCallStarted) || arrival.is(MessageType::IncomingCall);
    // A call gets one finding: at its start, or at its first message if the start was not recorded.
    let is_first = report.once(state.load.login_mark.map(|mark| mark.seq));
    if is_start || is_first {
        let since = if state.load.login_by_initialized {
            "INITIALIZED said isLoggedIn: false, and no LOGGED_IN came after it"
        } else {
            "LOGGED_OUT came before"
        };
        report
            .warning(format!(
                "{} came while the widget is logged out: {since}",
                arrival.name()
            ))
            .see(state.load.login_mark.map(|mark| mark.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn logged_out() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a createEngagement=true
                 ! S08 warning OUTGOING_CALL_STARTED came while the widget is logged out: INITIALIZED said isLoggedIn: false, and no LOGGED_IN came after it
            2000 widget    CALL_ANSWERED externalCallId=a
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
        "#]]);
    }

    #[test]
    fn logged_out_during_a_call() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a createEngagement=true
            2000 widget    LOGGED_OUT
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
                 ! S08 warning CALL_ENDED came while the widget is logged out: LOGGED_OUT came before
        "#]]);
    }

    #[test]
    fn logged_in() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
             500 widget    LOGGED_IN
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 externalCallId=a createEngagement=true
        "#]]);
    }
}
