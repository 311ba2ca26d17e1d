//! `gap`: messages are missing here.

use callscope_protocol::{ConversationId, Gap, GapReason, Side};

use crate::error::LineError;
use crate::fields::Fields;
use crate::keys::Kind;
use crate::line_writer::LineWriter;

pub(crate) const KIND: Kind = Kind {
    name: "gap",
    keys: &["at", "conversation", "lost", "why", "sameState"],
};

pub(crate) fn read(fields: &mut Fields<'_>) -> Result<Gap, LineError> {
    Ok(Gap {
        at: fields.at()?,
        conversation: fields.conversation("conversation")?,
        lost: fields.whole("lost")?,
        why: reason(
            &fields.text("why")?.unwrap_or_default(),
            fields.flag("sameState")?.unwrap_or_default(),
        ),
    })
}

/// Writes a gap as one line, without a line end.
#[must_use]
pub fn write_gap(gap: &Gap) -> String {
    write(gap).finish()
}

pub(crate) fn write(gap: &Gap) -> LineWriter {
    let Gap {
        at,
        conversation,
        lost,
        why: reason,
    } = gap;
    let mut line = LineWriter::new(&KIND);
    line.at(*at);
    if let Some(ConversationId(conversation)) = conversation {
        line.whole("conversation", u64::from(*conversation));
    }
    if let Some(lost) = lost {
        line.whole("lost", *lost);
    }
    let words = why(reason);
    if !words.is_empty() {
        line.text("why", words);
    }
    if *reason == (GapReason::LeftOut { same_state: true }) {
        line.raw("sameState", "true");
    }
    line
}

/// The text of a reason in a log's `why` key.
fn why(reason: &GapReason) -> &str {
    match reason {
        GapReason::BufferFull => "buffer full",
        GapReason::Evicted => "evicted",
        GapReason::Paused => "paused",
        GapReason::Cleared => "cleared",
        GapReason::LeftOut { .. } => "left out",
        GapReason::LateStart => "late start",
        GapReason::HalfMissing(Side::Host) => "host half missing",
        GapReason::HalfMissing(Side::Widget) => "widget half missing",
        GapReason::PageLeft => "page left",
        GapReason::SenderGone => "sender gone",
        GapReason::Other(words) => words,
    }
}

/// The reason that these words stand for; `same_state` means something only for one of them.
fn reason(words: &str, same_state: bool) -> GapReason {
    match words {
        "buffer full" => GapReason::BufferFull,
        "evicted" => GapReason::Evicted,
        "paused" => GapReason::Paused,
        "cleared" => GapReason::Cleared,
        "left out" => GapReason::LeftOut { same_state },
        "late start" => GapReason::LateStart,
        "host half missing" => GapReason::HalfMissing(Side::Host),
        "widget half missing" => GapReason::HalfMissing(Side::Widget),
        "page left" => GapReason::PageLeft,
        "sender gone" => GapReason::SenderGone,
        other => GapReason::Other(other.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_words() {
        for reason_in in [
            GapReason::BufferFull,
            GapReason::Evicted,
            GapReason::Paused,
            GapReason::Cleared,
            GapReason::LeftOut { same_state: false },
            GapReason::LateStart,
            GapReason::HalfMissing(Side::Host),
            GapReason::HalfMissing(Side::Widget),
            GapReason::PageLeft,
            GapReason::SenderGone,
            GapReason::Other("disk full".to_owned()),
        ] {
            assert_eq!(reason(why(&reason_in), false), reason_in);
        }
    }
}
