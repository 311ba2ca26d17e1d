//! What can go wrong, and what to do about it.

use std::path::PathBuf;
use std::time::Duration;

/// Why the browser could not be started, or did not do what it was told.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BrowserError {
    /// There is no Chromium.
    #[error(
        "no Chromium found: install it (on Debian: apt-get install chromium) \
         or put its path into CALLSCOPE_CHROMIUM; looked for {looked_for}"
    )]
    NotFound {
        /// The names and paths that were tried.
        looked_for: String,
    },

    /// The given path does not exist.
    #[error("{from} says {path}, and there is no such file: correct it or leave it out")]
    NoSuchFile {
        /// Where the path was given.
        from: &'static str,
        /// The path.
        path: PathBuf,
    },

    /// The program could not be started.
    #[error("{} could not be run: {source}", path.display())]
    Spawn {
        /// The program.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },

    /// The program started and exited before it could be driven.
    #[error("{} ended ({status}) before it could be driven; its last words:\n{log}", path.display())]
    EndedAtStart {
        /// The program.
        path: PathBuf,
        /// Its exit status.
        status: String,
        /// The end of its standard error.
        log: String,
    },

    /// Accessing a file or a socket failed.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// The reason.
        source: std::io::Error,
    },

    /// The websocket to the browser could not be opened.
    #[error("could not connect to {url}: {source}")]
    Connect {
        /// The address that Chromium gave.
        url: String,
        /// The reason.
        source: Box<tungstenite::Error>,
    },

    /// The browser has exited, or closed the connection.
    #[error("the browser is gone ({why}); its last words:\n{log}")]
    Gone {
        /// How this was noticed.
        why: String,
        /// The end of its standard error.
        log: String,
    },

    /// The page, frame or worker no longer exists.
    #[error("{target} has gone away, so {method} got no answer")]
    TargetGone {
        /// The kind and URL of the target.
        target: String,
        /// The command that was running.
        method: String,
    },

    /// The browser refused a command.
    #[error("{method} was refused: {message}")]
    Refused {
        /// The command.
        method: String,
        /// The browser's message.
        message: String,
    },

    /// An answer does not have the expected shape.
    #[error("the answer to {method} is not what was expected: {source}; it was {answer}")]
    Answer {
        /// The command.
        method: String,
        /// The answer, shortened.
        answer: String,
        /// The reason.
        source: serde_json::Error,
    },

    /// A script threw an exception.
    #[error("{exception}\n  thrown by: {script}")]
    Script {
        /// The script, shortened.
        script: String,
        /// The exception with its stack trace.
        exception: String,
    },

    /// A condition did not come true in time.
    #[error("waited {:.1} s for {what}; last seen: {seen}", waited.as_secs_f64())]
    Timeout {
        /// What was waited for.
        what: String,
        /// How long it was waited for.
        waited: Duration,
        /// What there was instead.
        seen: String,
    },

    /// The extension's folder is not usable.
    #[error("{} is not an extension that can be loaded: {why}", path.display())]
    Extension {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
}

impl BrowserError {
    /// Whether trying again is pointless, because the browser or the target has gone.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Gone { .. } | Self::EndedAtStart { .. })
    }

    pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }
}

/// The first characters of a text that may be megabytes long.
pub(crate) fn shorten(text: &str) -> String {
    const LIMIT: usize = 300;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn shortens_between_characters() {
        assert_eq!(shorten("short"), "short");
        let long = "é".repeat(301);
        assert_eq!(shorten(&long), format!("{}… (602 bytes)", "é".repeat(300)));
    }
}
