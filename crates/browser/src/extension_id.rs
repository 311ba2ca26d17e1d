//! The id that Chromium assigns to an extension.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::BrowserError;

#[derive(Deserialize)]
struct Manifest {
    key: Option<String>,
}

/// The id of the unpacked extension in `folder`, from the `key` in its manifest.
///
/// # Errors
///
/// [`BrowserError::Extension`] if there is no readable manifest or no key in it.
pub fn extension_id(folder: &Path) -> Result<String, BrowserError> {
    let refuse = |why: String| BrowserError::Extension {
        path: folder.to_owned(),
        why,
    };
    let text = fs::read_to_string(folder.join("manifest.json")).map_err(|error| {
        refuse(format!(
            "manifest.json cannot be read ({error}); build it first"
        ))
    })?;
    let manifest: Manifest = serde_json::from_str(&text)
        .map_err(|error| refuse(format!("manifest.json cannot be understood ({error})")))?;
    let key = manifest
        .key
        .ok_or_else(|| refuse("manifest.json has no `key`, so its id is not fixed".to_owned()))?;
    id_of_key(&key).ok_or_else(|| refuse("the `key` in manifest.json is not base64".to_owned()))
}

/// Half of the key's SHA-256, in hexadecimal with the letters a to p as digits.
fn id_of_key(key: &str) -> Option<String> {
    let der = BASE64.decode(key.as_bytes()).ok()?;
    let hash = Sha256::digest(&der);
    Some(
        hash[..16]
            .iter()
            .flat_map(|byte| [byte >> 4, byte & 15])
            .map(|digit| char::from(b'a' + digit))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key and id of Chrome's own component extension for PDF files, as published in its source.
    #[test]
    fn agrees_with_chromium() {
        let key = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDN6hM0rsDYGbzQPQfOygqlRtQgKUXMfnSjhIBL7LnReAVBEd7ZmKtyN2qmSasMl4HZpMhVe2rPWVVwBDl6iyNE/Kok6E6v6V3vCLGsOpQAuuNVye/3QxzIldzG/jQAdWZiyXReRVapOhZtLjGfywCvlWq7Sl/e3sbc0vWybSDI2QIDAQAB";
        assert_eq!(
            id_of_key(key).as_deref(),
            Some("mhjfbmdgcfjbbpaeojofohoefgiehjai")
        );
    }

    #[test]
    fn needs_a_key() {
        let folder = tempfile::tempdir().unwrap();
        let message = |folder: &Path| extension_id(folder).unwrap_err().to_string();
        assert!(message(folder.path()).contains("build it first"));
        fs::write(folder.path().join("manifest.json"), "{}").unwrap();
        assert!(message(folder.path()).contains("has no `key`"));
        fs::write(folder.path().join("manifest.json"), r#"{"key":"?"}"#).unwrap();
        assert!(message(folder.path()).contains("not base64"));
    }
}
