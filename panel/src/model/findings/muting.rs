//! Which rules are muted.

use std::collections::BTreeSet;

use callscope_protocol::rule;

use crate::action::View;
use crate::event::Effect;
use crate::model::Model;

/// Whether a rule is muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mute {
    No,
    /// Until the panel is closed.
    ForNow,
    Always,
}

/// A muted rule, for the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MutedRule {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) mute: Mute,
}

impl Model {
    /// The muted rules, for now or always.
    pub(in crate::model) fn muted_rules(&self) -> BTreeSet<&'static str> {
        let always = self.settings.muted_rules.iter();
        let always = always.filter_map(|code| Some(rule(code)?.code));
        always.chain(self.findings.muted.iter().copied()).collect()
    }

    /// The muted rules, so that the user can unmute them.
    pub(crate) fn muted(&self) -> Vec<MutedRule> {
        let muted = self.muted_rules().into_iter();
        muted
            .filter_map(rule)
            .map(|rule| MutedRule {
                code: rule.code,
                title: rule.title,
                mute: self.mute_of(rule.code),
            })
            .collect()
    }

    pub(in crate::model) fn mute_of(&self, code: &str) -> Mute {
        if self.settings.muted_rules.iter().any(|it| it == code) {
            Mute::Always
        } else if self.findings.muted.contains(code) {
            Mute::ForNow
        } else {
            Mute::No
        }
    }

    pub(in crate::model) fn mute_rule(&mut self, code: &str, always: bool) -> Vec<Effect> {
        let Some(rule) = rule(code) else {
            return Vec::new();
        };
        let next = self.chosen_after_muting(rule.code);
        let mut effects = self.forget_muted(rule.code);
        if always {
            self.settings.muted_rules.push(rule.code.to_owned());
            effects = self.store();
        } else {
            self.findings.muted.insert(rule.code);
        }
        self.options_revision += 1;
        if self.view == View::Findings {
            self.choose_next(&next);
        }
        effects
    }

    pub(in crate::model) fn unmute_rule(&mut self, code: &str) -> Vec<Effect> {
        let effects = self.forget_muted(code);
        self.options_revision += 1;
        effects
    }

    /// The rules muted until the panel is closed.
    pub(in crate::model) fn muted_for_now(&mut self) -> &mut BTreeSet<&'static str> {
        &mut self.findings.muted
    }

    fn forget_muted(&mut self, code: &str) -> Vec<Effect> {
        self.findings.muted.remove(code);
        let count = self.settings.muted_rules.len();
        self.settings.muted_rules.retain(|it| it != code);
        if self.settings.muted_rules.len() == count {
            Vec::new()
        } else {
            self.store()
        }
    }

    /// The number of muted findings.
    pub(crate) fn muted_count(&mut self) -> usize {
        let key = (self.shown().session().revision(), self.options_revision);
        let mut cached = std::mem::take(&mut self.findings.muted_count);
        let count = cached.get(key, || self.shown().muted_count());
        self.findings.muted_count = cached;
        *count
    }

    pub(in crate::model) fn show_muted(&mut self, shown: bool) {
        self.view = View::Findings;
        self.findings.shows_muted = shown;
    }
}

#[cfg(test)]
mod tests {
    use callscope_session_view::words::UtcOffset;

    use super::*;

    #[test]
    fn what_is_muted_always_is_kept_and_what_is_muted_for_now_is_not() {
        let mut model = Model::default();
        assert!(
            (model.mute_rule("M15", false).iter())
                .all(|it| !matches!(it, Effect::StoreSettings(_)))
        );
        let effects = model.mute_rule("M14", true);
        let [Effect::StoreSettings(text)] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        let later = Model::new(Some(text), UtcOffset::default(), true);
        assert_eq!(later.muted_rules(), BTreeSet::from(["M14"]));
        let muted: Vec<_> = model.muted().iter().map(|it| (it.code, it.mute)).collect();
        assert_eq!(muted, [("M14", Mute::Always), ("M15", Mute::ForNow)]);
        // A code that this version does not know is kept and mutes nothing.
        let odd = r#"{"mutedRules":["NOT_A_RULE"]}"#;
        let odd = Model::new(Some(odd), UtcOffset::default(), true);
        assert!(odd.muted_rules().is_empty());
    }
}
