//! S03: the widget gives its size under the old name.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "S03",
    title: "widgetSize instead of sizeInfo",
    why: "HubSpot is not known to read widgetSize; the README corrected the name in 2020, and \
          every demo has always used sizeInfo. The widget gets the default size.",
    fix: "Call initialized({ isLoggedIn, sizeInfo: { width, height } }).",
    severity: "warning from SDK 0.0.7 on; note before, whose README has the old name",
    example: Example {
        breaks: r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=true widgetSize={"width":400,"height":600}
              ! S03 warning INITIALIZED has widgetSize; HubSpot reads sizeInfo
        "#,
        clean: r#"
            0 ready 0.9.7-beta.0
            3 widget    INITIALIZED isLoggedIn=true sizeInfo={"width":400,"height":600}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::Initialized], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || !arrival.has("widgetSize") || arrival.has("sizeInfo") {
        return;
    }
    let severity = if arrival.state.since(0, 0, 7) {
        Severity::Warning
    } else {
        Severity::Note
    };
    report.add(
        severity,
        "INITIALIZED has widgetSize; HubSpot reads sizeInfo",
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn the_old_name() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0
               3 widget    INITIALIZED isLoggedIn=true widgetSize={"width":400,"height":600}
                 ! S03 warning INITIALIZED has widgetSize; HubSpot reads sizeInfo
            5000 ready 0.0.1 old
            5003 widget    INITIALIZED isLoggedIn=true widgetSize={"width":400,"height":600}
                 ! S03 note INITIALIZED has widgetSize; HubSpot reads sizeInfo
        "#]]);
    }

    #[test]
    fn the_new_name() {
        check(&expect![[r#"
            0 handshake 0.9.7-beta.0 sizeInfo={"width":400,"height":600}
        "#]]);
    }
}
