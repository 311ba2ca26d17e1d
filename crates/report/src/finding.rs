//! One finding for an issue or a comment.

use callscope_protocol::Finding;
use callscope_session_view::card::FindingCard;
use callscope_session_view::finding_list::happened_at;
use callscope_session_view::{SessionView, calls};

use crate::markdown::text;
use crate::time_of_day;

/// A finding as Markdown: what is wrong and where, why it matters, how to fix it.
#[must_use]
pub fn finding_markdown(view: &SessionView, finding: &Finding) -> String {
    let FindingCard {
        severity,
        code,
        title,
        message,
        why,
        fix,
        entry,
        ..
    } = FindingCard::new(view, finding);
    let time = time_of_day(happened_at(view, finding));
    let mut place: Vec<String> = Vec::new();
    let is_message = finding.seq.is_some();
    let message_word = if is_message { "message " } else { "" };
    place.extend(entry.map(|(_, name)| format!("{message_word}{}", text(&name))));
    place.push(format!("{time} UTC"));
    let has_several = view.session().conversations().nth(1).is_some();
    place.extend(finding.call.map(|it| calls::name(it, has_several)));
    format!(
        "**{severity} {code}: {}**\n\n- Rule: {}\n- At: {}\n- Why: {}\n- Fix: {}\n",
        text(&message),
        text(title),
        place.join(", "),
        text(why),
        text(&fix),
    )
}
