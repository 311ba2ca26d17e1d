//! M29: a failure crashes the handler of this version.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M29",
    title: "Failure message to SDK 0.8.1–0.8.3",
    why: "These versions call eventHandlers.FAILED for every type that ends in _FAILED without \
          checking whether it exists: it throws, and the right handler does not run.",
    fix: "Upgrade to SDK 0.9.0 or newer, or give eventHandlers a FAILED function.",
    severity: "warning",
    since: Version::new(0, 8, 1),
    until: Some(Version::new(0, 8, 3)),
    example: Example {
        breaks: r#"
               0 handshake 0.8.2
            1000 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
                 ! M29 warning CALLER_ID_MATCH_FAILED throws an exception in SDK 0.8.2 unless eventHandlers has FAILED
        "#,
        clean: r#"
               0 handshake 0.9.0
            1000 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
        "#,
    },
    hooks: &[Hook::Every(check)],
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    let is_affected = state.since(0, 8, 1) && state.until(0, 8, 3);
    // SYNC_ACK_FAILED is reported by T17.
    let is_failure = arrival.name().ends_with("_FAILED") && !arrival.is(MessageType::SyncAckFailed);
    if arrival.from() == Side::Host && is_affected && is_failure {
        report.warning(format!(
            "{} throws an exception in {} unless eventHandlers has FAILED",
            arrival.name(),
            state.view.sdk_words()
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn not_affected() {
        check(&expect![[r#"
               0 handshake 0.8.4-beta.0
            1000 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
            5000 handshake 0.8.1-alpha.0
            6000 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
        "#]]);
    }
}
