//! M10: a time is not in milliseconds.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M10",
    title: "Time is not in milliseconds",
    why: "The documents give milliseconds since the epoch. Seconds put the call into January \
          1970.",
    fix: "Give Date.now() or date.getTime(), not seconds, a text or a Date.",
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
        ],
        check,
    )],
    ..Rule::ANY_VERSION
};

/// September 2001, when milliseconds got their thirteenth digit, to the year 2286.
const MILLISECONDS: std::ops::Range<f64> = 1e12..1e13;

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    let (key, sender) = match step.ty {
        Some(MessageType::DialNumber) => ("startTimestamp", Side::Host),
        _ => ("callStartTime", Side::Widget),
    };
    let Some(value) = step.field(key).filter(|value| **value != Json::Null) else {
        return;
    };
    if step.from() != sender {
        return;
    }
    let name = step.name();
    match value.as_f64() {
        Some(time) if MILLISECONDS.contains(&time) => {}
        Some(time) if MILLISECONDS.contains(&(time * 1000.0)) => {
            report.warning(format!(
                "{key} of {name} is {time}: seconds, not milliseconds"
            ));
        }
        Some(time) => {
            report.warning(format!(
                "{key} of {name} is {time}; expected milliseconds since 1970"
            ));
        }
        None => {
            let cloned = step.frame.cloned.get(&format!("data.{key}"));
            let what = cloned.map_or(value.kind_words().to_owned(), |what| format!("a {what}"));
            report.warning(format!(
                "{key} of {name} is {what}; expected milliseconds since 1970"
            ));
        }
    }
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
    fn milliseconds() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=+15550100 startTimestamp=1700000000000
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a callStartTime=1700000001000
        "#]]);
    }
}
