//! Stores what a page has received where it outlives the page.

use callscope_browser::{BrowserError, Target};

use crate::pages::{Entry, Pages};

/// How many messages host and widget send each other before the page is unloaded.
pub const ROUND_TRIPS: usize = 50;

/// How many more the host sends in the same task in which it leaves.
const AFTERTHOUGHTS: u32 = 5;

/// Lets host and widget exchange messages without a pause, and makes the host's page leave in the
/// middle of it with this JavaScript. Both [store](keep_log) what they receive; the host's messages
/// include the run's name.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn talk_and_leave(pages: &Pages, run: &str, leave: &str) -> Result<(), BrowserError> {
    let Pages { host, widget } = pages;
    for page in [host, widget] {
        keep_log(page, run)?;
    }
    widget.evaluate::<()>(
        "void onDemoLog(it => {
            if (it.dir === 'received' && it.message.type === 'VISIBILITY_CHANGED')
                demo.phone.sdk.userAvailable();
        })",
    )?;
    host.evaluate(&format!(
        "(() => {{
            window.isOld = true;
            let count = 0;
            const send = () => demo.send('VISIBILITY_CHANGED',
                {{ isMinimized: true, isHidden: false, run: '{run}', count: count++ }});
            onDemoLog(it => {{
                if (it.dir !== 'received' || it.message.type !== 'USER_AVAILABLE') return;
                if (count < {ROUND_TRIPS}) return send();
                if (count > {ROUND_TRIPS}) return;
                for (let more = 0; more < {AFTERTHOUGHTS}; more += 1) send();
                {leave};
            }});
            setTimeout(send);
        }})()"
    ))
}

/// Makes a page write everything that it receives to its localStorage, under the name of a run.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn keep_log(page: &Target, run: &str) -> Result<(), BrowserError> {
    page.evaluate(&format!(
        "(() => {{
            let count = 0;
            const keep = it => {{
                if (it.dir !== 'received' || it.from === 'self') return;
                localStorage.setItem('{run}:' + String(count++).padStart(6, '0'), JSON.stringify(it));
            }};
            demoLog.forEach(keep);
            onDemoLog(keep);
            addEventListener('beforeunload', () => localStorage.setItem('asked {run}', count));
            addEventListener('pagehide', () => localStorage.setItem('left {run}', count));
        }})()"
    ))
}

/// Makes the widget post to the host until it leaves.
///
/// A page that goes into the back/forward cache is frozen some milliseconds after `pagehide`, and
/// goes on receiving until then.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn keep_talking(widget: &Target) -> Result<(), BrowserError> {
    widget.evaluate(
        "(() => {
            const talk = setInterval(() => {
                for (let more = 0; more < 3; more += 1) demo.phone.sdk.userAvailable();
            }, 4);
            addEventListener('pagehide', () => clearInterval(talk), { once: true });
        })()",
    )
}

/// What a page of the same site and origin has stored in this run.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn kept_log(page: &Target, run: &str) -> Result<Vec<Entry>, BrowserError> {
    page.evaluate(&format!(
        "Object.keys(localStorage).filter(it => it.startsWith('{run}:')).sort()
            .map(it => JSON.parse(localStorage.getItem(it)))"
    ))
}

/// How many messages the page had received at `beforeunload`.
///
/// # Errors
///
/// The errors of a driven browser, or `beforeunload` did not fire.
pub fn heard_before_asked(page: &Target, run: &str) -> Result<usize, BrowserError> {
    page.evaluate(&format!(
        "Number.parseInt(localStorage.getItem('asked {run}'))"
    ))
}

/// Whether the page received `pagehide`. Chrome ends pages that do not get to it within half a
/// second.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn heard_that_it_leaves(page: &Target, run: &str) -> Result<bool, BrowserError> {
    page.evaluate(&format!("localStorage.getItem('left {run}') !== null"))
}

/// How many messages of a run the page received after `pagehide`, on its way into the back/forward
/// cache.
///
/// # Errors
///
/// The errors of a driven browser.
pub fn heard_after_leaving(page: &Target, run: &str) -> Result<usize, BrowserError> {
    page.evaluate(&format!(
        "Object.keys(localStorage).filter(it => it.startsWith('{run}:')).length
            - Number.parseInt(localStorage.getItem('left {run}'))"
    ))
}
