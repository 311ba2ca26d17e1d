//! Why the timeline is empty, and what to do.

use callscope_bus::{FrameInfo, RecorderStatus};
use callscope_protocol::Millis;

use super::Model;
use super::connection::Connection;
use super::permissions::Permissions;
use super::redirected::{Redirected, redirected_fix};
use crate::action::{Action, View};
use crate::event::Page;
use callscope_session_view::words;

/// The origin of a sandboxed frame, as the browser serializes it.
pub(super) const OPAQUE: &str = "null";

/// The case of a filter that hides everything.
const FILTERED: &str = "filtered";

/// The case of a list that the user cleared.
const CLEARED: &str = "cleared";

const OPENED_BEFORE: &str = "This page was opened before Callscope could listen";
const RELOAD_TO_RECORD: &str = "Reload the page to record from its first message.";

/// What an empty timeline says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EmptyData {
    /// The case's short name, for tests.
    pub(crate) case: &'static str,
    /// The title: why the list is empty.
    pub(crate) title: String,
    /// What Callscope has checked and found, and what to do.
    pub(crate) steps: Vec<String>,
    /// The next step, and alternatives.
    pub(crate) actions: Vec<Action>,
}

/// What the case depends on.
#[derive(Clone)]
pub(crate) struct Situation<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) status: Option<&'a RecorderStatus>,
    pub(crate) is_imported: bool,
    /// Messages that the filter hides.
    pub(crate) hidden: u64,
    /// Messages that the user has cleared.
    pub(crate) cleared: u64,
    pub(crate) has_parked: bool,
    pub(crate) permissions: &'a Permissions,
    pub(crate) redirected: Option<Redirected>,
    /// How long the worker has not answered.
    pub(crate) worker_silence: Option<Millis>,
}

impl Situation<'_> {
    /// Whether there is nothing to say except that the list is empty.
    fn is_quiet(&self) -> bool {
        self.is_imported
            || (self.status.is_some_and(|status| status.recording) && self.worker_silence.is_none())
    }
}

fn case(
    case: &'static str,
    title: impl Into<String>,
    steps: &[&str],
    actions: Vec<Action>,
) -> EmptyData {
    EmptyData {
        case,
        title: title.into(),
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
        actions,
    }
}

impl EmptyData {
    /// Whether it is empty because the user cleared it.
    pub(crate) fn is_cleared(&self) -> bool {
        self.case == CLEARED
    }

    /// Whether only the filter makes it empty, which the line above the list says.
    pub(crate) fn is_filtered(&self) -> bool {
        self.case == FILTERED
    }

    pub(crate) fn new(situation: Situation<'_>) -> Self {
        if situation.hidden > 0 {
            return case(
                FILTERED,
                format!(
                    "The filter hides {}",
                    words::counted(situation.hidden, "message")
                ),
                &[],
                vec![Action::SetFilter {
                    text: String::new(),
                }],
            );
        }
        if situation.cleared > 0 && situation.is_quiet() {
            return case(
                CLEARED,
                "You cleared the list",
                &[
                    "What comes next is shown here. The conversations, their log-in and a call go on \
                      as they were.",
                ],
                vec![Action::UndoClear],
            );
        }
        if situation.is_imported {
            return case(
                "imported",
                "This saved session holds no messages",
                &["The findings say what may be the reason."],
                vec![
                    Action::ShowView {
                        view: View::Findings,
                    },
                    Action::BackToLive,
                ],
            );
        }
        let has_parked = situation.has_parked;
        let mut empty = match situation.connection {
            Connection::Detached => case(
                "detached",
                "Callscope records in DevTools only",
                &[
                    "Here it can open saved sessions.",
                    "To record, open DevTools on a HubSpot page and choose the Callscope tab.",
                ],
                vec![Action::Import],
            ),
            Connection::Connecting => case(
                "connecting",
                "Looking for Callscope's recorder in the page…",
                &[],
                vec![],
            ),
            Connection::Outdated(reason) => case(
                "outdated",
                "Callscope was updated while this page was open",
                &[
                    reason.as_str(),
                    "Reload the page, then close and open DevTools.",
                ],
                vec![Action::ReloadPage],
            ),
            Connection::Absent(page) => absent(page),
            Connection::Attached(_) => attached(situation),
        };
        if has_parked {
            empty.actions.push(Action::ShowParked);
        }
        empty
    }
}

