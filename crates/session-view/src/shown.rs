//! Which findings are shown: one answer for the bar, the counts, the rows and the list.
//!
//! All of them leave out what the user has cleared. What the filter hides is counted, and so is
//! what the user has muted.

use std::collections::BTreeSet;

use callscope_protocol::{Fact, Finding, Inside, Missing};
use callscope_session_log::Placed;

use crate::cleared::Cleared;
use crate::findings::Counts;
use crate::{SessionView, inside};

impl SessionView {
    /// What is cleared in the current options.
    fn cleared(&self) -> Option<&Cleared> {
        self.options().map(|options| &options.cleared)
    }

    /// Whether the user has cleared a fact, judging by the current options.
    #[must_use]
    pub fn is_cleared(&self, placed: &Placed) -> bool {
        self.cleared().is_some_and(|cleared| cleared.hides(placed))
    }

    /// Whether a fact is out of sight from another one: it is cleared, and the other is not.
    #[must_use]
    pub fn is_cleared_before(&self, placed: &Placed, other: &Placed) -> bool {
        self.is_cleared(placed) && !self.is_cleared(other)
    }

    /// The rules that are muted in the current options.
    pub(crate) fn muted(&self) -> Option<&BTreeSet<&'static str>> {
        self.options().map(|options| &options.muted)
    }

    /// Whether the user has muted its rule.
    #[must_use]
    pub fn is_muted(&self, finding: &Finding) -> bool {
        let muted = self.muted();
        muted.is_some_and(|muted| muted.contains(finding.rule.code))
    }

    /// Whether a finding is neither cleared nor hidden by the filter, muted or not.
    #[must_use]
    pub fn lists_finding(&self, finding: &Finding) -> bool {
        !self.clears_finding(finding) && self.shows_finding(finding)
    }

    /// Whether the filter hides a finding that is not cleared.
    #[must_use]
    pub fn filters_out_finding(&self, finding: &Finding) -> bool {
        !self.clears_finding(finding) && !self.shows_finding(finding)
    }

    fn clears_finding(&self, finding: &Finding) -> bool {
        let cleared = self.cleared();
        cleared.is_some_and(|cleared| cleared.hides_finding(self, finding))
    }

    /// The findings about the fact at this position that are not muted; if the filter asks for a
    /// rule or a severity, only findings that match.
    pub(crate) fn shown_findings_at(&self, position: usize) -> impl Iterator<Item = &Finding> {
        let findings = self.session().findings_at(position);
        findings.filter(|it| !self.is_muted(it) && self.means_finding(it))
    }

    /// Whether the entry with this id has a finding that is not muted.
    #[must_use]
    pub fn has_finding(&self, id: u64) -> bool {
        let Some((position, _)) = self.find(id) else {
            return false;
        };
        let mut findings = self.session().findings_at(position);
        findings.any(|it| !self.is_muted(it))
    }

    fn means_finding(&self, finding: &Finding) -> bool {
        (self.options()).is_none_or(|options| options.filter.means_finding(finding))
    }

    /// The findings that are neither cleared nor muted, whether or not the filter shows them.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.session().findings().iter();
        findings.filter(|it| !self.is_muted(it) && !self.clears_finding(it))
    }

    /// How many findings are muted, not counting cleared ones.
    #[must_use]
    pub fn muted_count(&self) -> usize {
        if self.muted().is_none_or(BTreeSet::is_empty) {
            return 0;
        }
        let findings = self.session().findings().iter();
        let is_counted = |it: &&Finding| self.is_muted(it) && !self.clears_finding(it);
        findings.filter(is_counted).count()
    }

    /// The [`findings`](Self::findings) that the filter shows: those of listed messages, and those
    /// without a message that match the filter themselves.
    pub fn shown_findings(&self) -> impl Iterator<Item = &Finding> {
        let findings = self.session().findings().iter();
        findings.filter(|it| self.tells(it))
    }

    /// Whether a finding is among the [`shown_findings`](Self::shown_findings).
    pub(crate) fn tells(&self, finding: &Finding) -> bool {
        !self.is_muted(finding) && self.lists_finding(finding)
    }

    fn shows_finding(&self, finding: &Finding) -> bool {
        let anchor = self.session().anchor_of(finding);
        let anchor = anchor.and_then(|placed| Some((self.session().position(placed.id)?, placed)));
        match anchor.map(|(position, placed)| (position, &placed.fact)) {
            Some((position, Fact::Message(_))) => {
                !self.rows().hides(position) && self.means_finding(finding)
            }
            Some((position, Fact::Inside(inside))) => {
                self.shows_inside(position, inside) && self.means_finding(finding)
            }
            _ => (self.options()).is_none_or(|options| options.filter.matches_finding(finding)),
        }
    }

    /// Whether the filter shows the report of a page at this position.
    pub(crate) fn shows_inside(&self, position: usize, inside: &Inside) -> bool {
        let source = self.source();
        (self.options())
            .is_none_or(|options| source.matches_inside(&options.filter, position, inside))
    }

    /// How many findings there are of each severity, whether or not the filter shows them.
    #[must_use]
    pub fn finding_counts(&self) -> Counts {
        let is_any_muted = self.muted().is_some_and(|muted| !muted.is_empty());
        if !is_any_muted && self.cleared().is_none_or(Cleared::is_empty) {
            Counts::of(self.session())
        } else {
            Counts::of_these(self.session(), self.findings())
        }
    }

    /// The findings about the entry with this id: those of its fact or, of a page's report that
    /// repeats an earlier one, those of the earlier one.
    #[must_use]
    pub fn findings_of_entry(&self, id: u64) -> Vec<&Finding> {
        let session = self.session();
        let Some((position, placed)) = self.find(id) else {
            return Vec::new();
        };
        let own: Vec<&Finding> = session.findings_at(position).collect();
        let Fact::Inside(inside) = &placed.fact else {
            return own;
        };
        if !own.is_empty() {
            return own;
        }
        let sentence = inside::sentence(inside);
        let is_of_same = |finding: &&Finding| match session.anchor_of(finding).map(|it| &it.fact) {
            Some(Fact::Inside(other)) => inside::sentence(other) == sentence,
            _ => false,
        };
        let earlier = session.findings_without_message();
        earlier.filter(is_of_same).take(1).collect()
    }

    /// How many messages are missing, not counting those from before the list was cleared;
    /// [`words::missing`] puts it into words.
    #[must_use]
    pub fn missing(&self) -> Missing {
        let is_shown = |it: &&Placed| !self.is_cleared(it);
        let mut missing = Missing::default();
        let others = self.session().other_facts().map(|(_, placed)| placed);
        for placed in others.filter(is_shown) {
            let Fact::Gap(gap) = &placed.fact else {
                continue;
            };
            missing.add(gap);
        }
        missing
    }
}
