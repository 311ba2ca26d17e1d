//! What the processes of a browser use.

use std::thread;
use std::time::Duration;

use anyhow::{Result, bail};
use callscope_browser::Browser;
use serde::Deserialize;
use serde_json::json;

use crate::step::Stopwatch;

/// Processor time since the processes started, in seconds.
///
/// Unlike the time on the wall it hardly depends on what else the machine does.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cpu {
    /// Of all renderers: the pages, DevTools and the extension.
    pub(crate) renderers: f64,
    /// Of all processes.
    pub(crate) all: f64,
}

impl Cpu {
    /// What was used since `earlier`; a process that ended in between counts as none.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            renderers: self.renderers - earlier.renderers,
            all: self.all - earlier.all,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Processes {
    process_info: Vec<Process>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    #[serde(rename = "type")]
    kind: String,
    cpu_time: f64,
}

/// What a browser has used so far.
///
/// # Errors
///
/// What a driven browser can do.
pub(crate) fn cpu(browser: &Browser) -> Result<Cpu> {
    let answer = browser.call("SystemInfo.getProcessInfo", &json!({}))?;
    let Processes { process_info } = serde_json::from_value(answer)?;
    let mut cpu = Cpu::default();
    for process in &process_info {
        cpu.all += process.cpu_time;
        if process.kind == "renderer" {
            cpu.renderers += process.cpu_time;
        }
    }
    Ok(cpu)
}

/// Waits until a browser has nothing to do, so that it does not disturb what is measured next.
///
/// # Errors
///
/// It is busy for longer than `limit`, or does not answer.
pub(crate) fn wait_until_idle(browser: &Browser, limit: Duration) -> Result<()> {
    const INTERVAL: Duration = Duration::from_millis(250);
    /// Of one processor.
    const IDLE_SHARE: f64 = 0.1;
    let clock = Stopwatch::start();
    let mut before = cpu(browser)?;
    loop {
        thread::sleep(INTERVAL);
        let now = cpu(browser)?;
        let share = now.since(before).all / INTERVAL.as_secs_f64();
        if share <= IDLE_SHARE {
            return Ok(());
        }
        if clock.elapsed() > limit {
            bail!(
                "the browser still uses {:.0} % of a processor after {} s without anything to do",
                share * 100.0,
                limit.as_secs()
            );
        }
        before = now;
    }
}
