//! Reports of a page about itself: their rows, their details, and the call sites of messages.

use callscope_protocol::{Fact, Millis, RecordedMessage};
use callscope_session_log::{Log, Placed};
use callscope_session_view::card::{Card, FindingCard};
use callscope_session_view::filter::Filter;
use callscope_session_view::findings::group_consequences;
use callscope_session_view::rows::ViewOptions;
use callscope_session_view::words::UtcOffset;
use callscope_session_view::{SessionView, inside};
use expect_test::expect;

/// The SDK has used the same id twice, within one millisecond.
const LOG: &str = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"inside","at":1,"conversation":1,"side":"widget","origin":"https://widget.example","what":"dropped","type":"LOGGED_IN","message":"{}","stack":"Error\n    at boot (https://widget.example/app.js:3:1)"}
{"kind":"inside","at":2,"side":"widget","origin":"https://widget.example","what":"error","text":"Uncaught TypeError: x","place":"https://widget.example/app.js:9:1"}
{"kind":"inside","at":3,"conversation":1,"side":"widget","origin":"https://widget.example","what":"sent","type":"LOGGED_IN","messageId":"1_2","target":"https://app.hubspot.com","stack":"Error\n    at first (https://widget.example/app.js:20:1)"}
{"kind":"inside","at":3.1,"conversation":1,"side":"widget","origin":"https://widget.example","what":"sent","type":"LOGGED_IN","messageId":"1_2","target":"https://app.hubspot.com","stack":"Error\n    at second (https://widget.example/app.js:30:1)"}
{"kind":"frame","seq":1,"at":3.2,"from":"widget","origin":"https://widget.example","message":{"type":"LOGGED_IN","messageId":"1_2"}}
{"kind":"frame","seq":2,"at":3.3,"from":"widget","origin":"https://widget.example","message":{"type":"LOGGED_IN","messageId":"1_2"}}
{"kind":"frame","seq":3,"at":4,"from":"host","origin":"https://app.hubspot.com","message":{"type":"LOGGED_IN","messageId":"1_2"}}
{"kind":"inside","at":5,"conversation":1,"side":"widget","origin":"https://widget.example","what":"channel posted","channel":"calls","message":"[1]"}
{"kind":"inside","at":6,"conversation":1,"side":"host","origin":"https://app.hubspot.com","what":"rejection","text":"Error: of HubSpot"}
{"kind":"inside","at":7,"conversation":1,"side":"widget","origin":"https://widget.example","what":"undelivered","type":"ERROR","target":"https://elsewhere.example","recipient":"https://app.hubspot.com"}
{"kind":"inside","at":8,"conversation":1,"side":"widget","origin":"https://widget.example","what":"unhandled","type":"END_CALL"}
{"kind":"inside","at":9,"conversation":1,"side":"widget","origin":"https://widget.example","what":"lost","text":"3"}"#;

fn view() -> SessionView {
    SessionView::from(Log::read(LOG.as_bytes()).expect("readable"))
}

fn rows(filter: &str) -> String {
    let mut view = view();
    let filter = Filter::parse(filter).expect("a filter");
    view.update_rows(&ViewOptions {
        filter,
        ..ViewOptions::everything()
    });
    let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
    let mut text = String::new();
    for row in rows {
        text += &row.label();
        text += "\n";
    }
    text
}

fn site(view: &SessionView, recorded: &RecordedMessage) -> Option<String> {
    let card = Card::new(view, recorded, UtcOffset::UTC, None);
    let mut facts = card.envelope.into_iter();
    Some(facts.find(|(label, _)| *label == "sent from")?.1)
}

