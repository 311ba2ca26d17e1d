//! Whether a page can frame a widget, judging by the answer of the widget's URL.
//!
//! A browser does not tell a page why it refuses to show a frame. So code that can do so requests
//! the widget's URL; this module says what the answer means and what to change.

use callscope_protocol::{is_local, origin_of};
use serde::{Deserialize, Serialize};

use crate::local_network::on_hubspot;

/// The answer of the widget's URL.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Fetched {
    /// The URL after all redirects.
    pub url: String,
    /// The HTTP status.
    pub status: u16,
    /// The headers: names in any case, with values; a name may occur more than once.
    pub headers: Vec<(String, String)>,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum FetchFailure {
    /// The host does not exist.
    NoHost,
    /// Nothing listens on the port.
    Refused,
    /// No answer in time.
    TimedOut,
    /// The certificate is not trusted.
    Certificate {
        /// What is wrong with it.
        reason: String,
    },
    /// It redirects in a loop.
    Redirects,
    /// A page of the browser's extension is not allowed to request it.
    NotAllowed,
    /// Any other reason, which the browser does not tell a page.
    Unknown {
        /// The error as reported.
        reason: String,
    },
}

/// Something that keeps a widget from being shown, or from receiving messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Obstacle {
    /// Whether it makes the widget unusable here; otherwise it is a remark.
    pub blocks: bool,
    /// What is wrong.
    pub what: String,
    /// What to change.
    pub fix: String,
}

impl Obstacle {
    fn blocking(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            blocks: true,
            what: what.into(),
            fix: fix.into(),
        }
    }

    fn note(what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            blocks: false,
            ..Self::blocking(what, fix)
        }
    }
}

/// The origin of HubSpot's page for most accounts.
const HUBSPOT: &str = "https://app.hubspot.com";

/// What keeps the page at `page_origin` from showing the widget at `url`, the worst first.
#[must_use]
pub fn check_widget(
    url: &str,
    page_origin: &str,
    fetched: &Result<Fetched, FetchFailure>,
) -> Vec<Obstacle> {
    let mut found: Vec<Obstacle> = of_address(url, page_origin).into_iter().collect();
    found.extend(on_hubspot(url));
    match fetched {
        Err(failure) => found.push(of_failure(url, failure)),
        Ok(answer) => {
            found.extend(of_status(url, answer));
            found.extend(of_redirect(url, answer));
            found.extend(of_framing(answer, page_origin));
            found.extend(of_content(answer));
        }
    }
    found.sort_by_key(|it| !it.blocks);
    found
}

fn of_address(url: &str, page_origin: &str) -> Option<Obstacle> {
    if !url.trim().to_ascii_lowercase().starts_with("http://") {
        return None;
    }
    if is_local(url) {
        return Some(Obstacle::note(
            "The widget is served over http. That works on this machine only.",
            "HubSpot itself needs https: give the widget's server a certificate, or put a tunnel in front of it.",
        ));
    }
    let fix = "Serve the widget over https.";
    let what = format!("{url} is not https.");
    Some(if page_origin.starts_with("https:") {
        Obstacle::blocking(
            format!("{what} The browser does not show an http page in an https page."),
            fix,
        )
    } else {
        Obstacle::note(format!("{what} HubSpot is, and cannot show it."), fix)
    })
}

fn of_failure(url: &str, failure: &FetchFailure) -> Obstacle {
    let origin = origin_of(url).unwrap_or_else(|| url.to_owned());
    match failure {
        FetchFailure::NoHost => Obstacle::blocking(
            format!("There is no host of the name in {origin}."),
            "Look for a spelling mistake; the name of a tunnel changes when it is started anew.",
        ),
        FetchFailure::Refused => Obstacle::blocking(
            format!("Nothing listens at {origin}."),
            "Start the widget's server, and look whether it has this port.",
        ),
        FetchFailure::TimedOut => Obstacle::blocking(
            format!("{origin} does not answer."),
            "Look whether the widget's server hangs, or a firewall or VPN is in between.",
        ),
        FetchFailure::Certificate { reason } => Obstacle::blocking(
            if origin.starts_with("https:") {
                format!("The certificate of {origin} is not trusted: {reason}.")
            } else {
                format!(
                    "{origin} leads on to an address whose certificate is not trusted: {reason}."
                )
            },
            "Make one with mkcert, which the browser trusts; or open the address in a tab of this browser once and accept the warning; or start with --accept-insecure-certs.",
        ),
        FetchFailure::Redirects => Obstacle::blocking(
            format!("{url} redirects again and again."),
            "Open it in a tab: a log-in that needs cookies does this in a frame, for they are another site's there.",
        ),
        FetchFailure::NotAllowed => Obstacle::note(
            format!("Callscope may not ask {origin} why it might refuse to be framed."),
            "Allow this origin: the button is beside this message.",
        ),
        FetchFailure::Unknown { reason } => Obstacle::blocking(
            format!("{origin} cannot be reached ({reason})."),
            "Open it in a tab: the browser says there what is wrong. Mostly nothing listens there, or the certificate is not trusted.",
        ),
    }
}

