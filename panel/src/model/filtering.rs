//! The filter, its suggestions, and DevTools' search.

use std::ops::Range;
use std::rc::Rc;

use callscope_session_view::filter::{Filter, FilterProblem, Vocabulary, begins_name};
use callscope_session_view::rows::RowKind;

use super::Model;
use super::cached::Cached;
use super::settings::SavedFilter;
use crate::action::{Move, View};
use crate::event::Effect;

/// The state of the filter field besides its text.
#[derive(Debug, Default)]
pub(crate) struct Filtering {
    /// What the session offers as suggestions; while messages stream in, it is not computed for
    /// each.
    vocabulary: Cached<VocabularyKey, Vocabulary>,
    /// The search text and the filter that finds it.
    pub(crate) finding: Option<Finding>,
    /// The text of the filter in force.
    in_force: String,
    /// The filter as it stands in the field, and its text: not that in force while a name is being
    /// typed.
    exact: (Filter, String),
    /// What comes into force if the term that is being edited is wrong.
    settled: Settled,
    /// Whether the text only lacks the value that comes next.
    is_unfinished: bool,
}

/// The last filter that the user can have meant.
///
/// While `severity>=error` is typed, `severity` is a valid search for text, but nobody wants that
/// to stay when a typing mistake follows. So bare words count only once another term is edited, and
/// so does what is left of a term while it is deleted.
#[derive(Debug, Default)]
struct Settled {
    filter: Filter,
    text: String,
    /// What stands before and after the term that is being edited.
    around: (String, String),
}

/// What a vocabulary depends on.
type VocabularyKey = (bool, u64);

/// The age up to which a vocabulary is reused, in milliseconds.
const VOCABULARY_AGE: f64 = 2_000.0;

/// A search by DevTools.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) text: String,
    filter: Filter,
}

impl Model {
    /// Sets the text of the field. A name that is being typed there counts as the beginning of
    /// one; what is set otherwise, and what is set once more, counts as it stands.
    pub(super) fn set_filter(&mut self, text: String) {
        let Edit {
            term: edited,
            only_removes,
            is_key,
        } = Edit::between(&self.filter_text, &text);
        let (before, rest) = text.split_at_checked(edited.start).unwrap_or_default();
        let (term, after) = (rest.split_at_checked(edited.len())).unwrap_or_default();
        let settled = &mut self.filtering.settled;
        if (settled.around.0.as_str(), settled.around.1.as_str()) != (before, after) {
            let (filter, text) = self.filtering.exact.clone();
            *settled = Settled {
                filter,
                text,
                around: (before.to_owned(), after.to_owned()),
            };
        }
        let parsed = Filter::parse(&text);
        self.filtering.is_unfinished = parsed.as_ref().is_err_and(|error| {
            let lacks_value = matches!(error.problem, FilterProblem::NoValue { .. });
            lacks_value && error.at.end == edited.end
        });
        match parsed {
            Ok(filter) => {
                let words = text.trim();
                let is_meant = !only_removes && !Filter::is_plain(term);
                if is_meant || words.is_empty() {
                    settled.filter.clone_from(&filter);
                    words.clone_into(&mut settled.text);
                }
                self.filter_error = None;
                self.filtering.exact = (filter.clone(), words.to_owned());
                let prefix = (is_key && begins_name(before, term, self.shown())).then(|| {
                    let text = format!("{before}{term}*{after}");
                    Filter::parse(&text).map(|filter| (filter, text.trim().to_owned()))
                });
                let (filter, words) = match prefix {
                    Some(Ok(prefix)) => prefix,
                    _ => (filter, words.to_owned()),
                };
                self.put_in_force(filter, words);
            }
            Err(error) => {
                let (filter, words) = (settled.filter.clone(), settled.text.clone());
                self.filter_error = Some(error);
                self.filtering.exact = (filter.clone(), words.clone());
                self.put_in_force(filter, words);
            }
        }
        self.filter_text = text;
        self.forget_filter_before();
    }

    fn put_in_force(&mut self, filter: Filter, text: String) {
        self.filtering.in_force = text;
        if filter != self.view_options.filter {
            self.view_options.filter = filter;
            self.options_revision += 1;
            self.nudges.reveal = true;
            // Messages shown again are not new.
            self.recounts = true;
            self.announce_filtered();
        }
    }

    /// The filter in force, as it was typed: not the field's text while that has an error.
    pub(crate) fn filter_in_force(&self) -> &str {
        &self.filtering.in_force
    }

    /// Whether the error is only that the value has yet to be typed.
    pub(crate) const fn is_filter_unfinished(&self) -> bool {
        self.filtering.is_unfinished
    }

