//! M10: a time is not in milliseconds.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M10",
    title: "Time is not in milliseconds",
    why: "The documentation asks for milliseconds since the epoch. Seconds put the call into \
          January 1970.",
    fix: "Pass Date.now() or date.getTime(), not seconds, a string or a Date. Your server's Unix \
          time is in seconds: multiply it by 1000. hs_timestamp in engagementProperties may also \
          be a string: String(Date.now()).",
    severity: "warning",
    since: Version::new(0, 1, 0),
    example: Example {
        breaks: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a callStartTime=1700000001
                 ! M10 warning callStartTime of OUTGOING_CALL_STARTED is 1700000001: seconds, not milliseconds
        ",
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a callStartTime=1700000001000
        ",
    },
    hooks: &[Hook::On(
        &[
            MessageType::DialNumber,
            MessageType::OutgoingCallStarted,
            MessageType::IncomingCall,
            MessageType::CallCompleted,
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

/// From September 2001, when milliseconds got their thirteenth digit, to the year 2286.
const MILLISECONDS: std::ops::Range<f64> = 1e12..1e13;

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let (path, sender) = match arrival.ty {
        Some(MessageType::DialNumber) => ("startTimestamp", Side::Host),
        Some(MessageType::CallCompleted) => (PROPERTY, Side::Widget),
        _ => ("callStartTime", Side::Widget),
    };
    let Some(value) = arrival
        .deep_field(path)
        .filter(|value| **value != Json::Null)
    else {
        return;
    };
    if arrival.from() != sender {
        return;
    }
    let cloned = arrival.recorded.cloned.get(&format!("data.{path}"));
    if path == PROPERTY && cloned.is_none() && !is_property_time(value) {
        return;
    }
    let key = path.rsplit('.').next().unwrap_or(path);
    let name = arrival.name();
    let time = match value {
        Json::String(text) if path == PROPERTY && cloned.is_none() => text.parse().ok(),
        _ => value.as_f64(),
    };
    match time {
        Some(time) if MILLISECONDS.contains(&time) => {}
        Some(time) if MILLISECONDS.contains(&(time * 1000.0)) => {
            report
                .warning(format!(
                    "{key} of {name} is {time}: seconds, not milliseconds"
                ))
                .about([key]);
        }
        Some(time) => {
            report
                .warning(format!(
                    "{key} of {name} is {time}; expected milliseconds since 1970"
                ))
                .about([key]);
        }
        None => {
            let what = cloned.map_or(value.kind_words().to_owned(), |what| format!("a {what}"));
            report
                .warning(format!(
                    "{key} of {name} is {what}; expected milliseconds since 1970"
                ))
                .about([key]);
        }
    }
}

/// The call property that holds a time.
const PROPERTY: &str = "engagementProperties.hs_timestamp";

/// Whether the value of a call property is a number that should be a time. A date as text is fine,
/// an unset value is not a time, and any other type is M19.
fn is_property_time(value: &Json<'_>) -> bool {
    let number: Option<f64> = match value {
        Json::String(text) => text.parse().ok(),
        _ => value.as_f64(),
    };
    number.is_some_and(|number| number != 0.0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn seconds_and_others() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000
                 ! M10 warning startTimestamp of DIAL_NUMBER is 1700000000: seconds, not milliseconds
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a callStartTime=2023-11-14T22:13:20Z cloned:data.callStartTime=Date
                 ! M10 warning callStartTime of OUTGOING_CALL_STARTED is a Date; expected milliseconds since 1970
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    INCOMING_CALL fromNumber=+15550100 toNumber=+15550111 createEngagement=true externalCallId=b callStartTime=7
                 ! M10 warning callStartTime of INCOMING_CALL is 7; expected milliseconds since 1970
        "#]]);
    }

    #[test]
    fn call_property_in_seconds() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             100 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             200 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            1000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":1700000001}
                 ! M10 warning hs_timestamp of CALL_COMPLETED is 1700000001: seconds, not milliseconds
            2000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":"1700000001"}
                 ! M10 warning hs_timestamp of CALL_COMPLETED is 1700000001: seconds, not milliseconds
                 ! C02 note CALL_COMPLETED came again for one call
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":"2023-11-14T22:13:20Z"} cloned:data.engagementProperties.hs_timestamp=Date
                 ! M10 warning hs_timestamp of CALL_COMPLETED is a Date; expected milliseconds since 1970
            4000 handshake 0.2.1-beta.0
                 ! H04 [#4] note OUTGOING_CALL_STARTED got no answer in the 3.9 s until the page went away: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            4100 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            4200 widget    CALL_ENDED callEndStatus=BUSY
            5000 widget    CALL_COMPLETED hideWidget=false engagementProperties={"hs_timestamp":"1700000001.5"}
                 ! M10 warning hs_timestamp of CALL_COMPLETED is 1700000001.5: seconds, not milliseconds
            6000 widget    CALL_COMPLETED hideWidget=false engagementProperties={"hs_timestamp":17}
                 ! M10 warning hs_timestamp of CALL_COMPLETED is 17; expected milliseconds since 1970
                 ! C02 note CALL_COMPLETED came again for one call
        "#]]);
    }

    #[test]
    fn call_property_in_milliseconds() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             100 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             200 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            1000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":1700000001000}
            2000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":"1700000001000"}
                 ! C02 note CALL_COMPLETED came again for one call
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":"2023-11-14T22:13:20Z"}
            4000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":null}
            5000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":""}
            6000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_timestamp":0}
        "#]]);
    }

    #[test]
    fn milliseconds() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000000
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a callStartTime=1700000001000
        "#]]);
    }
}
