//! The manifest: the repository's `manifest.json` with the version filled in.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::workspace::Workspace;

/// Who loads the extension.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A developer, unpacked: the `key` gives the extension the same id in every folder.
    Developer,
    /// A store, which gives it an id of its own and refuses a `key`.
    Store,
}

/// The text of the manifest.
///
/// # Errors
///
/// Fails if the source is not JSON, or names a version itself.
pub(crate) fn text(workspace: &Workspace, audience: Audience) -> Result<String> {
    let path = workspace.root.join("manifest.json");
    let text = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    fill(&text, &workspace.version, audience).with_context(|| path.display().to_string())
}

fn fill(source: &str, version: &str, audience: Audience) -> Result<String> {
    let source: Value = serde_json::from_str(source).context("not JSON")?;
    let source = source.as_object().context("not an object")?;
    ensure!(
        !source.contains_key("version"),
        "the version comes from Cargo.toml; remove it from the manifest"
    );
    // After the name, where people look for it.
    let mut filled = serde_json::Map::new();
    for (key, value) in source {
        if key == "key" && audience == Audience::Store {
            continue;
        }
        filled.insert(key.clone(), value.clone());
        if key == "name" {
            filled.insert("version".to_owned(), version.into());
        }
    }
    ensure!(filled.contains_key("version"), "the manifest has no name");
    Ok(format!("{:#}\n", Value::Object(filled)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_follows_the_name() {
        let filled = fill(
            r#"{"manifest_version":3,"name":"A","description":"b"}"#,
            "1.2.3",
            Audience::Store,
        );
        let value: Value = serde_json::from_str(&filled.unwrap()).unwrap();
        let keys: Vec<_> = value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(keys, ["manifest_version", "name", "version", "description"]);
        assert_eq!(value["version"], "1.2.3");
    }

    #[test]
    fn a_version_in_the_source_is_refused() {
        assert!(fill(r#"{"name":"A","version":"1"}"#, "1.2.3", Audience::Store).is_err());
    }

    /// Permissions have been decided on; changing them changes what users have to grant.
    #[test]
    fn the_permissions_are_the_least_that_work() {
        let manifest: Value = serde_json::from_str(include_str!("../../../manifest.json")).unwrap();
        let declared = serde_json::json!([
            "https://*.hubspot.com/*",
            "http://localhost/*",
            "https://localhost/*",
            "http://127.0.0.1/*",
            "https://127.0.0.1/*",
        ]);
        assert_eq!(manifest["host_permissions"], declared);
        assert_eq!(manifest["content_scripts"][0]["matches"], declared);
        assert_eq!(
            manifest["optional_host_permissions"],
            serde_json::json!(["https://*/*"])
        );
        assert_eq!(
            manifest["permissions"],
            serde_json::json!(["storage", "scripting"])
        );
        assert!(manifest.get("web_accessible_resources").is_none());
        assert!(manifest.get("externally_connectable").is_none());
        assert_eq!(
            manifest["content_security_policy"]["extension_pages"],
            "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'"
        );
    }
}
