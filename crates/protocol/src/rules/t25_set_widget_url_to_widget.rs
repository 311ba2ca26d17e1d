//! T25: the host sends the widget `SET_WIDGET_URL`.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T25",
    title: "SET_WIDGET_URL sent to a widget",
    why: "The SDK does not check who sends it: a widget that receives iFrameUrl takes it for the \
          host's origin, posts there, and drops what the real host sends. From 0.8.0 on, onReady \
          runs again.",
    fix: "Do not send SET_WIDGET_URL from the host: only the widget sends it, with \
          setWidgetUrl(). To show another widget, load another page into the iframe.",
    severity: "error with iFrameUrl beside type; warning with iFrameUrl in data, or if the \
               version is not known",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 host      SET_WIDGET_URL .iFrameUrl=https://other.example
                 ! T25 error The host sent SET_WIDGET_URL; the widget now takes that URL for the host's origin
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    SET_WIDGET_URL .iFrameUrl=https://other.example
        ",
    },
    hooks: &[Hook::On(&[MessageType::SetWidgetUrl], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    // Up to 0.0.6, the message is unknown: T21.
    if arrival.from() != Side::Host || arrival.state.is_seed() {
        return;
    }
    if arrival.top_text("iFrameUrl").is_some() && arrival.state.since(0, 0, 7) {
        report.error(
            "The host sent SET_WIDGET_URL; the widget now takes that URL for the host's origin",
        );
    } else {
        report.warning("The host sent SET_WIDGET_URL, which only the widget may send");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn both_forms() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      SET_WIDGET_URL .iFrameUrl=https://other.example
                 ! T25 error The host sent SET_WIDGET_URL; the widget now takes that URL for the host's origin
            2000 host      SET_WIDGET_URL iFrameUrl=https://other.example
                 ! T25 warning The host sent SET_WIDGET_URL, which only the widget may send
        "#]]);
    }
}
