//! What the user keeps and removes: saved filters and messages, and how the last one is put back.

use callscope_session_view::visible;

use super::Model;
use super::settings::SavedFilter;
use super::snippets::Snippet;
use crate::action::Action;
use crate::event::Effect;

/// What was removed last, and its place in its list.
#[derive(Debug)]
pub(super) enum Removed {
    Filter(usize, SavedFilter),
    /// Also whether it was open in Compose.
    Snippet(usize, Snippet, bool),
}

impl Model {
    /// Removes a saved filter.
    pub(super) fn remove_filter(&mut self, text: &str) -> Vec<Effect> {
        let all = &mut self.settings.saved_filters;
        let Some(index) = all.iter().position(|it| it.text == text) else {
            return Vec::new();
        };
        let filter = all.remove(index);
        let what = format!("filter {}", visible::brief(filter.title()));
        self.is_removed(&what, Removed::Filter(index, filter))
    }

    /// Removes a saved message.
    pub(super) fn remove_snippet(&mut self, index: usize) -> Vec<Effect> {
        if index >= self.settings.snippets.len() {
            return Vec::new();
        }
        let snippet = self.settings.snippets.remove(index);
        let was_open = self.opened_snippet() == Some(index);
        self.compose.snippet_is_removed(index);
        let what = format!("message {}", visible::brief(&snippet.title()));
        self.is_removed(&what, Removed::Snippet(index, snippet, was_open))
    }

    fn is_removed(&mut self, what: &str, removed: Removed) -> Vec<Effect> {
        self.removed = Some(removed);
        // What was removed before that can no longer be put back.
        self.notices.withdraw(&Action::UndoRemove);
        let text = format!("Removed the saved {what}");
        self.notices
            .done(self.seconds(), text, Some(Action::UndoRemove));
        self.store()
    }

    /// Puts back what was removed last, unless something else has its name by now.
    pub(super) fn undo_remove(&mut self) -> Vec<Effect> {
        self.notices.withdraw(&Action::UndoRemove);
        match self.removed.take() {
            None => return Vec::new(),
            Some(Removed::Filter(index, filter)) => {
                let all = &mut self.settings.saved_filters;
                if all.iter().all(|it| it.text != filter.text) {
                    all.insert(index.min(all.len()), filter);
                }
            }
            Some(Removed::Snippet(index, snippet, was_open)) => {
                if let Err(why_not) = self.can_keep_as(&snippet.title()) {
                    self.notices.failed(why_not);
                    return Vec::new();
                }
                let all = &mut self.settings.snippets;
                let index = index.min(all.len());
                all.insert(index, snippet);
                self.compose.snippet_is_back(index, was_open);
            }
        }
        self.store()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The button of the notice about what was removed.
    fn undo(model: &mut Model) {
        let mut offered = model.notices.iter().filter_map(|it| it.action.clone());
        let action = offered.next().unwrap();
        drop(offered);
        model.perform(action);
        assert_eq!(model.notices.iter().count(), 0);
    }

    fn save(model: &mut Model, name: &str) {
        let name = name.to_owned();
        model.perform(Action::NameSnippet { name });
        model.perform(Action::SaveSnippet);
    }

    fn names(model: &mut Model) -> (Vec<String>, Option<usize>) {
        let data = model.compose_data().snippets;
        (data.names, data.chosen)
    }

    #[test]
    fn what_was_removed_comes_back_to_its_place() {
        let mut model = Model::default();
        for name in ["a", "b", "c"] {
            save(&mut model, name);
        }
        let all = names(&mut model);
        assert_eq!(all.1, Some(2), "the last one is open");
        for index in 0..3 {
            let name = all.0[index].clone();
            model.perform(Action::RemoveSnippet { index, name });
            let (left, open) = names(&mut model);
            assert_eq!(left.len(), 2);
            assert_eq!(open, (index < 2).then_some(1), "still the same one");
            undo(&mut model);
            assert_eq!(names(&mut model), all);
        }

        for text in ["type:SYNC", "from:host"] {
            let text = text.to_owned();
            model.perform(Action::SetFilter { text });
            let name = String::new();
            model.perform(Action::SaveFilter { name });
        }
        let all = model.settings.saved_filters.clone();
        let text = "type:SYNC".to_owned();
        assert_eq!(model.perform(Action::RemoveFilter { text }).len(), 1);
        assert_eq!(model.settings.saved_filters, all[1..]);
        undo(&mut model);
        assert_eq!(model.settings.saved_filters, all);
    }

    /// Each side's message remembers the saved one that it was opened from.
    #[test]
    fn the_other_sides_message_is_still_that_of_its_saved_one() {
        let mut model = Model::default();
        save(&mut model, "a");
        save(&mut model, "b");
        model.perform(Action::ChooseSide { by_widget: true });
        let name = "a".to_owned();
        model.perform(Action::RemoveSnippet { index: 0, name });
        model.perform(Action::ChooseSide { by_widget: false });
        assert_eq!(names(&mut model), (vec!["b".to_owned()], Some(0)));
    }

    #[test]
    fn a_name_is_not_there_twice() {
        let mut model = Model::default();
        save(&mut model, "a");
        let name = "a".to_owned();
        model.perform(Action::RemoveSnippet { index: 0, name });
        save(&mut model, "a");
        model.perform(Action::UndoRemove);
        assert_eq!(names(&mut model).0, ["a"]);
        let told: Vec<_> = model.notices.iter().map(|it| it.text.clone()).collect();
        assert_eq!(told, ["Another message is already kept as “a”"]);
    }
}
