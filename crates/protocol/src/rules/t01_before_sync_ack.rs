//! T01: the widget sends messages before it has answered the handshake.

use super::prelude::*;
use crate::state::{Ack, EarlyMessage, SyncLoop};

pub(super) const RULE: Rule = Rule {
    code: "T01",
    title: "Widget message before SYNC_ACK",
    why: "The host is not ready yet. The real SDK drops whatever the widget sends before the \
          handshake and only logs a warning, so this message comes from another implementation, \
          or from one that lost its handshake.",
    fix: "Call initialized() from the onReady handler, and every other method of the SDK after \
          it; the SDK drops earlier calls with a warning. In an implementation of your own, post \
          nothing before SYNC_ACK.",
    severity: "error; note for INITIALIZED of SDK 0.0.1, which sends it first",
    example: Example {
        breaks: r"
             0 host      SYNC .hostUrl=https://app.hubspot.com
             5 widget    LOGGED_IN
               ! T01 error LOGGED_IN came before the widget answered the handshake with SYNC_ACK
            10 widget    INITIALIZED isLoggedIn=true
            20 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               ! T01 [#3] error INITIALIZED came before the widget answered the handshake with SYNC_ACK
        ",
        clean: r"
             0 host      SYNC .hostUrl=https://app.hubspot.com
             2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             3 widget    INITIALIZED isLoggedIn=true
            10 widget    LOGGED_OUT
        ",
    },
    hooks: &[
        Hook::Every(check),
        Hook::On(&[MessageType::SyncAck], judge_hasty),
        Hook::Due {
            when,
            check: |state, _, report| give_up(state, report),
        },
        Hook::Leave(give_up),
        Hook::End(give_up),
    ],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || arrival.is_ack() || arrival.type_name.is_none() {
        return;
    }
    judge_unplaced(arrival, report);
    let state = arrival.state;
    let Some(syncing) = &state.syncing else {
        return;
    };
    let excused = syncing.interrupted
        || syncing.mismatched.is_some()
        || syncing.without_id.is_some()
        || !state.hears_host()
        || state.is_from_ready_page(syncing, arrival.instance);
    // INITIALIZED is judged once the version is known.
    if excused || arrival.is(MessageType::Initialized) {
        return;
    }
    report
        .error(format!(
            "{} came before the widget answered the handshake with SYNC_ACK",
            arrival.name()
        ))
        .see([syncing.first.seq]);
}

/// Judges messages from before the first SYNC: they are too early only if they came from the page
/// that answers now.
fn judge_unplaced(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let state = arrival.state;
    if state.answered.is_none() || state.syncing.is_some() || state.gapped {
        return;
    }
    for early in &state.unplaced {
        if early.instance.is_some() && early.instance.as_deref() == arrival.instance {
            report
                .error(format!("{} came before the handshake", early.type_name))
                .anchor(early.mark.seq)
                .see(state.answered.as_ref().map(|ack| ack.mark.seq));
        }
    }
}

fn judge_hasty(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.ack != Some(Ack::NewLoad) {
        return;
    }
    for early in &arrival.state.hasty {
        if arrival.state.view.generation == SdkGeneration::First {
            report
                .note("SDK 0.0.1 sends INITIALIZED before SYNC_ACK")
                .anchor(early.mark.seq)
                .see([arrival.recorded.seq]);
        } else {
            tell(early, report).see([arrival.recorded.seq]);
        }
    }
}

fn tell<'a>(early: &EarlyMessage, report: &'a mut Report<'_>) -> &'a mut Finding {
    let message = "INITIALIZED came before the widget answered the handshake with SYNC_ACK";
    report.error(message).anchor(early.mark.seq)
}

fn when(state: &State, after: Millis) -> Option<Millis> {
    let waits = !state.hasty.is_empty();
    state
        .syncing
        .as_ref()
        .filter(|_| waits)
        .map(SyncLoop::deadline)
        .filter(|due| *due > after)
}

/// Judges INITIALIZED after all, because no answer will name the version any more.
fn give_up(state: &State, report: &mut Report<'_>) {
    let Some(syncing) = &state.syncing else {
        return;
    };
    if syncing.mismatched.is_some() || syncing.without_id.is_some() || syncing.interrupted {
        return;
    }
    for early in &state.hasty {
        let stayed = state.is_from_ready_page(syncing, early.instance.as_deref());
        if !stayed && report.once(early.mark.seq) {
            tell(early, report);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_message_before_the_question() {
        check(&expect![[r#"
             0 widget    INITIALIZED isLoggedIn=true
            10 ready 0.9.7-beta.0
            20 widget    LOGGED_IN
               ! T01 [#1] error INITIALIZED came before the handshake
               ! S06 note LOGGED_IN came although the user is logged in
        "#]]);
    }

    #[test]
    fn no_answer_at_all() {
        check(&expect![[r#"
                0 host      SYNC .hostUrl=https://app.hubspot.com
                5 widget    INITIALIZED isLoggedIn=true
            31000 advance
                  ! H01 [#1] note The handshake is slow: no SYNC_ACK within 2 s
                  ! T01 [#2] error INITIALIZED came before the widget answered the handshake with SYNC_ACK
                  ! T13 [#1] error No SYNC_ACK within 30 s; SYNC was sent once
        "#]]);
    }

    #[test]
    fn the_first_version_initializes_first() {
        check(&expect![[r#"
            0 host      SYNC
            1 widget    INITIALIZED isLoggedIn=true
            2 widget    SYNC_ACK .version=1.0.0
              ! T01 [#2] note SDK 0.0.1 sends INITIALIZED before SYNC_ACK
        "#]]);
    }

    #[test]
    fn a_host_that_asks_again_finds_the_page_ready() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host2     SYNC .hostUrl=https://app.hubspot.com
            1100 widget    LOGGED_OUT
                 ! H03 [#4] warning Another host sends SYNC, but the widget was not reloaded and will not answer it
        "#]]);
    }

    #[test]
    fn what_came_before_the_recording_is_not_judged() {
        check(&expect![[r#"
             0 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
               ! X01 note The recording began after the handshake; what was before cannot be checked
            10 widget    LOGGED_OUT
            20 widget    LOGGED_IN
        "#]]);
    }
}
