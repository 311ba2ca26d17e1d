//! All pages as two documents.

use std::fmt::Write as _;

use callscope_protocol::{ExampleLine, MessageType, PITFALLS, rule};

use crate::family::{FAMILIES, Family};
use crate::inline::{code, format_link, markdown};
use crate::message::{by_category, message_page};
use crate::page::{Block, Fact, FieldRow, Page};
use crate::rule::{rule_page, versions};
use crate::table::rows;

/// The widest code block that GitHub shows without a scroll bar, in characters.
const EXAMPLE_WIDTH: usize = 104;

const GENERATED: &str = "<!-- Made by `cargo xtask docs`; do not edit. -->";

/// `docs/rules.md`: every rule, and which rules reveal the SDK's pitfalls.
#[must_use]
pub fn rules_markdown() -> String {
    let mut out = format!(
        "{GENERATED}\n\
         # Rules\n\n\
         What Callscope looks for in a session. \
         `callscope explain M15` prints the same in a terminal.\n\n\
         An **error** means that a message is lost, an exception is thrown, or the two sides now \
         disagree. \
         A **warning** works on the wire, but HubSpot's result is likely wrong, or the form is \
         deprecated. \
         A **note** is legal but unusual.\n\n\
         HubSpot's own code is not public. What is said here about HubSpot comes from the SDK's \
         documents, its issues and its demos; what is only likely is marked as inferred.\n\n"
    );
    for family in FAMILIES {
        let Family { letter, words } = family;
        line(
            &mut out,
            &format!("- [{letter}: {words}](#family-{})", letter.to_lowercase()),
        );
    }
    line(&mut out, "- [Pitfalls of the SDK](#pitfalls)\n");
    write_how_to_read(&mut out);
    for family in FAMILIES {
        write_family(family, &mut out);
    }
    write_pitfalls(&mut out);
    out
}

fn write_how_to_read(out: &mut String) {
    line(out, "## How to read the examples\n");
    if let Some(rule) = rule("S07") {
        write_example(&rule.example.breaks(), out);
    }
    out.push_str(
        "A row is the message's number, the time since the beginning, who sent it, its type and \
         what it holds: `data` in braces, other keys before that, beside `type`. \
         The handshake is one row where nothing in it matters. \
         The packages on npm report the version before the release: 0.9.7 says \
         `0.9.7-beta.0`.\n\n\
         A row that begins with ✕, ▲ or i is what Callscope says about the row above, or about \
         the message whose number it gives.\n\n",
    );
}

fn write_example(lines: &[ExampleLine], out: &mut String) {
    line(out, "```text");
    for row in rows(lines, EXAMPLE_WIDTH) {
        let text: String = row.into_iter().map(|(_, text)| text).collect();
        line(out, text.trim_end());
    }
    line(out, "```\n");
}

fn write_family(family: &Family, out: &mut String) {
    let Family { letter, words } = family;
    let anchor = letter.to_lowercase();
    line(
        out,
        &format!("## <a id=\"family-{anchor}\"></a>{letter}: {words}\n"),
    );
    line(out, "| rule | | severity | applies to |");
    line(out, "| --- | --- | --- | --- |");
    for rule in family.rules() {
        let title = markdown(rule.title, "");
        let versions = versions(rule.since, rule.until);
        let link = format_link(rule.code, "");
        let severity = markdown(rule.severity, "");
        line(
            out,
            &format!("| {link} | {title} | {severity} | {versions} |"),
        );
    }
    out.push('\n');
    for rule in family.rules() {
        let page = rule_page(rule);
        let anchor = page.name.to_lowercase();
        let title = markdown(page.title, "");
        line(
            out,
            &format!("### <a id=\"{anchor}\"></a>{}: {title}\n", page.name),
        );
        write_page(&page, "", out);
    }
}

fn write_pitfalls(out: &mut String) {
    out.push_str(
        "## <a id=\"pitfalls\"></a>Pitfalls of the SDK\n\n\
         What the SDK's own code does and its users do not expect, and the rule that shows it in a \
         session. Where no rule does, the table says why.\n\n\
         | | what happens | shown by |\n\
         | --- | --- | --- |\n",
    );
    for pitfall in PITFALLS {
        let links: Vec<String> = pitfall.rules.iter().map(|it| format_link(it, "")).collect();
        let shown = if links.is_empty() {
            format!("no rule: {}", markdown(pitfall.why_none, ""))
        } else {
            links.join(", ")
        };
        line(
            out,
            &format!(
                "| {} | {} | {shown} |",
                pitfall.id,
                markdown(pitfall.what, "")
            ),
        );
    }
}

