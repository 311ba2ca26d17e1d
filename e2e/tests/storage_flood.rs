//! Pages that leave as much as they can where Callscope keeps what pages leave.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Browser, Poll, Target, wait_for};
use callscope_bus::PARKED_PREFIX;
use callscope_bus::bounds::{PARKED_BYTES, STORED_UNITS};
use callscope_demo::Demo;
use callscope_e2e::{LIMIT, Pages, Stage, demo, difference, kept_log, talk_and_leave};
use serde_json::{Value, json};

/// How many tabs flood: what they leave has no room together.
const TABS: usize = STORED_UNITS / PARKED_BYTES + 2;
/// How many frames of each flooding page leave in the middle of what they are sent.
const FRAMES: usize = 20;
/// Messages to the host and to each such frame, and the text in each.
const MESSAGES: usize = 30;
const TEXT: usize = 100_000;
/// What Chrome allows `storage.session`.
const QUOTA_BYTES: usize = 10 << 20;

/// Posts more to the host than is kept when its page goes, and lets frames leave with as much.
fn flood(pages: &Pages) {
    let text = format!("text: 'x'.repeat({TEXT})");
    pages
        .widget
        .evaluate::<()>(&format!(
            "for (let n = 0; n < {MESSAGES}; n += 1)
                demo.post({{ type: 'LOGGED_IN', messageId: `9_${{n}}`, {text} }})"
        ))
        .unwrap();
    pages
        .host
        .wait_until::<bool>(
            "the flood",
            &format!(
                "demoLog.some(it => it.message?.messageId === '9_{}')",
                MESSAGES - 1
            ),
        )
        .unwrap();
    pages
        .host
        .evaluate::<()>(&format!(
            "(async () => {{
                for (let frame = 0; frame < {FRAMES}; frame += 1) {{
                    const element = document.createElement('iframe');
                    document.body.append(element);
                    const inside = element.contentWindow;
                    for (let n = 0; n < {MESSAGES}; n += 1)
                        inside.postMessage({{ type: 'SYNC', messageId: `8_${{n}}`, {text} }}, '*');
                    await new Promise(heard => inside.addEventListener('message', heard));
                    element.remove();
                }}
            }})()"
        ))
        .unwrap();
}

/// The keys in the extension's storage, and how many bytes Chrome counts for all of it.
fn stored(browser: &Browser) -> (Vec<String>, usize) {
    let worker = browser.service_worker().unwrap();
    worker
        .evaluate(
            "Promise.all([chrome.storage.session.get(null), chrome.storage.session.getBytesInUse()])
                .then(([all, bytes]) => [Object.keys(all), bytes])",
        )
        .unwrap()
}

/// Waits until what a tab's page left is stored, and returns all keys.
fn wait_for_parked(browser: &Browser, known: &[String]) -> Vec<String> {
    wait_for("what the page left", LIMIT, || {
        let (keys, bytes) = stored(browser);
        assert!(bytes <= QUOTA_BYTES, "{bytes} bytes");
        let is_new = |key: &&String| key.starts_with(PARKED_PREFIX) && !known.contains(key);
        Ok(if keys.iter().any(|key| is_new(&key)) {
            Poll::Done(keys)
        } else {
            Poll::NotYet(format!("{bytes} bytes in {keys:?}"))
        })
    })
    .unwrap()
}

fn open(browser: &Browser, demo: &Demo) -> Pages {
    let pages = Pages::open(browser, demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    pages
}

#[test]
fn pages_that_flood_the_storage_leave_room_for_the_next() {
    let mut stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let mut known: Vec<String> = stored(&stage.browser).0;
    let mut parked = Vec::new();
    for _ in 0..TABS {
        let pages = open(&stage.browser, &stage.demo);
        flood(&pages);
        pages.host.navigate("about:blank").unwrap();
        let keys = wait_for_parked(&stage.browser, &known);
        parked.extend(
            keys.iter()
                .find(|it| it.starts_with(PARKED_PREFIX) && !known.contains(it))
                .cloned(),
        );
        known.extend(keys);
    }
    let (keys, bytes) = stored(&stage.browser);
    assert!(bytes > 2 * PARKED_BYTES, "{bytes} bytes in {keys:?}");
    // The oldest went, and not the newest.
    assert_eq!(parked.len(), TABS);
    assert!(!keys.contains(&parked[0]), "{keys:?}");
    assert!(keys.contains(&parked[TABS - 1]), "{keys:?}");

    // A page that is watched is kept as if they had not been there.
    talk_and_leave(&stage.pages, "after", "location.reload()").unwrap();
    wait_for_next_page(&stage.pages.host);
    stage.meet().unwrap();
    stage.pages.wait_for_handshake().unwrap();
    let mut logged = kept_log(&stage.pages.host, "after").unwrap();
    logged.extend(kept_log(&stage.pages.widget, "after").unwrap());
    logged.sort_by(|one, other| one.at.total_cmp(&other.at));
    wait_for("the page before", LIMIT, || {
        stage.panel.perform(&json!({ "do": "show-parked" }))?;
        let mut recorded = stage.panel.recorded()?;
        let gaps: Vec<Value> = stage.panel.lines("gap")?;
        stage.panel.perform(&json!({ "do": "back-to-live" }))?;
        recorded.retain(|it| it.conversation == 1);
        let difference = difference(&recorded, &logged, &[]);
        Ok(Poll::at(
            difference.is_none() && gaps.is_empty(),
            format!(
                "{} of {}, gaps {gaps:?}: {difference:?}",
                recorded.len(),
                logged.len()
            ),
        ))
    })
    .unwrap();
}

fn wait_for_next_page(host: &Target) {
    let loaded = "!globalThis.isOld && document.readyState === 'complete'";
    host.wait_until::<bool>("the next page", loaded).unwrap();
}
