//! A session as a file: saved, read again, and rejected if it is damaged.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};

use callscope_browser::{Poll, Target, wait_for};
use callscope_e2e::{
    Finding, LIMIT, Panel, Shown, Stage, demo, make_calls, wait_for_count, wait_for_entry,
};
use serde_json::{Value, json};

/// The log without what depends on the time of writing, including the times of findings about what
/// was still open then.
fn timeless(log: &str) -> Vec<String> {
    let mut lines: Vec<String> = log.lines().map(ToOwned::to_owned).collect();
    let ends = lines.extract_if(.., |line| line.starts_with(r#"{"kind":"end","#));
    for end in ends.collect::<Vec<String>>() {
        let end: Value = serde_json::from_str(&end).unwrap();
        let at = format!(r#""at":{},"#, end["at"]);
        for line in &mut lines {
            if line.starts_with(r#"{"kind":"finding","#) {
                *line = line.replace(&at, "");
            }
        }
    }
    let mut header: Value = serde_json::from_str(&lines[0]).unwrap();
    header.as_object_mut().unwrap().remove("created").unwrap();
    lines[0] = header.to_string();
    lines
}

#[track_caller]
fn assert_same(one: &str, other: &str) {
    let (one, other) = (timeless(one), timeless(other));
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other);
    }
    assert_eq!(one.len(), other.len());
}

/// The only file saved in the folder.
fn saved_in(folder: &Path) -> PathBuf {
    wait_for("the saved file", LIMIT, || {
        let files: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        // Chromium reserves the name with an empty file and moves the finished download to it.
        let mut saved = files.iter().filter(|path| {
            path.extension().is_some_and(|it| it == "jsonl")
                && path.metadata().is_ok_and(|it| it.len() > 0)
        });
        Ok(match saved.next() {
            Some(path) => Poll::Done(path.clone()),
            None => Poll::NotYet(format!("{files:?}")),
        })
    })
    .unwrap()
}

/// Chooses a file in the dialog opened by a click on Import.
fn import(panel: &Panel, file: &Path) {
    let target: &Target = panel.target();
    let intercept = |enabled: bool| {
        let params = json!({ "enabled": enabled });
        target
            .call("Page.setInterceptFileChooserDialog", &params)
            .unwrap();
    };
    target.call("Page.enable", &json!({})).unwrap();
    target.call("DOM.enable", &json!({})).unwrap();
    intercept(true);
    let before = target.events().len();
    panel.click("Import").unwrap();
    let node = wait_for("the file dialog", LIMIT, || {
        let events = target.events();
        let mut opened = events[before..].iter();
        let opened = opened.find(|event| event.method == "Page.fileChooserOpened");
        Ok(match opened {
            Some(event) => Poll::Done(event.params["backendNodeId"].clone()),
            None => Poll::NotYet(format!("{events:?}")),
        })
    })
    .unwrap();
    let params = json!({ "files": [file], "backendNodeId": node });
    target.call("DOM.setFileInputFiles", &params).unwrap();
    intercept(false);
}

fn import_text(panel: &Panel, name: &str, text: &str) {
    panel
        .perform(&json!({ "do": "import-text", "name": name, "text": text }))
        .unwrap();
}

/// The parts that must be the same in a session that was saved and read again.
fn essence(shown: &Shown) -> Value {
    let rows: Vec<Value> = shown
        .rows
        .iter()
        .map(|row| {
            json!([
                row.kind,
                row.seq,
                row.at,
                row.from,
                row.type_name,
                row.summary,
                row.run,
                row.injected,
                row.conversation,
                of_all(&row.findings),
            ])
        })
        .collect();
    let who: Vec<Value> = shown
        .conversations
        .iter()
        .map(|it| json!([it.id, it.host, it.widget, it.sdk, it.generation]))
        .collect();
    json!({ "rows": rows, "findings": of_all(&shown.findings), "who": who })
}

/// The findings without T08, which comes a second after two ids of one millisecond, if there are any.
fn of_all(findings: &[Finding]) -> Vec<String> {
    let always = findings.iter().filter(|it| it.code != "T08");
    always.map(|it| format!("{it:?}")).collect()
}

/// Opens damaged copies of a log while another one is shown.
fn check_damaged(panel: &Panel, saved: &str, folder: &Path, name: &str, live: &Shown) {
    // The notice names the line, and the shown session stays.
    let whole: Vec<&str> = saved.lines().collect();
    let with_line = |number: usize, line: &str| -> String {
        let mut lines = whole.clone();
        lines[number - 1] = line;
        lines.join("\n")
    };
    let changed = |change: &str| -> String {
        let (key, value) = change.split_once(':').unwrap();
        let mut frame: Value = serde_json::from_str(whole[5]).unwrap();
        assert_eq!(frame["kind"], "frame");
        frame[key] = serde_json::from_str(value).unwrap();
        frame.to_string()
    };
    let damaged = [
        (with_line(6, "{broken"), "line 6"),
        (with_line(6, "[]"), "line 6"),
        (with_line(6, &changed("at:\"yesterday\"")), "line 6"),
        (with_line(6, &changed("from:\"third\"")), "line 6"),
        (with_line(6, &changed("seq:0.5")), "line 6"),
        (
            with_line(1, &whole[0].replace("\"version\":1", "\"version\":99")),
            "99",
        ),
        (
            "<!doctype html><script>alert(1)</script>".to_owned(),
            "line 1",
        ),
        (String::new(), "empty"),
    ];
    for (index, (text, words)) in damaged.iter().enumerate() {
        let bad = format!("bad-{index}.callscope.jsonl");
        import_text(panel, &bad, text);
        let shown = panel
            .wait_until("a notice", |shown| {
                shown.notices.iter().any(|it| it.contains(&bad))
            })
            .unwrap();
        let notice = shown.notices.iter().find(|it| it.contains(&bad)).unwrap();
        assert!(notice.contains(words), "{notice} should name {words}");
        assert_eq!(shown.imported.as_deref(), Some(name));
        assert_eq!(essence(&shown), essence(live), "{notice}");
    }
    // The same for a file that is not text.
    let file = folder.join("noise.jsonl");
    let mut noise = format!("{}\n", whole[0]).into_bytes();
    noise.extend([b'{', 0xff, 0xfe, b'\n', b'{', b'}', b'\n']);
    fs::write(&file, noise).unwrap();
    import(panel, &file);
    let shown = panel
        .wait_until("a notice", |shown| {
            shown.notices.iter().any(|it| it.contains("noise.jsonl"))
        })
        .unwrap();
    let notice = shown
        .notices
        .iter()
        .find(|it| it.contains("noise.jsonl"))
        .unwrap();
    assert!(notice.contains("line 2"), "{notice}");
    assert_eq!(essence(&shown), essence(live));
}

#[test]
fn a_saved_session_reads_as_it_was_and_a_damaged_one_changes_nothing() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        ..
    } = &stage;
    make_calls(pages).unwrap();
    // Some mistakes to find and mark.
    for mistake in [
        "completed-before-ended",
        "unknown-type",
        "null",
        "no-message-id",
    ] {
        let script = format!("void demo.mistake('{mistake}')");
        pages.widget.evaluate::<()>(&script).unwrap();
    }
    pages
        .host
        .evaluate::<()>("void demo.send('CALL_QUALITY', 'ünïcode \u{2028} \\ud800')")
        .unwrap();
    wait_for_entry(&pages.widget, "CALL_QUALITY").unwrap();
    // The host's last answers.
    wait_for_entry(&pages.widget, "UPDATE_ENGAGEMENT_FAILED").unwrap();
    wait_for_count(&pages.widget, "ENGAGEMENT_CREATED", 3).unwrap();
    panel.wait_for_same(pages).unwrap();
    // M15 gives the widget five seconds; saved earlier, the finding would have the time of saving.
    panel
        .wait_until("the findings", |shown| {
            ["M14", "M15"]
                .iter()
                .all(|code| shown.findings.iter().any(|it| it.code == *code))
        })
        .unwrap();
    let live = panel.shown().unwrap();
    let log = panel.export().unwrap();
    assert!(live.findings.len() >= 4, "{:#?}", live.findings);
    assert!(log.contains(r"\ud800"), "{log}");

    // Saved with a click.
    let folder = tempfile::tempdir().unwrap();
    browser.save_downloads_to(folder.path()).unwrap();
    panel.click("Export").unwrap();
    panel
        .click("Redact names, numbers, e-mails and ids")
        .unwrap();
    panel.click("Save").unwrap();
    let file = saved_in(folder.path());
    let name = file.file_name().unwrap().to_str().unwrap();
    assert!(
        name.starts_with("callscope-") && name.ends_with(".callscope.jsonl"),
        "{name}"
    );
    let saved = fs::read_to_string(&file).unwrap();
    assert_same(&saved, &log);

    // Opened with a click.
    import(panel, &file);
    let imported = panel
        .wait_until("the saved session", |shown| {
            shown.imported.as_deref() == Some(name)
        })
        .unwrap();
    panel.unfold_runs().unwrap();
    assert_eq!(essence(&panel.shown().unwrap()), essence(&live));
    assert_same(&panel.export().unwrap(), &log);
    // Nothing can be sent from a saved session.
    assert!(
        imported.compose["obstacle"]
            .as_str()
            .unwrap()
            .contains("saved session")
    );

    check_damaged(panel, &saved, folder.path(), name, &live);

    // Back to the page, which has continued.
    pages
        .widget
        .evaluate::<()>("void demo.phone.sdk.userLoggedOut()")
        .unwrap();
    panel.perform(&json!({ "do": "back-to-live" })).unwrap();
    panel.wait_for_row("LOGGED_OUT").unwrap();
    let shown = panel.shown().unwrap();
    assert_eq!(shown.imported, None);
    assert_eq!(shown.rows.len(), live.rows.len() + 1);
}

