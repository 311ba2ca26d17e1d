//! What is shown of the recorded sessions in `fixtures/`.

use callscope_protocol::{PACKAGES, Version, VersionRange};
use callscope_session_view::card::Card;
use callscope_session_view::words::UtcOffset;

use crate::trace::recorded_in;

#[test]
fn the_fields_of_good_messages_have_no_problems() {
    let mut problems = Vec::new();
    for (name, session) in recorded_in("well-behaved") {
        for recorded in session.messages() {
            let card = Card::new(&session, recorded, UtcOffset::UTC, None);
            for field in card.fields {
                if let Some((severity, words)) = field.problem {
                    let place = format!("{name} #{} {}", card.seq, card.title);
                    problems.push(format!("{place} {}: {severity}: {words}", field.path));
                }
            }
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

/// The widget's SDK is always among the versions that it is taken for.
#[test]
fn the_widgets_sdk_is_one_of_those_that_it_is_taken_for() {
    let mut versions = 0;
    for (name, session) in recorded_in("well-behaved") {
        let version = name
            .strip_prefix("widget-")
            .and_then(|rest| rest.strip_suffix(".callscope.jsonl"))
            .and_then(Version::parse);
        let Some(version) = version else { continue };
        versions += 1;
        // Its bundles behave like 0.8.0, and are taken for that.
        let version = if version == Version::new(0, 8, 1).alpha(1) {
            Version::new(0, 8, 0)
        } else {
            version
        };
        for conversation in session.session().conversations() {
            let VersionRange { oldest, newest } = conversation.speaks;
            assert!(
                oldest <= version && version <= newest,
                "{name}: {oldest} to {newest}"
            );
        }
    }
    assert_eq!(versions, PACKAGES.len());
}
