//! M30: the viewed record is not the one that owns the number.

use super::prelude::*;
use crate::parsed_message::id_text;

pub(super) const RULE: Rule = Rule {
    code: "M30",
    title: "objectId is not the callee",
    why: "objectId of DIAL_NUMBER is the record that the user is looking at (issue #207 of the \
          SDK). A widget that takes it for the person being called writes to the wrong record.",
    fix: "Use calleeInfo.calleeId and calleeInfo.calleeObjectTypeId for the person being called.",
    severity: "note",
    since: Version::new(0, 5, 1),
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 objectId=7 calleeInfo={"calleeId":8}
                 ! M30 note objectId 7 is the viewed record; the number belongs to 8
        "#,
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 objectId=8 calleeInfo={"calleeId":8}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::DialNumber], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let ids = arrival
        .id_field("objectId")
        .zip(arrival.deep_field("calleeInfo.calleeId").and_then(id_text));
    if let Some((viewed, callee)) = ids.filter(|(viewed, callee)| viewed != callee) {
        report.note(format!(
            "objectId {viewed} is the viewed record; the number belongs to {callee}"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_same_or_unknown() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100 objectId=7 calleeInfo={"calleeId":7}
            2000 host      DIAL_NUMBER phoneNumber=+15550100 objectId=7
        "#]]);
    }
}
