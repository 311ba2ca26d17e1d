//! `callscope conform`: plays scenarios against a widget.

mod hubspot;
mod listing;
mod page_errors;
mod pipe;
mod play;
mod preflight;
mod print;
mod user;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use callscope_browser::{Browser, LaunchOptions};
use callscope_protocol::Severity;
use callscope_scenario::{
    Assessment, Bindings, ExpectedFailures, Plan, Profile, Scenario, built_in,
};
use callscope_session_log::Log;
use clap::ValueEnum;

use self::pipe::PipeServer;
use self::play::{Played, Setting, play};
use self::print::{Counts, Outcome};
use super::check::Deny;
use crate::Status;
use crate::output::{Output, put};
use crate::text::safe;
use crate::words;

const EXAMPLES: &str = "\
Examples:
  callscope conform list                                          what is there to play?
  callscope conform --widget https://localhost:9025/              play all of it
  callscope conform --widget URL --scenario outbound-busy         only this one
  callscope conform --widget URL --scenario bug-17.jsonc --out t  one of your own, with its log
  callscope conform --dry-run                                     what would be done, and clicked?
  callscope conform --widget URL --format junit > conform.xml     in CI
  callscope conform --widget URL --as app.hubspot.com             if only HubSpot may frame it

callscope.json in the working directory says how the widget is used: what to click to call, to
answer, to hang up. Without it the ids of HubSpot's own demos are tried. docs/scenarios.md tells
how to write it, and your own scenarios.

Exit status: 0 everything passed, was skipped, or failed as --expected-failures says; 1 a scenario
failed, or one that should fail passed or was skipped; 2 something else went wrong.";

/// How often to check for Ctrl-C.
const STOP_INTERVAL: Duration = Duration::from_millis(50);

/// The longest wait for an answer from the browser.
const PATIENCE: Duration = Duration::from_secs(20);

/// Plays scenarios against a widget, in a Chromium with a simulated HubSpot.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// `list` names the built-in scenarios.
    #[arg(value_enum, value_name = "list")]
    #[arg(conflicts_with_all = ["widget", "scenario", "dry_run", "out", "expected_failures"])]
    action: Option<Action>,

    /// The widget's address; callscope.json may have it instead.
    #[arg(long, value_name = "URL", value_parser = super::record::parse_url)]
    widget: Option<String>,

    /// Play only this one: a name, or a file; may be given several times.
    #[arg(long, value_name = "NAME|FILE")]
    scenario: Vec<String>,

    /// How the results are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,

    /// Print what would be done, and start no browser.
    #[arg(long, conflicts_with = "out")]
    dry_run: bool,

    /// Write the log and a report of each session into this folder.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,

    /// A file that names the scenarios which are known to fail, one a line.
    #[arg(long, value_name = "PATH")]
    expected_failures: Option<PathBuf>,

    /// How the widget is used; callscope.json in the working directory if not given.
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,

    /// Which generation of the SDK to play for; as the widget's handshake tells if not given.
    #[arg(long, value_name = "PROFILE", value_parser = parse_profile)]
    #[arg(help = "Which generation of the SDK to play for: seed or 0.9; else the widget tells")]
    profile: Option<Profile>,

    /// Play HubSpot under this name, such as app.hubspot.com.
    ///
    /// For a widget that only HubSpot may frame; only the Chromium that is started sees it.
    #[arg(long = "as", value_name = "HOST", value_parser = super::simulate::parse_host)]
    host: Option<String>,

    /// Fail a scenario on findings of the checker of this level and worse.
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Deny::Error)]
    deny: Deny,

    /// How many scenarios are played at a time.
    #[arg(long, value_name = "COUNT", default_value_t = 4)]
    jobs: usize,

    /// Accept any certificate, such as that of a widget on localhost.
    #[arg(long)]
    accept_insecure_certs: bool,

    /// The Chromium to start.
    #[arg(long, value_name = "PATH")]
    #[arg(help = "The Chromium to start; else CALLSCOPE_CHROMIUM and the usual places are tried")]
    chromium: Option<PathBuf>,
}

/// What to do in place of playing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Action {
    /// Name the built-in scenarios.
    List,
}

/// How the results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Text,
    /// One JSON object.
    Json,
    /// `JUnit` XML.
    #[value(help = "JUnit XML, which most CI systems read")]
    Junit,
}

