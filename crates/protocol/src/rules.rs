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
        Availability, CallPhase, Example, Finding, Login, MessageType, Millis, Profile, Rule,
        Severity, Side, Version,
    };
}

#[cfg(test)]
mod testing {
    pub(super) use expect_test::expect;

    pub(super) use crate::trace::check;
}

mod settings;

mod e01;
mod e02;
mod e03;
mod e04;
mod e05;
mod h01;
mod h02;
mod h03;
mod h04;
mod h05;
mod m01;
mod m02;
mod m03;
mod m04;
mod m05;
mod m06;
mod m07;
mod m08;
mod m09;
mod m10;
mod m11;
mod m12;
mod m13;
mod m14;
mod m15;
mod m16;
mod m17;
mod m18;
mod m19;
mod m20;
mod m21;
mod m22;
mod m23;
mod m24;
mod m25;
mod m26;
mod m27;
mod m28;
mod m29;
mod m30;
mod m31;
mod m32;
mod q01;
mod q02;
mod q03;
mod q04;
mod q05;
mod q06;
mod q07;
mod q08;
mod q09;
mod q10;
mod s01;
mod s02;
mod s03;
mod s04;
mod s05;
mod s06;
mod s07;
mod s08;
mod s09;
mod s10;
mod s11;
mod s12;
mod t01;
mod t02;
mod t03;
mod t04;
mod t05;
mod t06;
mod t07;
mod t08;
mod t09;
mod t10;
mod t11;
mod t12;
mod t13;
mod t14;
mod t15;
mod t16;
mod t17;
mod t18;
mod t19;
mod t20;
mod t21;
mod t22;
mod t23;
mod t24;
mod t25;
mod x01;
mod x02;
mod x03;
mod x04;
mod x05;

/// The families in their order; a rule that is missing here is a warning of the compiler.
#[rustfmt::skip]
static RULES: &[&Rule] = &[
    &t01::RULE, &t02::RULE, &t03::RULE, &t04::RULE, &t05::RULE, &t06::RULE, &t07::RULE,
    &t08::RULE, &t09::RULE, &t10::RULE, &t11::RULE, &t12::RULE, &t13::RULE, &t14::RULE,
    &t15::RULE, &t16::RULE, &t17::RULE, &t18::RULE, &t19::RULE, &t20::RULE, &t21::RULE,
    &t22::RULE, &t23::RULE, &t24::RULE, &t25::RULE,
    &s01::RULE, &s02::RULE, &s03::RULE, &s04::RULE, &s05::RULE, &s06::RULE, &s07::RULE,
    &s08::RULE, &s09::RULE, &s10::RULE, &s11::RULE, &s12::RULE,
    &q01::RULE, &q02::RULE, &q03::RULE, &q04::RULE, &q05::RULE, &q06::RULE, &q07::RULE,
    &q08::RULE, &q09::RULE, &q10::RULE,
    &m01::RULE, &m02::RULE, &m03::RULE, &m04::RULE, &m05::RULE, &m06::RULE, &m07::RULE,
    &m08::RULE, &m09::RULE, &m10::RULE, &m11::RULE, &m12::RULE, &m13::RULE, &m14::RULE,
    &m15::RULE, &m16::RULE, &m17::RULE, &m18::RULE, &m19::RULE, &m20::RULE, &m21::RULE,
    &m22::RULE, &m23::RULE, &m24::RULE, &m25::RULE, &m26::RULE, &m27::RULE, &m28::RULE,
    &m29::RULE, &m30::RULE, &m31::RULE, &m32::RULE,
    &h01::RULE, &h02::RULE, &h03::RULE, &h04::RULE, &h05::RULE,
    &e01::RULE, &e02::RULE, &e03::RULE, &e04::RULE, &e05::RULE,
    &x01::RULE, &x02::RULE, &x03::RULE, &x04::RULE, &x05::RULE,
];

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
