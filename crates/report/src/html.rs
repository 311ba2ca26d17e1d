//! The report as one HTML page that runs no scripts and loads nothing.

use std::fmt::{self, Write};

use callscope_diagram::{mark, svg, xml};
use callscope_protocol::{Finding, Message, RecordedMessage, Side};
use callscope_session_view::Digest;
use callscope_session_view::colors::{DARK, LIGHT, Palette, Rgb};
use callscope_session_view::findings::{self, Group};
use callscope_session_view::inside;
use callscope_session_view::visible::visible_json;
use callscope_session_view::words;

use super::{Entry, Report, Section, aside};
use crate::time_of_day;

type Role = fn(&Palette) -> Rgb;

/// The names that [`STYLE`] uses for colors.
const COLORS: &[(&str, Role)] = &[
    ("text", |it| it.text),
    ("weak", |it| it.weak),
    ("bg", |it| it.bg),
    ("bar", |it| it.panel),
    ("line", |it| it.divider),
    ("host", |it| it.side(Side::Host)),
    ("widget", |it| it.side(Side::Widget)),
    ("error", |it| it.error),
    ("warning", |it| it.warning),
    ("injected", |it| it.injected),
    ("inside", |it| it.inside),
];

const STYLE: &str = "\
body { font: 14px/1.45 system-ui, sans-serif; color: var(--text); background: var(--bg); max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top; padding: .15rem .6rem .15rem 0; }
th { color: var(--weak); font-weight: normal; } tbody tr:target { background: var(--bar); }
code, pre, .mono { font: 12px/1.4 ui-monospace, monospace; } pre { background: var(--bar); padding: .5rem; overflow-x: auto; }
.weak { color: var(--weak); } .host { color: var(--host); } .widget { color: var(--widget); } .injected { color: var(--injected); } .inside { color: var(--inside); }
.error { color: var(--error); } .warning, .gap { color: var(--warning); } .note { color: var(--weak); }
.finding { margin: 1rem 0; padding-left: .8rem; border-left: 3px solid var(--line); } .finding h3 { margin: 0 0 .2rem; font-size: 1rem; }
.picture { overflow-x: auto; } summary { cursor: pointer; } a { color: var(--host); }
";

/// Writes the page.
pub(super) fn write(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
         style-src 'unsafe-inline'\">\n<title>Callscope report</title>\n\
         <style>\n:root {{ color-scheme: light dark;"
    )?;
    for (name, color) in COLORS {
        let (light, dark) = (color(&LIGHT), color(&DARK));
        writeln!(out, "  --{name}: light-dark({light}, {dark});")?;
    }
    writeln!(
        out,
        "}}\n{STYLE}</style>\n</head>\n<body>\n<h1>Callscope report: {}</h1>",
        xml(&report.finding())
    )?;
    environment(report, out)?;
    summary(report, out)?;
    findings(report, out)?;
    writeln!(out, "<h2>Ladder</h2>\n<div class=\"picture\">")?;
    out.push_str(&svg(&report.ladders));
    writeln!(out, "</div>")?;
    timeline(report, out)?;
    writeln!(out, "</body>\n</html>")
}

fn environment(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(out, "<table>")?;
    for (label, value) in report.environment() {
        writeln!(out, "<tr><th>{label}</th><td>{}</td></tr>", xml(&value))?;
    }
    writeln!(out, "</table>")
}

fn summary(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(out, "<h2>Summary</h2>\n<p>{}</p>\n<ul>", report.numbers())?;
    for (conversation, link) in report.conversations() {
        writeln!(out, "<li>{}: {}</li>", xml(&conversation), xml(&link))?;
    }
    for call in &report.whole.session().calls() {
        writeln!(
            out,
            "<li><a href=\"#m{}\">call {}</a> of conversation {}: {}, {}</li>",
            call.first_seq,
            call.id.serial,
            call.id.conversation.0,
            xml(&words::call(call)),
            words::counted(call.message_count, "message")
        )?;
    }
    writeln!(out, "</ul>")
}

