//! W06: the widget's frame is not where the host posts to.

use super::prelude::*;
use crate::{Inside, InsideKind};

pub(super) const RULE: Rule = Rule {
    code: "W06",
    title: "The widget's frame was redirected to another origin",
    why: "HubSpot posts SYNC to the origin of the address that it loads the widget from, and the \
          browser delivers it at no other: neither the widget nor Callscope gets to hear it, and \
          only HubSpot's console says so. After 30 s HubSpot gives up.",
    fix: "Give HubSpot the address at which the widget's page ends up (the url in the app's \
          calling settings, or in the override), or do not redirect to another origin. localhost \
          and 127.0.0.1 are two origins, http and https as well. A log-in page elsewhere has to \
          come back within the 30 s.",
    severity: "warning, because the page may come back within HubSpot's 30 s",
    example: Example {
        breaks: r"
            0 inside host redirected .target=http://localhost:9025 .recipient=http://127.0.0.1:9025
              ! W06 [–] warning The widget's frame was redirected to http://127.0.0.1:9025: HubSpot's SYNC to http://localhost:9025 never arrives
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
        ",
    },
    hooks: &[Hook::Inside(check)],
    ..Rule::ANY_VERSION
};

fn check(_: &State, inside: &Inside, report: &mut Report<'_>) {
    if inside.what == InsideKind::Redirected {
        let message = inside.redirected();
        if report.once(&message) {
            report.warning(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn each_place_is_told_once() {
        check(&expect![[r#"
               0 inside host redirected .target=http://localhost:9025 .recipient=http://127.0.0.1:9025
                 ! W06 [–] warning The widget's frame was redirected to http://127.0.0.1:9025: HubSpot's SYNC to http://localhost:9025 never arrives
            1000 inside host redirected .target=http://localhost:9025 .recipient=http://127.0.0.1:9025
            2000 inside host redirected .target=http://localhost:9025
                 ! W06 [–] warning The widget's frame is not at http://localhost:9025, where HubSpot's SYNC goes, but where Callscope may not listen
        "#]]);
    }
}
