//! One message, field by field.

use std::io::{self, Write as _};

use callscope_protocol::{Frame, Message, MessageType, Version, check_fields};

use crate::analysis::Whole;
use crate::output::Output;
use crate::style::{BOLD, DIM, GAP, paint, severity, side};
use crate::text::{safe, safe_json, short};
use crate::words;

/// Longer values are cut in the list of fields; the JSON below it has them whole.
const MAX_VALUE: usize = 60;

/// Prints all that is known about a message.
pub(super) fn print(whole: &Whole, frame: &Frame, out: &mut Output) -> io::Result<()> {
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
    if let Some(call) = whole.call_of(frame.seq) {
        let words = words::call(call);
        about.push(("call", format!("{} · {words}", call.id.serial)));
    }
    about.extend(answers(whole, frame));
    if frame.injected {
        about.push(("injected", "Callscope posted it for its user".to_owned()));
    }
    if let Some(size) = frame.truncated {
        about.push(("cut", format!("it had {} bytes", words::count(size))));
    }
    for (label, text) in about {
        writeln!(out, "{}  {text}", paint(DIM, format_args!("{label:>12}")))?;
    }

    let conversation = whole.session.conversation(frame.conversation);
    let version = conversation.map(|it| it.profile.versions().1);
    print_fields(&message, version, out)?;
    for (path, what) in &frame.cloned {
        writeln!(out, "  {} was {}", safe(path), safe(what))?;
    }
    let mut findings = whole.session.findings_of(frame.seq).peekable();
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

/// What the message answers, what answers it, or for how long nothing did.
fn answers(whole: &Whole, frame: &Frame) -> Vec<(&'static str, String)> {
    let session = &whole.session;
    let named = |seq: u64| {
        let message = session.frame(seq).map(|it| Message::decode(&it.message));
        let name = message.as_ref().and_then(Message::type_name);
        format!("{seq} {}", safe(name.unwrap_or("(no type)")))
    };
    let after = |seq, latency| format!("{} after {}", named(seq), words::duration(latency));
    let mut lines = Vec::new();
    if let Some(answer) = session.placement(frame.seq).answers {
        lines.push(("answers", after(answer.request, answer.latency)));
    }
    for (seq, answer) in session.answers_to(frame.seq) {
        lines.push(("answered by", after(seq, answer.latency)));
    }
    let end = whole.session.facts().last().map(|last| last.fact.at());
    for waiting in session.waiting(frame.conversation) {
        if let (true, Some(end)) = (waiting.request == frame.seq, end) {
            let lacking: Vec<&str> = waiting.answers.iter().map(|it| it.name()).collect();
            let waited = words::duration(end - waiting.since);
            let words = format!("{} in {waited} until the end", lacking.join(" or "));
            lines.push(("lacks", words));
        }
    }
    lines
}

fn print_fields(message: &Message, version: Option<Version>, out: &mut Output) -> io::Result<()> {
    let reports = check_fields(message, version);
    let is_shown = |report: &&callscope_protocol::FieldReport| {
        report.value.is_some() || report.problem.is_some()
    };
    let width = reports
        .iter()
        .filter(is_shown)
        .map(|it| safe(&it.path).chars().count())
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
            "  {:width$}  {}{problem}",
            safe(&report.path),
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
