//! A browser with a build of the extension, its panel open and watched by a script.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};
use callscope_browser::{Browser, DevTools, Poll, Target, wait_for};
use callscope_e2e::{PANEL_PAGE, PANEL_TITLE, Panel};
use serde_json::{Value, json};

use super::log::Content;
use crate::bench::processes::{self, Spent};
use crate::bench::progress::LagWatch;
use crate::bench::stage::{Contender, LIMIT, Stage};
use crate::step::Stopwatch;

const PROBE: &str = include_str!("probe.js");

/// A text in a row of the handshake.
const FIRST_ROW: &str = "INITIALIZED";

/// A build's browser.
pub(super) struct Desk {
    pub(super) browser: Arc<Browser>,
    page: Target,
    devtools: DevTools,
    panel: Panel,
    /// The milliseconds from choosing the panel until its rows were drawn.
    pub(super) opening: f64,
}

/// What an idle panel uses.
pub(super) struct Idle {
    pub(super) frames: f64,
    pub(super) paints: f64,
}

/// How the panel copes with an endless stream of messages, in milliseconds.
pub(super) struct Live {
    pub(super) lag: f64,
    pub(super) standstill: f64,
    /// How many animation frames drew something, per second.
    pub(super) paints: f64,
    /// The script time of each of these, in milliseconds.
    pub(super) scripts: Vec<f64>,
    /// Processor time, as a share of one processor.
    pub(super) share: Spent,
}

/// How the panel copes with a file.
pub(super) struct Import {
    /// Milliseconds until everything is shown.
    pub(super) time: f64,
    /// The longest time in which nothing else could run, in milliseconds.
    pub(super) standstill: f64,
    /// The memory that it takes, as a multiple of the file's size.
    pub(super) memory: f64,
}

