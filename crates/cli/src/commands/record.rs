//! `callscope record`: records a session in a Chromium of its own.

pub(super) mod extension;
mod port;
mod steps;
mod take;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use callscope_browser::{Browser, LaunchOptions, Target};
use callscope_bus::{FrameInfo, WELCOME_PAGE};
use callscope_session_log::write_log;
use callscope_session_view::findings;
use serde_json::json;

use self::extension::Extension;
use self::port::{Heard, Port};
use self::steps::{Step, Steps, perform};
use self::take::Take;
use crate::Status;
use crate::output::{NewFile, Output};
use crate::text::safe;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope record https://app.hubspot.com/contacts/1 -o session.jsonl      until Ctrl-C
  callscope record https://localhost:9025/host.html -o session.jsonl --headless \\
      --accept-insecure-certs --dial +15550100 --until CALL_COMPLETED --for 60s
  callscope record URL -o session.jsonl --click '#log-in' --dial +15550100 \\
      --wait ENGAGEMENT_CREATED --click '#hang-up'

The browser's profile is new and thrown away afterwards, so you have to log in first. --dial,
--click and --wait are done in the order given: --dial as soon as the widget is ready, --click as
soon as it also has what is to be clicked, --wait once the message came after the step before.

Exit status: 0 recorded, 1 the message of --until did not come or a step could not be done (the
log is written all the same), 2 nothing could be recorded.";

/// How often the recorder is asked.
const PAUSE: Duration = Duration::from_millis(50);

/// At the end of a recording, messages under way may still arrive: taps send every 20 ms, and an
/// answer follows its request.
const AFTERMATH: Duration = Duration::from_millis(500);

/// How long to wait for messages under way if there are many.
const REST: Duration = Duration::from_secs(10);

/// Records what passes between HubSpot and a widget, in a Chromium with the extension.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The page to open: HubSpot, or your own host page.
    #[arg(value_name = "URL", value_parser = parse_url)]
    url: String,

    /// Write the session log to this file.
    #[arg(short, long, value_name = "PATH")]
    output: PathBuf,

    /// Stop after this time: 30s, 5m, 1500ms.
    #[arg(long = "for", value_name = "TIME", value_parser = parse_duration)]
    duration: Option<Duration>,

    /// Stop after a message of this type.
    #[arg(long, value_name = "TYPE", value_parser = steps::parse_type)]
    until: Option<String>,

    #[command(flatten)]
    steps: Steps,

    /// Open no window, as is done anyway where there is no display.
    #[arg(long)]
    headless: bool,

    /// Accept any certificate, such as a self-signed one of a widget on localhost.
    #[arg(long)]
    accept_insecure_certs: bool,

    /// Listen in this origin as well, such as `https://dialer.example`.
    #[arg(long, value_name = "ORIGIN", value_parser = parse_url)]
    #[arg(help = "Listen in this origin as well, such as https://dialer.example")]
    listen: Vec<String>,

    /// The folder of the unpacked extension; needed if this program was built without it.
    #[arg(long, value_name = "FOLDER")]
    extension: Option<PathBuf>,

    /// The Chromium to start.
    #[arg(long, value_name = "PATH")]
    #[arg(
        help = "The Chromium to start; otherwise CALLSCOPE_CHROMIUM, then the usual places are tried"
    )]
    chromium: Option<PathBuf>,
}

pub(super) fn parse_url(text: &str) -> Result<String, String> {
    let is_web = |scheme: &str| {
        ["http", "https"]
            .iter()
            .any(|it| scheme.eq_ignore_ascii_case(it))
    };
    match text.split_once("://") {
        Some((scheme, rest)) if is_web(scheme) && !rest.is_empty() && !rest.starts_with('/') => {
            // The scheme in lower case, as everything else expects it.
            Ok(format!("{}://{rest}", scheme.to_ascii_lowercase()))
        }
        _ => Err("an address begins with https:// or http://".to_owned()),
    }
}

