//! S09: a user becomes available who is logged out.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S09",
    title: "USER_AVAILABLE while logged out",
    why: "HubSpot offers inbound calls only to users who are logged in to the widget (inferred).",
    fix: "Call userLoggedIn() before userAvailable().",
    severity: "warning",
    since: Version::new(0, 3, 0),
    hooks: &[Hook::On(&[MessageType::UserAvailable], check)],
    ..Rule::ANY_VERSION
};

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    if step.from() == Side::Widget && step.state.view.login == Login::LoggedOut {
        report
            .warning("USER_AVAILABLE came while the widget is logged out")
            .see(step.state.load.login_mark.map(|mark| mark.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn logged_out() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    USER_AVAILABLE
                 ! S09 warning USER_AVAILABLE came while the widget is logged out
        "#]]);
    }

    #[test]
    fn logged_in() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
             500 widget    LOGGED_IN
            1000 widget    USER_AVAILABLE
        "#]]);
    }
}
