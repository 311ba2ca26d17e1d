//! M07: a number cannot be dialed.

use super::prelude::*;
use crate::phone;

pub(super) const RULE: Rule = Rule {
    code: "M07",
    title: "Number cannot be dialed",
    why: "HubSpot answers OUTGOING_CALL_STARTED with INITIATE_CALL_ID_FAILED if a number is not \
          valid, and finds no caller for it.",
    fix: "Pass numbers in the form +15550100199: a plus, the country code, no letters.",
    severity: "warning",
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber="call me" createEngagement=true externalCallId=a
                 ! M07 warning toNumber of OUTGOING_CALL_STARTED is call me, which cannot be dialed
        "#,
        clean: r"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+442073238299 createEngagement=true externalCallId=a
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

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let keys: &[&str] = match (arrival.ty, arrival.from()) {
        (Some(MessageType::DialNumber), Side::Host) => &["phoneNumber"],
        (Some(MessageType::OutgoingCallStarted), Side::Widget) => {
            &["toNumber", "phoneNumber", "fromNumber"]
        }
        (Some(MessageType::IncomingCall), Side::Widget) => {
            &["fromNumber", "phoneNumber", "toNumber"]
        }
        _ => return,
    };
    for key in keys {
        let Some(value) = arrival.field(key).filter(|value| **value != Json::Null) else {
            continue;
        };
        let Some(number) = value.as_str() else {
            let (name, kind) = (arrival.name(), value.kind_words());
            report
                .warning(format!(
                    "{key} of {name} is {kind}; expected a string with a number"
                ))
                .about([*key]);
            continue;
        };
        // A caller may withhold the number.
        let is_caller = arrival.is(MessageType::IncomingCall) && *key != "toNumber";
        let is_hidden = is_caller && !number.chars().any(|character| character.is_ascii_digit());
        if !number.is_empty()
            && !is_hidden
            && !phone::is_dialable(number)
            && !is_of_dial(arrival, number)
        {
            let name = arrival.name();
            report
                .warning(format!(
                    "{key} of {name} is {number}, which cannot be dialed"
                ))
                .about([*key]);
        }
    }
}

/// Whether this is the number that HubSpot asked the widget to dial, which is reported there.
fn is_of_dial(arrival: &Arrival<'_>, number: &str) -> bool {
    let dial = arrival.state.calls.dial.as_ref();
    arrival.is(MessageType::OutgoingCallStarted)
        && dial.and_then(|dial| dial.number.as_deref()) == Some(number)
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn once_for_a_number_of_hubspot() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 host      DIAL_NUMBER phoneNumber="101"
                 ! M07 warning phoneNumber of DIAL_NUMBER is 101, which cannot be dialed
            1500 widget    OUTGOING_CALL_STARTED toNumber="101" createEngagement=true externalCallId=a
        "#]]);
    }

    #[test]
    fn odd_numbers() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber=101
                 ! M07 warning phoneNumber of DIAL_NUMBER is a number; expected a string with a number
            1000 widget    OUTGOING_CALL_STARTED toNumber="call me" createEngagement=true externalCallId=a fromNumber=12345678901234567
                 ! M07 warning toNumber of OUTGOING_CALL_STARTED is call me, which cannot be dialed
                 ! M07 warning fromNumber of OUTGOING_CALL_STARTED is a number; expected a string with a number
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 host      DIAL_NUMBER phoneNumber="101"
                 ! M07 warning phoneNumber of DIAL_NUMBER is 101, which cannot be dialed
        "#]]);
    }

    #[test]
    fn good_numbers() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
             900 host      DIAL_NUMBER phoneNumber="+1 (555) 010-0199 ext. 7"
            1000 widget    OUTGOING_CALL_STARTED toNumber=+442073238299 createEngagement=true externalCallId=a fromNumber=+18884827768
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    INCOMING_CALL fromNumber=anonymous toNumber=+18884827768 createEngagement=true externalCallId=b
        "#]]);
    }
}
