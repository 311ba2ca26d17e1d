//! The statistics of a session as text.

use std::io::{self, Write as _};

use callscope_protocol::{Millis, Missing};
use callscope_session_log::Header;
use callscope_session_view::{header, latency};

use super::{CallStats, LatencyStats, Percentiles, RuleCount, Stats, TypeCount};
use callscope_session_view::columns;

use crate::output::Output;
use crate::style::{BOLD, DIM, paint, severity};
use crate::text::{safe, short};
use crate::words;

/// No type of the SDK is longer; longer ones are cut to keep the columns.
const MAX_TYPE: usize = 41;

pub(super) fn print(
    stats: &Stats,
    header: &Header,
    name: &str,
    out: &mut Output,
) -> io::Result<()> {
    writeln!(out, "{}", paint(BOLD, name))?;
    let parts: Vec<_> = header::facts(header)
        .map(|(_, part)| short(part, 100))
        .collect();
    if !parts.is_empty() {
        writeln!(out, "{}", paint(DIM, parts.join(" · ")))?;
    }

    writeln!(
        out,
        "\n{} in {}: {} from HubSpot, {} from the widget",
        words::counted(stats.messages, "message"),
        words::duration(Millis(stats.span_ms)),
        words::count(stats.from_host),
        words::count(stats.from_widget)
    )?;
    for (count, words) in [
        (stats.injected, "injected by Callscope"),
        (stats.cut, "cut by the recorder"),
    ] {
        if count > 0 {
            writeln!(out, "{} {words}", words::count(count))?;
        }
    }
    let missing = Missing::from(stats.missing);
    if missing != Missing::default() {
        writeln!(out, "{}", words::missing_line(missing))?;
    }
    for conversation in &stats.conversations {
        writeln!(out, "\n{}", paint(BOLD, &conversation.heading))?;
        let messages = words::counted(conversation.messages, "message");
        writeln!(out, "  {messages}, {}", conversation.link)?;
        if let Some(steps) = &conversation.steps {
            writeln!(out, "  {}", paint(DIM, steps))?;
        }
    }
    print_findings(stats, out)?;
    print_calls(&stats.calls, out)?;

    if stats.latencies.is_empty() && !stats.unanswered.is_empty() {
        writeln!(out, "\n{}", paint(BOLD, "Answers"))?;
    }
    if !stats.latencies.is_empty() {
        writeln!(out)?;
        let label = |it: &LatencyStats| latency::name(it.request, it.answer);
        let width = stats
            .latencies
            .iter()
            .map(|it| columns::width(&label(it)))
            .max()
            .unwrap_or(0);
        print_head("Answers", width, out)?;
        for latency in &stats.latencies {
            print_percentiles(&label(latency), width, &latency.percentiles, out)?;
        }
    }
    for it in &stats.unanswered {
        writeln!(out, "  {}", it.words)?;
    }

    writeln!(out, "\n{}", paint(BOLD, "Messages by type"))?;
    let width = stats
        .types
        .iter()
        .map(|it| columns::width(&short(&it.r#type, MAX_TYPE)))
        .max();
    let width = width.unwrap_or(0);
    for TypeCount {
        r#type: name,
        from,
        count,
    } in &stats.types
    {
        writeln!(
            out,
            "  {:>9}  {}  {}",
            words::count(*count),
            columns::pad(&short(name, MAX_TYPE), width),
            paint(DIM, from)
        )?;
    }
    Ok(())
}

fn print_findings(stats: &Stats, out: &mut Output) -> io::Result<()> {
    writeln!(out, "\n{}", paint(BOLD, "Findings"))?;
    if let Some(words) = words::of_strangers(stats.of_strangers) {
        writeln!(out, "  {words}")?;
    } else if stats.findings.is_empty() {
        return writeln!(out, "  none");
    }
    for RuleCount {
        code,
        title,
        count,
        worst,
    } in &stats.findings
    {
        let mark = paint(severity(*worst), words::mark(*worst));
        writeln!(out, "  {:>9}  {mark} {code}  {title}", words::count(*count))?;
    }
    Ok(())
}

fn print_calls(calls: &CallStats, out: &mut Output) -> io::Result<()> {
    if calls.count == 0 {
        return Ok(());
    }
    writeln!(out, "\n{}", paint(BOLD, "Calls"))?;
    writeln!(
        out,
        "  {}: {} outbound, {} inbound, {} answered",
        words::counted(calls.count, "call"),
        words::count(calls.outbound),
        words::count(calls.inbound),
        words::count(calls.answered)
    )?;
    let statuses: Vec<String> = calls
        .end_statuses
        .iter()
        .map(|(status, count)| format!("{} {}", safe(status), words::count(*count)))
        .collect();
    if !statuses.is_empty() {
        writeln!(out, "  ended: {}", statuses.join(", "))?;
    }
    if calls.ringing_ms.is_some() || calls.talking_ms.is_some() {
        print_head("", 10, out)?;
    }
    for (label, percentiles) in [
        ("ringing", &calls.ringing_ms),
        ("talking", &calls.talking_ms),
    ] {
        if let Some(percentiles) = percentiles {
            print_percentiles(label, 10, percentiles, out)?;
        }
    }
    Ok(())
}

fn print_head(title: &str, width: usize, out: &mut Output) -> io::Result<()> {
    let columns = ["count", "min", "p50", "p90", "p99", "max"].map(|it| format!("{it:>11}"));
    let width = width + 2;
    writeln!(
        out,
        "{}{}",
        paint(BOLD, format_args!("{title:width$}")),
        paint(DIM, columns.concat())
    )
}

fn print_percentiles(
    label: &str,
    width: usize,
    percentiles: &Percentiles,
    out: &mut Output,
) -> io::Result<()> {
    let Percentiles {
        count,
        min,
        p50,
        p90,
        p99,
        max,
    } = *percentiles;
    let spans = [min, p50, p90, p99, max].map(|it| format!("{:>11}", words::duration(Millis(it))));
    writeln!(
        out,
        "  {label:width$}{:>11}{}",
        words::count(count),
        spans.concat()
    )
}
