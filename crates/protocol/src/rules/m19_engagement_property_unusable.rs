//! M19: an engagement property has a value that HubSpot cannot use.

use super::prelude::*;
use crate::suggest;

pub(super) const RULE: Rule = Rule {
    code: "M19",
    title: "Unusable engagement property",
    why: "HubSpot expects call properties as strings: a recording URL with https, a duration in \
          milliseconds, a status and a direction from its own lists. Otherwise it answers \
          UPDATE_ENGAGEMENT_FAILED, or saves a call of 42 ms instead of 42 s.",
    fix: "Pass strings in engagementProperties: '42000' as the hs_call_duration of a call of 42 \
          seconds, COMPLETED as hs_call_status and OUTBOUND as hs_call_direction in capitals, \
          hs_call_recording_url with https. Leave out what you do not know.",
    severity: "warning",
    since: Version::new(0, 2, 0),
    example: Example {
        breaks: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"1:30","hs_call_recording_url":"http://media.example/a.mp3","hs_call_status":"completed"}
                 ! M19 warning hs_call_duration is 1:30; expected digits of milliseconds
                 ! M19 warning hs_call_recording_url is http://media.example/a.mp3; expected https
                 ! M19 warning hs_call_status is completed; did you mean COMPLETED?
        "#,
        clean: r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"90000","hs_call_recording_url":"https://media.example/a.mp3","hs_call_status":"COMPLETED"}
        "#,
    },
    hooks: &[Hook::On(&[MessageType::CallCompleted], check)],
    ..Rule::ANY_VERSION
};

/// A day in milliseconds: no call is longer.
const LONGEST: f64 = 86_400_000.0;
/// Enough to see what is wrong.
const MANY: usize = 8;

fn check(arrival: &Arrival<'_>, report: &mut Report<'_>) {
    let Some(properties) = arrival.field("engagementProperties") else {
        return;
    };
    if arrival.from() != Side::Widget || *properties == Json::Null {
        return;
    }
    if !matches!(properties, Json::Object(_)) {
        let kind = properties.kind_words();
        report
            .warning(format!(
                "engagementProperties is {kind}; expected an object of strings"
            ))
            .about(["engagementProperties"]);
        return;
    }
    let talk = talk_seconds(arrival);
    let problems = properties
        .members()
        .iter()
        .filter_map(|(key, value)| Some((key, problem(key, value, talk)?)));
    for (key, problem) in problems.take(MANY) {
        report.warning(problem).about([key.to_string()]);
    }
}

/// The documented statuses of a call, and those that the REST endpoint for inbound calls adds.
const STATUSES: &[&str] = &[
    "BUSY",
    "CALLING_CRM_USER",
    "CANCELED",
    "COMPLETED",
    "CONNECTING",
    "FAILED",
    "HOLD",
    "IN_PROGRESS",
    "MISSED",
    "NO_ANSWER",
    "QUEUED",
    "RINGING",
    "UNKNOWN",
];
const DIRECTIONS: &[&str] = &["INBOUND", "OUTBOUND"];

fn problem(key: &str, value: &Json<'_>, talk: Option<f64>) -> Option<String> {
    match (key, value) {
        ("hs_call_recording_url", Json::String(url)) => {
            let is_secure = url.is_empty() || url.to_ascii_lowercase().starts_with("https://");
            (!is_secure).then(|| format!("hs_call_recording_url is {url}; expected https"))
        }
        ("hs_call_duration", Json::String(text)) => {
            let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            let is_usable = is_digits && text.parse().is_ok_and(|time: f64| time <= LONGEST);
            if is_usable {
                return in_seconds(text, talk);
            }
            Some(format!(
                "hs_call_duration is {text}; expected digits of milliseconds"
            ))
        }
        ("hs_call_duration", Json::Number(text)) => in_seconds(text, talk)
            .or_else(|| Some("hs_call_duration is a number; expected a string".to_owned())),
        ("hs_call_status", Json::String(status)) => unlisted(key, status, STATUSES),
        ("hs_call_direction", Json::String(direction)) => unlisted(key, direction, DIRECTIONS),
        // Null means unknown: HubSpot's demo sends it for a recording that does not exist.
        ("hs_timestamp", Json::Number(_)) | (_, Json::String(_) | Json::Null) => None,
        (_, other) => Some(format!(
            "{key} is {}; expected a string",
            other.kind_words()
        )),
    }
}

