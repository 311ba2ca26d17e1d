//! F01: a documented field is of another type than documented.

use super::prelude::*;
use crate::fields::{self, Field, Which};
use crate::{FieldProblem, FieldType};

pub(super) const RULE: Rule = Rule {
    code: "F01",
    title: "Field of the wrong type",
    why: "The SDK passes on whatever it is given, and HubSpot reads it as the type that it \
          expects: the string \"false\" counts as true, and an object in place of an id names no \
          record.",
    fix: "Give the field in the documented type: engagementId: data.engagementId instead of the \
          whole data of the event, hideWidget: false without quotes, sendError({ message }) \
          instead of a bare string.",
    severity: "warning; error for an object or a list in place of a string or a number; note for the \
               digits of a number as a string, and for strings and numbers that HubSpot confuses",
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId={"engagementId":4711} hideWidget="false"
                 ! F01 error engagementId of CALL_COMPLETED is an object; expected a number or a string; give data.engagementId, not all of data
                 ! F01 warning hideWidget of CALL_COMPLETED is the string "false", which counts as true; expected true or false
        "#,
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId=4711
            2000 widget    CALL_ENDED externalCallId=a engagementId=4711 callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a engagementId=4711 hideWidget=false
        ",
    },
    hooks: &[Hook::Every(check)],
    ..Rule::ANY_VERSION
};

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
    let which = (Which::Wrong, arrival.state.view.speaks);
    fields::documented(arrival.json, arrival.ty, which, &mut |field| {
        if let (Some(FieldProblem::WrongType { .. }), Some(value)) = (&field.problem, field.value) {
            tell(arrival, &field, value, report);
        }
    });
    // A posted Error object arrives as an Error, with its message.
    let is_error = arrival
        .recorded
        .cloned
        .get("data")
        .is_some_and(|what| what == "Error");
    let data = arrival
        .data
        .filter(|data| **data != Json::Null && !is_error);
    if let Some(data) = data.filter(|data| !matches!(data, Json::Object(_)))
        && ty
            .spec()
            .fields
            .iter()
            .any(|field| field.location == crate::Location::Data)
    {
        let kind = data.kind_words();
        report.error(format!(
            "data of {ty} is {kind}, of which nothing can be read; expected an object"
        ));
    }
}

fn tell(
    arrival: &Arrival<'_>,
    field: &Field<'_, Json<'_>>,
    value: &Json<'_>,
    report: &mut Report<'_>,
) {
    let path = field.place.to_string();
    let path = path.strip_prefix("data.").unwrap_or(&path);
    let key = path.rsplit('.').next().unwrap_or(path);
    let is = |wanted: &dyn Fn(FieldType) -> bool| {
        let types = field.types.iter().flatten();
        types.into_iter().any(|ty| any_of(*ty, wanted))
    };
    let takes_number = is(&|ty| ty == FieldType::Number);
    let takes_text = is(&|ty| {
        matches!(
            ty,
            FieldType::String
                | FieldType::Origin
                | FieldType::Url
                | FieldType::Enum(_)
                | FieldType::Constant(_)
        )
    });
    let takes_flag = is(&|ty| ty == FieldType::Boolean);
    // `call && call.engagementId` gives false while there is no call yet.
    let is_unset = matches!(value, Json::Bool(false)) && !takes_flag;
    // The handshake's origins are checked by T04.
    let is_origin = is(&|ty| ty == FieldType::Origin);
    if is_unset || value.as_str() == Some("") || is_origin || report.is_told(key) {
        return;
    }
    // HubSpot sends it every time, and the widget's developer cannot change that.
    if arrival.from() == Side::Host && !report.once((arrival.name(), path)) {
        return;
    }

    let is_container = matches!(value, Json::Array(_) | Json::Object(_));
    let is_digits = value
        .as_str()
        .is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()));
    let is_scalar = matches!(value, Json::String(_) | Json::Number(_));
    let severity = if is_container && (takes_number || takes_text) {
        Severity::Error
    } else if takes_number && is_digits
        || arrival.from() == Side::Host && is_scalar && (takes_number || takes_text)
    {
        Severity::Note
    } else {
        Severity::Warning
    };

    let cloned = arrival.recorded.cloned.get(&format!("data.{path}"));
    let found = match (cloned.filter(|what| *what != "undefined"), value) {
        (Some(what), _) => format!("a {what}"),
        (None, Json::String(text)) if takes_flag && text.len() <= SHORT => {
            format!("the string {text:?}, which counts as true")
        }
        (None, value) => value.kind_words().to_owned(),
    };
    let expected = fields::type_words(&field.types);
    let inner = match value.get(key) {
        Some(_) => format!("; give data.{key}, not all of data"),
        None => String::new(),
    };
    let name = arrival.name();
    report.add(
        severity,
        format!("{path} of {name} is {found}; expected {expected}{inner}"),
    );
}

