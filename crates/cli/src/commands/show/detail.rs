//! One message: its card, and the message itself.

use std::io::{self, Write};

use callscope_protocol::{Message, RecordedMessage};
use callscope_session_view::card::{Card, FieldCard, FindingCard, Labeled};
use callscope_session_view::words::UtcOffset;
use callscope_session_view::{SessionView, columns};

use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, INJECTED, paint, severity, side};
use crate::text::{safe, safe_json};
use crate::words;

/// Running text is wrapped at this many characters.
const PROSE: usize = 90;
/// Longer paths shift the column of values.
const MAX_PATH: usize = 40;

/// Prints everything that is known about a message.
pub(super) fn print(
    whole: &SessionView,
    recorded: &RecordedMessage,
    out: &mut Output,
) -> io::Result<()> {
    print_card(&Card::new(whole, recorded, UtcOffset::UTC, None), out)?;
    writeln!(out, "\n{}", paint(BOLD, "Message"))?;
    print_json(recorded, out)
}

fn print_card(card: &Card, out: &mut impl Write) -> io::Result<()> {
    writeln!(
        out,
        "{}  {}",
        paint(BOLD, format_args!("{} {}", card.seq, safe(&card.title))),
        paint(side(card.from), card.direction()),
    )?;
    for line in words::wrap(card.about, PROSE) {
        writeln!(out, "{line}")?;
    }
    for remark in &card.remarks {
        let style = if remark.is_injected { INJECTED } else { GAP };
        writeln!(out, "{}", paint(style, safe(&remark.text)))?;
    }
    writeln!(out)?;
    for (label, text) in &card.type_facts {
        let lines = words::wrap(text, PROSE);
        print_labeled(label, lines.iter().map(String::as_str), out)?;
    }
    let ties = card.ties.iter().map(|tie| (tie.name, tie.text()));
    let lines = ties.chain(reported(card));
    for (label, text) in lines.chain(card.envelope.iter().cloned()) {
        print_labeled(label, [&*safe(&text)], out)?;
    }
    if !card.findings.is_empty() {
        writeln!(out, "\n{}", paint(BOLD, "Findings"))?;
    }
    for finding in &card.findings {
        print_finding(finding, out)?;
    }
    print_fields(card, out)
}

/// What pages reported about the message: "No handler for `DIAL_NUMBER`, by the widget's page".
fn reported(card: &Card) -> impl Iterator<Item = Labeled> {
    let reports = card.reports.iter();
    reports.map(|it| ("reported", format!("{}, by {}", it.words, it.name)))
}

fn print_labeled<'a>(
    label: &str,
    lines: impl IntoIterator<Item = &'a str>,
    out: &mut impl Write,
) -> io::Result<()> {
    for (index, line) in lines.into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        writeln!(out, "{}  {line}", paint(DIM, format_args!("{label:>12}")))?;
    }
    Ok(())
}

fn print_fields(card: &Card, out: &mut impl Write) -> io::Result<()> {
    let sent: Vec<&FieldCard> = card.sent().collect();
    let paths = sent.iter().map(|field| columns::width(&safe(&field.path)));
    let Some(width) = paths.max() else {
        return Ok(());
    };
    let width = width.min(MAX_PATH);
    writeln!(out, "\n{}", paint(BOLD, "Fields"))?;
    for field in sent {
        let value = field.value.as_deref().unwrap_or("–");
        let problem = field.problem.as_ref().map(|(level, problem)| {
            let words = format!("  {} {}", words::mark(*level), safe(problem));
            paint(severity(*level), words).to_string()
        });
        let path = columns::pad(&safe(&field.path), width);
        let problem = problem.unwrap_or_default();
        writeln!(out, "  {path}  {}{problem}", safe(value))?;
        let about = (!field.about.is_empty()).then(|| words::wrap(&field.about, PROSE));
        for line in about.into_iter().flatten() {
            writeln!(out, "  {:width$}  {}", "", paint(DIM, line))?;
        }
    }
    let not_sent: Vec<&str> = card.not_sent().map(|field| field.path.as_str()).collect();
    if !not_sent.is_empty() {
        let words = format!("not sent: {}", not_sent.join(", "));
        for line in words::wrap(&words, PROSE) {
            writeln!(out, "  {}", paint(DIM, line))?;
        }
    }
    Ok(())
}

fn print_finding(finding: &FindingCard, out: &mut impl Write) -> io::Result<()> {
    let FindingCard {
        severity: level,
        stranger,
        code,
        title,
        message,
        why,
        fix,
        cause,
        entry: _,
        related,
        // The program mutes nothing.
        is_muted: _,
    } = finding;
    let words = format!("{} {level} {code}", words::mark(*level));
    let words = paint(severity(*level), words);
    writeln!(out, "  {words}: {}", safe(message))?;
    if let Some(words) = stranger {
        writeln!(out, "    {}", paint(DIM, words))?;
    }
    for (label, text) in [("Why", *why), ("Fix", fix.as_str()), ("Rule", *title)] {
        for (index, line) in words::wrap(text, PROSE).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            writeln!(out, "    {} {line}", paint(DIM, format_args!("{label:4}")))?;
        }
    }
    if let Some(cause) = cause {
        let anchor = cause.entry.as_ref().map_or("", |(_, name)| name);
        let words = format!("Follows from {} {}", cause.code, safe(anchor));
        writeln!(out, "    {}", paint(DIM, words.trim_end()))?;
    }
    if !related.is_empty() {
        let related: Vec<&str> = related.iter().map(|(_, name)| name.as_str()).collect();
        writeln!(
            out,
            "    {} {}",
            paint(DIM, "See "),
            safe(&related.join(", "))
        )?;
    }
    Ok(())
}

