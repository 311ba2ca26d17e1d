//! T16: the widget does not report its version.

use super::prelude::*;
use crate::state::Ack;

pub(super) const RULE: Rule = Rule {
    code: "T16",
    title: "SYNC_ACK without version",
    why: "Every version of the SDK sends one, so this is another implementation. Its abilities \
          have to be guessed from its messages.",
    fix: "Load the SDK and let CallingExtensions answer. In an implementation of your own add \
          version to SYNC_ACK, with the version of the SDK that it behaves like.",
    severity: "note",
    example: Example {
        breaks: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .iFrameUrl=https://widget.example
              ! T16 note SYNC_ACK has no version; the widget does not use the SDK
            3 widget    INITIALIZED isLoggedIn=true
        ",
        clean: r"
            0 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            3 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::On(&[MessageType::SyncAck], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let is_first = matches!(arrival.ack, Some(Ack::NewLoad | Ack::Unseen));
    let has_version = arrival
        .json
        .get("version")
        .is_some_and(|version| !version.is_falsy());
    if is_first && !has_version && arrival.recorded.truncated.is_none() {
        report.note("SYNC_ACK has no version; the widget does not use the SDK");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn no_version() {
        check(&expect![[r#"
            0 handshake none
              ! T16 note SYNC_ACK has no version; the widget does not use the SDK
        "#]]);
    }

    #[test]
    fn a_version() {
        check(&expect![[r#"
            0 handshake 0.2.1-beta.0
        "#]]);
    }
}