/// Longer texts say no more.
const SHORT: usize = 16;

fn any_of(ty: FieldType, wanted: &dyn Fn(FieldType) -> bool) -> bool {
    match ty {
        FieldType::OneOf(types) => types.iter().any(|ty| any_of(*ty, wanted)),
        _ => wanted(ty),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn ids() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=["a"]
                 ! F01 error externalCallId of OUTGOING_CALL_STARTED is an array; expected a string or a number
            1400 host      CREATE_ENGAGEMENT_SUCCEEDED engagementId="4711"
                 ! F01 note engagementId of CREATE_ENGAGEMENT_SUCCEEDED is a string; expected a number
            2000 widget    CALL_ENDED externalCallId=a engagementId=[4711] callEndStatus=BUSY
                 ! F01 error engagementId of CALL_ENDED is an array; expected a number
            3000 widget    CALL_COMPLETED externalCallId=a engagementId={"id":4711} hideWidget=false
                 ! F01 error engagementId of CALL_COMPLETED is an object; expected a number or a string
            4000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId=true
                 ! F01 warning engagementId of FINALIZE_ENGAGEMENT is a boolean; expected a number
            5000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId="4711"
                 ! C02 note FINALIZE_ENGAGEMENT came again for one call
                 ! F01 note engagementId of FINALIZE_ENGAGEMENT is a string; expected a number
            6000 widget    FINALIZE_ENGAGEMENT externalCallId=a engagementId="the one"
                 ! M17 error FINALIZE_ENGAGEMENT names engagement the one; HubSpot gave 4711 for this call
        "#]]);
    }

    #[test]
    fn flags() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             500 host      VISIBILITY_CHANGED isMinimized="true" isHidden=0
                 ! F01 warning isMinimized of VISIBILITY_CHANGED is the string "true", which counts as true; expected true or false
                 ! F01 warning isHidden of VISIBILITY_CHANGED is a number; expected true or false
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=0
                 ! F01 warning hideWidget of CALL_COMPLETED is a number; expected true or false
            4000 handshake 0.0.1
                 ! H04 [#5] note OUTGOING_CALL_STARTED got no answer in the 3.0 s until the page went away: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            5000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            6000 widget    CALL_ENDED
            7000 widget    CALL_COMPLETED hideWidget=""
                 ! M18 note CALL_COMPLETED does not say hideWidget; HubSpot closes the widget
        "#]]);
    }

    #[test]
    fn texts_and_objects() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 sizeInfo="400x600"
                 ! F01 warning sizeInfo of INITIALIZED is a string; expected an object
            1000 widget    ERROR message={"code":7} type=ERROR
                 ! F01 error message of ERROR is an object; expected a string
            1100 widget    ERROR message=7
                 ! F01 warning message of ERROR is a number; expected a string
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates="2"
                 ! M22 note NAVIGATE_TO_RECORD came without a match of the caller before it
                 ! F01 warning objectCoordinates of NAVIGATE_TO_RECORD is a string; expected an object
            1300 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches={"0":1}
                 ! F01 warning callerIdMatches of CALLER_ID_MATCH_SUCCEEDED is an object; expected a list
            1400 host      CREATE_ENGAGEMENT_FAILED error={"message":{"text":"no"}}
                 ! F01 error error.message of CREATE_ENGAGEMENT_FAILED is an object; expected a string
                 ! H08 note HubSpot could not create an engagement, and does not say why
            1500 widget    SET_WIDGET_URL iFrameUrl=7
                 ! T24 warning SET_WIDGET_URL has iFrameUrl only in data; a host made with the SDK ignores it
                 ! F01 warning iFrameUrl of SET_WIDGET_URL is a number; expected a URL
        "#]]);
    }

    #[test]
    fn inside_of_objects_and_lists() {
        check(&expect![[r#"
               0 handshake 0.5.0-rc.0 isAvailable=true
            1000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true
            1100 host      CALLER_ID_MATCH_SUCCEEDED callerIdMatches=[{"callerIdType":"CONTACT","firstName":["Ada"],"objectCoordinates":{"portalId":1,"objectId":"2","objectTypeId":"0-1"}}]
                 ! F01 note callerIdMatches[0].objectCoordinates.objectId of CALLER_ID_MATCH_SUCCEEDED is a string; expected a number
                 ! F01 error callerIdMatches[0].firstName of CALLER_ID_MATCH_SUCCEEDED is an array; expected a string
            1200 widget    NAVIGATE_TO_RECORD objectCoordinates={"portalId":1,"objectId":{"value":2},"objectTypeId":"0-1"}
                 ! F01 error objectCoordinates.objectId of NAVIGATE_TO_RECORD is an object; expected a number
        "#]]);
    }

    #[test]
    fn data_as_text() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED data="{\"externalCallId\":\"a\"}"
                 ! F01 error data of CALL_ENDED is a string, of which nothing can be read; expected an object
            3000 widget    LOGGED_OUT data=now
        "#]]);
    }

    #[test]
    fn what_another_rule_tells_is_told_once() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 isAvailable=1 sizeInfo={"width":"400","height":true}
                 ! S04 note sizeInfo.width of INITIALIZED is a string; expected a number of pixels
                 ! S04 note sizeInfo.height of INITIALIZED is a boolean; expected a number of pixels
                 ! S05 warning isAvailable of INITIALIZED is a number; expected true or false
            1000 widget    OUTGOING_CALL_STARTED toNumber=15550100 createEngagement="true" externalCallId=a callStartTime=2023
                 ! M07 warning toNumber of OUTGOING_CALL_STARTED is a number; expected a string with a number
                 ! M08 warning createEngagement of OUTGOING_CALL_STARTED is a string; expected true or false
                 ! M10 warning callStartTime of OUTGOING_CALL_STARTED is 2023; expected milliseconds since 1970
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=7
                 ! M13 warning callEndStatus is a number; expected one of COMPLETED, FAILED, CANCELED, BUSY, NO_ANSWER, REJECTED, MISSED
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_status":7}
                 ! M19 warning hs_call_status is a number; expected a string
            3100 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties=[]
                 ! M19 warning engagementProperties is an array; expected an object of strings
                 ! C02 note CALL_COMPLETED came again for one call
            4000 handshake 0.0.1 old isLoggedIn="yes"
                 ! S02 warning isLoggedIn of INITIALIZED is a string; expected true or false
            4100 widget    INCOMING_CALL phoneNumber=+15550100
            4200 widget    CALL_DATA engagementId=[1]
                 ! Q06 note engagementId of CALL_DATA is an array; expected a number
        "#]]);
    }

    #[test]
    fn after_a_gap_and_in_another_conversation() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 gap       lost=3
                 ! X02 [–] note 3 messages are missing: a buffer was full
            3000 widget    CALL_COMPLETED externalCallId=a engagementId={"engagementId":4711} hideWidget="false"
                 ! F01 error engagementId of CALL_COMPLETED is an object; expected a number or a string; give data.engagementId, not all of data
                 ! F01 warning hideWidget of CALL_COMPLETED is the string "false", which counts as true; expected true or false
            4000 handshake 0.9.7-beta.0 conversation=2
            5000 widget    CALL_COMPLETED conversation=2 externalCallId=b engagementId={"engagementId":4711} hideWidget="false"
                 ! C04 error CALL_COMPLETED is for a call that was never announced: no OUTGOING_CALL_STARTED or INCOMING_CALL came before it
                 ! F01 error engagementId of CALL_COMPLETED is an object; expected a number or a string; give data.engagementId, not all of data
                 ! F01 warning hideWidget of CALL_COMPLETED is the string "false", which counts as true; expected true or false
        "#]]);
    }

    #[test]
    fn without_the_sdk() {
        check(&expect![[r#"
               0 handshake none
                 ! T16 note SYNC_ACK has no version; the widget does not use the SDK
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget="false"
                 ! F01 warning hideWidget of CALL_COMPLETED is the string "false", which counts as true; expected true or false
        "#]]);
    }

    #[test]
    fn fields_that_the_version_has_not() {
        check(&expect![[r#"
               0 handshake 0.2.1-beta.0
            1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true externalCallId={"own":1}
            2000 widget    CALL_ENDED callEndStatus=BUSY engagementId={"own":1}
            3000 widget    CALL_COMPLETED hideWidget=false externalCallId={"own":1}
            4000 handshake 0.0.1 old
                 ! H04 [#4] note OUTGOING_CALL_STARTED got no answer in the 3.0 s until the page went away: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            5000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement={"own":1}
                 ! Q02 note OUTGOING_CALL_STARTED came without DIAL_NUMBER; the user dialed in the widget
        "#]]);
    }

    #[test]
    fn what_is_not_known_is_legal() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0 engagementId=0 isAvailable=null sizeInfo=null portalId=null usesCallingWindow=null
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=7 callStartTime=null fromNumber=null
            2000 widget    CALL_ENDED externalCallId="7" engagementId=false callEndStatus=null
            3000 widget    CALL_COMPLETED externalCallId=7 engagementId="" hideWidget=null engagementProperties=null
                 ! M18 note CALL_COMPLETED does not say hideWidget; HubSpot closes the widget
            3100 widget    CALL_COMPLETED externalCallId=7 engagementId=null hideWidget=null cloned:data.engagementId=undefined
                 ! M18 note CALL_COMPLETED does not say hideWidget; HubSpot closes the widget
                 ! C02 note CALL_COMPLETED came again for one call
            4000 widget    CALL_COMPLETED externalCallId=7 engagementId="4711" hideWidget=false engagementProperties={"hs_call_recording_url":null,"hs_call_body":null,"hs_timestamp":1700000000000}
        "#]]);
    }

    #[test]
    fn what_the_host_repeats_is_told_once() {
        check(&expect![[r#"
               0 host      SYNC .hostUrl=7 .portalId="7" .userId=["x"]
                 ! T04 error hostUrl is a number; expected an origin
                 ! F01 note portalId of SYNC is a string; expected a number
                 ! F01 error userId of SYNC is an array; expected a number
             100 host      SYNC .hostUrl=7 .portalId="7" .userId=["x"]
             101 widget    SYNC_ACK .version=0.9.7 .iFrameUrl=https://widget.example
             102 widget    INITIALIZED isLoggedIn=true
            1000 host      DIAL_NUMBER phoneNumber=+15550100 ownerId="7"
                 ! F01 note ownerId of DIAL_NUMBER is a string; expected a number
            2000 host      DIAL_NUMBER phoneNumber=+15550100 ownerId="7"
                 ! C03 note DIAL_NUMBER came twice for one click; HubSpot's doing, ignore the second
        "#]]);
    }

    #[test]
    fn who_may_not_send_it_is_not_corrected() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      CALL_COMPLETED externalCallId=a hideWidget="false"
                 ! T23 error The host sent CALL_COMPLETED, which only the widget may send
        "#]]);
    }

    #[test]
    fn an_error_has_its_message() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    ERROR data="boom" cloned:data=Error
            2000 widget    ERROR data=boom
                 ! F01 error data of ERROR is a string, of which nothing can be read; expected an object
        "#]]);
    }
}
