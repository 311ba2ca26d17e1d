//! S06: a user logs in who is already logged in.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S06",
    title: "LOGGED_IN while logged in",
    why: "The message is needed only if INITIALIZED said that the user is logged out.",
    fix: "Call userLoggedIn() only when the user logs in, not after initialized({ isLoggedIn: \
          true }) and not every time that a token is renewed.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_IN
                 ! S06 note LOGGED_IN came although the user is logged in
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT
            2000 widget    LOGGED_IN
        ",
    },
    hooks: &[Hook::On(&[MessageType::LoggedIn], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // Two SDK objects in one page each send it: T09.
    let is_double = arrival.state.load.second_sdk.is_some();
    // What the host ignores, it does not hear twice.
    let is_repeated = arrival.state.view.login == Login::LoggedIn && !arrival.is_dropped();
    if arrival.from() == Side::Widget && is_repeated && !is_double {
        report
            .note("LOGGED_IN came although the user is logged in")
            .see(arrival.state.load.login_mark.map(|mark| mark.seq));
    }
}
