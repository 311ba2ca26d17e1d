//! Which pages a widget takes for HubSpot.

use callscope_protocol::origin_of;

/// The origins whose SYNC a widget answers.
///
/// The original answers whoever asks first, and from then on tells that page everything (pitfall
/// D05). Here HubSpot and pages of this machine are allowed from the start:
///
/// - `https://` at `hubspot.com`, `hubspotqa.com` and whatever is below them, since accounts live
///   at `app.hubspot.com`, `app-eu1.hubspot.com` and so on;
/// - `localhost`, names below it, `127.0.0.0/8` and `[::1]`, on any port, with or without TLS.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    more: Vec<String>,
}

/// HubSpot's own, and those that it tests with.
const DOMAINS: [&str; 2] = ["hubspot.com", "hubspotqa.com"];

impl AllowedHosts {
    /// Allows one more: an origin such as `https://crm.example`, all below a domain as
    /// `https://*.crm.example`, or `*` for any.
    ///
    /// A URL counts as its origin.
    #[must_use]
    pub fn and(mut self, pattern: &str) -> Self {
        let pattern = pattern.trim();
        // A `*` is no part of an origin.
        let origin = match pattern.split_once("://*.") {
            Some((scheme, domain)) => {
                let mut whole = scheme.to_owned();
                whole.push_str("://");
                whole.push_str(domain);
                origin_of(&whole).and_then(|origin| {
                    let (scheme, domain) = origin.split_once("://")?;
                    let mut pattern = scheme.to_owned();
                    pattern.push_str("://*.");
                    pattern.push_str(domain);
                    Some(pattern)
                })
            }
            None => origin_of(pattern),
        };
        self.more.push(origin.unwrap_or_else(|| pattern.to_owned()));
        self
    }

    /// Whether a page of this origin is allowed; `origin` is what the browser says of the sender.
    #[must_use]
    pub fn allow(&self, origin: &str) -> bool {
        is_hubspot(origin)
            || is_local(origin)
            || self.more.iter().any(|pattern| matches(pattern, origin))
    }
}

fn matches(pattern: &str, origin: &str) -> bool {
    if pattern == "*" || pattern == origin {
        return true;
    }
    let Some((scheme, domain)) = pattern.split_once("://*.") else {
        return false;
    };
    origin
        .split_once("://")
        .is_some_and(|(own, host)| own == scheme && is_below(host, domain))
}

/// Whether a host's name ends in a dot and this domain.
fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|before| before.len() > 1 && before.ends_with('.'))
}

fn is_hubspot(origin: &str) -> bool {
    origin.strip_prefix("https://").is_some_and(|host| {
        DOMAINS
            .iter()
            .any(|domain| host == *domain || is_below(host, domain))
    })
}

fn is_local(origin: &str) -> bool {
    let Some((scheme, host)) = origin.split_once("://") else {
        return false;
    };
    if scheme != "http" && scheme != "https" {
        return false;
    }
    if host == "[::1]" || host.starts_with("[::1]:") {
        return true;
    }
    let name = host.split(':').next().unwrap_or_default();
    name == "localhost" || is_below(name, "localhost") || is_loopback(name)
}

/// `127.` and three more numbers: a name such as `127.0.0.1.example` is somebody's.
fn is_loopback(name: &str) -> bool {
    let mut parts = name.split('.');
    parts.next() == Some("127")
        && parts.clone().count() == 3
        && parts.all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hubspot_and_this_machine_are_allowed() {
        let hosts = AllowedHosts::default();
        for origin in [
            "https://app.hubspot.com",
            "https://app-eu1.hubspot.com",
            "https://app.hubspotqa.com",
            "https://localhost:9025",
            "http://localhost",
            "http://crm.localhost:8080",
            "http://127.0.0.1:3000",
            "https://[::1]:9025",
        ] {
            assert!(hosts.allow(origin), "{origin}");
        }
        for origin in [
            "http://app.hubspot.com",
            "https://hubspot.com.example",
            "https://evilhubspot.com",
            "https://app.hubspot.com:8443",
            "https://.hubspot.com",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://localhost",
            "null",
            "",
        ] {
            assert!(!hosts.allow(origin), "{origin}");
        }
    }

    #[test]
    fn more_can_be_allowed() {
        let hosts = AllowedHosts::default()
            .and("HTTPS://CRM.example:443/path")
            .and("https://*.Tenant.example");
        assert!(hosts.allow("https://crm.example"));
        assert!(hosts.allow("https://a.tenant.example"));
        assert!(!hosts.allow("https://tenant.example"));
        assert!(!hosts.allow("http://a.tenant.example"));
        assert!(!hosts.allow("https://other.example"));
        assert!(AllowedHosts::default().and("*").allow("null"));
        let extension = "chrome-extension://abcdefghijklmnop";
        assert!(AllowedHosts::default().and(extension).allow(extension));
    }
}
