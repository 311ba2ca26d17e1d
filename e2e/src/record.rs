//! Plays a scenario of the fixtures on the stage and records it.

use std::collections::BTreeMap;
use std::thread;
use std::time::Duration;

use callscope_browser::{Browser, BrowserError, Look, wait_for};
use callscope_demo::Demo;
use callscope_fixtures::{Scenario, Side, Step};
use serde_json::{Value, json};

use crate::pages::{Entry, LIMIT, Pages, only_traffic, wait_for_count};
use crate::session::Recorded;
use crate::stage::Stage;

/// A browser with the demo and the panel, in which one scenario after the other is played.
#[derive(Debug)]
pub struct Recorder {
    stage: Stage,
}

impl Recorder {
    /// Opens the demo and the panel in a browser that has the extension.
    ///
    /// # Errors
    ///
    /// What a driven browser can do.
    pub fn start(demo: Demo, browser: Browser) -> Result<Self, BrowserError> {
        let pages = Pages::open(&browser, &demo, "silent=1")?;
        let stage = Stage::around(demo, browser, pages)?;
        Ok(Self { stage })
    }

    /// Plays one scenario and returns the log as the panel's Export saves it.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names the step that did not happen, or what is missing in the
    /// recording.
    pub fn record(&mut self, scenario: &Scenario) -> Result<String, BrowserError> {
        let steps = scenario.steps().map_err(|line| BrowserError::Timeout {
            what: format!("“{line}”, which is no step"),
            waited: Duration::ZERO,
            seen: scenario.path(),
        })?;
        self.preserve_log(false)?;
        let Stage {
            pages, demo, panel, ..
        } = &self.stage;
        // What an earlier scenario left behind.
        pages
            .host
            .evaluate::<()>("(localStorage.clear(), sessionStorage.clear())")?;
        pages
            .host
            .navigate(&demo.host_url_with(&scenario.all_parameters()))?;
        panel.wait_until("the panel to follow", |shown| {
            shown.connection == "attached" && shown.rows.iter().all(|row| row.type_name == "SYNC")
        })?;
        self.stage.meet()?;
        if !scenario.starts_silent() {
            self.stage.pages.wait_for_handshake()?;
        }
        if steps.contains(&Step::AnotherPage) {
            self.preserve_log(true)?;
        }
        self.play(&steps, scenario.starts_silent())?;
        self.wait_for_all()?;
        self.stage.panel.export()
    }

    fn play(&mut self, steps: &[Step<'_>], is_silent: bool) -> Result<(), BrowserError> {
        let mut waited_for = BTreeMap::new();
        if !is_silent {
            waited_for.insert((Side::Host, "INITIALIZED"), 1);
        }
        for step in steps {
            match *step {
                Step::Run(side, script) => {
                    let script = format!("(async () => {{ await ({script}) }})()");
                    self.page(side).evaluate::<()>(&script)?;
                }
                Step::Hears(side, ty) => {
                    let count = waited_for.entry((side, ty)).or_insert(0);
                    *count += 1;
                    wait_for_count(self.page(side), ty, *count)?;
                }
                Step::AnotherWidget => {
                    self.stage.meet()?;
                    waited_for.retain(|(side, _), _| *side == Side::Host);
                }
                Step::AnotherPage => {
                    self.stage.meet()?;
                    waited_for.clear();
                }
                Step::Wait(time) => thread::sleep(Duration::from_millis(time)),
            }
        }
        Ok(())
    }

    /// Waits until the panel has all that passed between the pages since they were loaded.
    ///
    /// The host's page knows both halves. Of the SYNCs some go to an iframe that has no page yet.
    fn wait_for_all(&self) -> Result<(), BrowserError> {
        let Stage { panel, pages, .. } = &self.stage;
        wait_for("the recording to be complete", LIMIT, || {
            let logged = only_traffic(&pages.host)?;
            let recorded = panel.recorded()?;
            for (side, dir) in [("widget", "received"), ("host", "sent")] {
                let there = without_sync(logged.iter().filter(|it| it.dir == dir), Entry::message);
                let here = without_sync(
                    recorded.iter().filter(|it| it.from == side),
                    Recorded::message,
                );
                // What a page that is gone knew is in front.
                if !here.ends_with(&there) {
                    return Ok(Look::NotYet(format!("{dir} {there:#?}, recorded {here:#?}")));
                }
            }
            Ok(Look::Done(()))
        })
    }

    fn preserve_log(&self, on: bool) -> Result<(), BrowserError> {
        let action = json!({ "do": "set-preserve-log", "on": on });
        self.stage.panel.perform(&action)
    }

    fn page(&self, side: Side) -> &callscope_browser::Target {
        let Pages { host, widget } = &self.stage.pages;
        match side {
            Side::Host => host,
            Side::Widget => widget,
        }
    }
}

impl Entry {
    const fn message(&self) -> &Value {
        &self.message
    }
}

impl Recorded {
    const fn message(&self) -> &Value {
        &self.message
    }
}

fn without_sync<'a, T: 'a>(
    items: impl Iterator<Item = &'a T>,
    message: impl Fn(&'a T) -> &'a Value,
) -> Vec<&'a Value> {
    items
        .map(message)
        .filter(|message| message["type"] != "SYNC")
        .collect()
}
