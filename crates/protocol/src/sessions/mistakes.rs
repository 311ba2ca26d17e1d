//! Correct sessions, each with one mistake added.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{DEMO_0_2, DEMO_0_9_7};
use crate::trace::findings;

/// The rule that is broken, a correct session, the text to replace in it, and the replacement.
#[rustfmt::skip]
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    (
        "T02",
        DEMO_0_2,
        "0 ready 0.2.1-beta.0",
        "0 host SYNC .hostUrl=https://app.hubspot.com\n 2 widget SYNC_ACK .messageId=x .version=0.2.1-beta.0 .iFrameUrl=https://widget.example",
    ),
    (
        "T03",
        DEMO_0_9_7,
        "isMinimized=true",
        "isMinimized=true @https://app-eu1.hubspot.com",
    ),
    (
        "T04",
        DEMO_0_9_7,
        ".portalId=3",
        ".portalId=3 .hostUrl=https://app.hubspot.com/",
    ),
    (
        "T05",
        DEMO_0_9_7,
        "CALL_ANSWERED",
        "CALL_ANSWERED -messageId",
    ),
    (
        "T06",
        DEMO_0_9_7,
        "25000 host",
        "25000 host – raw={\"messageId\":\"1_2\"}\n 25001 host",
    ),
    (
        "T07",
        DEMO_0_9_7,
        "CREATE_ENGAGEMENT_SUCCEEDED engagementId=7",
        "CREATE_ENGAGEMENT_SUCCEEDED engagementId=7 .messageId=1699999999500_1700000005500",
    ),
    (
        "T09",
        DEMO_0_9_7,
        "3 widget    INITIALIZED",
        "3 widget SYNC_ACK .version=0.9.7-beta.0 .iFrameUrl=https://widget.example\n 3 widget INITIALIZED",
    ),
    (
        "T12",
        DEMO_0_9_7,
        " 5000 host",
        "4800 host SYNC .hostUrl=https://app.hubspot.com\n 5000 host",
    ),
    (
        "T14",
        DEMO_0_2,
        "0 ready 0.2.1-beta.0",
        "0 host SYNC .hostUrl=https://app.hubspot.com -messageId\n 2 widget SYNC_ACK .messageId=1699999999500_1 .version=0.2.1-beta.0 .iFrameUrl=https://widget.example",
    ),
    (
        "T15",
        DEMO_0_2,
        "0 ready 0.2.1-beta.0",
        "0 host SYNC\n 2 widget SYNC_ACK .version=0.2.1-beta.0 .iFrameUrl=https://widget.example",
    ),
    (
        "T17",
        DEMO_0_9_7,
        "25000 host",
        "25000 host READY\n 25001 host",
    ),
    (
        "T18",
        DEMO_0_9_7,
        "25000 host",
        "25000 host UNLOADING\n 25001 host",
    ),
    (
        "T20",
        DEMO_0_9_7,
        "25000 host",
        "25000 host – raw=null\n 25001 host",
    ),
    (
        "T21",
        DEMO_0_2,
        "9000 widget",
        "8000 host CALLER_ID_MATCH_FAILED error={\"message\":\"none\"}\n 9000 widget",
    ),
    (
        "T21",
        DEMO_0_9_7,
        "20000 host",
        "19000 widget CALL_HOLD\n20000 host",
    ),
    (
        "T22",
        DEMO_0_9_7,
        "CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001",
        "CALL_ANSWERED .payload={\"externalCallId\":\"5c9c71f6-8bbb-4d10-a1a5-000000000001\"}",
    ),
    (
        "T23",
        DEMO_0_9_7,
        "20000 host",
        "19000 widget END_CALL\n20000 host",
    ),
    (
        "T25",
        DEMO_0_9_7,
        "20000 host",
        "19000 host SET_WIDGET_URL .iFrameUrl=https://app.hubspot.com\n20000 host",
    ),
    (
        "S01",
        DEMO_0_9_7,
        "3 widget    INITIALIZED isLoggedIn=false isAvailable=false",
        "3 widget RESIZE_WIDGET width=400 height=650 raw={\"type\":\"RESIZE_WIDGET\",\"messageId\":\"1699999999500_3\",\"data\":{\"width\":400,\"height\":650}}",
    ),
    (
        "S02",
        DEMO_0_9_7,
        "isLoggedIn=false",
        "",
    ),
    (
        "S03",
        DEMO_0_2,
        "sizeInfo",
        "widgetSize",
    ),
    (
        "S04",
        DEMO_0_2,
        "RESIZE_WIDGET height=420",
        "RESIZE_WIDGET height=\"420\"",
    ),
    (
        "S06",
        DEMO_0_9_7,
        "1100 widget",
        "1050 widget LOGGED_IN\n1100 widget",
    ),
    (
        "S07",
        DEMO_0_2,
        "64000 widget    LOGGED_OUT",
        "64000 widget    LOGGED_OUT\n65000 host DIAL_NUMBER phoneNumber=+15550100",
    ),
    (
        "S08",
        DEMO_0_9_7,
        "9000 widget",
        "8000 widget LOGGED_OUT\n 9000 widget",
    ),
    (
        "S10",
        DEMO_0_9_7,
        "1100 widget    USER_AVAILABLE",
        "",
    ),
    (
        "M01",
        DEMO_0_9_7,
        "CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001",
        "CALL_ANSWERED",
    ),
    (
        "M02",
        DEMO_0_9_7,
        "CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001",
        "CALL_ANSWERED externalCallId=other",
    ),
    (
        "M03",
        DEMO_0_9_7,
        "000000000003",
        "000000000001",
    ),
    (
        "M04",
        DEMO_0_9_7,
        " fromNumber=+442073238299 toNumber=+18884827768 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000002",
        " fromNumber=+442073238299 externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000002",
    ),
    (
        "M06",
        DEMO_0_9_7,
        "createEngagement=true toNumber=+442073238299",
        "createEngagement=true phoneNumber=+442073238299",
    ),
    (
        "M07",
        DEMO_0_9_7,
        "toNumber=+442073238299",
        "toNumber=call-me",
    ),
    (
        "M08",
        DEMO_0_2,
        "createEngagement=true",
        "createEngagement=\"true\"",
    ),
    (
        "M10",
        DEMO_0_9_7,
        "callStartTime=1700000005500",
        "callStartTime=1700000005",
    ),
    (
        "M11",
        DEMO_0_9_7,
        "5000 host      DIAL_NUMBER",
        "4000 widget CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000000\n 4500 widget CALL_TRANSFERRED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000000\n 5000 host DIAL_NUMBER",
    ),
    (
        "M12",
        DEMO_0_9_7,
        "61000 widget",
        "60800 widget CALL_ENDED callEndStatus=COMPLETED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001\n61000 widget",
    ),
    (
        "M13",
        DEMO_0_9_7,
        "callEndStatus=COMPLETED",
        "callEndStatus=INTERNAL_COMPLETED",
    ),
    (
        "M14",
        DEMO_0_9_7,
        " 60500 widget    CALL_ENDED callEndStatus=COMPLETED externalCallId",
        " 60500 host SET_CALL_STATE\n 61400 widget CALL_ENDED callEndStatus=COMPLETED externalCallId",
    ),
    (
        "M16",
        DEMO_0_9_7,
        "CALL_COMPLETED engagementId=7",
        "CALL_COMPLETED",
    ),
    (
        "M17",
        DEMO_0_9_7,
        "CALL_COMPLETED engagementId=7",
        "CALL_COMPLETED engagementId=99",
    ),
    (
        "M18",
        DEMO_0_9_7,
        "hideWidget=true",
        "",
    ),
    (
        "M19",
        DEMO_0_9_7,
        "\"hs_call_title\":\"Demo call\"",
        "\"hs_call_duration\":90",
    ),
    (
        "M20",
        DEMO_0_9_7,
        "FINALIZE_ENGAGEMENT",
        "PUBLISH_TO_CHANNEL",
    ),
    (
        "M26",
        DEMO_0_9_7,
        "20000 host",
        "19000 widget CALL_DATA engagementId=7\n20000 host",
    ),
    (
        "M28",
        DEMO_0_9_7,
        "20000 host",
        "19000 host UPDATE_ASSOCIATIONS_FAILED\n20000 host",
    ),
    (
        "M31",
        DEMO_0_9_7,
        "CALL_ANSWERED externalCallId=5c9c71f6-8bbb-4d10-a1a5-000000000001",
        "CALL_ANSWERED externalCallID=5c9c71f6-8bbb-4d10-a1a5-000000000001",
    ),
    (
        "H04",
        DEMO_0_9_7,
        "61300 host      UPDATE_ENGAGEMENT_SUCCEEDED engagementId=7",
        "",
    ),
    (
        "H07",
        DEMO_0_9_7,
        "20000 host",
        "19000 host END_CALL\n20000 host",
    ),
];

/// One mistake in an otherwise correct session gives one finding, not a cascade.
#[test]
fn one_mistake_breaks_one_rule() {
    let mut report = String::new();
    for (code, session, from, to) in MISTAKES {
        assert!(session.contains(from), "{code}: {from}");
        let mut lines: Vec<String> = session
            .replace(from, to)
            .lines()
            .map(str::to_owned)
            .collect();
        // Some cases move a message to another time.
        lines.sort_by_key(|line| {
            let time = line.split_whitespace().next();
            time.and_then(|time| time.parse::<u32>().ok()).unwrap_or(0)
        });
        let findings = findings(&lines.join("\n"));
        let found: BTreeSet<_> = findings.iter().map(|finding| finding.rule.code).collect();
        if found != BTreeSet::from([*code]) {
            writeln!(report, "{code}: {found:?}").unwrap();
        }
    }
    assert_eq!(report, "");
}
