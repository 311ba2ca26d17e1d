//! Maps requests to files.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use callscope_web_server::{Request, Response};

use crate::{DemoError, OWN_SDK};

/// The package with the newest SDK; older versions are installed as `sdk-VERSION`.
const PACKAGE: &str = "@hubspot/calling-extensions-sdk";
const NEWEST: &str = "0.9.7";
const OLDER_PREFIX: &str = "sdk-";

/// No foreign or evaluated scripts: WebAssembly in a content script would not compile here.
const STRICT_POLICY: &str = "default-src 'self' 'unsafe-inline'; frame-src *";

/// Like an iframe's `sandbox`: the document gets an opaque origin, `null`.
const SANDBOX_POLICY: &str = "sandbox allow-scripts allow-forms";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

const FILES: [(&str, &str, &str); 13] = [
    ("/look.css", STYLE, include_str!("../pages/look.css")),
    ("/host.css", STYLE, include_str!("../pages/host.css")),
    ("/widget.css", STYLE, include_str!("../pages/widget.css")),
    ("/log.js", SCRIPT, include_str!("../pages/log.js")),
    ("/sdk.js", SCRIPT, include_str!("../pages/sdk.js")),
    ("/host.js", SCRIPT, include_str!("../pages/host.js")),
    ("/phone.js", SCRIPT, include_str!("../pages/phone.js")),
    ("/twins.js", SCRIPT, include_str!("../pages/twins.js")),
    ("/widget.js", SCRIPT, include_str!("../pages/widget.js")),
    // For a widget with the host's own origin.
    ("/widget.html", HTML, include_str!("../pages/widget.html")),
    ("/moved.html", HTML, include_str!("../pages/moved.html")),
    (
        "/stranger.html",
        HTML,
        include_str!("../pages/stranger.html"),
    ),
    ("/stranger.js", SCRIPT, include_str!("../pages/stranger.js")),
];

/// The pages, the SDKs installed by npm, and Callscope's own.
#[derive(Debug)]
pub(crate) struct Site {
    node_modules: PathBuf,
    own_sdk: Option<PathBuf>,
}

impl Site {
    pub(crate) fn new(node_modules: PathBuf, own_sdk: Option<PathBuf>) -> Result<Self, DemoError> {
        let site = Self {
            node_modules,
            own_sdk,
        };
        let newest = site.published(NEWEST);
        if !newest.is_file() {
            return Err(DemoError::NoSdk { path: newest });
        }
        match site.own_sdk.clone().filter(|it| !it.is_file()) {
            Some(path) => Err(DemoError::NoOwnSdk { path }),
            None => Ok(site),
        }
    }

    pub(crate) fn answer(&self, request: &Request) -> Response {
        match request.path.as_str() {
            "/" if is_host(&request.host) => Response {
                policy: request.has("csp", "strict").then_some(STRICT_POLICY),
                ..found(HTML, include_str!("../pages/host.html"))
            },
            "/" => Response {
                policy: [("strict", STRICT_POLICY), ("sandbox", SANDBOX_POLICY)]
                    .into_iter()
                    .find_map(|(value, policy)| request.has("widget-csp", value).then_some(policy)),
                ..found(HTML, include_str!("../pages/widget.html"))
            },
            "/sdk/versions.json" => found(TEXT, &json!(self.versions()).to_string()),
            path => match FILES.iter().find(|(name, ..)| *name == path) {
                Some((_, content_type, text)) => found(content_type, text),
                None => self.answer_with_sdk(path),
            },
        }
    }

    /// `/sdk/VERSION.js` and `/sdk/callscope.js`.
    fn answer_with_sdk(&self, path: &str) -> Response {
        let version = path
            .strip_prefix("/sdk/")
            .and_then(|rest| rest.strip_suffix(".js"))
            .filter(|version| is_version(version) || *version == OWN_SDK);
        let Some(version) = version else {
            return missing(format!("There is no {path} here."));
        };
        match self.sdk_path(version).map(fs::read) {
            Some(Ok(body)) => Response {
                body,
                ..found(SCRIPT, "")
            },
            _ => missing(format!(
                "SDK {version} is not installed. There are {}.",
                self.versions().join(", ")
            )),
        }
    }

    fn sdk_path(&self, version: &str) -> Option<PathBuf> {
        if version == OWN_SDK {
            self.own_sdk.clone()
        } else {
            Some(self.published(version))
        }
    }

    fn published(&self, version: &str) -> PathBuf {
        let folder = if version == NEWEST {
            PACKAGE.to_owned()
        } else {
            format!("{OLDER_PREFIX}{version}")
        };
        self.node_modules.join(folder).join("dist/main.js")
    }

    /// The installed versions, newest first, then Callscope's own SDK.
    fn versions(&self) -> Vec<String> {
        let mut older: Vec<String> = fs::read_dir(&self.node_modules)
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| name.strip_prefix(OLDER_PREFIX).map(ToOwned::to_owned))
            .filter(|version| is_version(version))
            .collect();
        older.sort_by_key(|version| std::cmp::Reverse(numbers(version)));
        older.insert(0, NEWEST.to_owned());
        older.extend(self.own_sdk.as_ref().map(|_| OWN_SDK.to_owned()));
        older
    }
}

