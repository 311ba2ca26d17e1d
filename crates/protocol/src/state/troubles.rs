//! Failures that the widget's page reported and that explain why it does not do what it should.

use crate::{Inside, InsideKind, MessageType, Millis, Side};

/// Why something did not come, as far as the widget's page has reported it.
///
/// T13, S01 and H07 add it to their findings. While somebody is watching, it is known before they
/// are certain: see [`Checker::why_not_ready`](crate::Checker::why_not_ready).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageCause {
    /// The code of the rule that reports it as a finding of its own.
    pub code: &'static str,
    /// The cause as a clause: "the widget's script failed: …".
    pub words: String,
    /// How to fix it, in a sentence.
    pub fix: String,
}

impl PageCause {
    /// It, or nothing, to be added to a sentence.
    pub(crate) fn clause(cause: Option<Self>) -> String {
        cause.map_or_else(String::new, |it| format!("; {}", it.words))
    }

    fn failed(failure: &str) -> Self {
        Self {
            code: "W04",
            words: format!("the widget's script failed: {failure}"),
            fix: "Fix this error: it ended the function that was running, so nothing after it was \
                  done."
                .to_owned(),
        }
    }

    fn unhandled(name: &str) -> Self {
        let handler = MessageType::from_name(name).and_then(|it| it.spec().handler);
        let handler = handler.unwrap_or("a handler for it");
        Self {
            code: "W02",
            words: format!("the widget has no handler for {name}"),
            fix: format!("Pass {handler} to new CallingExtensions() in eventHandlers."),
        }
    }
}

/// The failures that the widget's page reported since it was loaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Troubles {
    /// How its first script failed, and when.
    first_failure: Option<(Millis, String)>,
    /// How its last script failed, and when.
    failure: Option<(Millis, String)>,
    /// The messages that could not be delivered, the latest at the end; the same message with the
    /// same reason once.
    undelivered: Vec<Undelivered>,
    /// The messages that had no handler, each type once.
    unhandled: Vec<Unhandled>,
    /// What the page's SDK dropped before it was ready.
    dropped: Option<Dropped>,
}

/// The messages that the SDK dropped because the handshake was not done.
#[derive(Clone, Debug, Default)]
struct Dropped {
    /// The report of the first.
    first: usize,
    /// When the last was dropped, and what happened to it.
    last: (Millis, String),
    /// What happened to `INITIALIZED`, if it is among them, and the report of it.
    initialized: Option<(String, usize)>,
    /// Whether the page has shaken hands since, so that what the next page drops is its own.
    is_synced: bool,
}

/// The messages of one type that had no handler.
#[derive(Clone, Debug)]
struct Unhandled {
    /// The last time.
    at: Millis,
    type_name: String,
    /// The first report of it, which the finding is about.
    first: usize,
}

/// A message that could not be delivered, perhaps several times.
#[derive(Clone, Debug)]
pub(crate) struct Undelivered {
    /// The first time.
    since: Millis,
    /// The last time.
    at: Millis,
    /// How often.
    count: u64,
    type_name: Option<String>,
    /// What happened and why.
    words: String,
    /// Only why.
    why: String,
    /// The first report of it, which the finding is about.
    pub(crate) first: usize,
    fix: &'static str,
}

/// More types than exist.
const MANY: usize = 64;

impl Troubles {
    /// Notes what a page reported; `fact` is the number of facts before it.
    pub(crate) fn learn(&mut self, inside: &Inside, fact: usize) {
        if inside.side != Side::Widget || inside.is_harmless() {
            return;
        }
        match inside.what {
            InsideKind::Error | InsideKind::Rejection => {
                let failure = inside.failure();
                self.first_failure
                    .get_or_insert_with(|| (inside.at, failure.clone()));
                self.failure = Some((inside.at, failure));
            }
            InsideKind::Dropped => {
                let dropped = self.dropped.take_if(|it| !it.is_synced);
                let dropped = dropped.unwrap_or_else(|| Dropped {
                    first: fact,
                    ..Dropped::default()
                });
                let is_initialized = inside.type_name.as_deref() == Some("INITIALIZED");
                let initialized = is_initialized.then(|| (inside.dropped(), fact));
                self.dropped = Some(Dropped {
                    last: (inside.at, inside.dropped()),
                    initialized: dropped.initialized.or(initialized),
                    ..dropped
                });
            }
            InsideKind::Undelivered => self.learn_undelivered(inside, fact),
            InsideKind::Unhandled => {
                let type_name = inside.type_name.clone().unwrap_or_default();
                let mut known = self.unhandled.iter_mut();
                if let Some(known) = known.find(|it| it.type_name == type_name) {
                    known.at = inside.at;
                } else if self.unhandled.len() < MANY {
                    self.unhandled.push(Unhandled {
                        at: inside.at,
                        type_name,
                        first: fact,
                    });
                }
            }
            _ => {}
        }
    }

