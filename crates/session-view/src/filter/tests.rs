use std::fmt::Write as _;

use callscope_protocol::{
    CallId, ConversationId, MessageType, Millis, Severity, Side, Stage, rule,
};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

const ANSWERED: &str = r#"{"type":"CALL_ANSWERED","version":"0.9.7","data":{"externalCallId":"Call-7","duration":1500,"isOn":true,"none":null,"list":[{"name":"Ann"},{"name":"Bob"}]}}"#;

fn subject() -> Subject<'static> {
    Subject {
        type_name: "CALL_ANSWERED",
        known: Some(MessageType::CallAnswered),
        message_id: "17_18",
        from: Side::Widget,
        origin: "https://localhost:9025",
        summary: "call call-7",
        injected: false,
        truncated: None,
        conversation: 2,
        call: Some(CallId {
            conversation: ConversationId(2),
            serial: 4,
        }),
        latency: Some(Millis(340.0)),
        text: ANSWERED,
    }
}

fn matches(filter: &Filter) -> bool {
    filter.matches(&subject(), &[(Severity::Warning, "M14")])
}

#[track_caller]
fn check(filter: &str, expected: bool) {
    let parsed = Filter::parse(filter).unwrap();
    assert_eq!(matches(&parsed), expected, "{filter}");
    let again = parsed.to_string();
    assert_eq!(Filter::parse(&again), Ok(parsed), "{filter} → {again}");
}

#[test]
fn words_match_text() {
    for filter in ["", "answered", "CALL-7", "localhost", "external call"] {
        check(filter, true);
    }
    check("\"call call\"", true);
    check("\"answered external\"", false);
    check("https://localhost:9025", true);
    check("nothing", false);
    check("-nothing", true);
    check("answered -localhost", false);
    for odd in [
        "-",
        "\"or\"",
        "\"(x\"",
        "a\"b",
        "a(b)",
        "a)b",
        "--x",
        "-or",
        "foo=bar",
        "\"id=3\"",
        "?type=x",
        "12:30",
        "x=>y",
        "localhost.x:80",
    ] {
        check(odd, odd.starts_with('-'));
    }
}

#[test]
fn keys_match_what_they_name() {
    for filter in [
        "type:CALL_*",
        "type:call_answered",
        "type:*ANSW*",
        "type:SYNC,CALL_*",
        "type:/^call_(answered|ended)$/",
        "from:widget",
        "to:host",
        "-from:host",
        "severity:note",
        "severity:warning",
        "severity>note",
        "severity>=warning",
        "severity=warning",
        "severity<error",
        "severity:>=warning",
        "code:m14",
        "code:M*",
        "rule:M14",
        "rule:M1,M14",
        "conv:2",
        "conv:#2",
        "call:4",
        "call:1,4",
        "conv:2 call:#4",
        "id:17*",
        "origin:LOCAL",
        "origin:/:90\\d+$/",
        "is:finding",
        "is:call",
        "-is:injected,cut,unknown",
        "latency>300ms",
        "latency<0.5s",
        "latency<=340",
        "latency:<1min",
        "size>10",
        "size<1kB",
        "size<1.5mb",
        "-gap",
    ] {
        check(filter, true);
    }
    for filter in [
        "type:CALL",
        "type:*_*_*",
        "type:\"\"",
        "from:host",
        "severity:error",
        "severity>warning",
        "severity=note",
        "code:M1",
        "conv:1",
        "call:2",
        "-call:4",
        "conv:1 call:4",
        "-is:call",
        "latency>1s",
        "size>1k",
        "gap",
        "is:gap",
    ] {
        check(filter, false);
    }
}

