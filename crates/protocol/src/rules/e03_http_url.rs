//! E03: the widget or the host is loaded without encryption.

use super::prelude::*;
use super::settings::Override;
use crate::{Setting, origin};

pub(super) const RULE: Rule = Rule {
    code: "E03",
    title: "http URL",
    why: "HubSpot's page uses https, and browsers block http frames in it. Only localhost may use \
          http.",
    fix: "Serve the widget over https, also during development: the demo makes a certificate for \
          localhost.",
    severity: "warning",
    example: Example {
        breaks: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"http://widget.example/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, http://widget.example/
              ! E03 [–] warning The override loads the widget from http://widget.example/; HubSpot needs https
        "#,
        clean: r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://widget.example/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://widget.example/
        "#,
    },
    hooks: &[
        Hook::Setting(check_setting),
        Hook::On(&[MessageType::Sync, MessageType::SyncAck], check_handshake),
    ],
    ..Rule::ANY_VERSION
};

fn check_setting(setting: &Setting, _: &[Setting], report: &mut Report<'_>) {
    let Some(Ok(over)) = Override::of(setting) else {
        return;
    };
    if let Some(url) = over.url.filter(|url| origin::is_insecure(url)) {
        report.warning(format!(
            "The override loads the widget from {url}; HubSpot needs https"
        ));
    }
}

fn check_handshake(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let key = if arrival.is_ack() {
        "iFrameUrl"
    } else {
        "hostUrl"
    };
    let who = if arrival.is_ack() { "widget" } else { "host" };
    let is_judged = arrival.is_ack() || arrival.is_sync();
    let url = arrival
        .top_text(key)
        .filter(|url| is_judged && origin::is_insecure(url));
    if let Some(url) = url.filter(|url| report.once(url)) {
        report.warning(format!(
            "The {who} is at {url}; browsers block it inside a page on https"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn http() {
        check(&expect![[r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"http://widget.example/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, http://widget.example/
              ! E03 [–] warning The override loads the widget from http://widget.example/; HubSpot needs https
            1 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=http://widget.example @http://widget.example
              ! E03 warning The widget is at http://widget.example; browsers block it inside a page on https
        "#]]);
    }

    #[test]
    fn localhost() {
        check(&expect![[r#"
            0 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"http://localhost:9025/"}
              ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, http://localhost:9025/
            1 host      SYNC .hostUrl=https://app.hubspot.com
            2 widget    SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=http://localhost:9025 @http://localhost:9025
        "#]]);
    }
}
