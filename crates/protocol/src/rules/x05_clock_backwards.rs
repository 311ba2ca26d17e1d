//! X05: the clock of a page ran backwards.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "X05",
    title: "Clock ran backwards",
    why: "Times and distances around this message are wrong. The order is still that of the \
          session.",
    fix: "Check whether the computer's clock was set, or the computer slept, while recording.",
    severity: "note",
    example: Example {
        breaks: r"
            5000 handshake 0.9.7-beta.0
            6000 widget    LOGGED_OUT
            5500 widget    LOGGED_IN
                 ! X05 note The host's clock ran back by 500 ms
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    LOGGED_OUT
            1500 widget    LOGGED_IN
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

/// Clocks are adjusted by less than this all the time.
const NOTABLE: Millis = Millis(50.0);

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // A message of one side is timed by the other side's clock.
    let Some(last) = arrival.state.peer(arrival.from()).last_received else {
        return;
    };
    let back = last - arrival.recorded.at;
    if back > NOTABLE {
        let receiver = arrival.from().other().name();
        report.note(format!(
            "The {receiver}'s clock ran back by {:.0} ms",
            back.0
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn two_clocks() {
        check(&expect![[r#"
            5000 handshake 0.9.7-beta.0
            6000 widget    LOGGED_OUT
            5500 host      VISIBILITY_CHANGED isMinimized=false isHidden=false
        "#]]);
    }
}