fn parse_profile(text: &str) -> Result<Profile, String> {
    Profile::from_word(text).ok_or_else(|| "write seed or 0.9".to_owned())
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    let known = built_in().context("the built-in scenarios")?;
    if args.action == Some(Action::List) {
        listing::list(&known, args.format, out)?;
        return Ok(Status::Clean);
    }
    let bindings = read_bindings(args.config.as_deref())?;
    let (chosen, known) = choose(&args.scenario, known)?;
    let plans = plans(&chosen, &known)?;
    let expected = read_expected(args.expected_failures.as_deref(), &known)?;
    if args.dry_run {
        listing::dry_run(&plans, &bindings, args.format, out)?;
        return Ok(Status::Clean);
    }
    let widget = match (&args.widget, &bindings.widget) {
        (Some(widget), _) => widget.clone(),
        (None, Some(widget)) => super::record::parse_url(widget)
            .map_err(|why| anyhow!("\"widget\" in callscope.json is {}: {why}", safe(widget)))?,
        (None, None) => {
            bail!("no widget: name its address with --widget, or as \"widget\" in callscope.json")
        }
    };
    // Checked before the minute that playing takes, not after it.
    if let Some(folder) = &args.out {
        fs::create_dir_all(folder)
            .with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .context("waiting for Ctrl-C")?;
    let began = words::now();
    let server = PipeServer::start(args.host.as_deref())?;
    let browser = Browser::launch(&launch_options(args, &server))?;
    let checked = interruptibly(&browser, &stop, || preflight::check(&browser, &widget));
    if stop.load(Ordering::Relaxed) {
        bail!("stopped");
    }
    checked?;
    let setting = Setting {
        widget: widget.clone(),
        host_origin: server.origin(),
        has_hubspots_name: args.host.is_some(),
        bindings,
        profile: args.profile,
        deny: args.deny.severity(),
    };
    let played = interruptibly(&browser, &stop, || {
        play_all(&plans, &setting, &browser, args.jobs, &stop)
    });
    let version = browser.version().ok();
    drop(browser);
    if stop.load(Ordering::Relaxed) {
        bail!("stopped");
    }
    let mut outcomes = Vec::new();
    for played in played {
        let name = played.plan.scenario.name.clone();
        let log = match &args.out {
            Some(folder) if !played.session.facts().is_empty() => {
                Some(keep(folder, &played, version.clone(), &widget)?)
            }
            _ => None,
        };
        outcomes.push(Outcome {
            assessment: expected.assess(&name, &played.verdict),
            entry: expected.place(&name),
            played,
            log,
        });
    }
    let seconds = (words::now() - began).0 / 1e3;
    print::print(&widget, &outcomes, seconds, args.format, out)?;
    Ok(status(&outcomes))
}

/// Runs some work with the browser. Ctrl-C closes the browser, so that no call waits for a page
/// that never answers.
fn interruptibly<T>(browser: &Browser, stop: &AtomicBool, work: impl FnOnce() -> T) -> T {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Ordering::Relaxed) {
                if stop.load(Ordering::Relaxed) {
                    // If this fails, dropping the browser ends it.
                    _ = browser.call("Browser.close", &serde_json::json!({}));
                    return;
                }
                thread::sleep(STOP_INTERVAL);
            }
        });
        let result = work();
        is_done.store(true, Ordering::Relaxed);
        result
    })
}

fn status(outcomes: &[Outcome]) -> Status {
    let is_any = |assessment| outcomes.iter().any(|it| it.assessment == assessment);
    if Counts::of(outcomes).broken > 0 {
        Status::Failed
    } else if is_any(Assessment::UnexpectedFailure)
        || is_any(Assessment::UnexpectedPass)
        || is_any(Assessment::Untried)
        // Then no other scenario was played, whatever was expected of this one.
        || outcomes.iter().any(|it| it.played.is_no_widget())
    {
        Status::Found
    } else {
        Status::Clean
    }
}

fn launch_options(args: &Args, server: &PipeServer) -> LaunchOptions {
    let mut extra_arguments = vec![
        // Several pages are played at a time, and none of them is in the foreground.
        "--disable-background-timer-throttling".into(),
        "--disable-backgrounding-occluded-windows".into(),
        "--disable-renderer-backgrounding".into(),
        // Nobody looks at the pages, and drawing without a graphics card would use much of the
        // machine. A page that draws with WebGL itself still can.
        "--disable-gpu-compositing".into(),
        // Otherwise, Chromium starts a spare process for each scenario, which is never used.
        "--disable-features=SpareRendererForSitePerProcess".into(),
        // A softphone may ask for a microphone, and nobody is there to allow it.
        "--use-fake-ui-for-media-stream".into(),
        "--use-fake-device-for-media-stream".into(),
    ];
    if args.accept_insecure_certs {
        extra_arguments.push("--ignore-certificate-errors".into());
    }
    let mut trusted_keys = Vec::new();
    if let Some((argument, key)) = server.as_host() {
        extra_arguments.push(argument.into());
        trusted_keys.push(key);
    }
    LaunchOptions {
        chromium: args.chromium.clone(),
        trusted_keys,
        extra_arguments,
        time_limit: PATIENCE,
        ..LaunchOptions::default()
    }
}

