//! M19: an engagement property has a value that HubSpot cannot use.

use super::prelude::*;

pub(super) const RULE: Rule = Rule {
    code: "M19",
    title: "Unusable engagement property",
    why: "HubSpot takes call properties as texts, a recording only by https, and a duration in \
          milliseconds; it answers UPDATE_ENGAGEMENT_FAILED or saves nonsense.",
    fix: "Give texts in engagementProperties: hs_call_duration as digits of milliseconds, \
          hs_call_recording_url with https.",
    severity: "warning",
    since: Version::new(0, 2, 0),
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"1:30","hs_call_recording_url":"http://media.example/a.mp3"}
                 ! M19 warning hs_call_duration is 1:30; expected digits of milliseconds
                 ! M19 warning hs_call_recording_url is http://media.example/a.mp3; expected https
        "#,
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"90000","hs_call_recording_url":"https://media.example/a.mp3"}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

/// A day in milliseconds: no call is longer.
const LONGEST: f64 = 86_400_000.0;
/// Enough to see what is wrong.
const MANY: usize = 8;

fn check(step: &Step<'_>, report: &mut Report<'_>) {
    let Some(properties) = step.field("engagementProperties") else {
        return;
    };
    if step.from() != Side::Widget || *properties == Json::Null {
        return;
    }
    if !matches!(properties, Json::Object(_)) {
        let kind = properties.kind_words();
        report.warning(format!(
            "engagementProperties is {kind}; expected an object of texts"
        ));
        return;
    }
    let problems = properties
        .members()
        .iter()
        .filter_map(|(key, value)| problem(key, value));
    for problem in problems.take(MANY) {
        report.warning(problem);
    }
}

fn problem(key: &str, value: &Json<'_>) -> Option<String> {
    match (key, value) {
        ("hs_call_recording_url", Json::String(url)) => {
            let is_secure = url.is_empty() || url.to_ascii_lowercase().starts_with("https://");
            (!is_secure).then(|| format!("hs_call_recording_url is {url}; expected https"))
        }
        ("hs_call_duration", Json::String(text)) => {
            let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_usable = is_digits && text.parse().is_ok_and(|time: f64| time <= LONGEST);
            (!is_usable)
                .then(|| format!("hs_call_duration is {text}; expected digits of milliseconds"))
        }
        // HubSpot's demo sends null for a recording that is not there.
        ("hs_call_recording_url", Json::Null)
        | ("hs_timestamp", Json::Number(_))
        | (_, Json::String(_)) => None,
        (_, other) => Some(format!("{key} is {}; expected a text", other.kind_words())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::*;

    #[test]
    fn odd_values() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"1:30","hs_call_recording_url":"http://r.example/a.mp3","hs_call_body":null,"hs_call_status":7}
                 ! M19 warning hs_call_duration is 1:30; expected digits of milliseconds
                 ! M19 warning hs_call_recording_url is http://r.example/a.mp3; expected https
                 ! M19 warning hs_call_body is null; expected a text
                 ! M19 warning hs_call_status is a number; expected a text
            4000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties=[]
                 ! M19 warning engagementProperties is an array; expected an object of texts
                 ! C02 note CALL_COMPLETED came again for one call
            5000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":90000}
                 ! M19 warning hs_call_duration is a number; expected a text
        "#]]);
    }

    #[test]
    fn as_the_demos() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"90000","hs_call_recording_url":null,"hs_call_body":"notes","hs_timestamp":1700000000000}
        "#]]);
    }
}
