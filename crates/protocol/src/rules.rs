//! The rules: one file each, one table of all.

use crate::Rule;

mod t23;

/// All rules: families T, S, Q, M of the protocol, then E, H and X.
static RULES: &[&Rule] = &[&t23::RULE];

/// All rules, in the order of their families.
#[must_use]
pub const fn rules() -> &'static [&'static Rule] {
    RULES
}

/// The rule with this code, written in capitals.
#[must_use]
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.code == code).copied()
}
