//! Checks which crate may use which.
//!
//! Uses `cargo tree` rather than `cargo metadata`: the latter combines the features that all
//! members of the workspace ask for, and so would see the panel's browser bindings below the pure
//! crates.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

use crate::fuzz;
use crate::process;
use crate::workspace::Workspace;

/// The workspace's crates from the bottom up; a crate may only use those of lower layers.
const LAYERS: &[&[&str]] = &[
    &["callscope-json"],
    &["callscope-protocol"],
    &[
        "callscope-reference",
        "callscope-sdk",
        "callscope-session-log",
    ],
    &[
        "callscope-bus",
        "callscope-browser",
        "callscope-sdk-page",
        "callscope-sdk-web",
        "callscope-session-view",
        "callscope-simulator",
        "callscope-web-server",
    ],
    &[
        "callscope-diagram",
        "callscope-fuzz",
        "callscope-live",
        "callscope-scenario",
    ],
    &["callscope-report"],
    &[
        "callscope-browser-bench",
        "callscope-cli",
        "callscope-content-script",
        "callscope-demo",
        "callscope-extension",
        "callscope-fixtures",
        "callscope-panel",
        "callscope-simulator-page",
    ],
    &["callscope-e2e"],
    &["xtask"],
];

/// Crates without browser, files, sockets, clocks or threads: they get their inputs as arguments.
pub(crate) const PURE: &[&str] = &[
    "callscope-json",
    "callscope-protocol",
    "callscope-reference",
    "callscope-session-log",
    "callscope-session-view",
    "callscope-diagram",
    "callscope-report",
    "callscope-bus",
    "callscope-live",
    "callscope-scenario",
    "callscope-sdk",
    "callscope-simulator",
];

/// Packages that a pure crate must not reach, not even indirectly.
const IMPURE: &[&str] = &[
    // The browser.
    "console_error_panic_hook",
    "eframe",
    "egui",
    "gloo",
    "js-sys",
    "wasm-bindgen",
    "wasm-bindgen-futures",
    "web-sys",
    "web-time",
    // Sockets, files, processes and threads.
    "crossbeam-channel",
    "ctrlc",
    "memmap2",
    "mio",
    "notify",
    "rayon",
    "rustls",
    "socket2",
    "tempfile",
    "tokio",
    "tungstenite",
    "walkdir",
    // Clocks and randomness.
    "fastrand",
    "getrandom",
    "iana-time-zone",
    "instant",
    "rand",
    "time",
];

/// Features that make a pure package read a clock.
const IMPURE_FEATURES: &[(&str, &[&str])] = &[(
    "chrono",
    &["clock", "now", "wasmbind", "winapi", "iana-time-zone"],
)];

/// A crate of the workspace with everything below it in a normal build.
struct Tree {
    name: String,
    below: Vec<Package>,
}

/// A package, as built for one crate.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    features: Vec<String>,
}

/// Asks cargo for every crate's tree; fails for dependencies that point up or are impure.
///
/// # Errors
///
/// Names every violation.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let mut offences = Vec::new();
    let mut manifests = vec![(workspace.root.join("Cargo.toml"), members(workspace)?)];
    manifests.push((fuzz::manifest(workspace), vec!["callscope-fuzz".to_owned()]));
    for (manifest, names) in manifests {
        for name in names {
            let listing = process::run_quietly(
                process::cargo(&workspace.root)
                    .args([
                        "tree",
                        "--edges=normal",
                        // So that a dependency on a single system is seen on every system.
                        "--target=all",
                        "--prefix=none",
                        "--no-dedupe",
                        "--format={p}|{f}",
                        "--package",
                        &name,
                        "--manifest-path",
                    ])
                    .arg(&manifest),
            )?;
            offences.extend(offences_of(&Tree::parse(&name, &listing)));
        }
    }
    if !offences.is_empty() {
        bail!(
            "dependencies that the layers forbid:\n  {}",
            offences.join("\n  ")
        );
    }
    Ok(())
}

fn members(workspace: &Workspace) -> Result<Vec<String>> {
    let listing = process::run_quietly(process::cargo(&workspace.root).args([
        "tree",
        "--workspace",
        "--depth=0",
        "--prefix=none",
        "--format={p}|",
    ]))?;
    let packages = Tree::parse("", &listing).below;
    Ok(packages.into_iter().map(|package| package.name).collect())
}

