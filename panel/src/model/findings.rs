//! The list of all findings.

use callscope_protocol::{Finding, Severity};

use super::detail::FindingDetail;
use super::format::UtcOffset;
use super::source::Source;

/// The findings of a session: the worst first, those of one rule together.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FindingsData {
    pub(crate) groups: Vec<FindingGroup>,
    /// How many messages were checked.
    pub(crate) checked: usize,
}

/// The findings of one rule with one severity.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FindingGroup {
    /// The first of them, in full.
    pub(crate) first: FindingDetail,
    /// All that are listed, the first included.
    pub(crate) places: Vec<Place>,
    /// How many there are.
    pub(crate) count: usize,
}

/// Where a finding is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) message: String,
    pub(crate) time: String,
    /// Its message's number, and what that is called: "41 `SYNC_ACK`".
    pub(crate) anchor: Option<(u64, String)>,
    pub(crate) conversation: u32,
}

/// More findings of one rule than this are counted only.
const MAX_PLACES: usize = 8;

impl FindingsData {
    pub(crate) fn new(source: &Source, offset: UtcOffset) -> Self {
        let session = source.session();
        let mut findings: Vec<&Finding> = session.findings().iter().collect();
        // The sort keeps the order of the session where it decides nothing.
        findings.sort_by_key(|it| std::cmp::Reverse(it.severity));
        let mut groups: Vec<FindingGroup> = Vec::new();
        for finding in findings {
            let detail = || FindingDetail::new(source, finding);
            let same = groups.iter_mut().find(|group| {
                (group.first.code, group.first.severity) == (finding.rule.code, finding.severity)
            });
            let group = match same {
                Some(group) if group.places.len() >= MAX_PLACES => {
                    group.count += 1;
                    continue;
                }
                Some(group) => group,
                None => {
                    groups.push(FindingGroup {
                        first: detail(),
                        places: Vec::new(),
                        count: 0,
                    });
                    let last = groups.len() - 1;
                    &mut groups[last]
                }
            };
            group.count += 1;
            group.places.push(Place {
                message: finding.message.clone(),
                time: offset.time_of_day(finding.at),
                anchor: detail().anchor,
                conversation: finding.conversation.0,
            });
        }
        Self {
            groups,
            checked: session.frame_count(),
        }
    }
}

/// How many findings there are of each severity, the worst first.
pub(crate) fn counts(source: &Source) -> [(Severity, usize); 3] {
    let mut counts =
        Severity::ALL.map(|severity| (severity, source.session().finding_count(severity)));
    counts.reverse();
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::source;

    #[test]
    fn findings_of_one_rule_stand_together() {
        let sync = r#"host {"type":"SYNC","messageId":"m","hostUrl":"https://app.hubspot.com/"}"#;
        let source = source(&[sync; 30].join("\n"));
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
