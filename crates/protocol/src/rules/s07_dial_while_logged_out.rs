//! S07: HubSpot asks a widget to dial although nobody is logged in.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S07",
    title: "DIAL_NUMBER while logged out",
    why: "HubSpot makes sure that the user is logged in to the widget before it asks the widget \
          to dial; otherwise it alerts the user. A logged-out widget is not expected to be able \
          to dial.",
    fix: "In the widget, call userLoggedIn() as soon as the user is logged in, and let \
          onDialNumber show the log-in page and dial afterwards. A host of your own should ask \
          the user to log in first.",
    severity: "error",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 host      DIAL_NUMBER phoneNumber=+15550100
                 ! S07 error HubSpot sent DIAL_NUMBER while the widget is logged out
        ",
        clean: r"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 widget    LOGGED_IN
            2000 host      DIAL_NUMBER phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::On(&[MessageType::DialNumber], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Host || arrival.state.view.login != Login::LoggedOut {
        return;
    }
    let who = if arrival.recorded.injected {
        "You sent"
    } else {
        "HubSpot sent"
    };
    report
        .error(format!("{who} DIAL_NUMBER while the widget is logged out"))
        .see(arrival.state.load.login_mark.map(|mark| mark.seq));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn logged_out() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 host      DIAL_NUMBER phoneNumber=+15550100
                 ! S07 error HubSpot sent DIAL_NUMBER while the widget is logged out
            2000 widget    LOGGED_IN
            3000 widget    LOGGED_OUT
            4000 host      DIAL_NUMBER phoneNumber=+15550100 injected
                 ! S07 error You sent DIAL_NUMBER while the widget is logged out
        "#]]);
    }

    #[test]
    fn unknown() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isLoggedIn=false
            1000 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            2000 host      DIAL_NUMBER phoneNumber=+15550100
        "#]]);
    }
}
