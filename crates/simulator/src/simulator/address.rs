//! Validates a widget's URL.

use callscope_protocol::origin_of;

use crate::SimulatorError;

/// A widget's URL as it will be loaded.
pub(super) fn address(text: &str) -> Result<String, SimulatorError> {
    let text = text.trim();
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_origin = |origin: String| {
        // The port follows the last colon: an IPv6 address in brackets contains more.
        let port = origin.rsplit_once(':').map_or("", |(_, port)| port);
        port.starts_with("//") || port.ends_with(']') || port.parse::<u16>().is_ok()
    };
    if is_web && origin_of(text).is_some_and(is_origin) {
        Ok(text.to_owned())
    } else {
        Err(SimulatorError::NoAddress(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_such_as_a_browser_takes() {
        for good in [
            "https://localhost:9025/",
            " http://phone.example ",
            "http://[::1]/",
            "http://[::1]:80/",
            "https://user:word@phone.example:8443/?x#y",
        ] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "phone.html",
            "ftp://phone.example/",
            "https://",
            "http://localhost:99999/",
            "http://localhost:x/",
            "http://exa mple/",
        ] {
            assert!(address(bad).is_err(), "{bad}");
        }
    }
}