impl Desk {
    /// Starts a browser, lets host and widget shake hands, and opens the panel twice: once for the
    /// time, and once with a script that watches it.
    pub(super) fn open(stage: &Stage, extension: &Path) -> Result<Self> {
        let (browser, page) = stage.launch(Some(extension), &[])?;
        page.navigate(&stage.host_url(Contender::Open))?;
        page.wait_until::<bool>("the handshake", "bench.ready")?;
        let widget = format!("http://127.0.0.1:{}/", stage.site.port());
        let widget = browser.frame(&page, &widget)?;
        widget.evaluate::<()>("void (bench.answers = false)")?;
        let devtools = browser.devtools_of(&page)?;
        processes::wait_until_idle(&browser, &[&page, devtools.front_end()])?;

        let chosen: f64 = devtools.front_end().evaluate("Date.now()")?;
        devtools.show_panel(browser.extension_id()?, PANEL_TITLE)?;
        let target = browser.panel(&devtools, PANEL_PAGE)?;
        let drawn: f64 = target.evaluate(&format!(
            "new Promise(done => {{
                // An older build without elements reports its widgets differently.
                const words = () => callscopePanel.nodes
                    ? callscopePanel.nodes()
                    : document.getElementById('callscope-widgets').textContent;
                const hasRows = () => globalThis.callscopePanel && words().includes('{FIRST_ROW}');
                const look = () => hasRows() ? done(Date.now()) : setTimeout(look, 5);
                look();
            }})"
        ))?;

        target.call("Page.enable", &json!({}))?;
        let script = json!({ "source": PROBE });
        target.call("Page.addScriptToEvaluateOnNewDocument", &script)?;
        target.evaluate::<()>("void location.reload()")?;
        wait_for("the panel to load again", LIMIT, || {
            // A page that is being unloaded does not answer.
            let seen = target.evaluate::<String>(
                "globalThis.callscopeProbe && globalThis.callscopePanel ? '' : location.href",
            );
            Ok(match seen {
                Ok(seen) => Poll::at(seen.is_empty(), seen),
                Err(error) => Poll::NotYet(error.to_string()),
            })
        })?;
        let desk = Self {
            panel: Panel::started(target)?,
            browser,
            page,
            devtools,
            opening: drawn - chosen,
        };
        desk.settle()?;
        Ok(desk)
    }

    fn settle(&self) -> Result<()> {
        let targets = [&self.page, self.panel.target(), self.devtools.front_end()];
        processes::wait_until_idle(&self.browser, &targets)
    }

    fn panel(&self) -> &Target {
        self.panel.target()
    }

    /// Leaves the panel idle.
    pub(super) fn idle(&self, time: Duration) -> Result<Idle> {
        self.panel().evaluate::<()>("callscopeProbe.reset()")?;
        thread::sleep(time);
        let script = "[callscopeProbe.frames, callscopeProbe.paints]";
        let (frames, paints) = self.panel().evaluate(script)?;
        Ok(Idle { frames, paints })
    }

    /// Lets the host post an endless stream; the widget does not answer.
    pub(super) fn live(&self, rate: u32, seconds: u32) -> Result<Live> {
        self.watch(false)?;
        self.panel().evaluate::<()>("callscopeProbe.reset()")?;
        let clock = Stopwatch::start();
        let before = processes::spent(&self.browser)?;
        // Last, because the first message counts as late by what is done until it is posted.
        let watch = LagWatch::start(&self.panel)?;
        self.page.evaluate::<()>(&format!(
            "bench.postAtRate({rate}, {seconds}).then(() => {{}})"
        ))?;
        let lag = watch.finish(u64::from(rate * seconds))?;
        let share = processes::spent(&self.browser)?.since(before);
        let time = clock.elapsed().as_secs_f64();
        let standstill = self.standstill()?;
        let (paints, scripts): (f64, _) =
            (self.panel()).evaluate("[callscopeProbe.paints, callscopeProbe.scripts]")?;
        self.settle()?;
        Ok(Live {
            lag,
            standstill,
            paints: paints / time,
            scripts,
            share: share.over(time),
        })
    }

    /// Drops a file on the panel.
    pub(super) fn import(&self, file: &Path, messages: u64) -> Result<Import> {
        let before = self.memory()?;
        let panel = self.panel();
        panel.evaluate::<()>(
            "void document.body.append(Object.assign(document.createElement('input'),
                { type: 'file', id: 'callscope-bench', hidden: true }))",
        )?;
        let field: Value = panel.call(
            "Runtime.evaluate",
            &json!({ "expression": "document.getElementById('callscope-bench')" }),
        )?;
        let object = &field["result"]["objectId"];
        panel.call("DOM.enable", &json!({}))?;
        let params = json!({ "files": [file], "objectId": object });
        panel.call("DOM.setFileInputFiles", &params)?;
        self.watch(false)?;
        let time = panel.evaluate(&format!(
            "callscopeProbe.drop(document.getElementById('callscope-bench'), {messages})"
        ))?;
        let standstill = self.standstill()?;
        panel.evaluate::<()>("document.getElementById('callscope-bench').remove()")?;
        self.settle()?;
        let memory = (self.memory()? - before) / file.metadata()?.len() as f64;
        Ok(Import {
            time,
            standstill,
            memory,
        })
    }

    /// Types a word into the filter; returns the longest freeze after each key, in milliseconds.
    pub(super) fn filter(&self, word: &str) -> Result<Vec<f64>> {
        let focus = json!({ "do": "focus-filter" });
        self.panel.perform(&focus)?;
        self.settle()?;
        let mut times = Vec::new();
        for key in word.chars() {
            self.watch(true)?;
            self.panel().type_text(&key.to_string())?;
            thread::sleep(Duration::from_secs(1));
            times.push(self.standstill()?);
        }
        let clear = json!({ "do": "set-filter", "text": "" });
        self.panel.perform(&clear)?;
        self.settle()?;
        Ok(times)
    }

    /// Turns the wheel; returns the script time of each frame, in milliseconds.
    pub(super) fn scroll(&self) -> Result<Vec<f64>> {
        const STEPS: usize = 90;
        let top = json!({ "do": "move-selection", "step": "first" });
        self.panel.perform(&top)?;
        self.settle()?;
        self.panel().evaluate::<()>("callscopeProbe.reset()")?;
        for _ in 0..STEPS {
            self.panel().scroll(200.0, 200.0, 120.0)?;
        }
        Ok(self.panel().evaluate("callscopeProbe.scripts")?)
    }

    fn watch(&self, all_the_time: bool) -> Result<()> {
        let script = format!("callscopeProbe.watch({all_the_time})");
        Ok(self.panel().evaluate(&script)?)
    }

    fn standstill(&self) -> Result<f64> {
        Ok(self.panel().evaluate("callscopeProbe.standstill()")?)
    }

    /// The memory in use by the extension's process, in bytes.
    fn memory(&self) -> Result<f64> {
        self.panel()
            .call("HeapProfiler.collectGarbage", &json!({}))?;
        Ok(processes::memory(&self.browser)?.extension)
    }

    /// Starts a CPU profile of the panel.
    pub(super) fn start_profile(&self) -> Result<()> {
        crate::bench::watch::start_profile(self.panel())
    }

    /// Stops the profile and saves it.
    pub(super) fn save_profile(&self, path: &Path) -> Result<()> {
        crate::bench::watch::save_profile(self.panel(), path)
    }
}

/// Writes a log with this many messages.
pub(super) fn write_log(path: &Path, messages: u64) -> Result<()> {
    let write = || Content::Calls.write(messages, BufWriter::new(File::create(path)?));
    write().with_context(|| format!("cannot write {}", path.display()))
}
