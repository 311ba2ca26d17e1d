//! Frames by the thousand that speak the protocol and leave, and frames that flood the page, beside
//! a widget that stays.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Poll, Target, wait_for};
use callscope_e2e::{
    Entry, LIMIT, Pages, Panel, Recorded, Stage, demo, make_calls, only_traffic, open_panel,
};
use serde_json::{Value, json};

const CROWD: &str = include_str!("many_frames/crowd.js");

/// How many frames of a crowd exist at a time.
const AT_ONCE: u32 = 50;
/// How many frames send one message and leave, before the panel is opened and while it is open.
const BEFORE_PANEL: u32 = 500;
const BESIDE_PANEL: u32 = 60;
/// How many frames at once are reloaded, how often, and how many times over: each time with a
/// document that sends one message.
const RENEWED: [usize; 3] = [30, 5, 10];
/// How many documents of frames that have left may be held: those heard last.
const MOST_HELD: f64 = 150.0;
/// The limit of the history while frames flood the page.
const HISTORY: u64 = 1 << 20;

fn crowd(pages: &Pages, kind: &str, act: &str, leaves: &str, count: u32) {
    let mut left = count;
    while left > 0 {
        let now = left.min(AT_ONCE);
        let comes = format!("crowd.comes('{kind}', '{act}', '{leaves}', {now})");
        pages.host.evaluate::<()>(&comes).unwrap();
        left -= now;
    }
}

/// How many documents the host's process holds, including those of removed frames.
fn documents(host: &Target) -> f64 {
    host.call("Performance.enable", &json!({})).unwrap();
    host.call("HeapProfiler.collectGarbage", &json!({}))
        .unwrap();
    let metrics = host.call("Performance.getMetrics", &json!({})).unwrap();
    let metrics = metrics["metrics"].as_array().unwrap();
    let found = metrics.iter().find(|it| it["name"] == "Documents");
    found.unwrap()["value"].as_f64().unwrap()
}

/// What both pages have received from each other, without the crowd's messages.
fn received(page: &Target) -> Vec<Value> {
    let entries: Vec<Entry> = only_traffic(page).unwrap();
    let received = entries.into_iter().filter(|it| it.dir == "received");
    received.map(|it| it.message).collect()
}

fn ids(page: &Target, list: &str) -> Vec<String> {
    page.evaluate(&format!("crowd.{list}")).unwrap()
}

/// Waits until each message that the pages received is shown, or counted as evicted or lost.
///
/// `synced` is how many SYNCs frames of the crowd received.
fn wait_for_all(panel: &Panel, pages: &Pages, synced: usize) {
    let heard = ids(&pages.host, "heard").len() + received(&pages.host).len();
    let all = heard + received(&pages.widget).len() + synced;
    let left = ids(&pages.host, "left").len();
    panel
        .wait_until(&format!("{all} messages and {left} lost"), |shown| {
            let count = |name: &str| {
                let count = shown.status[name].as_u64().unwrap();
                usize::try_from(count).unwrap()
            };
            count("lost") == left && count("messages") + count("evicted") == all
        })
        .unwrap();
}

fn of_crowd(recorded: &[Recorded]) -> Vec<String> {
    let of_crowd = recorded.iter().filter(|it| it.message["place"] == "crowd");
    of_crowd
        .map(|it| it.message["messageId"].as_str().unwrap().to_owned())
        .collect()
}

/// Waits until the widget's conversation has what the pages have received since, in order.
fn wait_for_since(panel: &Panel, pages: &Pages, since: [usize; 2]) {
    wait_for("what host and widget said", LIMIT, || {
        let recorded = panel.recorded()?;
        let pages = [("widget", &pages.host), ("host", &pages.widget)];
        for ((from, page), since) in pages.into_iter().zip(since) {
            let expected = received(page).split_off(since);
            let of_side = recorded
                .iter()
                .filter(|it| it.conversation == 1 && it.from == from);
            let found: Vec<&Value> = of_side.map(|it| &it.message).collect();
            let is_same = found.len() >= expected.len()
                && found[found.len() - expected.len()..]
                    .iter()
                    .copied()
                    .eq(&expected);
            if !is_same {
                return Ok(Poll::NotYet(format!(
                    "of the {from} {found:#?}, not {expected:#?}"
                )));
            }
        }
        Ok(Poll::Done(()))
    })
    .unwrap();
}

