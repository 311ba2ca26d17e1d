//! More messages at once than anyone can read, and more than can wait to be handed on: all are
//! recorded.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::time::Duration;

use callscope_browser::{Poll, Target, wait_for};
use callscope_bus::bounds::{HISTORY_CHOICES, KEPT_EVENTS, WAITING_MESSAGES};
use callscope_e2e::{Panel, Recorded, Stage, demo};
use serde_json::json;

/// How long a busy machine may take for everything.
const LIMIT: Duration = Duration::from_mins(3);

/// How many messages a page is sent at once: more than can wait to be forwarded.
const BURST: usize = WAITING_MESSAGES * 3 / 2;
/// How many round trips host and widget make at once.
const ROUND_TRIPS: usize = 500;

/// The numbers of the flood's messages that a page has received, in the page's own order.
fn heard(page: &Target) -> Vec<u64> {
    page.evaluate("demoLog.filter(it => it.dir === 'received' && it.message?.data?.flood !== undefined).map(it => it.message.data.flood)")
        .unwrap()
}

/// The numbers of one side's messages, as recorded.
fn numbers(recorded: &[Recorded], from: &str) -> Vec<u64> {
    let of_side = recorded.iter().filter(|it| it.from == from);
    of_side
        .filter_map(|it| it.message["data"]["flood"].as_u64())
        .collect()
}

fn wait_for_heard(page: &Target, count: usize) {
    let script = "demoLog.filter(it => it.dir === 'received' && it.message?.data?.flood !== undefined).length";
    wait_for(&format!("{count} messages"), LIMIT, || {
        let now: usize = page.evaluate(script)?;
        Ok(Poll::at(now >= count, now.to_string()))
    })
    .unwrap();
}

/// Waits until the panel has everything that the host received, and for the widget knows each
/// message or how many are missing, which a gap reports as well. Returns the recorded messages and
/// how many are missing.
fn wait_for_all(panel: &Panel, count: usize) -> (Vec<Recorded>, u64) {
    // The session takes the panel seconds to write out, so its numbers come first.
    wait_for("as many messages as were posted", LIMIT, || {
        let script = "(({ messages, lost }) => messages + lost)(JSON.parse(callscopePanel.progress()).status)";
        let now: usize = panel.target().evaluate(script)?;
        Ok(Poll::at(now >= 2 * count, now.to_string()))
    })
    .unwrap();
    let (recorded, lost) = wait_for("all of it, or how much is missing", LIMIT, || {
        let recorded = panel.recorded()?;
        let lost = panel.shown()?.status["lost"].as_u64().unwrap_or_default();
        let of = |from: &str| numbers(&recorded, from).len();
        let seen = (of("widget"), of("host"), lost);
        let is_all = seen.0 == count && (seen.1 as u64) + lost == count as u64;
        Ok(if is_all {
            Poll::Done((recorded, lost))
        } else {
            Poll::NotYet(format!("{seen:?}"))
        })
    })
    .unwrap();
    let gaps = panel.lines("gap").unwrap();
    let missing: u64 = gaps.iter().filter_map(|it| it["lost"].as_u64()).sum();
    assert_eq!(missing, lost, "{gaps:#?}");
    (recorded, lost)
}

/// Gives the history enough room for everything.
fn set_limit(stage: &Stage) {
    let bytes = HISTORY_CHOICES[2];
    let limit = json!({ "do": "set-history-limit", "bytes": bytes });
    stage.panel.perform(&limit).unwrap();
}

/// The host is in the recorder's own document, with nothing in between; what the widget receives
/// goes through the worker, and waits in the frame in the meantime.
#[test]
fn a_burst_is_kept_whole() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    set_limit(&stage);
    panel.wait_for_same(pages).unwrap();
    // The SDK logs each message. To list that many takes DevTools longer than all else together.
    for page in [&pages.host, &pages.widget] {
        page.evaluate::<()>("void (console.debug = () => {})")
            .unwrap();
    }
    pages
        .widget
        .evaluate::<()>(&format!(
            "for (let n = 0; n < {BURST}; n += 1) {{
                parent.postMessage({{ type: 'USER_AVAILABLE', messageId: `9_${{n}}`, data: {{ flood: n }} }}, '*');
            }}"
        ))
        .unwrap();
    pages
        .host
        .evaluate::<()>(&format!(
            "for (let n = 0; n < {BURST}; n += 1) {{
                frames[0].postMessage({{ type: 'VISIBILITY_CHANGED', messageId: `8_${{n}}`,
                    data: {{ isMinimized: false, isHidden: false, flood: n }} }}, '*');
            }}"
        ))
        .unwrap();
    wait_for_heard(&pages.host, BURST);
    wait_for_heard(&pages.widget, BURST);
    let (recorded, lost) = wait_for_all(panel, BURST);
    // Each one once, and in the pages' own order.
    assert_eq!(lost, 0);
    assert_eq!(numbers(&recorded, "widget"), heard(&pages.host));
    assert_eq!(numbers(&recorded, "host"), heard(&pages.widget));
}

