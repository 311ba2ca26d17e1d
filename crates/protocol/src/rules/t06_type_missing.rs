//! T06: a message has no `type`.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T06",
    title: "type missing",
    why: "The SDK finds the handler by the type. From 0.0.6 on it drops a message without one; \
          earlier versions answered with ERROR.",
    fix: "Send with the methods of the SDK, which set the type, or give sendMessage() an object \
          with a type.",
    severity: "error; warning where the SDK may be older than 0.0.6; note without a messageId as well",
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 host      – raw={"messageId":"1699999999000_1700000001000","data":{"phoneNumber":"+15550100"}}
                 ! T06 error The message has no type; the widget drops it
        "#,
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let (json, recorded) = (arrival.json, arrival.recorded);
    let has_type = json.get("type").is_some_and(|ty| !ty.is_falsy())
        || recorded
            .cloned
            .get("type")
            .is_some_and(|what| what != "undefined");
    if !matches!(json, Json::Object(_)) || has_type || recorded.truncated.is_some() {
        return;
    }
    let receiver = arrival.from().other().name();
    // Scripts of the page and other extensions post to every frame.
    let is_foreign = ["type", "messageId"]
        .iter()
        .all(|key| json.get(key).is_none() && !recorded.cloned.contains_key(*key));
    if is_foreign {
        if report.once("foreign") {
            report.note(format!(
                "The object has neither type nor messageId: another script's message, which the \
                 {receiver} ignores"
            ));
        }
    } else if arrival.state.receiver_is_strict(arrival.from()) {
        report.error(format!("The message has no type; the {receiver} drops it"));
    } else {
        report.warning(format!(
            "The message has no type; the {receiver} cannot handle it"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn no_type() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    – raw={"messageId":"1699999999500_1","data":{}}
                 ! T06 error The message has no type; the host drops it
            1001 host      – raw={"type":"","messageId":"1699999999000_2"}
                 ! T06 error The message has no type; the widget drops it
        "#]]);
    }

    #[test]
    fn the_seed_answers_with_error() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
            1000 host      – raw={"messageId":"1699999999000_2"}
                 ! T06 warning The message has no type; the widget cannot handle it
        "#]]);
    }

    #[test]
    fn messages_of_other_scripts() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      – raw={"source":"react-devtools-content-script","hello":true}
                 ! T06 note The object has neither type nor messageId: another script's message, which the widget ignores
            1001 host      – raw={"source":"react-devtools-content-script","hello":true}
            1002 widget    – raw={"event":"resize","height":300}
            1003 host      – raw={"type":null,"source":"x"}
                 ! T06 error The message has no type; the widget drops it
        "#]]);
    }

    #[test]
    fn a_type_is_enough() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT
        "#]]);
    }
}
