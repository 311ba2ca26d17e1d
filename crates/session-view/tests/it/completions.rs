//! What the filter's field suggests.

use std::fmt::Write as _;

use callscope_session_view::filter::{Filter, Vocabulary, completions};
use expect_test::{Expect, expect};

use crate::trace::view;

const TRACE: &str = r#"
    host   {"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost"}
    widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
    host   {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
    widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a"}}
    widget {"type":"my type, \"x\"","messageId":"18_4"}
"#;

/// `|` marks the cursor.
#[track_caller]
fn check(texts: &[&str], expected: &Expect) {
    let vocabulary = Vocabulary::of(&view(TRACE));
    let mut told = String::new();
    for marked in texts {
        let cursor = marked.find('|').unwrap();
        let text = marked.replace('|', "");
        writeln!(told, "{marked}").unwrap();
        for it in completions(&text, cursor, &vocabulary).iter().take(6) {
            let mut done = text.clone();
            done.replace_range(it.at.clone(), &it.insert);
            writeln!(told, "    {done}   {}", it.help).unwrap();
        }
    }
    expected.assert_eq(&told);
}

#[test]
fn keys_are_offered_where_a_term_begins() {
    check(
        &[
            "|",
            "t|",
            "code|",
            "from:host s|",
            "(la|",
            "x |",
            "gap|",
            "zzz|",
        ],
        &expect![[r#"
            |
                type:   messages of this type; * matches anything, a comma means or
                from:   messages that this side sent, or received
                to:   messages that this side sent, or received
                is:   messages posted by Callscope; also finding, unknown (type), cut, call (of any call), inside (what the widget's page reported about itself)
                severity:   messages with a finding of at least this severity, or with = of exactly this one
                rule:   messages with a finding of this rule; code: means the same
            t|
                type:   messages of this type; * matches anything, a comma means or
                to:   messages that this side sent, or received
            code|
                rule:   messages with a finding of this rule; code: means the same
            from:host s|
                from:host severity:   messages with a finding of at least this severity, or with = of exactly this one
                from:host size>   messages whose JSON has this size; in B, kB or MB
            (la|
                (latency>   messages that answered a request after this time; in ms, s or min
            x |
                x type:   messages of this type; * matches anything, a comma means or
                x from:   messages that this side sent, or received
                x to:   messages that this side sent, or received
                x is:   messages posted by Callscope; also finding, unknown (type), cut, call (of any call), inside (what the widget's page reported about itself)
                x severity:   messages with a finding of at least this severity, or with = of exactly this one
                x rule:   messages with a finding of this rule; code: means the same
            gap|
                is:gap   where messages are missing
            zzz|
        "#]],
    );
}

#[test]
fn values_are_those_of_the_session() {
    check(
        &[
            "type:|",
            "type:call|",
            "type:SYNC,|",
            "type:S|YNC,X",
            "rule:|",
            "call:|",
            "origin:loc|",
            "from:|",
            "severity>=w|",
            "is:|",
            "latency>|",
        ],
        &expect![[r#"
            type:|
                type:CALL_ENDED   1 message
                type:DIAL_NUMBER   1 message
                type:INITIALIZED   1 message
                type:OUTGOING_CALL_STARTED   1 message
                type:SYNC   1 message
                type:SYNC_ACK   1 message
            type:call|
                type:CALL_ENDED   1 message
                type:OUTGOING_CALL_STARTED   1 message
            type:SYNC,|
                type:SYNC,CALL_ENDED   1 message
                type:SYNC,DIAL_NUMBER   1 message
                type:SYNC,INITIALIZED   1 message
                type:SYNC,OUTGOING_CALL_STARTED   1 message
                type:SYNC,SYNC   1 message
                type:SYNC,SYNC_ACK   1 message
            type:S|YNC,X
                type:SYNC_ACK,X   1 message
                type:OUTGOING_CALL_STARTED,X   1 message
            rule:|
                rule:T03   Message from another origin, 4 findings
                rule:T21   Type unknown to the receiver, 1 finding
            call:|
                call:1   outbound to +15550100 · ended
            origin:loc|
                origin:https://localhost:9025   
            from:|
                from:host   
                from:widget   
            severity>=w|
                severity>=warning   
            is:|
                is:injected   
                is:finding   
                is:unknown   
                is:cut   
                is:call   
                is:inside   
            latency>|
                latency>100ms   
                latency>500ms   
                latency>1s   
        "#]],
    );
}

#[test]
fn paths_are_those_of_the_catalogue() {
    check(
        &["data.eng|", "engag|", ".host|", "data.callerIdMatches|"],
        &expect![[r#"
            data.eng|
                data.engagementId:   in READY and 15 others
                data.engagementProperties:   in CALL_COMPLETED
            engag|
                .engagementId:   in SYNC
                data.engagementId:   in READY and 15 others
                data.engagementProperties:   in CALL_COMPLETED
            .host|
                .hostUrl:   in SYNC
            data.callerIdMatches|
                data.callerIdMatches:   in CALLER_ID_MATCH_SUCCEEDED
                data.callerIdMatches[].callerIdType:   in CALLER_ID_MATCH_SUCCEEDED
                data.callerIdMatches[].email:   in CALLER_ID_MATCH_SUCCEEDED
                data.callerIdMatches[].firstName:   in CALLER_ID_MATCH_SUCCEEDED
                data.callerIdMatches[].lastName:   in CALLER_ID_MATCH_SUCCEEDED
                data.callerIdMatches[].name:   in CALLER_ID_MATCH_SUCCEEDED
        "#]],
    );
}

#[test]
fn nothing_is_offered_in_quotes_and_behind_mistakes() {
    check(
        &["\"ty|\"", "\"ty|", "/ty|/", "data.x:|", "type:\"a|\""],
        &expect![[r#"
        "ty|"
        "ty|
        /ty|/
        data.x:|
        type:"a|"
    "#]],
    );
}

/// Every suggestion for `type:` gives a valid filter.
#[test]
fn what_is_offered_can_be_read() {
    let vocabulary = Vocabulary::of(&view(TRACE));
    for text in [
        "type:",
        "rule:",
        "call:",
        "origin:",
        "is:",
        "from:",
        "severity:",
        "size>",
        "conv:",
    ] {
        let offered = completions(text, text.len(), &vocabulary);
        assert!(!offered.is_empty(), "{text}");
        for it in offered {
            let filter = format!("{text}{}", it.insert);
            assert!(Filter::parse(&filter).is_ok(), "{filter}");
        }
    }
}
