//! A certificate for the lifetime of the server.

use std::sync::Arc;

use data_encoding::BASE64;
use rcgen::{CertifiedKey, PublicKeyData as _, generate_simple_self_signed};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use sha2::{Digest as _, Sha256};

use crate::ServeError;

pub(crate) struct Certificate {
    der: CertificateDer<'static>,
    key: Vec<u8>,
    /// Base64 of the SHA-256 of the public key.
    pub(crate) spki_hash: String,
}

impl Certificate {
    /// A certificate for this machine's own names and these.
    pub(crate) fn make(more: &[&str]) -> Result<Self, ServeError> {
        let own = ["localhost", "127.0.0.1", "::1"];
        let names: Vec<String> = (own.iter().chain(more)).map(|&it| it.to_owned()).collect();
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(names).map_err(refused)?;
        let public_key = signing_key.subject_public_key_info();
        Ok(Self {
            der: cert.der().clone(),
            key: signing_key.serialize_der(),
            spki_hash: BASE64.encode(&Sha256::digest(public_key)),
        })
    }

    pub(crate) fn tls_config(&self) -> Result<ServerConfig, ServeError> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        // Named explicitly, because rustls has no default provider without its default features.
        let provider = Arc::new(ring::default_provider());
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![self.der.clone()], key)
            })
            .map_err(refused)
    }
}

fn refused(error: impl std::error::Error) -> ServeError {
    ServeError::Certificate {
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_server_has_its_own_key() {
        let [one, two] =
            [&[][..], &["app.hubspot.com"]].map(|more| Certificate::make(more).unwrap());
        assert_ne!(one.spki_hash, two.spki_hash);
        assert_eq!(BASE64.decode(one.spki_hash.as_bytes()).unwrap().len(), 32);
        one.tls_config().unwrap();
    }
}
