//! What `callscope check` costs on a log of a million messages: `cargo bench -p callscope-cli`.
//!
//! It is measured against what has to be paid in any case: reading the same lines into
//! `serde_json::Value` in the same process. The log is made here, a call after the other as the
//! newest SDK makes them, about 250 bytes a message. `docs/performance.md` has the figures.
//!
//! `CALLSCOPE_BENCH_MESSAGES` sets another number of messages.

#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot run should stop"
)]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

const ROUNDS: u32 = 3;
const BUFFER_BYTES: usize = 1 << 17;

fn main() {
    // `cargo test --benches` only wants to see that it runs.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let messages = std::env::var("CALLSCOPE_BENCH_MESSAGES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(if is_bench { 1_000_000 } else { 2_000 });
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join("bench.callscope.jsonl");
    write_log(&path, messages);
    let bytes = fs::metadata(&path).unwrap().len();
    println!("{messages} messages, {:.1} MB", bytes as f64 / 1e6);

    match std::env::var("ONLY").as_deref() {
        Ok("value") => return parse_lines(&path),
        Ok("check") => return check_lines(&path, messages),
        Ok("write") => return,
        _ => {}
    }
    let (mut parse, mut check) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        parse = parse.min(time(|| parse_lines(&path)));
        check = check.min(time(|| check_lines(&path, messages)));
    }
    let each = |time: Duration| time.as_secs_f64() / messages as f64 * 1e6;
    println!(
        "lines to Value   {:6.2} s  {:5.2} µs a message",
        parse.as_secs_f64(),
        each(parse)
    );
    println!(
        "check            {:6.2} s  {:5.2} µs a message  {:.2} × Value",
        check.as_secs_f64(),
        each(check),
        check.as_secs_f64() / parse.as_secs_f64()
    );
    let program = time(|| program_memory(&path));
    println!("callscope check  {:6.2} s", program.as_secs_f64());
    if let Some(jq) = jq(&path) {
        println!(
            "jq -c .          {:6.2} s  {:.1} × callscope check",
            jq.as_secs_f64(),
            jq.as_secs_f64() / program.as_secs_f64()
        );
    }
    if std::env::var_os("CALLSCOPE_BENCH_KEEP").is_none() {
        fs::remove_file(&path).unwrap();
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let started = now();
    work();
    started.elapsed()
}

#[expect(
    clippy::disallowed_methods,
    reason = "native only, and it is what a benchmark is for"
)]
fn now() -> Instant {
    Instant::now()
}

fn parse_lines(path: &Path) {
    let reader = BufReader::with_capacity(BUFFER_BYTES, File::open(path).unwrap());
    for line in reader.lines() {
        let value: Value = serde_json::from_str(&line.unwrap()).unwrap();
        black_box(value);
    }
}

fn check_lines(path: &Path, messages: u64) {
    let reader = BufReader::with_capacity(BUFFER_BYTES, File::open(path).unwrap());
    let counted = callscope_cli::check_log(reader).unwrap();
    assert_eq!(counted, (messages, 0), "the log is in order");
}

/// Runs the program and prints the most memory that it had.
fn program_memory(path: &Path) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["check", "--format", "json"])
        .arg(path)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        // The high-water mark, where there is a `/proc`.
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = line.map(|line| line.trim().to_owned()).or(peak);
        std::thread::sleep(Duration::from_millis(5));
    }
    println!("memory           {}", peak.as_deref().unwrap_or("unknown"));
}

fn jq(path: &Path) -> Option<Duration> {
    let mut jq = Command::new("jq");
    jq.args(["-c", "."]).arg(path).stdout(Stdio::null());
    let mut status = None;
    let took = time(|| status = jq.status().ok());
    status
        .filter(std::process::ExitStatus::success)
        .map(|_| took)
}

