//! The pages that the benches open.

use std::fs;

use anyhow::{Context as _, Result};
use callscope_demo::{PlainSite, Request, Response};

use crate::workspace::Workspace;

/// The published SDK, in both roles.
const SDK: &str = "@hubspot/calling-extensions-sdk/dist/main.js";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: &[(&str, &str, &str)] = &[
    ("/frame.html", HTML, include_str!("pages/frame.html")),
    ("/frames.html", HTML, include_str!("pages/frames.html")),
    ("/frames.js", SCRIPT, include_str!("pages/frames.js")),
    ("/host.html", HTML, include_str!("pages/host.html")),
    ("/host.js", SCRIPT, include_str!("pages/host.js")),
    ("/load.js", SCRIPT, include_str!("pages/load.js")),
    ("/widget.html", HTML, include_str!("pages/widget.html")),
    ("/widget.js", SCRIPT, include_str!("pages/widget.js")),
];

/// Serves the pages without TLS and without a policy, until it is dropped.
///
/// # Errors
///
/// The SDK is not installed, or the machine does not allow it.
pub(crate) fn serve(workspace: &Workspace) -> Result<PlainSite> {
    let path = workspace.node_modules().join(SDK);
    let sdk = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}; run `npm ci` first", path.display()))?;
    // Wraps a CommonJS module, which the pages use as `sdk`.
    let sdk = format!(
        "globalThis.sdk = (() => {{ const exports = {{}}, module = {{ exports }};\n\
         {sdk}\n\
         return module.exports; }})();"
    );
    let site = PlainSite::serve(move |request| answer(request, &sdk))?;
    Ok(site)
}

fn answer(request: &Request, sdk: &str) -> Response {
    let found = |content_type, text: &str| Response {
        status: "200 OK",
        content_type,
        policy: None,
        body: text.as_bytes().to_vec(),
    };
    if request.path == "/sdk.js" {
        return found(SCRIPT, sdk);
    }
    match FILES.iter().find(|(path, ..)| *path == request.path) {
        Some((_, content_type, text)) => found(content_type, text),
        None => Response {
            status: "404 Not Found",
            ..found(HTML, "")
        },
    }
}
