//! The panel and the program describe a session in the same words.

use std::fs;
use std::path::{Path, PathBuf};

use callscope_panel::model::{Model, RowSnapshot, Snapshot};
use callscope_panel::{Action, Panel};
use callscope_protocol::Millis;
use callscope_session_view::columns;
use callscope_session_view::words::UtcOffset;

use crate::run;

/// Every recorded session, and the logs that these tests use.
fn sessions() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        own.join("tests/logs"),
        own.join("../../fixtures/well-behaved"),
        own.join("../../fixtures/mistakes"),
    ];
    let mut all: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    all.sort();
    assert!(all.len() > 60, "{}", all.len());
    all
}

fn panel(path: &Path, filter: &str) -> Snapshot {
    let mut panel = Panel::new(Model::new(None, UtcOffset::UTC, true));
    panel.perform(Action::ImportText {
        name: "session".to_owned(),
        text: fs::read_to_string(path).unwrap(),
    });
    panel.perform(Action::SetFilter {
        text: filter.to_owned(),
    });
    panel.snapshot(false)
}

/// The words of a panel row, in the order in which `show` prints them.
fn words_of(row: &RowSnapshot) -> Vec<String> {
    let seq = row.seq.map(|seq| seq.to_string());
    let words = seq.into_iter().chain([
        UtcOffset::UTC.time_of_day(Millis(row.at)),
        row.from.unwrap_or_default().to_owned(),
        row.type_name.clone(),
        row.run.clone().unwrap_or_default(),
        if row.injected { "injected" } else { "" }.to_owned(),
        row.summary.clone(),
    ]);
    words.collect()
}

/// Whether a line contains all of these, in order.
fn holds(line: &str, words: &[String]) -> bool {
    let mut rest = line;
    words
        .iter()
        .all(|word| match rest.split_once(word.as_str()) {
            Some((_, behind)) => {
                rest = behind;
                true
            }
            None => false,
        })
}

#[test]
fn the_rows_of_the_panel_are_the_lines_of_show() {
    for path in sessions() {
        let name = path.to_str().unwrap();
        // Escape sequences posted by a page are escaped here, and only here.
        if name.contains("hostile") {
            continue;
        }
        for filter in ["", "from:host", "is:call", "severity:warning"] {
            let panel = panel(&path, filter);
            let shown = run(&["show", "--no-findings", name, filter]).stdout;
            let mut lines: Vec<&str> = shown
                .lines()
                .filter(|line| !line.starts_with("call ") && !line.contains("End of the recording"))
                .collect();
            if panel.status.hidden > 0 {
                let hidden = lines.pop().unwrap();
                assert!(hidden.ends_with("hidden by the filter"), "{hidden}");
                assert!(
                    hidden.starts_with(&panel.status.hidden.to_string()),
                    "{hidden}"
                );
            }
            assert_eq!(lines.len(), panel.rows.len(), "{name} {filter}\n{shown}");
            for (line, row) in lines.iter().zip(&panel.rows) {
                assert!(holds(line, &words_of(row)), "{name}\n{line}\n{row:?}");
            }
        }
    }
}

#[test]
fn the_ladder_has_an_arrow_for_each_row_of_the_panel() {
    for path in sessions() {
        let name = path.to_str().unwrap();
        let rows = panel(&path, "").rows;
        let messages = rows.iter().filter(|row| row.kind == "message").count();
        let drawn = run(&["diagram", name]).stdout;
        let arrows = drawn.lines().filter(|line| {
            let after = line.split_once('│').map_or("", |(_, after)| after);
            after.starts_with(" ─ ") || after.starts_with(" ◀─")
        });
        assert_eq!(arrows.count(), messages, "{name}\n{drawn}");
        let drawn = run(&["diagram", "--format", "mermaid", name]).stdout;
        let arrows = drawn
            .lines()
            .map(str::trim_start)
            .filter(|line| line.starts_with("H->>W: ") || line.starts_with("W->>H: "));
        assert_eq!(arrows.count(), messages, "{name}\n{drawn}");
        let drawn = run(&["diagram", "--format", "svg", name]).stdout;
        let arrows = drawn.matches("<path class=\"head").count();
        assert_eq!(arrows, messages, "{name}");
    }
}

