//! The simulator's page in a Chromium with the extension: served, or as the extension's own page.

use std::fs;

use callscope_browser::{Browser, BrowserError, Poll, Target, wait_for};
use callscope_demo::{Demo, OWN_SDK, PlainSite, Response};
use serde_json::{Value, json};

use crate::pages::{LIMIT, Pages, own_sdk};
use crate::stage::extension;

/// The simulator's page.
#[derive(Debug)]
pub struct SimulatorPage {
    /// The page.
    pub page: Target,
    /// The server, if the page is served.
    pub site: Option<PlainSite>,
}

/// Serves the pages of the built extension's simulator.
///
/// # Panics
///
/// The machine does not allow serving.
#[must_use]
pub fn serve_simulator() -> PlainSite {
    let folder = extension().join("simulator");
    PlainSite::serve(move |request| {
        let name = match request.path.trim_start_matches('/') {
            "" => "index.html",
            name => name,
        };
        let body = fs::read(folder.join(name)).unwrap_or_default();
        Response {
            status: match name {
                // Only the program can fetch a widget's address. A network error would appear in
                // the page's console.
                "check" => "204 No Content",
                _ if body.is_empty() => "404 Not Found",
                _ => "200 OK",
            },
            content_type: match name.rsplit_once('.').map(|(_, extension)| extension) {
                Some("html") => "text/html; charset=utf-8",
                Some("css") => "text/css; charset=utf-8",
                _ => "text/javascript; charset=utf-8",
            },
            policy: None,
            body,
        }
    })
    .unwrap_or_else(|error| panic!("serving the simulator: {error}"))
}

impl SimulatorPage {
    /// Opens the served page, with parameters besides the widget's address.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn served(browser: &Browser, widget: &str, parameters: &str) -> Result<Self, BrowserError> {
        let site = serve_simulator();
        let start = format!("http://localhost:{}/", site.port());
        Ok(Self {
            page: open(browser, &start, widget, parameters)?,
            site: Some(site),
        })
    }

    /// Opens the extension's own page.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn of_extension(
        browser: &Browser,
        widget: &str,
        parameters: &str,
    ) -> Result<Self, BrowserError> {
        let id = browser.extension_id()?;
        let start = format!("chrome-extension://{id}/simulator/index.html");
        Ok(Self {
            page: open(browser, &start, widget, parameters)?,
            site: None,
        })
    }

    /// Does what HubSpot's user does.
    ///
    /// # Errors
    ///
    /// The page refuses to.
    pub fn act(&self, step: &Value) -> Result<(), BrowserError> {
        self.page
            .evaluate(&format!("callscopeSimulator.act({step}) ?? null"))
            .map(|_: Value| ())
    }

    /// Does something that makes the page reload, and waits until it does.
    ///
    /// # Errors
    ///
    /// The page refuses to, or does not reload.
    pub fn act_and_leave(&self, step: &Value) -> Result<(), BrowserError> {
        self.page
            .evaluate::<()>("void (globalThis.isLeft = true)")?;
        self.act(step)?;
        self.page.wait_until::<bool>(
            "the page to load anew",
            "!globalThis.isLeft && Boolean(globalThis.callscopeSimulator)",
        )?;
        Ok(())
    }

    /// A part of what the page shows, given as a path such as `view().call`.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn ask(&self, what: &str) -> Result<Value, BrowserError> {
        self.page
            .evaluate(&format!("callscopeSimulator.{what} ?? null"))
    }

    /// Waits until a script about `it`, the page's view, returns true.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] with the view and the log.
    pub fn wait_until(&self, condition: &str) -> Result<(), BrowserError> {
        let script = format!(
            "(() => {{
                const simulator = globalThis.callscopeSimulator;
                const it = simulator?.view();
                const log = simulator?.log().map(({{ from, type }}) => from + ' ' + type).join(', ');
                return [Boolean(it && ({condition})), JSON.stringify(it), log ?? ''];
            }})()"
        );
        wait_for(&format!("the simulator to have {condition}"), LIMIT, || {
            let (is_so, view, log): (bool, String, String) = self.page.evaluate(&script)?;
            Ok(Poll::at(is_so, format!("{view}\n{log}")))
        })
    }

    /// The messages since entry `after`, such as `host SYNC`, with each run of SYNCs only once.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn said(&self, after: u64) -> Result<Vec<String>, BrowserError> {
        let mut said: Vec<String> = self.page.evaluate(&format!(
            "callscopeSimulator.log({after}).filter(it => it.from !== 'simulator')
                .map(({{ from, type }}) => from + ' ' + type)"
        ))?;
        said.dedup_by(|one, other| one == other && one == "host SYNC");
        Ok(said)
    }
}

impl Pages {
    /// The simulator's page, served by `site`, with the demo's widget in it; `parameters` are for
    /// the widget.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn in_simulator(
        browser: &Browser,
        demo: &Demo,
        site: &PlainSite,
        parameters: &str,
    ) -> Result<Self, BrowserError> {
        let start = format!("http://localhost:{}/", site.port());
        let widget_url = demo.widget_url();
        let host = open(browser, &start, &format!("{widget_url}?{parameters}"), "")?;
        let widget = browser.frame(&host, &widget_url)?;
        Ok(Self { host, widget })
    }
}

fn open(
    browser: &Browser,
    start: &str,
    widget: &str,
    parameters: &str,
) -> Result<Target, BrowserError> {
    let page = browser.open(start)?;
    let widget = json!(widget);
    // The page itself encodes the address; the first load has no widget.
    let address: String = page.evaluate(&format!(
        "location.pathname + '?widget=' + encodeURIComponent({widget}) + '&{parameters}'"
    ))?;
    let origin: String = page.evaluate("location.origin")?;
    page.navigate(&format!("{origin}{address}"))?;
    Ok(page)
}

/// The address of the demo's widget on Callscope's own SDK. It is logged in from the start, and
/// also accepts this origin as its host.
///
/// # Panics
///
/// `cargo xtask npm` has not built the SDK yet.
#[must_use]
pub fn demo_widget_on_own_sdk(demo: &Demo, allowed_host: Option<&str>) -> String {
    assert!(
        own_sdk().is_file(),
        "there is no {}: run `cargo xtask npm`",
        own_sdk().display()
    );
    let allow = allowed_host.map(|it| format!("&allow-host={it}"));
    let allow = allow.unwrap_or_default();
    format!("{}?widget={OWN_SDK}&login=auto{allow}", demo.widget_url())
}

/// The address of the demo's widget, logged in from the start.
#[must_use]
pub fn demo_widget(demo: &Demo) -> String {
    format!("{}?login=auto", demo.widget_url())
}
