//! Failures that the widget's page reported and that explain why it does not do what it should.

use crate::{Inside, InsideKind, Millis, Side};

/// The failures that the widget's page reported since it was loaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Troubles {
    /// How its first script failed, and when.
    first_failure: Option<(Millis, String)>,
    /// How its last script failed, and when.
    failure: Option<(Millis, String)>,
    /// The last message that could not be delivered, when, and why.
    undelivered: Option<(Millis, String)>,
    /// The types of messages that had no handler, each with the time of the latest one.
    unhandled: Vec<(Millis, String)>,
}

/// More types than exist.
const MANY: usize = 64;

impl Troubles {
    /// Notes what a page reported.
    pub(crate) fn learn(&mut self, inside: &Inside) {
        if inside.side != Side::Widget {
            return;
        }
        match inside.what {
            InsideKind::Error | InsideKind::Rejection => {
                let failure = inside.failure();
                self.first_failure
                    .get_or_insert_with(|| (inside.at, failure.clone()));
                self.failure = Some((inside.at, failure));
            }
            InsideKind::Undelivered => {
                let why = format!("{} {}", inside.message_name(), inside.not_delivered());
                self.undelivered = Some((inside.at, why));
            }
            InsideKind::Unhandled => {
                let name = inside.type_name.clone().unwrap_or_default();
                self.unhandled.retain(|(_, known)| *known != name);
                if self.unhandled.len() < MANY {
                    self.unhandled.push((inside.at, name));
                }
            }
            _ => {}
        }
    }

    /// Why the handshake is not answered, to be added to a sentence; empty if nothing is known.
    pub(crate) fn of_handshake(&self) -> String {
        match (&self.undelivered, &self.first_failure) {
            (Some((_, why)), _) => format!("; {why}"),
            (None, Some((_, failure))) => failed(failure),
            _ => String::new(),
        }
    }

    /// Forgets what was reported before `then`, because it came from another page.
    pub(crate) fn forget_before(&mut self, then: Millis) {
        let is_old = |&mut (at, _): &mut (Millis, String)| at < then;
        self.first_failure.take_if(is_old);
        self.failure.take_if(is_old);
        self.undelivered.take_if(is_old);
        self.unhandled.retain(|(at, _)| *at >= then);
    }

    /// Why something that was due since `then` did not come, in the same form.
    fn since(&self, then: Millis) -> String {
        match (&self.undelivered, &self.failure) {
            (Some((at, why)), _) if *at >= then => format!("; {why}"),
            (_, Some((at, failure))) if *at >= then => failed(failure),
            _ => String::new(),
        }
    }

    /// Why a message of this type that came at `then` had no effect, in the same form.
    pub(crate) fn of_message(&self, name: &str, then: Millis) -> String {
        let mut unhandled = self.unhandled.iter();
        if unhandled.any(|(at, known)| *at >= then && known == name) {
            format!("; the widget has no handler for {name}")
        } else {
            self.since(then)
        }
    }
}

fn failed(failure: &str) -> String {
    format!("; the widget's script failed: {failure}")
}
