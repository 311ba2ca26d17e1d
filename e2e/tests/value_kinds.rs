//! A page receives the same with and without Callscope, whatever kind of value it is sent.
//!
//! The browser hands a transferred stream to whoever reads the message first, including scripts of
//! other worlds; all others get `null` for the whole message. So the page must be first.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::collections::BTreeMap;
use std::time::Duration;

use callscope_browser::{Browser, Poll, Target, wait_for};
use callscope_demo::Demo;
use callscope_e2e::{Pages, Stage, demo, launch_options, open_panel};
use serde_json::{Value, json};

const KINDS: &str = include_str!("value_kinds/kinds.js");
const EXCHANGE: &str = include_str!("value_kinds/exchange.js");

/// How long all kinds may take: they are sent one after another, each there and back.
const LIMIT: Duration = Duration::from_mins(2);

/// The results for each kind of value: what the receiver got, and what the sender saw of it.
type Exchanged = BTreeMap<String, Value>;

/// Two pages without scripts of their own, one inside the other: only the test listens there.
fn open(browser: &Browser, demo: &Demo) -> Pages {
    let host = browser
        .open(&format!("{}nothing", demo.host_url()))
        .unwrap();
    let url = format!("{}nothing", demo.widget_url());
    host.evaluate::<()>(&format!(
        "void (document.body.appendChild(document.createElement('iframe')).src = '{url}')"
    ))
    .unwrap();
    let widget = browser.frame(&host, &url).unwrap();
    for page in [&host, &widget] {
        page.wait_until::<bool>("the page", "document.readyState === 'complete'")
            .unwrap();
        page.evaluate::<()>(KINDS).unwrap();
        page.evaluate::<()>(EXCHANGE).unwrap();
        page.evaluate::<()>("exchange.listen()").unwrap();
    }
    host.evaluate::<()>("exchange.connect(frames[0])").unwrap();
    widget.evaluate::<()>("exchange.connect(parent)").unwrap();
    Pages { host, widget }
}

/// Posts values in both directions at once: from the host, and from the widget.
fn exchange(pages: &Pages, how: &Value) -> [Exchanged; 2] {
    let sides = [(&pages.host, "frames[0]"), (&pages.widget, "parent")];
    for (page, target) in sides {
        page.evaluate::<()>(&format!(
            "globalThis.exchanged = null;
             void exchange.post({target}, {how}).then(all => {{ globalThis.exchanged = all; }})"
        ))
        .unwrap();
    }
    let all = |page: &Target| {
        wait_for("all to be exchanged", LIMIT, || {
            let all: Option<Exchanged> = page.evaluate("exchanged")?;
            Ok(all.map_or(Poll::NotYet("some".to_owned()), Poll::Done))
        })
    };
    sides.map(|(page, _)| all(page).unwrap())
}

/// All kinds, as messages of the protocol and on their own; and those that only one reader can
/// have, for a page that awaits something first. A page that reads a message in a later task may be
/// too late.
fn ways() -> [Value; 3] {
    [
        json!({ "moment": "at once", "wrapped": true }),
        json!({ "moment": "at once", "wrapped": false }),
        json!({ "moment": "after a promise", "wrapped": true, "only": ["transferred"] }),
    ]
}

fn exchange_all(pages: &Pages, ways: &[Value]) -> Vec<(String, Exchanged)> {
    let mut all = Vec::new();
    for how in ways {
        let [from_host, from_widget] = exchange(pages, how);
        all.push((format!("from the host, {how}"), from_host));
        all.push((format!("from the widget, {how}"), from_widget));
    }
    all
}

#[track_caller]
fn assert_same(here: &[(String, Exchanged)], there: &[(String, Exchanged)]) {
    assert_eq!(here.len(), there.len());
    let mut differences = Vec::new();
    for ((way, here), (_, there)) in here.iter().zip(there) {
        assert!(here.keys().eq(there.keys()), "{way}");
        for (name, expected) in there {
            if here[name] != *expected {
                differences.push(format!("{name}, {way}: {}, not {expected}", here[name]));
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// The kinds that Chromium does not clone.
const NOT_POSTED: [&str; 4] = ["RTCDataChannel", "SharedArrayBuffer", "function", "symbol"];

/// Checks that the pages looked closely, or the comparison would prove nothing.
fn check_exchanged(exchanged: &[(String, Exchanged)]) {
    for (way, by_name) in exchanged {
        for (name, what) in by_name {
            let what = what.to_string();
            let is_posted = !what.contains("not made: ") && !what.contains("not posted: ");
            let can_be = !NOT_POSTED.contains(&name.as_str());
            assert_eq!(is_posted, can_be, "{name}, {way}: {what}");
            assert!(
                !what.contains("nothing came of it"),
                "{name}, {way}: {what}"
            );
            let expected = match name.as_str() {
                "ReadableStream, transferred" => "bigint 1 3",
                "a slow ReadableStream, transferred" => "number 1 5",
                "WritableStream, transferred" => r#"["closed","written",{"later":true}]"#,
                "TransformStream, transferred" => "string 3 <b>",
                "MessagePort, transferred" => "is anybody there?, yes",
                "shared references" | "a cycle" => "the same as it.0",
                "lone surrogates" => "%uD800",
                "ImageBitmap, transferred" => "string 48 ",
                "File" => "in it",
                _ => "received",
            };
            assert!(what.contains(expected), "{name}, {way}: {what}");
        }
    }
}

#[test]
fn a_page_receives_the_same_with_and_without_callscope() {
    let demo = demo().unwrap();
    let ways = ways();
    let without = {
        let browser = Browser::launch(&launch_options(&demo)).unwrap();
        exchange_all(&open(&browser, &demo), &ways)
    };
    check_exchanged(&without);

    let browser = Stage::browser(&demo).unwrap();
    browser.service_worker().unwrap();
    let pages = open(&browser, &demo);
    let worlds = pages.widget.contexts().unwrap();
    assert!(
        worlds.iter().any(|world| world.name == "Callscope"),
        "{worlds:?}"
    );
    assert_same(&exchange_all(&pages, &ways), &without);

    // With the panel open, messages of the protocol are copied for it.
    let (_devtools, _panel) = open_panel(&browser, &pages).unwrap();
    let of_protocol = &ways[..1];
    assert_same(&exchange_all(&pages, of_protocol), &without[..2]);
}
