//! The licenses that accompany the built files: Callscope's own, and those of everyone whose code
//! is linked in.
//!
//! Made here rather than with cargo-about, which every `cargo xtask dist` on a fresh clone would
//! have to compile first. License expressions are parsed with `spdx`, as cargo-about does.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use spdx::{Expression, Licensee, ParseMode};

use super::output::Output;
use crate::process;
use crate::workspace::Workspace;

mod texts;

/// Callscope's own licenses, at the top of the repository.
const APACHE: &str = "LICENSE-APACHE";
const MIT: &str = "LICENSE-MIT";

/// The name of the file that [`text`] makes.
const THIRD_PARTY: &str = "THIRD-PARTY.txt";

/// The Rust project's notice about its standard library, which comes with every toolchain.
const STANDARD_LIBRARY: &str = "RUST-STANDARD-LIBRARY.html";

/// What is linked into a built artifact.
pub(crate) struct Linked {
    /// The workspace's crates that it consists of.
    packages: &'static [&'static str],
    /// The platform that they are compiled for; `None` for the machine that compiles.
    target: Option<&'static str>,
    /// Programs that leave some of their own code in the result.
    translators: &'static [Translator],
}

/// A program that leaves some of its own code in its output.
enum Translator {
    /// A crate that `xtask` uses.
    Crate(&'static str),
    /// A package of `package-lock.json`.
    Npm {
        name: &'static str,
        /// The owners named in its license.
        owners: &'static [&'static str],
    },
}

/// The extension: its scripts and its panel.
pub(crate) const EXTENSION: Linked = Linked {
    packages: &[
        "callscope-content-script",
        "callscope-extension",
        "callscope-panel",
        "callscope-simulator-page",
    ],
    target: Some("wasm32-unknown-unknown"),
    translators: &[
        // The glue between page and WebAssembly.
        Translator::Crate("wasm-bindgen-cli-support"),
        // The code that `wasm2js` puts around a module's functions.
        Translator::Npm {
            name: "binaryen",
            owners: &[],
        },
        // The few lines that connect the modules of a bundle.
        Translator::Npm {
            name: "esbuild",
            owners: &["2020 Evan Wallace"],
        },
    ],
};

/// The SDK for JavaScript.
pub(crate) const SDK: Linked = Linked {
    packages: &["callscope-sdk-web"],
    target: EXTENSION.target,
    translators: EXTENSION.translators,
};

/// The `callscope` program, not counting the extension in it.
pub(crate) const PROGRAM: Linked = Linked {
    packages: &["callscope-cli"],
    target: None,
    translators: &[],
};

/// A third-party package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    /// An SPDX expression.
    license: String,
    repository: String,
    /// The names after "Copyright (c)".
    owners: Vec<String>,
    /// The folder with its own copies of its licenses, if it has any.
    folder: Option<PathBuf>,
}

/// The licenses of Callscope and of everything linked into `parts`, as files.
///
/// # Errors
///
/// Names the packages whose license is unknown, or has no text.
pub(crate) fn files(workspace: &Workspace, parts: &[&Linked]) -> Result<Output> {
    let apache = read(&workspace.root.join(APACHE))?;
    let mit = read(&workspace.root.join(MIT))?;
    let mut output = Output::default();
    output.add(APACHE, apache.as_str());
    output.add(MIT, mit.as_str());
    output.add(STANDARD_LIBRARY, standard_library(workspace)?);
    let packages = linked(workspace, parts)?;
    output.add(
        THIRD_PARTY,
        text(&packages, &texts::Standard { apache, mit })?,
    );
    Ok(output)
}

