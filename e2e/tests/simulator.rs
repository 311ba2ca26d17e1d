//! The simulator around a widget on the published SDK, recorded.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::Browser;
use callscope_demo::{Demo, PlainSite, Response};
use callscope_e2e::{
    Panel, SimulatorPage, Stage, demo, demo_widget, demo_widget_on_own_sdk, open_panel_of,
};
use serde_json::{Value, json};

struct Set {
    simulator: SimulatorPage,
    browser: Browser,
    demo: Demo,
}

fn set(in_extension: bool, parameters: &str) -> Set {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let widget = demo_widget(&demo);
    let simulator = if in_extension {
        SimulatorPage::of_extension(&browser, &widget, parameters)
    } else {
        SimulatorPage::served(&browser, &widget, parameters)
    };
    Set {
        simulator: simulator.unwrap(),
        browser,
        demo,
    }
}

impl Set {
    fn widget(&self) -> callscope_browser::Target {
        self.browser
            .frame(&self.simulator.page, &self.demo.widget_url())
            .unwrap()
    }

    fn panel(&self) -> Panel {
        open_panel_of(&self.browser, &self.simulator.page)
            .unwrap()
            .1
    }
}

/// Dials, talks, hangs up and saves.
fn make_a_call(set: &Set) {
    let Set { simulator, .. } = set;
    simulator
        .wait_until("it.link === 'open' && it.loggedIn")
        .unwrap();
    simulator
        .act(&json!({ "act": "dial", "number": "+447700900456" }))
        .unwrap();
    // The demo's widget starts the call by itself.
    simulator
        .wait_until("it.call?.engagementId && log.endsWith('ENGAGEMENT_CREATED')")
        .unwrap();
    let widget = set.widget();
    widget
        .evaluate::<Value>("demo.phone.answer() ?? null")
        .unwrap();
    simulator
        .wait_until("it.call.stage === 'answered'")
        .unwrap();
    simulator.act(&json!({ "act": "endCall" })).unwrap();
    simulator.wait_until("it.call?.stage === 'ended'").unwrap();
    widget
        .evaluate::<Value>("demo.phone.save('They will call back', true) ?? null")
        .unwrap();
    simulator
        .wait_until("it.activity[0]?.status === 'Saved'")
        .unwrap();
}

const CALL: &[&str] = &[
    "host SYNC",
    "widget SYNC_ACK",
    "widget INITIALIZED",
    "host DIAL_NUMBER",
    "widget OUTGOING_CALL_STARTED",
    "host INITIATE_CALL_ID_SUCCEEDED",
    "host CREATE_ENGAGEMENT_SUCCEEDED",
    "host ENGAGEMENT_CREATED",
    "widget CALL_ANSWERED",
    "host END_CALL",
    "widget CALL_ENDED",
    "widget CALL_COMPLETED",
    "host VISIBILITY_CHANGED",
    "host UPDATE_ENGAGEMENT_SUCCEEDED",
];

fn a_call_is_recorded(in_extension: bool) {
    let set = set(in_extension, "");
    make_a_call(&set);
    assert_eq!(set.simulator.ask("view().window").unwrap(), "closed");
    let said: Vec<String> = set.simulator.said(0).unwrap();
    assert_eq!(said, CALL);

    let panel = set.panel();
    panel.wait_for_row("UPDATE_ENGAGEMENT_SUCCEEDED").unwrap();
    let shown = panel.shown().unwrap();
    assert_eq!(shown.connection, "attached");
    assert!(
        shown.findings.iter().all(|it| it.severity == "note"),
        "{:#?}",
        shown.findings
    );
    assert!(
        shown.rows.iter().all(|row| row.kind != "gap"),
        "{:#?}",
        shown.rows
    );
}

#[test]
fn a_call_in_the_served_page_is_recorded() {
    a_call_is_recorded(false);
}

#[test]
fn a_call_in_the_extensions_page_is_recorded() {
    a_call_is_recorded(true);
}

#[test]
fn the_widget_on_callscopes_sdk_makes_the_same_call() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let widget = demo_widget_on_own_sdk(&demo, None);
    let simulator = SimulatorPage::served(&browser, &widget, "").unwrap();
    let set = Set {
        simulator,
        browser,
        demo,
    };
    make_a_call(&set);
    assert_eq!(set.simulator.said(0).unwrap(), CALL);
}

