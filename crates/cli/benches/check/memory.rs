//! Measures the program's peak memory while it checks a log that is written to it piece by piece.

use std::fs;
use std::io::{BufWriter, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::BUFFER_BYTES;
use crate::log::{self, Content};

const FORMATS: [&str; 4] = ["text", "json", "junit", "github"];

/// Prints a table by log and format.
pub(crate) fn print(messages: u64) {
    println!("\n| log | messages | format | peak memory |");
    println!("| --- | --- | --- | --- |");
    for count in [messages / 10, messages, messages * 4] {
        row(Content::Calls, count, "text");
    }
    for content in [
        Content::OpenCalls,
        Content::Findings,
        Content::Conversations,
    ] {
        for format in FORMATS {
            row(content, messages, format);
        }
    }
    // 50 bytes per message of the log's usual size, so 50 MB by default.
    let length = usize::try_from(messages * 50).unwrap();
    let text = format!("\"{}\"", "x".repeat(length));
    long_row(&format!("one line of {} MB", length / 1_000_000), &text);
    let numbers = format!("[0{}]", ",0".repeat(length / 2));
    long_row(&format!("one list of {} numbers", length / 2), &numbers);
    let depth = length / 500;
    let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    long_row(&format!("{depth} nested lists"), &nested);
}

fn row(content: Content, messages: u64, format: &str) {
    let peak = peak(format, |pipe| content.write(messages, pipe).unwrap());
    println!("| {} | {messages} | {format} | {peak} |", content.words());
}

fn long_row(words: &str, body: &str) {
    let peak = peak("text", |pipe| log::write_long(body, pipe).unwrap());
    println!("| {words} | 4 | text | {peak} |");
}

/// Runs `callscope check` on the output of `write`.
fn peak(format: &str, write: impl FnOnce(&mut BufWriter<ChildStdin>)) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["check", "--format", format, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let pipe = child.stdin.take().unwrap();
    thread::scope(|scope| {
        let watch = scope.spawn(|| watch(&mut child));
        let mut pipe = BufWriter::with_capacity(BUFFER_BYTES, pipe);
        write(&mut pipe);
        pipe.flush().unwrap();
        drop(pipe);
        watch.join().unwrap()
    })
}

/// Waits for the program to exit; returns its peak memory, where there is a `/proc`.
fn watch(child: &mut Child) -> String {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        peak = kilobytes.or(peak);
        thread::sleep(Duration::from_micros(200));
    }
    peak.map_or("unknown".to_owned(), |peak| {
        format!("{:.1} MB", peak * 1024.0 / 1e6)
    })
}