/// Prints a message as indented JSON, as far as possible as it was recorded.
pub(super) fn print_json(recorded: &RecordedMessage, out: &mut Output) -> io::Result<()> {
    let message = Message::decode(&recorded.message);
    let text = if message.lossy() {
        // A value that cannot be represented is not indented, but printed as it was recorded.
        safe_json(recorded.message.as_str()).into_owned()
    } else {
        let pretty = serde_json::to_string_pretty(message.value())?;
        let lines: Vec<_> = pretty.lines().map(safe_json).collect();
        lines.join("\n")
    };
    for line in text.lines() {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use anstream::adapter::strip_str;
    use callscope_session_log::Log;

    use super::*;

    /// The fixed texts between those of a card.
    const FRAME: &[&str] = &[
        "",
        ",",
        "– ▲",
        "✕",
        "▲",
        "i",
        ":",
        "Fields",
        "Findings",
        "Findings ✕",
        "Findings ▲",
        "Findings i",
        "not sent:",
        "Why",
        "Fix",
        "Rule",
        "Follows from",
        "See",
    ];

    /// All texts of a card, in the order in which they are printed.
    fn texts(card: &Card) -> Vec<String> {
        // Listing all fields makes sure that a new one gets printed.
        let Card {
            seq,
            title,
            from: _,
            about,
            type_facts,
            remarks,
            ties,
            // Printed by `reported`.
            reports: _,
            // The ties already show it.
            is_waiting: _,
            findings,
            fields: _,
            envelope,
        } = card;
        let mut texts = vec![seq.to_string(), title.clone()];
        texts.extend([card.direction().to_owned(), (*about).to_owned()]);
        texts.extend(remarks.iter().map(|remark| remark.text.clone()));
        let ties = ties.iter().map(|tie| (tie.name, tie.text()));
        let facts = type_facts
            .iter()
            .cloned()
            .chain(ties)
            .chain(reported(card))
            .chain(envelope.iter().cloned());
        texts.extend(facts.flat_map(|(label, text)| [label.to_owned(), text]));
        for finding in findings {
            let FindingCard {
                severity,
                stranger,
                code,
                title,
                message,
                why,
                fix,
                cause,
                // It is the card's own message.
                entry: _,
                related,
                is_muted: _,
            } = finding;
            texts.extend([format!("{severity} {code}"), message.clone()]);
            texts.extend(stranger.map(str::to_owned));
            texts.extend([*why, fix.as_str(), *title].map(str::to_owned));
            if let Some(cause) = cause {
                texts.push(cause.code.to_owned());
                texts.extend(cause.entry.iter().map(|(_, name)| name.clone()));
            }
            texts.extend(related.iter().map(|(_, name)| name.clone()));
        }
        for field in card.sent() {
            let FieldCard {
                path,
                value,
                about,
                problem,
            } = field;
            texts.push(path.clone());
            texts.extend(value.clone());
            texts.extend(problem.iter().map(|(_, words)| words.clone()));
            texts.push(about.clone());
        }
        texts.extend(card.not_sent().map(|field| field.path.clone()));
        texts
    }

    /// As one line, with single spaces between words.
    fn flat(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Checks that the card and its printed form have the same texts, no more and no less.
    #[track_caller]
    fn check(card: &Card, name: &str) {
        let mut printed = Vec::new();
        print_card(card, &mut printed).unwrap();
        let printed = flat(&strip_str(&String::from_utf8(printed).unwrap()).to_string());
        let mut rest = printed.as_str();
        for text in texts(card) {
            let text = flat(&safe(&text));
            let (between, after) = rest
                .split_once(&text)
                .unwrap_or_else(|| panic!("{name} #{}: {text:?} is not in {rest:?}", card.seq));
            assert!(
                FRAME.contains(&between.trim()),
                "{name} #{}: {between:?} before {text:?} is not in the card",
                card.seq
            );
            rest = after;
        }
        assert_eq!(rest, "", "{name} #{}", card.seq);
    }

    /// The panel draws the same cards: see the test of its view.
    #[test]
    fn what_is_printed_of_a_message_is_its_card() {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let mut count = 0;
        for folder in ["well-behaved", "mistakes"] {
            for entry in fs::read_dir(fixtures.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let whole = SessionView::from(Log::read(&fs::read(&path).unwrap()).unwrap());
                for recorded in whole.messages() {
                    let card = Card::new(&whole, recorded, UtcOffset::UTC, None);
                    check(&card, &path.display().to_string());
                    count += 1;
                }
            }
        }
        assert!(count > 1000, "{count} messages");
    }
}
