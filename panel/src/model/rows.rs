//! Brings the rows in step with the shown session, the filter and the order.

use callscope_session_view::SessionView;
use callscope_session_view::rows::ViewOptions;

use super::Model;

impl Model {
    /// Brings the rows up to date; call it before drawing, and again while there is more to do,
    /// with or without drawing.
    ///
    /// On a long session, a filter is applied in steps, smaller ones if the panel is drawn right
    /// after; returns whether there is more to do.
    pub(crate) fn refresh_for_drawing(&mut self, is_drawn: bool) -> bool {
        /// This many facts are filtered at once.
        const FACTS: usize = 2_000;
        /// Of longer sessions, this many facts are filtered in about a millisecond.
        const STEP: usize = 400;
        /// Fewer if the panel is drawn right after, which takes long enough.
        const DRAWN: usize = 200;
        let (source, options) = self.source_and_options();
        let was_done = source.filtering().is_none();
        let is_long = source.session().facts().len() > FACTS;
        let facts = match (is_long, is_drawn) {
            (true, true) => DRAWN,
            (true, false) => STEP,
            (false, _) => FACTS,
        };
        let is_done = source.update_rows_in_part(&options, facts);
        self.view_options = options;
        if is_done {
            self.has_other_rows(was_done);
        }
        self.order_rows();
        self.drawn = (self.shown().session().revision(), self.options_revision);
        !is_done
    }

    /// Brings the rows up to date; call it before looking at them.
    pub(crate) fn refresh(&mut self) {
        let (source, options) = self.source_and_options();
        let was_done = source.filtering().is_none();
        source.update_rows(&options);
        self.view_options = options;
        self.has_other_rows(was_done);
        self.order_rows();
    }

    /// The filter has been applied to all rows.
    pub(super) fn has_other_rows(&mut self, at_once: bool) {
        // What was asked for since the options changed was answered by the rows before.
        if !at_once || self.applied != self.options_revision {
            self.options_revision += 1;
            self.applied = self.options_revision;
        }
        if std::mem::take(&mut self.recounts) {
            self.left_at = self.shown().rows().shown();
        }
    }

    /// The shown session and how its rows are filtered and folded; give the options back.
    pub(super) fn source_and_options(&mut self) -> (&mut SessionView, ViewOptions) {
        let mut options = std::mem::take(&mut self.view_options);
        options.cleared = self.cleared();
        options.muted = self.muted_rules();
        let source = match &mut self.imported {
            Some(imported) => &mut imported.source,
            None => &mut self.live,
        };
        (source, options)
    }
}