    fn learn_undelivered(&mut self, inside: &Inside, fact: usize) {
        let why = inside.not_delivered();
        let words = inside.undelivered();
        let known = self.undelivered.iter().position(|it| it.words == words);
        let known = known.map(|index| self.undelivered.remove(index));
        let (since, count, first) =
            known.map_or((inside.at, 0, fact), |it| (it.since, it.count, it.first));
        if self.undelivered.len() == MANY {
            self.undelivered.remove(0);
        }
        self.undelivered.push(Undelivered {
            since,
            at: inside.at,
            count: count + 1,
            type_name: inside.type_name.clone(),
            words,
            why,
            first,
            fix: match inside.text {
                Some(_) => "Only post what can be cloned, to a valid origin.",
                None => {
                    "Post to the origin that the SYNC came from (event.origin), not to a fixed one."
                }
            },
        });
    }

    /// The first message that was not delivered for this reason.
    pub(crate) fn first_undelivered(&self, why: &str) -> Option<&Undelivered> {
        let same = self.undelivered.iter().filter(|it| it.why == why);
        same.min_by(|a, b| a.since.0.total_cmp(&b.since.0))
    }

    /// The report of the first message of this page that the SDK has dropped.
    pub(crate) fn first_dropped(&self) -> Option<usize> {
        let dropped = self.dropped.as_ref()?;
        (!dropped.is_synced).then_some(dropped.first)
    }

    /// The report that the SDK has dropped `INITIALIZED`.
    pub(crate) fn dropped_initialized(&self) -> Option<usize> {
        let (_, fact) = self.dropped.as_ref()?.initialized.as_ref()?;
        Some(*fact)
    }

    /// Why `INITIALIZED` was not heard, if the page has posted it too early.
    pub(crate) fn initialized_too_early(&self) -> Option<PageCause> {
        let (words, _) = self.dropped.as_ref()?.initialized.as_ref()?;
        Some(PageCause {
            code: "W01",
            words: words.clone(),
            fix: "Call extensions.initialized() in onReady, not before.".to_owned(),
        })
    }

    /// Why the handshake is not answered.
    pub(crate) fn of_handshake(&self) -> Option<PageCause> {
        // A page that posts its answer to the wrong origin often posts more there.
        let is_answer = |it: &&Undelivered| it.type_name.as_deref() == Some("SYNC_ACK");
        let undelivered = self.undelivered.iter().rfind(is_answer);
        let undelivered = undelivered.or_else(|| self.undelivered.last());
        let failed = || Some(PageCause::failed(&self.first_failure.as_ref()?.1));
        undelivered.map(Undelivered::cause).or_else(failed)
    }

    /// Forgets what was reported before `then`, when the page's handshake began, because it came
    /// from another page; but not what the page itself dropped before it.
    pub(crate) fn forget_before(&mut self, then: Millis) {
        self.dropped.take_if(|it| it.is_synced);
        if let Some(dropped) = &mut self.dropped {
            dropped.is_synced = true;
        }
        let is_old = |&mut (at, _): &mut (Millis, String)| at < then;
        self.first_failure.take_if(is_old);
        self.failure.take_if(is_old);
        self.undelivered.retain(|it| it.at >= then);
        self.unhandled.retain(|it| it.at >= then);
    }

    /// Why something that was due since `then` did not come.
    fn since(&self, then: Millis) -> Option<PageCause> {
        let undelivered = self.undelivered.last().filter(|it| it.at >= then);
        let failed = || {
            let (_, failure) = self.failure.as_ref().filter(|(at, _)| *at >= then)?;
            Some(PageCause::failed(failure))
        };
        let dropped = self.dropped.as_ref().filter(|it| it.last.0 >= then);
        (undelivered.map(Undelivered::cause))
            .or_else(|| dropped.map(Dropped::cause))
            .or_else(failed)
    }

    /// The first report that the widget has no handler for this type, if it had none at `then` or
    /// later.
    pub(crate) fn unhandled(&self, name: &str, then: Millis) -> Option<usize> {
        let mut unhandled = self.unhandled.iter();
        let found = unhandled.find(|it| it.at >= then && it.type_name == name)?;
        Some(found.first)
    }

    /// Why a message of this type that came at `then` had no effect.
    pub(crate) fn of_message(&self, name: &str, then: Millis) -> Option<PageCause> {
        if self.unhandled(name, then).is_some() {
            Some(PageCause::unhandled(name))
        } else {
            self.since(then)
        }
    }
}

impl Dropped {
    /// Why something did not come that was due after the handshake: the object that has done it
    /// drops nothing.
    fn cause(&self) -> PageCause {
        PageCause {
            code: "W01",
            words: self.last.1.clone(),
            fix: "Create one CallingExtensions object in the page, and send everything through it."
                .to_owned(),
        }
    }
}

impl Undelivered {
    fn cause(&self) -> PageCause {
        let times = match self.count {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        PageCause {
            code: "W03",
            words: format!("{}{times}", self.words),
            fix: self.fix.to_owned(),
        }
    }
}
