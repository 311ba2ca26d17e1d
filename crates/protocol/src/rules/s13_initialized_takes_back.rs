//! S13: a second INITIALIZED contradicts what the widget has said since the first.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S13",
    title: "INITIALIZED takes the log-in back",
    why: "HubSpot evaluates INITIALIZED every time (inferred): a second one with the initial \
          state logs the user out, or makes them unavailable, although nobody did that. HubSpot \
          then blocks the next number that is clicked.",
    fix: "Call initialized() once, in onReady. Report later changes with userLoggedIn(), \
          userLoggedOut(), userAvailable() and userUnavailable(); if you call initialized() \
          again, pass the current state.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    LOGGED_IN
            9000 widget    INITIALIZED isLoggedIn=false
                 ! S13 note INITIALIZED came again with isLoggedIn: false; the user was logged in
        ",
        clean: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    LOGGED_IN
            9000 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::On(&[MessageType::Initialized], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    // Two SDK objects each announce themselves: T09.
    let Some(first) = state.load.initialized.filter(|_| !state.has_two_sdks()) else {
        return;
    };
    if arrival.from() != Side::Widget {
        return;
    }
    let says_no = |key| arrival.field(key) == Some(&Json::Bool(false));
    let message = if says_no("isLoggedIn") && state.view.login == Login::LoggedIn {
        "INITIALIZED came again with isLoggedIn: false; the user was logged in"
    } else if says_no("isAvailable") && state.view.availability == Availability::Available {
        "INITIALIZED came again with isAvailable: false; the user was available"
    } else {
        return;
    };
    let marks = [state.load.login_mark, state.load.availability_mark];
    report
        .note(message)
        .see([first.seq])
        .see(marks.into_iter().flatten().map(|mark| mark.seq));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn taken_back() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false isAvailable=false
            1000 widget    LOGGED_IN
            1100 widget    USER_AVAILABLE
            5000 widget    INITIALIZED isLoggedIn=true isAvailable=false
                 ! S13 note INITIALIZED came again with isAvailable: false; the user was available
            6000 widget    INITIALIZED isLoggedIn=false isAvailable=false
                 ! S13 note INITIALIZED came again with isLoggedIn: false; the user was logged in
            7000 widget    INITIALIZED isLoggedIn=false isAvailable=false
            9000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
                 ! S08 warning OUTGOING_CALL_STARTED came while the widget is logged out: INITIALIZED said isLoggedIn: false, and no LOGGED_IN came after it
        "#]]);
    }

    #[test]
    fn of_another_page() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            5000 handshake 0.9.7-beta.0 isLoggedIn=false
            6000 widget    INITIALIZED isLoggedIn=true
        "#]]);
    }
}
