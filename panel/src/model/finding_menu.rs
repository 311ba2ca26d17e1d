//! The context menu for lines of the list of findings.

use callscope_protocol::{CallId, Finding};
use callscope_report::finding_markdown;
use callscope_session_view::card::finding_json;
use callscope_session_view::filter;
use callscope_session_view::finding_list::{HeadingOf, ListLine};

use super::Model;
use super::findings::Mute;
use crate::action::{Action, CopyAs};

impl Model {
    /// The menu of a line: labels and actions; empty if there is nothing to do.
    pub(crate) fn finding_menu(&self, line: &ListLine) -> Vec<(String, Action)> {
        let labeled = |action: Action| (action.label(), action);
        match line {
            ListLine::Finding { index, .. } => {
                let finding = self.shown().session().findings().get(*index);
                finding.map_or_else(Vec::new, |it| self.menu_of_finding(it, *index))
            }
            ListLine::Heading(heading) => match heading.of {
                HeadingOf::Rule(code, ..) | HeadingOf::AtOnce(code, _) => self.menu_of_rule(code),
                HeadingOf::Call(call) => vec![self.follow_item(call)],
                HeadingOf::Muted => vec![labeled(Action::ShowMuted { shown: false })],
                HeadingOf::NoCall | HeadingOf::Stranger(_) => Vec::new(),
            },
        }
    }

    fn menu_of_finding(&self, finding: &Finding, index: usize) -> Vec<(String, Action)> {
        let view = self.shown();
        let mut items = Vec::new();
        if let Some(entry) = view.session().anchor_of(finding) {
            let label = format!("Go to {}", view.entry_name(entry));
            items.push((label, Action::ShowEntry { id: entry.id }));
        }
        if let Some(call) = finding.call {
            items.push(self.follow_item(call));
        }
        items.extend(self.menu_of_rule(finding.rule.code));
        let copy = |label: &str, text: String| {
            let what = "Finding. Nothing is replaced".to_owned();
            (label.to_owned(), Action::Copy { what, text })
        };
        items.push(copy(
            "Copy finding as Markdown",
            finding_markdown(view, finding),
        ));
        items.push(copy("Copy finding as JSON", finding_json(view, finding)));
        if self.has_several() && self.is_finding_selected(index) {
            for (label, form) in [
                ("Copy selected as table rows", CopyAs::Rows),
                ("Copy selected messages as JSON", CopyAs::Json),
            ] {
                items.push((label.to_owned(), Action::CopySelected { form }));
            }
            items.push((Action::ExportSelected.label(), Action::ExportSelected));
        }
        items
    }

    fn follow_item(&self, call: CallId) -> (String, Action) {
        Action::follow_named(call, &self.shown().call_name(call))
    }

    fn menu_of_rule(&self, code: &str) -> Vec<(String, Action)> {
        let labeled = |action: Action| (action.label(), action);
        let code = || code.to_owned();
        let mut items = Vec::new();
        if let Some(term) = filter::term("rule", &code()) {
            let text = self.filter_with(&term);
            items.push((format!("Only rule {}", code()), Action::SetFilter { text }));
        }
        if self.mute_of(&code()) == Mute::No {
            items.extend([false, true].map(|always| {
                let code = code();
                let when = if always { "always" } else { "for now" };
                let label = format!("Mute {code} {when}");
                (label, Action::MuteRule { code, always })
            }));
        } else {
            items.push(labeled(Action::UnmuteRule { code: code() }));
        }
        items.push(labeled(Action::ShowRule { code: code() }));
        items
    }
}
