//! Pictures of what is beside the panel: the simulator, a scenario in it, the extension's pages.

use std::path::PathBuf;

use anyhow::Result;
use callscope_browser::Browser;
use callscope_demo::Demo;
use callscope_e2e::{Room, SimulatorPage, demo_widget, open_panel_of};
use serde_json::{Value, json};

/// The simulator with the demo's widget, during a call; then with one of its known troubles, in
/// which HubSpot does not create the engagement.
pub(super) fn take_simulator(
    browser: &Browser,
    demo: &Demo,
    picture: &dyn Fn(&str) -> PathBuf,
) -> Result<()> {
    let simulator = SimulatorPage::served(browser, &demo_widget(demo), "")?;
    for (width, height, name) in [(1280, 860, "simulator"), (760, 860, "simulator-narrow")] {
        simulator.page.resize(width, height, 1.0)?;
        simulator.wait_until("it.link === 'open' && it.loggedIn")?;
        let is_called = simulator.ask("view().call")? != Value::Null;
        if !is_called {
            simulator.act(&json!({ "act": "dial" }))?;
        }
        simulator.wait_until("it.call?.engagementId")?;
        simulator.page.screenshot(&picture(name))?;
    }
    let simulator = SimulatorPage::served(browser, &demo_widget(demo), "")?;
    simulator.page.resize(1280, 860, 1.0)?;
    simulator.wait_until("it.link === 'open' && it.loggedIn")?;
    simulator.page.evaluate::<Value>(
        "(() => {
            const select = document.querySelector('#preset');
            select.value = 'engagement-fails';
            select.dispatchEvent(new Event('change'));
            return null;
        })()",
    )?;
    simulator.act(&json!({ "act": "dial" }))?;
    simulator.page.wait_until::<bool>(
        "the engagement to fail",
        "callscopeSimulator.log().some(({ type }) => type === 'CREATE_ENGAGEMENT_FAILED')",
    )?;
    simulator.page.screenshot(&picture("simulator-trouble"))?;
    Ok(())
}

/// A scenario that is played with a widget which tells the wrong end status: what is asked for by
/// hand, and the step that fails.
pub(super) fn take_scenario(
    browser: &Browser,
    demo: &Demo,
    picture: &dyn Fn(&str) -> PathBuf,
) -> Result<()> {
    let widget = format!("{}&twin=outbound-busy", demo_widget(demo));
    let simulator = SimulatorPage::of_extension(browser, &widget, "")?;
    let (devtools, panel) = open_panel_of(browser, &simulator.page)?;
    panel.wait_for_row("INITIALIZED")?;
    panel.perform(&json!({ "do": "show-view", "view": "scenarios" }))?;
    let choose = json!({ "act": "choose", "name": "outbound-busy" });
    panel.perform(&json!({ "do": "scenario", "what": choose }))?;
    let room = Room::new(&devtools, &panel);
    room.give(800, 480, 1.0)?;
    let run = panel.node_where("a Run that can be pressed", |it| {
        it.label == "Run" && !it.disabled
    })?;
    panel.click_on(&run)?;
    panel.wait_for_words("Your turn: The called party is busy")?;
    room.picture(&picture("scenario-by-hand"))?;
    let frame = browser.frame(&simulator.page, &demo.widget_url())?;
    frame.evaluate::<Value>("document.getElementById('line-busy').click() ?? null")?;
    panel.wait_for_words("Failed after")?;
    room.picture(&picture("scenario-failed"))?;
    room.give(300, 640, 1.0)?;
    room.picture(&picture("scenario-failed-narrow"))?;
    Ok(())
}

/// The page after installation, and what the toolbar's button opens.
pub(super) fn take_pages(browser: &Browser, picture: &dyn Fn(&str) -> PathBuf) -> Result<()> {
    let id = browser.extension_id()?;
    for (name, width, height) in [("welcome", 900, 900), ("popup", 320, 300)] {
        let page = browser.open(&format!("chrome-extension://{id}/{name}.html"))?;
        page.resize(width, height, 1.0)?;
        page.screenshot(&picture(name))?;
    }
    Ok(())
}
