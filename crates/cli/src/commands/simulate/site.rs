//! Serves the simulator's page, and checks the URLs of widgets for it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use callscope_simulator::FetchFailure;
use callscope_web_server::{Request, Response};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::fetch::fetch;

/// The page's folder in the extension, and the page in it.
const FOLDER: &str = "simulator";
const INDEX: &str = "index.html";

/// The page's files, as the extension has them.
pub(super) struct Site {
    files: BTreeMap<String, Vec<u8>>,
    /// The name under which the page is served, besides this machine's own names.
    host: Option<String>,
    any_certificate: bool,
}

impl Site {
    pub(super) fn read(
        extension: &Path,
        host: Option<String>,
        any_certificate: bool,
    ) -> anyhow::Result<Self> {
        let folder = extension.join(FOLDER);
        let failed = || format!("reading the simulator's page in {}", folder.display());
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(&folder).with_context(failed)? {
            let path = entry.with_context(failed)?.path();
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            if let Some(name) = name.filter(|_| path.is_file()) {
                files.insert(name, fs::read(&path).with_context(failed)?);
            }
        }
        if !files.contains_key(INDEX) {
            bail!("there is no {INDEX} in {}", folder.display());
        }
        Ok(Self {
            files,
            host,
            any_certificate,
        })
    }

    pub(super) fn answer(&self, request: &Request) -> Response {
        // A page on the web must not reach this server under a name of its own.
        let own = ["localhost", "127.0.0.1", "[::1]"];
        if !own.contains(&request.host.as_str()) && self.host.as_ref() != Some(&request.host) {
            return text("403 Forbidden", "This server is for the simulator only.");
        }
        let name = match request.path.trim_start_matches('/') {
            "" => INDEX,
            "check" => return self.check(request),
            name => name,
        };
        match self.files.get(name) {
            Some(body) => Response {
                status: "200 OK",
                content_type: content_type(name),
                policy: None,
                body: body.clone(),
            },
            None => text("404 Not Found", "There is no such file here."),
        }
    }

    /// What a URL answers, for the simulator's page only: other pages must not reach through this
    /// what they cannot reach themselves.
    fn check(&self, request: &Request) -> Response {
        if request.fetch_site != "same-origin" {
            return text("403 Forbidden", "Only the simulator's page may ask.");
        }
        let given = request
            .query
            .split('&')
            .find_map(|it| it.strip_prefix("url="));
        let url = percent_decode_str(given.unwrap_or_default()).decode_utf8_lossy();
        let found = match fetch(&url, self.any_certificate) {
            Ok(answer) => json!({ "answered": {
                "url": answer.url, "status": answer.status, "headers": answer.headers,
            }}),
            Err(failure) => json!({ "failed": as_json(&failure) }),
        };
        Response {
            content_type: "application/json",
            ..text("200 OK", &found.to_string())
        }
    }
}

/// In the form that the page's script reads.
fn as_json(failure: &FetchFailure) -> serde_json::Value {
    match failure {
        FetchFailure::NoHost => json!({ "kind": "noHost" }),
        FetchFailure::Refused => json!({ "kind": "refused" }),
        FetchFailure::TimedOut => json!({ "kind": "timedOut" }),
        FetchFailure::Redirects => json!({ "kind": "redirects" }),
        FetchFailure::NotAllowed => json!({ "kind": "notAllowed" }),
        FetchFailure::Certificate { reason } => json!({ "kind": "certificate", "reason": reason }),
        FetchFailure::Unknown { reason } => json!({ "kind": "unknown", "reason": reason }),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn text(status: &'static str, words: &str) -> Response {
    Response {
        status,
        content_type: "text/plain; charset=utf-8",
        policy: None,
        body: words.as_bytes().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> (tempfile::TempDir, Site) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(FOLDER)).unwrap();
        fs::write(folder.path().join("simulator/index.html"), "<p>page</p>").unwrap();
        let site = Site::read(folder.path(), Some("app.hubspot.com".to_owned()), false).unwrap();
        (folder, site)
    }

    fn get(site: &Site, host: &str, path: &str, fetch_site: &str) -> (&'static str, String) {
        let response = site.answer(&Request {
            method: "GET".to_owned(),
            host: host.to_owned(),
            path: path.to_owned(),
            query: "url=http%3A%2F%2F127.0.0.1%3A1%2F".to_owned(),
            fetch_site: fetch_site.to_owned(),
        });
        (response.status, String::from_utf8(response.body).unwrap())
    }

    #[test]
    fn the_page_and_nothing_else() {
        let (_folder, site) = site();
        let page = ("200 OK", "<p>page</p>".to_owned());
        assert_eq!(get(&site, "localhost", "/", "none"), page);
        assert_eq!(get(&site, "app.hubspot.com", "/", "none"), page);
        assert_eq!(get(&site, "evil.example", "/", "none").0, "403 Forbidden");
        assert_eq!(
            get(&site, "localhost", "/../manifest.json", "none").0,
            "404 Not Found"
        );
    }

    #[test]
    fn only_the_page_may_have_addresses_looked_at() {
        let (_folder, site) = site();
        assert_eq!(
            get(&site, "localhost", "/check", "cross-site").0,
            "403 Forbidden"
        );
        assert_eq!(get(&site, "localhost", "/check", "").0, "403 Forbidden");
        let (_, answer) = get(&site, "localhost", "/check", "same-origin");
        assert_eq!(answer, r#"{"failed":{"kind":"refused"}}"#);
    }
}
