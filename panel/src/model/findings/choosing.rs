//! Choosing a line of the list, and selecting the messages that findings are about.

use callscope_protocol::{Finding, rule};
use callscope_session_view::finding_list::{FindingLine, HeadingOf, ListLine};

use super::{Chosen, FindingName, FindingsData};
use crate::action::{Action, Fold, Move, View};
use crate::model::Model;

impl Model {
    /// The index of the chosen line.
    pub(crate) fn chosen_line(&mut self) -> Option<usize> {
        let data = self.findings_data();
        self.line_of(self.findings.chosen.as_ref()?, &data)
    }

    /// The chosen finding, in the list or not.
    pub(in crate::model) fn chosen_finding(&self) -> Option<&Finding> {
        let Some(Chosen::Finding(name)) = &self.findings.chosen else {
            return None;
        };
        let source = self.shown();
        source.session().findings().get(name.find(source)?)
    }

    fn line_of(&self, chosen: &Chosen, data: &FindingsData) -> Option<usize> {
        let source = self.shown();
        match chosen {
            Chosen::Finding(name) => {
                let place = name.find(source)?;
                data.lines.iter().position(
                    |line| matches!(line, ListLine::Finding { index, .. } if *index == place),
                )
            }
            Chosen::Heading(of) => data
                .lines
                .iter()
                .position(|line| matches!(line, ListLine::Heading(heading) if heading.of == *of)),
            Chosen::Rule(_) => None,
        }
    }

    pub(in crate::model) fn select_finding(&mut self, line: usize) {
        self.choose_finding(line);
        self.findings.anchor.clone_from(&self.findings.chosen);
        // All views share one selection.
        if let Some(Chosen::Finding(FindingName { id: Some(id), .. })) = self.findings.chosen {
            self.select_alone(Some(id));
        } else {
            self.select_alone(self.selected);
        }
    }

    /// Extends the selection to the messages of all findings up to this line.
    pub(in crate::model) fn extend_to_finding(&mut self, line: usize) {
        let data = self.findings_data();
        let chosen = self
            .findings
            .anchor
            .as_ref()
            .and_then(|it| self.line_of(it, &data));
        let anchor = chosen.or_else(|| self.chosen_line()).unwrap_or(line);
        let anchor_name = self.findings.anchor.clone();
        // The message at the far end becomes the one whose details are shown.
        let mut lines: Vec<usize> = (anchor.min(line)..=anchor.max(line)).collect();
        if line < anchor {
            lines.reverse();
        }
        let ids = lines
            .iter()
            .filter_map(|line| self.message_of_line(&data, *line));
        let ids: Vec<u64> = ids.collect();
        let first = self.message_of_line(&data, anchor);
        self.choose_finding(line);
        self.findings.anchor = anchor_name.or_else(|| self.findings.chosen.clone());
        self.select_messages(&ids, first);
    }

    /// Adds the message of a finding to the selection, or removes it.
    pub(in crate::model) fn toggle_finding(&mut self, line: usize) {
        let data = self.findings_data();
        self.choose_finding(line);
        self.findings.anchor.clone_from(&self.findings.chosen);
        if let Some(id) = self.message_of_line(&data, line) {
            self.toggle_message(id);
        }
    }

    /// Moves like the arrow keys and extends the selection to the line moved to.
    pub(in crate::model) fn extend_in_findings_by(&mut self, step: Move) {
        self.refresh();
        let data = self.findings_data();
        let Some(last) = data.lines.len().checked_sub(1) else {
            return;
        };
        let at = self.chosen_line();
        self.extend_to_finding(step.from(at, last, self.page_rows));
    }

    /// Selects the messages of all listed findings.
    pub(in crate::model) fn select_all_findings(&mut self) {
        let data = self.findings_data();
        let ids = (0..data.lines.len()).filter_map(|line| self.message_of_line(&data, line));
        let mut ids: Vec<u64> = ids.collect();
        if let Some(at) = ids.iter().position(|it| Some(*it) == self.selected) {
            let lead = ids.remove(at);
            ids.push(lead);
        }
        self.select_messages(&ids, None);
    }

    /// The id of the message that the finding in a line is about.
    fn message_of_line(&self, data: &FindingsData, line: usize) -> Option<u64> {
        let ListLine::Finding { index, .. } = data.lines.get(line)? else {
            return None;
        };
        let seq = self.shown().session().findings().get(*index)?.seq?;
        self.shown().id_of(seq)
    }

    /// Whether the message of a finding is part of a multiple selection.
    pub(crate) fn is_finding_selected(&self, index: usize) -> bool {
        let finding = self.shown().session().findings().get(index);
        let id = finding.and_then(|it| self.shown().id_of(it.seq?));
        id.is_some_and(|id| self.is_among_selected(id))
    }

    /// The lines of the selected findings as a table: severity, rule, sentence, message, time.
    pub(in crate::model) fn selected_finding_table(&mut self) -> Vec<String> {
        let data = self.findings_data();
        let chosen = self.chosen_line();
        let lines = data.lines.iter().enumerate().filter_map(|(at, line)| {
            let ListLine::Finding { index, .. } = line else {
                return None;
            };
            let is_in = chosen == Some(at) || self.is_finding_selected(*index);
            let line = FindingLine::new(self.shown(), *index).filter(|_| is_in)?;
            let severity = line.severity.to_string();
            let time = self.offset.time_of_day(line.at);
            Some([&severity, line.code, &line.message, &line.place, &time].join("\t"))
        });
        lines.collect()
    }

    /// Shows the details of the selected message beside the list.
    pub(in crate::model) fn show_message_in_findings(&mut self) {
        self.findings.shows_message = true;
    }

