//! `callscope simulate`: plays HubSpot around a widget, in a Chromium with the extension and the
//! panel.

mod fetch;
mod listing;
mod site;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use callscope_browser::{Browser, DevToolsPlace, LaunchOptions};
use callscope_bus::WELCOME_PAGE;
use callscope_simulator::{Options, Simulator, check_widget};
use callscope_web_server::{Served, serve_plain, serve_tls};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::fetch::fetch;
use self::site::Site;
use super::record::extension::Extension;
use super::record::{has_display, parse_url};
use crate::Status;
use crate::output::Output;
use crate::text::safe;

const EXAMPLES: &str = "\
Examples:
  callscope simulate --widget https://localhost:9025/
  callscope simulate --widget https://localhost:9025/ --preset engagement-fails
  callscope simulate --widget URL --switch create-engagement.delay:5000 --profile 0.5
  callscope simulate --widget https://dialer.example/ --as app.hubspot.com
  callscope simulate --list                    all presets and switches

The page behaves like HubSpot as far as that is known; it and docs/simulator.md say what is only
inferred. It needs no HubSpot account.

Exit status: 0 ended by you, 2 something could not be done.";

/// The characters that are not escaped in a URL.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'/')
    .remove(b':')
    .remove(b'_');

/// How often to check whether to stop.
const PAUSE: Duration = Duration::from_millis(200);

/// The default profile.
const PROFILE: &str = "0.9";
const PLACE: &str = "widget";

/// The panel's title in DevTools.
const PANEL_TITLE: &str = "Callscope";

/// Plays HubSpot around your widget, in a Chromium with the extension and the panel.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the command line"
)]
pub(crate) struct Args {
    /// The widget's page; without it the simulator asks for one.
    #[arg(long, value_name = "URL", value_parser = parse_url)]
    widget: Option<String>,

    /// Which generation of HubSpot to play: seed, 0.2, 0.5 or 0.9.
    #[arg(long, value_name = "PROFILE", default_value = PROFILE)]
    profile: String,

    /// Where in the page the widget is: widget, remote, window or both.
    #[arg(long, value_name = "PLACE", default_value = PLACE)]
    place: String,

    /// The record to open, such as contact/301.
    #[arg(long, value_name = "RECORD")]
    record: Option<String>,

    /// A known trouble to play; --list shows all.
    #[arg(long, value_name = "NAME")]
    preset: Option<String>,

    /// Something that shall go wrong; may come several times, and --list shows all.
    #[arg(long = "switch", value_name = "NAME[:VALUE]")]
    switches: Vec<String>,

    /// Print all presets, switches and delays, and end.
    #[arg(long)]
    list: bool,

    /// Serve the page under this name, such as app.hubspot.com.
    ///
    /// For a widget that only HubSpot may frame; only the Chromium that is started sees it.
    #[arg(long = "as", value_name = "HOST", value_parser = parse_host)]
    host: Option<String>,

    /// Have the browser take the page for one of the web, which HubSpot's is.
    ///
    /// Then it asks before it shows a widget of this machine (Local Network Access).
    #[arg(long, requires = "host")]
    public: bool,

    /// The port to serve the page on; any free one if not given.
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,

    /// Only serve the page, for a browser of your own; the recorder is the extension in that.
    #[arg(long, conflicts_with = "host")]
    no_browser: bool,

    /// Without a window; that is so anyway where there is no display.
    #[arg(long)]
    headless: bool,

    /// Accept any certificate, such as that of a widget on localhost.
    #[arg(long)]
    accept_insecure_certs: bool,

    /// The folder of the unpacked extension; needed if this program does not carry it.
    #[arg(long, value_name = "FOLDER")]
    extension: Option<PathBuf>,

    /// The Chromium to start.
    #[arg(long, value_name = "PATH")]
    #[arg(help = "The Chromium to start; else CALLSCOPE_CHROMIUM and the usual places are tried")]
    chromium: Option<PathBuf>,
}

/// Parses the host name to serve a page under.
pub(super) fn parse_host(text: &str) -> Result<String, String> {
    let is_name = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '-')
    };
    if text.contains('.') && text.split('.').all(is_name) {
        Ok(text.to_ascii_lowercase())
    } else {
        Err("use the name of a host, such as app.hubspot.com".to_owned())
    }
}

