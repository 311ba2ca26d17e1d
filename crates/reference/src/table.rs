//! A session as rows of text.

use callscope_protocol::{ExampleEvent, ExampleLine, Severity, Side};

use crate::wrap::fill;

/// What a piece of a row is, so that the caller can color it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Blanks, numbers and times.
    Margin,
    /// Who sends to whom.
    Sender(Side),
    /// What happens.
    Text,
    /// The mark, code and severity of a finding.
    Finding(Severity),
}

/// The mark of a severity, one character wide.
#[must_use]
pub const fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "✕",
        Severity::Warning => "▲",
        Severity::Note => "i",
    }
}

/// One row: its pieces from left to right.
pub type Row = Vec<(Role, String)>;

/// Lays a session out in rows of at most `width` characters, unless a word is longer.
#[must_use]
pub fn rows(lines: &[ExampleLine], width: usize) -> Vec<Row> {
    let numbers: Vec<String> = lines.iter().map(number).collect();
    let times: Vec<String> = lines.iter().map(time).collect();
    let longest = |texts: &[String]| texts.iter().map(|it| it.chars().count()).max().unwrap_or(0);
    let (number_width, time_width) = (longest(&numbers), longest(&times));

    let mut rows = Vec::new();
    for ((line, number), time) in lines.iter().zip(numbers).zip(times) {
        let (head, text) = head_and_text(&line.what);
        let gap = if number_width == 0 { "" } else { "  " };
        let margin = format!("{number:>number_width$}{gap}{time:>time_width$}  ");
        let indent = margin.chars().count();
        let head_width = head
            .as_ref()
            .map_or(0, |(_, head)| head.chars().count() + 2);
        let text_width = width.saturating_sub(indent + head_width).max(24);
        for (index, text) in fill(words(&text), text_width).into_iter().enumerate() {
            let mut row = Vec::new();
            match &head {
                Some((role, head)) if index == 0 => {
                    row.push((Role::Margin, margin.clone()));
                    row.push((*role, head.clone()));
                    row.push((Role::Margin, "  ".to_owned()));
                }
                None if index == 0 => row.push((Role::Margin, margin.clone())),
                _ => row.push((Role::Margin, " ".repeat(indent + head_width))),
            }
            row.push((Role::Text, text));
            rows.push(row);
        }
    }
    rows
}

fn number(line: &ExampleLine) -> String {
    match line.messages {
        Some((first, last)) if first == last => first.to_string(),
        Some((first, last)) => format!("{first}–{last}"),
        None => String::new(),
    }
}

fn time(line: &ExampleLine) -> String {
    line.seconds
        .map_or(String::new(), |seconds| format!("{seconds:.3} s"))
}

fn head_and_text(what: &ExampleEvent) -> (Option<(Role, String)>, String) {
    match what {
        ExampleEvent::Message { from, text } => {
            let head = match from {
                Side::Host => "host → widget",
                Side::Widget => "widget → host",
            };
            (Some((Role::Sender(*from), head.to_owned())), text.clone())
        }
        ExampleEvent::Other(words) => (None, words.clone()),
        ExampleEvent::Finding {
            code,
            severity,
            about,
            message,
        } => {
            let mark = mark(*severity);
            let about = about.map_or(String::new(), |seq| format!(" on {seq}"));
            let head = format!("{mark} {severity} {code}{about}");
            (Some((Role::Finding(*severity), head)), message.clone())
        }
    }
}

/// The words of a text, without separating a key or a brace from its value.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .match_indices(' ')
            .map(|(at, _)| at)
            .find(|at| {
                let (before, after) = rest.split_at(*at);
                !before.ends_with([':', '{']) && !after.starts_with(" }")
            })
            .unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        rest = tail.trim_start();
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use callscope_protocol::rule;
    use expect_test::{Expect, expect};

    use super::*;

    #[track_caller]
    fn check(code: &str, width: usize, expected: &Expect) {
        let lines = rule(code).unwrap().example.breaks();
        let text: String = rows(&lines, width)
            .into_iter()
            .map(|row| row.into_iter().map(|(_, text)| text).collect::<String>() + "\n")
            .collect();
        expected.assert_eq(&text);
    }

    #[test]
    fn a_session_in_rows() {
        check(
            "M15",
            100,
            &expect![[r#"
                1–3  0.000 s  SYNC, SYNC_ACK and INITIALIZED { isLoggedIn: true }; the widget reports version
                              0.9.7-beta.0
                  4  1.000 s  widget → host  OUTGOING_CALL_STARTED { toNumber: "+15550100", createEngagement: true,
                                             externalCallId: "a" }
                  5  1.200 s  host → widget  CREATE_ENGAGEMENT_SUCCEEDED { engagementId: 4711 }
                  6  2.000 s  widget → host  CALL_ENDED { externalCallId: "a", engagementId: 4711,
                                             callEndStatus: "BUSY" }
                  7  6.900 s  widget → host  OUTGOING_CALL_STARTED { toNumber: "+15550100", createEngagement: true,
                                             externalCallId: "b" }
                     7.500 s  The recording ends
                              ▲ warning M15 on 6  The next call began without CALL_COMPLETED for the one before;
                                                  engagement 4711 stays incomplete
            "#]],
        );
    }

    #[test]
    fn a_narrow_one() {
        check(
            "T08",
            60,
            &expect![[r#"
                1–3  0.000 s  SYNC, SYNC_ACK and INITIALIZED
                              { isLoggedIn: true }; the widget reports
                              version 0.9.7-beta.0
                  4  1.000 s  host → widget  VISIBILITY_CHANGED
                                             messageId: "m1"
                                             { isMinimized: false,
                                             isHidden: false }
                  5  9.000 s  host → widget  DIAL_NUMBER messageId: "m1"
                                             { phoneNumber: "+15550100" }
                              ▲ warning T08  DIAL_NUMBER has the messageId
                                             m1, which the host used before
            "#]],
        );
    }

    #[test]
    fn a_run_of_messages() {
        check(
            "H02",
            100,
            &expect![[r#"
            1–20  0.000 s  host → widget  SYNC hostUrl: "https://app.hubspot.com", 20 times until 1.900 s
              21  1.910 s  widget → host  SYNC_ACK version: "0.9.7-beta.0", iFrameUrl: "https://widget.example"
                           i note H02  SYNC_ACK came after 20 SYNCs and 1.9 s
              22  1.911 s  widget → host  INITIALIZED { isLoggedIn: true }
        "#]],
        );
    }
}