/// No recorder answers in the page.
fn absent(page: &Page) -> EmptyData {
    let Some(origin) = &page.origin else {
        return case(
            "no-page",
            "Callscope cannot look into this page",
            &[
                "It is a page of the browser, a file, or still loading.",
                "Go to the HubSpot page that shows the softphone.",
            ],
            vec![Action::Reconnect],
        );
    };
    if page.permitted {
        return case(
            "reload",
            OPENED_BEFORE,
            &[
                "The handshake happens while the page loads, so Callscope must be there from the start.",
                RELOAD_TO_RECORD,
            ],
            vec![Action::ReloadPage],
        );
    }
    if !origin.starts_with("https://") {
        return case(
            "no-hubspot",
            "This is not a HubSpot page",
            &[
                &format!("Found: {origin}"),
                "Callscope listens on *.hubspot.com and on localhost.",
                "Go to the HubSpot page that shows the softphone.",
            ],
            vec![Action::Reconnect],
        );
    }
    case(
        "not-permitted",
        "This is not a HubSpot page",
        &[
            &format!("Found: {origin}"),
            "Callscope listens on *.hubspot.com and on localhost.",
            "Does this page show a calling widget, too? Then allow Callscope to listen here.",
        ],
        vec![Action::PermitOrigin {
            origin: origin.clone(),
        }],
    )
}

/// The recorder answers, but has no messages.
fn attached(situation: Situation<'_>) -> EmptyData {
    let Situation {
        status,
        permissions,
        redirected,
        worker_silence,
        connection,
        ..
    } = situation;
    let Some(status) = status else {
        return case(
            "connecting",
            "Looking for Callscope's recorder in the page…",
            &[],
            vec![],
        );
    };
    if !status.recording {
        return case(
            "paused",
            "Recording is paused",
            &["What passes meanwhile is counted as missing."],
            vec![Action::SetRecording { on: true }],
        );
    }
    if let Some(frame) = status
        .frames
        .iter()
        .filter(|frame| frame.widget && !frame.tapped)
        // There is no origin to ask permission for.
        .find(|frame| frame.origin == OPAQUE || permissions.is_missing(&frame.origin))
    {
        return unheard(frame);
    }
    if let Some(redirected) = redirected {
        let view = View::Overrides;
        return case(
            "redirected",
            redirected.words(),
            &[
                "HubSpot posts SYNC to the origin of the address that it loads the widget from, and \
                 the browser delivers it at no other.",
                redirected_fix(),
            ],
            vec![Action::ShowView { view }, Action::ReloadPage],
        );
    }
    if let Some(silence) = worker_silence {
        return case(
            "worker-silent",
            worker_silent(silence),
            &[
                "It starts Callscope in the widget's frame and passes on what is received there. \
                 This panel does that in its place, as long as it is open.",
                "Chromium gives up an extension's worker that dies while the extension is being \
                 loaded. Reload Callscope on chrome://extensions or restart the browser, then \
                 reload this page and open DevTools anew.",
            ],
            vec![Action::ReloadPage],
        );
    }
    let heard_start = !matches!(connection, Connection::Attached(info) if !info.from_start);
    // Callscope cannot know what any frame said before.
    if !heard_start && !status.frames.is_empty() {
        return case(
            "late",
            OPENED_BEFORE,
            &[
                "Recording began late: if a widget is here, its handshake was before that. What is \
                 said from now on is shown here.",
                RELOAD_TO_RECORD,
            ],
            vec![Action::ReloadPage],
        );
    }
    if let Some(frame) = status.frames.iter().find(|frame| frame.widget) {
        return case(
            "silent-widget",
            format!("The widget from {} is silent", words::origin(&frame.origin)),
            &[
                "Its frame is there and Callscope listens, but no SYNC was seen yet.",
                "HubSpot sends SYNC as soon as the frame has loaded. Does the widget's page load?",
            ],
            vec![Action::ReloadPage],
        );
    }
    without_widget(&status.frames, permissions)
}

