//! Pages that Chromium puts into its back/forward cache and restores.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Poll, wait_for};
use callscope_e2e::{
    LIMIT, Recorded, Stage, demo, difference, keep_talking, make_calls, only_traffic,
};
use serde_json::{Value, json};

fn messages(recorded: &[Recorded]) -> Vec<&Value> {
    recorded.iter().map(|it| &it.message).collect()
}

/// The session, once it has exactly what the pages received. What the widget posted before it was
/// frozen itself, but after the host was, is in neither: Chromium drops it.
fn wait_for_received(stage: &Stage) -> Vec<Recorded> {
    wait_for("what the pages received", LIMIT, || {
        let mut logged = only_traffic(&stage.pages.widget)?;
        for entry in &mut logged {
            // Of what the host posted when it left, Chromium may only tell the origin.
            "parent".clone_into(&mut entry.from);
        }
        logged.extend(only_traffic(&stage.pages.host)?);
        logged.retain(|it| it.dir == "received");
        logged.sort_by(|one, other| one.at.total_cmp(&other.at));
        let recorded = stage.panel.recorded()?;
        Ok(match difference(&recorded, &logged, &[]) {
            None => Poll::Done(recorded),
            Some(difference) => Poll::NotYet(difference),
        })
    })
    .unwrap()
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
    host.evaluate::<()>(
        "(() => {
            globalThis.late = 0;
            let leaves = false;
            addEventListener('pagehide', () => {
                leaves = true;
                demo.send('VISIBILITY_CHANGED', { isMinimized: true, isHidden: false });
            });
            addEventListener('pageshow', () => { leaves = false; });
            onDemoLog(it => { if (leaves && it.dir === 'received') late += 1; });
        })()",
    )
    .unwrap();
    for elsewhere in [stage.demo.host_url(), stage.demo.widget_url()] {
        make_calls(&stage.pages).unwrap();
        let before = wait_for_received(&stage);
        let url = Value::from(format!("{elsewhere}nothing"));
        // What is sent right before is recorded, too, and what the page hears until it is frozen.
        keep_talking(&stage.pages.widget).unwrap();
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
        let after = wait_for_received(&stage);
        assert_eq!(messages(&after)[..before.len()], messages(&before));
        let shown = panel.shown().unwrap();
        assert_eq!(shown.conversations.len(), 1, "{:#?}", shown.conversations);
        assert_eq!(shown.conversations[0].states[0], "Ready");
        assert_eq!(shown.status["lost"], json!(0));
        assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
        assert_eq!(panel.lines("closed").unwrap(), [] as [Value; 0]);
    }
    assert!(host.evaluate::<u32>("late").unwrap() > 0);
}
