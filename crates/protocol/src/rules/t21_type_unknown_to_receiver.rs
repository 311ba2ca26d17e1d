//! T21: the receiver does not know the type.

use super::prelude::*;
use super::t05_message_id_missing::is_foreign;
use crate::suggest;

pub(super) const RULE: Rule = Rule {
    code: "T21",
    title: "Type unknown to the receiver",
    why: "A receiver that does not know a type answers with ERROR / UNKNOWN_MESSAGE_TYPE, and \
          what the message was meant to do does not happen. Up to 0.0.7 a widget without a \
          default handler even throws.",
    fix: "Take the type from the SDK's Constants, or call the SDK's method for it, so that it \
          cannot be misspelled. If the message is newer than the widget's SDK, upgrade the SDK \
          in the widget.",
    severity: "warning",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    CALL_END externalCallId=a
                 ! T21 warning The host knows no type CALL_END; did you mean CALL_ENDED?
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
             900 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1000 widget    CALL_ENDED externalCallId=a
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let receiver = arrival.from().other().name();
    let Some(name) = arrival.type_name else {
        // A truthy type that is not a string; a falsy one is T06.
        if let Some(ty) = arrival.json.get("type").filter(|ty| !ty.is_falsy()) {
            report.warning(format!(
                "The type is {}; expected a string",
                ty.kind_words()
            ));
        }
        return;
    };
    let Some(ty) = arrival.ty else {
        // Without an id, the receiver does not even look at the type: T05.
        let is_strict = arrival.state.receiver_is_strict(arrival.from());
        let is_ignored = arrival.id.is_none() && is_strict || is_foreign(arrival);
        // HubSpot sends it every time, and nobody here can change that.
        let is_new = arrival.from() == Side::Widget || report.once(name);
        if is_ignored || !is_new {
            return;
        }
        let near = near_type(arrival);
        let hint = match (near, arrival.from()) {
            (Some(near), _) => format!("; did you mean {near}?"),
            (None, Side::Host) => {
                "; no SDK that Callscope knows has it, HubSpot may be newer".to_owned()
            }
            (None, Side::Widget) => String::new(),
        };
        report
            .warning(format!("The {receiver} knows no type {name}{hint}"))
            .advise(near.map(|near| format!("Rename {name} to {near}.")));
        return;
    };
    let spec = ty.spec();
    let speaks = arrival.state.view.speaks;
    // From the version on that knows it, SET_WIDGET_URL to a widget is T25.
    let is_judged = spec.direction.allows(arrival.from()) || ty == MessageType::SetWidgetUrl;
    // FAILED is reported by T17.
    if !is_judged || matches!(ty, MessageType::Error | MessageType::Failed) {
        return;
    }
    let widget = || arrival.state.view.sdk_words();
    match (spec.since, spec.last) {
        // A host's version is not known, so only a widget can be too old.
        (Some(since), _)
            if since > speaks.newest && arrival.from() == Side::Host && report.once(name) =>
        {
            report.warning(format!(
                "The widget speaks {} and does not know {ty}; upgrade to SDK {since} or newer",
                widget()
            ));
        }
        // UPDATE_ASSOCIATIONS_FAILED is reported by M28.
        (_, Some(last)) if last < speaks.oldest && ty != MessageType::UpdateAssociationsFailed => {
            report.warning(format!(
                "{ty} was removed after SDK {last}; the widget speaks {}",
                widget()
            ));
        }
        _ => {}
    }
}

