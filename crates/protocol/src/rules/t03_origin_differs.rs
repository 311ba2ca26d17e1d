//! T03: a message comes from another origin than its receiver accepts.

use super::prelude::*;
use crate::origin;

pub(super) const RULE: Rule = Rule {
    code: "T03",
    title: "Message from another origin",
    why: "Both sides compare the origin of a message with the one agreed on in the handshake, \
          character by character, and silently drop the message if it differs.",
    fix: "Make sure that hostUrl and iFrameUrl are the origins that the pages really have \
          (window.location.origin). If the widget moves to another origin, first call \
          setWidgetUrl({ iFrameUrl }) with the new one, then reload the page, so that a new \
          handshake begins.",
    severity: "error",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT @https://login.widget.example
                 ! T03 error LOGGED_OUT came from https://login.widget.example; the host accepts only https://widget.example and drops it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT @https://widget.example
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let (from, origin) = (arrival.from(), &*arrival.recorded.origin);
    let Some(expected) = &arrival.state.peer(from).expected_origin else {
        return;
    };
    // The handshake itself is accepted from any origin.
    if origin.is_empty() || origin == expected || arrival.is_sync() || arrival.is_ack() {
        return;
    }
    // The origin is correct, but the other side was given another spelling of it: T04.
    if origin::of_url(expected).is_some_and(|bare| bare == origin) {
        return;
    }
    report
        .error(format!(
            "{} came from {origin}; the {} accepts only {expected} and drops it",
            arrival.name(),
            from.other().name()
        ))
        .see(arrival.state.answered.as_ref().map(|ack| ack.mark.seq));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn another_host() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 @https://app-eu1.hubspot.com
                 ! T03 error DIAL_NUMBER came from https://app-eu1.hubspot.com; the widget accepts only https://app.hubspot.com and drops it
        "#]]);
    }

    #[test]
    fn the_host_named_another_origin() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0 .hostUrl=https://other.example
              10 widget    INITIALIZED isLoggedIn=true
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
                 ! T03 error VISIBILITY_CHANGED came from https://app.hubspot.com; the widget accepts only https://other.example and drops it
        "#]]);
    }

    #[test]
    fn old_widgets_do_not_read_the_url() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://other.example
               2 widget    SYNC_ACK .hostUrl=https://other.example .version=0.0.1
               3 widget    INITIALIZED isLoggedIn=true
            1000 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        "#]]);
    }
}
