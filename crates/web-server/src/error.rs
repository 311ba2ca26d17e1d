//! Why a server cannot be started.

/// Why a server cannot be started, and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Something else listens on the port.
    #[error("port {port} is taken: stop what listens there, or choose another port")]
    PortTaken {
        /// The port.
        port: u16,
    },

    /// Only root may listen on the port.
    #[error("port {port} needs special rights: choose one above 1023")]
    PortForbidden {
        /// The port.
        port: u16,
    },

    /// The certificate could not be created.
    #[error("making a certificate: {reason}")]
    Certificate {
        /// The library's message.
        reason: String,
    },

    /// The operating system refused something.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// The reason.
        source: std::io::Error,
    },
}

impl ServeError {
    pub(crate) fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io {
            what: what.into(),
            source,
        }
    }
}