/// Callscope lacks permission for the widget's frame.
fn unheard(frame: &FrameInfo) -> EmptyData {
    if frame.origin == OPAQUE {
        return case(
            "widget-sandboxed",
            "The widget's frame is sandboxed and has no origin",
            &[
                "Callscope may not listen in it, so only what the widget sends can be seen.",
                "Allow Callscope on the origin that the frame's page comes from: on \
                 chrome://extensions, in Callscope's details, under Site access. Then reload \
                 the page.",
                "Or add allow-same-origin to the frame's sandbox while you test.",
            ],
            vec![Action::ReloadPage],
        );
    }
    case(
        "widget-not-permitted",
        format!(
            "Callscope may not listen in {}",
            words::origin(&frame.origin)
        ),
        &[
            "HubSpot's page shows a widget from there.",
            "Without your permission only what the widget sends can be seen.",
        ],
        vec![Action::PermitOrigin {
            origin: frame.origin.clone(),
        }],
    )
}

/// The page has no frame that is known to be a widget.
fn without_widget(frames: &[FrameInfo], permissions: &Permissions) -> EmptyData {
    let mut steps = vec![
        match frames.len() {
            0 => "The page has no frame in which a widget could be.".to_owned(),
            1 => "The page has 1 frame; it is not a calling widget.".to_owned(),
            count => format!("The page has {count} frames; none is a calling widget."),
        },
        "In HubSpot open a contact and press the phone icon, so that the softphone appears."
            .to_owned(),
    ];
    let mut actions = Vec::new();
    for frame in frames
        .iter()
        .filter(|frame| !frame.tapped && permissions.is_missing(&frame.origin))
        .take(3)
    {
        steps.push(format!(
            "Is {} the widget? Then allow Callscope to listen there.",
            frame.origin
        ));
        actions.push(Action::PermitOrigin {
            origin: frame.origin.clone(),
        });
    }
    EmptyData {
        case: "no-iframe",
        title: "No widget yet".to_owned(),
        steps,
        actions,
    }
}

/// "Callscope's worker has not answered for 12 s"
pub(crate) fn worker_silent(silence: Millis) -> String {
    format!(
        "Callscope's worker has not answered for {}",
        words::seconds(silence)
    )
}

impl Model {
    /// Says that the filter hides everything the view would show; `None` if it does not.
    pub(crate) fn all_hidden_words(&mut self) -> Option<String> {
        if self.shown().filtering().is_some() {
            return None;
        }
        let (shown, hidden, what) = match self.view {
            View::Timeline | View::Ladder | View::State => {
                let rows = self.shown().rows();
                (rows.shown(), rows.hidden(), "message")
            }
            View::Findings => {
                let data = self.findings_data();
                (data.count as u64, data.hidden as u64, "finding")
            }
            View::Calls => {
                let table = self.call_table();
                (table.rows.len() as u64, table.hidden, "call")
            }
            View::Compose | View::Scenarios | View::Overrides => return None,
        };
        let hidden = (shown == 0 && hidden > 0).then_some(hidden)?;
        let hidden = match hidden {
            1 => format!("the only {what}"),
            many => format!("all {}", words::counted(many, what)),
        };
        Some(format!("The filter hides {hidden}"))
    }

    /// Why the timeline is empty; `None` if it is not empty.
    pub(crate) fn empty_data(&self) -> Option<EmptyData> {
        let rows = self.shown().rows();
        if !rows.is_empty() {
            return None;
        }
        Some(EmptyData::new(Situation {
            connection: &self.connection,
            status: self.status.as_ref(),
            is_imported: self.imported.is_some(),
            hidden: rows.hidden(),
            cleared: rows.cleared(),
            has_parked: self.has_parked() && self.imported.is_none(),
            permissions: &self.permissions,
            redirected: self.redirected(),
            worker_silence: self.worker_silence(),
        }))
    }
}

#[cfg(test)]
mod tests;
