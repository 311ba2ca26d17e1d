//! What the processes of a browser use.

use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use callscope_browser::{Browser, Target};
use serde::Deserialize;
use serde_json::json;

use crate::step::Stopwatch;

/// The processor time of all processes of a browser since they started, in seconds; of a process
/// that has ended, nothing.
///
/// Unlike the time on the wall it hardly depends on what else the machine does.
///
/// # Errors
///
/// What a driven browser can do.
pub(crate) fn cpu_of_all(browser: &Browser) -> Result<f64> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Processes {
        process_info: Vec<Process>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Process {
        cpu_time: f64,
    }
    let answer = browser.call("SystemInfo.getProcessInfo", &json!({}))?;
    let Processes { process_info } = serde_json::from_value(answer)?;
    Ok(process_info.iter().map(|process| process.cpu_time).sum())
}

/// The processor time of a page's or frame's process since it started, in seconds.
///
/// # Errors
///
/// What a driven browser can do.
pub(crate) fn cpu_of(target: &Target) -> Result<f64> {
    #[derive(Deserialize)]
    struct Metrics {
        metrics: Vec<Metric>,
    }
    #[derive(Deserialize)]
    struct Metric {
        name: String,
        value: f64,
    }
    target.call("Performance.enable", &json!({}))?;
    let Metrics { metrics } = target.call_for("Performance.getMetrics", &json!({}))?;
    // While it is enabled, it looks at every task.
    target.call("Performance.disable", &json!({}))?;
    let time = metrics.iter().find(|metric| metric.name == "ProcessTime");
    Ok(time
        .context("Chromium does not say the time of a process")?
        .value)
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
    let mut before = cpu_of_all(browser)?;
    loop {
        thread::sleep(INTERVAL);
        let now = cpu_of_all(browser)?;
        let share = (now - before) / INTERVAL.as_secs_f64();
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
