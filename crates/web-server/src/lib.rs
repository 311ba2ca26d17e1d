//! Serves a few pages to a browser on this machine.
//!
//! It listens on both loopback addresses, because `localhost` may mean either. It uses a
//! certificate of its own, which the browser has to be told to trust ([`Served::spki_hash`]), or no
//! TLS.

mod certificate;
mod error;
mod http;
mod server;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::Arc;

use certificate::Certificate;
pub use error::ServeError;
pub use http::{Request, Response};
use rustls::ServerConfig;
use server::{Answer, Server};

/// A running server; dropping it stops it.
#[derive(Debug)]
pub struct Served {
    port: u16,
    spki_hash: String,
    _servers: Vec<Server>,
}

impl Served {
    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Base64 of the SHA-256 of the certificate's public key, as Chromium's
    /// `--ignore-certificate-errors-spki-list` takes it; empty without TLS.
    #[must_use]
    pub fn spki_hash(&self) -> &str {
        &self.spki_hash
    }
}

/// Starts serving the responses of `answer` over TLS, in threads of its own, on this port or any
/// free one.
///
/// The certificate is for this machine's own names and for `more`.
///
/// # Errors
///
/// The port is taken, or the operating system refused something.
pub fn serve_tls(
    port: Option<u16>,
    more: &[&str],
    answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> Result<Served, ServeError> {
    let certificate = Certificate::make(more)?;
    let tls = Arc::new(certificate.tls_config()?);
    let (port, servers) = start(port.unwrap_or(0), Some(&tls), answer)?;
    Ok(Served {
        port,
        spki_hash: certificate.spki_hash,
        _servers: servers,
    })
}

/// The same without TLS.
///
/// # Errors
///
/// As for [`serve_tls`].
pub fn serve_plain(
    port: Option<u16>,
    answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> Result<Served, ServeError> {
    let (port, servers) = start(port.unwrap_or(0), None, answer)?;
    Ok(Served {
        port,
        spki_hash: String::new(),
        _servers: servers,
    })
}

/// The caller's pages on a free port, without TLS; dropping it stops the server.
#[derive(Debug)]
pub struct PlainSite(Served);

impl PlainSite {
    /// Starts serving the responses of `answer`, under every host name that leads here.
    ///
    /// # Errors
    ///
    /// The operating system refused something.
    pub fn serve(
        answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
    ) -> Result<Self, ServeError> {
        serve_plain(None, answer).map(Self)
    }

    /// The port that it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port()
    }
}

/// Listens on both loopback addresses; returns the port.
fn start(
    port: u16,
    tls: Option<&Arc<ServerConfig>>,
    answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> Result<(u16, Vec<Server>), ServeError> {
    let answer: Arc<Answer> = Arc::new(answer);
    let servers: Vec<Server> = listeners(port)?
        .into_iter()
        .map(|listener| Server::start(listener, tls.cloned(), Arc::clone(&answer)))
        .collect::<Result<_, _>>()?;
    let port = servers.first().map_or(0, Server::port);
    Ok((port, servers))
}

/// `localhost` may mean either loopback address, so this listens on both if both exist.
fn listeners(port: u16) -> Result<Vec<TcpListener>, ServeError> {
    const ATTEMPTS: usize = 20;
    for _ in 0..ATTEMPTS {
        let first = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
        let taken = first
            .local_addr()
            .map_err(|source| ServeError::io("asking for the port", source))?
            .port();
        match bind(SocketAddr::from((Ipv6Addr::LOCALHOST, taken))) {
            Ok(second) => return Ok(vec![first, second]),
            Err(ServeError::PortTaken { port: _ }) if port == 0 => {}
            Err(error @ ServeError::PortTaken { .. }) => return Err(error),
            // This machine has no IPv6.
            Err(_) => return Ok(vec![first]),
        }
    }
    Err(ServeError::PortTaken { port })
}

fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortTaken {
            port: address.port(),
        },
        std::io::ErrorKind::PermissionDenied => ServeError::PortForbidden {
            port: address.port(),
        },
        _ => ServeError::io(format!("listening on {address}"), source),
    })
}
