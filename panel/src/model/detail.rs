//! The detail pane: everything about the selected entry.

use std::collections::HashMap;

use callscope_protocol::{
    Fact, Finding, Frame, Message, MessageSpec, MessageType, Millis, Required, Severity, Side,
    check_fields,
};

use callscope_session_view::SessionView;
use callscope_session_view::calls::{self, TieLine};
use callscope_session_view::words::{self, UtcOffset};

use super::json_tree::{self, TreeLine};
use crate::action::Fold;

/// What is folded and unfolded, by what the user did.
pub(crate) type Folds = HashMap<Fold, bool>;

/// Everything about the selected entry.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DetailData {
    /// A message.
    Message(Box<MessageDetail>),
    /// Something else that happened.
    Other {
        title: String,
        lines: Vec<(String, String)>,
    },
}

/// Everything about a message.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MessageDetail {
    pub(crate) title: String,
    pub(crate) from: Side,
    /// What it is, from the catalogue.
    pub(crate) about: String,
    /// What the catalogue says of its type: "SDK call", "handler", …
    pub(crate) type_facts: Vec<(&'static str, String)>,
    /// What is known of this message: "received", "origin", …
    pub(crate) own_facts: Vec<(&'static str, String)>,
    /// Its call, its request, its answers.
    pub(crate) ties: Vec<TieLine>,
    /// It waits for an answer: the ties change as time passes.
    pub(crate) is_waiting: bool,
    /// What is special about this copy: injected, cut, cloned.
    pub(crate) remarks: Vec<Remark>,
    pub(crate) findings: Vec<FindingDetail>,
    pub(crate) fields: Vec<FieldDetail>,
    pub(crate) tree: Vec<TreeLine>,
    /// The message as it was recorded, for copying.
    pub(crate) raw: String,
}

/// A sentence about a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Remark {
    pub(crate) is_injected: bool,
    pub(crate) text: String,
}

/// A finding in full.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FindingDetail {
    pub(crate) severity: Severity,
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) message: String,
    pub(crate) why: &'static str,
    pub(crate) fix: &'static str,
    /// Its message, and what that is called: "3 `CALL_ENDED`".
    pub(crate) anchor: Option<(u64, String)>,
    /// Others that it is about.
    pub(crate) related: Vec<(u64, String)>,
}

/// A field of the message against the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FieldDetail {
    pub(crate) path: String,
    /// Its value in one line; `None` if the message lacks it.
    pub(crate) value: Option<String>,
    /// What the catalogue says of it.
    pub(crate) about: String,
    pub(crate) problem: Option<(Severity, String)>,
    pub(crate) is_required: bool,
}

impl DetailData {
    /// Whether it changes as time passes.
    pub(crate) fn counts_time(&self) -> bool {
        matches!(self, Self::Message(message) if message.is_waiting)
    }

    /// The detail of the fact with this id.
    ///
    /// `now` is until when the session is known.
    pub(crate) fn new(
        source: &SessionView,
        id: u64,
        folds: &Folds,
        offset: UtcOffset,
        now: Option<Millis>,
    ) -> Option<Self> {
        let (position, placed) = source.find(id)?;
        let at = placed.fact.at();
        let time = offset.time_of_day(at);
        let other = |title: &str, lines: Vec<(&str, String)>| {
            let mut lines: Vec<(String, String)> = lines
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            lines.insert(0, ("time".to_owned(), time.clone()));
            Some(Self::Other {
                title: title.to_owned(),
                lines,
            })
        };
        let unknown = || "unknown".to_owned();
        match &placed.fact {
            Fact::Frame(frame) => {
                let detail = MessageDetail::new(source, position, frame, folds, (offset, now));
                Some(Self::Message(Box::new(detail)))
            }
            Fact::Gap(gap) => {
                let what = ("what", words::gap(gap));
                let why = words::gap_advice(&gap.why).map(|why| ("why", why.to_owned()));
                let lines = std::iter::once(what).chain(why);
                other("Messages are missing here", lines.collect())
            }
            Fact::Conversation(start) => other(
                "A conversation began",
                vec![
                    ("number", start.id.0.to_string()),
                    ("host", start.host_origin.clone().unwrap_or_else(unknown)),
                    (
                        "widget",
                        start.widget_origin.clone().unwrap_or_else(unknown),
                    ),
                    (
                        "continues",
                        start.continues.map_or_else(
                            || "nothing".to_owned(),
                            |it| format!("conversation {}", it.0),
                        ),
                    ),
                ],
            ),
            Fact::Closed(closed) => other(
                "A page went away",
                vec![
                    ("conversation", closed.conversation.0.to_string()),
                    ("side", closed.side.name().to_owned()),
                ],
            ),
            Fact::Setting(setting) => other(
                "A local setting",
                vec![
                    ("key", setting.key.clone()),
                    (
                        "value",
                        setting
                            .value
                            .clone()
                            .unwrap_or_else(|| "not set".to_owned()),
                    ),
                ],
            ),
            Fact::End(_) => other("End of the recording", Vec::new()),
        }
    }
}

