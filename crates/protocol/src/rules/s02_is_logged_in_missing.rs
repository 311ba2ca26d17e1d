//! S02: the widget does not say whether the user is logged in.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S02",
    title: "INITIALIZED without isLoggedIn",
    why: "HubSpot uses the log-in state to decide whether it may ask the widget to dial. Without \
          it HubSpot waits for LOGGED_IN, and until then tells the user to log in.",
    fix: "Call initialized({ isLoggedIn: true }) or initialized({ isLoggedIn: false }).",
    severity: "warning",
    example: Example {
        breaks: r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED sizeInfo={"width":400,"height":600}
              ! S02 warning INITIALIZED does not say isLoggedIn
        "#,
        clean: r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=false sizeInfo={"width":400,"height":600}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::Initialized], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget {
        return;
    }
    match arrival.field("isLoggedIn") {
        Some(Json::Bool(_)) => {}
        _ if arrival.lacks("isLoggedIn") => {
            let instead = arrival.instead_of("isLoggedIn");
            report
                .warning(format!("INITIALIZED does not say isLoggedIn{instead}"))
                .advise(instead.advice())
                .about(["isLoggedIn"]);
        }
        Some(other) => {
            let kind = other.kind_words();
            report
                .warning(format!(
                    "isLoggedIn of INITIALIZED is {kind}; expected true or false"
                ))
                .about(["isLoggedIn"]);
        }
        None => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn missing_or_odd() {
        check(&expect![[r#"
             0 ready 0.9.7-beta.0
            10 widget    INITIALIZED
               ! S02 warning INITIALIZED does not say isLoggedIn
            20 widget    INITIALIZED sizeInfo={"width":400,"height":600}
               ! S02 warning INITIALIZED does not say isLoggedIn
            30 widget    INITIALIZED isLoggedIn="true"
               ! S02 warning isLoggedIn of INITIALIZED is a string; expected true or false
        "#]]);
    }

    #[test]
    fn said() {
        check(&expect![[r#"
             0 ready 0.9.7-beta.0
            10 widget    INITIALIZED isLoggedIn=false
        "#]]);
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLogedIn=true
              ! S02 warning INITIALIZED does not say isLoggedIn; it has isLogedIn, did you mean isLoggedIn?
        "#]]);
    }
}
