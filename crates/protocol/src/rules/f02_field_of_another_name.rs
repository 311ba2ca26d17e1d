//! F02: a key that nobody reads stands for a documented one.

use super::m13_call_end_status_unknown::STATUSES;
use super::prelude::*;
use crate::FieldProblem;
use crate::catalogue::{CALL_PROPERTIES, Meant, PROPERTIES};
use crate::fields::{self, Guess};

pub(super) const RULE: Rule = Rule {
    code: "F02",
    title: "Key that nobody reads",
    why: "The SDK passes on every key, but HubSpot reads only the documented ones. A value under \
          another name is silently lost: the call has no outcome, no notes, no id.",
    fix: "Use the documented names, exactly as they are written. Notes, title, length and \
          recording of a call are call properties: callCompleted({ engagementProperties: { \
          hs_call_body, hs_call_title, hs_call_duration } }). Other keys of your own can stay.",
    severity: "warning",
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a status=BUSY
                 ! F02 warning status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false body=Busy. subject=Call
                 ! F02 warning body and subject in CALL_COMPLETED are ignored; send them as callCompleted({ engagementProperties: { hs_call_body, hs_call_title } })
        ",
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_body":"Busy.","hs_call_title":"Call"}
        "#,
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

/// One sentence names no more keys than this.
const MANY: usize = 8;

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(ty) = arrival
        .ty
        .filter(|ty| ty.spec().direction.allows(arrival.from()))
    else {
        return;
    };
    if arrival.recorded.truncated.is_some() {
        return;
    }
    let mut found: Vec<(String, Meant)> = Vec::new();
    // HubSpot may send keys of its own; only a documented name in another spelling is reported.
    let guess = match arrival.from() {
        Side::Widget => Guess::Names,
        Side::Host => Guess::Spelling,
    };
    fields::undocumented(
        arrival.json,
        arrival.ty,
        (guess, arrival.state.view.speaks),
        &mut |key, field| {
            let Some(FieldProblem::Unknown {
                did_you_mean: Some(meant),
            }) = field.problem
            else {
                return;
            };
            // The rule that misses the documented field names the key in its place.
            let is_told = match &meant {
                Meant::Field(name) => report.is_told(name),
                Meant::Property(_) => false,
            };
            if found.len() < MANY && !is_told {
                found.push((key.to_owned(), meant));
            }
        },
    );
    add_status(arrival, &mut found);
    add_properties(arrival, &mut found);
    if found.is_empty() {
        return;
    }
    // SYNC is repeated, and the widget's developer cannot change what HubSpot sends.
    if arrival.from() == Side::Host && !report.once(arrival.name()) {
        return;
    }

    let keys: Vec<&str> = found.iter().map(|(key, _)| key.as_str()).collect();
    let (are, them) = match keys.len() {
        1 => ("is", "it"),
        _ => ("are", "them"),
    };
    let keys = listed(&keys);
    let meant = meant_words(&found);
    let fields: Vec<&'static str> = found
        .iter()
        .filter_map(|(_, meant)| match meant {
            Meant::Field(name) => Some(*name),
            Meant::Property(_) => None,
        })
        .collect();
    let message = match (arrival.from(), method(ty)) {
        (Side::Widget, Some(method)) => {
            format!("{keys} in {ty} {are} ignored; send {them} as {method}({{ {meant} }})")
        }
        (Side::Widget, None) => {
            format!("{keys} in {ty} {are} ignored; send {them} as {meant}")
        }
        (Side::Host, _) => {
            format!("{keys} in {ty} {are} not documented; the documents have {meant}")
        }
    };
    // What HubSpot sends, nobody here can rename.
    let advice = (arrival.from() == Side::Widget).then(|| advice(&found));
    report.warning(message).advise(advice).about(fields);
}

/// "Send status as callEndStatus, body as `engagementProperties.hs_call_body`."
fn advice(found: &[(String, Meant)]) -> String {
    let pairs = found.iter().map(|(key, meant)| format!("{key} as {meant}"));
    format!("Send {}.", pairs.collect::<Vec<_>>().join(", "))
}

