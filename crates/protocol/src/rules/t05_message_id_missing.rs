//! T05: a message has no `messageId`.

use super::prelude::*;
use super::t21_type_unknown_to_receiver::near_type;

pub(super) const RULE: Rule = Rule {
    code: "T05",
    title: "messageId missing",
    why: "From 0.0.6 on the SDK ignores a message whose messageId is missing, empty or 0.",
    fix: "Send with the SDK, which creates the id. Without it, give every message an id of your \
          own: your start time, an underscore, and the current time, in milliseconds.",
    severity: "error from SDK 0.0.7 on; note before, where 0.0.5 still delivers it, and for a type \
               that is not the SDK's",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 -messageId
                 ! T05 error DIAL_NUMBER has no messageId; the widget ignores it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=1699999999000_1700000001000
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // In the handshake, this is T14 and T02.
    if arrival.type_name.is_none() || arrival.is_sync() || arrival.is_ack() {
        return;
    }
    let id = arrival.json.get("messageId");
    let recorded = arrival.recorded;
    let cannot_tell = recorded.truncated.is_some()
        || recorded
            .cloned
            .get("messageId")
            .is_some_and(|what| what != "undefined");
    if cannot_tell || id.is_some_and(|id| !id.is_falsy()) {
        return;
    }
    // Up to 0.7.0, this message needs no id.
    if arrival.is(MessageType::SetWidgetUrl) && arrival.state.until(0, 7, 0) {
        return;
    }
    let (name, receiver) = (arrival.name(), arrival.from().other().name());
    let what = if id.is_some() {
        "an empty messageId"
    } else {
        "no messageId"
    };
    if is_foreign(arrival) {
        if report.once(name) {
            report.note(format!(
                "{name} has {what} and is not one of the SDK's types: it comes from another \
                 script, and the {receiver} ignores it"
            ));
        }
    } else if arrival.state.receiver_is_strict(arrival.from()) {
        report.error(format!("{name} has {what}; the {receiver} ignores it"));
    } else {
        report.note(format!(
            "{name} has {what}; the {receiver} ignores it from SDK 0.0.6 on"
        ));
    }
}

/// Whether it is probably not meant for the SDK: scripts of the page and other extensions post to
/// every frame.
pub(super) fn is_foreign(arrival: &Arrival<'_>) -> bool {
    arrival.ty.is_none() && arrival.json.get("messageId").is_none() && near_type(arrival).is_none()
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn from_either_side() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 -messageId
                 ! T05 error DIAL_NUMBER has no messageId; the widget ignores it
            1500 widget    LOGGED_OUT .messageId=""
                 ! T05 error LOGGED_OUT has an empty messageId; the host ignores it
            1600 widget    LOGGED_IN .messageId=0
                 ! T05 error LOGGED_IN has an empty messageId; the host ignores it
        "#]]);
    }

    #[test]
    fn the_seed_may_deliver_it() {
        check(&expect![[r#"
             0 ready 0.0.1 old
            10 widget    INITIALIZED isLoggedIn=true -messageId
               ! T05 note INITIALIZED has no messageId; the host ignores it from SDK 0.0.6 on
        "#]]);
    }

    #[test]
    fn messages_of_other_scripts() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      hs-nav:resize -messageId width=1200
                 ! T05 note hs-nav:resize has no messageId and is not one of the SDK's types: it comes from another script, and the widget ignores it
            1100 host      hs-nav:resize -messageId width=1300
            1200 host      DIAL_NUMBR -messageId phoneNumber=+15550100
                 ! T05 error DIAL_NUMBR has no messageId; the widget ignores it
            1300 host      hs-nav:resize .messageId="" width=1300
                 ! T05 error hs-nav:resize has an empty messageId; the widget ignores it
        "#]]);
    }

    #[test]
    fn ids_of_any_form_are_ids() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 .messageId=7c9e6679
            1200 host      VISIBILITY_CHANGED isMinimized=false isHidden=false .messageId=7
            1300 host      VISIBILITY_CHANGED isMinimized=false isHidden=false -messageId truncated
                 ! X04 note VISIBILITY_CHANGED was cut: it had 1000000 bytes
        "#]]);
    }
}