impl MessageDetail {
    fn new(
        source: &SessionView,
        position: usize,
        frame: &Frame,
        folds: &Folds,
        (offset, now): (UtcOffset, Option<Millis>),
    ) -> Self {
        let message = Message::decode(&frame.message);
        let spec = message.known().map(MessageType::spec);
        let version = source
            .session()
            .conversation(frame.conversation)
            .and_then(|it| it.sdk.as_ref()?.release);
        let fields = check_fields(&message, version)
            .into_iter()
            .map(|report| FieldDetail {
                value: report.value.as_ref().map(json_tree::inline),
                about: report.spec.map_or_else(String::new, |spec| {
                    let mut about = spec.ty.to_string();
                    for part in [spec.unit.unwrap_or_default(), spec.note] {
                        if !part.is_empty() {
                            about.push_str(" · ");
                            about.push_str(part);
                        }
                    }
                    about
                }),
                problem: report
                    .problem
                    .map(|problem| (problem.severity(), problem.to_string())),
                is_required: report
                    .spec
                    .is_some_and(|spec| spec.required == Required::Yes),
                path: report.path,
            });
        let unfolded = |path: &str| {
            folds
                .get(&Fold::Json {
                    path: path.to_owned(),
                })
                .copied()
        };
        Self {
            title: match message.type_name() {
                Some(name) => name.to_owned(),
                None => format!("{} without a type", message.kind().words()),
            },
            from: frame.from,
            about: about(&message, spec),
            type_facts: spec.map(type_facts).unwrap_or_default(),
            own_facts: own_facts(source, position, frame, &message, offset),
            ties: calls::ties(source, frame, now)
                .iter()
                .map(|tie| tie.line(source, frame))
                .collect(),
            is_waiting: calls::waits(source, frame).is_some(),
            remarks: remarks(frame, &message),
            findings: source
                .session()
                .findings_of(frame.seq)
                .map(|finding| FindingDetail::new(source, finding))
                .collect(),
            fields: fields.collect(),
            tree: json_tree::lines(message.value(), &unfolded),
            raw: frame.message.as_str().to_owned(),
        }
    }
}

impl FindingDetail {
    pub(crate) fn new(source: &SessionView, finding: &Finding) -> Self {
        let named = |seq: u64| (seq, source.named(seq));
        Self {
            severity: finding.severity,
            code: finding.rule.code,
            title: finding.rule.title,
            message: finding.message.clone(),
            why: finding.rule.why,
            fix: finding.rule.fix,
            anchor: finding.seq.map(named),
            related: finding.related.iter().copied().map(named).collect(),
        }
    }

    /// The finding as text, for a bug report.
    pub(crate) fn to_text(&self) -> String {
        let Self {
            severity,
            code,
            message,
            why,
            fix,
            ..
        } = self;
        format!("{severity} {code}: {message}\nWhy: {why}\nFix: {fix}\n")
    }
}

fn about(message: &Message, spec: Option<&MessageSpec>) -> String {
    match (spec, message.type_name()) {
        (Some(spec), _) => spec.summary.to_owned(),
        (None, Some(_)) => "The SDK knows no message of this type. A widget's SDK answers it \
                            with ERROR; HubSpot ignores it."
            .to_owned(),
        (None, None) => "The SDK ignores what is no object with a type.".to_owned(),
    }
}

fn type_facts(spec: &MessageSpec) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if !spec.sdk_methods.is_empty() {
        let calls: Vec<String> = spec
            .sdk_methods
            .iter()
            .map(|name| format!("{name}()"))
            .collect();
        facts.push(("SDK call", calls.join(", ")));
    }
    if let Some(handler) = spec.handler {
        facts.push(("handler", handler.to_owned()));
    }
    if !spec.answered_by.is_empty() {
        facts.push(("asks for", spec.answered_by.join(", ")));
    }
    if let Some(instead) = spec.deprecated_by {
        facts.push(("deprecated", format!("use {instead}")));
    }
    if let Some(since) = spec.since {
        let versions = match spec.last {
            Some(last) => format!("SDK {since} to {last}"),
            None => format!("since SDK {since}"),
        };
        facts.push(("versions", versions));
    }
    if !spec.notes.is_empty() {
        facts.push(("notes", spec.notes.to_owned()));
    }
    facts
}

fn own_facts(
    source: &SessionView,
    position: usize,
    frame: &Frame,
    message: &Message,
    offset: UtcOffset,
) -> Vec<(&'static str, String)> {
    let day = offset
        .day(frame.at)
        .map(|day| format!("{day} "))
        .unwrap_or_default();
    let since = source
        .since(position)
        .map(|since| format!(", {} after the one before", words::duration(since)))
        .unwrap_or_default();
    let id = message
        .message_id()
        .map_or_else(|| "none".to_owned(), Into::into);
    vec![
        (
            "received",
            format!("{day}{}{since}", offset.time_of_day(frame.at)),
        ),
        ("origin", frame.origin.clone()),
        (
            "number",
            format!("{} in conversation {}", frame.seq, frame.conversation.0),
        ),
        ("messageId", id),
        ("size", words::bytes(frame.message.as_str().len() as u64)),
    ]
}

fn remarks(frame: &Frame, message: &Message) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let mut add = |is_injected, text: String| remarks.push(Remark { is_injected, text });
    if frame.injected {
        add(true, "Posted by Callscope for you".to_owned());
    }
    if let Some(truncated) = frame.truncated {
        add(
            false,
            format!("Cut: the message was {} long", words::bytes(truncated)),
        );
    }
    if message.lossy() {
        add(
            false,
            "Shown in part: it holds lone surrogates, numbers beyond a double or very deep nesting"
                .to_owned(),
        );
    }
    for (path, what) in frame.cloned.iter().take(20) {
        let path = if path.is_empty() {
            "The message"
        } else {
            path.as_str()
        };
        add(false, format!("{path} was {what}, which JSON cannot hold"));
    }
    remarks
}