fn standard_library(workspace: &Workspace) -> Result<String> {
    let sysroot = process::run_quietly(
        std::process::Command::new("rustc")
            .args(["--print", "sysroot"])
            .current_dir(&workspace.root),
    )?;
    read(&Path::new(sysroot.trim()).join("share/doc/rust/COPYRIGHT-library.html"))
        .context("the toolchain has no notices of its standard library; one of rustup's has")
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The third-party packages compiled into `parts`; those that only run during compilation are left
/// out.
fn linked(workspace: &Workspace, parts: &[&Linked]) -> Result<BTreeSet<Package>> {
    let metadata = process::run_quietly(process::cargo(&workspace.root).args([
        "metadata",
        "--locked",
        "--format-version=1",
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata is not JSON")?;
    let known = known(&metadata).context("cargo metadata has no packages")?;

    let mut packages = BTreeSet::new();
    for part in parts {
        let Linked {
            packages: names,
            target,
            translators,
        } = part;
        let mut tree = process::cargo(&workspace.root);
        tree.args(["tree", "--locked", "--edges=normal,no-proc-macro"])
            .args(["--prefix=none", "--no-dedupe", "--format={p}"])
            .args(names.iter().flat_map(|name| ["--package", name]))
            .args(target.iter().flat_map(|target| ["--target", target]));
        for line in process::run_quietly(&mut tree)?.lines() {
            // `name v1.2.3`, and the folder if it is in the workspace.
            let mut words = line.split_whitespace();
            let (Some(name), Some(version)) = (words.next(), words.next()) else {
                continue;
            };
            let version = version.trim_start_matches('v');
            // If unknown, it is a crate of the workspace.
            packages.extend(known.get(&(name, version)).cloned());
        }
        for translator in *translators {
            packages.insert(match translator {
                Translator::Crate(name) => known
                    .values()
                    .find(|package| package.name == *name)
                    .with_context(|| format!("the workspace does not use {name}"))?
                    .clone(),
                Translator::Npm { name, owners } => npm(workspace, name, owners)?,
            });
        }
    }
    Ok(packages)
}

/// The packages outside the workspace, by name and version.
fn known(metadata: &Value) -> Option<BTreeMap<(&str, &str), Package>> {
    let words = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array()?.iter();
    packages
        .filter(|it| !it["source"].is_null())
        .map(|it| {
            let (name, version) = (it["name"].as_str()?, it["version"].as_str()?);
            let authors = it["authors"].as_array()?;
            let package = Package {
                name: name.to_owned(),
                version: version.to_owned(),
                license: words(&it["license"]),
                repository: words(&it["repository"]),
                owners: owners_of(name, authors.iter().map(words).collect()),
                folder: Some(
                    Path::new(it["manifest_path"].as_str()?)
                        .parent()?
                        .to_owned(),
                ),
            };
            Some(((name, version), package))
        })
        .collect()
}

/// Owners of crates that name no authors and come without their license, although their repository
/// has it.
const OWNERS: &[(&str, &str)] = &[("lol_alloc", "2022 Craig")];

fn owners_of(name: &str, authors: Vec<String>) -> Vec<String> {
    let known = OWNERS.iter().find(|(it, _)| *it == name);
    match known {
        Some((_, owner)) if authors.is_empty() => vec![(*owner).to_owned()],
        _ => authors,
    }
}

/// An npm package, as described in the lock file.
fn npm(workspace: &Workspace, name: &str, owners: &[&str]) -> Result<Package> {
    let path = workspace.root.join("package-lock.json");
    let lock: Value = serde_json::from_str(&read(&path)?)
        .with_context(|| format!("{} is not JSON", path.display()))?;
    let package = &lock["packages"][format!("node_modules/{name}")];
    let words = |key: &str| {
        let words = package[key].as_str().map(str::to_owned);
        words.with_context(|| format!("{} has no {key} of {name}", path.display()))
    };
    Ok(Package {
        name: name.to_owned(),
        version: words("version")?,
        license: words("license")?,
        repository: String::new(),
        owners: owners.iter().map(|&owner| owner.to_owned()).collect(),
        folder: None,
    })
}

/// The licenses of packages: first who uses which license, then the texts.
fn text(packages: &BTreeSet<Package>, standard: &texts::Standard) -> Result<String> {
    let mut by_text: BTreeMap<(&str, String), Vec<&Package>> = BTreeMap::new();
    let mut notices = Vec::new();
    let mut offences = Vec::new();
    for package in packages {
        match texts_of(package, standard) {
            Ok(texts) => {
                for (license, text) in texts {
                    by_text.entry((license, text)).or_default().push(package);
                }
            }
            Err(error) => offences.push(format!(
                "{} {} ({}): {error:#}",
                package.name, package.version, package.license
            )),
        }
        if let Some(notice) = texts::notice(package)? {
            notices.push((package, notice));
        }
    }
    if !offences.is_empty() {
        bail!(
            "there is no text of the licenses of:\n  {}",
            offences.join("\n  ")
        );
    }

    let mut out = String::from(
        "Code of others in Callscope, and the licenses under which it is there.\n\
         Of several licenses that a package offers, the one that is named here was taken.\n\
         The notices of Rust's standard library, which is in it too, are in \
         RUST-STANDARD-LIBRARY.html.\n",
    );
    for ((license, text), packages) in by_text {
        section(&mut out, license, &packages, &text);
    }
    for (package, notice) in notices {
        section(&mut out, "Notice", &[package], &notice);
    }
    Ok(out)
}

fn section(out: &mut String, title: &str, packages: &[&Package], text: &str) {
    out.push_str(&["\n", &"=".repeat(80), "\n", title, "\n\n"].concat());
    for package in packages {
        let Package {
            name,
            version,
            repository,
            ..
        } = package;
        out.push_str(
            ["  ", name, " ", version, " ", repository]
                .concat()
                .trim_end(),
        );
        out.push('\n');
    }
    out.push_str(&["\n", text.trim_matches('\n'), "\n"].concat());
}

/// The licenses chosen among those that a package offers, with their texts.
fn texts_of(package: &Package, standard: &texts::Standard) -> Result<Vec<(&'static str, String)>> {
    let expression = Expression::parse_mode(&package.license, ParseMode::LAX)
        .context("not an SPDX expression")?;
    let accepted: Vec<Licensee> = texts::LICENSES
        .iter()
        .map(|license| Licensee::parse(license.id))
        .collect::<Result<_, _>>()?;
    let taken = expression
        .minimized_requirements(&accepted)
        .context("none of them has a row in xtask/src/dist/notices/texts.rs")?;
    taken
        .iter()
        .map(|taken| {
            let license = texts::LICENSES
                .iter()
                .find(|license| taken.to_string() == license.id)
                .with_context(|| format!("no row for {taken}"))?;
            Ok((license.id, license.text(package, standard)?))
        })
        .collect()
}

#[cfg(test)]
mod tests;
