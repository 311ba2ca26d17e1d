//! T18: UNLOADING is posted.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T18",
    title: "UNLOADING on the wire",
    why: "It is a constant of the SDK that no code uses. The receiver answers with ERROR.",
    fix: "Remove the sendMessage({ type: \"UNLOADING\" }); the other side needs no notice when a \
          page unloads.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    UNLOADING
                 ! T18 note UNLOADING is not read; the host answers it with ERROR
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 closed widget
        ",
    },
    hooks: &[Hook::On(&[MessageType::Unloading], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let receiver = arrival.from().other().name();
    report.note(format!(
        "UNLOADING is not read; the {receiver} answers it with ERROR"
    ));
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn not_posted() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0
        "#]]);
    }
}
