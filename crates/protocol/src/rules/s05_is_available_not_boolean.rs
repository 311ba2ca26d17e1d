//! S05: `isAvailable` is not true or false.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S05",
    title: "isAvailable is not a boolean",
    why: "The documentation disagrees about the type (one table has a number); the demos send \
          true or false, and what HubSpot does with anything else is not known.",
    fix: "Call initialized({ isLoggedIn, isAvailable: true }) or with false.",
    severity: "warning",
    since: Version::new(0, 3, 0),
    example: Example {
        breaks: r"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=true isAvailable=1
              ! S05 warning isAvailable of INITIALIZED is a number; expected true or false
        ",
        clean: r"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=true isAvailable=true
        ",
    },
    hooks: &[Hook::On(&[MessageType::Initialized], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    match arrival.field("isAvailable") {
        None | Some(Json::Bool(_) | Json::Null) => {}
        Some(other) => {
            let kind = other.kind_words();
            report
                .warning(format!(
                    "isAvailable of INITIALIZED is {kind}; expected true or false"
                ))
                .about(["isAvailable"]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn a_number() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0 isAvailable=1
              ! S05 warning isAvailable of INITIALIZED is a number; expected true or false
        "#]]);
    }

    #[test]
    fn a_boolean() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0 isAvailable=false
        "#]]);
    }
}