#[test]
fn paths_match_values() {
    for filter in [
        "data.externalCallId:call-7",
        "data.externalCallId:call-*",
        "data.EXTERNALCALLID:*",
        "data.duration:1500",
        "Data.Duration:1500",
        "data.duration:1500.0",
        "data.duration:15*",
        "data.duration>1000",
        "data.duration<=1500",
        "data.duration=1500",
        "data.isOn:true",
        "data.none:null",
        "data.list[1].name:bob",
        "data.list.1.name:bob",
        "data.list.name:bob",
        "data.list:ann",
        "data.list[].name:x,ann",
        "data[\"list\"][*].name:/^a/",
        ".version:0.9.*",
        ".data.list:*",
        "-data.engagementId:*",
    ] {
        check(filter, true);
    }
    for filter in [
        "data.externalCallId:call",
        "data.list[0].name:bob",
        "data.duration>1500",
        "data.isOn>0",
        "data.engagementId:*",
        ".externalCallId:call-7",
    ] {
        check(filter, false);
    }
}

#[test]
fn a_name_is_no_number() {
    let above = Filter::parse("data.name>0").unwrap();
    for (name, is_number) in [
        ("7", true),
        ("7e2", true),
        ("Infinity", false),
        ("inf", false),
    ] {
        let text = format!(r#"{{"data":{{"name":"{name}"}}}}"#);
        let subject = Subject {
            text: &text,
            ..subject()
        };
        assert_eq!(above.matches(&subject, &[]), is_number, "{name}");
    }
}

#[test]
fn terms_are_put_together() {
    for filter in [
        "nothing or answered",
        "nothing or type:SYNC or from:widget",
        "from:widget (nothing or call:4)",
        "from:host nothing or call:4",
        "not nothing",
        "not (nothing or from:host)",
        "-(nothing or from:host) call:4",
        "not not answered",
        "NOT nothing AND answered",
        "((answered))",
        "nothing or (call:4 -(from:host or nothing))",
    ] {
        check(filter, true);
    }
    for filter in [
        "from:host (nothing or call:4)",
        "not answered",
        "nothing or -answered",
        "answered and nothing",
    ] {
        check(filter, false);
    }
}

#[test]
fn regular_expressions_look_anywhere() {
    check("/call_(answered|ended)/", true);
    check("/^call-\\d$/", false);
    check("/call-\\d/", true);
    check("/(?-i)call_answered/", false);
    check("/https:\\/\\/local/", true);
    check("/two words|answered/", true);
    check("(/answered/)", true);
    check("-/answered/", false);
}

/// A finding that belongs to no message.
fn finding(code: &str, severity: Severity) -> Finding {
    Finding {
        rule: rule(code).unwrap(),
        severity,
        conversation: ConversationId(2),
        seq: None,
        fact: None,
        call: Some(CallId {
            conversation: ConversationId(2),
            serial: 4,
        }),
        at: Millis(0.0),
        message: "No answer for 10 s".to_owned(),
        advice: None,
        related: Vec::new(),
        fields: Vec::new(),
        cause: None,
        stage: Stage::Final,
    }
}

#[test]
fn a_finding_of_no_message_has_a_rule_a_call_and_words() {
    let finding = finding("H07", Severity::Warning);
    let shows = |filter: &str| Filter::parse(filter).unwrap().matches_finding(&finding);
    for filter in [
        "",
        "\"no answer\"",
        "rule:H*",
        "conv:2 call:4",
        "severity>note",
        "is:finding",
        "is:call",
        "-type:SYNC",
    ] {
        assert!(shows(filter), "{filter}");
    }
    // It has no sender and no size.
    for filter in [
        "from:host",
        "from:widget",
        "to:host",
        "size<1kB",
        "type:*",
        "origin:/.*/",
        "call:2",
        "conv:1",
        "is:unknown",
        "is:gap",
        "severity:error",
    ] {
        assert!(!shows(filter), "{filter}");
    }
}

/// Of a message's several findings, a filter selects those that it asks for.
#[test]
fn a_filter_means_the_findings_that_it_asks_for() {
    let finding = finding("M14", Severity::Warning);
    let means = |filter: &str| Filter::parse(filter).unwrap().means_finding(&finding);
    for filter in [
        "",
        "rule:M14",
        "rule:M* type:CALL_COMPLETED",
        "rule:M15 or from:host",
        "severity>=warning",
        "-rule:M15",
        "not (rule:M15 from:host)",
        "-from:host",
    ] {
        assert!(means(filter), "{filter}");
    }
    for filter in [
        "rule:M15",
        "rule:M15 from:host",
        "severity:error",
        "-rule:M14",
        "not (rule:M14 or from:host)",
        "rule:M15 or severity:error",
    ] {
        assert!(!means(filter), "{filter}");
    }
}

/// A filter as text, without what makes no difference.
#[test]
fn a_filter_can_be_written_again() {
    let written = |text: &str| Filter::parse(text).unwrap().to_string();
    let table = [
        ("  Hello   WORLD ", "hello world"),
        ("code:M14", "rule:M14"),
        ("a or b c", "a or b c"),
        ("(a or b) c", "(a or b) c"),
        ("not a", "-a"),
        ("not (a b)", "-(a b)"),
        ("gap", "is:gap"),
        ("latency>0.5s", "latency>500ms"),
        ("size>1kB", "size>1024B"),
        ("conv:#2", "conv:2"),
        ("type:\"a b\"", "type:\"a b\""),
        ("\"or\"", "\"or\""),
        ("data.a.0.b:x", "data.a.0.b:x"),
        ("data[\"a b\"][]:x", "data[\"a b\"][*]:x"),
        ("severity:error,note", "severity:note"),
        ("id:,\"M,X", "id:,\"M,X"),
        ("id:,/M,X", "id:,/M,X"),
        (".Data:x", ".Data:x"),
        ("data.a:,>1,2", "data.a:,>1,2"),
        ("data.a:,>1", "data.a:\">1\""),
        ("data.a:,/\"", "data.a:,/\""),
        ("type:a,\"b", "type:a,\"b"),
    ];
    for (text, expected) in table {
        assert_eq!(written(text), expected);
        assert_eq!(Filter::parse(text), Filter::parse(expected));
    }
}

/// Checks each filter's error, marked beneath the word.
#[track_caller]
fn check_errors(filters: &[&str], expected: &Expect) {
    let mut told = String::new();
    for filter in filters {
        let error = Filter::parse(filter).unwrap_err();
        let [filter, marks] = error.marked(filter);
        writeln!(told, "{filter}\n{marks} {error}").unwrap();
    }
    expected.assert_eq(&told);
}

#[test]
fn what_is_not_understood_is_said_under_the_word() {
    check_errors(
        &[
            "from:host typ:X",
            "foo:bar",
            "latncy>500ms",
            "severity:bad",
            "severity:eror",
            "severity>eror",
            "from:hots",
            "a from:",
            "is:injectd,cut",
            "type>5",
            "call:first",
            "latency:500ms",
            "latency>500mm",
            "size>",
            "data.height>tall",
            "data.:5",
            "data[x]:5",
            "data.a:",
        ],
        &expect![[r#"
            from:host typ:X
                      ^^^ there is no key "typ"; did you mean type?
            foo:bar
            ^^^ there is no key "foo"; did you mean from?
            latncy>500ms
            ^^^^^^ there is no key "latncy"; did you mean latency?
            severity:bad
                     ^^^ "bad" is not a value for severity; use error, warning or note
            severity:eror
                     ^^^^ "eror" is not a value for severity; use error, warning or note; did you mean error?
            severity>eror
                     ^^^^ "eror" is not a value for severity; use error, warning or note; did you mean error?
            from:hots
                 ^^^^ "hots" is not a value for from; use host or widget; did you mean host?
            a from:
              ^^^^^ from: needs a value: host or widget
            is:injectd,cut
               ^^^^^^^ "injectd" is not a value for is; use injected, finding, unknown, cut, call, inside or gap; did you mean injected?
            type>5
            ^^^^^^ type cannot be compared; write type: and a type such as DIAL_NUMBER or CALL_*; did you mean type:5?
            call:first
                 ^^^^^ "first" is not a value for call; use the number of a call
            latency:500ms
            ^^^^^^^^^^^^^ latency needs a comparison: write latency> or latency< and a time such as 500ms or 2s; did you mean latency>500ms?
            latency>500mm
                    ^^^^^ "500mm" is not a value for latency; use a time such as 500ms or 2s
            size>
            ^^^^^ size> needs a value: a size such as 500B or 1kB
            data.height>tall
                        ^^^^ "tall" is not a value for data.height>; use a number
            data.:5
            ^^^^^ the path is incomplete: write data.name: or data.list[0].name:
            data[x]:5
            ^^^^^^^ the path is incomplete: write data.name: or data.list[0].name:
            data.a:
            ^^^^^^^ data.a: needs a value: a text, a number, or * for anything
        "#]],
    );
}

#[test]
fn habits_from_elsewhere_are_said() {
    check_errors(
        &[
            "type=CALL_ENDED",
            "from=host call:1",
            "call=1",
            "!type:SYNC",
            "!(a or b)",
            "a !b",
            "!",
            "call:1 && x",
            "call:1 || call:2",
            "a | b",
            "a & b",
            "rule:Q99",
            "rule:M15,Z*",
            "type:CALL_*, type:SYNC",
            "(from:host,) call:1",
        ],
        &expect![[r#"
            type=CALL_ENDED
            ^^^^^^^^^^^^^^^ type cannot be compared; write type: and a type such as DIAL_NUMBER or CALL_*; did you mean type:CALL_ENDED?
            from=host call:1
            ^^^^^^^^^ from cannot be compared; write from: and host or widget; did you mean from:host?
            call=1
            ^^^^^^ call cannot be compared; write call: and the number of a call; did you mean call:1?
            !type:SYNC
            ^ write not or - instead, or put the text in quotes to look for it; did you mean -?
            !(a or b)
            ^ write not or - instead, or put the text in quotes to look for it; did you mean -?
            a !b
              ^ write not or - instead, or put the text in quotes to look for it; did you mean -?
            !
            ^ write not or - instead, or put the text in quotes to look for it
            call:1 && x
                   ^^ write and instead, or put the text in quotes to look for it; did you mean and?
            call:1 || call:2
                   ^^ write or instead, or put the text in quotes to look for it; did you mean or?
            a | b
              ^ write or instead, or put the text in quotes to look for it; did you mean or?
            a & b
              ^ write and instead, or put the text in quotes to look for it; did you mean and?
            rule:Q99
                 ^^^ "Q99" is not a value for rule; use a rule such as M14 or M*; did you mean Q09?
            rule:M15,Z*
                     ^^ "Z*" is not a value for rule; use a rule such as M14 or M*
            type:CALL_*, type:SYNC
                       ^ the comma needs a value: a type such as DIAL_NUMBER or CALL_*
            (from:host,) call:1
                      ^ the comma needs a value: host or widget
        "#]],
    );
}

#[test]
fn what_is_not_closed_is_said() {
    check_errors(
        &[
            "a \"b",
            "/a",
            "/path/to",
            "/(/",
            "/a{1000}{1000}/",
            "(a or b",
            "a )",
            "a or from:host and not b)",
            ")",
            "()",
            "a or",
            "or a",
            "a or or b",
            "not",
            "a (b or)",
            "and a",
        ],
        &expect![[r#"
            a "b
              ^^ the text has no closing quote
            /a
            ^^ the regular expression has no closing /; put a text that begins with / in quotes
            /path/to
                  ^^ a space must follow the regular expression; \/ is a / in it
            /(/
            ^^^ the regular expression is wrong: found open group without closing ')'
            /a{1000}{1000}/
            ^^^^^^^^^^^^^^^ the regular expression is wrong: compiled regex exceeded size limit
            (a or b
            ^ the parenthesis is not closed
            a )
              ^ no parenthesis is open here; put the text in quotes to look for it
            a or from:host and not b)
                                    ^ no parenthesis is open here; put the text in quotes to look for it
            )
            ^ no parenthesis is open here; put the text in quotes to look for it
            ()
            ^^ there is nothing between the parentheses
            a or
              ^^ a term is missing after or; put the word in quotes to look for it
            or a
            ^^ a term is missing before or; put the word in quotes to look for it
            a or or b
              ^^ a term is missing after or; put the word in quotes to look for it
            not
            ^^^ a term is missing after not; put the word in quotes to look for it
            a (b or)
                 ^^ a term is missing after or; put the word in quotes to look for it
            and a
            ^^^ a term is missing before and; put the word in quotes to look for it
        "#]],
    );
    let deep = "(".repeat(1000);
    assert!(Filter::parse(&deep).is_err());
    let deep = "not ".repeat(1000);
    assert!(matches!(
        Filter::parse(&format!("{deep}a")).unwrap_err().problem,
        FilterProblem::TooDeep { .. }
    ));
}

#[test]
fn a_suggestion_is_a_filter() {
    for (filter, meant) in [
        ("typ:X", "type:X"),
        ("latncy>500ms", "latency>500ms"),
        ("latency:500ms", "latency>500ms"),
        ("from:hots", "from:host"),
    ] {
        let error = Filter::parse(filter).unwrap_err();
        let mut mended = filter.to_owned();
        mended.replace_range(error.at, &error.suggestion.unwrap());
        assert_eq!(mended, meant);
        assert!(Filter::parse(&mended).is_ok());
    }
}

#[test]
fn every_example_of_the_table_is_a_filter() {
    for term in TERMS {
        for example in term.examples {
            assert!(Filter::parse(example).is_ok(), "{example}");
        }
    }
}

#[test]
fn a_term_is_written_for_any_value() {
    for text in [
        "CALL_ENDED",
        "two words",
        "a\"b c",
        "(x",
        "a,b",
        "/x/",
        "",
        "\"",
        "a\"/,",
    ] {
        let term = term("type", text).unwrap();
        let filter = Filter::parse(&term).unwrap();
        let subject = Subject {
            type_name: text,
            ..subject()
        };
        assert!(filter.matches(&subject, &[]), "{term}");
        assert!(!matches(&filter), "{term}");
    }
}

proptest! {
    #[test]
    fn no_text_panics_and_what_is_written_again_is_the_same(
        text in prop_oneof![
            "\\PC{0,40}",
            "([a-z():\"/<>=,. \\\\*\\[\\]-]|type:|data\\.|or |not |severity|latency|size|500ms|is:cut|from:host|error){0,12}",
        ],
        cursor in 0_usize..60,
    ) {
        match Filter::parse(&text) {
            Ok(filter) => {
                let again = filter.to_string();
                prop_assert_eq!(Filter::parse(&again), Ok(filter.clone()), "{} → {}", text, again);
                matches(&filter);
            }
            Err(error) => {
                prop_assert!(text.get(error.at.clone()).is_some(), "{:?}", error);
                prop_assert!(!error.to_string().is_empty());
            }
        }
        for completion in completions(&text, cursor, &Vocabulary::default()) {
            prop_assert!(text.get(completion.at).is_some());
        }
    }
}

#[test]
fn a_bare_word_may_still_become_a_key() {
    for plain in ["", "severity", "-sev", "data.toNumbe", "(type", "or", "a b"] {
        assert!(Filter::is_plain(plain), "{plain}");
    }
    for term in [
        "severity:",
        "-type:A",
        "(type:A",
        ".type:",
        "\"a",
        "\"a b\"",
        "/a/",
        "a is:call",
    ] {
        assert!(!Filter::is_plain(term), "{term}");
    }
}
