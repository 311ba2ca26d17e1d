//! A host page and a widget on two local sites, with the real SDK in both roles, or with
//! Callscope's own.
//!
//! The host is `https://localhost:PORT/`, the widget `https://127.0.0.1:PORT/`: for a browser these
//! are two sites, so it uses two processes, as for HubSpot and a softphone.
//! Every other host name that leads here serves the widget too, except HubSpot's own.
//!
//! # Parameters of the host page
//!
//! | parameter | effect |
//! | --- | --- |
//! | `widget=0.2.1` | the widget's SDK version, or `callscope` for Callscope's own SDK; `host=…` for the host's |
//! | `login=auto` | the widget is logged in and available from the start |
//! | `silent` | the widget never starts its SDK, so SYNC stays unanswered |
//! | `autodial=off` | `DIAL_NUMBER` fills in the number but starts no call |
//! | `delay=0` | milliseconds until the host answers, instead of lifelike ones |
//! | `fail=create,match` | the host answers `…_FAILED`: `create`, `update`, `call-id`, `match`, `finalize`, `navigate` |
//! | `leave-out=CREATE,…` | the host never sends types that begin with these |
//! | `host-url=…` | the host sends this as its `hostUrl` |
//! | `bare` | the host's SYNC is the SDK's, without the portal that HubSpot adds |
//! | `widget-url=…` | the iframe loads this address |
//! | `stranger=…` | a frame with this address comes before the widget's; may be given several times |
//! | `csp=strict` | the host page forbids foreign and evaluated scripts |
//! | `twin=…` | the widget has a fault: see `pages/twins.js` |
//! | `widget-csp=strict` | the widget page forbids them |
//! | `widget-csp=sandbox` | the widget page has no origin, as in an iframe with `sandbox` |
//! | `sandboxed` | the host can talk to a widget without an origin, which the SDK's own host cannot |
//!
//! The widget's page also accepts `allow-host=…`, an origin that Callscope's SDK should allow as
//! its host; it may be given several times.
//!
//! `/stranger.html`, available on every host name, is a page that is not a calling app but may
//! behave like one.
//!
//! Both pages keep the messages that they have sent and received in `window.demoLog`, and offer
//! `window.demo` to scripts: see `pages/`.

mod error;
mod site;

use std::path::PathBuf;

pub use callscope_web_server::{PlainSite, Request, Response};
use callscope_web_server::{Served, serve_tls};
pub use error::DemoError;
use site::Site;

/// What to serve, and where.
#[derive(Clone, Debug, Default)]
pub struct DemoOptions {
    /// The port; `None` for any free one.
    pub port: Option<u16>,
    /// The folder where npm installed the SDK.
    pub node_modules: PathBuf,
    /// The `main.js` of Callscope's own SDK, as built by `cargo xtask npm`; without it, only the
    /// published versions are available.
    pub own_sdk: Option<PathBuf>,
}

/// The name of Callscope's own SDK in the parameters `widget` and `host`.
pub const OWN_SDK: &str = "callscope";

/// A running demo; dropping it stops it.
#[derive(Debug)]
pub struct Demo {
    served: Served,
}

/// Starts serving, in separate threads.
///
/// # Errors
///
/// The SDK is not installed, the port is in use, or the machine does not allow it.
pub fn serve(options: DemoOptions) -> Result<Demo, DemoError> {
    let DemoOptions {
        port,
        node_modules,
        own_sdk,
    } = options;
    let site = Site::new(node_modules, own_sdk)?;
    let served = serve_tls(port, &[], move |request| site.answer(request))?;
    Ok(Demo { served })
}

impl Demo {
    /// The page that plays HubSpot.
    #[must_use]
    pub fn host_url(&self) -> String {
        format!("https://localhost:{}/", self.port())
    }

    /// The same, with parameters such as `widget=0.2.1&login=auto`.
    #[must_use]
    pub fn host_url_with(&self, parameters: &str) -> String {
        format!("{}?{parameters}", self.host_url())
    }

    /// The address of the page in its iframe.
    #[must_use]
    pub fn widget_url(&self) -> String {
        format!("https://127.0.0.1:{}/", self.port())
    }

    /// The port that both sites listen on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.served.port()
    }

    /// Base64 of the SHA-256 of the certificate's public key, in the form that Chromium's
    /// `--ignore-certificate-errors-spki-list` takes.
    #[must_use]
    pub fn spki_hash(&self) -> &str {
        self.served.spki_hash()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::{Ipv4Addr, TcpStream};

    use super::*;

    #[test]
    fn a_port_is_taken_and_given_back() {
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("@hubspot/calling-extensions-sdk/dist");
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("main.js"), "").unwrap();
        let start = |port| {
            serve(DemoOptions {
                port,
                node_modules: folder.path().to_owned(),
                own_sdk: None,
            })
        };

        let demo = start(None).unwrap();
        let port = demo.port();
        assert_eq!(demo.host_url(), format!("https://localhost:{port}/"));
        assert_eq!(demo.widget_url(), format!("https://127.0.0.1:{port}/"));
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok());

        let message = start(Some(port)).unwrap_err().to_string();
        let expected =
            format!("port {port} is taken: stop what listens there, or choose another port");
        assert_eq!(message, expected);

        drop(demo);
        assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err());
        assert_eq!(start(Some(port)).unwrap().port(), port);
    }
}