const NAMES: &str = r#"{"kind":"header","format":"callscope-session","version":1}
{"kind":"frame","seq":1,"at":1795350545829,"from":"host","origin":"https://app.hubspot.com","message":{"type":"SYNC","messageId":"1_1","hostUrl":"https://app.hubspot.com","portalId":1}}
{"kind":"frame","seq":2,"at":1795350545839,"from":"widget","origin":"https://localhost","message":{"type":"SYNC_ACK","messageId":"1_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost"}}
{"kind":"frame","seq":3,"at":1795350545849,"from":"widget","origin":"https://localhost","message":{"type":"呼び出し中","messageId":"2_1","data":{"name":"王小明"}}}
{"kind":"frame","seq":4,"at":1795350545859,"from":"widget","origin":"https://localhost","message":{"type":"📞👩‍💻","messageId":"2_2","data":{"name":"🎉"}}}
{"kind":"frame","seq":5,"at":1795350545869,"from":"widget","origin":"https://localhost","message":{"type":"Zoë_CALLED","messageId":"2_3","data":{}}}
{"kind":"frame","seq":6,"at":1795350545879,"from":"widget","origin":"https://localhost","message":{"type":"שָׁלוֹם","messageId":"2_4","data":{}}}
{"kind":"frame","seq":7,"at":1795350545889,"from":"widget","origin":"https://localhost","message":{"type":"名前がとてもとてもとても長い種類のメッセージです","messageId":"2_5","data":{}}}
{"kind":"end","at":1795350546889}
"#;

/// The column in which a text begins.
fn column(line: &str, text: &str) -> Option<usize> {
    line.find(text).map(|at| columns::width(&line[..at]))
}

/// Wide letters, joining letters and zero-width letters do not shift any column.
#[test]
fn names_of_all_kinds_move_no_column() {
    let shown = crate::run_with(&["show", "--no-findings", "-"], NAMES.as_bytes()).stdout;
    let summaries: Vec<Option<usize>> = [
        ("SYNC ", "https://app"),
        ("SYNC_ACK", "0.9.7"),
        ("呼び出し中", "name"),
        ("📞", "name"),
    ]
    .iter()
    .map(|(name, summary)| {
        let line = shown.lines().find(|line| line.contains(name)).unwrap();
        column(line, summary)
    })
    .collect();
    assert!(summaries[0].is_some(), "{shown}");
    assert!(
        summaries.iter().all(|it| *it == summaries[0]),
        "{summaries:?}\n{shown}"
    );

    // The widget's lifeline is straight.
    let drawn = crate::run_with(&["diagram", "-"], NAMES.as_bytes()).stdout;
    let sides: Vec<usize> = drawn
        .lines()
        .filter(|line| line.contains("─▶") || line.contains("◀─"))
        .map(|line| columns::width(&line[..line.rfind('│').unwrap()]))
        .collect();
    assert_eq!(sides.len(), 7, "{drawn}");
    assert!(sides.iter().all(|it| *it == sides[0]), "{sides:?}\n{drawn}");

    // The marks under each type are as wide as the type.
    let checked = crate::run_with(&["check", "-"], NAMES.as_bytes()).stdout;
    let lines: Vec<&str> = checked.lines().collect();
    let mut marked = 0;
    for pair in lines.windows(2) {
        let Some(start) = pair[1].find('^') else {
            continue;
        };
        let carets = pair[1].matches('^').count();
        let words = pair[0].trim_end();
        let type_start = words.find("←  ").map(|at| at + "←  ".len());
        let Some(type_start) = type_start else {
            continue;
        };
        assert_eq!(columns::width(&words[..type_start]), start, "{checked}");
        let behind = &words[type_start..];
        let name = behind.split("  ").next().unwrap();
        assert_eq!(columns::width(name), carets, "{name} in {checked}");
        marked += 1;
    }
    assert!(marked >= 4, "{checked}");
}
