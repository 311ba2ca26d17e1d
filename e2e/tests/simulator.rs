//! The simulator around a widget on the published SDK, recorded.

use callscope_browser::Browser;
use callscope_demo::Demo;
use callscope_e2e::{Panel, SimulatorPage, Stage, demo, demo_widget, open_panel_of};
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
    // The demo's widget calls by itself.
    simulator.wait_until("it.call?.engagementId").unwrap();
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
    // ENGAGEMENT_CREATED is 15 ms later than the answer before it, and the widget may be faster.
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
