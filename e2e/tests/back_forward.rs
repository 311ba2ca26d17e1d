//! Pages that Chromium puts into its back/forward cache and restores.

use callscope_e2e::{Recorded, Stage, demo, make_calls};
use serde_json::{Value, json};

fn messages(recorded: &[Recorded]) -> Vec<&Value> {
    recorded.iter().map(|it| &it.message).collect()
}

#[test]
fn a_page_that_comes_back_goes_on_in_its_session() {
    let mut stage = Stage::open(
        demo().unwrap(),
        "login=auto&autodial=off&cache=back-forward",
    )
    .unwrap();
    let panel = stage.panel.clone();
    let host = stage.pages.host.clone();
    panel.wait_for_same(&stage.pages).unwrap();
    for elsewhere in [stage.demo.host_url(), stage.demo.widget_url()] {
        make_calls(&stage.pages).unwrap();
        let before = panel.wait_for_same(&stage.pages).unwrap();
        let url = Value::from(format!("{elsewhere}nothing"));
        // What is sent right before is recorded, too.
        stage
            .pages
            .widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
        host.evaluate::<()>(&format!(
            "void (globalThis.isTheSame = true, location.href = {url})"
        ))
        .unwrap();
        let is_elsewhere = "location.pathname === '/nothing' && document.readyState === 'complete'";
        host.wait_until::<bool>("another page", is_elsewhere)
            .unwrap();
        host.evaluate::<()>("void history.back()").unwrap();
        host.wait_until::<bool>("the page itself", "globalThis.isTheSame === true")
            .unwrap();
        stage.meet().unwrap();
        make_calls(&stage.pages).unwrap();
        let after = panel.wait_for_same(&stage.pages).unwrap();
        assert_eq!(messages(&after)[..before.len()], messages(&before));
        let shown = panel.shown().unwrap();
        assert_eq!(shown.conversations.len(), 1, "{:#?}", shown.conversations);
        assert_eq!(shown.conversations[0].states[0], "Ready");
        assert_eq!(shown.status["lost"], json!(0));
        assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
        assert_eq!(panel.lines("closed").unwrap(), [] as [Value; 0]);
    }
}
