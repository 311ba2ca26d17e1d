//! The list of all findings.

use callscope_protocol::Finding;
use callscope_session_view::SessionView;
use callscope_session_view::card::FindingCard;
use callscope_session_view::findings::{self, Counts, Group, Told};
use callscope_session_view::visible::sentence;
use callscope_session_view::words::{self, UtcOffset};

/// The findings of a session: the worst first, those of one rule together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FindingsData {
    pub(crate) groups: Vec<FindingGroup>,
    /// How many messages were checked.
    pub(crate) checked: usize,
    /// How many findings are told, without those of strangers.
    pub(crate) count: usize,
    /// How many the filter hides.
    pub(crate) hidden: usize,
}

/// The findings of one rule with one severity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FindingGroup {
    /// What stands before it, if it is the first of a stranger's: "Conversation 2: not a frame
    /// that HubSpot syncs with".
    pub(crate) heading: Option<String>,
    /// The first of them, in full.
    pub(crate) first: FindingCard,
    /// All that are listed, the first included.
    pub(crate) places: Vec<Place>,
    /// How many there are.
    pub(crate) count: usize,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// The rule.
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) time: String,
    /// Its message's number, and what that is called: "41 `SYNC_ACK`".
    pub(crate) anchor: Option<(u64, String)>,
    /// Its conversation; `None` if the session has none.
    pub(crate) conversation: Option<u32>,
    /// What follows from it, with what stands before that: "and 2 more follow from it".
    pub(crate) consequences: Vec<Place>,
    pub(crate) more: Option<String>,
}

/// More findings of one rule, or consequences of one finding, than this are counted only.
const MAX_PLACES: usize = 8;

impl FindingsData {
    pub(crate) fn new(source: &SessionView, offset: UtcOffset) -> Self {
        let session = source.session();
        let is_strangers = |it: &Finding| findings::is_strangers(session, it);
        let groups = findings::groups(source.shown_findings(), is_strangers);
        let count = Counts::of_these(session, source.shown_findings()).total();
        let mut last = None;
        let mut group = |group: &Group<'_>| {
            let told = group.told.iter().take(MAX_PLACES);
            let is_next = std::mem::replace(&mut last, group.stranger) != group.stranger;
            let stranger = group.stranger.filter(|_| is_next);
            Some(FindingGroup {
                heading: stranger.map(|id| format!("Conversation {}: {}", id.0, words::STRANGER)),
                first: FindingCard::new(source, group.told.first()?.finding),
                places: told.map(|it| Place::new(source, offset, it)).collect(),
                count: group.told.len(),
            })
        };
        Self {
            groups: groups.iter().filter_map(&mut group).collect(),
            checked: session.message_count(),
            count,
            hidden: source.finding_counts().total() - count,
        }
    }
}

impl FindingsData {
    /// All that is listed, in the order in which it stands there.
    pub(crate) fn places(&self) -> impl Iterator<Item = &Place> {
        let places = self.groups.iter().flat_map(|group| &group.places);
        places.flat_map(|place| std::iter::once(place).chain(&place.consequences))
    }
}

impl Place {
    fn new(source: &SessionView, offset: UtcOffset, told: &Told<&Finding>) -> Self {
        let consequences = told.consequences.iter().take(MAX_PLACES);
        Self {
            code: told.finding.rule.code,
            message: sentence(&told.finding.message).into_owned(),
            time: offset.time_of_day(told.finding.at),
            anchor: told.finding.seq.map(|seq| (seq, source.named(seq))),
            conversation: source
                .session()
                .conversations()
                .any(|it| it.id == told.finding.conversation)
                .then_some(told.finding.conversation.0),
            consequences: consequences
                .map(|it| Self::new(source, offset, &Told::alone(it)))
                .collect(),
            more: (!told.consequences.is_empty())
                .then(|| words::consequences(told.consequences.len())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::{recorded, source};

    /// HubSpot asks twice for one click, and the widget dials at each.
    #[test]
    fn consequences_are_told_under_their_cause() {
        let source = source(
            r#"
            host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
            widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
            widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
            host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
            host   {"type":"DIAL_NUMBER","messageId":"17_3","data":{"phoneNumber":"+15550100"}}
            widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
            widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_3","data":{"toNumber":"+15550100","externalCallId":"b","createEngagement":true}}
            "#,
        );
        let data = FindingsData::new(&source, UtcOffset::default());
        let cause = data
            .groups
            .iter()
            .find(|it| it.first.code == "C03")
            .unwrap();
        let [place] = cause.places.as_slice() else {
            panic!("{:?}", cause.places);
        };
        assert_eq!(place.more.as_deref(), Some("and 1 more follows from it"));
        assert_eq!(place.consequences[0].code, "C01");
        assert_eq!(
            place.consequences[0].anchor,
            Some((7, "7 OUTGOING_CALL_STARTED".to_owned()))
        );
        assert!(data.groups.iter().all(|it| it.first.code != "M32"));
    }

    /// What a frame does that HubSpot does not sync with stands last, under its conversation, and
    /// is counted nowhere else.
    #[test]
    fn a_strangers_findings_are_apart() {
        let log = include_bytes!("../../../crates/cli/tests/logs/stranger.callscope.jsonl");
        let source = recorded(log);
        let data = FindingsData::new(&source, UtcOffset::default());
        let told: Vec<String> = data
            .groups
            .iter()
            .map(|group| {
                let heading = group.heading.as_deref().unwrap_or_default();
                format!("{heading} {} {}", group.first.severity, group.first.code)
            })
            .collect();
        let expected = [
            " note S06",
            "Conversation 2: not a frame that HubSpot syncs with note M01",
            " note X01",
            " note T21",
            " note H04",
        ];
        assert_eq!(told, expected);
        assert!(data.groups[1].first.stranger.is_some());
        let counts = Counts::of(source.session());
        assert_eq!(counts.worst_first().map(|(_, count)| count), [0, 0, 1]);
        assert_eq!(counts.of_strangers, 4);
    }

    #[test]
    fn findings_of_one_rule_stand_together() {
        let lines: Vec<String> = (0..30)
            .map(|n| format!(r#"widget {{"type":"NO_SUCH_TYPE_{n}","messageId":"18_{n}"}}"#))
            .collect();
        let source = source(&lines.join("\n"));
        let data = FindingsData::new(&source, UtcOffset::default());
        let count: usize = data.groups.iter().map(|group| group.count).sum();
        assert_eq!(count, source.session().findings().len());
        for group in &data.groups {
            assert_eq!(group.places.len(), group.count.min(MAX_PLACES));
            assert_eq!(group.places[0].message, group.first.message);
        }
        assert!(
            data.groups
                .windows(2)
                .all(|it| it[0].first.severity >= it[1].first.severity)
        );
        assert!(data.groups.iter().any(|group| group.count > MAX_PLACES));
    }
}
