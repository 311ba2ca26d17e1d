//! What can be sent is exactly what the catalogue says.

use callscope_protocol::Version;
use callscope_protocol::{Direction, MessageType};
use callscope_sdk::{HOST_MESSAGES, REPORTED_VERSION, WIDGET_METHODS};

#[test]
fn a_widget_has_the_methods_of_todays_sdk() {
    for &kind in MessageType::ALL {
        let spec = kind.spec();
        let is_sent = matches!(spec.direction, Direction::WidgetToHost | Direction::Both)
            && spec.exists_in(Version::NEWEST)
            && kind != MessageType::SyncAck;
        let method = WIDGET_METHODS.iter().find(|method| method.1 == kind);
        assert_eq!(method.is_some(), is_sent, "{kind}");
        if let Some((name, _, _)) = method {
            let names: Vec<&str> = spec
                .sdk_methods
                .iter()
                .map(|words| words.split(' ').next().unwrap())
                .collect();
            assert!(names.contains(name), "{name} of {names:?}");
        }
    }
}

/// A method with an argument that is called without it sends the key `data`; others do not.
#[test]
fn a_method_takes_a_payload_if_its_message_has_one() {
    for (name, kind, has_payload) in WIDGET_METHODS {
        assert_eq!(*has_payload, !kind.spec().fields.is_empty(), "{name}");
    }
}

#[test]
fn a_host_has_a_method_for_all_that_only_a_host_sends() {
    for &kind in MessageType::ALL {
        let is_sent = kind.spec().direction == Direction::HostToWidget && kind != MessageType::Sync;
        assert_eq!(HOST_MESSAGES.contains(&kind), is_sent, "{kind}");
    }
}

#[test]
fn the_reported_version_is_the_newest_known() {
    assert_eq!(Version::parse(REPORTED_VERSION), Some(Version::NEWEST));
}