/// The numbers of the host's messages in the flood, in the order of a log.
fn flood_in(log: &str) -> Vec<u64> {
    let recorded = callscope_e2e::recorded(log).unwrap().into_iter();
    let numbers = recorded.filter_map(|it| it.message["data"]["flood"].as_u64());
    numbers.collect()
}

#[test]
fn an_export_in_a_flood_has_all_until_then_or_says_that_more_was_coming() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage {
        panel,
        pages,
        browser,
        ..
    } = &stage;
    let folder = tempfile::tempdir().unwrap();
    browser.save_downloads_to(folder.path()).unwrap();
    panel.click("Export").unwrap();
    panel
        .click("Redact names, numbers, e-mails and ids")
        .unwrap();
    pages
        .host
        .evaluate::<()>(
            "(() => {
                let count = 0;
                const flood = () => {
                    for (let n = 0; n < 5; n += 1) demo.send('VISIBILITY_CHANGED',
                        { isMinimized: true, isHidden: false, flood: count++ });
                    if (count < 3_000) setTimeout(flood, 10);
                };
                flood();
            })()",
        )
        .unwrap();
    let heard = "demoLog.filter(it => it.message?.data?.flood !== undefined).length";
    let is_flooded = format!("{heard} > 300");
    let widget = &pages.widget;
    widget.wait_until::<bool>("the flood", &is_flooded).unwrap();
    let before: usize = widget.evaluate(heard).unwrap();
    panel.click("Save").unwrap();
    let saved = fs::read_to_string(saved_in(folder.path())).unwrap();
    let numbers = flood_in(&saved);
    // There is no hole in it, and no message heard before is missing without notice.
    assert!(
        numbers.iter().copied().eq(0..numbers.len() as u64),
        "{numbers:?}"
    );
    let shown = panel.shown().unwrap();
    let is_said = shown
        .notices
        .iter()
        .any(|it| it.contains("had not yet sent everything"));
    assert!(
        numbers.len() >= before || is_said,
        "{} of {before}",
        numbers.len()
    );

    // Afterwards, everything is there.
    let is_over = format!("{heard} === 3_000");
    widget
        .wait_until::<bool>("the end of the flood", &is_over)
        .unwrap();
    panel.wait_for_same(pages).unwrap();
    let whole = panel.export().unwrap();
    assert!(flood_in(&whole).into_iter().eq(0..3_000));
}