fn parse_duration(text: &str) -> Result<Duration, String> {
    let text = text.trim();
    let digits = text
        .find(|it: char| !it.is_ascii_digit() && it != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err("use a number with ms, s, m or h, such as 30s".to_owned()),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "use a number, such as 30s".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

pub(crate) fn run(args: &Args, _: &mut Output) -> anyhow::Result<Status> {
    // Opened before recording, so that nothing is recorded that could not be written.
    let mut file = NewFile::create(&args.output)?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .context("waiting for Ctrl-C")?;

    let mut origins = args.listen.clone();
    origins.push(args.url.clone());
    let extension = Extension::prepare(args.extension.as_deref(), &origins)?;
    let mut extra_arguments = Vec::new();
    if args.accept_insecure_certs {
        extra_arguments.push("--ignore-certificate-errors".into());
    }
    let browser = Browser::launch(&LaunchOptions {
        chromium: args.chromium.clone(),
        headless: args.headless || !has_display(),
        extension: Some(extension.folder.clone()),
        extension_without: vec![WELCOME_PAGE.to_owned()],
        extra_arguments,
        ..LaunchOptions::default()
    })?;
    let mut recording = Recording::begin(args, &browser)?;
    let end = recording.run(&stop)?;
    let (take, next) = (recording.take, recording.next);
    if !take.has_begun() {
        bail!(
            "nothing listened in {}: the page did not load, or went to another origin; \
             name that one with --listen",
            args.url
        );
    }
    let mut log = String::new();
    write_log(
        &mut log,
        &take.header(browser.version().ok()),
        take.session().to_lines(),
    )?;
    let unwritable = file.unwritable();
    file.write_all(log.as_bytes()).context(unwritable)?;
    file.keep()?;
    Ok(summarize(&take, &end, next, args))
}

/// Whether a window can be opened.
pub(super) fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some())
}

/// Why a recording ended.
enum End {
    /// The message that ends it came.
    Seen,
    /// Its time was up.
    Time,
    /// The user stopped it, or closed the browser.
    Stopped,
}

struct Recording<'a> {
    args: &'a Args,
    browser: &'a Browser,
    page: Target,
    port: Port,
    take: Take,
    /// The steps still to do.
    steps: std::slice::Iter<'a, Step>,
    next: Option<&'a Step>,
    /// The last fact before the current step.
    before: u64,
    /// The last fact that was checked for the end.
    looked_at: u64,
    is_told: bool,
}

impl<'a> Recording<'a> {
    fn begin(args: &'a Args, browser: &'a Browser) -> anyhow::Result<Self> {
        let page = browser.first_page()?;
        let port = Port::new(browser)?;
        let answer = page.call("Page.navigate", &json!({ "url": args.url }))?;
        if let Some(reason) = answer["errorText"].as_str() {
            bail!("{} cannot be loaded: {reason}", args.url);
        }
        let mut steps = args.steps.0.iter();
        let next = steps.next();
        Ok(Self {
            args,
            browser,
            page,
            port,
            take: Take::default(),
            steps,
            next,
            before: 0,
            looked_at: 0,
            is_told: false,
        })
    }

    /// Records until something ends the recording.
    fn run(&mut self, stop: &AtomicBool) -> anyhow::Result<End> {
        let started = now();
        let end = loop {
            if stop.load(Ordering::Relaxed) || !self.browser.is_running() {
                break End::Stopped;
            }
            self.listen()?;
            if self.has_seen() {
                break End::Seen;
            }
            if self
                .args
                .duration
                .is_some_and(|limit| started.elapsed() >= limit)
            {
                break End::Time;
            }
            self.step()?;
            self.tell(started);
            std::thread::sleep(PAUSE);
        };
        if self.browser.is_running() {
            let until = now() + AFTERMATH;
            while now() < until {
                self.listen()?;
                std::thread::sleep(PAUSE);
            }
            self.hear_the_rest(until)?;
        }
        self.take.settle();
        if std::mem::take(&mut self.is_told) {
            _ = write!(std::io::stderr(), "\r\x1b[K");
        }
        Ok(end)
    }

