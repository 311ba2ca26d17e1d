//! HubSpot's calling window: a popup with its own host and widget, which the panel of the page that
//! opened it shows together with the page's.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Browser, Target};
use callscope_demo::Demo;
use callscope_e2e::{
    Pages, Panel, ROUND_TRIPS, Recorded, Stage, demo, difference, heard_before_asked, kept_log,
    make_calls, open_panel, talk_and_leave, wait_for_entry,
};
use serde_json::{Value, json};

/// What the panel says of a calling window that is no more.
const CLOSED: [&str; 1] = ["Calling window closed"];

/// Opens a calling window.
fn open_window(browser: &Browser, page: &Target, demo: &Demo) -> Pages {
    open(browser, page, demo, "window", "popup,width=480,height=760")
}

/// Opens a host with this name by a mouse click, which a page needs for this, in a window with
/// these features or in a tab.
fn open(browser: &Browser, page: &Target, demo: &Demo, name: &str, features: &str) -> Pages {
    let url = demo.host_url_with(&format!("name={name}&autodial=off"));
    let script = format!(
        "void (() => {{
            const button = document.createElement('button');
            button.style = 'position: fixed; inset: 0 auto auto 0; width: 40px; height: 40px; z-index: 9';
            button.onclick = () => {{ window.open({}, '_blank', '{features}'); button.remove(); }};
            document.body.append(button);
        }})()",
        Value::from(url.as_str())
    );
    page.evaluate::<()>(&script).unwrap();
    page.click(20.0, 20.0).unwrap();
    let is_it = |it: &callscope_browser::TargetInfo| it.kind == "page" && it.url == url;
    let host = browser
        .wait_for_target("the calling window", is_it)
        .unwrap();
    let widget = browser.frame(&host, &demo.widget_url()).unwrap();
    let pages = Pages { host, widget };
    pages.wait_for_handshake().unwrap();
    pages
}

/// Waits until one of the panel's conversations contains exactly what these pages logged.
fn wait_for_same(panel: &Panel, pages: &Pages, number: u32, injected: &[&str]) {
    let logged = pages.traffic_and(injected).unwrap();
    panel
        .wait_until(&format!("all of conversation {number}"), |_| {
            let mut recorded: Vec<Recorded> = panel.recorded().unwrap();
            recorded.retain(|it| it.conversation == number);
            callscope_e2e::difference(&recorded, &logged, injected).is_none()
        })
        .unwrap();
}

fn marks(panel: &Panel) -> Vec<bool> {
    let starts = panel.lines("conversation").unwrap();
    starts
        .iter()
        .map(|it| it["callingWindow"] == true)
        .collect()
}

#[test]
fn a_calling_window_is_shown_with_the_page_that_opened_it() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        demo,
        ..
    } = &stage;
    wait_for_same(panel, pages, 1, &[]);

    // Opened while the panel is open.
    let window = open_window(browser, &pages.host, demo);
    make_calls(&window).unwrap();
    wait_for_same(panel, &window, 2, &[]);
    wait_for_same(panel, pages, 1, &[]);
    assert_eq!(marks(panel), [false, true]);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    let show = json!({ "do": "show-conversation", "conversation": 2 });
    panel.perform(&show).unwrap();
    panel.wait_for_words("calling window of this page").unwrap();

    // Both can be dialed, each through its own recorder.
    let dial = |conversation: u32, number: &str| {
        for action in [
            json!({ "do": "choose-target", "conversation": conversation }),
            json!({ "do": "set-draft-field", "field": "data.phoneNumber", "value": number }),
            json!({ "do": "send-draft", "anyway": true }),
        ] {
            panel.perform(&action).unwrap();
        }
        let is_sent = |shown: &callscope_e2e::Shown| shown.compose["outcome"] == "sent";
        panel.wait_until("it to be received", is_sent).unwrap();
        let mut dialed = None;
        panel
            .wait_until("it to be recorded", |_| {
                let recorded = panel.recorded().unwrap().into_iter();
                dialed = recorded
                    .rev()
                    .find(|it| it.injected && it.message["data"]["phoneNumber"] == number);
                dialed.is_some()
            })
            .unwrap();
        let dialed = dialed.unwrap();
        assert_eq!(dialed.conversation, conversation);
        dialed.message["messageId"].as_str().unwrap().to_owned()
    };
    let in_window = dial(2, "+442079460112");
    wait_for_same(panel, &window, 2, &[&in_window]);
    let in_page = dial(1, "+442079460111");
    wait_for_same(panel, pages, 1, &[&in_page]);

    // A panel opened later finds it as well, and so does the window's own.
    let (_devtools, own) = open_panel(browser, &window).unwrap();
    wait_for_same(&own, &window, 1, &[&in_window]);
    assert_eq!(marks(&own), [false]);

    // When the window is closed, so is its conversation.
    window.host.call("Page.close", &json!({})).unwrap();
    panel
        .wait_until("the window's conversation to end", |shown| {
            shown.conversations[1].states == CLOSED
        })
        .unwrap();
    let closed = panel.lines("closed").unwrap();
    assert_eq!(closed.len(), 1, "{closed:#?}");
    assert_eq!(closed[0]["conversation"], 2);
    pages
        .widget
        .evaluate::<()>("void demo.phone.logOut()")
        .unwrap();
    wait_for_entry(&pages.host, "LOGGED_OUT").unwrap();
    wait_for_same(panel, pages, 1, &[&in_page]);
}

