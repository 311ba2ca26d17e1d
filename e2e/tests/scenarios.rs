//! Scenarios run in the panel, with the demo's widget in the extension's own simulator page.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::Browser;
use callscope_demo::Demo;
use callscope_e2e::{Panel, SimulatorPage, Stage, demo, demo_widget, open_panel_of};
use serde_json::{Value, json};

struct Set {
    panel: Panel,
    simulator: SimulatorPage,
    browser: Browser,
    demo: Demo,
}

/// The panel with a scenario chosen and ready to run.
fn set(widget: impl Fn(&str) -> String, scenario: &str) -> Set {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let widget = widget(&demo_widget(&demo));
    let simulator = SimulatorPage::of_extension(&browser, &widget, "").unwrap();
    let panel = open_panel_of(&browser, &simulator.page).unwrap().1;
    panel.wait_for_row("INITIALIZED").unwrap();
    panel
        .perform(&json!({ "do": "show-view", "view": "scenarios" }))
        .unwrap();
    let choose = json!({ "act": "choose", "name": scenario });
    panel
        .perform(&json!({ "do": "scenario", "what": choose }))
        .unwrap();
    Set {
        panel,
        simulator,
        browser,
        demo,
    }
}

impl Set {
    /// Presses Run once that is enabled.
    fn run(&self) {
        let run = self
            .panel
            .node_where("a Run that can be pressed", |it| {
                it.label == "Run" && !it.disabled
            })
            .unwrap();
        self.panel.click_on(&run).unwrap();
    }

    /// Does what the panel asks for by hand: a click in the widget.
    fn by_hand(&self, asked: &str, id: &str) {
        self.panel.wait_for_words(asked).unwrap();
        let widget = self
            .browser
            .frame(&self.simulator.page, &self.demo.widget_url())
            .unwrap();
        let click = format!("document.getElementById({id:?}).click() ?? null");
        widget.evaluate::<Value>(&click).unwrap();
    }
}

#[test]
fn a_scenario_passes_with_what_is_done_by_hand() {
    let set = set(str::to_owned, "outbound-busy");
    set.run();
    // The widget calls by itself, so the panel does not ask for that for long.
    set.by_hand("Your turn: The called party is busy", "line-busy");
    set.panel.wait_for_words("Passed after").unwrap();
    let shown = set.panel.shown().unwrap();
    assert!(shown.last("CALL_ENDED").is_some(), "{:#?}", shown.rows);
}

#[test]
fn a_broken_widget_fails_at_its_step_and_the_timeline_says_so() {
    let broken = |widget: &str| format!("{widget}&twin=outbound-busy");
    let set = set(broken, "outbound-busy");
    set.run();
    set.by_hand("Your turn: The called party is busy", "line-busy");
    set.panel.wait_for_words("Failed after").unwrap();
    let step = set
        .panel
        .node_where("the step that failed", |it| {
            it.label.starts_with("Step ") && it.label.contains(", fail: ")
        })
        .unwrap();
    assert!(
        step.label.contains("Widget: CALL_ENDED") && step.label.contains("BUSY"),
        "{step:?}"
    );
    set.panel.press(&step).unwrap();
    set.panel
        .wait_for_words("outbound-busy failed here: data.callEndStatus is \"FAILED\"")
        .unwrap();
    let shown = set.panel.shown().unwrap();
    let ended = shown.last("CALL_ENDED").unwrap();
    let selected: Option<u64> = (set.panel.target())
        .evaluate("JSON.parse(callscopePanel.snapshot()).selected ?? null")
        .unwrap();
    assert_eq!(selected, ended.seq, "{:#?}", shown.rows);
}
