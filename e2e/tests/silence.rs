//! While nothing is sent, none of Callscope's code runs: neither in the pages nor in the worker.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::time::Duration;

use callscope_browser::{Poll, Target, wait_for};
use callscope_e2e::{
    Call, Pages, Stage, calls_of_extensions, demo, listen_in, make_calls, open_panel,
    said_by_extensions,
};
use serde_json::Value;

/// How long none of Callscope's code may run: longer than anything in it waits for something that
/// does not happen.
const SILENCE: Duration = Duration::from_secs(8);

const MINUTE: Duration = Duration::from_mins(1);

/// The panel's own scripts do not count, because they draw what DevTools shows.
fn is_of_panel(call: &Call) -> bool {
    call.script.starts_with("panel") || call.script == "devtools.js"
}

/// Waits until none of Callscope's code has run in pages and worker for this long. Before that, the
/// last messages are recorded, and a few timers expire.
fn wait_for_silence(page: &Target) {
    wait_for("silence", Duration::from_mins(1), || {
        let mut calls = calls_of_extensions(page, || {
            std::thread::sleep(SILENCE);
            Ok(())
        })?;
        calls.retain(|call| !is_of_panel(call));
        Ok(Poll::at(calls.is_empty(), format!("{calls:?}")))
    })
    .unwrap();
}

/// That nothing but listeners ran. The trace does see what runs, or this would prove nothing.
#[track_caller]
fn check_only_listeners_ran(talk: &[Call]) {
    let heard = |script: &str| talk.iter().filter(|call| call.script == script).count();
    assert!(heard("listener.js") > 0, "{talk:#?}");
    assert_eq!(heard("content-script.js"), 0, "{talk:#?}");
    assert_eq!(heard("worker.js"), 0, "{talk:#?}");
}

#[test]
fn nothing_runs_while_nothing_is_said() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    browser.service_worker().unwrap();

    // Frames that never send anything, beside a page that posts to itself: nothing is woken at all.
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
    check_only_listeners_ran(&talk);
    // From frame to frame, in both directions, within an origin and across.
    let talk = calls_of_extensions(&silent, || {
        let answer = "void addEventListener('message', ({ data }) => {
            if (data?.type !== 'unrelated') return;
            parent.postMessage({ type: 'unrelated answer', of: data.n }, '*');
        })";
        let frame = browser.frame(&silent, &format!("{other}nothing?1"))?;
        frame.evaluate::<()>(answer)?;
        silent.evaluate::<()>(&format!(
            "void Array.from(frames).find(it => {{
                try {{ return it.location.search === '?1'; }} catch {{ return false; }}
            }}).eval({})",
            serde_json::json!(answer)
        ))?;
        silent.evaluate::<()>(
            "(async () => {
                let answers = 0;
                const all = new Promise(done => {
                    addEventListener('message', ({ data }) => {
                        if (data?.type === 'unrelated answer' && ++answers === 40) done();
                    });
                });
                for (let n = 0; n < 20; n += 1) {
                    for (const { contentWindow, src } of document.querySelectorAll('iframe')) {
                        if (src.endsWith('?1')) contentWindow.postMessage({ type: 'unrelated', n }, '*');
                    }
                }
                await all;
                await new Promise(done => setTimeout(done, 300));
            })()",
        )
    })
    .unwrap();
    check_only_listeners_ran(&talk);
    wait_for_silence(&silent);
    assert_eq!(said_by_extensions(&silent), [] as [Value; 0]);

    // Host and widget.
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    for page in [&pages.host, &pages.widget] {
        listen_in(page).unwrap();
    }
    wait_for_silence(&pages.host);

    for page in [&pages.host, &pages.widget] {
        assert_eq!(said_by_extensions(page), [] as [Value; 0]);
    }
}

/// Not only while something may still be waited for: nothing ticks slowly either, not even in the
/// worker. Messages sent afterwards are recorded as before.
#[test]
fn nothing_runs_for_a_minute_while_the_panel_looks_on() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    for page in [&pages.host, &pages.widget] {
        listen_in(page).unwrap();
    }
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let before = panel.wait_for_same(&pages).unwrap();
    wait_for_silence(&pages.host);

    let mut calls = calls_of_extensions(&pages.host, || {
        std::thread::sleep(MINUTE);
        Ok(())
    })
    .unwrap();
    calls.retain(|call| !is_of_panel(call));
    assert_eq!(calls, []);
    assert_eq!(panel.recorded().unwrap(), before);
    for page in [&pages.host, &pages.widget] {
        assert_eq!(said_by_extensions(page), [] as [Value; 0]);
    }

    make_calls(&pages).unwrap();
    panel.wait_for_same(&pages).unwrap();
}