/// Any extension may frame a widget, so none is its host unless the widget says so.
#[test]
fn callscopes_sdk_takes_an_extensions_page_only_if_it_is_allowed() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let origin = format!("chrome-extension://{}", browser.extension_id().unwrap());
    for allowed in [None, Some(origin.as_str())] {
        let widget = demo_widget_on_own_sdk(&demo, allowed);
        let simulator = SimulatorPage::of_extension(&browser, &widget, "").unwrap();
        if allowed.is_some() {
            simulator.wait_until("it.link === 'open'").unwrap();
            continue;
        }
        simulator
            .wait_until("log.split('SYNC').length > 10")
            .unwrap();
        let said = simulator.said(0).unwrap();
        assert!(said.iter().all(|it| it == "host SYNC"), "{said:?}");
        // Another page in the same browser.
        simulator.page.navigate("about:blank").unwrap();
    }
}

/// Presses the button that opens the calling window.
fn open_window(simulator: &SimulatorPage) {
    let open = "[...document.querySelectorAll('#trouble button')]
        .find(it => it.textContent === 'Open the calling window')";
    let page = &simulator.page;
    page.wait_until::<bool>("the button", &format!("Boolean({open})"))
        .unwrap();
    page.evaluate_as_user::<Value>(None, &format!("{open}.click() ?? null"))
        .unwrap();
}

/// In both places at once: each frame has its handshake, both learn of a call, and the page says so
/// if the user closes the window.
#[test]
fn the_widget_is_in_the_bar_and_in_a_window_at_the_same_time() {
    let set = set(false, "place=both");
    let Set {
        browser, simulator, ..
    } = &set;
    open_window(simulator);
    let entries = |of: &str| {
        let script = format!("log().filter(it => it.type === '{of}').map(it => it.message)");
        let found = simulator.ask(&script).unwrap();
        found.as_array().unwrap().clone()
    };
    let initialized = "callscopeSimulator.log().filter(it => it.type === 'INITIALIZED').length";
    let wait = |count: usize| {
        let script = format!("{initialized} === {count}");
        (simulator.page)
            .wait_until::<bool>("INITIALIZED of each frame", &script)
            .unwrap();
    };
    wait(2);
    let places = entries("SYNC");
    for place in ["remote", "window"] {
        let mut places = places.iter();
        assert!(places.any(|it| it["iframeLocation"] == place), "{place}");
    }
    simulator.act(&json!({ "act": "dial" })).unwrap();
    simulator
        .wait_until("it.call?.stage === 'ringing'")
        .unwrap();
    assert_eq!(entries("DIAL_NUMBER").len(), 2);

    let window = browser
        .wait_for_target("the calling window", |it| {
            it.kind == "page" && it.url.ends_with("/frame.html")
        })
        .unwrap();
    let params = json!({ "targetId": window.info().id });
    browser.call("Target.closeTarget", &params).unwrap();
    simulator
        .wait_until("it.alert?.text.startsWith('Your calling window is closed')")
        .unwrap();
    assert_eq!(simulator.ask("view().link").unwrap(), "open");
    open_window(simulator);
    wait(3);
}

/// A frame in the navigation bar is nested: the widget's parent is one of HubSpot's frames. A
/// calling window is a separate page.
#[test]
fn the_widget_works_in_every_place() {
    let set = set(false, "place=remote");
    let Set { simulator, .. } = &set;
    let sync = "log().find(it => it.type === 'SYNC').message";
    for (place, uses_window) in [("remote", true), ("window", true), ("widget", false)] {
        if simulator.ask("view().place").unwrap() != place {
            let step = json!({ "act": "setPlace", "place": place });
            simulator.act_and_leave(&step).unwrap();
        }
        if place == "window" {
            // A browser only opens windows after a click.
            simulator.wait_until("it.place === 'window'").unwrap();
            open_window(simulator);
        }
        simulator
            .wait_until(&format!("it.place === '{place}' && it.link === 'open'"))
            .unwrap();
        let last = sync.replace("find(", "findLast(");
        let message = simulator.ask(&last).unwrap();
        assert_eq!(message["iframeLocation"], place);
        assert_eq!(message["usesCallingWindow"], uses_window);
        simulator.act(&json!({ "act": "dial" })).unwrap();
        simulator.wait_until("it.call?.engagementId").unwrap();
        simulator.act(&json!({ "act": "endCall" })).unwrap();
        simulator.wait_until("it.call?.stage === 'ended'").unwrap();
    }
}