    /// Reads what is still under way, and until when nothing else has happened.
    fn hear_the_rest(&mut self, since: Instant) -> anyhow::Result<()> {
        let asked = self.take.ask_for_report();
        if self.port.say(&asked).is_err() {
            // The user has closed the browser.
            return Ok(());
        }
        while !self.take.is_reported() && self.browser.is_running() && now() < since + REST {
            self.listen()?;
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Does the next step, if that is possible now.
    fn step(&mut self) -> anyhow::Result<()> {
        let Some(step) = self.next else {
            return Ok(());
        };
        let (take, port) = (&self.take, &self.port);
        if let Some(done) = perform(step, self.before, take, port, self.browser, &self.page)? {
            self.before = done;
            self.next = self.steps.next();
        }
        Ok(())
    }

    /// Reads what the recorder has sent.
    fn listen(&mut self) -> anyhow::Result<()> {
        let result = self.port.drain();
        let Heard {
            said,
            left,
            is_open,
        } = match result {
            Ok(heard) => heard,
            // The user may close the browser at any moment.
            Err(_) if !self.browser.is_running() => return Ok(()),
            Err(error) => return Err(error),
        };
        for message in said {
            self.take.hear(message)?;
        }
        for left in left {
            self.take.take_left(left)?;
        }
        if !is_open {
            self.port.connect(&self.take.subscribe())?;
        }
        Ok(())
    }

    /// Whether the message that ends the recording has come.
    fn has_seen(&mut self) -> bool {
        let Some(until) = &self.args.until else {
            return false;
        };
        if self.take.has_left(until) {
            return true;
        }
        let after = std::mem::replace(&mut self.looked_at, self.take.last_id());
        self.looked_at > after && self.take.heard(until, after).is_some()
    }

    /// Shows on a terminal that it is recording.
    fn tell(&mut self, started: Instant) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        self.is_told = true;
        let time = words::clock(callscope_protocol::Millis(
            started.elapsed().as_secs_f64() * 1e3,
        ));
        let messages = words::counted(self.take.session().message_count() as u64, "message");
        _ = write!(
            std::io::stderr(),
            "\r\x1b[Krecording {time}, {messages}; Ctrl-C stops"
        );
    }
}

fn summarize(take: &Take, end: &End, next: Option<&Step>, args: &Args) -> Status {
    let session = take.session();
    let counts = findings::Counts::of(session).worst_first();
    let counts = counts.map(|(it, count)| words::counted(count as u64, it.name()));
    anstream::eprintln!(
        "{}: {}, {}",
        args.output.display(),
        words::counted(session.message_count() as u64, "message"),
        counts.join(", ")
    );
    let frames = take.status().map_or(&[][..], |status| &status.frames);
    for FrameInfo { origin, .. } in frames.iter().filter(|it| it.widget && !it.tapped) {
        if origin == "null" {
            anstream::eprintln!(
                "note: what a sandboxed frame received was not recorded: add --listen with the \
                 origin that its page comes from"
            );
            continue;
        }
        let origin = safe(origin);
        anstream::eprintln!("note: what {origin} received was not recorded: add --listen {origin}");
    }
    let mut status = Status::Clean;
    if let Some(step) = next {
        anstream::eprintln!("the recording ended before {step}");
        status = Status::Found;
    }
    if let (Some(until), End::Time | End::Stopped) = (&args.until, end) {
        anstream::eprintln!("{until} did not come");
        status = Status::Found;
    }
    status
}

#[expect(
    clippy::disallowed_methods,
    reason = "native only, and recording needs a clock"
)]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(parse_duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse_duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(parse_duration("250 ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("7"), Ok(Duration::from_secs(7)));
        for bad in ["", "s", "-1s", "1d", "1e9999h", "1..2s"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_are_of_the_web() {
        assert!(parse_url("https://localhost:9025/x").is_ok());
        assert_eq!(parse_url("HTTPS://a/B").as_deref(), Ok("https://a/B"));
        for bad in ["localhost:9025", "file:///x", "https://", "javascript://x"] {
            assert!(parse_url(bad).is_err(), "{bad}");
        }
    }
}