    fn chosen_of(&self, line: &ListLine) -> Option<Chosen> {
        match line {
            ListLine::Heading(heading) => Some(Chosen::Heading(heading.of)),
            ListLine::Finding { index, .. } => {
                FindingName::new(self.shown(), *index).map(Chosen::Finding)
            }
        }
    }

    fn choose_finding(&mut self, line: usize) {
        let data = self.findings_data();
        let line = data.lines.get(line);
        let Some(chosen) = line.and_then(|line| self.chosen_of(line)) else {
            return;
        };
        self.findings.chosen = Some(chosen);
        self.findings.is_open = true;
        self.findings.shows_message = false;
        self.nudges.reveal = true;
    }

    /// What to choose when this rule is muted, if the chosen line is about it: what comes after it
    /// in the list and is not about the rule, then what comes before it.
    pub(super) fn chosen_after_muting(&mut self, code: &str) -> Vec<Chosen> {
        let is_muted = |chosen: &Chosen| match chosen {
            Chosen::Finding(name) => name.code == code,
            Chosen::Heading(HeadingOf::Rule(of, _) | HeadingOf::AtOnce(of, _)) => *of == code,
            Chosen::Heading(_) | Chosen::Rule(_) => false,
        };
        let data = self.findings_data();
        let is_chosen_muted = self.findings.chosen.as_ref().is_some_and(is_muted);
        let Some(at) = self.chosen_line().filter(|_| is_chosen_muted) else {
            return Vec::new();
        };
        let (before, after) = data.lines.split_at(at);
        let is_muted_from_here =
            |line: &ListLine| matches!(line, ListLine::Heading(it) if it.of == HeadingOf::Muted);
        let after = after.iter().take_while(|line| !is_muted_from_here(line));
        let others = after.chain(before.iter().rev());
        let others = others.filter_map(|line| self.chosen_of(line));
        others.filter(|it| !is_muted(it)).collect()
    }

    /// Chooses the first of these that is in the list, and gives the list the keyboard: what had it
    /// is gone with what was muted.
    pub(super) fn choose_next(&mut self, candidates: &[Chosen]) {
        self.nudges.focus_list = true;
        self.refresh();
        let data = self.findings_data();
        let next = candidates.iter().find_map(|it| self.line_of(it, &data));
        if let Some(line) = next {
            let was_open = self.findings.is_open;
            self.select_finding(line);
            self.findings.is_open = was_open;
        }
    }

    /// Shows the details of a rule.
    pub(in crate::model) fn show_rule(&mut self, code: &str) {
        if let Some(rule) = rule(code) {
            self.view = View::Findings;
            self.findings.chosen = Some(Chosen::Rule(rule.code));
            self.findings.is_open = true;
            self.findings.shows_message = false;
        }
    }

    /// Chooses a finding of the selected message, unless one is already chosen.
    pub(in crate::model) fn enter_findings(&mut self) {
        self.findings.shows_message = false;
        let Some(id) = self.selected else {
            return;
        };
        if matches!(&self.findings.chosen, Some(Chosen::Finding(name)) if name.id == Some(id)) {
            return;
        }
        let data = self.findings_data();
        let session = self.shown().session();
        let line = data.lines.iter().position(|line| {
            let ListLine::Finding { index, .. } = line else {
                return false;
            };
            let finding = session.findings().get(*index);
            let entry = finding.and_then(|it| session.anchor_of(it));
            entry.is_some_and(|it| it.id == id)
        });
        if let Some(line) = line {
            self.select_finding(line);
        }
    }

    /// Whether there is a step to go back within the view.
    pub(in crate::model) const fn can_go_back_in_findings(&self) -> bool {
        let state = &self.findings;
        state.shows_message || state.is_open || state.chosen.is_some()
    }

    /// Goes back one step within the view.
    pub(in crate::model) fn back_in_findings(&mut self) {
        let state = &mut self.findings;
        if state.shows_message {
            state.shows_message = false;
        } else if state.is_open {
            state.is_open = false;
        } else {
            state.chosen = None;
        }
    }

    /// Moves to another line.
    pub(in crate::model) fn move_in_findings(&mut self, step: Move) {
        self.refresh();
        let data = self.findings_data();
        let Some(last) = data.lines.len().checked_sub(1) else {
            return;
        };
        let at = self.chosen_line();
        self.select_finding(step.from(at, last, self.page_rows));
    }

    /// What Enter does in the list: it folds or unfolds a heading, or shows the entry that a
    /// finding is about.
    pub(crate) fn enter_in_findings(&mut self) -> Option<Action> {
        let data = self.findings_data();
        match data.lines.get(self.chosen_line()?)? {
            ListLine::Heading(heading) => {
                let name = heading.of.name();
                Some(Action::SetUnfolded {
                    fold: Fold::Findings { name },
                    unfolded: !heading.fold?,
                })
            }
            ListLine::Finding { index, .. } => {
                let session = self.shown().session();
                let entry = session.anchor_of(session.findings().get(*index)?)?;
                Some(Action::ShowEntry { id: entry.id })
            }
        }
    }

    /// The chosen heading, for the keys that fold it.
    pub(crate) fn chosen_fold(&self) -> Option<Fold> {
        let Some(Chosen::Heading(of)) = &self.findings.chosen else {
            return None;
        };
        let name = of.name();
        Some(Fold::Findings { name })
    }

    /// Whether the details beside the list of findings are those of the selected message.
    pub(crate) const fn findings_show_message(&self) -> bool {
        self.findings.shows_message
    }
}
