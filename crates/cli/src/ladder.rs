//! Ladders as text, as Mermaid and as SVG.
//!
//! Which rungs there are is decided in `callscope_session_view::ladder`; here their words are cut
//! to what fits into a picture.

pub(crate) mod mermaid;
pub(crate) mod svg;
pub(crate) mod text;

use callscope_session_view::ladder::{Arrow, FindingMark};

use crate::text::{safe, short};
use crate::words;

/// Longer summaries and types make a picture too wide, in columns.
const MAX_SUMMARY: usize = 49;
const MAX_TYPE: usize = 37;

/// What stands above an arrow: the type, with "×40" for a run, and "(injected)"; safe to print.
fn label(arrow: &Arrow) -> String {
    let mut label = short(&arrow.type_name, MAX_TYPE).into_owned();
    if let Some(run) = &arrow.run {
        label.push_str(&format!(" ×{}", words::count(run.count)));
    }
    if arrow.injected {
        label.push_str(" (injected)");
    }
    label
}

/// What stands beside an arrow: the summary and what it answers, or the span of a run; safe to
/// print.
fn detail(arrow: &Arrow) -> String {
    let summary = match &arrow.run {
        Some(_) => "".into(),
        None => short(&arrow.summary, MAX_SUMMARY),
    };
    match arrow.remark() {
        None => summary.into_owned(),
        Some(remark) if summary.is_empty() => remark,
        Some(remark) => format!("{summary} · {remark}"),
    }
}

/// Mark, code and message of a finding: "✕ M14 …", safe to print.
fn finding(finding: &FindingMark) -> String {
    let mark = words::mark(finding.severity);
    format!("{mark} {} {}", finding.code, safe(&finding.message))
}
