//! What the processes of a browser use.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use callscope_browser::{Browser, Target};
use serde::Deserialize;
use serde_json::json;

use super::stage::LIMIT;
use crate::step::Stopwatch;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Process {
    id: u32,
    #[serde(rename = "type")]
    kind: String,
    cpu_time: f64,
}

fn processes(browser: &Browser) -> Result<Vec<Process>> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Processes {
        process_info: Vec<Process>,
    }
    let answer = browser.call("SystemInfo.getProcessInfo", &json!({}))?;
    let Processes { process_info } = serde_json::from_value(answer)?;
    Ok(process_info)
}

/// The processor time of all processes of a browser since they started, in seconds; a process that
/// has ended does not count.
///
/// It depends much less than wall-clock time on what else the machine does.
///
/// # Errors
///
/// The errors of a driven browser.
pub(crate) fn cpu_of_all(browser: &Browser) -> Result<f64> {
    let processes = processes(browser)?;
    Ok(processes.iter().map(|process| process.cpu_time).sum())
}

/// Processor time in seconds, by the purpose of a process.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Spent {
    /// The extension's renderer: worker and panel.
    pub(crate) extension: f64,
    /// The process that draws for all others; without a graphics card, it does so itself.
    pub(crate) drawing: f64,
    /// All others: pages, DevTools, and the browser's own process.
    pub(crate) others: f64,
}

impl Spent {
    /// The sum.
    pub(crate) fn all(self) -> f64 {
        self.extension + self.drawing + self.others
    }

    /// The average per second over this many seconds.
    pub(crate) fn over(self, seconds: f64) -> Self {
        Self {
            extension: self.extension / seconds,
            drawing: self.drawing / seconds,
            others: self.others / seconds,
        }
    }

    /// The difference from `before`.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            extension: self.extension - before.extension,
            drawing: self.drawing - before.drawing,
            others: self.others - before.others,
        }
    }
}

/// The processor time of a browser's processes since they started.
///
/// # Errors
///
/// The errors of a driven browser. Without `/proc`, the extension's renderer counts among the
/// others.
pub(crate) fn spent(browser: &Browser) -> Result<Spent> {
    let mut spent = Spent::default();
    for process in processes(browser)? {
        let command = fs::read_to_string(format!("/proc/{}/cmdline", process.id));
        let is_extension = command.is_ok_and(|it| it.contains("--extension-process"));
        let share = match process.kind.as_str() {
            "renderer" if is_extension => &mut spent.extension,
            "GPU" => &mut spent.drawing,
            _ => &mut spent.others,
        };
        *share += process.cpu_time;
    }
    Ok(spent)
}

/// Private memory in bytes: what the machine gets back when the processes end.
///
/// Not resident memory, which counts Chromium's own code once per process; nor proportional memory,
/// in which a page's share shrinks when the extension's process shares the code.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// The pages' renderers.
    pub(crate) pages: f64,
    /// The renderer that the extension's worker runs in.
    pub(crate) extension: f64,
}

/// The present memory of a browser's renderers.
///
/// # Errors
///
/// There is no `/proc`, or the errors of a driven browser.
pub(crate) fn memory(browser: &Browser) -> Result<Memory> {
    let mut memory = Memory::default();
    for process in processes(browser)? {
        if process.kind != "renderer" {
            continue;
        }
        let read = |file: &str| {
            let path = format!("/proc/{}/{file}", process.id);
            fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))
        };
        let bytes = private_bytes(&read("smaps_rollup")?);
        if read("cmdline")?.contains("--extension-process") {
            memory.extension += bytes;
        } else {
            memory.pages += bytes;
        }
    }
    Ok(memory)
}

/// The sum of the private lines of a `smaps_rollup`, such as `Private_Dirty:   1234 kB`.
fn private_bytes(smaps: &str) -> f64 {
    smaps
        .lines()
        .filter(|line| line.starts_with("Private_Clean:") || line.starts_with("Private_Dirty:"))
        .filter_map(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok())
        .map(|kibibytes| kibibytes * 1024.0)
        .sum()
}

/// The processor time of the process of a page or frame since it started, in seconds.
///
/// # Errors
///
/// The errors of a driven browser.
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
    // While enabled, it observes every task.
    target.call("Performance.disable", &json!({}))?;
    let time = metrics.iter().find(|metric| metric.name == "ProcessTime");
    Ok(time
        .context("Chromium does not say the time of a process")?
        .value)
}

/// Waits until a browser is idle, so that everything is counted and nothing disturbs the next
/// measurement.
///
/// # Errors
///
/// It does not become idle, or does not answer.
pub(crate) fn wait_until_idle(browser: &Browser, targets: &[&Target]) -> Result<()> {
    const INTERVAL: Duration = Duration::from_millis(250);
    /// As a share of one processor.
    const IDLE_SHARE: f64 = 0.1;
    // On a busy machine, a browser may use little although it has much to do; but then these
    // targets do not become idle.
    for target in targets {
        let rest = "scheduler.postTask(() => {}, { priority: 'background', delay: 250 })";
        let rested: Result<(), _> = target.evaluate(rest);
        rested.with_context(|| format!("waiting for {} to come to rest", target.info().url))?;
    }
    let clock = Stopwatch::start();
    loop {
        let before = cpu_of_all(browser)?;
        thread::sleep(INTERVAL);
        let share = (cpu_of_all(browser)? - before) / INTERVAL.as_secs_f64();
        if share <= IDLE_SHARE {
            return Ok(());
        }
        if clock.elapsed() > LIMIT {
            let percent = share * 100.0;
            bail!("the browser does not come to rest: it uses {percent:.0} % of a processor");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_memory_is_clean_or_dirty() {
        let smaps = "55d0-7ffd ---p 00000000 00:00 0   [rollup]\nRss:     900 kB\n\
            Shared_Clean:   500 kB\nPrivate_Clean:   100 kB\nPrivate_Dirty:   300 kB\n\
            Private_Hugetlb:   0 kB\n";
        assert_eq!(private_bytes(smaps).to_string(), (400 * 1024).to_string());
    }
}
