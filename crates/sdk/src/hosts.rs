//! Which pages a widget accepts as HubSpot.

/// The origins whose SYNC a widget answers.
///
/// The original answers whoever asks first, and from then on sends that page everything (pitfall
/// D05). Here HubSpot and pages on this machine are allowed by default:
///
/// - `https://` on `hubspot.com`, `hubspotqa.com` and their subdomains, because accounts live on
///   `app.hubspot.com`, `app-eu1.hubspot.com` and so on;
/// - `localhost`, its subdomains, `127.0.0.0/8` and `[::1]`, on any port, with or without TLS.
#[derive(Clone, Debug, Default)]
pub struct AllowedHosts {
    more: Vec<String>,
}

/// HubSpot's own domain, and the one that it tests with.
const DOMAINS: [&str; 2] = ["hubspot.com", "hubspotqa.com"];

impl AllowedHosts {
    /// Also allows an origin such as `https://crm.example`, all subdomains of a domain as
    /// `https://*.crm.example`, or any origin as `*`.
    ///
    /// Origins are written as browsers write them: in lower case, without a default port or a path.
    /// A slash at the end is ignored.
    #[must_use]
    pub fn and(mut self, pattern: &str) -> Self {
        let pattern = pattern.strip_suffix('/').unwrap_or(pattern);
        self.more.push(pattern.to_owned());
        self
    }

    /// Whether a page of this origin is allowed; `origin` is the sender's, as the browser reports
    /// it.
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
    let (Some((wanted, pattern)), Some((scheme, host))) = (parts(pattern), parts(origin)) else {
        return false;
    };
    let domain = pattern.strip_prefix("*.");
    wanted == scheme && domain.is_some_and(|domain| is_below(host, domain))
}

/// The scheme of an origin, and its host with the port.
///
/// Here and below, texts are processed as bytes: the standard library's text search would be a
/// large part of a lowered script.
fn parts(origin: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = cut(origin, b':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|it| it == at)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// Whether a host name ends in a dot and this domain.
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
    let Some((scheme, host)) = parts(origin) else {
        return false;
    };
    if scheme != "http" && scheme != "https" {
        return false;
    }
    if host == "[::1]" || host.starts_with("[::1]:") {
        return true;
    }
    let name = cut(host, b':').map_or(host, |(name, _)| name);
    name == "localhost" || is_below(name, "localhost") || is_loopback(name)
}

/// `127.` and three more numbers: a name such as `127.0.0.1.example` can be on any machine.
fn is_loopback(name: &str) -> bool {
    let mut dots = 0;
    let is_number = name.bytes().all(|it| {
        dots += u32::from(it == b'.');
        it == b'.' || it.is_ascii_digit()
    });
    is_number && dots == 3 && name.starts_with("127.")
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
            .and("https://crm.example/")
            .and("https://*.tenant.example");
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
