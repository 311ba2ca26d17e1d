//! T12: the host sends SYNC at another pace than the SDK.

use super::prelude::*;
use crate::state::{ASKING, Ack, SyncLoop, median_interval};

pub(super) const RULE: Rule = Rule {
    code: "T12",
    title: "Unusual SYNC rhythm",
    why: "The SDK sends SYNC every 100 ms until it is answered, and not again until the iframe is \
          reloaded. Another rhythm points to another implementation of the host.",
    fix: "Nothing to do in the widget. A host of your own can use the IFrameManager of the SDK, \
          and should reload the iframe before it asks again.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            5000 host      SYNC .hostUrl=https://app.hubspot.com
            6000 widget    LOGGED_OUT
                 ! T12 [#4] note SYNC came although the widget was ready and was not reloaded
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            5000 handshake 0.9.7-beta.0
        ",
    },
    hooks: &[
        Hook::On(&[MessageType::SyncAck], |arrival, report| {
            if arrival.ack == Some(Ack::NewLoad) {
                check_interval(arrival.state, report);
            }
        }),
        Hook::Due {
            when,
            check: |state, _, report| check_interval(state, report),
        },
        Hook::Every(check_stayed),
        Hook::End(check_stayed_until_end),
    ],
    ..Rule::ANY_VERSION
};

/// Enough SYNCs to know the pace.
const ENOUGH: usize = 5;

fn when(state: &State, after: Millis) -> Option<Millis> {
    state
        .syncing
        .as_ref()
        .map(SyncLoop::deadline)
        .filter(|deadline| *deadline > after)
}

fn check_interval(state: &State, report: &mut Report<'_>) {
    let Some(syncing) = state
        .syncing
        .as_ref()
        .filter(|syncing| !syncing.interrupted)
    else {
        return;
    };
    let Some(interval) = median_interval(&syncing.minted) else {
        return;
    };
    let is_usual = (80.0..=250.0).contains(&interval);
    if syncing.minted.len() >= ENOUGH && !is_usual && report.once(syncing.first.seq) {
        report
            .note(format!(
                "SYNC comes every {interval:.0} ms; the SDK sends it every 100 ms"
            ))
            .anchor(syncing.first.seq);
    }
}

/// The page that was ready sends another message: it was not reloaded, and the host asked in vain.
fn check_stayed(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(syncing) = &arrival.state.syncing else {
        return;
    };
    let known = syncing.widget_instance_before.as_deref();
    // A host that never stopped sending SYNC is H06, if it continues.
    let may_go_on = syncing.unaccepted.is_some() && arrival.at - syncing.last.at <= ASKING;
    // A SYNC from another host is H03.
    let is_stayed = syncing.after_ready && known.is_some() && arrival.instance == known;
    if arrival.from() == Side::Widget
        && !arrival.is_ack()
        && is_stayed
        && !syncing.new_host
        && !syncing.is_refusal
        && !may_go_on
    {
        tell_stayed(syncing, arrival.recorded.seq, report);
    }
}

/// The host sent one more SYNC right after the answer, and the recording ended.
fn check_stayed_until_end(state: &State, report: &mut Report<'_>) {
    let asked_on = |syncing: &&SyncLoop| syncing.unaccepted.is_some() && !syncing.is_refusal;
    let syncing = state.syncing.as_ref().filter(asked_on);
    if let Some((syncing, spoke)) = syncing.and_then(|it| Some((it, it.widget_stayed?))) {
        tell_stayed(syncing, spoke.seq, report);
    }
}

fn tell_stayed(syncing: &SyncLoop, spoke: u64, report: &mut Report<'_>) {
    if report.once(("stayed", syncing.first.seq)) {
        report
            .note("SYNC came although the widget was ready and was not reloaded")
            .anchor(syncing.first.seq)
            .see([spoke]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn slow() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
             500 host      SYNC .hostUrl=https://app.hubspot.com
            1000 host      SYNC .hostUrl=https://app.hubspot.com
            1500 host      SYNC .hostUrl=https://app.hubspot.com
            1900 host      SYNC .hostUrl=https://app.hubspot.com
            1901 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! T12 [#1] note SYNC comes every 500 ms; the SDK sends it every 100 ms
            1902 widget    INITIALIZED isLoggedIn=true
        "#]]);
    }

    #[test]
    fn as_the_sdk() {
        check(&expect![[r#"
              0 host      SYNC .hostUrl=https://app.hubspot.com
            100 host      SYNC .hostUrl=https://app.hubspot.com
            200 host      SYNC .hostUrl=https://app.hubspot.com
            300 host      SYNC .hostUrl=https://app.hubspot.com
            400 host      SYNC .hostUrl=https://app.hubspot.com
            401 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            402 widget    INITIALIZED isLoggedIn=true
            500 host      SYNC .hostUrl=https://app.hubspot.com .messageId=1699999999000_1700000000402
            900 widget    LOGGED_OUT
        "#]]);
    }

    #[test]
    fn once_more_right_after_the_answer() {
        check(&expect![[r#"
              0 handshake 0.9.7-beta.0
            150 host      SYNC .hostUrl=https://app.hubspot.com
            300 widget    LOGGED_OUT
            900 end
                ! T12 [#4] note SYNC came although the widget was ready and was not reloaded
        "#]]);
    }
}
