//! A finding in full.

use callscope_protocol::{Finding, Severity};
use callscope_session_log::Placed;

use crate::calls::Link;
use crate::finding_list::happened_at;
use crate::visible::short_sentence;
use crate::{SessionView, findings, words};

/// A finding in full: what is wrong, why it matters, what to do.
#[derive(Clone, Debug, PartialEq)]
pub struct FindingCard {
    /// How bad it is; a finding about a stranger is a note.
    pub severity: Severity,
    /// What to say if it is about a frame that HubSpot does not sync with.
    pub stranger: Option<&'static str>,
    /// Whether the user has muted it.
    pub is_muted: bool,
    /// The rule's name.
    pub code: &'static str,
    /// The rule's title.
    pub title: &'static str,
    /// What was expected and what came.
    pub message: String,
    /// Why it matters.
    pub why: &'static str,
    /// What to change.
    pub fix: String,
    /// The finding that it follows from.
    pub cause: Option<CauseLink>,
    /// The entry that it is about, by its id, and its name.
    pub entry: Option<(u64, String)>,
    /// Other messages that it is about.
    pub related: Vec<Link>,
}

/// The finding that another one follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseLink {
    /// The rule that found it.
    pub code: &'static str,
    /// The entry that it is anchored to, by its id, and its name.
    pub entry: Option<(u64, String)>,
}

impl FindingCard {
    /// The card of a finding of the session.
    #[must_use]
    pub fn new(view: &SessionView, finding: &Finding) -> Self {
        let link = |seq: u64| -> Link { (seq, view.named(seq)) };
        let entry = |placed: &Placed| (placed.id, view.entry_name(placed));
        Self {
            severity: findings::severity(view.session(), finding),
            stranger: findings::is_strangers(view.session(), finding).then_some(words::BY_STRANGER),
            is_muted: view.is_muted(finding),
            code: finding.rule.code,
            title: finding.rule.title,
            message: short_sentence(&finding.message).into_owned(),
            why: finding.rule.why,
            fix: fix(finding),
            cause: finding.cause.map(|cause| CauseLink {
                code: cause.rule.code,
                entry: view.session().anchor_of_cause(&cause).map(entry),
            }),
            entry: view.session().anchor_of(finding).map(entry),
            related: finding.related.iter().copied().map(link).collect(),
        }
    }

    /// The finding as text, for a bug report.
    #[must_use]
    pub fn to_text(&self) -> String {
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

/// What to do. Only the advice about this case may quote page data, and be long because of it.
fn fix(finding: &Finding) -> String {
    match &finding.advice {
        Some(advice) => format!("{} {}", short_sentence(advice), finding.rule.fix),
        None => finding.rule.fix.to_owned(),
    }
}

/// A finding as one JSON object, with the keys that `callscope check --format json` uses; `at` is
/// when what it is about happened.
#[must_use]
pub fn finding_json(view: &SessionView, finding: &Finding) -> String {
    let object = serde_json::json!({
        "code": finding.rule.code,
        "severity": finding.severity.name(),
        "seq": finding.seq,
        "conversation": finding.conversation.0,
        "call": finding.call.map(|it| it.serial),
        "at": happened_at(view, finding).0,
        "title": finding.rule.title,
        "message": finding.message,
        "related": finding.related,
        "cause": finding.cause.map(|it| serde_json::json!({"code": it.rule.code, "seq": it.seq})),
        "stranger": findings::is_strangers(view.session(), finding),
    });
    format!("{object:#}")
}
