//! A session that shows what Callscope is for: logging in, dialing a number from the panel, a
//! complete call, an incoming call, and one mistake.

use callscope_browser::BrowserError;
use serde_json::json;

use crate::pages::Pages;
use crate::panel::{Panel, Shown};

/// The number that the panel dials, from a range reserved for fiction.
const NUMBER: &str = "+442079460123";

/// The mistake: the widget completes the incoming call before it has ended it.
const MISTAKE: &str = "M14";

/// The results of a played session.
#[derive(Debug)]
pub struct Played {
    /// The steps, in words, in order; all of them happened.
    pub steps: Vec<&'static str>,
    /// What the panel shows at the end.
    pub shown: Shown,
    /// The session as export would save it.
    pub log: String,
}

/// Plays the session on newly opened pages that the panel is inspecting.
///
/// `say` is called with each step before it is taken.
///
/// # Errors
///
/// [`BrowserError::Timeout`] names the first thing that did not happen.
pub fn play(
    pages: &Pages,
    panel: &Panel,
    mut say: impl FnMut(&'static str),
) -> Result<Played, BrowserError> {
    let Pages { widget, .. } = pages;
    let mut steps = Vec::new();
    let mut step = |name: &'static str| {
        say(name);
        steps.push(name);
    };

    step("handshake");
    panel.wait_for_row("INITIALIZED")?;

    step("log-in");
    widget.evaluate::<()>("void demo.phone.logIn()")?;
    panel.wait_for_row("LOGGED_IN")?;
    widget.evaluate::<()>("void demo.phone.setAvailable(true)")?;
    panel.wait_for_row("USER_AVAILABLE")?;

    step("DIAL_NUMBER from the panel");
    panel.perform(&json!({ "do": "show-view", "view": "compose" }))?;
    panel.perform(
        &json!({ "do": "set-draft-field", "field": "data.phoneNumber", "value": NUMBER }),
    )?;
    panel.perform(&json!({ "do": "send-draft", "anyway": false }))?;
    widget.wait_until::<bool>(
        "onDialNumber in the widget",
        &format!("demo.events.some(it => it.name === 'onDialNumber' && it.data.phoneNumber === '{NUMBER}')"),
    )?;
    panel.wait_until("DIAL_NUMBER, marked as injected", |shown| {
        shown.last("DIAL_NUMBER").is_some_and(|row| row.injected)
    })?;
    panel.perform(&json!({ "do": "show-view", "view": "timeline" }))?;

    step("outbound call");
    panel.wait_for_row("OUTGOING_CALL_STARTED")?;
    panel.wait_for_row("CREATE_ENGAGEMENT_SUCCEEDED")?;
    widget.evaluate::<()>("void demo.phone.answer()")?;
    panel.wait_for_row("CALL_ANSWERED")?;
    widget.evaluate::<()>("void demo.phone.hangUp('COMPLETED')")?;
    panel.wait_for_row("CALL_ENDED")?;
    widget.evaluate::<()>("void demo.phone.save('Wants an offer', false)")?;
    panel.wait_for_row("UPDATE_ENGAGEMENT_SUCCEEDED")?;
    widget.evaluate::<()>("void demo.phone.finalize()")?;
    panel.wait_for_row("FINALIZE_ENGAGEMENT_SUCCEEDED")?;

    step("incoming call");
    widget.evaluate::<()>("void demo.phone.ring()")?;
    panel.wait_for_row("INCOMING_CALL")?;
    panel.wait_for_row("CALLER_ID_MATCH_SUCCEEDED")?;
    let engagements = |shown: &Shown| {
        shown
            .types()
            .into_iter()
            .filter(|it| *it == "CREATE_ENGAGEMENT_SUCCEEDED")
            .count()
    };
    panel.wait_until("an engagement for the incoming call", |shown| {
        engagements(shown) == 2
    })?;
    widget.evaluate::<()>("void demo.phone.answer()")?;

    step("a mistake: CALL_COMPLETED before CALL_ENDED");
    widget.evaluate::<()>("void demo.mistake('completed-before-ended')")?;
    let shown = panel.wait_until("the finding about it", |shown| {
        shown.findings.iter().any(|finding| finding.code == MISTAKE)
    })?;
    // HubSpot's answer, so that all played sessions end the same way.
    let updates = |shown: &Shown| {
        let types = shown.types().into_iter();
        types
            .filter(|it| *it == "UPDATE_ENGAGEMENT_SUCCEEDED")
            .count()
    };
    panel.wait_until("the answer to it", |shown| updates(shown) == 2)?;
    if let Some(row) = shown.last("CALL_COMPLETED") {
        panel.perform(&json!({ "do": "select", "id": row.id }))?;
        // The details have been drawn, in case somebody takes a picture now.
        panel.node("Copy raw text")?;
    }

    Ok(Played {
        steps,
        shown: panel.shown()?,
        log: panel.export()?,
    })
}