fn of_status(url: &str, answer: &Fetched) -> Option<Obstacle> {
    let Fetched { status, .. } = answer;
    let fix = match status {
        204 | 205 => "That is not a page: enter the address of the widget's HTML page.",
        200..=399 => return None,
        404 => {
            "Look at the path: many servers need the slash at the end, or have the page elsewhere."
        }
        401 | 403 => {
            "The page must be there without a log-in of its server: HubSpot sends no credentials. Log in inside the widget."
        }
        500..=599 => "The widget's server has failed; its own log says why.",
        _ => "Open the address in a tab and see.",
    };
    Some(Obstacle::blocking(format!("{url} answers {status}."), fix))
}

/// After a redirect, SYNC is addressed to the origin of the requested URL.
fn of_redirect(url: &str, answer: &Fetched) -> Option<Obstacle> {
    let (asked, got) = (origin_of(url)?, origin_of(&answer.url)?);
    (asked != got).then(|| {
        Obstacle::blocking(
            format!("{asked} leads on to {got}. HubSpot addresses SYNC to {asked}, and the browser does not deliver it."),
            format!("Enter {} as the widget's address.", answer.url),
        )
    })
}

/// X-Frame-Options and frame-ancestors: the latter takes precedence if both are there.
fn of_framing(answer: &Fetched, page_origin: &str) -> Vec<Obstacle> {
    let own = origin_of(&answer.url).unwrap_or_default();
    let mut found = Vec::new();
    let mut has_ancestors = false;
    for policy in values(answer, "content-security-policy") {
        for directive in policy.split([';', ',']) {
            let mut words = directive.split_ascii_whitespace();
            match words.next().map(str::to_ascii_lowercase).as_deref() {
                Some("frame-ancestors") => {
                    has_ancestors = true;
                    let sources: Vec<&str> = words.collect();
                    found.extend(of_ancestors(&sources, &own, page_origin));
                }
                Some("sandbox")
                    if !words.any(|it| it.eq_ignore_ascii_case("allow-same-origin")) =>
                {
                    found.push(Obstacle::blocking(
                        "The widget's Content-Security-Policy has sandbox without allow-same-origin. Its origin is null then, and HubSpot takes no message from that.",
                        "Add allow-same-origin, or leave sandbox out.",
                    ));
                }
                _ => {}
            }
        }
    }
    if has_ancestors {
        return found;
    }
    for value in values(answer, "x-frame-options") {
        for word in value.split(',').map(str::trim) {
            let is_refused = word.eq_ignore_ascii_case("deny")
                || (word.eq_ignore_ascii_case("sameorigin") && own != page_origin);
            if is_refused {
                found.push(Obstacle::blocking(
                    format!("The widget's server sends X-Frame-Options: {word}. The browser shows it in no other site's page, HubSpot's neither."),
                    format!("Leave X-Frame-Options out for the widget's page, and send Content-Security-Policy: frame-ancestors https://*.hubspot.com{}", also(page_origin)),
                ));
            }
        }
    }
    found
}

/// What to allow besides HubSpot; empty if the page plays HubSpot under HubSpot's own name.
fn also(page_origin: &str) -> String {
    if host_of(page_origin).ends_with("hubspot.com") {
        String::new()
    } else {
        format!(" {}", source_of(page_origin))
    }
}