/// Writes a log of calls, each of them as it should be.
fn write_log(path: &Path, messages: u64) {
    let mut log = LogWriter::new(path);
    log.line(r#"{"kind":"header","format":"callscope-session","version":1}"#);
    log.host(r#""type":"SYNC","hostUrl":"https://app.hubspot.com","portalId":62515,"userId":7,"iframeLocation":"widget""#);
    let sync = log.last_id.clone();
    log.answer(
        &sync,
        r#""type":"SYNC_ACK","version":"0.9.7","iFrameUrl":"https://widget.example""#,
    );
    log.widget(r#""type":"INITIALIZED","data":{"isLoggedIn":true,"isAvailable":true,"sizeInfo":{"width":400,"height":600}}"#);
    let mut call = 0;
    while log.seq < messages {
        call += 1;
        for step in 0..10 {
            if log.seq == messages {
                break;
            }
            log.call(call, step);
        }
    }
    log.out.flush().unwrap();
}

struct LogWriter {
    out: BufWriter<File>,
    seq: u64,
    last_id: String,
}

impl LogWriter {
    /// Milliseconds between two messages.
    const PACE: u64 = 700;
    const START: u64 = 1_795_350_545_000;

    fn new(path: &Path) -> Self {
        let out = BufWriter::with_capacity(BUFFER_BYTES, File::create(path).unwrap());
        Self {
            out,
            seq: 0,
            last_id: String::new(),
        }
    }

    fn line(&mut self, line: &str) {
        writeln!(self.out, "{line}").unwrap();
    }

    fn host(&mut self, body: &str) {
        let id = format!("1795350540000_{}", Self::START + self.seq * Self::PACE);
        self.frame("host", "https://app.hubspot.com", &id, body);
    }

    fn widget(&mut self, body: &str) {
        let id = format!("1795350541000_{}", Self::START + self.seq * Self::PACE);
        self.answer(&id, body);
    }

    fn answer(&mut self, id: &str, body: &str) {
        self.frame("widget", "https://widget.example", id, body);
    }

    fn frame(&mut self, from: &str, origin: &str, id: &str, body: &str) {
        id.clone_into(&mut self.last_id);
        let at = Self::START + self.seq * Self::PACE;
        self.seq += 1;
        let seq = self.seq;
        writeln!(
            self.out,
            r#"{{"kind":"frame","seq":{seq},"at":{at}.4,"conversation":1,"from":"{from}","origin":"{origin}","message":{{"messageId":"{id}",{body}}}}}"#
        )
        .unwrap();
    }

    /// One message of an outbound call.
    fn call(&mut self, call: u64, step: u64) {
        let id = format!("6f1c2a9e-5d0b-4a57-9c3e-{call:012}");
        let engagement = 4_000_000 + call;
        let at = Self::START + self.seq * Self::PACE;
        let number = format!("+1555{:07}", call % 10_000_000);
        let both = format!(r#""externalCallId":"{id}","engagementId":{engagement}"#);
        match step {
            0 => self.host(&format!(
                r#""type":"DIAL_NUMBER","data":{{"phoneNumber":"{number}","ownerId":11,"portalId":62515,"objectId":51,"objectType":"CONTACT","startTimestamp":{at},"toPhoneNumberSource":"phone","calleeInfo":{{"calleeId":51,"calleeObjectTypeId":"0-1"}}}}"#
            )),
            1 => self.widget(&format!(
                r#""type":"OUTGOING_CALL_STARTED","data":{{"toNumber":"{number}","fromNumber":"+15550100111","createEngagement":true,"externalCallId":"{id}","callStartTime":{at}}}"#
            )),
            2 => self.host(&format!(r#""type":"CREATE_ENGAGEMENT_SUCCEEDED","data":{{"engagementId":{engagement},"createdAt":{at},"properties":{{"hs_call_direction":"OUTBOUND","hs_call_to_number":"{number}"}}}}"#)),
            3 => self.host(&format!(r#""type":"INITIATE_CALL_ID_SUCCEEDED","data":{{"callId":"c-{id}","initiatedAt":{at}}}"#)),
            4 => self.widget(&format!(
                r#""type":"CALL_ANSWERED","data":{{"externalCallId":"{id}","answeredBy":"customer","at":{at},"remark":"the other side picked up after a few rings"}}"#
            )),
            5 => self.widget(&format!(
                r#""type":"CALL_ENDED","data":{{{both},"callEndStatus":"COMPLETED"}}"#
            )),
            6 => self.widget(&format!(
                r#""type":"CALL_COMPLETED","data":{{{both},"hideWidget":false,"engagementProperties":{{"hs_call_body":"Spoke about the renewal; will call again next week.","hs_call_duration":"42000","hs_call_status":"COMPLETED"}}}}"#
            )),
            7 => self.host(&format!(r#""type":"UPDATE_ENGAGEMENT_SUCCEEDED","data":{{"engagementId":{engagement}}}"#)),
            8 => self.widget(&format!(r#""type":"FINALIZE_ENGAGEMENT","data":{{{both}}}"#)),
            _ => self.host(&format!(r#""type":"FINALIZE_ENGAGEMENT_SUCCEEDED","data":{{{both}}}"#)),
        }
    }
}
