//! Origins as the SDK compares them: exactly, as strings.

use core::net::IpAddr;

/// The bare origin of a URL: `scheme://host[:port]`, lower case, without a default port.
///
/// `None` if the text does not begin like a URL.
#[must_use]
pub fn of_url(url: &str) -> Option<String> {
    let (scheme, rest) = url.trim().split_once("://")?;
    // The scheme of an extension's page has a hyphen.
    let is_scheme_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    if scheme.is_empty() || !scheme.bytes().all(is_scheme_byte) {
        return None;
    }
    let scheme = scheme.to_ascii_lowercase();
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.to_ascii_lowercase();
    if host.is_empty() || !host.chars().all(is_host_char) {
        return None;
    }
    let default_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => ":",
    };
    let host = host.strip_suffix(default_port).unwrap_or(&host);
    Some(format!("{scheme}://{host}"))
}

/// The characters of host names and addresses. A browser writes other letters in Punycode.
const fn is_host_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '.' | '-' | '_' | ':' | '[' | ']')
}

/// Whether the text is a bare origin.
pub(crate) fn is_bare(text: &str) -> bool {
    of_url(text).is_some_and(|origin| origin == text)
}

/// Whether the page is served from this machine, where http is as good as https: from `localhost`,
/// a subdomain of it, `127.0.0.0/8` or `[::1]`.
#[must_use]
pub fn is_local(url: &str) -> bool {
    let Some(origin) = of_url(url) else {
        return false;
    };
    let host = host(&origin);
    host == "localhost"
        || host.ends_with(".localhost")
        // A name such as `127.0.0.1.example` can be on any machine.
        || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Whether the page is served from another machine of the same network: from an address of a
/// private range, or from a name that ends with `.local`.
#[must_use]
pub fn is_private(url: &str) -> bool {
    let Some(origin) = of_url(url) else {
        return false;
    };
    let host = host(&origin);
    match host.parse() {
        Ok(IpAddr::V4(address)) => address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_unique_local() || address.is_unicast_link_local(),
        Err(_) => host.rsplit('.').next() == Some("local"),
    }
}

/// The host of a bare origin, without port; an IPv6 address without its brackets.
fn host(origin: &str) -> &str {
    let authority = origin.split_once("://").map_or("", |(_, it)| it);
    match authority.strip_prefix('[') {
        Some(ipv6) => ipv6.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Whether the URL would be fetched without encryption from another machine.
pub(crate) fn is_insecure(url: &str) -> bool {
    url.trim().to_ascii_lowercase().starts_with("http://") && !is_local(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_origins() {
        for text in [
            "https://app.hubspot.com",
            "https://localhost:9025",
            "http://[::1]:80a",
            "chrome-extension://depdnhkgllgnfaodledgedjedajhemnl",
        ] {
            assert!(is_bare(text), "{text}");
        }
        for text in [
            "https://app.hubspot.com/",
            "https://app.hubspot.com/contacts",
            "https://App.hubspot.com",
            "https://app.hubspot.com:443",
            "http://localhost:80",
            "https://user@app.hubspot.com",
            "app.hubspot.com",
            "//app.hubspot.com",
            " https://app.hubspot.com",
            "https://app.hubspo|.com",
            "https://b\u{fc}cher.example",
            "https://",
            "null",
            "",
        ] {
            assert!(!is_bare(text), "{text}");
        }
    }

    #[test]
    fn urls_have_origins() {
        let origin = |url| of_url(url);
        assert_eq!(
            origin("HTTPS://A.example:443/x?y#z").as_deref(),
            Some("https://a.example")
        );
        assert_eq!(
            origin("http://a.example:8080").as_deref(),
            Some("http://a.example:8080")
        );
        assert_eq!(origin("javascript:alert(1)"), None);
    }

    #[test]
    fn this_machine_is_local() {
        for url in [
            "http://localhost:9025/x",
            "http://127.0.0.1",
            "http://[::1]:9/",
        ] {
            assert!(is_local(url) && !is_insecure(url), "{url}");
        }
        assert!(is_insecure("http://dialer.example/x"));
        assert!(!is_insecure("https://dialer.example/x"));
        assert!(is_insecure("http://localhost.dialer.example"));
        assert!(is_insecure("http://127.0.0.1.dialer.example"));
        assert!(!is_insecure("http://127.8.0.1:9025/"));
        assert!(!is_insecure("http://[::1]:9025/"));
    }
}
