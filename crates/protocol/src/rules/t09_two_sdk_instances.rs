//! T09: two instances of the SDK speak in one page of the widget.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "T09",
    title: "Two SDK instances in one widget",
    why: "Each instance answers the handshake and announces the widget, so that HubSpot gets two \
          READY and two INITIALIZED. Only one of them may know of a call.",
    fix: "Create CallingExtensions once for the page, outside of components that are mounted \
          again, and keep it.",
    severity: "warning",
    example: Example {
        breaks: r"
            0 handshake 0.9.7-beta.0
            5 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            6 widget2   INITIALIZED isLoggedIn=true
              ! T09 warning A second instance of the SDK speaks: 1699999999777 besides 1699999999500, without a reload
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            5000 host      SYNC .hostUrl=https://app.hubspot.com
            5010 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
            5020 widget2   INITIALIZED isLoggedIn=true
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    let state = step.state;
    let Some(instance) = step.instance else {
        return;
    };
    let Some(known) = state.view.widget_instance.as_deref() else {
        return;
    };
    // During a handshake it is another page; an id of the host's is T07.
    let excused = state.syncing.is_some() || state.closed || state.borrows_id(step);
    if step.from() != Side::Widget || step.is_ack() || instance == known || excused {
        return;
    }
    if report.once(instance) {
        report
            .warning(format!(
                "A second instance of the SDK speaks: {instance} besides {known}, without a reload"
            ))
            .see(state.load.extra_acks.iter().map(|ack| ack.mark.seq));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn both_answer() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
               5 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
               6 widget2   INITIALIZED isLoggedIn=true
                 ! T09 warning A second instance of the SDK speaks: 1699999999777 besides 1699999999500, without a reload
            1000 widget    LOGGED_OUT
            2000 widget2   LOGGED_IN
            9000 end
        "#]]);
    }

    #[test]
    fn a_redirect_right_after_the_handshake() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             150 host      SYNC .hostUrl=https://app.hubspot.com
             160 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
             170 widget2   INITIALIZED isLoggedIn=true
            9000 end
        "#]]);
    }

    #[test]
    fn it_may_be_in_a_gap() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            5000 gap lost=2
                 ! X02 [–] note 2 messages are missing: a buffer was full
            5020 widget2   LOGGED_OUT
        "#]]);
    }
}
