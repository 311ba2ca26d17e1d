//! A host page and a widget on two local sites, with the real SDK in both roles, or with
//! Callscope's own.
//!
//! The host is `https://localhost:PORT/`, the widget `https://127.0.0.1:PORT/`: to a browser these
//! are two sites, so it puts them into two processes, like HubSpot and a softphone.
//! Every other host name that leads here gets the widget as well, except HubSpot's own.
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
//! | `leave-out=CREATE,…` | the host never sends types that begin so |
//! | `host-url=…` | the host sends this as its `hostUrl` |
//! | `bare` | the host's SYNC is the SDK's, without the portal that HubSpot adds |
//! | `widget-url=…` | the iframe goes there |
//! | `stranger=…` | a frame with this address stands before the widget's, and may come several times |
//! | `csp=strict` | the host page forbids foreign and evaluated scripts |
//! | `twin=…` | the widget has one fault: see `pages/twins.js` |
//! | `widget-csp=strict` | so does the widget page |
//! | `widget-csp=sandbox` | the widget page has no origin, as in an iframe with `sandbox` |
//! | `sandboxed` | the host speaks with a widget that has no origin, which the SDK's own cannot |
//!
//! The widget's page takes `allow-host=…` beside these, an origin that Callscope's SDK is to allow
//! as its host; it may come several times.
//!
//! `/stranger.html` is a page that is no calling app and may speak like one, on every host name.
//!
//! Both pages keep what they sent and received in `window.demoLog`, and offer `window.demo` to
//! scripts: see `pages/`.

mod error;
mod site;

use std::path::PathBuf;

pub use callscope_web_server::{PlainSite, Request, Response};
use callscope_web_server::{Served, serve_tls};
pub use error::DemoError;
use site::Site;

/// What to serve and where.
#[derive(Clone, Debug, Default)]
pub struct DemoOptions {
    /// The port; any free one if not given.
    pub port: Option<u16>,
    /// The folder into which npm installed the SDK.
    pub node_modules: PathBuf,
    /// Callscope's own SDK as `cargo xtask npm` makes it, its `main.js`; without it only the
    /// published ones can be asked for.
    pub own_sdk: Option<PathBuf>,
}

/// What the parameters `widget` and `host` call Callscope's own SDK.
pub const OWN_SDK: &str = "callscope";

/// A running demo; dropping it ends it.
#[derive(Debug)]
pub struct Demo {
    served: Served,
}

/// Starts to serve, in threads of its own.
///
/// # Errors
///
/// The SDK is not installed, the port is taken, or the machine refuses something.
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

    /// The same with parameters, such as `widget=0.2.1&login=auto`.
    #[must_use]
    pub fn host_url_with(&self, parameters: &str) -> String {
        format!("{}?{parameters}", self.host_url())
    }

    /// The page in its iframe.
    #[must_use]
    pub fn widget_url(&self) -> String {
        format!("https://127.0.0.1:{}/", self.port())
    }

    /// The port that both listen on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.served.port()
    }

    /// Base64 of the SHA-256 of the certificate's public key, as Chromium's
    /// `--ignore-certificate-errors-spki-list` takes it.
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
