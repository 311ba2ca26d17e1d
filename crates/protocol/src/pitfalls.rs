//! The known pitfalls in the SDK's own code, and which rules reveal them.

/// Something that the SDK does and its users do not expect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pitfall {
    /// Its number: D and two digits.
    pub id: &'static str,
    /// What happens.
    pub what: &'static str,
    /// The rules that reveal it in a session; the first is the closest.
    pub rules: &'static [&'static str],
    /// Why no rule reveals it, if none does.
    pub why_none: &'static str,
}

/// All known pitfalls, by number.
pub const PITFALLS: &[Pitfall] = &[
    Pitfall {
        id: "D01",
        what: "Two sends in one millisecond share a messageId",
        rules: &["T08"],
        why_none: "",
    },
    Pitfall {
        id: "D02",
        what: "Two frames built in one millisecond have equal instances and drop each other's messages",
        rules: &["T10"],
        why_none: "",
    },
    Pitfall {
        id: "D03",
        what: "Any id that begins with the receiver's digits is dropped",
        rules: &["T07"],
        why_none: "",
    },
    Pitfall {
        id: "D04",
        what: "A reply that echoes the widget's id is dropped",
        rules: &["T07"],
        why_none: "",
    },
    Pitfall {
        id: "D05",
        what: "SYNC is taken from any origin, and its hostUrl is trusted",
        rules: &["T03"],
        why_none: "",
    },
    Pitfall {
        id: "D06",
        what: "Only the first SYNC of a page load is answered",
        rules: &["H03", "T13"],
        why_none: "",
    },
    Pitfall {
        id: "D07",
        what: "An empty referrer makes the widget its own host",
        rules: &["T15", "T13"],
        why_none: "",
    },
    Pitfall {
        id: "D08",
        what: "After a redirect inside the iframe the referrer is the widget's own page (up to 0.0.6)",
        rules: &["T13"],
        why_none: "",
    },
    Pitfall {
        id: "D09",
        what: "Origins are compared letter by letter",
        rules: &["T04", "T03"],
        why_none: "",
    },
    Pitfall {
        id: "D10",
        what: "setWidgetUrl() nests iFrameUrl where the receiver does not look",
        rules: &["T24"],
        why_none: "",
    },
    Pitfall {
        id: "D11",
        what: "SET_WIDGET_URL is taken by widgets as well",
        rules: &["T25"],
        why_none: "",
    },
    Pitfall {
        id: "D12",
        what: "SET_WIDGET_URL works without messageId from 0.0.7 to 0.7.0 only",
        rules: &["T05"],
        why_none: "",
    },
    Pitfall {
        id: "D13",
        what: "onFailed never runs for *_FAILED",
        rules: &[],
        why_none: "handlers run inside the widget; the wire shows only that the message came",
    },
    Pitfall {
        id: "D14",
        what: "Every *_FAILED throws in 0.8.1 to 0.8.3 without eventHandlers.FAILED",
        rules: &["M29"],
        why_none: "",
    },
    Pitfall {
        id: "D15",
        what: "A missing handler throws up to 0.0.7",
        rules: &[],
        why_none: "which handlers a widget has is not on the wire; an unknown type is T21",
    },
    Pitfall {
        id: "D16",
        what: "ERROR is answered with ERROR, without end",
        rules: &["T19"],
        why_none: "",
    },
    Pitfall {
        id: "D17",
        what: "Types named like members of Object get no ERROR",
        rules: &["T21"],
        why_none: "",
    },
    Pitfall {
        id: "D18",
        what: "Null posted to the window throws in the listener",
        rules: &["T20"],
        why_none: "",
    },
    Pitfall {
        id: "D19",
        what: "Load errors of the iframe are never reported",
        rules: &[],
        why_none: "without a page there is no SYNC and nothing to record",
    },
    Pitfall {
        id: "D20",
        what: "Late and double answers raise READY again",
        rules: &["T09", "T11"],
        why_none: "",
    },
    Pitfall {
        id: "D21",
        what: "Two load events start two SYNC loops",
        rules: &["T12"],
        why_none: "",
    },
    Pitfall {
        id: "D22",
        what: "A reload gets a single SYNC up to 0.0.6",
        rules: &["T13"],
        why_none: "",
    },
    Pitfall {
        id: "D23",
        what: "What is sent before the handshake is lost",
        rules: &["M11", "M12", "Q04"],
        why_none: "",
    },
    Pitfall {
        id: "D24",
        what: "0.0.1 initializes before SYNC_ACK and answers every SYNC",
        rules: &["T01"],
        why_none: "",
    },
    Pitfall {
        id: "D25",
        what: "callAnswered() of 0.6.4-alpha.0 puts its payload beside data",
        rules: &["T22"],
        why_none: "",
    },
    Pitfall {
        id: "D26",
        what: "callEnded() drops its argument up to 0.0.7",
        rules: &["Q07"],
        why_none: "",
    },
    Pitfall {
        id: "D27",
        what: "The reported version lags behind the package",
        rules: &[],
        why_none: "handled while reading the version: 0.9.7-beta.0 is 0.9.7",
    },
    Pitfall {
        id: "D28",
        what: "module of 0.0.14 to 0.1.4 names a file that is not there",
        rules: &[],
        why_none: "a build fails; there is no session",
    },
    Pitfall {
        id: "D29",
        what: "main.js of 0.9.0 is CommonJS only",
        rules: &[],
        why_none: "the script fails to load; the host's view is T13",
    },
    Pitfall {
        id: "D30",
        what: "Phone numbers are always logged to the console",
        rules: &[],
        why_none: "the console is not recorded",
    },
    Pitfall {
        id: "D31",
        what: "READY is taken from the wire",
        rules: &["T17"],
        why_none: "",
    },
    Pitfall {
        id: "D32",
        what: "A widget opened as a top page talks to itself",
        rules: &[],
        why_none: "no host, no conversation: the panel says that no iframe was found",
    },
    Pitfall {
        id: "D33",
        what: "A removed widget goes on sending",
        rules: &[],
        why_none: "removal is not on the wire; what comes after the page is closed is shown",
    },
    Pitfall {
        id: "D34",
        what: "The types lack isAvailable and sizeInfo",
        rules: &[],
        why_none: "both are optional; a widget without them is fine on the wire",
    },
    Pitfall {
        id: "D35",
        what: "The documents misspell handler names",
        rules: &[],
        why_none: "handler names are not on the wire; an answer without effect is not seen",
    },
    Pitfall {
        id: "D36",
        what: "The widget's debugMode switches the host's logging",
        rules: &[],
        why_none: "it changes only the console; the field is shown in SYNC_ACK",
    },
    Pitfall {
        id: "D37",
        what: "A caller may give its own messageId",
        rules: &["T07", "T08"],
        why_none: "",
    },
    Pitfall {
        id: "D38",
        what: "What cannot be cloned is not sent",
        rules: &[],
        why_none: "the exception stays in the sender; what JSON cannot hold is shown with the message",
    },
    Pitfall {
        id: "D39",
        what: "The demo ends calls without externalCallId after END_CALL",
        rules: &["M01"],
        why_none: "",
    },
    Pitfall {
        id: "D40",
        what: "The demo mints another externalCallId in each frame",
        rules: &["M02"],
        why_none: "",
    },
    Pitfall {
        id: "D41",
        what: "A remote frame sends only its first INITIALIZED to HubSpot",
        rules: &["S01"],
        why_none: "",
    },
    Pitfall {
        id: "D42",
        what: "READY has an undefined engagementId on the host in 0.3.0 to 0.4.1",
        rules: &[],
        why_none: "READY is local and never recorded",
    },
    Pitfall {
        id: "D43",
        what: "The constants of 0.3.0 to 0.5.0 have CALLER_ID_MATCH_* in the wrong group",
        rules: &[],
        why_none: "the catalogue has the true direction",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    #[test]
    fn every_pitfall_has_a_rule_or_a_reason() {
        for (index, pitfall) in PITFALLS.iter().enumerate() {
            assert_eq!(pitfall.id, format!("D{:02}", index + 1));
            assert_ne!(
                pitfall.rules.is_empty(),
                pitfall.why_none.is_empty(),
                "{}",
                pitfall.id
            );
            for code in pitfall.rules {
                assert!(rule(code).is_some(), "{}: {code}", pitfall.id);
            }
        }
        assert_eq!(PITFALLS.len(), 43);
    }
}