/// Whether this host name plays HubSpot.
fn is_host(name: &str) -> bool {
    name == "localhost" || name == "hubspot.com" || name.ends_with(".hubspot.com")
}

/// Whether this can be a version, and so cannot lead out of the folder.
fn is_version(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || it == '.' || it == '-')
}

fn numbers(version: &str) -> Vec<u32> {
    version
        .split(['.', '-'])
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn found(content_type: &'static str, text: &str) -> Response {
    Response {
        status: "200 OK",
        content_type,
        policy: None,
        body: text.as_bytes().to_vec(),
    }
}

fn missing(text: String) -> Response {
    Response {
        status: "404 Not Found",
        content_type: TEXT,
        policy: None,
        body: text.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(packages: &[&str]) -> (tempfile::TempDir, Result<Site, DemoError>) {
        let folder = tempfile::tempdir().unwrap();
        for package in packages {
            let dist = folder.path().join(package).join("dist");
            fs::create_dir_all(&dist).unwrap();
            fs::write(dist.join("main.js"), *package).unwrap();
        }
        let site = Site::new(folder.path().to_owned(), None);
        (folder, site)
    }

    fn get(site: &Site, host: &str, path: &str, query: &str) -> Response {
        site.answer(&Request {
            method: "GET".to_owned(),
            host: host.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            fetch_site: String::new(),
        })
    }

    #[test]
    fn says_what_to_do_without_the_sdk() {
        let (_folder, site) = installed(&["sdk-0.2.1"]);
        let message = site.unwrap_err().to_string();
        assert!(message.ends_with("run `npm ci` first"), "{message}");
    }

    #[test]
    fn the_host_name_decides_which_page() {
        let (_folder, site) = installed(&[PACKAGE]);
        let site = site.unwrap();
        let title = |host| {
            let body = String::from_utf8(get(&site, host, "/", "").body).unwrap();
            let title = body.split("<title>").nth(1).unwrap();
            title.split("</title>").next().unwrap().to_owned()
        };
        let [host, widget] = [title("localhost"), title("127.0.0.1")];
        assert_ne!(host, widget);
        assert_eq!(title("app-eu1.hubspot.com"), host);
        assert_eq!(title("softphone.test"), widget);
        assert_eq!(title("nothubspot.com"), widget);
    }

    #[test]
    fn policies_are_for_the_page_that_asks() {
        let (_folder, site) = installed(&[PACKAGE]);
        let site = site.unwrap();
        let policy = |host, query| get(&site, host, "/", query).policy;
        assert_eq!(policy("localhost", "csp=strict"), Some(STRICT_POLICY));
        assert_eq!(policy("127.0.0.1", "csp=strict"), None);
        assert_eq!(
            policy("127.0.0.1", "widget-csp=strict"),
            Some(STRICT_POLICY)
        );
        assert_eq!(
            policy("127.0.0.1", "widget-csp=sandbox"),
            Some(SANDBOX_POLICY)
        );
        assert_eq!(policy("localhost", ""), None);
    }

    #[test]
    fn serves_every_installed_version() {
        let (_folder, site) = installed(&[PACKAGE, "sdk-0.2.1", "sdk-0.0.10", "sdk-0.9.4"]);
        let site = site.unwrap();
        let body = |path| {
            let response = get(&site, "localhost", path, "");
            (response.status, String::from_utf8(response.body).unwrap())
        };
        assert_eq!(body("/sdk/0.9.7.js"), ("200 OK", PACKAGE.to_owned()));
        assert_eq!(body("/sdk/0.2.1.js"), ("200 OK", "sdk-0.2.1".to_owned()));
        assert_eq!(
            body("/sdk/versions.json").1,
            r#"["0.9.7","0.9.4","0.2.1","0.0.10"]"#
        );
        let (status, text) = body("/sdk/0.3.0.js");
        assert_eq!(status, "404 Not Found");
        assert!(text.contains("0.9.7, 0.9.4, 0.2.1, 0.0.10"), "{text}");
    }

    #[test]
    fn serves_the_own_sdk_if_it_is_there() {
        let (folder, site) = installed(&[PACKAGE]);
        assert_eq!(
            get(&site.unwrap(), "localhost", "/sdk/callscope.js", "").status,
            "404 Not Found"
        );
        let file = folder.path().join("own.js");
        let site = || Site::new(folder.path().to_owned(), Some(file.clone()));
        let message = site().unwrap_err().to_string();
        assert!(
            message.ends_with("run `cargo xtask npm` first"),
            "{message}"
        );
        fs::write(&file, "own").unwrap();
        let site = site().unwrap();
        assert_eq!(
            get(&site, "localhost", "/sdk/callscope.js", "").body,
            b"own"
        );
        assert_eq!(
            get(&site, "localhost", "/sdk/versions.json", "").body,
            br#"["0.9.7","callscope"]"#
        );
    }

    #[test]
    fn nothing_outside_is_served() {
        let (_folder, site) = installed(&[PACKAGE]);
        let site = site.unwrap();
        for path in ["/sdk/../../etc/passwd.js", "/sdk/0/../x.js", "/Cargo.toml"] {
            assert_eq!(get(&site, "localhost", path, "").status, "404 Not Found");
        }
    }
}
