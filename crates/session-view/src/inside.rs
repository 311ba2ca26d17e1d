//! What a page reported about itself, in words, and the call sites of messages.

use callscope_protocol::{Fact, Inside, InsideKind, MessageType, RecordedMessage, Side};

use crate::calls::TieLine;
use crate::card::Labeled;
use crate::value::cut;
use crate::view::{CLOCKS, Source};
use crate::visible;
use crate::words;
use crate::{Digest, SessionView};

/// The most characters of a broadcast value that are shown in one line.
const LONGEST_VALUE: usize = 120;

/// A report as one line.
#[must_use]
pub fn sentence(inside: &Inside) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let type_name = match inside.type_name.as_deref() {
        Some(name) if !name.is_empty() => name,
        _ => "a message without a type",
    };
    let site = inside
        .call_site()
        .map_or_else(String::new, |site| format!(" ({site})"));
    let channel = |verb: &str| {
        let value = cut(&text(&inside.message), LONGEST_VALUE);
        format!(
            "BroadcastChannel {}: {verb} {value}{site}",
            text(&inside.channel)
        )
    };
    match inside.what {
        InsideKind::Dropped => format!("Dropped before the SDK was ready: {type_name}{site}"),
        InsideKind::Unhandled => format!("No handler for {type_name}"),
        InsideKind::Undelivered => format!("{}{site}", inside.undelivered()),
        InsideKind::Error => format!("Script failed: {}", inside.failure()),
        InsideKind::Rejection => format!("Promise rejected: {}", inside.failure()),
        InsideKind::Sent => format!("{type_name} posted{site}"),
        InsideKind::ChannelPosted => channel("posted"),
        InsideKind::ChannelReceived => channel("received"),
        InsideKind::Redirected => inside.redirected(),
        InsideKind::Lost => format!("{} more were reported and not kept", text(&inside.text)),
    }
}

/// Who reported it, as the title of its details.
#[must_use]
pub const fn title(inside: &Inside) -> &'static str {
    match (inside.what, inside.side) {
        (InsideKind::Redirected, _) => "The widget's frame was redirected",
        (_, Side::Widget) => "Reported by the widget's page",
        (_, Side::Host) => "Reported by the host's page",
    }
}

/// Everything that is known about a report.
#[must_use]
pub fn facts(inside: &Inside) -> Vec<Labeled> {
    let mut facts = vec![("what", sentence(inside))];
    let is_found = inside.what == InsideKind::Redirected;
    let (by, who) = if is_found {
        (
            "found by",
            "Callscope, from where the frames are".to_owned(),
        )
    } else {
        let origin = words::known_origin(Some(&inside.origin));
        let who = format!("{origin}, the {}'s page", inside.side.name());
        ("reported by", who)
    };
    facts.push((by, who));
    let (target, recipient) = if is_found {
        ("SYNC goes to", "frame is at")
    } else {
        ("posted to", "recipient")
    };
    if let Some(id) = inside.conversation {
        facts.push(("conversation", id.0.to_string()));
    }
    for (label, text) in [
        ("type", &inside.type_name),
        ("messageId", &inside.message_id),
        ("message", &inside.text),
        ("place", &inside.place),
        (target, &inside.target),
        (recipient, &inside.recipient),
        ("channel", &inside.channel),
        ("value", &inside.message),
        ("stack", &inside.stack),
    ] {
        if let Some(text) = text {
            facts.push((label, text.clone()));
        }
    }
    for (_, text) in &mut facts {
        // A stack has several lines.
        let lines = text
            .lines()
            .map(|line| visible::sentence(line).into_owned());
        *text = lines.collect::<Vec<String>>().join("\n");
    }
    facts
}

/// What a page reported about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutMessage {
    /// The report's entry.
    pub id: u64,
    /// The text of a link to it: "the widget's page".
    pub name: String,
    /// The report as one line.
    pub words: String,
}

/// How many facts before a report its message is looked for: a page reports at once.
const FAR: usize = 256;

/// The most reports that are listed for one message.
const MOST: usize = 4;

