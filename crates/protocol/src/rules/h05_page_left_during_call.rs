//! H05: a page unloads during a call.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "H05",
    title: "Page went away during a call",
    why: "The connection of a widget that is not in a calling window ends with its page. What \
          happens to the call afterwards is not recorded in this conversation: it counts as \
          neither completed nor missing.",
    fix: "In onReady, look at data.engagementId: if it is there, the call is still in progress, \
          and the widget should resume it. To keep calls alive across navigation, run them in a \
          separate calling window (usesCallingWindow in the settings of the app).",
    severity: "note",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 closed widget
                 ! H05 [#4] note The page went away while the call was started
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 closed widget
        ",
    },
    hooks: &[Hook::Leave(check)],
    ..Rule::ANY_VERSION
};

fn check(state: &State, report: &mut Report<'_>) {
    let Some(call) = state.calls.active().filter(|call| call.sure) else {
        return;
    };
    if report.once(call.began.seq) {
        report
            .note(format!(
                "The page went away while the call was {}",
                call.phase.words()
            ))
            .anchor(call.began.seq)
            .in_call(call.serial);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    /// The call itself is kept outside the page, and the new page reports how it ends.
    #[test]
    fn the_next_page_takes_it_up() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
             1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
             3000 widget    CALL_ANSWERED externalCallId=a
             8000 host      SYNC .hostUrl=https://app.hubspot.com
             8003 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example
                  ! H05 [#4] note The page went away while the call was answered
             8004 widget2   INITIALIZED isLoggedIn=true
            15000 widget2   CALL_ENDED externalCallId=a engagementId=7 callEndStatus=COMPLETED
            15500 widget2   CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false
            20000 widget2   OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550100 createEngagement=true
            20400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=8
            23000 widget2   CALL_ENDED externalCallId=b engagementId=8 callEndStatus=BUSY
            24000 widget2   CALL_COMPLETED externalCallId=b engagementId=8 hideWidget=false
            90000 end
        "#]]);
    }

    #[test]
    fn loaded_anew() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 host      SYNC .hostUrl=https://app.hubspot.com .engagementId=7
            2100 widget2   SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example .engagementId=7
                 ! H05 [#4] note The page went away while the call was started
            2101 widget2   INITIALIZED isLoggedIn=true engagementId=7
            3000 widget2   CALL_ANSWERED externalCallId=a
        "#]]);
    }
}