#[test]
fn a_window_that_was_there_first_is_found_and_outlives_a_reload() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let mut pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    let window = open_window(&browser, &pages.host, &demo);
    make_calls(&window).unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let shows_both = |shown: &callscope_e2e::Shown| shown.conversations.len() == 2;
    panel.wait_until("both conversations", shows_both).unwrap();
    let number = |mark: bool| {
        let starts = panel.lines("conversation").unwrap();
        let mut found = starts
            .iter()
            .filter(|it| (it["callingWindow"] == true) == mark);
        u32::try_from(found.next_back().unwrap()["conversation"].as_u64().unwrap()).unwrap()
    };
    wait_for_same(&panel, &window, number(true), &[]);
    wait_for_same(&panel, &pages, number(false), &[]);

    // The page's session begins anew, the window's continues.
    pages.host.reload().unwrap();
    pages.widget = browser.frame(&pages.host, &demo.widget_url()).unwrap();
    pages.wait_for_handshake().unwrap();
    panel.wait_for_row("INITIALIZED").unwrap();
    panel.wait_until("both conversations", shows_both).unwrap();
    wait_for_same(&panel, &window, number(true), &[]);
    wait_for_same(&panel, &pages, number(false), &[]);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
}

/// Of what a closing tab sends, Chrome delivers nothing sent during unloading to the extension,
/// only what was sent before. So what the frames received after `beforeunload`, and the widget's
/// frame in the last moment, may be missing, which the session says.
#[test]
fn what_a_window_heard_before_it_was_closed_is_not_lost() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        demo,
        ..
    } = &stage;
    for number in 2..=4 {
        let run = format!("window {number}");
        let window = open_window(browser, &pages.host, demo);
        panel
            .wait_until("the window's conversation", |shown| {
                shown.conversations.len() == number as usize
            })
            .unwrap();
        talk_and_leave(&window, &run, "window.close()").unwrap();
        // The pages that stay share its storage.
        let is_gone = format!("localStorage.getItem('left {run}') !== null");
        for page in [&pages.host, &pages.widget] {
            page.wait_until::<bool>("the window to be gone", &is_gone)
                .unwrap();
        }
        let of_widget = kept_log(&pages.host, &run).unwrap();
        let asked = heard_before_asked(&pages.host, &run).unwrap();
        let mut logged = of_widget.clone();
        logged.extend(kept_log(&pages.widget, &run).unwrap());
        logged.sort_by(|one, other| one.at.total_cmp(&other.at));
        assert!(logged.len() >= 2 * ROUND_TRIPS, "{}", logged.len());
        assert!(asked > ROUND_TRIPS, "{asked}");
        let mut seen = None;
        panel
            .wait_until(&format!("all of {run}"), |shown| {
                let mut recorded = panel.recorded().unwrap();
                recorded.retain(|it| it.conversation == number);
                let mut logged = logged.clone();
                let count = |side| recorded.iter().filter(|it| it.from == side).count();
                let counts = [count("host"), count("widget")];
                let mut left = counts;
                logged.retain(|it| {
                    let left = &mut left[usize::from(it.side() == "widget")];
                    let is_heard = *left > 0;
                    *left -= usize::from(is_heard);
                    is_heard
                });
                seen = difference(&recorded, &logged, &[]);
                seen.is_none()
                    && counts[0] > 0
                    && counts[1] >= asked
                    && shown.conversations.last().unwrap().states == CLOSED
            })
            .unwrap_or_else(|error| panic!("{seen:?}: {error}"));
    }
    // For each, the session says what Chrome may not have delivered.
    let is_said = |_: &callscope_e2e::Shown| {
        let gaps = panel.lines("gap").unwrap();
        let left = |gap: &&Value| gap["why"] == "page left" && gap["lost"].is_null();
        gaps.iter().filter(left).count() == 3 && gaps.len() == 3
    };
    panel.wait_until("three gaps", is_said).unwrap();
    wait_for_same(panel, pages, 1, &[]);
}

