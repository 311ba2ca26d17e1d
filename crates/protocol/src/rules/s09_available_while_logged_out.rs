//! S09: a user becomes available who is logged out.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S09",
    title: "USER_AVAILABLE while logged out",
    why: "HubSpot offers inbound calls only to users who are logged in to the widget (inferred).",
    fix: "Call userLoggedIn() before userAvailable().",
    severity: "warning",
    since: Version::new(0, 3, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    USER_AVAILABLE
                 ! S09 warning USER_AVAILABLE came while the widget is logged out
        ",
        clean: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
             500 widget    LOGGED_IN
            1000 widget    USER_AVAILABLE
        ",
    },
    hooks: &[Hook::On(&[MessageType::UserAvailable], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() == Side::Widget && arrival.state.view.login == Login::LoggedOut {
        report
            .warning("USER_AVAILABLE came while the widget is logged out")
            .see(arrival.state.load.login_mark.map(|mark| mark.seq));
    }
}
