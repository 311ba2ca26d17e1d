//! Plays a scenario of the fixtures and records it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use callscope_browser::{Browser, BrowserError, DevTools, Poll, Target, wait_for};
use callscope_demo::Demo;
use callscope_fixtures::{Scenario, Side, Step};
use serde_json::{Value, json};

use crate::pages::{Entry, LIMIT, Pages, only_traffic, sent_by, wait_for_count};
use crate::panel::Panel;
use crate::session::Recorded;
use crate::stage::open_panel;

/// A browser with the demo and the panel, in which scenarios are played one after another.
#[derive(Debug)]
pub struct Recorder {
    panel: Panel,
    // Closed before its browser.
    _devtools: DevTools,
    pages: Pages,
    browser: Arc<Browser>,
    demo: Demo,
}

impl Recorder {
    /// Opens the demo and the panel in a browser that has the extension.
    ///
    /// # Errors
    ///
    /// The errors of a driven browser.
    pub fn start(demo: Demo, browser: Arc<Browser>) -> Result<Self, BrowserError> {
        let pages = Pages::open(&browser, &demo, "silent=1")?;
        let (devtools, panel) = open_panel(&browser, &pages)?;
        Ok(Self {
            panel,
            _devtools: devtools,
            pages,
            browser,
            demo,
        })
    }

    /// Plays a scenario and returns the log as saved by the panel's export.
    ///
    /// # Errors
    ///
    /// [`BrowserError::Timeout`] names the step that did not happen, or what is missing in the
    /// recording.
    pub fn record(&mut self, scenario: &Scenario) -> Result<String, BrowserError> {
        let steps = scenario.steps().map_err(|line| BrowserError::Timeout {
            what: format!("“{line}”, which is not a step"),
            waited: Duration::ZERO,
            seen: scenario.path(),
        })?;
        self.preserve_log(false)?;
        self.see_inside(scenario.sees_inside)?;
        let Self { pages, demo, .. } = self;
        // Removes what an earlier scenario left behind.
        let mut prepare = vec![
            "localStorage.clear()".to_owned(),
            "sessionStorage.clear()".to_owned(),
        ];
        prepare.extend(scenario.settings.iter().map(|(key, value)| {
            let (key, value) = (Value::from(*key), Value::from(*value));
            format!("localStorage.setItem({key}, {value})")
        }));
        let prepare = prepare.join(", ");
        pages.host.evaluate::<()>(&format!("void ({prepare})"))?;
        pages
            .host
            .navigate(&demo.host_url_with(&scenario.all_parameters()))?;
        self.meet()?;
        if !scenario.starts_silent() {
            self.pages.wait_for_handshake()?;
        }
        self.wait_for_all(false)?;
        let has_more_pages = steps.contains(&Step::AnotherPage);
        if has_more_pages {
            self.preserve_log(true)?;
        }
        self.play(&steps, scenario.starts_silent())?;
        self.wait_for_all(has_more_pages)?;
        // What the widget's page reports about itself is in neither page's log.
        if let Some((code, _)) = scenario.expected.filter(|_| scenario.sees_inside) {
            self.panel.wait_until(code, |shown| {
                shown.findings.iter().any(|it| it.code == code)
            })?;
        }
        self.panel.export()
    }

    fn play(&mut self, steps: &[Step<'_>], is_silent: bool) -> Result<(), BrowserError> {
        let mut waited_for = BTreeMap::new();
        let mut origin = self.time_origin()?;
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
                    self.meet()?;
                    waited_for.retain(|(side, _), _| *side == Side::Host);
                }
                Step::AnotherPage => {
                    origin = wait_for("another page", LIMIT, || {
                        let now = self.time_origin()?;
                        Ok(if now > origin {
                            Poll::Done(now)
                        } else {
                            Poll::NotYet("the page that was there".to_owned())
                        })
                    })?;
                    self.meet()?;
                    self.pages.wait_for_handshake()?;
                    waited_for.clear();
                    waited_for.insert((Side::Host, "INITIALIZED"), 1);
                }
                Step::Wait(time) => self.wait(Duration::from_millis(time)),
            }
        }
        Ok(())
    }

    /// Lets time pass, unless the browser was closed: then the next step reports that.
    fn wait(&self, mut time: Duration) {
        while !time.is_zero() && self.browser.is_running() {
            let part = time.min(Duration::from_millis(100));
            thread::sleep(part);
            time -= part;
        }
    }

    /// Waits until the panel has everything that passed between the pages since they were loaded,
    /// and, unless there was another page before, nothing else.
    ///
    /// The host's page knows both halves once it has received what the widget sent. Some SYNCs go
    /// to an iframe that has no page yet.
    fn wait_for_all(&self, had_other_pages: bool) -> Result<(), BrowserError> {
        let Self { panel, pages, .. } = self;
        wait_for("the recording to be complete", LIMIT, || {
            let logged = only_traffic(&pages.host)?;
            let mut received = logged.iter().filter(|it| it.dir == "received");
            for sent in sent_by(&pages.widget)? {
                if !received.any(|it| it.message == sent) {
                    return Ok(Poll::NotYet(format!("the host has not received {sent}")));
                }
            }
            let recorded = panel.recorded()?;
            for (side, dir) in [("widget", "received"), ("host", "sent")] {
                let there = without_sync(logged.iter().filter(|it| it.dir == dir), Entry::message);
                let here = without_sync(
                    recorded.iter().filter(|it| it.from == side),
                    Recorded::message,
                );
                let is_all = here.len() == there.len() || had_other_pages;
                if !is_all || !here.ends_with(&there) {
                    return Ok(Poll::NotYet(format!(
                        "{dir} {there:#?}, recorded {here:#?}"
                    )));
                }
            }
            Ok(Poll::Done(()))
        })
    }

    /// Finds the widget's frame again after it was reloaded.
    fn meet(&mut self) -> Result<(), BrowserError> {
        self.pages.widget = self
            .browser
            .frame(&self.pages.host, &self.demo.widget_url())?;
        Ok(())
    }

    /// When the host's page was loaded, which distinguishes it from others.
    fn time_origin(&self) -> Result<f64, BrowserError> {
        self.pages.host.evaluate("performance.timeOrigin")
    }

    fn preserve_log(&self, on: bool) -> Result<(), BrowserError> {
        let action = json!({ "do": "set-preserve-log", "on": on });
        self.panel.perform(&action)
    }

    /// Starts or stops looking inside the widget's pages, from the next load on.
    fn see_inside(&self, on: bool) -> Result<(), BrowserError> {
        let url = self.demo.widget_url();
        let origin = url.trim_end_matches('/');
        let action = json!({ "do": "see-inside", "origin": origin, "on": on });
        self.panel.perform(&action)?;
        self.panel
            .wait_until("what is seen inside of pages", |shown| {
                shown.sees_inside.iter().any(|it| it == origin) == on
            })?;
        Ok(())
    }

    fn page(&self, side: Side) -> &Target {
        let Pages { host, widget } = &self.pages;
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
