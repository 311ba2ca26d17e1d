//! What a page has received, kept where it outlives the page.

use callscope_browser::{BrowserError, Target};

use crate::pages::{Entry, Pages};

/// How many messages host and widget send each other before the page goes away.
pub const ROUND_TRIPS: usize = 50;

/// How many more the host sends in the very task in which it goes away.
const AFTERTHOUGHTS: u32 = 5;

/// Lets host and widget talk without a pause, and the host's page go away by this JavaScript in the
/// middle of it. Both [keep](keep_log) what they receive; the host's messages have the run's name.
///
/// # Errors
///
/// What a driven browser can do.
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

/// Has a page write all that it receives to its localStorage, under the name of a run.
///
/// # Errors
///
/// What a driven browser can do.
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
            addEventListener('pagehide', () => localStorage.setItem('left {run}', ''));
        }})()"
    ))
}

/// What a page of the same site and origin has kept in this run.
///
/// # Errors
///
/// What a driven browser can do.
pub fn kept_log(page: &Target, run: &str) -> Result<Vec<Entry>, BrowserError> {
    page.evaluate(&format!(
        "Object.keys(localStorage).filter(it => it.startsWith('{run}:')).sort()
            .map(it => JSON.parse(localStorage.getItem(it)))"
    ))
}

/// How many messages it had received when it was asked whether it may leave.
///
/// # Errors
///
/// What a driven browser can do, and that the page was not asked.
pub fn heard_before_asked(page: &Target, run: &str) -> Result<usize, BrowserError> {
    page.evaluate(&format!(
        "Number.parseInt(localStorage.getItem('asked {run}'))"
    ))
}

/// Whether that page heard that it leaves. Chrome ends pages that do not come to it within half a
/// second.
///
/// # Errors
///
/// What a driven browser can do.
pub fn heard_that_it_leaves(page: &Target, run: &str) -> Result<bool, BrowserError> {
    page.evaluate(&format!("localStorage.getItem('left {run}') !== null"))
}
