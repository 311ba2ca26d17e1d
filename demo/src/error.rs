//! Reasons why the demo does not start.

use std::path::PathBuf;

use callscope_web_server::ServeError;

/// Why the demo does not start, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// npm has not installed the SDK.
    #[error("the calling SDK is missing, there is no {}: run `npm ci` first", path.display())]
    NoSdk {
        /// The missing file.
        path: PathBuf,
    },

    /// Callscope's own SDK has not been built.
    #[error("Callscope's SDK is missing, there is no {}: run `cargo xtask npm` first", path.display())]
    NoOwnSdk {
        /// The missing file.
        path: PathBuf,
    },

    /// The pages cannot be served.
    #[error(transparent)]
    Serve(#[from] ServeError),
}
