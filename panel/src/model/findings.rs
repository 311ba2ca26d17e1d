//! The list of all findings.

use callscope_protocol::{Finding, Severity};

use super::detail::FindingDetail;
use super::format::UtcOffset;
use super::source::Source;

/// The findings of a session, the worst first, then in session order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FindingsData {
    pub(crate) findings: Vec<FindingDetail>,
    /// How many messages were checked.
    pub(crate) checked: usize,
    /// Findings that are not listed, because nobody reads so many.
    pub(crate) more: usize,
}

/// More findings than this are counted only.
const MAX_FINDINGS: usize = 1_000;

impl FindingsData {
    pub(crate) fn new(source: &Source, offset: UtcOffset) -> Self {
        let session = source.session();
        let mut findings: Vec<&Finding> = session.findings().iter().collect();
        findings.sort_by(|a, b| {
            let by_time = || a.at.0.total_cmp(&b.at.0);
            b.severity
                .cmp(&a.severity)
                .then(a.seq.cmp(&b.seq))
                .then_with(by_time)
        });
        Self {
            more: findings.len().saturating_sub(MAX_FINDINGS),
            findings: findings
                .into_iter()
                .take(MAX_FINDINGS)
                .map(|finding| FindingDetail::new(source, finding, offset))
                .collect(),
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