fn findings(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(out, "<h2>Findings</h2>")?;
    let sections = report.findings();
    if sections.is_empty() {
        return writeln!(out, "<p>None.</p>");
    }
    for Section { heading, group } in sections {
        if let Some(heading) = heading {
            writeln!(out, "<h3>{heading}</h3>")?;
        }
        let Group {
            rule,
            severity,
            findings,
            ..
        } = group;
        writeln!(
            out,
            "<div class=\"finding\">\n<h3 class=\"{severity}\">{} {severity} {}: {}</h3>\n<ul>",
            mark(severity),
            rule.code,
            xml(rule.title)
        )?;
        for it in findings {
            let aside = aside(severity, it.finding);
            write!(out, "<li>{}{aside}", finding(it.finding))?;
            if !it.consequences.is_empty() {
                let more = words::consequences(it.consequences.len());
                writeln!(out, ", {more}:\n<ul>")?;
                for consequence in it.consequences {
                    let code = consequence.rule.code;
                    writeln!(out, "<li>{code} {}</li>", finding(consequence))?;
                }
                write!(out, "</ul>")?;
            }
            if let Some(advice) = &it.finding.advice {
                write!(out, "<br><b>Fix:</b> {}", xml(advice))?;
            }
            writeln!(out, "</li>")?;
        }
        writeln!(
            out,
            "</ul>\n<p><b>Why it matters:</b> {}</p>\n<p><b>How to fix it:</b> {}</p>\n</div>",
            xml(rule.why),
            xml(rule.fix)
        )?;
    }
    Ok(())
}

/// The place and the message of a finding.
fn finding(finding: &Finding) -> String {
    let place = match finding.seq {
        Some(seq) => format!("<a href=\"#m{seq}\">message {seq}</a>"),
        None => format!("{} UTC", time_of_day(finding.at)),
    };
    let related = finding.related.iter();
    let related: Vec<String> = related
        .map(|seq| format!("<a href=\"#m{seq}\">{seq}</a>"))
        .collect();
    let related = match related.as_slice() {
        [] => String::new(),
        related => format!(" (see {})", related.join(", ")),
    };
    format!("{place}: {}{related}", xml(&finding.message))
}

fn timeline(report: &Report, out: &mut String) -> fmt::Result {
    writeln!(
        out,
        "<h2>Timeline</h2>\n<p class=\"weak\">Times are in UTC.</p>\n<table>\n<thead><tr><th>#</th>\
         <th>Time</th><th>From</th><th>Message</th></tr></thead>\n<tbody>"
    )?;
    for entry in report.entries() {
        match entry {
            Entry::Message(recorded, digest) => row(report, recorded, digest, out)?,
            Entry::Gap(gap) => writeln!(
                out,
                "<tr><td></td><td class=\"mono\">{}</td><td></td><td class=\"gap\">{}</td></tr>",
                time_of_day(gap.at),
                xml(&words::gap(gap))
            )?,
            Entry::Inside(inside) => writeln!(
                out,
                "<tr><td></td><td class=\"mono\">{}</td><td class=\"{side}\">{side}</td>\
                 <td class=\"inside\">inside: {}</td></tr>",
                time_of_day(inside.at),
                xml(&inside::sentence(inside)),
                side = inside.side.name(),
            )?,
        }
    }
    writeln!(out, "</tbody>\n</table>")
}

fn row(
    report: &Report,
    recorded: &RecordedMessage,
    digest: &Digest,
    out: &mut String,
) -> fmt::Result {
    let injected = if recorded.injected {
        " <span class=\"injected\">injected</span>"
    } else {
        ""
    };
    write!(
        out,
        "<tr id=\"m{}\"><td class=\"mono weak\">{}</td><td class=\"mono\">{}</td>\
         <td class=\"{side}\">{side}</td><td><details><summary><code>{}</code>{injected} {}",
        recorded.seq,
        recorded.seq,
        time_of_day(recorded.at),
        xml(digest.type_words()),
        xml(&digest.summary),
        side = recorded.from.name(),
    )?;
    if let Some(answer) = report.whole.session().placement(recorded.seq).answers {
        let request = answer.request;
        write!(
            out,
            " <span class=\"weak\">answers <a href=\"#m{request}\">{request}</a> after {}</span>",
            words::duration(answer.latency)
        )?;
    }
    for finding in report.whole.session().findings_of(recorded.seq) {
        let severity = findings::severity(report.whole.session(), finding);
        let mark = mark(severity);
        write!(
            out,
            " <b class=\"{severity}\">{mark} {}</b>",
            finding.rule.code
        )?;
    }
    writeln!(
        out,
        "</summary><pre>{}</pre></details></td></tr>",
        json(recorded)
    )
}

/// A message as indented JSON, for HTML.
fn json(recorded: &RecordedMessage) -> String {
    let message = Message::decode(&recorded.message);
    let pretty = (!message.lossy())
        .then(|| serde_json::to_string_pretty(message.value()).ok())
        .flatten()
        .unwrap_or_else(|| recorded.message.as_str().to_owned());
    let lines: Vec<String> = pretty
        .lines()
        .map(|line| xml(&visible_json(line)))
        .collect();
    lines.join("\n")
}
