//! One message, field by field.

use std::io::{self, Write as _};

use callscope_protocol::{Frame, Message, MessageType, Version, check_fields};

use callscope_session_view::calls::{self, TieLine};
use callscope_session_view::{SessionView, columns};

use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, paint, severity, side};
use crate::text::{safe, safe_json, short};
use crate::words;

/// Longer values are cut in the list of fields; the JSON below it has them whole.
const MAX_VALUE: usize = 60;

/// Prints all that is known about a message.
pub(super) fn print(whole: &SessionView, frame: &Frame, out: &mut Output) -> io::Result<()> {
    let message = Message::decode(&frame.message);
    let spec = message.known().map(MessageType::spec);
    let type_name = safe(message.type_name().unwrap_or("(no type)"));
    writeln!(
        out,
        "{}  {}",
        paint(BOLD, format_args!("{} {type_name}", frame.seq)),
        paint(
            side(frame.from),
            format_args!("{} → {}", frame.from.name(), frame.from.other().name())
        ),
    )?;
    if let Some(spec) = spec {
        writeln!(out, "{}", spec.summary)?;
    }
    writeln!(out)?;
    let date = words::date_and_time(frame.at).unwrap_or_default();
    let day = date.split(' ').next().unwrap_or_default();
    let mut about = vec![
        (
            "received",
            format!("{day} {} UTC", words::time_of_day(frame.at)),
        ),
        ("origin", safe(&frame.origin).into_owned()),
        ("conversation", frame.conversation.0.to_string()),
    ];
    let end = whole.session().facts().last().map(|last| last.fact.at());
    for tie in calls::ties(whole, frame, end) {
        let TieLine { name, other, words } = tie.line(whole, frame);
        let other = other.map_or(String::new(), |(_, name)| format!("{name} "));
        about.push((name, safe(&format!("{other}{words}")).into_owned()));
    }
    if frame.injected {
        about.push(("injected", "Callscope posted it for its user".to_owned()));
    }
    if let Some(size) = frame.truncated {
        about.push(("cut", format!("it had {} bytes", words::count(size))));
    }
    for (label, text) in about {
        writeln!(out, "{}  {text}", paint(DIM, format_args!("{label:>12}")))?;
    }

    let conversation = whole.session().conversation(frame.conversation);
    let version = conversation.map(|it| it.profile.versions().1);
    print_fields(&message, version, out)?;
    for (path, what) in &frame.cloned {
        writeln!(out, "  {} was {}", safe(path), safe(what))?;
    }
    let mut findings = whole.session().findings_of(frame.seq).peekable();
    if findings.peek().is_some() {
        writeln!(out, "\n{}", paint(BOLD, "Findings"))?;
    }
    for finding in findings {
        let level = finding.severity;
        let words = format!("{} {level} {}", words::mark(level), finding.rule.code);
        writeln!(
            out,
            "  {}: {}",
            paint(severity(level), words),
            safe(&finding.message)
        )?;
        for line in words::wrap(finding.rule.fix, 90) {
            writeln!(out, "    {}", paint(DIM, line))?;
        }
    }
    writeln!(out, "\n{}", paint(BOLD, "Message"))?;
    print_json(frame, out)
}

fn print_fields(message: &Message, version: Option<Version>, out: &mut Output) -> io::Result<()> {
    let reports = check_fields(message, version);
    let is_shown = |report: &&callscope_protocol::FieldReport| {
        report.value.is_some() || report.problem.is_some()
    };
    let width = reports
        .iter()
        .filter(is_shown)
        .map(|it| columns::width(&safe(&it.path)))
        .max();
    let Some(width) = width else { return Ok(()) };
    let width = width.min(40);
    writeln!(out, "\n{}", paint(BOLD, "Fields"))?;
    for report in reports.iter().filter(is_shown) {
        let value = report
            .value
            .as_ref()
            .map_or("–".to_owned(), ToString::to_string);
        let problem = report
            .problem
            .as_ref()
            .map(|problem| paint(GAP, format!("  ▲ {}", safe(&problem.to_string()))).to_string())
            .unwrap_or_default();
        writeln!(
            out,
            "  {}  {}{problem}",
            columns::pad(&safe(&report.path), width),
            short(&value, MAX_VALUE)
        )?;
    }
    Ok(())
}

/// Prints a message as JSON in several lines, as it was recorded where that is possible.
pub(super) fn print_json(frame: &Frame, out: &mut Output) -> io::Result<()> {
    let message = Message::decode(&frame.message);
    let text = if message.lossy() {
        // What cannot be held is not put into order, but shown as it is.
        safe_json(frame.message.as_str()).into_owned()
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