/// Adds the key of a widget's own that holds what `callEndStatus` should: names for it are many, its
/// values are few.
fn add_status(arrival: &Arrival<'_>, found: &mut Vec<(String, Meant)>) {
    const STATUS: &str = "callEndStatus";
    let is_told = found
        .iter()
        .any(|(_, meant)| *meant == Meant::Field(STATUS));
    if !arrival.is(MessageType::CallEnded) || is_told || !arrival.lacks(STATUS) {
        return;
    }
    let members = arrival.data.map_or(&[][..], Json::members);
    let mut held = members.iter().filter(|(key, value)| {
        let is_status = value.as_str().is_some_and(|it| STATUSES.contains(&it));
        is_status && !key.starts_with("hs_")
    });
    if let Some((key, _)) = held.next().filter(|_| found.len() < MANY) {
        found.push((key.to_string(), Meant::Field(STATUS)));
    }
}

/// Adds misspelled call properties in `engagementProperties`; other keys there may be the account's
/// own properties.
fn add_properties(arrival: &Arrival<'_>, found: &mut Vec<(String, Meant)>) {
    let Some(properties) = arrival
        .field(PROPERTIES)
        .filter(|_| arrival.is(MessageType::CallCompleted))
    else {
        return;
    };
    for (key, value) in properties.members() {
        if CALL_PROPERTIES.contains(&key.as_ref()) {
            continue;
        }
        let documented = fields::property(key).filter(|name| name != key);
        if let Some(name) = documented
            && *value != Json::Null
            && found.len() < MANY
            && properties.get(&name).is_none()
        {
            found.push((key.to_string(), Meant::Property(name)));
        }
    }
}

/// "a, b and c".
fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The documented names: "callEndStatus, engagementProperties: { `hs_call_body` }".
fn meant_words(found: &[(String, Meant)]) -> String {
    let mut names: Vec<&str> = Vec::new();
    let mut properties: Vec<&str> = Vec::new();
    for (_, meant) in found {
        let (list, name) = match meant {
            Meant::Field(name) => (&mut names, *name),
            Meant::Property(name) => (&mut properties, name.as_str()),
        };
        if !list.contains(&name) {
            list.push(name);
        }
    }
    let has_properties = !properties.is_empty();
    let properties = format!("{PROPERTIES}: {{ {} }}", properties.join(", "));
    if has_properties {
        names.push(&properties);
    }
    names.join(", ")
}