/// How long the two parties talked, in seconds, as far as the session shows.
fn talk_seconds(arrival: &Arrival<'_>) -> Option<f64> {
    let call = arrival.call()?;
    // After a gap, only the call's own id shows that it is this call.
    let id = arrival.id_field("externalCallId");
    let is_this = call.sure || id.is_some_and(|id| call.has_external_id(id));
    let (answered, ended) = (call.answered?, call.ended?);
    is_this.then(|| (ended.at - answered.at).0 / 1_000.0)
}

/// Reports a duration that matches the call in seconds instead of milliseconds.
fn in_seconds(text: &str, talk: Option<f64>) -> Option<String> {
    let (told, talk) = (text.parse::<f64>().ok()?, talk?);
    let fits = |length: f64, slack: f64| (told - length).abs() <= slack;
    // Allows a fifth for other ways of measuring, and a second for rounding.
    let is_seconds = (1.0..1_000.0).contains(&told) && fits(talk, (talk / 5.0).max(ROUNDING));
    let milliseconds = talk * 1_000.0;
    let is_milliseconds = fits(milliseconds, milliseconds / 5.0);
    (is_seconds && !is_milliseconds).then(|| {
        let decimals = usize::from(talk < 10.0);
        let meant = told * 1_000.0;
        format!(
            "hs_call_duration is {told}, which is milliseconds; the call took \
             {talk:.decimals$} s, so give {meant:.0} as a string"
        )
    })
}

/// Whole seconds are off by less than this.
const ROUNDING: f64 = 1.0;

