//! M16: the widget completes a call without its engagement.

use super::prelude::*;
use super::w02_no_handler;
use crate::state::{CompletedBy, Engagement};

pub(super) const RULE: Rule = Rule {
    code: "M16",
    title: "CALL_COMPLETED without engagementId",
    why: "HubSpot created an engagement for the call, and now cannot know that this is the one to \
          save.",
    fix: "Keep the engagementId that onCreateEngagementSucceeded receives, and pass it to \
          callCompleted({ engagementId, … }). Keep it together with the externalCallId where it \
          survives a reload, such as sessionStorage: a reloaded page is not told the id again. 0, \
          NaN, \"undefined\" and an empty string count as no id.",
    severity: "warning; note if the page says that it has no handler for the message that gave the \
               id (W02)",
    since: Version::new(0, 0, 10),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
        ",
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    if arrival.from() != Side::Widget || !arrival.lacks_id("engagementId") {
        return;
    }
    let state = arrival.state;
    let call = match state.calls.completed_by(arrival) {
        CompletedBy::Call(call) => Some(call),
        CompletedBy::Closing | CompletedBy::Unknown => None,
        CompletedBy::Again(_) => return,
    };
    let of_page_before = || {
        let (id, mark) = state.calls.left_to(arrival)?.engagement.as_ref()?;
        let mut own = call.map_or(&[][..], |call| &call.engagements).iter();
        let is_same = own.all(|it| it.id == *id);
        is_same.then_some((id, mark, " before the page was reloaded"))
    };
    let given = || {
        let call = call?;
        let Engagement { id, mark, sure, .. } = call.engagements.last()?;
        let is_resumed = *sure && state.load.resumed_engagement.as_ref() == Some(id);
        (call.sure || is_resumed && !state.gapped).then_some((id, mark, ""))
    };
    let Some((id, mark, when)) = of_page_before().or_else(given) else {
        return;
    };
    let instead = arrival.instead_of("engagementId");
    let lack = match arrival.none_words("engagementId") {
        None => format!("CALL_COMPLETED has no engagementId; HubSpot gave {id}{when}{instead}"),
        Some(none) => format!(
            "CALL_COMPLETED has engagementId {none}, which is not an engagement id; HubSpot gave {id}{when}"
        ),
    };
    let finding = report
        .warning(lack)
        .advise(instead.advice())
        .see([mark.seq])
        .about(["engagementId"]);
    // A page that was not told the id cannot pass it on.
    if let Some(not_taken) = state.engagement_not_taken(*mark) {
        finding.follows_from_report(&w02_no_handler::RULE, not_taken);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn given_or_none() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_FAILED error={"message":"no"}
                 ! H08 note HubSpot could not create an engagement: no
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
        "#]]);
    }

    #[test]
    fn the_page_before_had_ended_the_call() {
        check(&expect![[r#"
                 0 conversation 1
                 1 handshake 0.9.7-beta.0
              1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
              1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
              3000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
              8000 closed widget
                   ! M15 [#6] note The page went away before CALL_COMPLETED; until it comes, engagement 7 is incomplete
              8400 conversation 2 continues=1
              8500 handshake 0.9.7-beta.0 conversation=2
              9500 widget    CALL_COMPLETED externalCallId=a hideWidget=true conversation=2
                   ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 7 before the page was reloaded
            900000 end
        "#]]);
    }

    #[test]
    fn sync_named_it() {
        check(&expect![[r#"
                0 ready 0.9.7-beta.0 .engagementId=7
                3 widget    INITIALIZED isLoggedIn=true engagementId=7
             1000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
             1500 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                  ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 7
            90000 end
        "#]]);
    }

    #[test]
    fn the_page_has_no_handler_for_it() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            1201 inside widget unhandled .type=CREATE_ENGAGEMENT_SUCCEEDED
                 ! W02 [–] warning The widget has no handler for CREATE_ENGAGEMENT_SUCCEEDED: it needs onCreateEngagementSucceeded
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! M16 note CALL_COMPLETED has no engagementId; HubSpot gave 4711 (follows from W02)
            4000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            4200 host      ENGAGEMENT_CREATED engagementId=4712
            4201 inside widget unhandled .type=ENGAGEMENT_CREATED
                 ! W02 [–] note The widget has no handler for ENGAGEMENT_CREATED: it needs onEngagementCreated
            4202 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4712
            4203 inside widget unhandled .type=CREATE_ENGAGEMENT_SUCCEEDED
            5000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
            6000 widget    CALL_COMPLETED externalCallId=b hideWidget=false
                 ! M16 note CALL_COMPLETED has no engagementId; HubSpot gave 4712 (follows from W02)
        "#]]);
        // One of the two has a handler.
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      ENGAGEMENT_CREATED engagementId=4711
            1202 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            1203 inside widget unhandled .type=CREATE_ENGAGEMENT_SUCCEEDED
                 ! W02 [–] warning The widget has no handler for CREATE_ENGAGEMENT_SUCCEEDED: it needs onCreateEngagementSucceeded
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711
            4000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            4200 host      ENGAGEMENT_CREATED engagementId=4712
            5000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY
            6000 widget    CALL_COMPLETED externalCallId=b hideWidget=false
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4712
                 ! M27 [#10] note ENGAGEMENT_CREATED came, but CREATE_ENGAGEMENT_SUCCEEDED did not
        "#]]);
    }

    #[test]
    fn the_fix_names_both_words() {
        let fixes = |keys: &str| {
            let trace = format!(
                "0 handshake 0.9.7-beta.0\n\
                 1000 widget OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a\n\
                 1200 host CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711\n\
                 2000 widget CALL_ENDED externalCallId=a callEndStatus=BUSY\n\
                 3000 widget CALL_COMPLETED externalCallId=a hideWidget=true {keys}\n"
            );
            let found = crate::trace::findings(&trace);
            let found = found.into_iter().filter(|it| it.rule.code == "M16");
            found.map(|it| it.fix()).collect::<Vec<_>>().concat()
        };
        assert!(
            fixes("engagmentId=4711").starts_with("Send engagmentId as engagementId. Keep the")
        );
        assert!(
            fixes(r#"call={"engagementId":4711}"#)
                .starts_with("Take engagementId out of call, into data itself. Keep the")
        );
        assert!(fixes("").starts_with("Keep the"));
    }

    #[test]
    fn misspelled() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementID=4711 hideWiget=true
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711; it has engagementID, did you mean engagementId?
                 ! M18 warning CALL_COMPLETED does not say hideWidget; HubSpot closes the widget; it has hideWiget, did you mean hideWidget?
        "#]]);
    }

    #[test]
    fn zero_is_no_engagement() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=0 hideWidget=false
                 ! M16 warning CALL_COMPLETED has engagementId 0, which is not an engagement id; HubSpot gave 4711
        "#]]);
        check(&expect![[r#"
               0 handshake 0.2.1
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED callEndStatus=BUSY
            3000 widget    CALL_COMPLETED engagementId="0" hideWidget=false
                 ! M16 warning CALL_COMPLETED has engagementId "0", which is not an engagement id; HubSpot gave 4711
        "#]]);
    }

    #[test]
    fn lost_when_the_widget_was_loaded_anew() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            1500 widget    CALL_ANSWERED externalCallId=a
            2000 closed widget
                 ! H05 [#4] note The page went away while the call was answered
            2100 conversation 2 continues=1
            2110 handshake 0.9.7-beta.0 conversation=2
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED conversation=2
            4000 widget    CALL_COMPLETED externalCallId=a hideWidget=false conversation=2
                 ! M16 warning CALL_COMPLETED has no engagementId; HubSpot gave 4711 before the page was reloaded
        "#]]);
        // In a frame that the recorder takes for the same one: without the id, then with the id
        // kept.
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 handshake 0.9.7-beta.0
                 ! H05 [#4] note The page went away while the call was started
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            4000 widget    CALL_COMPLETED externalCallId=a engagementId=null cloned:data.engagementId=NaN hideWidget=false
                 ! M16 warning CALL_COMPLETED has engagementId NaN, which is not an engagement id; HubSpot gave 4711 before the page was reloaded
        "#]]);
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 handshake 0.9.7-beta.0
                 ! H05 [#4] note The page went away while the call was started
            3000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            4000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
            5000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=b
            6000 widget    CALL_ENDED externalCallId=b callEndStatus=CANCELED
            7000 widget    CALL_COMPLETED externalCallId=b hideWidget=false
        "#]]);
    }

    #[test]
    fn nothing_was_given() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1200 host      CREATE_ENGAGEMENT_FAILED error={"message":"no"}
                 ! H08 note HubSpot could not create an engagement: no
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=0 hideWidget=false
        "#]]);
    }
}
