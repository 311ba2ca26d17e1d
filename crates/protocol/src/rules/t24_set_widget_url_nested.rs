//! T24: the new URL of the widget is where an SDK host does not look.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T24",
    title: "SET_WIDGET_URL nested only",
    why: "setWidgetUrl() puts iFrameUrl into data, but the receiving code of the SDK reads it \
          next to type. A host made with the SDK keeps its old target, and the new page gets no \
          SYNC. HubSpot itself presumably reads data since 0.8.0.",
    fix: "With a host made with the SDK send sendMessage({ type: \"SET_WIDGET_URL\", iFrameUrl: \
          origin }) instead of setWidgetUrl().",
    severity: "warning",
    since: Version::new(0, 0, 7),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    SET_WIDGET_URL iFrameUrl=https://other.example
                 ! T24 warning SET_WIDGET_URL has iFrameUrl only in data; a host made with the SDK ignores it
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    SET_WIDGET_URL .iFrameUrl=https://other.example iFrameUrl=https://other.example
        ",
    },
    hooks: &[Hook::On(&[MessageType::SetWidgetUrl], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let view = &arrival.state.view;
    // HubSpot's own host sends more fields in SYNC than the SDK does.
    let is_hubspot = view.portal_id.is_some()
        || view.iframe_location.is_some()
        || view.uses_calling_window.is_some();
    let is_judged =
        arrival.from() == Side::Widget && arrival.state.answered.is_some() && !is_hubspot;
    if is_judged && arrival.top_text("iFrameUrl").is_none() && arrival.has("iFrameUrl") {
        report.warning(
            "SET_WIDGET_URL has iFrameUrl only in data; a host made with the SDK ignores it",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn hubspot() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0 .portalId=7
               3 widget    INITIALIZED isLoggedIn=true
            1000 widget    SET_WIDGET_URL iFrameUrl=https://other.example
        "#]]);
    }
}