/// The user closes the calling window: the simulator says so, and so does the panel. The widget in the
/// window that is opened next is another conversation.
#[test]
fn a_closed_calling_window_is_reported() {
    let set = set(true, "place=window");
    let Set { simulator, .. } = &set;
    let panel = set.panel();
    for conversation in 1..=2 {
        // An extension's page may open the first one itself.
        if conversation > 1 {
            open_window(simulator);
        }
        simulator
            .wait_until("it.link === 'open' && it.loggedIn")
            .unwrap();
        panel
            .wait_until("its conversation", |shown| {
                shown.conversations.len() == conversation
                    && shown.conversations[conversation - 1].states[0] == "Ready"
            })
            .unwrap();
        let window = (set.browser)
            .wait_for_target("the calling window", |it| {
                it.kind == "page" && it.url.ends_with("/frame.html")
            })
            .unwrap();
        let params = json!({ "targetId": window.info().id });
        set.browser.call("Target.closeTarget", &params).unwrap();
        simulator
            .wait_until("it.link === 'windowClosed' && it.loggedIn === null")
            .unwrap();
        panel
            .wait_until("the window to be closed", |shown| {
                shown.conversations[conversation - 1].states == ["Calling window closed"]
            })
            .unwrap();
    }
}

#[test]
fn the_callers_record_opens_with_the_call() {
    let set = set(false, "");
    let Set { simulator, .. } = &set;
    simulator.wait_until("it.link === 'open'").unwrap();
    let widget = set.widget();
    widget
        .evaluate::<Value>("demo.phone.ring('+447700900777') ?? null")
        .unwrap();
    simulator
        .wait_until("it.call?.engagementId && it.call.name === 'Jonas Okoye'")
        .unwrap();
    let engagement = simulator.ask("view().call.engagementId").unwrap();
    widget
        .evaluate::<Value>("demo.phone.openRecord() ?? null")
        .unwrap();
    simulator
        .wait_until("it.record.name === 'Jonas Okoye' && it.link === 'open'")
        .unwrap();
    let ready = simulator
        .ask("log().findLast(it => it.type === 'INITIALIZED').message")
        .unwrap();
    assert_eq!(ready["data"]["engagementId"], engagement);
    assert_eq!(simulator.ask("view().call.inbound").unwrap(), true);
    let widget = set.widget();
    widget
        .evaluate::<Value>("demo.phone.answer() ?? null")
        .unwrap();
    simulator
        .wait_until("it.call.stage === 'answered'")
        .unwrap();
}

#[test]
fn switches_that_match_nothing_are_refused() {
    let set = set(false, "profile=0.2&switch=dial-number.duplicate");
    let Set { simulator, .. } = &set;
    simulator.wait_until("it.link === 'open'").unwrap();
    assert_eq!(
        simulator.ask("unmet()").unwrap(),
        json!(["dial-number.duplicate"])
    );
    let refusal = |call: &str| -> String {
        let script = format!(
            "(() => {{ try {{ callscopeSimulator.{call}; return ''; }} catch (error) {{ return error.message; }} }})()"
        );
        simulator.page.evaluate(&script).unwrap()
    };
    assert!(refusal("set({ 'dial-number.twice': true })").contains("no switch"));
    assert!(refusal("preset('caller-unknown')").contains("profile 0.2"));
    assert!(refusal("act({ act: 'ring' })").contains("ring"));
    simulator.act(&json!({ "act": "dial" })).unwrap();
    simulator
        .wait_until("it.call?.stage === 'ringing'")
        .unwrap();
    assert_eq!(simulator.ask("unmet()").unwrap(), json!([]));
    let dials = "log().filter(it => it.type === 'DIAL_NUMBER').length";
    assert_eq!(simulator.ask(dials).unwrap(), 2);
}

/// A page of the extension may fetch the widget's address, and says what the browser does not.
#[test]
fn a_widget_that_may_not_be_framed_is_said_to_be_so() {
    let widget = PlainSite::serve(|_| Response {
        status: "200 OK",
        content_type: "text/html",
        policy: Some("frame-ancestors https://*.hubspot.com"),
        body: b"<p>A widget</p>".to_vec(),
    })
    .unwrap();
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let url = format!("http://127.0.0.1:{}/", widget.port());
    let simulator = SimulatorPage::of_extension(&browser, &url, "").unwrap();
    simulator
        .page
        .wait_until::<bool>(
            "the reason and what to change",
            "['frame-ancestors https://*.hubspot.com', '--as app.hubspot.com']
                .every(words => document.getElementById('trouble').innerText.includes(words))",
        )
        .unwrap();
}
