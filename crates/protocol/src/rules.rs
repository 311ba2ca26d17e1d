//! The rules: one file each, one table of all.
//!
//! A rule's code is the id of its row in the protocol's list of deviations: T for transport, S
//! for the session, Q for calls of the seed profile, M for calls of the modern one.
//! H (health of the handshake and of answers), E (environment) and X (what the recording lacks)
//! are Callscope's own.

use crate::Rule;

mod prelude {
    pub(super) use crate::json::Json;
    pub(super) use crate::rule::{Hook, Report};
    pub(super) use crate::state::State;
    pub(super) use crate::step::Step;
    pub(super) use crate::{
        Availability, CallPhase, Finding, Login, MessageType, Millis, Profile, Rule, Severity,
        Side, Version,
    };
}

#[cfg(test)]
mod testing {
    pub(super) use expect_test::expect;

    pub(super) use crate::trace::check;
}

mod settings;

macro_rules! rules {
    ($($module:ident)*) => {
        $(mod $module;)*

        /// All rules, in the order of their families.
        static RULES: &[&Rule] = &[$(&$module::RULE),*];
    };
}

rules! {
    t01 t02 t03 t04 t05 t06 t07 t08 t09 t10 t11 t12 t13 t14 t15 t16 t17 t18 t19 t20 t21 t22 t23 t24
    t25
    s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12
    q01 q02 q03 q04 q05 q06 q07 q08 q09 q10
    m01 m02 m03 m04 m05 m06 m07 m08 m09 m10 m11 m12 m13 m14 m15 m16
    m17 m18 m19 m20 m21 m22 m23 m24 m25 m26 m27 m28 m29 m30 m31 m32
    h01 h02 h03 h04 h05
    e01 e02 e03 e04 e05
    x01 x02 x03 x04 x05
}

/// All rules, in the order of their families: T, S, Q, M, then H, E and X.
#[must_use]
pub const fn rules() -> &'static [&'static Rule] {
    RULES
}

/// The rule with this code, in capitals: `M15`.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;

    #[test]
    fn codes_are_unique_and_found_again() {
        let codes: BTreeSet<_> = rules().iter().map(|rule| rule.code).collect();
        assert_eq!(codes.len(), rules().len());
        for known in rules() {
            assert_eq!(rule(known.code), Some(*known));
        }
        assert_eq!(rule("m15"), None);
    }

    #[test]
    fn every_row_of_the_protocol_is_a_rule() {
        for (family, count) in [("T", 25), ("S", 12), ("Q", 10), ("M", 32)] {
            for number in 1..=count {
                let code = format!("{family}{number:02}");
                assert!(rule(&code).is_some(), "{code}");
            }
        }
    }

    #[test]
    fn every_rule_explains_itself() {
        for rule in rules() {
            let Rule {
                code,
                title,
                why,
                fix,
                severity,
                hooks,
                ..
            } = rule;
            assert!(
                !title.is_empty() && !title.ends_with('.'),
                "{code}: {title}"
            );
            assert!(why.ends_with('.') && fix.ends_with('.'), "{code}");
            let first = severity.split([' ', ',', ';']).next();
            assert!(
                matches!(first, Some("error" | "warning" | "note")),
                "{code}: {severity}"
            );
            assert!(!hooks.is_empty(), "{code}");
            assert!(rule.until.is_none_or(|until| rule.since <= until), "{code}");
        }
    }

    #[test]
    fn every_rule_has_a_trace_that_breaks_it_and_one_that_does_not() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        for rule in rules() {
            let path = format!("{folder}/{}.rs", rule.code.to_lowercase());
            let text = fs::read_to_string(&path).unwrap();
            let traces: Vec<&str> = text.split("check(&expect![[").skip(1).collect();
            let breaks = |trace: &&&str| trace.contains(&format!("! {} ", rule.code));
            assert!(
                traces.iter().any(|trace| breaks(&trace)),
                "{} is never broken",
                rule.code
            );
            assert!(
                !traces.iter().all(|trace| breaks(&trace)),
                "{} is always broken",
                rule.code
            );
        }
    }

    #[test]
    fn traces_show_the_severities_that_the_rule_names() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
        for rule in rules() {
            let path = format!("{folder}/{}.rs", rule.code.to_lowercase());
            let text = fs::read_to_string(&path).unwrap();
            for line in text.lines().map(str::trim) {
                let Some(found) = line.strip_prefix(&format!("! {} ", rule.code)) else {
                    continue;
                };
                let severity = found
                    .split(' ')
                    .find(|word| !word.starts_with('['))
                    .unwrap();
                assert!(
                    rule.severity.contains(severity),
                    "{}: {severity}",
                    rule.code
                );
            }
        }
    }
}
