//! HubSpot's host page as a frame in another page, probably like in the remote surface: the top
//! document takes no part, and the recorder pairs host and widget below it.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Browser, BrowserError, Poll, Target, wait_for};
use callscope_demo::Demo;
use callscope_e2e::{
    LIMIT, Pages, Panel, Recorded, Stage, demo, difference, frame_where, make_calls, only_traffic,
    open_panel_of, wait_for_entry,
};
use serde_json::{Value, json};

/// A page without a role: a document that the demo does not have, at one of its two origins.
fn empty_page(origin: &str) -> String {
    format!("{origin}nothing")
}

/// Adds a frame to a page.
fn put_frame(page: &Target, url: &str) {
    let url = Value::from(url);
    page.evaluate::<()>(&format!(
        "void document.body.append(Object.assign(document.createElement('iframe'), {{ src: {url} }}))"
    ))
    .unwrap();
}

/// The addresses of a host and of its widget, identified by a name.
fn addresses(demo: &Demo, name: &str) -> (String, String) {
    let widget = format!("{}?name={name}", demo.widget_url());
    let host = demo.host_url_with(&format!("name={name}&autodial=off&widget-url={widget}"));
    (host, widget)
}

/// Adds a host with its widget to a page of another origin.
fn put_host(browser: &Browser, page: &Target, demo: &Demo, name: &str) -> Pages {
    let (host_url, widget_url) = addresses(demo, name);
    put_frame(page, &host_url);
    let host = browser.frame(page, &host_url).unwrap();
    let widget = browser.frame(&host, &widget_url).unwrap();
    Pages { host, widget }
}

/// The number of these pages' present conversation.
fn conversation_of(pages: &Pages, recorded: &[Recorded]) -> Result<Option<u32>, BrowserError> {
    let logged = only_traffic(&pages.widget)?;
    let mut sent = logged.iter().filter(|entry| entry.dir == "sent");
    let hello = sent.find(|entry| entry.kind() == "SYNC_ACK");
    let found = hello.and_then(|hello| {
        let mut all = recorded.iter();
        // Two hosts that load in the same millisecond use the same ids.
        all.rfind(|it| {
            let is_then = it.at >= hello.at && it.at < hello.at + 500.0;
            it.message == hello.message && is_then
        })
    });
    Ok(found.map(|it| it.conversation))
}

/// Waits until the session has what passed between each pair of pages, each in a separate
/// conversation; returns the numbers of the conversations.
fn wait_for_same(panel: &Panel, all: &[(&Pages, &[&str])]) -> Vec<u32> {
    wait_for("the session to be what the pages logged", LIMIT, || {
        let recorded = panel.recorded()?;
        let mut numbers = Vec::new();
        for (pages, injected) in all {
            let Some(number) = conversation_of(pages, &recorded)? else {
                let kinds: Vec<_> = recorded
                    .iter()
                    .map(|it| (it.conversation, it.kind()))
                    .collect();
                let url = &pages.widget.info().url;
                return Ok(Poll::NotYet(format!(
                    "no conversation of {url} in {kinds:?}"
                )));
            };
            let mut passed = recorded.clone();
            passed.retain(|it| it.conversation == number);
            let logged = pages.traffic_and(injected)?;
            if let Some(difference) = difference(&passed, &logged, injected) {
                return Ok(Poll::NotYet(difference));
            }
            numbers.push(number);
        }
        Ok(Poll::Done(numbers))
    })
    .unwrap()
}

#[track_caller]
fn check_nothing_is_missing(panel: &Panel, conversations: usize) {
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    let shown = panel.shown().unwrap();
    assert_eq!(shown.conversations.len(), conversations, "{shown:#?}");
    let errors = shown.findings.iter().filter(|it| it.severity == "error");
    assert_eq!(errors.count(), 0, "{:#?}", shown.findings);
}

/// Sends `DIAL_NUMBER` to a conversation with the form; returns its messageId.
fn dial(panel: &Panel, conversation: u32, number: &str) -> String {
    let act = |action: Value| panel.perform(&action).unwrap();
    act(json!({ "do": "choose-target", "conversation": conversation }));
    act(json!({ "do": "set-draft-field", "field": "data.phoneNumber", "value": number }));
    act(json!({ "do": "send-draft", "anyway": true }));
    panel
        .wait_until("it to be received", |shown| {
            shown.compose["outcome"] == "sent"
        })
        .unwrap();
    let mut id = None;
    panel
        .wait_until("it to be recorded", |_| {
            let recorded = panel.recorded().unwrap();
            let is_it = |it: &&Recorded| it.injected && it.message["data"]["phoneNumber"] == number;
            let dialed = recorded.iter().find(is_it);
            id = dialed.map(|it| (it.conversation, it.message["messageId"].clone()));
            id.is_some()
        })
        .unwrap();
    let (of, id) = id.unwrap();
    assert_eq!(of, conversation);
    id.as_str().unwrap().to_owned()
}

fn dialed_numbers(pages: &Pages) -> Vec<String> {
    pages
        .widget
        .evaluate(
            "demo.events.filter(it => it.name === 'onDialNumber').map(it => it.data.phoneNumber)",
        )
        .unwrap()
}