/// The type of the messages that a report may be about.
fn type_of_message(inside: &Inside) -> Option<&str> {
    let type_name = inside.type_name.as_deref()?;
    match inside.what {
        InsideKind::Unhandled => Some(type_name),
        InsideKind::Undelivered if type_name == MessageType::SyncAck.name() => {
            Some(MessageType::Sync.name())
        }
        _ => None,
    }
}

/// Whether a report may be about a message.
fn may_be_about(inside: &Inside, recorded: &RecordedMessage, digest: &Digest) -> bool {
    recorded.from == inside.side.other()
        && Some(recorded.conversation) == inside.conversation
        && type_of_message(inside).is_some_and(|it| *digest.type_name == *it)
}

impl<'a> Source<'a> {
    /// The message that the report at this position is about: the one without a handler, or the
    /// `SYNC` whose answer could not be delivered. What the page itself sent in vain is not recorded.
    pub(crate) fn message_of(
        self,
        position: usize,
        inside: &Inside,
    ) -> Option<&'a RecordedMessage> {
        type_of_message(inside)?;
        let before = (position.saturating_sub(FAR)..position).rev();
        let candidates = || {
            before.clone().filter_map(|position| {
                let placed = self.fact(position)?;
                let recorded = placed.message()?;
                let digest = self.digests.get(placed.id)?;
                may_be_about(inside, recorded, digest).then_some((recorded, digest))
            })
        };
        let id = inside.message_id.as_deref();
        let mut answered = candidates();
        let answered = answered.find(|(it, digest)| Some(digest.message_id(&it.message)) == id);
        let (found, _) = answered.or_else(|| candidates().next())?;
        Some(found)
    }
}

impl SessionView {
    /// What pages reported about a message, such as that there is no handler for it.
    #[must_use]
    pub fn reports_about(&self, recorded: &RecordedMessage) -> Vec<AboutMessage> {
        let source = self.source();
        let found = self.id_of(recorded.seq).and_then(|id| self.find(id));
        let Some((position, digest)) =
            found.and_then(|(position, placed)| Some((position, self.digest(placed.id)?)))
        else {
            return Vec::new();
        };
        let after = (position + 1)..=(position + FAR);
        let reports = after.filter_map(|position| {
            let placed = source.fact(position)?;
            let Fact::Inside(inside) = &placed.fact else {
                return None;
            };
            let is_about = may_be_about(inside, recorded, digest)
                && source.message_of(position, inside)?.seq == recorded.seq;
            is_about.then(|| AboutMessage {
                id: placed.id,
                name: self.entry_name(placed),
                words: visible::sentence(&sentence(inside)).into_owned(),
            })
        });
        reports.take(MOST).collect()
    }

    /// How a report relates to the message that it is about, if that is recorded.
    #[must_use]
    pub fn tie_of_report(&self, id: u64) -> Option<TieLine> {
        let (position, placed) = self.find(id)?;
        let Fact::Inside(inside) = &placed.fact else {
            return None;
        };
        let seq = self.source().message_of(position, inside)?.seq;
        let name = match inside.what {
            InsideKind::Undelivered => "answer to",
            _ => "about",
        };
        Some(TieLine {
            name,
            other: Some((seq, self.named(seq))),
            words: String::new(),
        })
    }

    /// Where in the page's scripts a message was sent, if its page reported it.
    ///
    /// The SDK repeats its ids, so the first report of an id, a type and a sender belongs to the
    /// first such message. If some were not recorded, it is the last report before the message
    /// arrived.
    #[must_use]
    pub fn call_site(&self, recorded: &RecordedMessage) -> Option<String> {
        let digest = self.digest(self.id_of(recorded.seq)?)?;
        let sent = self.sent_as(digest, recorded);
        if sent.is_empty() {
            // The usual case. Finding messages with the same id means looking at all of them.
            return None;
        }
        let same = self.same_as(digest, recorded);
        let rank = same.iter().position(|seq| *seq == recorded.seq)?;
        let inside = if sent.len() == same.len() {
            sent.get(rank)
        } else {
            let before = |it: &&&Inside| it.at.0 <= recorded.at.0 + CLOCKS;
            sent.iter().rfind(before)
        };
        inside?.call_site()
    }
}