/// The user closes the window, or the tab in it. It is said, and all that was recorded stays.
#[test]
fn a_window_that_its_user_closes_is_said_to_be_closed() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        demo,
        ..
    } = &stage;
    // A page of the extension that may do what the user does.
    let id = browser.extension_id().unwrap();
    let user = browser
        .open(&format!("chrome-extension://{id}/devtools.html"))
        .unwrap();
    for (number, close) in [
        (2, "chrome.windows.remove(tab.windowId)"),
        (3, "chrome.tabs.remove(tab.id)"),
    ] {
        let window = open_window(browser, &pages.host, demo);
        make_calls(&window).unwrap();
        wait_for_same(panel, &window, number, &[]);
        let of_window = || {
            let mut recorded = panel.recorded().unwrap();
            recorded.retain(|it| it.conversation == number);
            recorded
        };
        let before = of_window();
        user.evaluate::<()>(&format!(
            "(async () => {{
                const tabs = await chrome.tabs.query({{}});
                const tab = tabs.find(it => it.url?.includes('name=window'));
                await {close};
            }})()"
        ))
        .unwrap();
        let shown = panel
            .wait_until("it to be said to be closed", |shown| {
                shown.conversations.last().unwrap().states == CLOSED
            })
            .unwrap();
        assert_eq!(shown.conversations[0].states[0], "Ready");
        let show = json!({ "do": "show-conversation", "conversation": number });
        panel.perform(&show).unwrap();
        panel.wait_for_words("Calling window closed").unwrap();
        assert_eq!(of_window(), before);
        let closed = panel.lines("closed").unwrap();
        assert_eq!(closed.len(), number as usize - 1, "{closed:#?}");
        assert_eq!(closed.last().unwrap()["conversation"], number);
    }
    // The page goes on.
    make_calls(pages).unwrap();
    wait_for_same(panel, pages, 1, &[]);
}

#[test]
fn a_window_that_opens_as_a_tab_is_one_too_if_its_page_has_an_opener() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        demo,
        ..
    } = &stage;
    // Chrome names the opener tab, as it does for tabs that the user opens from there.
    let stranger = open(browser, &pages.host, demo, "stranger", "noopener");
    make_calls(&stranger).unwrap();
    pages.host.call("Page.bringToFront", &json!({})).unwrap();
    let tab = open(browser, &pages.host, demo, "tab", "");
    make_calls(&tab).unwrap();
    wait_for_same(panel, &tab, 2, &[]);
    assert_eq!(marks(panel), [false, true]);
    wait_for_same(panel, pages, 1, &[]);
    assert_eq!(panel.shown().unwrap().conversations.len(), 2);
}

/// A page that stores what is sent on a channel, in its own order.
const ON_THE_LINE: &str = "
    globalThis.passed = [];
    globalThis.line = new BroadcastChannel('calls');
    line.onmessage = ({ data }) => passed.push(['channel received', JSON.stringify(data)]);
    globalThis.say = data => {
        line.postMessage(data);
        passed.push(['channel posted', JSON.stringify(data)]);
    };
    void 0";

/// Widgets inform each other of calls without HubSpot. Where the user looks inside their pages,
/// this is reported on lines of its own kind, in each window what was sent there.
#[test]
fn what_the_windows_broadcast_to_each_other_is_told_beside_the_messages() {
    let mut stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let widget_url = stage.demo.widget_url();
    let origin = widget_url.trim_end_matches('/');
    let see = json!({ "do": "see-inside", "origin": origin, "on": true });
    stage.panel.perform(&see).unwrap();
    stage
        .panel
        .wait_until("it to be on", |shown| shown.sees_inside == [origin])
        .unwrap();
    stage.go("login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        demo,
        ..
    } = &stage;
    let window = open_window(browser, &pages.host, demo);
    let sides = [&pages.widget, &window.widget];
    for widget in sides {
        widget.evaluate::<()>(ON_THE_LINE).unwrap();
    }
    for round in 0..3 {
        for (index, widget) in sides.into_iter().enumerate() {
            let said = json!({ "ringing": round, "in": index });
            widget.evaluate::<()>(&format!("say({said})")).unwrap();
            let other = sides[1 - index];
            let is_heard = format!("passed.length === {}", 2 * round + index + 1);
            other
                .wait_until::<bool>("it to be heard", &is_heard)
                .unwrap();
        }
        // The protocol continues in between.
        pages
            .widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
    }
    make_calls(&window).unwrap();
    wait_for_same(panel, pages, 1, &[]);
    wait_for_same(panel, &window, 2, &[]);
    for (conversation, widget) in (1..).zip(sides) {
        let passed: Value = widget.evaluate("passed").unwrap();
        assert_eq!(passed.as_array().unwrap().len(), 6);
        panel
            .wait_until(&format!("what passed in {conversation}"), |_| {
                let mut lines = panel.lines("inside").unwrap();
                lines.retain(|it| it["conversation"] == conversation && it["channel"] == "calls");
                let told: Vec<Value> = lines
                    .iter()
                    .map(|it| json!([it["what"], it["message"]]))
                    .collect();
                json!(told) == passed
            })
            .unwrap();
    }
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
}
