//! The browser's processes, from start to end.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::BrowserError;
use crate::launch::{LaunchOptions, arguments};
use crate::wait::{Poll, wait_for};

/// How many lines of standard error are kept for error messages.
const LOG_LINES: usize = 30;

/// How long Chromium may take to start, at least: right after a compilation, it has taken more than
/// 20 seconds on two processors.
const START: Duration = Duration::from_mins(1);

const ADDRESS_LINE: &str = "DevTools listening on ";

/// The last lines that a process wrote.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<VecDeque<String>>>);

impl Log {
    fn push(&self, line: String) {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() == LOG_LINES {
            lines.pop_front();
        }
        lines.push_back(line);
    }

    pub(crate) fn text(&self) -> String {
        let lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.is_empty() {
            "(none)".to_owned()
        } else {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            lines.join("\n")
        }
    }
}

/// A running Chromium; dropping it ends all its processes.
pub(crate) struct Process {
    child: Child,
    pub(crate) log: Log,
    /// The address of its DevTools protocol.
    pub(crate) address: String,
}

impl Process {
    pub(crate) fn start(
        program: &Path,
        options: &LaunchOptions,
        profile: &Path,
    ) -> Result<Self, BrowserError> {
        let mut command = Command::new(program);
        command
            .args(arguments(options, profile, is_root()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        // A process group of its own: it can be ended as a whole, and Ctrl-C in a terminal only
        // reaches this program, which then ends Chromium cleanly.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.spawn().map_err(|source| BrowserError::Spawn {
            path: program.to_owned(),
            source,
        })?;
        let log = Log::default();
        let (tell, told) = mpsc::channel();
        if let Some(stderr) = child.stderr.take() {
            let log = log.clone();
            // Reads to the end; otherwise, Chromium would block once the pipe is full.
            thread::spawn(move || {
                for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                    if let Some(address) = line.strip_prefix(ADDRESS_LINE) {
                        // If starting took too long, nobody is listening any more.
                        let _ = tell.send(address.trim().to_owned());
                    }
                    log.push(line);
                }
            });
        }
        let mut process = Self {
            child,
            log,
            address: String::new(),
        };
        let limit = options.time_limit.max(START);
        process.address = match told.recv_timeout(limit) {
            Ok(address) => address,
            Err(RecvTimeoutError::Disconnected) => {
                let status = process.child.wait();
                return Err(BrowserError::EndedAtStart {
                    path: program.to_owned(),
                    status: status.map_or_else(|error| error.to_string(), |it| it.to_string()),
                    log: process.log.text(),
                });
            }
            Err(RecvTimeoutError::Timeout) => {
                return Err(BrowserError::Timeout {
                    what: format!("{} to start", program.display()),
                    waited: limit,
                    seen: process.log.text(),
                });
            }
        };
        Ok(process)
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for Chromium to exit, after it was asked to.
    pub(crate) fn wait(&mut self, limit: Duration) -> Result<ExitStatus, BrowserError> {
        let child = &mut self.child;
        wait_for("the browser to end", limit, || {
            let status = child
                .try_wait()
                .map_err(BrowserError::io("waiting for the browser"))?;
            Ok(status.map_or_else(|| Poll::NotYet("it runs".to_owned()), Poll::Done))
        })
    }

    fn kill(&mut self) {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, Signal, kill_process_group};
            // This only fails if all of them have exited already.
            let _ = kill_process_group(Pid::from_child(&self.child), Signal::KILL);
        }
        // On Windows, the helper processes exit together with the main one.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn is_root() -> bool {
    #[cfg(unix)]
    {
        rustix::process::geteuid().is_root()
    }
    #[cfg(not(unix))]
    {
        false
    }
}