    /// The shown session's suggestions for the filter; computed only while the field is used.
    pub(crate) fn vocabulary(&mut self) -> Rc<Vocabulary> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive and far below 2^53"
        )]
        let age = (self.now.0 / VOCABULARY_AGE).max(0.0) as u64;
        let key = (self.imported.is_some(), age);
        let mut cached = std::mem::take(&mut self.filtering.vocabulary);
        let vocabulary = cached.get(key, || Vocabulary::of(self.shown()));
        self.filtering.vocabulary = cached;
        vocabulary
    }

    /// Whether the filter can be saved, and is not yet.
    pub(crate) fn can_save_filter(&self) -> bool {
        let text = self.filter_text.trim();
        let mut saved = self.settings.saved_filters.iter();
        !text.is_empty() && self.filter_error.is_none() && saved.all(|it| it.text != text)
    }

    pub(super) fn save_filter(&mut self, name: &str) -> Vec<Effect> {
        let text = self.filter_text.trim().to_owned();
        if text.is_empty() || self.filter_error.is_some() {
            return Vec::new();
        }
        let saved = SavedFilter {
            name: name.trim().to_owned(),
            text,
        };
        let all = &mut self.settings.saved_filters;
        match all.iter_mut().find(|it| it.text == saved.text) {
            Some(same) => *same = saved,
            None => all.push(saved),
        }
        self.store()
    }

    /// Searches as the user types, from the selected row on.
    pub(super) fn find(&mut self, text: String) {
        if text.is_empty() {
            self.filtering.finding = None;
            self.notices.found();
            return;
        }
        let filter = Filter::text(&text);
        self.filtering.finding = Some(Finding { text, filter });
        self.find_from(true, false);
    }

    pub(super) fn find_again(&mut self, backwards: bool) {
        self.find_from(false, backwards);
    }

    /// Selects the nearest message with the text, wrapping around at the ends.
    fn find_from(&mut self, takes_this: bool, backwards: bool) {
        let Some(finding) = self.filtering.finding.take() else {
            return;
        };
        let found = self.nearest_row(takes_this, backwards, |model, id| {
            model.shown().holds(id, &finding.filter)
        });
        if let Some(id) = found {
            self.notices.found();
            self.go_to(id);
        } else {
            let text = format!("No message shown here holds “{}”", finding.text);
            self.notices.not_found(self.seconds(), text);
        }
        self.filtering.finding = Some(finding);
    }

    /// Selects the next or previous entry with a finding.
    pub(super) fn move_to_finding(&mut self, backwards: bool) {
        let is_list = self.view == View::Findings && !self.findings_data().lines.is_empty();
        if is_list {
            let step = if backwards {
                Move::Previous
            } else {
                Move::Next
            };
            return self.move_in_findings(step);
        }
        let found = self.nearest_row(false, backwards, |model, id| model.shown().has_finding(id));
        match found {
            Some(id) => self.go_to(id),
            None => self
                .notices
                .info(self.seconds(), "Nothing shown here has a finding", None),
        }
    }

    fn go_to(&mut self, id: u64) {
        if matches!(self.view, View::Compose | View::Scenarios | View::Overrides) {
            self.view = View::Timeline;
        }
        self.select(id);
        self.stop_following();
        self.nudges.reveal = true;
    }

    /// The nearest row that passes a test, from the selected one on, wrapping around at the ends.
    fn nearest_row(
        &mut self,
        takes_this: bool,
        backwards: bool,
        test: impl Fn(&Self, u64) -> bool,
    ) -> Option<u64> {
        self.refresh();
        let rows = self.shown().rows();
        let count = rows.len();
        let selected = self.selected_row();
        let first = match (selected, backwards) {
            (Some(row), _) if takes_this => row,
            (Some(row), false) => row + 1,
            (Some(row), true) => row + count.saturating_sub(1),
            (None, false) => 0,
            (None, true) => count.saturating_sub(1),
        };
        (0..count)
            .map(|step| {
                let row = if backwards {
                    first + count - step
                } else {
                    first + step
                };
                row % count
            })
            .filter_map(|row| rows.get(row))
            .find(|row| {
                let facts = self.shown().session().facts();
                let stands_for_facts = !matches!(row.kind(), RowKind::Cleared { .. });
                let mut facts = facts.get(row.positions()).into_iter().flatten();
                stands_for_facts && facts.any(|placed| test(self, placed.id))
            })
            .map(|row| row.id)
    }
}

/// What the user did to a text.
struct Edit {
    /// The range of the term that is another one now.
    term: Range<usize>,
    /// Whether characters were deleted and none typed.
    only_removes: bool,
    /// Whether a single character was typed or deleted at the end of the term.
    is_key: bool,
}

impl Edit {
    fn between(before: &str, text: &str) -> Self {
        let same = |pair: &(char, char)| pair.0 == pair.1;
        let bytes = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
            pairs.take_while(same).map(|(it, _)| it.len_utf8()).sum()
        };
        let mut start = bytes(&mut text.chars().zip(before.chars()));
        let rest = text.get(start..).unwrap_or_default();
        let rest_before = before.get(start..).unwrap_or_default();
        let end = text.len() - bytes(&mut rest.chars().rev().zip(rest_before.chars().rev()));
        let typed = text.get(start..end).unwrap_or_default();
        start += typed.len() - typed.trim_start().len();
        let head = text.get(..start).unwrap_or_default();
        let tail = text.get(end..).unwrap_or_default();
        let after = word_length(tail.chars());
        let removed = rest_before.len() - (text.len() - end);
        let is_one = |text: &str| text.chars().nth(1).is_none();
        let removed = rest_before.get(..removed).unwrap_or_default();
        Self {
            term: head.len() - word_length(head.chars().rev())..end + after,
            only_removes: typed.is_empty() && text.len() < before.len(),
            is_key: after == 0 && typed != removed && is_one(typed) && is_one(removed),
        }
    }
}

/// How many bytes come before the first blank.
fn word_length(characters: impl Iterator<Item = char>) -> usize {
    let word = characters.take_while(|it| !it.is_whitespace());
    word.map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests;
