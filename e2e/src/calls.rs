//! Calls as users make them, without the panel: drives and watches only the pages.

use callscope_browser::BrowserError;

use crate::pages::{Pages, wait_for_count, wait_for_entry};

/// Logs in, makes a complete outbound call from the record and an inbound one, and is transferred.
/// The pages must have been opened with `autodial=off` and have shaken hands.
///
/// # Errors
///
/// [`BrowserError::Timeout`] names the first message that did not arrive.
pub fn make_calls(pages: &Pages) -> Result<(), BrowserError> {
    let Pages { host, widget } = pages;
    let act = |script: &str| widget.evaluate::<()>(&format!("void {script}"));

    act("demo.phone.logIn()")?;
    act("demo.phone.setAvailable(true)")?;
    wait_for_entry(host, "USER_AVAILABLE")?;

    host.evaluate::<()>("void demo.dial()")?;
    wait_for_entry(widget, "DIAL_NUMBER")?;
    act("demo.phone.dial()")?;
    wait_for_entry(widget, "ENGAGEMENT_CREATED")?;
    act("demo.phone.answer()")?;
    wait_for_entry(host, "CALL_ANSWERED")?;
    host.evaluate::<()>("void demo.endCall()")?;
    wait_for_entry(host, "CALL_ENDED")?;
    act("demo.phone.save('wants an offer', true)")?;
    wait_for_entry(widget, "UPDATE_ENGAGEMENT_SUCCEEDED")?;
    wait_for_entry(widget, "VISIBILITY_CHANGED")?;
    act("demo.phone.finalize()")?;
    wait_for_entry(widget, "FINALIZE_ENGAGEMENT_SUCCEEDED")?;

    act("demo.phone.ring()")?;
    wait_for_entry(widget, "CALLER_ID_MATCH_SUCCEEDED")?;
    wait_for_count(widget, "ENGAGEMENT_CREATED", 2)?;
    act("demo.phone.answer()")?;
    act("demo.phone.hangUp()")?;
    act("demo.phone.save('', false)")?;
    wait_for_count(widget, "UPDATE_ENGAGEMENT_SUCCEEDED", 2)
}