/// `docs/messages.md`: every message that the SDK or a document about it knows.
#[must_use]
pub fn messages_markdown() -> String {
    let mut out = format!(
        "{GENERATED}\n\
         # Messages\n\n\
         What HubSpot and a widget say to each other, in every version of the Calling Extensions \
         SDK from 0.0.1 to 0.9.7. \
         `callscope messages CALL_ENDED` prints the same in a terminal.\n\n\
         Every message has a `type` and a `messageId` beside what is listed here; the SDK adds \
         both. \
         Most of what a message holds is in its `data`: the argument of the SDK's method, which \
         the other side's handler gets. \
         The SDK checks none of it.\n"
    );
    let categories = by_category();
    for (category, types) in &categories {
        line(
            &mut out,
            &format!("\n**{}**\n", capitalized(category.name())),
        );
        line(&mut out, "| message | direction | |");
        line(&mut out, "| --- | --- | --- |");
        for ty in types.iter().copied() {
            let spec = ty.spec();
            let summary = markdown(spec.summary, RULES);
            let link = message_link(ty);
            line(
                &mut out,
                &format!("| {link} | {} | {summary} |", spec.direction.words()),
            );
        }
    }
    for (category, types) in categories {
        line(
            &mut out,
            &format!("\n## {}\n", capitalized(category.name())),
        );
        for ty in types {
            let page = message_page(ty);
            let anchor = page.name.to_lowercase();
            line(
                &mut out,
                &format!("### <a id=\"{anchor}\"></a>{}\n", code(page.name)),
            );
            write_page(&page, RULES, &mut out);
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// The rules' document, as the messages' document links to it.
const RULES: &str = "rules.md";

fn message_link(ty: MessageType) -> String {
    format!("[{}](#{})", code(ty.name()), ty.name().to_lowercase())
}

fn write_page(page: &Page, rules: &str, out: &mut String) {
    for block in &page.blocks {
        match block {
            Block::Paragraph(text) => line(out, &format!("{}\n", markdown(text, rules))),
            Block::Facts(facts) => {
                for Fact { label, text } in facts {
                    let text = match *label {
                        "Use instead" | "Answered by" | "Answers" => linked(text),
                        "Sent with" | "Received by" => {
                            let names: Vec<String> = text.split(", ").map(name).collect();
                            names.join(", ")
                        }
                        _ => markdown(text, rules),
                    };
                    line(out, &format!("- **{label}:** {text}"));
                }
                out.push('\n');
            }
            Block::Fields(fields) => write_fields(fields, rules, out),
            Block::Example { title, lines } => {
                line(out, &format!("{title}:\n"));
                write_example(lines, out);
            }
        }
    }
}

/// Turns names of messages into links, keeping remarks about them.
fn linked(text: &str) -> String {
    let parts: Vec<String> = text
        .split(", ")
        .map(|part| {
            let (name, remark) = part.split_once(' ').unwrap_or((part, ""));
            match MessageType::from_name(name) {
                Some(ty) if remark.is_empty() => message_link(ty),
                Some(ty) => format!("{} {}", message_link(ty), markdown(remark, RULES)),
                None => markdown(part, RULES),
            }
        })
        .collect();
    parts.join(", ")
}

/// Turns the name of a method or handler into code, keeping remarks about it.
fn name(text: &str) -> String {
    match text.split_once(" (") {
        Some((name, remark)) => format!("{} ({remark}", code(name)),
        None if text.starts_with('(') => text.to_owned(),
        None => code(text),
    }
}

fn write_fields(fields: &[FieldRow], rules: &str, out: &mut String) {
    line(out, "| field | type | | SDK | |");
    line(out, "| --- | --- | --- | --- | --- |");
    for FieldRow {
        path,
        ty,
        required,
        versions,
        note,
    } in fields
    {
        let (path, note) = (code(path), markdown(note, rules));
        let ty = ty.replace('|', "\\|").replace('*', "\\*");
        line(
            out,
            &format!("| {path} | {ty} | {required} | {versions} | {note} |"),
        );
    }
    out.push('\n');
}

fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or(String::new(), |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn line(out: &mut String, text: &str) {
    // Writing to a `String` never fails.
    _ = writeln!(out, "{text}");
}
