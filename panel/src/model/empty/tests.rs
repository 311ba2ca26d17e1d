use callscope_bus::RecorderInfo;

use super::*;

fn situation<'a>(
    connection: &'a Connection,
    status: Option<&'a RecorderStatus>,
    permissions: &'a Permissions,
) -> Situation<'a> {
    Situation {
        connection,
        status,
        is_imported: false,
        hidden: 0,
        cleared: 0,
        has_parked: false,
        permissions,
        redirected: None,
        worker_silence: None,
    }
}

#[test]
fn each_cause_has_its_words_and_a_next_step() {
    let page = |origin: Option<&str>, permitted| {
        Connection::Absent(Page {
            origin: origin.map(str::to_owned),
            permitted,
        })
    };
    for (connection, expected) in [
        (Connection::Detached, "detached"),
        (Connection::Outdated("x".to_owned()), "outdated"),
        (page(None, false), "no-page"),
        (page(Some("https://app.hubspot.com"), true), "reload"),
        (page(Some("https://example.com"), false), "not-permitted"),
        (page(Some("file://"), false), "no-hubspot"),
    ] {
        let empty = EmptyData::new(situation(&connection, None, &Permissions::default()));
        assert_eq!(empty.case, expected);
        assert!(!empty.actions.is_empty(), "{expected}");
    }
}

#[test]
fn a_recorder_without_messages_says_what_it_sees() {
    let attached = Connection::Attached(crate::model::connection::tests::info());
    let frame = |tapped, widget| FrameInfo {
        origin: "https://dialer.example".to_owned(),
        tapped,
        widget,
    };
    let with = |recording, frames| RecorderStatus {
        recording,
        frames,
        ..RecorderStatus::default()
    };
    let unknown = Permissions::default();
    let mut missing = unknown.clone();
    missing.learn("https://dialer.example".to_owned(), false);
    let mut granted = unknown.clone();
    granted.learn("https://dialer.example".to_owned(), true);
    let sandboxed = FrameInfo {
        origin: OPAQUE.to_owned(),
        ..frame(false, true)
    };
    for (status, permissions, expected) in [
        (with(false, vec![]), &unknown, "paused"),
        (with(true, vec![]), &unknown, "no-iframe"),
        (
            with(true, vec![frame(false, true)]),
            &missing,
            "widget-not-permitted",
        ),
        (
            with(true, vec![frame(false, true)]),
            &unknown,
            "silent-widget",
        ),
        (
            with(true, vec![frame(false, true)]),
            &granted,
            "silent-widget",
        ),
        (
            with(true, vec![frame(true, true)]),
            &missing,
            "silent-widget",
        ),
        (with(true, vec![frame(false, false)]), &missing, "no-iframe"),
        (with(true, vec![sandboxed]), &unknown, "widget-sandboxed"),
    ] {
        let empty = EmptyData::new(situation(&attached, Some(&status), permissions));
        assert_eq!(empty.case, expected);
        let asks = empty
            .actions
            .iter()
            .any(|action| matches!(action, Action::PermitOrigin { .. }));
        assert!(!asks || std::ptr::eq(permissions, &raw const missing));
    }
}

#[test]
fn that_recording_began_late_is_no_silence_of_the_widget() {
    let info = |from_start| {
        Connection::Attached(RecorderInfo {
            from_start,
            ..crate::model::connection::tests::info()
        })
    };
    let case = |from_start, widgets: &[bool], permissions: &Permissions| {
        let frame = |widget: &bool| FrameInfo {
            origin: "https://dialer.example".to_owned(),
            tapped: false,
            widget: *widget,
        };
        let status = RecorderStatus {
            recording: true,
            frames: widgets.iter().map(frame).collect(),
            ..RecorderStatus::default()
        };
        EmptyData::new(situation(&info(from_start), Some(&status), permissions)).case
    };
    let unknown = Permissions::default();
    assert_eq!(case(true, &[true], &unknown), "silent-widget");
    assert_eq!(case(false, &[true], &unknown), "late");
    // The frame may have posted something earlier.
    assert_eq!(case(true, &[false], &unknown), "no-iframe");
    assert_eq!(case(false, &[false], &unknown), "late");
    assert_eq!(case(false, &[], &unknown), "no-iframe");
    let mut missing = Permissions::default();
    missing.learn("https://dialer.example".to_owned(), false);
    assert_eq!(case(false, &[true], &missing), "widget-not-permitted");
}

#[test]
fn a_silent_worker_is_said_unless_a_permission_is_missing() {
    let attached = Connection::Attached(crate::model::connection::tests::info());
    let status = RecorderStatus {
        recording: true,
        frames: vec![FrameInfo {
            origin: "https://dialer.example".to_owned(),
            tapped: false,
            widget: true,
        }],
        ..RecorderStatus::default()
    };
    let unknown = Permissions::default();
    let silent = |permissions: &Permissions| {
        EmptyData::new(Situation {
            worker_silence: Some(Millis(12_300.0)),
            ..situation(&attached, Some(&status), permissions)
        })
    };
    let empty = silent(&unknown);
    assert_eq!(empty.case, "worker-silent");
    assert_eq!(empty.title, "Callscope's worker has not answered for 12 s");
    let mut missing = unknown.clone();
    missing.learn("https://dialer.example".to_owned(), false);
    assert_eq!(silent(&missing).case, "widget-not-permitted");
}
