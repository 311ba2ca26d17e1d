//! Limits on what is kept: one row per bound, which the parts obey and the panel shows.
//!
//! A page may send whatever it likes all day, so everything that it can make grow has a bound. What
//! exceeds a bound is counted, and becomes a gap.

/// What a bound counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A number of messages, frames or windows.
    Count,
    /// Bytes of text.
    Bytes,
}

/// A bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What is bounded, in the words of the panel and the guide.
    pub what: &'static str,
    /// The largest number allowed.
    pub most: usize,
    /// The unit of [`Bound::most`].
    pub unit: Unit,
}

/// Defines a constant for each row, and [`ALL`].
macro_rules! bounds {
    ($($name:ident: $most:expr, $unit:ident, $what:literal;)*) => {
        $(
            #[doc = concat!("At most: ", $what, ".")]
            pub const $name: usize = $most;
        )*

        /// All bounds, in the order in which a message meets them.
        pub const ALL: &[Bound] = &[
            $(Bound { what: $what, most: $name, unit: Unit::$unit },)*
        ];
    };
}

bounds! {
    KEPT_EVENTS: 200_000, Count, "events that a frame keeps until they are read";
    KEPT_UNDECIDED: 100, Count, "such events of a frame that has not spoken the protocol";
    TOLD_UNHEARD: 500, Count, "records from inside a page, before the recorder reads them";
    TOLD_KEPT: 2_000, Count, "records from inside a page, until they are read";
    TOLD_MESSAGE: 16 << 10, Bytes, "a message in a record from inside a page";
    TOLD_STACK: 4 << 10, Bytes, "a call stack in a record from inside a page";
    TOLD_WORDS: 1 << 10, Bytes, "any other text in a record from inside a page";
    SPEAKERS: 256, Count, "frames of which everything is kept because they speak the protocol";
    MESSAGE_BYTES: 256 << 10, Bytes, "a message as JSON";
    MESSAGE_LEVELS: 64, Count, "nested levels in a message";
    MESSAGE_VALUES: 50_000, Count, "values in a message";
    MESSAGE_NOTES: 100, Count, "remarks on what JSON cannot hold, in a message";
    WAITING_MESSAGES: 20_000, Count, "messages of a frame that wait to be handed on";
    WAITING_BYTES: 8 << 20, Bytes, "the text of such messages";
    HISTORY_BYTES: 16 << 20, Bytes, "the history of a page, unless you choose otherwise";
    PINNED_CONVERSATIONS: 20, Count, "conversations whose handshakes outlive the history";
    ASKED_SYNCS: 400, Count, "SYNCs of a conversation of which one may be the answered one";
    COUNTED_CONVERSATIONS: 200, Count, "conversations whose dropped messages are counted separately";
    PAIRS: 500, Count, "pairs of a page and a frame";
    DOCUMENTS: 1_000, Count, "documents of a page";
    WINDOWS: 1_000, Count, "windows whose frame is known";
    UNDECIDED_MESSAGES: 100, Count, "messages of a page and a frame before either surely speaks the protocol";
    UNDECIDED_BYTES: 4 << 20, Bytes, "the text of all messages of that kind";
    INSTANCES: 1_000, Count, "instances of the SDK whose frame is known";
    PAGE_FRAMES: 200, Count, "iframes in a page that are looked at";
    MESSAGE_IDS: 1_000, Count, "messageIds that are remembered to pair documents";
    MESSAGE_ID_BYTES: 256, Bytes, "a messageId that is remembered";
    PAUSES: 50, Count, "pauses of the recording that are remembered";
    TOLD_WAITING: 1_000, Count, "records from inside a page that wait for their conversation";
    TOLD_BYTES: 64 << 10, Bytes, "a text that comes from inside a page";
    PARKED_BYTES: 2 << 20, Bytes, "the session that is kept when you leave a page";
    LEFT_BYTES: 2 << 20, Bytes, "what a frame had not yet handed on when it went";
    LEFT_DOCUMENTS: 1_000, Count, "frames of a page of which that is kept";
    STORED_UNITS: 8_000_000, Bytes, "what is kept of the pages that all tabs have left";
}

/// The sizes in bytes that the user may choose instead of [`HISTORY_BYTES`].
pub const HISTORY_CHOICES: [usize; 4] = [4 << 20, HISTORY_BYTES, 64 << 20, 256 << 20];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn each_is_there_once_and_bounds_something() {
        let whats: HashSet<&str> = ALL.iter().map(|it| it.what).collect();
        assert_eq!(whats.len(), ALL.len());
        assert!(ALL.iter().all(|it| it.most > 0));
    }
}
