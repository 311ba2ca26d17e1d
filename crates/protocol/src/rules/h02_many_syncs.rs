//! H02: the handshake took many SYNCs.

use super::h01_sync_ack_slow;
use super::prelude::*;
use crate::state::Ack;

pub(super) const RULE: Rule = Rule {
    code: "H02",
    title: "Many SYNCs before SYNC_ACK",
    why: "The widget started listening late: it missed every earlier SYNC.",
    fix: "Call new CallingExtensions() first, at the top of the first script, and load \
          everything else after it.",
    severity: "note, from 20 SYNCs on",
    example: Example {
        breaks: r"
               0 host      SYNC .hostUrl=https://app.hubspot.com
             100 host      SYNC .hostUrl=https://app.hubspot.com
             200 host      SYNC .hostUrl=https://app.hubspot.com
             300 host      SYNC .hostUrl=https://app.hubspot.com
             400 host      SYNC .hostUrl=https://app.hubspot.com
             500 host      SYNC .hostUrl=https://app.hubspot.com
             600 host      SYNC .hostUrl=https://app.hubspot.com
             700 host      SYNC .hostUrl=https://app.hubspot.com
             800 host      SYNC .hostUrl=https://app.hubspot.com
             900 host      SYNC .hostUrl=https://app.hubspot.com
            1000 host      SYNC .hostUrl=https://app.hubspot.com
            1100 host      SYNC .hostUrl=https://app.hubspot.com
            1200 host      SYNC .hostUrl=https://app.hubspot.com
            1300 host      SYNC .hostUrl=https://app.hubspot.com
            1400 host      SYNC .hostUrl=https://app.hubspot.com
            1500 host      SYNC .hostUrl=https://app.hubspot.com
            1600 host      SYNC .hostUrl=https://app.hubspot.com
            1700 host      SYNC .hostUrl=https://app.hubspot.com
            1800 host      SYNC .hostUrl=https://app.hubspot.com
            1900 host      SYNC .hostUrl=https://app.hubspot.com
            1910 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                 ! H02 note SYNC_ACK came after 20 SYNCs and 1.9 s
            1911 widget    INITIALIZED isLoggedIn=true
        ",
        clean: r"
              0 host      SYNC .hostUrl=https://app.hubspot.com
            100 host      SYNC .hostUrl=https://app.hubspot.com
            101 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            102 widget    INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::On(&[MessageType::SyncAck], check)],
    ..Rule::ANY_VERSION
};

/// Two seconds at the SDK's pace.
const MANY: u32 = 20;

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(syncing) = &arrival.state.syncing else {
        return;
    };
    // If the host did not accept an answer, it is H06.
    let excused = syncing.interrupted || syncing.unaccepted.is_some();
    if arrival.ack == Some(Ack::NewLoad) && syncing.count >= MANY && !excused {
        let seconds = (arrival.at - syncing.first.at).0.max(0.0) / 1000.0;
        let count = syncing.count;
        let finding = report.note(format!(
            "SYNC_ACK came after {count} SYNCs and {seconds:.1} s"
        ));
        finding.see([syncing.first.seq]);
        if arrival.at - syncing.first.at > h01_sync_ack_slow::SLOW {
            finding.follows_from(&h01_sync_ack_slow::RULE, syncing.first.seq);
        }
    }
}
