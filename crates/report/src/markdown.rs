//! The report as Markdown, in the form that GitHub shows.

use std::fmt::{self, Write};

use callscope_diagram::{mark, mermaid};
use callscope_protocol::Finding;
use callscope_session_view::findings::{self, Group};
use callscope_session_view::inside;
use callscope_session_view::visible::visible;
use callscope_session_view::words;

use super::{Entry, Report, Section, aside};
use crate::time_of_day;

/// GitHub does not draw larger diagrams than this.
const MAX_STEPS: usize = 300;

/// Writes the report.
pub(super) fn write(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(out, "# Callscope report: {}\n", report.finding())?;
    for (label, value) in report.environment() {
        writeln!(out, "- {label}: {}", text(&value))?;
    }
    writeln!(out, "\n## Summary\n\n{}\n", report.numbers())?;
    for (conversation, link) in report.conversations() {
        writeln!(out, "- {}: {}", text(&conversation), text(&link))?;
    }
    for call in &report.whole.session().calls() {
        writeln!(
            out,
            "- call {} of conversation {}: {}, {}",
            call.id.serial,
            call.id.conversation.0,
            text(&words::call(call)),
            words::counted(call.message_count, "message")
        )?;
    }
    findings(report, out)?;
    ladders(report, out)?;
    timeline(report, out)
}

fn findings(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(out, "\n## Findings\n")?;
    let sections = report.findings();
    if sections.is_empty() {
        return writeln!(out, "None.");
    }
    for Section { heading, group } in sections {
        if let Some(heading) = heading {
            writeln!(out, "**{heading}**\n")?;
        }
        let Group {
            rule,
            severity,
            findings,
            ..
        } = group;
        writeln!(
            out,
            "### {} {severity} {}: {}\n",
            mark(severity),
            rule.code,
            text(rule.title)
        )?;
        for it in findings {
            let aside = aside(severity, it.finding);
            write!(out, "- {}{aside}", finding(it.finding))?;
            if !it.consequences.is_empty() {
                write!(out, ", {}:", words::consequences(it.consequences.len()))?;
            }
            writeln!(out)?;
            for consequence in it.consequences {
                let code = consequence.rule.code;
                writeln!(out, "  - {code} {}", finding(consequence))?;
            }
            if let Some(advice) = &it.finding.advice {
                writeln!(out, "  - Fix: {}", text(advice))?;
            }
        }
        writeln!(out, "\n**Why it matters:** {}\n", text(rule.why))?;
        writeln!(out, "**How to fix it:** {}\n", text(rule.fix))?;
    }
    Ok(())
}

/// The place and the message of a finding.
fn finding(finding: &Finding) -> String {
    let place = match finding.seq {
        Some(seq) => format!("message {seq}"),
        None => format!("{} UTC", time_of_day(finding.at)),
    };
    format!("{place}: {}", text(&finding.message))
}

fn ladders(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(out, "\n## Ladder\n")?;
    for ladder in &report.ladders {
        if ladder.rungs.len() > MAX_STEPS {
            let steps = words::counted(ladder.rungs.len() as u64, "step");
            writeln!(
                out,
                "{} has {steps}, too many to draw here; the HTML report has the picture.\n",
                text(&ladder.title)
            )?;
            continue;
        }
        writeln!(out, "{}\n\n```mermaid", text(&ladder.title))?;
        out.push_str(&mermaid(ladder));
        writeln!(out, "```\n")?;
    }
    Ok(())
}

fn timeline(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "## Timeline\n\n<details><summary>All messages, times in UTC</summary>\n"
    )?;
    writeln!(
        out,
        "| # | time | from | message | | |\n| --: | --- | --- | --- | --- | --- |"
    )?;
    for entry in report.entries() {
        match entry {
            Entry::Message(recorded, digest) => {
                let session = report.whole.session();
                let severity = |it: &Finding| findings::severity(session, it);
                let mut marks: Vec<String> = session
                    .findings_of(recorded.seq)
                    .map(|it| format!("{} {}", mark(severity(it)), it.rule.code))
                    .collect();
                if recorded.injected {
                    marks.push("injected".to_owned());
                }
                let placement = session.placement(recorded.seq);
                marks.extend(placement.answers.map(|answer| words::answer(&answer)));
                writeln!(
                    out,
                    "| {} | {} | {} | {} | {} | {} |",
                    recorded.seq,
                    time_of_day(recorded.at),
                    recorded.from.name(),
                    text(digest.type_words()),
                    text(&digest.summary),
                    marks.join(", ")
                )?;
            }
            Entry::Gap(gap) => {
                let words = text(&words::gap(gap));
                writeln!(out, "| | {} | | {words} | | |", time_of_day(gap.at))?;
            }
            Entry::Inside(inside) => writeln!(
                out,
                "| | {} | {} | inside | {} | |",
                time_of_day(inside.at),
                inside.side.name(),
                text(&inside::sentence(inside))
            )?,
        }
    }
    writeln!(out, "\n</details>")
}

/// Text that Markdown does not interpret: no links, no markup, no mentions, no table cells.
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in visible(text).chars() {
        match character {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '#' | '!' | '~' | '&' | '$' => {
                out.push('\\');
                out.push(character);
            }
            // Inside words it is not markup; at their edges it is.
            '_' if !out.ends_with(|it: char| it.is_alphanumeric()) => out.push_str("\\_"),
            // Prevents mentions of users and links from bare e-mail addresses.
            '@' => out.push_str("&#64;"),
            ':' if out.ends_with("http") || out.ends_with("https") => out.push_str("&#58;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_is_markup() {
        assert_eq!(
            text("CALL_ENDED *x* | <b> @me [a](b)"),
            "CALL_ENDED \\*x\\* \\| \\<b\\> &#64;me \\[a\\](b)"
        );
        assert_eq!(
            text("_x_ https://e.example/"),
            "\\_x_ https&#58;//e.example/"
        );
    }
}
