//! `callscope report`

use expect_test::expect_file;

use crate::run;

#[test]
fn markdown() {
    let ran = run(&[
        "report",
        "--format=md",
        "--no-redact",
        "broken.callscope.jsonl",
    ]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    expect_file!["../reports/broken.md"].assert_eq(&ran.stdout);
}

#[test]
fn a_page_of_its_own() {
    let ran = run(&["report", "--no-redact", "broken.callscope.jsonl"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let page = &ran.stdout;
    assert!(page.starts_with("<!doctype html>"), "{page}");
    for present in [
        "<svg ",
        "error M02: externalCallId changes inside a call",
        "id=\"m21\"",
        "15550122",
    ] {
        assert!(page.contains(present), "{present}");
    }
    // The page runs no scripts, and loads nothing from anywhere.
    for absent in [
        "<script", "<link", "<img", "<iframe", " src=", "@import", "url(",
    ] {
        assert!(!page.contains(absent), "{absent}");
    }
    for (opening, closing) in [
        ("<tr", "</tr>"),
        ("<td", "</td>"),
        ("<details>", "</details>"),
        ("<li>", "</li>"),
    ] {
        assert_eq!(
            page.matches(opening).count(),
            page.matches(closing).count(),
            "{opening}"
        );
    }
}

#[test]
fn people_are_left_out_unless_asked_for() {
    for format in ["html", "md"] {
        let ran = run(&["report", "--format", format, "broken.callscope.jsonl"]);
        assert_eq!(ran.code, 0);
        for private in ["15550100", "15550122", "Lovelace", "call-1"] {
            assert!(!ran.stdout.contains(private), "{private} in {format}");
        }
        assert!(ran.stdout.contains("numbers, names and ids were replaced"));
    }
}

#[test]
fn page_data_is_no_markup() {
    for format in ["html", "md"] {
        let arguments = [
            "report",
            "--no-redact",
            "--format",
            format,
            "hostile.callscope.jsonl",
        ];
        let report = run(&arguments).stdout;
        for bad in ['\u{1b}', '\u{202e}', '\u{7}', '\u{9b}', '\u{2066}'] {
            assert!(!report.contains(bad), "{bad:?} in {format}");
        }
    }
}

#[test]
fn the_files_name_tells_the_format() {
    let folder = tempfile::tempdir().unwrap();
    for (name, start) in [
        ("a.html", "<!doctype html>"),
        ("a.md", "# Callscope report"),
    ] {
        let path = folder.path().join(name);
        let ran = run(&[
            "report",
            "clean.callscope.jsonl",
            "-o",
            path.to_str().unwrap(),
        ]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
        assert!(
            std::fs::read_to_string(path).unwrap().starts_with(start),
            "{name}"
        );
    }
}
