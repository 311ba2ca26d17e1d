//! The part of HTTP/1.1 that a browser needs to fetch files.

use std::io::{self, Read, Write};

/// The longest request head, in bytes.
const HEAD_LIMIT: usize = 16 * 1024;

/// A browser's request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `HEAD`, ….
    pub method: String,
    /// Host name of the `Host` header, without the port.
    pub host: String,
    /// The path without the query.
    pub path: String,
    /// What follows the `?`; empty if there is none.
    pub query: String,
    /// The `Sec-Fetch-Site` header, which says whose page sent the request; empty if it is missing.
    pub fetch_site: String,
}

impl Request {
    /// Whether the query has `name=value`.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.query
            .split('&')
            .any(|pair| pair.split_once('=') == Some((name, value)))
    }
}

/// The answer to a request.
#[derive(Debug, PartialEq, Eq)]
pub struct Response {
    /// The status line's text, such as `200 OK`.
    pub status: &'static str,
    /// The `Content-Type`.
    pub content_type: &'static str,
    /// The `Content-Security-Policy`.
    pub policy: Option<&'static str>,
    /// The content.
    pub body: Vec<u8>,
}

impl Response {
    /// A file, without a policy; an empty one is one that is not there.
    #[must_use]
    pub fn file(content_type: &'static str, body: Vec<u8>) -> Self {
        let status = if body.is_empty() {
            "404 Not Found"
        } else {
            "200 OK"
        };
        Self {
            status,
            content_type,
            policy: None,
            body,
        }
    }
}

/// Reads the head of a request; its body, if any, is not read.
pub(crate) fn read_request(stream: &mut impl Read) -> io::Result<Request> {
    let mut head = Vec::new();
    let mut part = [0; 2048];
    loop {
        let count = stream.read(&mut part)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(&part[..count]);
        if let Some(request) = parse(&head)? {
            return Ok(request);
        }
        if head.len() > HEAD_LIMIT {
            return Err(invalid("the request head is too long"));
        }
    }
}

fn parse(head: &[u8]) -> io::Result<Option<Request>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    if parsed.parse(head).map_err(invalid)?.is_partial() {
        return Ok(None);
    }
    let target = parsed.path.unwrap_or("/");
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let header = |name: &str| {
        let mut headers = parsed.headers.iter();
        headers
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .and_then(|header| std::str::from_utf8(header.value).ok())
            .unwrap_or_default()
    };
    let host = header("host");
    // An IPv6 address contains colons itself, and has brackets.
    let name_end = host
        .rfind(':')
        .filter(|&colon| !host[colon..].contains(']'));
    Ok(Some(Request {
        method: parsed.method.unwrap_or_default().to_owned(),
        host: host[..name_end.unwrap_or(host.len())].to_ascii_lowercase(),
        path: path.to_owned(),
        query: query.to_owned(),
        fetch_site: header("sec-fetch-site").to_owned(),
    }))
}

/// Writes the response to a request; without its body if only the head was requested.
///
/// A browser must request everything again each time. A page whose query has `cache=back-forward`
/// may be kept in the back/forward cache, which `no-store` forbids.
pub(crate) fn write_response(
    stream: &mut impl Write,
    response: &Response,
    request: &Request,
) -> io::Result<()> {
    let Response {
        status,
        content_type,
        policy,
        body,
    } = response;
    let caching = if request.has("cache", "back-forward") {
        "no-cache"
    } else {
        "no-store"
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
         Cache-Control: {caching}\r\nConnection: close\r\n",
        body.len()
    )?;
    if let Some(policy) = policy {
        write!(stream, "Content-Security-Policy: {policy}\r\n")?;
    }
    stream.write_all(b"\r\n")?;
    if request.method != "HEAD" {
        stream.write_all(body)?;
    }
    stream.flush()
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> io::Result<Request> {
        read_request(&mut text.as_bytes())
    }

    #[test]
    fn reads_what_was_asked_for() {
        let request =
            read("GET /a.js?x=1&csp=strict HTTP/1.1\r\nHOST: LocalHost:9025\r\n\r\n").unwrap();
        assert_eq!(request.method, "GET");
        assert_eq!(request.host, "localhost");
        assert_eq!(request.path, "/a.js");
        assert!(request.has("csp", "strict"));
        assert!(!request.has("csp", "no"));
        assert!(!request.has("sp", "strict"));
    }

    #[test]
    fn knows_addresses_from_ports() {
        for (header, host) in [
            ("127.0.0.1:9025", "127.0.0.1"),
            ("[::1]:9025", "[::1]"),
            ("[::1]", "[::1]"),
            ("localhost", "localhost"),
        ] {
            let request = read(&format!("GET / HTTP/1.1\r\nHost: {header}\r\n\r\n")).unwrap();
            assert_eq!(request.host, host);
        }
    }

    #[test]
    fn refuses_what_is_no_request() {
        assert!(read("\x16\x03\x01 hello").is_err());
        assert!(read("GET / HTTP/1.1\r\nHost: x\r\n").is_err());
        let endless = format!("GET / HTTP/1.1\r\nX: {}", "y".repeat(HEAD_LIMIT));
        assert!(read(&endless).unwrap_err().to_string().contains("too long"));
    }

    #[test]
    fn writes_heads_and_bodies() {
        let response = Response {
            status: "200 OK",
            content_type: "text/plain",
            policy: Some("default-src 'self'"),
            body: b"hello".to_vec(),
        };
        let written = |request: &str| {
            let request = read(request).unwrap();
            let mut out = Vec::new();
            write_response(&mut out, &response, &request).unwrap();
            String::from_utf8(out).unwrap()
        };
        let whole = written("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(whole.ends_with("Security-Policy: default-src 'self'\r\n\r\nhello"));
        assert!(whole.contains("Cache-Control: no-store\r\n"));
        let head = written("HEAD /?cache=back-forward HTTP/1.1\r\nHost: x\r\n\r\n");
        assert!(head.ends_with("\r\n\r\n"));
        assert!(head.contains("Content-Length: 5\r\n"));
        assert!(head.contains("Cache-Control: no-cache\r\n"));
    }
}