fn unlisted(key: &str, value: &str, listed: &[&str]) -> Option<String> {
    if value.is_empty() || listed.contains(&value) {
        return None;
    }
    let plain = value.strip_prefix("INTERNAL_").unwrap_or(value);
    let plain = listed.iter().copied().find(|known| *known == plain);
    let near = plain
        .or_else(|| suggest::same_letters(value, listed.iter().copied()))
        .or_else(|| suggest::nearest(value, listed.iter().copied()));
    Some(match near {
        Some(near) => format!("{key} is {value}; did you mean {near}?"),
        None => format!("{key} is {value}; expected one of {}", listed.join(", ")),
    })
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
                 ! M19 warning hs_call_status is a number; expected a string
            4000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties=[]
                 ! M19 warning engagementProperties is an array; expected an object of strings
                 ! C02 note CALL_COMPLETED came again for one call
            5000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":90000}
                 ! M19 warning hs_call_duration is a number; expected a string
        "#]]);
    }

    #[test]
    fn values_outside_the_lists() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_status":"completed","hs_call_direction":"outbound"}
                 ! M19 warning hs_call_status is completed; did you mean COMPLETED?
                 ! M19 warning hs_call_direction is outbound; did you mean OUTBOUND?
            4000 handshake 0.2.1-beta.0
                 ! H04 [#4] note OUTGOING_CALL_STARTED got no answer in the 3.0 s until the page went away: no CREATE_ENGAGEMENT_SUCCEEDED or CREATE_ENGAGEMENT_FAILED or ENGAGEMENT_CREATED
            5000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
            6000 widget    CALL_ENDED callEndStatus=BUSY
            7000 widget    CALL_COMPLETED hideWidget=false engagementProperties={"hs_call_status":"INTERNAL_NO_ANSWER","hs_call_direction":"both"}
                 ! M19 warning hs_call_status is INTERNAL_NO_ANSWER; did you mean NO_ANSWER?
                 ! M19 warning hs_call_direction is both; expected one of INBOUND, OUTBOUND
            8000 widget    CALL_COMPLETED hideWidget=false engagementProperties={"hs_call_status":"hung up","hs_call_direction":true}
                 ! M19 warning hs_call_status is hung up; expected one of BUSY, CALLING_CRM_USER, CANCELED, COMPLETED, CONNECTING, FAILED, HOLD, IN_PROGRESS, MISSED, NO_ANSWER, QUEUED, RINGING, UNKNOWN
                 ! M19 warning hs_call_direction is a boolean; expected a string
                 ! C02 note CALL_COMPLETED came again for one call
        "#]]);
    }

    #[test]
    fn values_of_the_lists() {
        check(&expect![[r#"
               0 handshake 0.9.7-beta.0
            1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            2000 widget    CALL_ENDED externalCallId=a callEndStatus=BUSY
            3000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_status":"NO_ANSWER","hs_call_direction":"INBOUND"}
            4000 widget    INCOMING_CALL externalCallId=b fromNumber=+15550100 toNumber=+15550111 createEngagement=true
            5000 widget    CALL_ENDED externalCallId=b callEndStatus=MISSED
            6000 widget    CALL_COMPLETED externalCallId=b hideWidget=false engagementProperties={"hs_call_status":"MISSED","hs_call_direction":"","hs_call_body":null,"hs_own":"x"}
        "#]]);
    }

    /// A call that is answered at `answered`, ends at `ended` and is reported to last `duration`.
    fn told(answered: u32, ended: u32, duration: &str) -> Vec<String> {
        let completed = ended + 500;
        let trace = format!(
            r#"
            0 handshake 0.9.7-beta.0
            1000 widget OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
            {answered} widget CALL_ANSWERED externalCallId=a
            {ended} widget CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            {completed} widget CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={{"hs_call_duration":{duration}}}
            "#
        );
        let findings = crate::trace::findings(&trace);
        let mut messages = Vec::new();
        for finding in findings {
            if finding.rule.code == "M19" {
                messages.push(finding.message);
            }
        }
        messages
    }

    #[test]
    fn seconds_of_the_call() {
        for (ended, duration, meant) in [
            (
                44_000,
                r#""42""#,
                "the call took 42 s, so give 42000 as a string",
            ),
            (
                44_000,
                r#""50""#,
                "the call took 42 s, so give 50000 as a string",
            ),
            (
                44_000,
                "42",
                "the call took 42 s, so give 42000 as a string",
            ),
            (
                902_000,
                r#""900""#,
                "the call took 900 s, so give 900000 as a string",
            ),
            (
                3_600,
                r#""1""#,
                "the call took 1.6 s, so give 1000 as a string",
            ),
        ] {
            let told = told(2_000, ended, duration);
            let [message] = &told[..] else {
                panic!("{duration} at {ended}: {told:?}");
            };
            assert!(message.ends_with(meant), "{message}");
        }
    }

    #[test]
    fn milliseconds_of_the_call() {
        for (ended, duration) in [
            (44_000, r#""42000""#),
            // Measured from the first ring.
            (44_000, r#""60000""#),
            (2_900, r#""900""#),
            (2_001, r#""1""#),
            (2_000, r#""0""#),
            // The call took a quarter of an hour, so 600 is not its length in seconds.
            (902_000, r#""600""#),
        ] {
            assert_eq!(told(2_000, ended, duration), [""; 0], "{duration}");
        }
    }

    #[test]
    fn seconds_after_a_gap() {
        check(&expect![[r#"
                0 handshake 0.9.7-beta.0
             1000 widget    OUTGOING_CALL_STARTED toNumber=+15550100 createEngagement=true externalCallId=a
             2000 widget    CALL_ANSWERED externalCallId=a
             3000 gap       lost=2
                  ! X02 [–] note 2 messages are missing: a buffer was full
            44000 widget    CALL_ENDED externalCallId=a callEndStatus=COMPLETED
            45000 widget    CALL_COMPLETED externalCallId=a hideWidget=false engagementProperties={"hs_call_duration":"42"}
                  ! M19 warning hs_call_duration is 42, which is milliseconds; the call took 42 s, so give 42000 as a string
        "#]]);
    }

    #[test]
    fn another_call_after_a_gap_is_not_measured() {
        check(&expect![[r#"
                0 handshake 0.2.1-beta.0
             1000 widget    OUTGOING_CALL_STARTED phoneNumber=+15550100 createEngagement=true
             2000 widget    CALL_ANSWERED
             3000 gap       lost=20
                  ! X02 [–] note 20 messages are missing: a buffer was full
            44000 widget    CALL_ENDED callEndStatus=COMPLETED
            45000 widget    CALL_COMPLETED hideWidget=false engagementProperties={"hs_call_duration":"42"}
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