pub(crate) fn run(args: &Args, out: &mut Output) -> anyhow::Result<Status> {
    if args.list {
        listing::print(out)?;
        return Ok(Status::Clean);
    }
    args.check()?;
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed))
        .context("waiting for Ctrl-C")?;

    let extension = Extension::prepare(args.extension.as_deref(), &args.origins())?;
    let site = Site::read(
        &extension.folder,
        args.host.clone(),
        args.accept_insecure_certs,
    )?;
    let answer = move |request: &_| site.answer(request);
    let served = match &args.host {
        Some(host) => serve_tls(args.port, &[host], answer),
        None => serve_plain(args.port, answer),
    }?;
    let page = args.page(&served);
    args.warn(&served);
    anstream::eprintln!("The simulator is at {page}");
    if args.no_browser {
        anstream::eprintln!("Press Ctrl-C to end.");
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(PAUSE);
        }
        return Ok(Status::Clean);
    }
    let browser = args.launch(&served, &extension, &page)?;
    anstream::eprintln!("Close the browser or press Ctrl-C to end.");
    while browser.is_running() && !stop.load(Ordering::Relaxed) {
        std::thread::sleep(PAUSE);
    }
    Ok(Status::Clean)
}

impl Args {
    /// Has the simulator check its settings, so that a wrong one is an error here and not in the
    /// page.
    fn check(&self) -> anyhow::Result<()> {
        let options = Options {
            widget: self.widget.clone(),
            profile: Some(self.profile.clone()),
            place: Some(self.place.clone()),
            record: self.record.clone(),
            preset: self.preset.clone(),
            switches: self.switches.clone(),
            ..Options::default()
        };
        Simulator::start(options, 0.0)?;
        Ok(())
    }

    /// The origins in which the recorder has to listen.
    fn origins(&self) -> Vec<String> {
        let host = self.host.iter().map(|host| format!("https://{host}"));
        host.chain(self.widget.clone()).collect()
    }

    /// The page's origin.
    fn origin(&self, served: &Served) -> String {
        match &self.host {
            Some(host) => format!("https://{host}"),
            None => format!("http://localhost:{}", served.port()),
        }
    }

    /// The page's URL.
    fn page(&self, served: &Served) -> String {
        let given = [
            ("widget", self.widget.as_ref()),
            ("profile", Some(&self.profile).filter(|it| *it != PROFILE)),
            ("place", Some(&self.place).filter(|it| *it != PLACE)),
            ("record", self.record.as_ref()),
            ("preset", self.preset.as_ref()),
        ];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        let switches = self.switches.iter().map(|value| ("switch", value));
        let parameters: Vec<String> = given
            .chain(switches)
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)))
            .collect();
        format!("{}/?{}", self.origin(served), parameters.join("&"))
    }

    /// Prints a warning about what keeps the widget from being shown.
    fn warn(&self, served: &Served) {
        let Some(widget) = &self.widget else { return };
        let origin = self.origin(served);
        let fetched = fetch(widget, self.accept_insecure_certs);
        for obstacle in check_widget(widget, &origin, &fetched) {
            let word = if obstacle.blocks { "problem" } else { "note" };
            let (what, fix) = (safe(&obstacle.what), safe(&obstacle.fix));
            anstream::eprintln!("{word}: {what} {fix}");
        }
    }

    fn launch(
        &self,
        served: &Served,
        extension: &Extension,
        page: &str,
    ) -> anyhow::Result<Browser> {
        let mut extra_arguments = vec![
            // The panel draws with WebGL, even without a graphics card.
            "--enable-unsafe-swiftshader".into(),
            // The calling window opens by itself.
            "--disable-popup-blocking".into(),
        ];
        if self.accept_insecure_certs {
            extra_arguments.push("--ignore-certificate-errors".into());
        }
        if let Some(host) = &self.host {
            let rule = format!("MAP {host}:443 127.0.0.1:{}", served.port());
            extra_arguments.push(format!("--host-resolver-rules={rule}").into());
        }
        if self.public {
            let spaces = format!(
                "--ip-address-space-overrides=127.0.0.1:{}=public",
                served.port()
            );
            extra_arguments.push(spaces.into());
        }
        let trusted_keys = match served.spki_hash() {
            "" => Vec::new(),
            hash => vec![hash.to_owned()],
        };
        let headless = self.headless || !has_display();
        let browser = Browser::launch(&LaunchOptions {
            chromium: self.chromium.clone(),
            headless,
            extension: Some(extension.folder.clone()),
            extension_without: vec![WELCOME_PAGE.to_owned()],
            trusted_keys,
            open_devtools: true,
            devtools_place: if headless {
                DevToolsPlace::Window
            } else {
                DevToolsPlace::Below
            },
            window: (1400, 1000),
            extra_arguments,
            ..LaunchOptions::default()
        })?;
        let tab = browser.first_page()?;
        tab.navigate(page)?;
        let devtools = browser.devtools_of(&tab)?;
        devtools.show_panel(browser.extension_id()?, PANEL_TITLE)?;
        Ok(browser)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_hosts() {
        assert_eq!(
            parse_host("App.HubSpot.com").as_deref(),
            Ok("app.hubspot.com")
        );
        for bad in [
            "localhost",
            "https://app.hubspot.com",
            "a..b",
            "a.b/c",
            "a.b:443",
            "",
        ] {
            assert!(parse_host(bad).is_err(), "{bad}");
        }
    }
}