/// The SDK's type that this one is most likely a misspelling of.
pub(super) fn near_type(arrival: &Arrival<'_>) -> Option<&'static str> {
    suggest::nearest(arrival.type_name?, sent_by(arrival.from()))
}

/// The names of the messages that this side may send, for suggestions.
fn sent_by(side: Side) -> impl Iterator<Item = &'static str> {
    MessageType::ALL
        .iter()
        .filter(move |ty| ty.spec().direction.allows(side))
        .map(|ty| ty.name())
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;
    use crate::{Direction, MessageType, PACKAGES, ReportedVersion, Version};

    #[test]
    fn an_unknown_type() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    CALL_END externalCallId=a
                 ! T21 warning The host knows no type CALL_END; did you mean CALL_ENDED?
            1001 host      SOMETHING_ELSE
                 ! T21 warning The widget knows no type SOMETHING_ELSE; no SDK that Callscope knows has it, HubSpot may be newer
            1002 host      – raw={"type":7,"messageId":"1699999999000_7"}
                 ! T21 warning The type is a number; expected a string
        "#]]);
    }

    #[test]
    fn the_fix_names_both() {
        let found = crate::trace::findings("0 handshake 0.9.7-beta.0\n1000 widget CALL_END\n");
        let fix = found.first().map(crate::Finding::fix).unwrap_or_default();
        assert!(
            fix.starts_with("Rename CALL_END to CALL_ENDED. Take the type from"),
            "{fix}"
        );
    }

    #[test]
    fn what_comes_again_is_told_once() {
        check(&expect![[r#"
               0 handshake 0.2.1-beta.0
            1000 host      CALL_RECORDING_STATE recording=true
                 ! T21 warning The widget knows no type CALL_RECORDING_STATE; no SDK that Callscope knows has it, HubSpot may be newer
            2000 host      CALL_RECORDING_STATE recording=false
            3000 host      INITIATE_CALL_ID_SUCCEEDED callId=1
                 ! T21 warning The widget speaks SDK 0.2.1 (reports 0.2.1-beta.0) and does not know INITIATE_CALL_ID_SUCCEEDED; upgrade to SDK 0.5.1 or newer
            4000 host      INITIATE_CALL_ID_SUCCEEDED callId=2
            5000 host      SOMETHING_ELSE -messageId
                 ! T05 note SOMETHING_ELSE has no messageId and is not one of the SDK's types: it comes from another script, and the widget ignores it
        "#]]);
    }

    #[test]
    fn newer_than_the_widget() {
        check(&expect![[r#"
               0 handshake 0.2.1-beta.0
            1000 host      CALLER_ID_MATCH_FAILED error={"message":"none"}
                 ! T21 warning The widget speaks SDK 0.2.1 (reports 0.2.1-beta.0) and does not know CALLER_ID_MATCH_FAILED; upgrade to SDK 0.3.0 or newer
            1100 host      UPDATE_ASSOCIATIONS_FAILED
                 ! T21 warning The widget speaks SDK 0.2.1 (reports 0.2.1-beta.0) and does not know UPDATE_ASSOCIATIONS_FAILED; upgrade to SDK 0.8.1 or newer
        "#]]);
    }

    #[test]
    fn removed_long_ago() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    RINGTONE_ENDED reason=answered
                 ! T21 warning RINGTONE_ENDED was removed after SDK 0.0.2; the widget speaks SDK 0.9.7 (reports 0.9.7-beta.0)
        "#]]);
    }

    #[test]
    fn the_benefit_of_the_doubt() {
        check(&expect![[r#"
               0 handshake 0.0.1
            1000 host      ENGAGEMENT_CREATED engagementId=1
        "#]]);
    }

    #[test]
    fn the_seed_does_not_know_it() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 host      ENGAGEMENT_CREATED engagementId=1
                 ! T21 warning The widget speaks SDK 0.0.2–0.0.6 and does not know ENGAGEMENT_CREATED; upgrade to SDK 0.0.10 or newer
            1100 host      SET_WIDGET_URL .iFrameUrl=https://other.example
                 ! T21 warning The widget speaks SDK 0.0.2–0.0.6 and does not know SET_WIDGET_URL; upgrade to SDK 0.0.7 or newer
            1200 host      SET_CALL_STATE
        "#]]);
    }

    /// Which messages HubSpot sends, and the first version that knows each.
    #[test]
    fn every_newer_message_tells_the_version_to_upgrade_to() {
        for ty in MessageType::ALL {
            let spec = ty.spec();
            let is_sent = spec.direction == Direction::HostToWidget;
            let (Some(since), true) = (spec.since, is_sent && *ty != MessageType::Failed) else {
                continue;
            };
            for version in PACKAGES.iter().filter(|it| **it >= Version::new(0, 2, 0)) {
                let trace = format!("0 handshake {version}\n1000 host {ty}");
                let advice = format!("upgrade to SDK {since} or newer");
                let is_told = crate::trace::findings(&trace)
                    .iter()
                    .any(|it| it.rule.code == "T21" && it.message.ends_with(&advice));
                let speaks = ReportedVersion::read(&version.to_string()).release;
                assert_eq!(is_told, speaks < Some(since), "{ty} to {version}");
            }
        }
    }
}
