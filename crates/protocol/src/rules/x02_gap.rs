//! X02: messages are missing from the recording.

use super::prelude::*;
use crate::{Gap, GapReason};

pub(super) const RULE: Rule = Rule {
    code: "X02",
    title: "Gap in the recording",
    why: "Rules about order and absence do not report anything that depends on what may be in the \
          gap.",
    fix: "Record again without pausing. If the buffer was full, keep the panel open while \
          Callscope records, or clear the list. If one side's messages are not recorded, \
          Callscope may not listen in the other side's origin: allow it and reload the page. \
          Plain http other than localhost cannot be allowed. A frame that is removed right after \
          it has posted something is gone when that arrives: remove it later.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 gap lost=12
                 ! X02 [–] note 12 messages are missing: a buffer was full
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT
        ",
    },
    hooks: &[Hook::Gap(check)],
    ..Rule::ANY_VERSION
};

fn check(_: &State, gap: &Gap, report: &mut Report<'_>) {
    let lost = gap
        .lost
        .map_or("Messages are".to_owned(), |lost| match lost {
            1 => "1 message is".to_owned(),
            lost => format!("{} messages are", thousands(lost)),
        });
    let message = match &gap.why {
        GapReason::BufferFull => format!("{lost} missing: a buffer was full"),
        GapReason::Paused => format!("{lost} missing: recording was paused"),
        GapReason::HalfMissing(side) => {
            format!("What the {} sends is not recorded", side.name())
        }
        GapReason::PageLeft => format!("{lost} missing: the page went away"),
        GapReason::SenderGone => format!("{lost} missing: the sending frame was gone"),
        GapReason::Other(why) => format!("{lost} missing: {why}"),
        // X01 and X03 report some of these; what was left out on purpose needs no fix.
        GapReason::LateStart
        | GapReason::Evicted
        | GapReason::Cleared
        | GapReason::LeftOut { .. } => {
            return;
        }
    };
    report.note(message);
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn reasons() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 gap lost=12
                 ! X02 [–] note 12 messages are missing: a buffer was full
            1001 gap paused
                 ! X02 [–] note Messages are missing: recording was paused
            1002 gap widget-missing
                 ! X02 [–] note What the widget sends is not recorded
            1003 gap lost=0
            1004 gap lost=1
                 ! X02 [–] note 1 message is missing: a buffer was full
            1005 gap page-left lost=3
                 ! X02 [–] note 3 messages are missing: the page went away
            1006 gap sender-gone lost=2
                 ! X02 [–] note 2 messages are missing: the sending frame was gone
        "#]]);
    }

    #[test]
    fn other_rules() {
        check(&expect![[r#"
            0 gap late-start
              ! X01 [–] note The recording began after the handshake; what was before cannot be checked
            1 gap evicted lost=7
              ! X03 [–] note The oldest 7 messages were dropped: the history was full
        "#]]);
    }

    #[test]
    fn more_than_can_be_counted() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 gap lost=18446744073709551615
                 ! X02 [–] note 18,446,744,073,709,551,615 messages are missing: a buffer was full
            2000 gap lost=18446744073709551615
                 ! X02 [–] note 18,446,744,073,709,551,615 messages are missing: a buffer was full
        "#]]);
    }
}
