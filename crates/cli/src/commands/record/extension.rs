//! The extension that the recording browser loads.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tempfile::TempDir;

/// The extension's files, if the program was built with them: see `build.rs`.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/extension.rs"));

/// An unpacked extension; a temporary one is deleted when this is dropped.
pub(in crate::commands) struct Extension {
    pub(in crate::commands) folder: PathBuf,
    _temporary: Option<TempDir>,
}

impl Extension {
    /// The extension in `folder`, or the one embedded in this program. It also listens in
    /// `origins`, without asking, because the browser that loads it is temporary.
    pub(in crate::commands) fn prepare(
        folder: Option<&Path>,
        origins: &[String],
    ) -> anyhow::Result<Self> {
        if let Some(folder) = folder {
            let manifest = read_manifest(folder)?;
            if origins.iter().all(|origin| listens_in(&manifest, origin)) {
                return Ok(Self {
                    folder: folder.to_owned(),
                    _temporary: None,
                });
            }
        }
        let temporary = tempfile::Builder::new()
            .prefix("callscope-extension-")
            .tempdir()
            .context("making a folder for the extension")?;
        match folder {
            Some(folder) => copy(folder, temporary.path()),
            None => unpack(temporary.path()),
        }?;
        let mut manifest = read_manifest(temporary.path())?;
        for origin in origins {
            if !listens_in(&manifest, origin) {
                listen_in(&mut manifest, origin);
            }
        }
        let path = temporary.path().join("manifest.json");
        fs::write(&path, manifest.to_string()).context("writing the extension's manifest")?;
        Ok(Self {
            folder: temporary.path().to_owned(),
            _temporary: Some(temporary),
        })
    }
}

fn unpack(to: &Path) -> anyhow::Result<()> {
    if EMBEDDED.is_empty() {
        bail!(
            "this build of callscope does not carry the extension: run `cargo xtask dist`, then \
             add --extension dist/extension, or use dist/callscope"
        );
    }
    for (name, bytes) in EMBEDDED {
        let path = to.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).context("unpacking the extension")?;
        }
        fs::write(path, bytes).context("unpacking the extension")?;
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    let failed = || format!("copying the extension in {}", from.display());
    fs::create_dir_all(to).with_context(failed)?;
    for entry in fs::read_dir(from).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        let target = to.join(entry.file_name());
        if entry.file_type().with_context(failed)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).with_context(failed)?;
        }
    }
    Ok(())
}

fn read_manifest(folder: &Path) -> anyhow::Result<Value> {
    let path = folder.join("manifest.json");
    let text = fs::read_to_string(&path).with_context(|| {
        format!(
            "{} is not an unpacked extension: it needs a manifest.json",
            folder.display()
        )
    })?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// The match patterns of the content scripts.
fn patterns(manifest: &Value) -> impl Iterator<Item = &str> {
    let scripts = manifest["content_scripts"].as_array().into_iter().flatten();
    scripts
        .filter_map(|script| script["matches"].as_array())
        .flatten()
        .filter_map(Value::as_str)
}

fn listens_in(manifest: &Value, origin: &str) -> bool {
    let Some((scheme, host)) = split(origin) else {
        return false;
    };
    patterns(manifest).any(|pattern| {
        let Some((pattern_scheme, rest)) = pattern.split_once("://") else {
            return false;
        };
        let pattern_host = rest.split('/').next().unwrap_or_default();
        let fits_host = match pattern_host.strip_prefix("*.") {
            Some(domain) => host == domain || host.ends_with(&format!(".{domain}")),
            None => pattern_host == "*" || pattern_host == host,
        };
        (pattern_scheme == "*" || pattern_scheme == scheme) && fits_host
    })
}

/// Scheme and host; match patterns have no ports and match all of them.
fn split(origin: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = origin.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    // User names are not part of a pattern.
    let authority = authority.rsplit('@').next()?;
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
    };
    (!host.is_empty()).then_some((scheme, host))
}

fn listen_in(manifest: &mut Value, origin: &str) {
    let Some((scheme, host)) = split(origin) else {
        return;
    };
    let pattern = Value::from(format!("{scheme}://{host}/*"));
    if let Some(scripts) = manifest["content_scripts"].as_array_mut() {
        for script in scripts {
            if let Some(matches) = script["matches"].as_array_mut() {
                matches.push(pattern.clone());
            }
        }
    }
    if let Some(hosts) = manifest["host_permissions"].as_array_mut() {
        hosts.push(pattern);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn origins_are_added_to_what_is_listened_to() {
        let mut manifest = json!({
            "content_scripts": [{"matches": ["https://*.hubspot.com/*", "http://localhost/*"]}],
            "host_permissions": ["https://*.hubspot.com/*"]
        });
        for (origin, expected) in [
            ("https://app.hubspot.com", true),
            ("https://app-eu1.hubspot.com/contacts/1", true),
            ("https://hubspot.com.evil.example", false),
            ("http://app.hubspot.com", false),
            ("http://localhost:9025", true),
            ("https://localhost:9025", false),
            ("nonsense", false),
        ] {
            assert_eq!(listens_in(&manifest, origin), expected, "{origin}");
        }
        listen_in(&mut manifest, "https://dialer.example:8443/x");
        assert!(listens_in(&manifest, "https://dialer.example"));
        assert_eq!(manifest["host_permissions"][1], "https://dialer.example/*");
        // Chromium refuses an extension with an invalid pattern.
        for (url, host) in [
            ("https://localhost:9025?portal=1", "localhost"),
            ("https://user:secret@widget.example:1/x", "widget.example"),
            ("http://[::1]:9025/#x", "[::1]"),
            ("http://[::1]", "[::1]"),
        ] {
            assert_eq!(split(url).map(|(_, host)| host), Some(host), "{url}");
        }
    }
}
