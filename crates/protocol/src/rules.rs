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
