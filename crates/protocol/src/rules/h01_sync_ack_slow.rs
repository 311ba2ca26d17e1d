//! H01: the handshake is slow.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "H01",
    title: "No SYNC_ACK within 2 s",
    why: "Until the widget answers, the user sees an empty frame. After 30 s the host gives up.",
    fix: "Call new CallingExtensions() first, at the top of the first script, and load everything \
          else after it; show the log-in or a spinner from onReady.",
    severity: "note",
    example: Example {
        breaks: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com
            3000 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
            3001 widget    INITIALIZED isLoggedIn=true
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::Due { when, check }],
    ..Rule::ANY_VERSION
};

/// A page that loads over a network needs about one second.
pub(super) const SLOW: Millis = Millis(2_000.0);

fn when(state: &State, after: Millis) -> Option<Millis> {
    let syncing = state.syncing.as_ref()?;
    Some(syncing.first.at + SLOW).filter(|due| *due > after)
}

fn check(state: &State, _: Millis, report: &mut Report<'_>) {
    let Some(syncing) = &state.syncing else {
        return;
    };
    // A page that was not reloaded need not answer: H03 and T12.
    let excused = syncing.interrupted
        || syncing.mismatched.is_some()
        || syncing.unaccepted.is_some()
        || syncing.widget_stayed.is_some()
        || !state.hears_widget();
    if !excused && report.once(syncing.first.seq) {
        report
            .note("The handshake is slow: no SYNC_ACK within 2 s")
            .anchor(syncing.first.seq);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn quick() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            5000 advance
        "#]]);
    }
}
