//! W02: HubSpot sent a message for which the widget has no handler.

use super::prelude::*;
use crate::{Inside, InsideKind};

pub(super) const RULE: Rule = Rule {
    code: "W02",
    title: "No handler for a message",
    why: "The widget's SDK received a message and found neither its handler nor \
          defaultEventHandler in eventHandlers. It writes \"No event handler is available\" to \
          the console, and the widget does nothing about the message.",
    fix: "Pass the handler of this message to new CallingExtensions({ eventHandlers }), or a \
          defaultEventHandler for everything that you do not need.",
    severity: "warning; note for what only informs the widget, such as VISIBILITY_CHANGED, and for \
               types of newer SDKs; once for each type in a page load",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
            1001 inside widget unhandled .type=DIAL_NUMBER
                 ! W02 [–] warning The widget has no handler for DIAL_NUMBER: it needs onDialNumber
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::Inside(check)],
    ..Rule::ANY_VERSION
};

fn check(_: &State, inside: &Inside, report: &mut Report<'_>) {
    if inside.what != InsideKind::Unhandled {
        return;
    }
    let name = inside.type_name.as_deref().unwrap_or_default();
    if !report.once(name) {
        return;
    }
    let known = MessageType::from_name(name);
    let handler = known.and_then(|ty| ty.spec().handler);
    let needs = handler.map_or_else(String::new, |handler| format!(": it needs {handler}"));
    let severity = match known {
        Some(ty) if !INFORM.contains(&ty) => Severity::Warning,
        _ => Severity::Note,
    };
    let name = if name.is_empty() { "a message" } else { name };
    // The page does not say which handlers it has.
    let advice = handler.map(|handler| {
        format!("If eventHandlers has it under another spelling, rename it to {handler}.")
    });
    report
        .add(
            severity,
            format!("The widget has no handler for {name}{needs}"),
        )
        .advise(advice);
}

/// What a widget can do without: nothing that it has to do follows from these.
const INFORM: &[MessageType] = &[
    MessageType::EngagementCreated,
    MessageType::UpdateEngagementSucceeded,
    MessageType::InitiateCallIdSucceeded,
    MessageType::PublishToChannelSucceeded,
    MessageType::FinalizeEngagementSucceeded,
    MessageType::CallerIdMatchSucceeded,
    MessageType::VisibilityChanged,
];

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_fix_names_the_handler() {
        let trace = "0 handshake 0.9.7-beta.0\n1000 inside widget unhandled .type=DIAL_NUMBER\n";
        let found = crate::trace::findings(trace);
        let fix = found.first().map(crate::Finding::fix).unwrap_or_default();
        assert!(
            fix.contains("rename it to onDialNumber. Pass the handler"),
            "{fix}"
        );
    }

    #[test]
    fn once_for_each_type() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 inside widget unhandled .type=NEW_THING
                 ! W02 [–] note The widget has no handler for NEW_THING
            1001 inside widget unhandled .type=NEW_THING
            1002 inside widget unhandled .type=VISIBILITY_CHANGED
                 ! W02 [–] note The widget has no handler for VISIBILITY_CHANGED: it needs onVisibilityChanged
            1003 inside widget unhandled .type=END_CALL
                 ! W02 [–] warning The widget has no handler for END_CALL: it needs onEndCall
        "#]]);
    }
}