#[test]
fn hosts_are_paired_with_their_widgets_at_any_depth() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let (near, far) = (demo.host_url(), demo.widget_url());

    // In a page of another origin.
    let top = browser.open(&empty_page(&far)).unwrap();
    let pages = put_host(&browser, &top, &demo, "below");
    pages.wait_for_handshake().unwrap();
    make_calls(&pages).unwrap();
    let (_devtools, panel) = open_panel_of(&browser, &top).unwrap();
    wait_for_same(&panel, &[(&pages, &[])]);
    check_nothing_is_missing(&panel, 1);
    let id = dial(&panel, 1, "+442079460101");
    wait_for_same(&panel, &[(&pages, &[&id])]);

    // Three levels down, with the panel open from the start.
    let top = browser.open(&empty_page(&near)).unwrap();
    let (_devtools, panel) = open_panel_of(&browser, &top).unwrap();
    put_frame(&top, &empty_page(&far));
    let middle = browser.frame(&top, &empty_page(&far)).unwrap();
    let pages = put_host(&browser, &middle, &demo, "deep");
    pages.wait_for_handshake().unwrap();
    make_calls(&pages).unwrap();
    wait_for_same(&panel, &[(&pages, &[])]);
    check_nothing_is_missing(&panel, 1);
    let id = dial(&panel, 1, "+442079460102");
    wait_for_same(&panel, &[(&pages, &[&id])]);
    assert_eq!(dialed_numbers(&pages).last().unwrap(), "+442079460102");

    // In a page of the same origin, and so in the same process.
    let top = browser.open(&empty_page(&near)).unwrap();
    let (host_url, widget_url) = addresses(&demo, "same");
    put_frame(&top, &host_url);
    let host = frame_where(&top, "'demo' in window").unwrap();
    let widget = browser.frame(&top, &widget_url).unwrap();
    let pages = Pages { host, widget };
    pages.wait_for_handshake().unwrap();
    make_calls(&pages).unwrap();
    let (_devtools, panel) = open_panel_of(&browser, &top).unwrap();
    wait_for_same(&panel, &[(&pages, &[])]);
    check_nothing_is_missing(&panel, 1);
    let id = dial(&panel, 1, "+442079460103");
    wait_for_same(&panel, &[(&pages, &[&id])]);
}

#[test]
fn two_hosts_at_once_are_two_conversations_and_one_may_reload() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let top = browser.open(&empty_page(&demo.widget_url())).unwrap();
    // Both before either of them has loaded.
    for name in ["one", "two"] {
        put_frame(&top, &addresses(&demo, name).0);
    }
    let find = |name| {
        let (host_url, widget_url) = addresses(&demo, name);
        let host = browser.frame(&top, &host_url).unwrap();
        let widget = browser.frame(&host, &widget_url).unwrap();
        let pages = Pages { host, widget };
        pages.wait_for_handshake().unwrap();
        pages
    };
    let [one, two] = ["one", "two"].map(find);
    make_calls(&two).unwrap();
    make_calls(&one).unwrap();
    let (_devtools, panel) = open_panel_of(&browser, &top).unwrap();
    let numbers = wait_for_same(&panel, &[(&one, &[]), (&two, &[])]);
    assert_ne!(numbers[0], numbers[1]);
    check_nothing_is_missing(&panel, 2);

    // To the chosen one, and only to that.
    let first = dial(&panel, numbers[0], "+442079460111");
    let second = dial(&panel, numbers[1], "+442079460122");
    wait_for_same(&panel, &[(&one, &[&first]), (&two, &[&second])]);
    assert_eq!(dialed_numbers(&one).last().unwrap(), "+442079460111");
    assert_eq!(dialed_numbers(&two).last().unwrap(), "+442079460122");

    // One reloads: its conversation ends and another continues it, while the other host's goes on.
    one.host
        .evaluate::<()>("void (globalThis.isOld = true, location.reload())")
        .unwrap();
    one.host
        .wait_until::<bool>("the reloaded host", "!globalThis.isOld && 'demo' in window")
        .unwrap();
    let (_, widget_url) = addresses(&demo, "one");
    let widget = browser.frame(&one.host, &widget_url).unwrap();
    let again = Pages {
        host: one.host.clone(),
        widget,
    };
    again.wait_for_handshake().unwrap();
    two.widget
        .evaluate::<()>("void demo.phone.setAvailable(false)")
        .unwrap();
    wait_for_entry(&two.host, "USER_UNAVAILABLE").unwrap();
    let after = wait_for_same(&panel, &[(&again, &[]), (&two, &[&second])]);
    assert_eq!(after[1], numbers[1]);
    check_nothing_is_missing(&panel, 3);
    let starts = panel.lines("conversation").unwrap();
    let last = starts.last().unwrap();
    assert_eq!(last["conversation"], after[0], "{starts:#?}");
    // Unknown if the widget's first message was filed before the recorder had heard of the host's
    // new document: the host's content script starts with the answer to it.
    let continues = &last["continues"];
    assert!(
        continues.is_null() || *continues == numbers[0],
        "{starts:#?}"
    );
    let closed = panel.lines("closed").unwrap();
    assert_eq!(closed.len(), 1, "{closed:#?}");
    assert_eq!(closed[0]["conversation"], numbers[0]);
    let third = dial(&panel, after[0], "+442079460133");
    wait_for_same(&panel, &[(&again, &[&third]), (&two, &[&second])]);
    assert_eq!(dialed_numbers(&again), ["+442079460133"]);
    assert_eq!(dialed_numbers(&two).last().unwrap(), "+442079460122");
}