/// Plays everything, several scenarios at a time, and returns the results in order.
fn play_all(
    plans: &[Plan],
    setting: &Setting,
    browser: &Browser,
    jobs: usize,
    stop: &AtomicBool,
) -> Vec<Played> {
    let count = plans.len();
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<Played>>> = Mutex::new((0..count).map(|_| None).collect());
    // The scenario that showed that the page is not a widget: the others need not be played.
    let no_widget: OnceLock<String> = OnceLock::new();
    thread::scope(|scope| {
        for _ in 0..jobs.clamp(1, count.max(1)) {
            scope.spawn(|| {
                while let Some((index, plan)) = take(&next, plans) {
                    let played = match no_widget.get() {
                        Some(by) => Played::not_played(
                            plan.clone(),
                            &format!("not played: the page is not a widget, see {by}"),
                        ),
                        None => play(plan.clone(), setting, browser, stop),
                    };
                    if played.is_no_widget() {
                        _ = no_widget.set(plan.scenario.name.clone());
                    }
                    let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(place) = results.get_mut(index) {
                        *place = Some(played);
                    }
                }
            });
        }
    });
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.into_iter().flatten().collect()
}

fn take<'a>(next: &AtomicUsize, plans: &'a [Plan]) -> Option<(usize, &'a Plan)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, plans.get(index)?))
}

/// Writes the log and the report of a session, and returns the log's path.
fn keep(
    folder: &Path,
    played: &Played,
    browser: Option<String>,
    widget: &str,
) -> anyhow::Result<String> {
    let name = &played.plan.scenario.name;
    let path = folder.join(format!("{name}.callscope.jsonl"));
    let text = played.log(browser, widget);
    let mut nowhere = Output::stdout();
    put(Some(&path), &text, &mut nowhere)?;
    let log = Log::read(text.as_bytes()).context("the log that was just written")?;
    let report = callscope_report::Report::new(log, false);
    let report_path = folder.join(format!("{name}.html"));
    let page = report.write(callscope_report::Format::Html);
    put(Some(&report_path), &page, &mut nowhere)?;
    Ok(path.display().to_string())
}

fn read_bindings(path: Option<&Path>) -> anyhow::Result<Bindings> {
    let (path, is_wanted) = match path {
        Some(path) => (path, true),
        None => (Path::new("callscope.json"), false),
    };
    match fs::read_to_string(path) {
        Ok(text) => Ok(Bindings::read(&path.display().to_string(), &text)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !is_wanted => {
            Ok(Bindings::default())
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn read_expected(path: Option<&Path>, known: &[Scenario]) -> anyhow::Result<ExpectedFailures> {
    let Some(path) = path else {
        return Ok(ExpectedFailures::default());
    };
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let is_known = |name: &str| known.iter().any(|it| it.name == name);
    let file = path.display().to_string();
    Ok(ExpectedFailures::read(&file, &text, is_known)?)
}

/// The scenarios to play, and those that they may continue from.
fn choose(
    names: &[String],
    mut known: Vec<Scenario>,
) -> anyhow::Result<(Vec<Scenario>, Vec<Scenario>)> {
    if names.is_empty() {
        return Ok((known.clone(), known));
    }
    let mut chosen = Vec::new();
    for name in names {
        if let Some(scenario) = known.iter().find(|it| it.name == *name) {
            if !chosen.iter().any(|it: &Scenario| it.name == *name) {
                chosen.push(scenario.clone());
            }
            continue;
        }
        let is_file = Path::new(name).extension().is_some() || name.contains('/');
        if !is_file {
            let near = callscope_protocol::nearest(name, known.iter().map(|it| it.name.as_str()));
            let advice = match near {
                Some(near) => format!("did you mean {near}?"),
                None => "`callscope conform list` names them".to_owned(),
            };
            bail!("there is no scenario {}; {advice}", safe(name));
        }
        let text = fs::read_to_string(name)
            .with_context(|| format!("the scenario {} cannot be read", safe(name)))?;
        let scenario = Scenario::read(name, &text)?;
        if let Some(other) = known.iter().find(|it| it.name == scenario.name) {
            bail!(
                "{} and {} are both called {}: rename one",
                safe(name),
                safe(&other.file),
                scenario.name
            );
        }
        chosen.push(scenario.clone());
        known.push(scenario);
    }
    Ok((chosen, known))
}

fn plans(chosen: &[Scenario], known: &[Scenario]) -> anyhow::Result<Vec<Plan>> {
    let find = |name: &str| known.iter().find(|it| it.name == name);
    let plans = chosen.iter().map(|it| Ok(Plan::new(it, &find)?));
    plans.collect()
}

impl Deny {
    /// The same level for the runner.
    const fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::None => None,
        }
    }
}