/// The method of the newest SDK that sends this message, if there is one.
fn method(ty: MessageType) -> Option<&'static str> {
    let methods = ty.spec().sdk_methods.iter();
    let mut names = methods.filter_map(|method| method.split(' ').next());
    names.find(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    /// Whatever the key is called, its value says what it stands for.
    #[test]
    fn the_status_under_a_name_of_its_own() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=false
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
             9000 widget    CALL_ENDED externalCallId=a disposition=NO_ANSWER reason="user hangup"
                  ! F02 warning disposition in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            12000 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550100 createEngagement=false
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            19000 widget    CALL_ENDED externalCallId=b callEndStatus=BUSY outcome=COMPLETED
            22000 widget    OUTGOING_CALL_STARTED externalCallId=c toNumber=+15550100 createEngagement=false
                  ! M09 note createEngagement of OUTGOING_CALL_STARTED is false; HubSpot creates no engagement
            29000 widget    CALL_ENDED externalCallId=c hangup={"by":"BUSY"} side=agent
        "#]]);
    }

    #[test]
    fn typing_mistakes() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED externalCallId=a phoneNumer=+15550100 createEngagement=true
                  ! M05 warning OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial; it has phoneNumer, did you mean toNumber?
             1200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             9000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
             9100 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false engagementPropertys={"hs_call_title":"Call"}
                  ! F02 warning engagementPropertys in CALL_COMPLETED is ignored; send it as callCompleted({ engagementProperties })
            12000 widget    OUTGOING_CALL_STARTED externalCallId=b toNumber=+15550100 phoneNumer=+15550100 calerNumbr=+15550111 createEngagement=true
            12200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4712
            19000 widget    CALL_ENDED externalCallId=b callEndStatus=COMPLETED
            19100 widget    CALL_COMPLETED externalCallId=b engagementId=4712 hideWidget=false hs_call_titel=Call
                  ! F02 warning hs_call_titel in CALL_COMPLETED is ignored; send it as callCompleted({ engagementProperties: { hs_call_title } })
            22000 widget    OUTGOING_CALL_STARTED externalCallId=c toNumber=+15550100 callerNumbr=+15550111 createEngagement=true
                  ! F02 warning callerNumbr in OUTGOING_CALL_STARTED is ignored; send it as outgoingCall({ fromNumber })
            22200 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4713
            29000 widget    CALL_ENDED externalCallId=c callEndStatus=COMPLETED
            29100 widget    CALL_COMPLETED externalCallId=c engagementId=4713 hideWidget=false engagementProperties={"hs_call_titel":"Call"}
                  ! F02 warning hs_call_titel in CALL_COMPLETED is ignored; send it as callCompleted({ engagementProperties: { hs_call_title } })
        "#]]);
    }

    #[test]
    fn the_fix_names_each_key_and_what_to_send_it_as() {
        let trace = "0 handshake 0.9.7-beta.0\n\
            1000 widget OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true\n\
            2000 widget CALL_ENDED externalCallId=a engagementid=1\n\
            3000 widget CALL_COMPLETED externalCallId=a hideWidget=false body=x hidewidgets=1 subject=y\n\
            4000 host CREATE_ENGAGEMENT_SUCCEEDED engagementID=4711\n";
        let found = crate::trace::findings(trace);
        let fixes = found.iter().filter(|it| it.rule.code == "F02");
        let fixes = fixes.map(|it| it.fix().split_inclusive(". ").next().unwrap().to_owned());
        assert_eq!(
            fixes.collect::<Vec<_>>(),
            [
                "Send engagementid as engagementId. ",
                "Send body as engagementProperties.hs_call_body, \
                 subject as engagementProperties.hs_call_title. ",
                "Use the documented names, exactly as they are written. ",
            ]
        );
    }

    #[test]
    fn mistyped_properties() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED externalCallId=a toNumber=+15550100 createEngagement=true
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=7
            2000 widget    CALL_ENDED externalCallId=a engagementId=7 callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=7 hideWidget=false engagementProperties={"hs_call_boddy":"x","hs_call_titel":"y","hs_call_summary":"z","hs_call_location":"q","call_boddy":"own"}
                 ! F02 warning hs_call_boddy and hs_call_titel in CALL_COMPLETED are ignored; send them as callCompleted({ engagementProperties: { hs_call_body, hs_call_title } })
        "#]]);
    }

    #[test]
    fn known_other_names() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=+15550100
            1000 widget    OUTGOING_CALL_STARTED phone=+15550100 from=+15550111 createEngagement=true externalCallId=a startTime=1700000001000
                 ! F02 warning phone, from and startTime in OUTGOING_CALL_STARTED are ignored; send them as outgoingCall({ toNumber, fromNumber, callStartTime })
            1500 widget    CALL_ANSWERED callId=a
                 ! M01 warning CALL_ANSWERED has no externalCallId; the call is a; it has callId, did you mean externalCallId?
            2000 widget    CALL_ENDED externalCallId=a callStatus=BUSY
                 ! F02 warning callStatus in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false body=x subject=y hsCallStatus=COMPLETED callEndTime=1700000002000
                 ! F02 warning body, subject, hsCallStatus and callEndTime in CALL_COMPLETED are ignored; send them as callCompleted({ engagementProperties: { hs_call_body, hs_call_title, hs_call_status, hs_call_duration } })
            3500 widget    ERROR msg="No line"
                 ! F02 warning msg in ERROR is ignored; send it as sendError({ message })
            3600 widget    NAVIGATE_TO_RECORD portalId=1 objectId=2 objectTypeId=0-1
                 ! M22 note NAVIGATE_TO_RECORD came without a match of the caller before it
                 ! F02 warning portalId, objectId and objectTypeId in NAVIGATE_TO_RECORD are ignored; send them as navigateToRecord({ objectCoordinates })
            3700 widget    SET_WIDGET_URL url=https://widget.example/x
                 ! F02 warning url in SET_WIDGET_URL is ignored; send it as setWidgetUrl({ iFrameUrl })
            4000 widget    INCOMING_CALL caller=+15550100 to=+15550111 createEngagement=true externalCallId=b
                 ! M04 error INCOMING_CALL has no fromNumber and no toNumber; it has caller, did you mean fromNumber?; it has to, did you mean toNumber?
        "#]]);
    }

    #[test]
    fn slips() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isAvailble=true siezInfo={"width":400,"height":600}
                 ! F02 warning isAvailble and siezInfo in INITIALIZED are ignored; send them as initialized({ isAvailable, sizeInfo })
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 fromnumber=+15550111 createEngagment=true externalCallId=a
                 ! F02 warning fromnumber and createEngagment in OUTGOING_CALL_STARTED are ignored; send them as outgoingCall({ fromNumber, createEngagement })
            2000 widget    CALL_ENDED externalCallId=a call_end_status=BUSY
                 ! F02 warning call_end_status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagement_properties={"hs_call_body":"x"}
                 ! F02 warning engagement_properties in CALL_COMPLETED is ignored; send it as callCompleted({ engagementProperties })
            4000 host      CREATE_ENGAGEMENT_SUCCEEDED engagementID=4711
                 ! F02 warning engagementID in CREATE_ENGAGEMENT_SUCCEEDED is not documented; the documents have engagementId
        "#]]);
    }

    #[test]
    fn call_properties_beside_and_in_the_properties() {
        check(&expect![[r#"
               0 handshake 0.2.1-beta.0
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            2000 widget    CALL_ENDED hs_call_status=BUSY
                 ! F02 warning hs_call_status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            3000 widget    CALL_COMPLETED hideWidget=false hs_call_body=x hs_own=y hubspotOwnerId=7 engagementProperties={"hsCallTitle":"z","hs_own":"y","my_own":"w"}
                 ! F02 warning hs_call_body, hubspotOwnerId and hsCallTitle in CALL_COMPLETED are ignored; send them as callCompleted({ engagementProperties: { hs_call_body, hubspot_owner_id, hs_call_title } })
        "#]]);
    }

    #[test]
    fn other_versions() {
        check(&expect![[r#"
               0 handshake 0.0.1 old
             900 host      DIAL_NUMBER phoneNumber=+15550100
            1000 widget    OUTGOING_CALL_STARTED phone=+15550100
                 ! Q01 note OUTGOING_CALL_STARTED has no phoneNumber; it has phone, did you mean phoneNumber?
            2000 widget    CALL_ENDED
            3000 handshake 0.1.7-beta.0
            4000 widget    OUTGOING_CALL_STARTED phone=+15550100 createEngagement=true callId=a
                 ! F02 warning phone in OUTGOING_CALL_STARTED is ignored; send it as outgoingCall({ phoneNumber })
            5000 widget    CALL_ENDED status=BUSY callId=a
                 ! F02 warning status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            6000 widget    CALL_COMPLETED hideWidget=false body=x callId=a
            7000 handshake none
                 ! H04 [#10] note OUTGOING_CALL_STARTED got no answer in the 3.0 s until the page went away: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
                 ! T16 note SYNC_ACK has no version; the widget does not use the SDK
            8000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true
            9000 widget    CALL_ENDED status=BUSY
                 ! F02 warning status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
        "#]]);
    }

    #[test]
    fn after_a_gap_and_in_another_conversation() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 gap       lost=3
                 ! X02 [–] note 3 messages are missing: a buffer was full
            2000 widget    CALL_ENDED externalCallId=a status=BUSY
                 ! F02 warning status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
            4000 handshake 0.9.7-beta.0 conversation=2
            4100 widget    OUTGOING_CALL_STARTED conversation=2 toNumber=+15550100 createEngagement=true externalCallId=b
            5000 widget    CALL_ENDED conversation=2 externalCallId=b status=BUSY
                 ! F02 warning status in CALL_ENDED is ignored; send it as callEnded({ callEndStatus })
        "#]]);
    }

    #[test]
    fn what_another_rule_tells_is_told_once() {
        check(&expect![[r#"
               0 ready 0.9.7-beta.0
             100 widget    INITIALIZED loggedIn=true
                 ! S02 warning INITIALIZED does not say isLoggedIn; it has loggedIn, did you mean isLoggedIn?
            1000 widget    OUTGOING_CALL_STARTED phone=+15550100 createEngagement=true callId=a
                 ! M01 warning OUTGOING_CALL_STARTED has no externalCallId; it has callId, did you mean externalCallId?
                 ! M05 warning OUTGOING_CALL_STARTED has no toNumber, and HubSpot did not ask to dial; it has phone, did you mean toNumber?
            1500 widget    CALL_ANSWERED externalCallID=a
                 ! M31 error CALL_ANSWERED has externalCallID; the key is externalCallId
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
                 ! C05 warning callEndStatus is BUSY, but CALL_ANSWERED came 500 ms before
            3000 widget    CALL_COMPLETED externalCallId=a closeWidget=false
                 ! M18 warning CALL_COMPLETED does not say hideWidget; HubSpot closes the widget; it has closeWidget, did you mean hideWidget?
            4000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagement=4711
                 ! M21 error FINALIZE_ENGAGEMENT has no engagementId; it has engagement, did you mean engagementId?
        "#]]);
    }

    #[test]
    fn keys_of_ones_own_are_legal() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 version=7 isReady=true agent={"id":7} portalId=1 hostUrl=x
             900 host      DIAL_NUMBER phoneNumber=+15550100 objectTypeId=0-1 phone=+15550100 source=record
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a toName=Ada fromName=Bob direction=OUTBOUND callSid=CA1 phoneNumber=+15550100
            1500 widget    CALL_ANSWERED externalCallId=a toNumber=+15550100 createEngagement=true callStartTime=1
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY status=7 duration=7 reason=hangup callId=a notes=x
                 ! C05 warning callEndStatus is BUSY, but CALL_ANSWERED came 500 ms before
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false toNumber=+15550100 callEndStatus=BUSY callId=a body=x engagementProperties={"hs_call_body":"x"} metadata={}
            4000 widget    LOGGED_OUT reason=idle
            5000 widget    RESIZE_WIDGET width=400 height=600 animate=true
            6000 widget    ERROR message=x errorType=GENERIC code=7
        "#]]);
    }

    #[test]
    fn as_the_demos() {
        check(&expect![[r#"
                0 handshake 0.9.6-beta.0 isLoggedIn=true isAvailable=true engagementId=0 sizeInfo={"width":400,"height":650} iframeLocation=widget usesCallingWindow=true portalId=7 hostUrl=https://app.hubspot.com
             1000 widget    OUTGOING_CALL_STARTED createEngagement=true toNumber=+442073238299 fromNumber=+18884827768 callStartTime=1700000001000 externalCallId=a
             1300 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
             1310 host      ENGAGEMENT_CREATED engagementId=4711
             3500 widget    CALL_ANSWERED externalCallId=a
             9000 widget    CALL_ENDED callEndStatus=COMPLETED externalCallId=a
             9900 widget    CALL_COMPLETED engagementId=4711 externalCallId=a hideWidget=false engagementProperties={"hs_call_title":"Demo call","hs_call_body":"notes","hs_call_duration":"5500","hs_call_status":"COMPLETED","hs_call_recording_url":null}
            10000 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            10100 widget    FINALIZE_ENGAGEMENT engagementId=4711 externalCallId=a
            10200 host      FINALIZE_ENGAGEMENT_SUCCEEDED engagementId=4711 externalCallId=a
            11000 widget    SET_WIDGET_URL iFrameUrl=https://widget.example/x .iFrameUrl=https://widget.example
            11100 widget    ERROR type=ERROR message=x errorType=x
            20000 handshake 0.0.1 old isLoggedIn=true sizeInfo={"width":400,"height":600}
            21000 host      DIAL_NUMBER phoneNumber=+15550100
            21001 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100
            22000 widget    CALL_DATA engagementId=8533003
            22100 widget    ERROR type=GENERIC message=x
            23000 widget    CALL_ENDED
        "#]]);
    }

    #[test]
    fn nothing_under_another_name_is_legal() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a callId=null
            2000 widget    CALL_ENDED externalCallId=a status=null callEndStatus=null
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false body=null hs_call_body=null cloned:data.body=undefined
        "#]]);
    }
}