#[test]
fn each_thing_told_has_a_row_but_call_sites() {
    expect![[r#"
        00:00:00.001 inside the widget: Dropped before the SDK was ready: LOGGED_IN (app.js:3 boot), 1 error
        00:00:00.002 inside the widget: Script failed: TypeError: x (app.js:9), 1 warning
        00:00:00.003 widget LOGGED_IN
        00:00:00.003 widget LOGGED_IN, came although the user is logged in, 2 findings, the worst: note
        00:00:00.004 host LOGGED_IN, has the id 1_2, which begins with the widget's own 1; the widget takes it for a response and drops it, 3 findings, the worst: error
        00:00:00.005 inside the widget: BroadcastChannel calls: posted [1]
        00:00:00.006 inside the host: Promise rejected: Error: of HubSpot
        00:00:00.007 inside the widget: ERROR was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 error
        00:00:00.008 inside the widget: No handler for END_CALL, 1 warning
        00:00:00.009 inside the widget: 3 more were reported and not kept, 1 note
    "#]].assert_eq(&rows(""));
}

/// What a page reports right after a message of a call is shown with the call, and listed under it.
#[test]
fn what_a_page_reports_about_a_call_belongs_to_it() {
    let log = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"frame","seq":2,"at":2,"from":"widget","origin":"https://widget.example","message":{"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://widget.example"}}
{"kind":"frame","seq":3,"at":3,"from":"widget","origin":"https://widget.example","message":{"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}}
{"kind":"inside","at":4,"conversation":1,"side":"widget","origin":"https://widget.example","what":"unhandled","type":"READY"}
{"kind":"frame","seq":4,"at":5,"from":"host","origin":"https://app.hubspot.com","message":{"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"+15550100"}}}
{"kind":"inside","at":6,"conversation":1,"side":"widget","origin":"https://widget.example","what":"error","text":"Uncaught TypeError: x","place":"https://widget.example/app.js:9:1"}"#;
    let mut view = SessionView::from(Log::read(log.as_bytes()).expect("readable"));
    view.update_rows(&ViewOptions {
        filter: Filter::parse("call:1").expect("a filter"),
        ..ViewOptions::everything()
    });
    let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
    let labels: Vec<String> = rows.iter().map(|row| row.label() + "\n").collect();
    expect![[r#"
        00:00:00.005 host DIAL_NUMBER, +15550100
        00:00:00.006 inside the widget: Script failed: TypeError: x (app.js:9), 1 warning
    "#]]
    .assert_eq(&labels.concat());
    let calls = view.session().findings().iter();
    let calls: Vec<String> = calls
        .map(|it| format!("{} {:?}", it.rule.code, it.call.map(|it| it.serial)))
        .collect();
    expect!["W02 None, W04 Some(1)"].assert_eq(&calls.join(", "));
}

/// A log in which a page reports the same about each of HubSpot's messages, up to `end`.
fn repeating(end: usize) -> SessionView {
    let mut log = LOG.lines().next().unwrap_or_default().to_owned();
    for turn in 0..end {
        let at = turn * 100;
        let sync = r#"{"type":"SYNC","data":{}}"#;
        let report = |type_name: &str, after: usize| {
            let at = at + after;
            format!(
                r#"{{"kind":"inside","at":{at},"conversation":1,"side":"widget","origin":"https://widget.example","what":"undelivered","type":"{type_name}","messageId":"7_{turn}","target":"https://elsewhere.example","recipient":"https://app.hubspot.com"}}"#
            )
        };
        let seq = turn + 1;
        let lines = [
            format!(
                r#"{{"kind":"frame","seq":{seq},"at":{at},"from":"host","origin":"https://app.hubspot.com","message":{sync}}}"#
            ),
            report("SYNC_ACK", 1),
            report("INITIALIZED", 2),
        ];
        for line in lines {
            log.push('\n');
            log.push_str(&line);
        }
    }
    SessionView::from(Log::read(log.as_bytes()).expect("readable"))
}

#[test]
fn what_a_page_has_reported_before_joins_the_run_of_the_message_that_it_is_about() {
    let rows = |view: &mut SessionView, options: &ViewOptions| {
        view.update_rows(options);
        let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
        let labels: Vec<String> = rows.iter().map(|row| row.label() + "\n").collect();
        labels.concat()
    };
    let mut view = repeating(10);
    expect![[r#"
        00:00:00.000 host SYNC, has no messageId, so that its answer cannot be told, 1 error
        00:00:00.001 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 error
        00:00:00.002 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 note
        00:00:00.100 host SYNC, ×9 in 802 ms with 18 reports as before
    "#]].assert_eq(&rows(&mut view, &ViewOptions::everything()));
    assert_eq!(view.rows().shown(), 10);
    let only = |filter: &str| ViewOptions {
        filter: Filter::parse(filter).expect("a filter"),
        ..ViewOptions::everything()
    };
    expect![[r#"
        00:00:00.001 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 error
        00:00:00.002 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 note
        00:00:00.101 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.102 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.201 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.202 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.301 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.302 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.401 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.402 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.501 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.502 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.601 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.602 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.701 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.702 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.801 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.802 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.901 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
        00:00:00.902 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com
    "#]].assert_eq(&rows(&mut view, &only("is:inside")));
    let all = ViewOptions {
        unfolds_runs: true,
        ..ViewOptions::everything()
    };
    assert_eq!(rows(&mut view, &all).lines().count(), 30);
    expect![[r#"
        00:00:00.000 host SYNC, has no messageId, so that its answer cannot be told, 1 error
        00:00:00.001 inside the widget: SYNC_ACK was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 error
        00:00:00.002 inside the widget: INITIALIZED was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 note
        00:00:00.100 host SYNC, with 2 reports as before
    "#]].assert_eq(&rows(&mut repeating(2), &ViewOptions::everything()));
}

#[test]
fn a_filter_finds_them() {
    expect![[r#"
        00:00:00.006 inside the host: Promise rejected: Error: of HubSpot
    "#]]
    .assert_eq(&rows("is:inside from:host"));
    expect![[r#"
        00:00:00.001 inside the widget: Dropped before the SDK was ready: LOGGED_IN (app.js:3 boot), 1 error
        00:00:00.003 widget LOGGED_IN
        00:00:00.003 widget LOGGED_IN, came although the user is logged in, 2 findings, the worst: note
        00:00:00.004 host LOGGED_IN, has the id 1_2, which begins with the widget's own 1; the widget takes it for a response and drops it, 3 findings, the worst: error
    "#]]
    .assert_eq(&rows("type:LOGGED_IN"));
    expect![[r#"
        00:00:00.007 inside the widget: ERROR was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 error
    "#]].assert_eq(&rows("elsewhere"));
}

/// A finding about what a page reported is on the row of the report, which a filter for findings
/// shows; the details of a report that repeats an earlier one show the finding of that.
#[test]
fn findings_are_tied_to_what_they_are_about() {
    expect![[r#"
        00:00:00.001 inside the widget: Dropped before the SDK was ready: LOGGED_IN (app.js:3 boot), 1 error
        00:00:00.007 inside the widget: ERROR was not delivered: it was posted to https://elsewhere.example, but the page around the widget is https://app.hubspot.com, 1 error
    "#]].assert_eq(&rows("severity:error is:inside"));
    expect![[r#"
        00:00:00.002 inside the widget: Script failed: TypeError: x (app.js:9), 1 warning
    "#]]
    .assert_eq(&rows("rule:W04"));
    expect![[r#"
        00:00:00.009 inside the widget: 3 more were reported and not kept, 1 note
    "#]]
    .assert_eq(&rows("is:finding is:inside -severity:warning"));
    let again = LOG.lines().nth(2).unwrap().replace("\"at\":2", "\"at\":10");
    let log = Log::read(format!("{LOG}\n{again}").as_bytes()).unwrap();
    let view = SessionView::from(log);
    let facts = view.session().facts().iter();
    let told: Vec<String> = facts
        .filter(|placed| matches!(placed.fact, Fact::Inside(_)))
        .map(|placed| {
            let found = view.findings_of_entry(placed.id).into_iter();
            let found: Vec<String> = found
                .map(|finding| {
                    let entry = view.session().anchor_of(finding).unwrap();
                    format!("{} at {}", finding.rule.code, entry.fact.at().0)
                })
                .collect();
            format!("{}: {}", placed.fact.at().0, found.join(", "))
        })
        .collect();
    expect![[r#"
        1: W01 at 1
        2: W04 at 2
        3: 
        3.1: 
        5: 
        6: 
        7: W03 at 7
        8: W02 at 8
        9: W05 at 9
        10: W04 at 2"#]]
    .assert_eq(&told.join("\n"));
}

#[test]
fn messages_of_one_id_have_each_its_call_site() {
    let mut view = view();
    let sites = |view: &SessionView| -> Vec<String> {
        view.messages()
            .map(|it| site(view, it).unwrap_or_default())
            .collect()
    };
    assert_eq!(sites(&view), ["app.js:20 first", "app.js:30 second", ""]);
    // The first report was not kept: the last one before the message is the likeliest.
    let is_first = |placed: &&Placed| placed.fact.at() == Millis(3.0);
    let first = view.session().facts().iter().find(is_first).map(|it| it.id);
    view.remove(&[first.expect("it is there")]);
    assert_eq!(sites(&view), ["app.js:30 second", "app.js:30 second", ""]);
}

#[test]
fn all_that_was_told_is_in_the_details() {
    let view = view();
    let told = view
        .session()
        .facts()
        .iter()
        .find_map(|placed| match &placed.fact {
            Fact::Inside(inside) => Some(inside::facts(inside)),
            _ => None,
        });
    let lines: Vec<String> = told
        .into_iter()
        .flatten()
        .map(|(label, text)| format!("{label}: {text}\n"))
        .collect();
    expect![[r#"
        what: Dropped before the SDK was ready: LOGGED_IN (app.js:3 boot)
        reported by: widget.example, the widget's page
        conversation: 1
        type: LOGGED_IN
        value: {}
        stack: Error
            at boot (https://widget.example/app.js:3:1)
    "#]]
    .assert_eq(&lines.concat());
}

/// A widget without a handler for `DIAL_NUMBER`: HubSpot sends it, then the user sends it with Compose,
/// twice. The rule tells it once.
#[test]
fn a_report_is_about_the_last_message_of_its_type_whoever_sent_it() {
    let mut log = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"inside","at":2,"conversation":1,"side":"widget","origin":"https://widget.example","what":"undelivered","type":"SYNC_ACK","messageId":"17_1","target":"https://old.example","recipient":"https://app.hubspot.com"}
{"kind":"frame","seq":2,"at":3,"from":"widget","origin":"https://widget.example","message":{"type":"SYNC_ACK","messageId":"17_1","version":"0.9.7-beta.0","iFrameUrl":"https://widget.example"}}"#
    .to_owned();
    let dialed = [
        (3, 10, ""),
        (4, 20_000, r#""injected":true,"#),
        (5, 40_000, r#""injected":true,"#),
    ]
    .map(|(seq, at, injected)| {
        let reported = at + 1;
        format!(
            r#"
{{"kind":"frame","seq":{seq},"at":{at},"from":"host","origin":"https://app.hubspot.com",{injected}"message":{{"type":"DIAL_NUMBER","messageId":"17_{seq}","data":{{"phoneNumber":"+1555010{seq}"}}}}}}
{{"kind":"inside","at":{reported},"conversation":1,"side":"widget","origin":"https://widget.example","what":"unhandled","type":"DIAL_NUMBER"}}"#
        )
    });
    log.push_str(&dialed.concat());
    let mut view = SessionView::from(Log::read(log.as_bytes()).expect("readable"));
    let ties: Vec<String> = (view.session().facts().iter())
        .filter_map(|placed| view.tie_of_report(placed.id))
        .map(|tie| format!("{} {}\n", tie.name, tie.text().trim_end()))
        .collect();
    expect![[r#"
        answer to 1 SYNC
        about 3 DIAL_NUMBER
        about 4 DIAL_NUMBER
        about 5 DIAL_NUMBER
    "#]]
    .assert_eq(&ties.concat());
    let reports: Vec<String> = (view.session().facts().iter())
        .filter_map(|placed| placed.message())
        .flat_map(|recorded| {
            let reports = view.reports_about(recorded).into_iter();
            reports.map(|it| format!("{}: {}, {}\n", recorded.seq, it.name, it.words))
        })
        .collect();
    expect![[r#"
        1: the widget's page, SYNC_ACK was not delivered: it was posted to https://old.example, but the page around the widget is https://app.hubspot.com
        3: the widget's page, No handler for DIAL_NUMBER
        4: the widget's page, No handler for DIAL_NUMBER
        5: the widget's page, No handler for DIAL_NUMBER
    "#]].assert_eq(&reports.concat());
    view.update_rows(&ViewOptions {
        filter: Filter::parse("call:1").expect("a filter"),
        ..ViewOptions::everything()
    });
    let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
    let labels: Vec<String> = rows.iter().map(|row| row.label() + "\n").collect();
    expect![[r#"
        00:00:00.010 host DIAL_NUMBER, +15550103, got no answer within 10 s: no OUTGOING_CALL_STARTED; the widget has no handler for DIAL_NUMBER, 1 note
        00:00:00.011 inside the widget: No handler for DIAL_NUMBER, 1 warning
        00:00:20.000 host DIAL_NUMBER, +15550104, got no answer within 10 s: no OUTGOING_CALL_STARTED; the widget has no handler for DIAL_NUMBER, injected, 1 note
        00:00:20.001 inside the widget: No handler for DIAL_NUMBER
        00:00:40.000 host DIAL_NUMBER, +15550105, injected
        00:00:40.001 inside the widget: No handler for DIAL_NUMBER
    "#]].assert_eq(&labels.concat());
}

/// HubSpot's words for a failure are the summary of its message, and the finding quotes them.
#[test]
fn a_row_says_hubspots_words_once() {
    let log = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"CREATE_ENGAGEMENT_FAILED","messageId":"17_1","data":{"error":{"message":"Invalid phone number"}}}}
{"kind":"frame","seq":2,"at":2,"from":"host","origin":"https://app.hubspot.com","message":{"type":"UPDATE_ENGAGEMENT_FAILED","messageId":"17_2","data":{"error":{"message":"No such property"}}}}"#;
    let mut view = SessionView::from(Log::read(log.as_bytes()).expect("readable"));
    view.update_rows(&ViewOptions::default());
    let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
    let labels: Vec<String> = rows.iter().map(|row| row.label() + "\n").collect();
    expect![[r#"
        00:00:00.001 host CREATE_ENGAGEMENT_FAILED, HubSpot could not create an engagement: Invalid phone number, 2 findings, the worst: note
        00:00:00.002 host UPDATE_ENGAGEMENT_FAILED, HubSpot could not update the engagement: No such property, 1 warning
    "#]].assert_eq(&labels.concat());
}

/// A consequence names the report that it follows from, which is one of several of that rule.
#[test]
fn what_follows_from_a_report_leads_to_it() {
    let log = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"17_1","hostUrl":"https://app.hubspot.com"}}
{"kind":"inside","at":2,"conversation":1,"side":"widget","origin":"https://widget.example","what":"undelivered","type":"SYNC_ACK","messageId":"17_1","target":"https://old.example","recipient":"https://app.hubspot.com"}
{"kind":"inside","at":3,"conversation":1,"side":"widget","origin":"https://widget.example","what":"undelivered","type":"ERROR","text":"DataCloneError"}
{"kind":"inside","at":4,"conversation":1,"side":"widget","origin":"https://widget.example","what":"undelivered","type":"INITIALIZED","target":"https://old.example","recipient":"https://app.hubspot.com"}"#;
    let view = SessionView::from(Log::read(log.as_bytes()).expect("readable"));
    let session = view.session();
    let cards = session.findings().iter();
    let cards = cards.map(|it| FindingCard::new(&view, it));
    let links: Vec<String> = cards
        .map(|card| {
            let at = |id: u64| view.find(id).map(|(_, placed)| placed.fact.at().0);
            let cause = card.cause.and_then(|it| it.entry);
            let related: Vec<&str> = card.related.iter().map(|(_, name)| &**name).collect();
            format!(
                "{} at {:?} from {:?} see {}\n",
                card.code,
                card.entry.and_then(|(id, _)| at(id)),
                cause.and_then(|(id, _)| at(id)),
                related.join(", "),
            )
        })
        .collect();
    expect![[r#"
        W03 at Some(2.0) from None see 1 SYNC
        W03 at Some(3.0) from None see 
        W03 at Some(4.0) from Some(2.0) see 
    "#]]
    .assert_eq(&links.concat());
    let grouped = group_consequences(session.findings(), |it| it);
    let grouped: Vec<usize> = grouped.iter().map(|it| it.consequences.len()).collect();
    assert_eq!(grouped, [1, 0]);
}

/// Callscope finds a redirection itself.
#[test]
fn a_redirection_is_not_told_by_the_page() {
    let log = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"inside","at":3,"side":"widget","origin":"https://widget.example","what":"redirected","target":"https://widget.example","recipient":"https://other.example"}"#;
    let mut view = SessionView::from(Log::read(log.as_bytes()).expect("readable"));
    let mut count = |filter: &str| {
        view.update_rows(&ViewOptions {
            filter: Filter::parse(filter).expect("a filter"),
            ..ViewOptions::everything()
        });
        view.rows().len()
    };
    assert_eq!(count("rule:W06"), 1);
    assert_eq!(count("is:inside"), 0);
}
