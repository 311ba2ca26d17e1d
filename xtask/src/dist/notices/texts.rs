//! The texts of licenses.

use std::fs;

use anyhow::{Context as _, Result, ensure};

use super::Package;

/// A license that is allowed for linked packages.
pub(super) struct License {
    /// Its SPDX identifier.
    pub(super) id: &'static str,
    source: Source,
}

/// The origin of the text.
enum Source {
    /// The same text for everyone.
    Standard,
    /// A text with its owners' names, in a file of the package that contains these words.
    OfPackage(&'static str),
}

/// In order of preference: the first one that a package offers is used.
pub(super) const LICENSES: &[License] = &[
    License {
        id: "Apache-2.0",
        source: Source::Standard,
    },
    License {
        id: "MIT",
        source: Source::OfPackage(MIT_WORDS),
    },
    License {
        id: "ISC",
        source: Source::OfPackage("permission to use, copy, modify, and/or distribute"),
    },
    License {
        id: "Zlib",
        source: Source::OfPackage("this software is provided 'as-is'"),
    },
    License {
        id: "BSD-3-Clause",
        source: Source::OfPackage("redistribution and use in source and binary forms"),
    },
    License {
        id: "Unicode-3.0",
        source: Source::OfPackage("unicode license v3"),
    },
];

const MIT_WORDS: &str = "permission is hereby granted, free of charge, to any person obtaining";

/// The license texts that the workspace has a copy of.
pub(super) struct Standard {
    pub(super) apache: String,
    /// Preceded by our own line: "Copyright (c) …".
    pub(super) mit: String,
}

impl License {
    /// The text from the package, or the one that it would have.
    pub(super) fn text(&self, package: &Package, standard: &Standard) -> Result<String> {
        let Source::OfPackage(words) = self.source else {
            return Ok(standard.apache.clone());
        };
        let files = files(package, &["license", "licence", "copying"])?;
        if let Some(text) = files.into_iter().find(|text| normal(text).contains(words)) {
            return Ok(text);
        }
        ensure!(self.id == "MIT", "no file with the text of {}", self.id);
        // Some packages come without any file, but under a license that only requires naming its
        // owners.
        ensure!(
            !package.owners.is_empty(),
            "no file with the text of MIT, and no authors"
        );
        let line = format!("Copyright (c) {}", package.owners.join(", "));
        let lines = standard.mit.lines();
        let lines: Vec<_> = lines
            .map(|it| {
                if it.starts_with("Copyright") {
                    &line
                } else {
                    it
                }
            })
            .collect();
        Ok(lines.join("\n"))
    }
}

/// The notice that Apache-2.0 requires to be passed on with the license.
pub(super) fn notice(package: &Package) -> Result<Option<String>> {
    Ok(files(package, &["notice"])?.into_iter().next())
}

/// The files of a package whose names start with one of these, sorted by name.
fn files(package: &Package, beginnings: &[&str]) -> Result<Vec<String>> {
    let Some(folder) = &package.folder else {
        return Ok(Vec::new());
    };
    let cannot_read = || format!("cannot read {}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot_read)? {
        let entry = entry.with_context(cannot_read)?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.path().is_file() && beginnings.iter().any(|it| name.starts_with(it)) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            // All lines of the notices end like this.
            Ok(text.replace("\r\n", "\n"))
        })
        .collect()
}

/// The text without differences in line breaks and case.
fn normal(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
