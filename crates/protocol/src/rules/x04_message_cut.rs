//! X04: a message was cut.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "X04",
    title: "Message was cut",
    why: "It was larger than the recorder keeps. Rules do not report anything about fields that \
          may be in the missing part.",
    fix: "Nothing to do for the check; look at the message in the page itself if you need all of \
          it.",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER truncated
                 ! X04 note DIAL_NUMBER was cut: it had 1000000 bytes
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber=+15550100
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if let Some(size) = arrival.recorded.truncated {
        report.note(format!("{} was cut: it had {size} bytes", arrival.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn whole() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0
        "#]]);
    }
}