#[test]
fn frames_that_speak_and_leave_are_counted_and_forgotten() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    pages.host.evaluate::<()>(CROWD).unwrap();

    crowd(&pages, "same process", "speak", "before", 100);
    assert_eq!(ids(&pages.host, "left").len(), 100);
    crowd(&pages, "same process", "speak", "after", BEFORE_PANEL);
    crowd(&pages, "another process", "speak", "after", 20);
    crowd(&pages, "another process", "acknowledge", "after", 10);
    crowd(&pages, "same process", "acknowledge", "after", 10);
    let [frames, times, rounds] = RENEWED;
    for _ in 0..rounds {
        let renews = format!("crowd.renews({frames}, {times})");
        pages.host.evaluate::<()>(&renews).unwrap();
    }
    let held = documents(&pages.host);
    assert!(held < MOST_HELD, "{held} documents");

    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    crowd(&pages, "same process", "speak", "after", BESIDE_PANEL);
    wait_for("all of the crowd", LIMIT, || {
        let (found, expected) = (of_crowd(&panel.recorded()?), ids(&pages.host, "heard"));
        Ok(Poll::at(
            found == expected,
            format!("{} of {}", found.len(), expected.len()),
        ))
    })
    .unwrap();
    let spoken = ids(&pages.host, "heard").len() + ids(&pages.host, "left").len();
    assert!(spoken >= 2_000, "{spoken}");
    // Of the SYNCs that frames received, those that their tap started early enough for.
    let recorded = panel.recorded().unwrap();
    let ids_of_syncs = recorded
        .iter()
        .filter_map(|it| it.message["messageId"].as_str())
        .filter(|id| id.starts_with("sync_"));
    let synced = ids_of_syncs.count();
    wait_for_all(&panel, &pages, synced);

    // Now there are more messages than there is room for.
    let limit = json!({ "do": "set-history-limit", "bytes": HISTORY });
    panel.perform(&limit).unwrap();
    crowd(&pages, "same process", "flood", "after", 6);
    crowd(&pages, "another process", "flood", "after", 2);
    wait_for_all(&panel, &pages, synced);
    let status = panel.shown().unwrap().status;
    assert!(status["evicted"].as_u64().unwrap() > 3_000, "{status}");
    assert!(status["bytes"].as_u64().unwrap() <= HISTORY, "{status}");

    // The widget's calls are recorded as before.
    let since = [received(&pages.host).len(), received(&pages.widget).len()];
    make_calls(&pages).unwrap();
    wait_for_since(&panel, &pages, since);
    wait_for_all(&panel, &pages, synced);

    // So are its last messages when its own frame is removed: Chromium no longer says which window
    // they came from.
    let since = [received(&pages.host).len(), received(&pages.widget).len()];
    pages
        .host
        .evaluate::<()>(
            "addEventListener('message', ({ data }) => {
                if (data?.messageId === 'last_0') demo.manager.iFrame.remove();
            })",
        )
        .unwrap();
    pages
        .widget
        .evaluate::<()>(
            "for (let n = 0; n < 5; n += 1) demo.post({ type: 'LOGGED_OUT', messageId: `last_${n}` })",
        )
        .unwrap();
    pages
        .host
        .wait_until::<bool>(
            "the last message",
            "demoLog.some(it => it.message.messageId === 'last_4')",
        )
        .unwrap();
    let last = received(&pages.host).split_off(since[0]);
    assert_eq!(last.len(), 5);
    wait_for("its last messages", LIMIT, || {
        let recorded = panel.recorded()?;
        let of_widget = recorded
            .iter()
            .filter(|it| it.conversation == 1 && it.from == "widget");
        let found: Vec<&Value> = of_widget.map(|it| &it.message).collect();
        Ok(Poll::at(
            found.iter().copied().rev().take(5).eq(last.iter().rev()),
            format!("{found:#?}"),
        ))
    })
    .unwrap();
}
