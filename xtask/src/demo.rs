//! `cargo xtask demo`: the whole product on a page of its own.
//!
//! With a display, it opens a Chromium to try it out; without one, it plays a scripted session, and
//! saves pictures of the panel and the recorded log.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use callscope_browser::{Browser, DevToolsPlace, LaunchOptions, Theme};
use callscope_bus::WELCOME_PAGE;
use callscope_demo::{Demo, DemoOptions, OWN_SDK, PlainSite, serve};
use callscope_e2e::{Pages, Played, open_panel, play, serve_simulator};

use crate::step::step;
use crate::stop::Stop;
use crate::workspace::Workspace;
use crate::{dist, npm, setup};

/// Builds the extension and shows it at work on a demo page.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Play a scripted session without a window, even if there is a display.
    #[arg(long)]
    headless: bool,

    /// After the scripted session, keep demo and browser running until Ctrl-C.
    #[arg(long)]
    keep_open: bool,

    /// The port to serve the demo on; by default, any free one.
    #[arg(long)]
    port: Option<u16>,

    /// The page that plays HubSpot.
    #[arg(long, value_enum, default_value_t)]
    host: Host,

    /// The SDK in the widget: `callscope`, or a version of HubSpot's, which the host also uses with
    /// `--host npm`.
    #[arg(long, value_name = "callscope|VERSION", default_value = OWN_SDK)]
    sdk: String,

    /// Use dist/extension and dist/npm as they are.
    #[arg(long)]
    no_build: bool,

    /// Where to save the log and pictures of the scripted session.
    #[arg(long, value_name = "DIR", default_value = "target/demo")]
    out: PathBuf,
}

/// The page that plays HubSpot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Host {
    /// The simulator, on Callscope's own SDK.
    #[default]
    Simulator,
    /// The page of the browser tests, on HubSpot's SDK.
    Npm,
}

/// The name of the scripted session's log.
const LOG_FILE: &str = "session.callscope.jsonl";
const PICTURES: [(Theme, &str); 2] = [(Theme::Light, "panel.png"), (Theme::Dark, "panel-dark.png")];

/// How often the running demo checks whether it should end.
const PAUSE: Duration = Duration::from_millis(200);

/// Does the setup, builds, and shows the demo.
///
/// # Errors
///
/// Fails with a next step if something is missing, or with the step of the script that did not
/// happen.
pub(crate) fn run(args: &Args) -> Result<()> {
    let workspace = Workspace::find()?;
    let stop = Stop::on_ctrl_c()?;
    let chromium = setup::chromium()?;
    if args.no_build {
        let manifest = workspace.extension().join("manifest.json");
        if !manifest.is_file() {
            bail!("there is nothing in dist/extension yet; leave out --no-build once");
        }
        setup::NodeTools::install(&workspace)?;
    } else {
        dist::build(&workspace)?;
    }
    let is_own = args.sdk == OWN_SDK;
    if is_own && !args.no_build {
        npm::build(&workspace)?;
    }
    stop.unless_stopped(Ok(()))?;

    let demo = serve(DemoOptions {
        port: args.port,
        node_modules: workspace.node_modules(),
        own_sdk: is_own.then(|| npm::script(&workspace)),
    })?;
    let stage = Stage {
        workspace,
        demo,
        simulator: (args.host == Host::Simulator).then(serve_simulator),
        sdk: args.sdk.clone(),
        chromium,
        stop,
    };
    let result = if args.headless || !has_display() {
        let out = stage.workspace.root.join(&args.out);
        stage.play_script(&out, args.keep_open)
    } else {
        stage.show()
    };
    stage.stop.settle();
    result
}

/// Whether a window can be opened. Only on Linux does the environment tell.
fn has_display() -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// What both kinds of demo need.
struct Stage {
    workspace: Workspace,
    demo: Demo,
    /// The served simulator; `None` for the other host.
    simulator: Option<PlainSite>,
    sdk: String,
    chromium: PathBuf,
    stop: Stop,
}

impl Stage {
    fn options(&self) -> LaunchOptions {
        LaunchOptions {
            chromium: Some(self.chromium.clone()),
            extension: Some(self.workspace.extension()),
            extension_without: vec![WELCOME_PAGE.to_owned()],
            trusted_keys: vec![self.demo.spki_hash().to_owned()],
            ..LaunchOptions::default()
        }
    }