/// How frame-ancestors should name this page: on this machine with any port, because the port
/// changes each time the simulator is started.
fn source_of(page_origin: &str) -> String {
    match page_origin.strip_prefix("http://localhost:") {
        Some(_) => "http://localhost:*".to_owned(),
        None => page_origin.to_owned(),
    }
}

fn of_ancestors(sources: &[&str], own: &str, page_origin: &str) -> Vec<Obstacle> {
    let allows = |origin: &str| sources.iter().any(|source| allows(source, own, origin));
    let list = if sources.is_empty() {
        "'none'".to_owned()
    } else {
        sources.join(" ")
    };
    let (here, there) = (allows(page_origin), allows(HUBSPOT));
    let mut found = Vec::new();
    if !here && there {
        found.push(Obstacle::blocking(
            format!("The widget's Content-Security-Policy allows frame-ancestors {list}: HubSpot, but not this page, {page_origin}."),
            format!("Start callscope simulate with --as app.hubspot.com, which plays HubSpot under its own name; or add {} to frame-ancestors while you develop.", source_of(page_origin)),
        ));
    } else if !here {
        found.push(Obstacle::blocking(
            format!("The widget's Content-Security-Policy allows frame-ancestors {list}: neither HubSpot nor this page."),
            format!("Send frame-ancestors https://*.hubspot.com{}", also(page_origin)),
        ));
    } else if !there {
        found.push(Obstacle::note(
            format!("The widget's Content-Security-Policy allows frame-ancestors {list}: this page, but not HubSpot."),
            "Add https://*.hubspot.com to frame-ancestors before you go to HubSpot.",
        ));
    }
    found
}

/// Whether a frame-ancestors source allows an origin.
fn allows(source: &str, own: &str, origin: &str) -> bool {
    let source = source.to_ascii_lowercase();
    let Some((scheme, host)) = origin.split_once("://") else {
        return false;
    };
    match source.as_str() {
        "'none'" => return false,
        "'self'" => return origin == own,
        // Every web page.
        "*" => return scheme == "https" || scheme == "http",
        _ => {}
    }
    if let Some(only_scheme) = source.strip_suffix(':') {
        return is_scheme(only_scheme, scheme);
    }
    let (wanted, rest) = match source.split_once("://") {
        Some((wanted, rest)) => (Some(wanted), rest),
        None => (None, source.as_str()),
    };
    let scheme_fits = match wanted {
        Some(wanted) => is_scheme(wanted, scheme),
        // A source without a scheme has the scheme of the page that it protects, or a more secure
        // one.
        None => is_scheme(own.split("://").next().unwrap_or_default(), scheme),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (wanted_name, wanted_port) = split_port(authority);
    let (name, port) = split_port(host);
    let name_fits = match wanted_name.strip_prefix("*.") {
        Some(domain) => name
            .strip_suffix(domain)
            .is_some_and(|before| before.len() > 1 && before.ends_with('.')),
        None => wanted_name == "*" || wanted_name == name,
    };
    let default_port = if scheme == "https" { "443" } else { "80" };
    let port_fits = match wanted_port {
        Some("*") => true,
        wanted => wanted.unwrap_or(default_port) == port.unwrap_or(default_port),
    };
    scheme_fits && name_fits && port_fits
}

fn is_scheme(wanted: &str, scheme: &str) -> bool {
    wanted == scheme || (wanted == "http" && scheme == "https")
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (authority, None),
    }
}

fn host_of(origin: &str) -> &str {
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    split_port(host).0
}

fn of_content(answer: &Fetched) -> Option<Obstacle> {
    let content = values(answer, "content-type").next()?;
    let kind = content.split(';').next().unwrap_or_default().trim();
    let is_page = kind.eq_ignore_ascii_case("text/html")
        || kind.eq_ignore_ascii_case("application/xhtml+xml");
    (answer.status < 400 && !is_page).then(|| {
        Obstacle::blocking(
            format!("{} is not a page but {kind}.", answer.url),
            "Enter the address of the widget's HTML page.",
        )
    })
}

fn values<'a>(answer: &'a Fetched, name: &'a str) -> impl Iterator<Item = &'a str> {
    let headers = answer.headers.iter();
    headers
        .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests;
