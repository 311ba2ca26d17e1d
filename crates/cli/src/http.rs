//! Sends requests to servers over HTTP.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::ring;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

/// A client that waits no longer than `limit` for each answer, and accepts any status.
///
/// Certificates are checked against what this machine trusts, unless any will do.
pub(crate) fn agent(limit: Duration, any_certificate: bool) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .disable_verification(any_certificate)
        .build();
    Agent::config_builder()
        .timeout_global(Some(limit))
        .http_status_as_error(false)
        // A server may give browsers something else than programs.
        .user_agent("Mozilla/5.0 (Callscope)")
        .tls_config(tls)
        .build()
        .into()
}