impl Tree {
    /// Parses lines of the form `name v1.2.3 (place)|feature,feature`, leaving out the crate
    /// itself.
    fn parse(name: &str, listing: &str) -> Self {
        let packages: BTreeSet<_> = listing
            .lines()
            .filter_map(|line| {
                let (package, features) = line.split_once('|')?;
                Some(Package {
                    name: package.split_whitespace().next()?.to_owned(),
                    features: features.split(',').map(|it| it.trim().to_owned()).collect(),
                })
            })
            .filter(|package| package.name != name)
            .collect();
        Self {
            name: name.to_owned(),
            below: packages.into_iter().collect(),
        }
    }
}

/// A line for each violation below the crate.
fn offences_of(tree: &Tree) -> Vec<String> {
    let Tree { name, below } = tree;
    let mut offences = Vec::new();

    let Some(own_layer) = layer(name) else {
        return vec![format!(
            "{name} is in no layer; add it to xtask/src/lint/layers.rs"
        )];
    };
    for package in below {
        if layer(&package.name).is_some_and(|layer| layer >= own_layer) {
            offences.push(format!(
                "{name} uses {}, which is not below it",
                package.name
            ));
        }
    }

    if PURE.contains(&name.as_str()) {
        for package in below {
            if IMPURE.contains(&package.name.as_str()) {
                offences.push(format!("{name} is pure but reaches {}", package.name));
            }
            for feature in &package.features {
                let forbidden = IMPURE_FEATURES.iter().any(|(package_name, features)| {
                    package.name == *package_name && features.contains(&feature.as_str())
                });
                if forbidden {
                    let Package { name: used, .. } = package;
                    offences.push(format!("{name} is pure but turns on {used}'s `{feature}`"));
                }
            }
        }
    }
    offences
}

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offences(name: &str, listing: &str) -> Vec<String> {
        offences_of(&Tree::parse(name, listing))
    }

    #[test]
    fn the_workspace_keeps_its_layers() {
        check(&Workspace::find().unwrap()).unwrap();
    }

    #[test]
    fn a_pure_crate_must_not_reach_the_browser() {
        let listing = "callscope-protocol v0.1.0 (/x)|\nserde v1.0.0|std\nweb-sys v0.3.1|Window\n";
        assert_eq!(
            offences("callscope-protocol", listing),
            ["callscope-protocol is pure but reaches web-sys"]
        );
        assert_eq!(offences("callscope-panel", listing), [""; 0]);
    }

    #[test]
    fn a_pure_crate_must_not_have_a_clock() {
        let listing = "callscope-session-log v0.1.0 (/x)|\nchrono v0.4.45|alloc,clock,now\n";
        assert_eq!(
            offences("callscope-session-log", listing),
            [
                "callscope-session-log is pure but turns on chrono's `clock`",
                "callscope-session-log is pure but turns on chrono's `now`",
            ]
        );
        let listing = "callscope-session-log v0.1.0 (/x)|\nchrono v0.4.45|alloc\n";
        assert_eq!(offences("callscope-session-log", listing), [""; 0]);
    }

    #[test]
    fn arrows_point_down() {
        let listing = "callscope-protocol v0.1.0 (/x)|\ncallscope-session-log v0.1.0 (/x)|\n";
        assert_eq!(
            offences("callscope-protocol", listing),
            ["callscope-protocol uses callscope-session-log, which is not below it"]
        );
        assert_eq!(offences("callscope-panel", listing), [""; 0]);

        let listing = "callscope-panel v0.1.0 (/x)|\ncallscope-content-script v0.1.0 (/x)|\n";
        assert_eq!(
            offences("callscope-panel", listing),
            ["callscope-panel uses callscope-content-script, which is not below it"]
        );
    }

    #[test]
    fn a_crate_that_nobody_placed_is_an_offence() {
        assert_eq!(
            offences("callscope-new", ""),
            ["callscope-new is in no layer; add it to xtask/src/lint/layers.rs"]
        );
    }
}
