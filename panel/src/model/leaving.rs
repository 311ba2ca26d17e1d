//! What pages that went away have left: it completes a log that is preserved, and can be shown.

use callscope_bus::{Parked, Rest};

use super::Model;
use super::files::Imported;

/// The most documents whose last messages are kept for the session that can be shown.
const MOST_RESTS: usize = 1_000;

/// The page that was here before.
#[derive(Debug, Default)]
pub(super) struct LeftPage {
    /// What its recorder held.
    pub(super) parked: Option<Parked>,
    /// What documents heard last, of this page or of one whose recorder has parked nothing yet.
    rests: Vec<Rest>,
}

impl LeftPage {
    fn park(&mut self, parked: &Parked) {
        if self
            .parked
            .as_ref()
            .is_some_and(|known| known.at > parked.at)
        {
            return;
        }
        let is_earlier = |rest: &Rest| match &rest.recorder {
            Some(recorder) => *recorder != parked.recorder,
            None => rest.hello.at < parked.began,
        };
        self.rests.retain(|rest| !is_earlier(rest));
        self.parked = Some(parked.clone());
    }

    fn leave(&mut self, rest: &Rest) {
        (self.rests).retain(|it| it.hello.document != rest.hello.document);
        if self.rests.len() < MOST_RESTS {
            self.rests.push(rest.clone());
        }
    }
}

impl Model {
    pub(super) fn take_left(&mut self, parked: Option<Parked>, rests: Vec<Rest>, is_new: bool) {
        // What is found of the page that is there is from before it was last in the browser's
        // cache.
        if let Some(parked) = parked {
            self.left.park(&parked);
            let is_wanted = if self.loads.knows(&parked.recorder) {
                is_new || !self.loads.is_current(&parked.recorder)
            } else {
                self.settings.preserve_log
            };
            if is_wanted {
                let edits = self.loads.park(parked, self.live.session());
                self.edit(edits);
            }
        }
        for rest in rests {
            self.left.leave(&rest);
            let is_of_current =
                (rest.recorder.as_ref()).is_some_and(|it| self.loads.is_current(it));
            if is_new || !is_of_current {
                let edits = self.loads.leave(rest, self.live.session());
                self.edit(edits);
            }
        }
    }

    pub(super) fn settle_left(&mut self) {
        let edits = self.loads.settle(self.live.session());
        self.edit(edits);
    }

    /// Shows the session of the page that was here before.
    pub(super) fn show_left(&mut self) {
        let LeftPage { parked, rests } = &self.left;
        let Some(parked) = parked.clone() else {
            return;
        };
        match Imported::from_left(parked, rests.clone()) {
            Ok(imported) => self.show_imported(imported),
            Err(error) => {
                self.notices
                    .failed(format!("The previous page's session is damaged: {error}"));
            }
        }
    }
}
