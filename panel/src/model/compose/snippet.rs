//! The message and the saved one that it was opened from.

use callscope_protocol::Side;

use super::{Compose, Surroundings, Written};
use crate::model::snippets::Snippet;

impl Compose {
    pub(crate) fn name_snippet(&mut self, name: String) {
        self.entered.snippet_name = name;
    }

    /// The index of the snippet that the message was opened from, and the name in the field.
    pub(crate) fn snippet(&self) -> (Option<usize>, &str) {
        (self.entered.snippet, self.entered.snippet_name.trim())
    }

    /// The snippet with this index is gone, and the later ones have moved up.
    pub(crate) fn snippet_is_removed(&mut self, index: usize) {
        for entered in [&mut self.entered, &mut self.aside] {
            entered.snippet = match entered.snippet {
                Some(it) if it == index => None,
                Some(it) if it > index => Some(it - 1),
                other => other,
            };
        }
    }

    /// The snippet with this index is there again; `is_open` if the message is still that one.
    pub(crate) fn snippet_is_back(&mut self, index: usize, is_open: bool) {
        for entered in [&mut self.entered, &mut self.aside] {
            entered.snippet = entered.snippet.map(|it| it + usize::from(it >= index));
        }
        if is_open && self.entered.snippet.is_none() {
            self.entered.snippet = Some(index);
        }
    }

    /// The snippet that the message would be saved as.
    pub(crate) fn make_snippet(&mut self, around: Surroundings<'_>) -> Snippet {
        let target = self.target(around);
        let message = match self.written(around, target) {
            Written::Form(draft) => draft.to_message("").to_string(),
            Written::Json { text, .. } => text,
        };
        Snippet {
            name: self.entered.snippet_name.trim().to_owned(),
            by_widget: self.from == Side::Widget,
            message,
        }
    }

    /// Remembers the index of the snippet that the message is saved as.
    pub(crate) const fn is_kept_at(&mut self, index: usize) {
        self.entered.snippet = Some(index);
    }

    /// Opens a snippet.
    pub(crate) fn use_snippet(
        &mut self,
        around: Surroundings<'_>,
        index: usize,
        snippet: &Snippet,
    ) {
        let from = if snippet.by_widget {
            Side::Widget
        } else {
            Side::Host
        };
        self.write(around, from, &snippet.message);
        self.entered.snippet = Some(index);
        self.entered.snippet_name.clone_from(&snippet.name);
    }
}
