//! X06: the recording has no message of the SDK.

use super::prelude::*;
use crate::recorded::Recorded;

pub(super) const RULE: Rule = Rule {
    code: "X06",
    title: "Nothing was recorded",
    why: "A recording without any message of the SDK says nothing about the widget: that no rule \
          is broken must not be taken for a widget that works.",
    fix: "Record the HubSpot page that shows the widget, and open the widget while you record: \
          its provider is chosen in the calling settings, and HubSpot then loads its iframe and \
          sends the first SYNC. Begin before the page loads, or reload it once Callscope listens. \
          Allow the widget's origin in the panel, or pass it to callscope record with --listen; \
          for a page that is not HubSpot's, allow that page too.",
    severity: "error, when the recording ends",
    example: Example {
        breaks: r"
               0 conversation 1
            9000 end
                 ! X06 [–] error Nothing was recorded: a widget was there, but no message came from it or to it
        ",
        clean: r"
               0 conversation 1
               5 handshake 0.9.7-beta.0
            9000 end
        ",
    },
    hooks: &[Hook::Recorded(check)],
    ..Rule::ANY_VERSION
};

fn check(recorded: Recorded, report: &mut Report<'_>) {
    let Recorded {
        message_count,
        calling_count,
        has_conversation,
        has_gap,
        lost_count,
    } = recorded;
    if calling_count > 0 {
        return;
    }
    let what = match (message_count, has_conversation) {
        (0, false) => "Nothing was recorded: the session has no message".to_owned(),
        (0, true) => {
            "Nothing was recorded: a widget was there, but no message came from it or to it"
                .to_owned()
        }
        (1, _) => {
            "Nothing of the SDK was recorded: its only message is of something else".to_owned()
        }
        (count, _) => {
            let count = thousands(count);
            format!("Nothing of the SDK was recorded: its {count} messages are of something else")
        }
    };
    let missing = match lost_count {
        0 if has_gap => "; some are missing".to_owned(),
        0 => String::new(),
        1 => "; 1 is missing".to_owned(),
        lost => format!("; {} are missing", thousands(lost)),
    };
    report.error(what + &missing);
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn not_even_a_widget() {
        check(&expect![[r#"
            9000 end
                 ! X06 [–] error Nothing was recorded: the session has no message
            9500 end
        "#]]);
    }

    #[test]
    fn settings_alone() {
        check(&expect![[r#"
            1000 setting LocalSettings:Calling:CallingExtensions {"name":"Demo","url":"https://widget.example"}
                 ! E01 [–] note LocalSettings:Calling:CallingExtensions replaces the installed widget: Demo, https://widget.example
            9000 end
                 ! X06 [–] error Nothing was recorded: the session has no message
        "#]]);
    }

    #[test]
    fn lost_messages_alone() {
        check(&expect![[r#"
            1000 gap lost=12
                 ! X02 [–] note 12 messages are missing: a buffer was full
            9000 end
                 ! X06 [–] error Nothing was recorded: the session has no message; 12 are missing
        "#]]);
        check(&expect![[r#"
               0 gap late-start
                 ! X01 [–] note The recording began after the handshake; what was before cannot be checked
            9000 end
                 ! X06 [–] error Nothing was recorded: the session has no message; some are missing
        "#]]);
        check(&expect![[r#"
            1000 gap lost=0
            9000 end
                 ! X06 [–] error Nothing was recorded: the session has no message
        "#]]);
    }

    #[test]
    fn messages_of_something_else() {
        check(&expect![[r#"
               0 widget    – raw="hello"
                 ! T20 note The widget posted a string, which is not a message; the host ignores it
            1000 widget    – raw={"type":"webpackOk"}
                 ! T05 note webpackOk has no messageId and is not one of the SDK's types: it comes from another script, and the host ignores it
            9000 end
                 ! X01 [#1] note The recording began after the handshake; what was before cannot be checked
                 ! X06 [–] error Nothing of the SDK was recorded: its 2 messages are of something else
        "#]]);
    }

    #[test]
    fn nothing_is_missed_while_it_lasts() {
        check(&expect![[r#"
                0 conversation 1
             1000 gap paused
                  ! X02 [–] note Messages are missing: recording was paused
            90000 advance
        "#]]);
    }

    #[test]
    fn one_message_is_something() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=https://app.hubspot.com
            1000 end
        "#]]);
        check(&expect![[r#"
               0 widget    CALL_HOLD
                 ! T21 warning The host knows no type CALL_HOLD
            1000 end
                 ! X01 [#1] note The recording began after the handshake; what was before cannot be checked
        "#]]);
        check(&expect![[r#"
               0 host      DIAL_NUMBER truncated raw="{"
                 ! X01 note The recording began after the handshake; what was before cannot be checked
                 ! X04 note a message without type was cut: it had 1000000 bytes
            1000 end
        "#]]);
    }
}
