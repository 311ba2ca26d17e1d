//! S01: the widget does not announce itself after the handshake.

use super::prelude::*;
use crate::state::{AckMark, PageCause, may_precede_initialized};

pub(super) const RULE: Rule = Rule {
    code: "S01",
    title: "No INITIALIZED after the handshake",
    why: "HubSpot waits for INITIALIZED before it uses the widget; until then it shows the \
          widget as loading or calling as offline.",
    fix: "Call initialized({ isLoggedIn, sizeInfo }) from the onReady handler, even if the user \
          is not logged in yet, and before anything that can fail, such as a request to your \
          server. If onReady is never called, another CallingExtensions object in the page has \
          answered the handshake, perhaps one in a second copy of the SDK: create a single \
          object, with a single copy of the SDK. With \"See inside the widget's page\" switched on, \
          Callscope says whether INITIALIZED was sent too early, which script failed, or where it \
          went.",
    severity: "error; note if iframeLocation is remote, where the calling window may do it, or if \
               the page says that INITIALIZED was dropped (W01)",
    example: Example {
        breaks: r"
                0 ready 0.9.7-beta.0
            31000 advance
                  ! S01 [#2] error No INITIALIZED within 10 s after SYNC_ACK
        ",
        clean: r"
                0 ready 0.9.7-beta.0
             5000 widget    INITIALIZED isLoggedIn=true
            90000 advance
        ",
    },
    hooks: &[
        Hook::Every(check_message),
        Hook::Due {
            when,
            check: check_silence,
        },
    ],
    ..Rule::ANY_VERSION
};

/// A widget that has to look up its user first needs some time.
const PATIENCE: Millis = Millis(10_000.0);

fn check_message(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget
        || arrival.type_name.is_none()
        || may_precede_initialized(arrival.ty)
        || !is_open(arrival.state)
    {
        return;
    }
    tell(
        arrival.state,
        format!("{} came before INITIALIZED", arrival.name()),
        report,
    );
}

fn when(state: &State, after: Millis) -> Option<Millis> {
    let ack = state.answered.as_ref().filter(|_| is_open(state))?;
    Some(ack.mark.at + PATIENCE).filter(|due| *due > after)
}

fn check_silence(state: &State, _: Millis, report: &mut Report<'_>) {
    if let Some(ack) = state.answered.as_ref().filter(|_| is_open(state)) {
        report.seq = Some(ack.mark.seq);
        tell(
            state,
            format!(
                "No INITIALIZED within 10 s after SYNC_ACK{}",
                PageCause::clause(state.why_not_initialized())
            ),
            report,
        );
    }
}

/// Whether INITIALIZED is certainly missing so far.
fn is_open(state: &State) -> bool {
    // A page that keeps answering because the host does not accept it has sent INITIALIZED before.
    let is_first = |ack: &AckMark| ack.unaccepted.is_none();
    state.answered.as_ref().is_some_and(is_first)
        && state.load.initialized.is_none()
        && state.syncing.is_none()
        && !state.gapped
        && !state.closed
        && state.hears_widget()
}

fn tell(state: &State, message: String, report: &mut Report<'_>) {
    let Some(ack) = state.answered.as_ref() else {
        return;
    };
    if report.once(ack.mark.seq) {
        let is_remote = state.view.iframe_location.as_deref() == Some("remote");
        let severity = if is_remote {
            Severity::Note
        } else {
            Severity::Error
        };
        let finding = report.add(severity, message);
        finding.see([ack.mark.seq]);
        if let Some(dropped) = state.troubles.dropped_initialized() {
            finding.follows_from_report(&super::w01_dropped_before_ready::RULE, dropped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_page_says_why() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0
                1 inside widget unhandled .type=READY
                  ! W02 [–] warning The widget has no handler for READY: it needs onReady
              100 inside widget unhandled .type=VISIBILITY_CHANGED
                  ! W02 [–] note The widget has no handler for VISIBILITY_CHANGED: it needs onVisibilityChanged
            31000 advance
                  ! S01 [#2] error No INITIALIZED within 10 s after SYNC_ACK; the widget has no handler for READY
        "#]]);
        check(&expect![[r#"
                0 ready 0.9.7-beta.0
               40 inside widget rejection .text="Error: no session: 401" .stack="Error\n at onReady (https://widget.example/softphone.js:12:3)"
                  ! W04 [–] warning A promise of the widget was rejected and nothing handles it: Error: no session: 401 (softphone.js:12 onReady)
            31000 advance
                  ! S01 [#2] error No INITIALIZED within 10 s after SYNC_ACK; the widget's script failed: Error: no session: 401 (softphone.js:12 onReady)
        "#]]);
        check(&expect![[r#"
                0 inside widget error .text="Uncaught TypeError: x"
                  ! W04 [–] warning The widget's script failed: TypeError: x
                2 ready 0.9.7-beta.0
               40 inside widget undelivered .type=INITIALIZED .target=http://app.hubspot.com .recipient=https://app.hubspot.com
                  ! W03 [–] error INITIALIZED was not delivered: it was posted to http://app.hubspot.com, but the page around the widget is https://app.hubspot.com
            31000 advance
                  ! S01 [#2] error No INITIALIZED within 10 s after SYNC_ACK; INITIALIZED was not delivered: it was posted to http://app.hubspot.com, but the page around the widget is https://app.hubspot.com
        "#]]);
    }

    #[test]
    fn sent_too_early() {
        check(&expect![[r#"
                0 inside widget dropped .type=LOGGED_IN
                  ! W01 [–] error LOGGED_IN was dropped: the SDK was not ready
                1 inside widget dropped .type=INITIALIZED .stack="Error\n at start (https://widget.example/softphone.js:12:3)"
                  ! W01 [–] note INITIALIZED was dropped: the SDK was not ready; sent from softphone.js:12 start (follows from W01)
               50 ready 0.9.7-beta.0
            31000 advance
                  ! S01 [#2] note No INITIALIZED within 10 s after SYNC_ACK; INITIALIZED was dropped: the SDK was not ready; sent from softphone.js:12 start (follows from W01)
        "#]]);
        check(&expect![[r#"
                0 inside widget dropped .type=INITIALIZED
                  ! W01 [–] error INITIALIZED was dropped: the SDK was not ready
               50 ready 0.9.7-beta.0
               90 widget INITIALIZED isLoggedIn=true
             1000 handshake 0.9.7-beta.0
             1100 handshake 0.9.7-beta.0
            31000 advance
        "#]]);
        check(&expect![[r#"
                0 inside widget dropped .type=INITIALIZED
                  ! W01 [–] error INITIALIZED was dropped: the SDK was not ready
               50 ready 0.9.7-beta.0
             1000 inside widget dropped .type=LOGGED_IN
                  ! W01 [–] error LOGGED_IN was dropped: the SDK was not ready
             1100 ready 0.9.7-beta.0
            31000 advance
                  ! S01 [#4] error No INITIALIZED within 10 s after SYNC_ACK
        "#]]);
    }

    #[test]
    fn the_page_says_why_before_its_answer_is_heard() {
        check(&expect![[r#"
                0 host SYNC
                1 inside widget unhandled .type=READY
                  ! W02 [–] warning The widget has no handler for READY: it needs onReady
                3 widget SYNC_ACK
                  ! T16 note SYNC_ACK has no version; the widget does not use the SDK
            31000 advance
                  ! S01 [#2] error No INITIALIZED within 10 s after SYNC_ACK; the widget has no handler for READY
        "#]]);
    }

    #[test]
    fn silence() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0
             9000 advance
            11000 advance
                  ! S01 [#2] error No INITIALIZED within 10 s after SYNC_ACK
            90000 advance
        "#]]);
    }

    #[test]
    fn something_else_first() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0
               10 widget    RESIZE_WIDGET width=400 height=600
               20 widget    LOGGED_IN
                  ! S01 error LOGGED_IN came before INITIALIZED
            20000 advance
        "#]]);
    }

    #[test]
    fn a_remote_frame() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0 .iframeLocation="remote"
            11000 advance
                  ! S01 [#2] note No INITIALIZED within 10 s after SYNC_ACK
        "#]]);
    }

    #[test]
    fn it_may_be_in_a_gap() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0
             5000 gap lost=1
                  ! X02 [–] note 1 message is missing: a buffer was full
             6000 widget    LOGGED_IN
            90000 advance
        "#]]);
    }
}