    fn launch(&self, options: &LaunchOptions) -> Result<Arc<Browser>> {
        let browser = Arc::new(Browser::launch(options)?);
        self.stop.closes(&browser);
        Ok(browser)
    }

    /// Opens the host's page with the widget in it.
    fn open(&self, browser: &Browser) -> Result<Pages> {
        let Self { demo, sdk, .. } = self;
        Ok(match &self.simulator {
            Some(site) => Pages::in_simulator(browser, demo, site, &format!("widget={sdk}"))?,
            // That page exists for the published SDKs, so its own SDK stays one of them.
            None if sdk == OWN_SDK => Pages::open(browser, demo, &format!("widget={sdk}"))?,
            None => Pages::open(browser, demo, &format!("widget={sdk}&host={sdk}"))?,
        })
    }

    fn host_url(&self) -> String {
        match &self.simulator {
            Some(site) => format!("http://localhost:{}/", site.port()),
            None => self.demo.host_url(),
        }
    }

    /// Opens windows and waits until the user closes them or presses Ctrl-C.
    fn show(&self) -> Result<()> {
        let browser = step("Open Chromium", |_| {
            let options = LaunchOptions {
                headless: false,
                open_devtools: true,
                window: (1400, 1000),
                // The panel draws with WebGL, even without a graphics card.
                extra_arguments: vec!["--enable-unsafe-swiftshader".into()],
                ..self.options()
            };
            let browser = self.launch(&options)?;
            let pages = self.open(&browser)?;
            open_panel(&browser, &pages)?;
            Ok(browser)
        });
        let browser = self.stop.unless_stopped(browser)?;
        eprintln!("\nHost    {}", self.host_url());
        eprintln!("Widget  {}", self.demo.widget_url());
        eprintln!("Close the browser or press Ctrl-C to end.");
        self.wait(&browser);
        Ok(())
    }

    /// Plays the session once in each theme; keeps the log of the first.
    fn play_script(&self, out: &Path, keep_open: bool) -> Result<()> {
        fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
        let mut first = None;
        let mut last_browser = None;
        for (theme, picture) in PICTURES {
            let played = self.play_in(theme, &out.join(picture));
            let (played, browser) = self.stop.unless_stopped(played)?;
            last_browser = Some(browser);
            first.get_or_insert(played);
        }
        let Some(played) = first else {
            bail!("there is no theme to play in")
        };
        let log = out.join(LOG_FILE);
        fs::write(&log, &played.log).with_context(|| format!("cannot write {}", log.display()))?;

        print_findings(&played);
        let files = PICTURES.iter().map(|(_, name)| *name).chain([LOG_FILE]);
        for name in files {
            eprintln!("{}", self.workspace.shown(&out.join(name)));
        }
        if let Some(browser) = last_browser.filter(|_| keep_open) {
            eprintln!(
                "\nStill served at {}; press Ctrl-C to end.",
                self.host_url()
            );
            self.wait(&browser);
        }
        Ok(())
    }

    fn play_in(&self, theme: Theme, picture: &Path) -> Result<(Played, Arc<Browser>)> {
        let name = if theme == Theme::Dark {
            "dark"
        } else {
            "light"
        };
        step(&format!("Scripted session, {name}"), |_| {
            let options = LaunchOptions {
                theme,
                devtools_place: DevToolsPlace::Window,
                window: (1280, 800),
                ..self.options()
            };
            let browser = self.launch(&options)?;
            let pages = self.open(&browser)?;
            let (devtools, panel) = open_panel(&browser, &pages)?;
            let played = play(&pages, &panel, |step| eprintln!("    {step}"))
                .with_context(|| format!("the scripted session failed ({name} theme)"))?;
            devtools.screenshot(picture)?;
            Ok((played, browser))
        })
    }

    fn wait(&self, browser: &Browser) {
        while browser.is_running() && !self.stop.is_asked_for() {
            thread::sleep(PAUSE);
        }
    }
}

fn print_findings(played: &Played) {
    let messages = &played.shown.status["messages"];
    let findings = played.shown.findings.len();
    let noun = if findings == 1 { "finding" } else { "findings" };
    println!("{messages} messages, {findings} {noun}");
    for finding in &played.shown.findings {
        let place = finding
            .seq
            .map_or_else(String::new, |seq| format!("#{seq}"));
        println!(
            "{:<8} {:<4} {place:>5}  {}",
            finding.severity, finding.code, finding.message
        );
    }
}
