//! Requests the widget's URL, to find out why a browser might refuse to frame it.

use std::time::Duration;

use callscope_simulator::{FetchFailure, Fetched};
use ureq::{Error, ResponseExt as _};

/// How long a URL may take to answer.
const LIMIT: Duration = Duration::from_secs(8);

/// The answer for `url`; the certificate is checked against what this machine trusts, unless any
/// will do.
pub(super) fn fetch(url: &str, any_certificate: bool) -> Result<Fetched, FetchFailure> {
    let agent = crate::http::agent(LIMIT, any_certificate);
    let answer = agent.get(url).header("accept", "text/html").call();
    let answer = answer.map_err(|error| failure(&error))?;
    let headers = answer.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    Ok(Fetched {
        url: answer.get_uri().to_string(),
        status: answer.status().as_u16(),
        headers: headers.collect(),
    })
}

fn failure(error: &Error) -> FetchFailure {
    match error {
        Error::HostNotFound => FetchFailure::NoHost,
        Error::ConnectionFailed => FetchFailure::Refused,
        Error::Timeout(_) => FetchFailure::TimedOut,
        Error::TooManyRedirects => FetchFailure::Redirects,
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            FetchFailure::Refused
        }
        // The wording of this machine's resolver.
        Error::Io(error) if error.to_string().contains("failed to lookup address") => {
            FetchFailure::NoHost
        }
        other => match certificate(other) {
            Some(reason) => FetchFailure::Certificate { reason },
            None => FetchFailure::Unknown {
                reason: other.to_string(),
            },
        },
    }
}

/// What is wrong with a certificate, if that is the cause.
fn certificate(error: &Error) -> Option<String> {
    let words = match error {
        Error::Rustls(error) => error.to_string(),
        // The TLS error is wrapped in one of the stream.
        Error::Io(error) => error.to_string(),
        _ => return None,
    };
    let reason = words.strip_prefix("invalid peer certificate: ")?;
    Some(match reason {
        "UnknownIssuer" => "it is not signed by an authority that this machine trusts".to_owned(),
        "Expired" => "it has expired".to_owned(),
        // OpenSSL makes a certificate that is its own authority, unless told otherwise.
        other if other.contains("CaUsedAsEndEntity") => {
            "it is its own authority, as one that `openssl req -x509` makes".to_owned()
        }
        other if other.contains("not valid for name") => "it is for another name".to_owned(),
        other => other.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use callscope_web_server::{Response, serve_plain, serve_tls};

    use super::*;

    fn page() -> Response {
        Response {
            status: "200 OK",
            content_type: "text/html",
            policy: Some("frame-ancestors 'none'"),
            body: b"hello".to_vec(),
        }
    }

    #[test]
    fn an_answer_has_its_headers() {
        let served = serve_plain(None, |_| page()).unwrap();
        let url = format!("http://127.0.0.1:{}/phone", served.port());
        let answer = fetch(&url, false).unwrap();
        assert_eq!((answer.url.as_str(), answer.status), (url.as_str(), 200));
        let has = |name: &str, value: &str| {
            answer
                .headers
                .iter()
                .any(|(key, it)| key == name && it == value)
        };
        assert!(
            has("content-security-policy", "frame-ancestors 'none'"),
            "{answer:?}"
        );
    }

    #[test]
    fn a_certificate_that_nobody_vouches_for() {
        let served = serve_tls(None, &[], |_| page()).unwrap();
        let url = format!("https://127.0.0.1:{}/", served.port());
        let failure = fetch(&url, false).unwrap_err();
        assert!(
            matches!(failure, FetchFailure::Certificate { .. }),
            "{failure:?}"
        );
        assert_eq!(fetch(&url, true).unwrap().status, 200);
    }

    #[test]
    fn nobody_listens() {
        let served = serve_plain(None, |_| page()).unwrap();
        let url = format!("http://127.0.0.1:{}/", served.port());
        drop(served);
        assert_eq!(fetch(&url, false), Err(FetchFailure::Refused));
    }
}
