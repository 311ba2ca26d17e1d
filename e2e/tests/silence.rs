//! While nothing is said, nothing of Callscope runs: not in the pages, not in the worker.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails with it")]

use std::time::Duration;

use callscope_browser::{Look, Target, wait_for};
use callscope_e2e::{
    Pages, Stage, calls_of_extensions, demo, listen_in, open_panel, said_by_extensions,
};
use serde_json::Value;

/// How long nothing is said, in seconds: longer than anything in Callscope waits for something that
/// does not come, the worker's first retries included.
const SILENCE: Duration = Duration::from_secs(10);

/// The calls of Callscope's scripts in pages and worker for so long; the panel's are not among them,
/// it draws what DevTools shows.
fn calls(page: &Target, time: Duration) -> Vec<String> {
    let mut calls = calls_of_extensions(page, || {
        std::thread::sleep(time);
        Ok(())
    })
    .unwrap();
    let of_panel = ["panel", "devtools"];
    calls.retain(|call| {
        !of_panel
            .iter()
            .any(|part| call.contains(&format!("/{part}")))
    });
    calls
}

/// Waits until what was said has been recorded and nothing is left to do.
fn wait_for_quiet(page: &Target) {
    wait_for("quiet", Duration::from_secs(60), || {
        let calls = calls(page, Duration::from_secs(1));
        Ok(Look::at(calls.is_empty(), calls.join(", ")))
    })
    .unwrap();
}

#[test]
fn nothing_runs_while_nothing_is_said() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    browser.service_worker().unwrap();

    // Frames that never speak, beside a page that posts to itself: nothing is woken at all.
    let silent = browser
        .open(&format!("{}nothing", demo.host_url()))
        .unwrap();
    listen_in(&silent).unwrap();
    let other = demo.widget_url();
    let talk = calls_of_extensions(&silent, || {
        silent.evaluate::<()>(&format!(
            "(async () => {{
                for (const origin of [location.origin, '{other}'.slice(0, -1)]) {{
                    for (let n = 0; n < 5; n += 1) {{
                        const frame = document.createElement('iframe');
                        frame.src = `${{origin}}/nothing?${{n}}`;
                        document.body.append(frame);
                        await new Promise(done => {{ frame.onload = done; }});
                    }}
                }}
                for (let n = 0; n < 20; n += 1) postMessage({{ type: 'unrelated', n }}, '*');
                await new Promise(done => setTimeout(done, 300));
            }})()"
        ))
    })
    .unwrap();
    let heard = |part: &str| talk.iter().filter(|call| call.contains(part)).count();
    // The trace sees what runs, or the rest would prove nothing.
    assert!(heard("listener.js") > 0, "{talk:#?}");
    assert_eq!(heard("content-script.js"), 0, "{talk:#?}");
    assert_eq!(heard("worker.js"), 0, "{talk:#?}");
    wait_for_quiet(&silent);
    assert_eq!(calls(&silent, SILENCE / 2), [] as [String; 0]);
    assert_eq!(said_by_extensions(&silent), [] as [Value; 0]);

    // Host and widget, before and while the panel looks on.
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    for page in [&pages.host, &pages.widget] {
        listen_in(page).unwrap();
    }
    wait_for_quiet(&pages.host);
    assert_eq!(calls(&pages.host, SILENCE), [] as [String; 0]);
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let before = panel.wait_for_same(&pages).unwrap();
    wait_for_quiet(&pages.host);
    assert_eq!(calls(&pages.host, SILENCE), [] as [String; 0]);
    assert_eq!(panel.recorded().unwrap(), before);

    for page in [&pages.host, &pages.widget] {
        assert_eq!(said_by_extensions(page), [] as [Value; 0]);
    }
}
