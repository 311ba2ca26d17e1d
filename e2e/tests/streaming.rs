//! A thousand messages a second, for pages that are busy with them: what they receive reaches the
//! panel while they arrive, not only afterwards.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::time::Duration;

use callscope_browser::{Poll, Target, wait_for};
use callscope_e2e::{Panel, Stage, demo, only_traffic};
use serde_json::{Value, json};

/// How long a busy machine may take for everything.
const LIMIT: Duration = Duration::from_mins(3);

const A_SECOND: u64 = 1_000;
const SECONDS: u64 = 8;
const COUNT: u64 = SECONDS * A_SECOND;
/// How long a page works on each message, in milliseconds.
const WORK: f64 = 1.5;

/// The panel counts as having more after this many messages: those of a tenth of a second.
const MORE: u64 = A_SECOND / 10;
/// How often it must have more while the stream lasts, of 80 times at best. A busy machine is far
/// behind at the end, but keeps going.
const TIMES: usize = 12;

/// Makes a page send this many messages a second, as many as are due each time it gets to it.
fn begin(page: &Target, send: &str) {
    page.evaluate::<()>(&format!(
        "(() => {{
            let posted = 0;
            const began = performance.now();
            const go = () => {{
                const due = Math.floor((performance.now() - began) * {A_SECOND} / 1000);
                for (; posted < Math.min(due, {COUNT}); posted += 1) {{
                    const flood = posted;
                    {send};
                }}
                if (posted < {COUNT}) setTimeout(go, 5);
            }};
            setTimeout(go);
        }})()"
    ))
    .unwrap();
}

/// Makes a page work on each message of a stream until after the next is due, so that its queue is
/// never empty. Until then it answers nobody, not even DevTools.
fn be_busy(page: &Target) {
    page.evaluate::<()>(&format!(
        "(() => {{
            addEventListener('message', ({{ data }}) => {{
                if (data?.data?.flood === undefined) return;
                const began = performance.now();
                while (performance.now() - began < {WORK});
            }});
        }})()"
    ))
    .unwrap();
}

/// How many messages the panel has in its session, and when, in milliseconds since the epoch.
fn there(panel: &Panel) -> (u64, f64) {
    let script = "[JSON.parse(callscopePanel.progress()).status.messages,
        performance.timeOrigin + performance.now()]";
    panel.target().evaluate(script).unwrap()
}

/// How many messages of a stream the panel had, and when, each time it was asked before it had all
/// of them.
fn watch(panel: &Panel, before: u64) -> Vec<(u64, f64)> {
    let mut moments = Vec::new();
    wait_for("the stream to be in the panel", LIMIT, || {
        let (now, at) = there(panel);
        let now = now - before;
        moments.push((now, at));
        Ok(Poll::at(now >= COUNT, now.to_string()))
    })
    .unwrap();
    moments
}

#[test]
fn messages_reach_the_panel_while_the_stream_lasts() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    panel.wait_for_same(pages).unwrap();
    // Messages to the host are heard in the recorder's own document; those to the widget go through
    // the worker.
    let from_widget = "demo.phone.sdk.sendMessage({ type: 'USER_AVAILABLE', data: { flood } })";
    let from_host =
        "demo.send('VISIBILITY_CHANGED', { isMinimized: false, isHidden: false, flood })";
    for (sender, send, receiver) in [
        (&pages.widget, from_widget, &pages.host),
        (&pages.host, from_host, &pages.widget),
    ] {
        let (before, _) = there(panel);
        be_busy(receiver);
        begin(sender, send);
        let mut moments = watch(panel, before);
        // The page does not answer in the meantime, but it has recorded when it received each.
        let last = only_traffic(receiver).unwrap().pop().unwrap();
        assert_eq!(last.message["data"]["flood"], COUNT - 1);
        moments.retain(|(_, at)| *at < last.at);
        let mut reached = 0;
        let more = moments.iter().filter(|(now, _)| {
            let is_more = *now >= reached + MORE;
            reached = if is_more { *now } else { reached };
            is_more
        });
        assert!(more.count() >= TIMES, "of {COUNT}: {moments:?}");

        // In the end, everything is there, message by message and in order.
        panel.wait_for_session(pages, LIMIT).unwrap();
    }
    assert_eq!(panel.shown().unwrap().status["lost"], json!(0));
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
}
