use std::fs;

use super::texts::Standard;
use super::*;

fn standard() -> Standard {
    Standard {
        apache: "APACHE TEXT\n".to_owned(),
        mit: "MIT License\n\nCopyright (c) 2026 Us\n\nMIT TEXT\n".to_owned(),
    }
}

/// A package with these files, in a folder that exists as long as the test.
fn package(folder: &Path, license: &str, files: &[(&str, &str)]) -> Package {
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    Package {
        name: "it".to_owned(),
        version: "1.0.0".to_owned(),
        license: license.to_owned(),
        repository: String::new(),
        owners: vec!["Ann <a@example>".to_owned(), "Bob".to_owned()],
        folder: Some(folder.to_owned()),
    }
}

#[track_caller]
fn check(license: &str, files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let folder = tempfile::tempdir().unwrap();
    let texts = texts_of(&package(folder.path(), license, files), &standard()).unwrap();
    let texts: Vec<_> = texts
        .iter()
        .map(|(id, text)| (*id, text.as_str()))
        .collect();
    assert_eq!(texts, expected);
}

const MIT_TEXT: &str = "Copyright Ann\n\nPermission is hereby granted, free of charge, to any\r\nperson \
                   obtaining a copy";

#[test]
fn of_several_licenses_one_is_taken() {
    let apache = ("Apache-2.0", "APACHE TEXT\n");
    let mit = ("MIT", &*MIT_TEXT.replace("\r\n", "\n"));
    let unicode = ("Unicode-3.0", "UNICODE LICENSE V3");
    let files = [("LICENSE-MIT", MIT_TEXT), ("LICENSE-UNICODE", unicode.1)];
    check("MIT OR Apache-2.0", &files, &[apache]);
    check("MIT/Apache-2.0", &files, &[apache]);
    check("Unlicense OR MIT", &files, &[mit]);
    check(
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        &files,
        &[apache, unicode],
    );
    check("Apache-2.0 OR GPL-2.0-only", &[], &[apache]);
}

#[test]
fn a_package_without_a_file_has_its_authors_named() {
    let text = "MIT License\n\nCopyright (c) Ann <a@example>, Bob\n\nMIT TEXT";
    check("MIT", &[("COPYING", "see elsewhere")], &[("MIT", text)]);
}

#[test]
fn what_has_no_text_is_named() {
    for (license, why) in [
        ("", "not an SPDX expression"),
        ("GPL-3.0-only", "none of them has a row"),
        ("MIT AND GPL-3.0-only", "none of them has a row"),
        ("Zlib", "no file with the text of Zlib"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let package = package(folder.path(), license, &[("LICENSE", "as you like")]);
        let error = text(&BTreeSet::from([package]), &standard()).unwrap_err();
        let error = format!("{error:#}");
        assert!(error.contains("it 1.0.0") && error.contains(why), "{error}");
    }
}

#[test]
fn notices_are_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    let package = package(folder.path(), "Apache-2.0", &[("NOTICE", "Thanks, Ann")]);
    let text = text(&BTreeSet::from([package]), &standard()).unwrap();
    assert!(
        text.contains("Notice\n\n  it 1.0.0\n\nThanks, Ann\n"),
        "{text}"
    );
}

/// On every system, the program has the same packages as on this one, plus a few more.
#[test]
fn every_package_has_a_text() {
    let workspace = Workspace::find().unwrap();
    let everywhere = [
        "x86_64-pc-windows-msvc",
        "aarch64-apple-darwin",
        "x86_64-unknown-linux-gnu",
    ]
    .map(|target| Linked {
        target: Some(target),
        ..PROGRAM
    });
    let mut parts = vec![&EXTENSION, &PROGRAM];
    parts.extend(&everywhere);
    let packages = linked(&workspace, &parts).unwrap();
    let output = files(&workspace, &parts).unwrap();
    let text = String::from_utf8(output.files()[THIRD_PARTY].clone()).unwrap();
    for Package { name, version, .. } in &packages {
        assert!(
            text.contains(&format!("\n  {name} {version}")),
            "{name} {version}"
        );
    }
    for (name, is_linked) in [
        ("egui", true),
        ("clap_builder", true),
        ("wasm-bindgen-cli-support", true),
        ("esbuild", true),
        ("syn", false),
        ("proptest", false),
    ] {
        assert_eq!(
            packages.iter().any(|it| it.name == name),
            is_linked,
            "{name}"
        );
    }
}