/// Whatever the clocks of two processes say, an answer posted immediately comes after what it
/// answers.
#[test]
fn no_answer_stands_before_its_request() {
    let parameters = "login=auto&autodial=off&leave-out=FINALIZE_ENGAGEMENT";
    let stage = Stage::open(demo().unwrap(), parameters).unwrap();
    let Stage { pages, .. } = &stage;
    pages
        .host
        .evaluate::<()>(
            "addEventListener('message', ({ data }) => {
                if (data?.type !== 'FINALIZE_ENGAGEMENT') return;
                const { flood, engagementId } = data.data;
                demo.manager.sendMessage({
                    type: 'FINALIZE_ENGAGEMENT_SUCCEEDED', data: { engagementId, flood } });
            }, true)",
        )
        .unwrap();
    pages
        .widget
        .evaluate::<()>(&format!(
            "(() => {{
                const ask = flood => demo.phone.sdk.sendMessage({{
                    type: 'FINALIZE_ENGAGEMENT', data: {{ engagementId: 1, flood }} }});
                addEventListener('message', ({{ data }}) => {{
                    if (data?.type !== 'FINALIZE_ENGAGEMENT_SUCCEEDED') return;
                    const next = data.data.flood + 1;
                    if (next < {ROUND_TRIPS}) ask(next);
                }}, true);
                ask(0);
            }})()"
        ))
        .unwrap();
    wait_for_heard(&pages.widget, ROUND_TRIPS);
    let recorded = stage.panel.wait_for_session(pages, LIMIT).unwrap();
    let order: Vec<(u64, &str)> = recorded
        .iter()
        .filter_map(|it| Some((it.message["data"]["flood"].as_u64()?, it.from.as_str())))
        .collect();
    let expected = (0..ROUND_TRIPS as u64).flat_map(|n| [(n, "widget"), (n, "host")]);
    assert!(order.iter().copied().eq(expected), "{order:?}");
}

/// How many messages of a megabyte are sent at once, and the text in each.
const LARGE: usize = 50;
const TEXT: usize = 1 << 20;

#[test]
fn large_messages_are_cut_and_none_is_missing() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    set_limit(&stage);
    for (page, target, ty) in [
        (&pages.widget, "parent", "USER_AVAILABLE"),
        (&pages.host, "frames[0]", "VISIBILITY_CHANGED"),
    ] {
        page.evaluate::<()>(&format!(
            "for (let n = 0; n < {LARGE}; n += 1) {{
                const data = {{ flood: n, text: 'x'.repeat({TEXT}) }};
                {target}.postMessage({{ type: '{ty}', messageId: `7_${{n}}`, data }}, '*');
            }}"
        ))
        .unwrap();
    }
    for page in [&pages.host, &pages.widget] {
        wait_for_heard(page, LARGE);
    }
    let (recorded, lost) = wait_for_all(panel, LARGE);
    for (from, page) in [("widget", &pages.host), ("host", &pages.widget)] {
        let sizes: Vec<u64> = page
            .evaluate(
                "demoLog.filter(it => it.dir === 'received' && it.message?.data?.flood !== undefined)
                    .map(it => JSON.stringify(it.message).length)",
            )
            .unwrap();
        let told = recorded
            .iter()
            .filter(|it| it.from == from && it.message["data"]["flood"].is_u64());
        for it in told {
            let number = it.message["data"]["flood"].as_u64().unwrap();
            let size = sizes[usize::try_from(number).unwrap()];
            assert_eq!(it.truncated, Some(size));
        }
    }
    // What has no room in the widget's frame waits there until it has.
    assert_eq!(lost, 0);
}

/// More than a frame's listener can keep until the rest of the script reads it, all of which arrive
/// before anything can be read.
const ENDLESS: usize = KEPT_EVENTS * 5 / 4;

/// The frame has neither the SDK nor the demo's log, whose work on each message would give Callscope
/// the time to read them.
#[test]
fn what_a_frame_cannot_keep_is_counted() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    let before = panel.wait_for_same(pages).unwrap().len();
    pages
        .host
        .evaluate::<()>(&format!(
            "(() => {{
                const frame = document.createElement('iframe');
                document.body.append(frame);
                const inside = frame.contentWindow;
                globalThis.heard = 0;
                inside.addEventListener('message', () => {{ heard += 1; }});
                const speaker = inside.document.createElement('iframe');
                inside.document.body.append(speaker);
                speaker.contentWindow.eval(`
                    for (let n = 0; n < {ENDLESS}; n += 1)
                        parent.postMessage({{ type: 'LOGGED_IN', messageId: '6_' + n }}, '*');
                `);
            }})()"
        ))
        .unwrap();
    wait_for("the frame to hear everything", LIMIT, || {
        let heard: usize = pages.host.evaluate("heard")?;
        Ok(Poll::at(heard == ENDLESS, heard.to_string()))
    })
    .unwrap();
    let script = "(({ messages, evicted, lost }) => [messages, evicted, lost])(
        JSON.parse(callscopePanel.progress()).status)";
    let lost = wait_for("each message, or that it is missing", LIMIT, || {
        let [messages, evicted, lost]: [usize; 3] = panel.target().evaluate(script)?;
        let is_all = messages + evicted + lost == before + ENDLESS;
        Ok(if is_all {
            Poll::Done(lost)
        } else {
            Poll::NotYet(format!(
                "{messages} messages, {evicted} evicted, {lost} lost"
            ))
        })
    })
    .unwrap();
    assert!(lost > 0, "the frame kept all of them");
}
