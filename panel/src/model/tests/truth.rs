//! The bar, the counts and the findings agree.

use super::*;

/// Counts, list of findings, rows and details agree for all recorded sessions, with and without a
/// filter, before and after clearing a part.
#[test]
fn counts_findings_and_rows_are_one_truth() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let (mut sessions, mut found, mut hidden) = (0, 0, 0);
    for kind in ["well-behaved", "mistakes"] {
        for entry in std::fs::read_dir(folder.join(kind)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|it| it != "jsonl") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.display().to_string();
            let mut model = Model::default();
            model.perform(Action::ImportText {
                name: name.clone(),
                text,
            });
            sessions += 1;
            for filter in [
                "",
                "from:widget",
                "severity:error",
                "severity=note",
                "code:X*",
                "nothing-has-this",
            ] {
                model.perform(Action::SetFilter {
                    text: filter.to_owned(),
                });
                let snapshot = Snapshot::new(&mut model, "light");
                let own = snapshot.findings.iter().filter(|it| !it.stranger).count();
                let data = model.findings_data();
                let total = model.finding_counts().total();
                let what = format!("{name} with \"{filter}\"");
                assert_eq!(model.shown_finding_count(), own, "{what}");
                assert_eq!(data.count, own, "{what}");
                assert_eq!(data.count + data.hidden, total, "{what}");
                if filter.is_empty() {
                    assert_eq!(data.hidden, 0, "{what}");
                }
                // Each finding is on the row that it is about, and no row hides its findings.
                for finding in model.shown().shown_findings() {
                    let Some(entry) = model.shown().session().anchor_of(finding) else {
                        continue;
                    };
                    let row = snapshot.rows.iter().find(|row| row.id == entry.id);
                    let told = row.into_iter().flat_map(|row| &row.findings);
                    let told = told.map(|it| it.message.as_str());
                    assert!(
                        told.into_iter().any(|it| it == finding.message),
                        "{what}: {finding:?}"
                    );
                }
                let at_rows: Vec<_> = (snapshot.rows.iter())
                    .filter(|row| row.kind == "message")
                    .flat_map(|row| &row.findings)
                    .collect();
                assert_eq!(
                    at_rows.len(),
                    snapshot
                        .findings
                        .iter()
                        .filter(|it| it.seq.is_some())
                        .count(),
                    "{what}"
                );
                // A gap with missing messages has a finding.
                for row in snapshot.rows.iter().filter(|row| row.kind == "gap") {
                    model.perform(Action::Select { id: row.id });
                    let data = model.detail_data().unwrap();
                    let Some(DetailData::Other { findings, .. }) = &*data else {
                        panic!("{what}: {row:?}");
                    };
                    let told = model.shown().session().findings_without_message();
                    let is_known = told.into_iter().any(|it| it.message == row.type_name);
                    assert_eq!(!findings.is_empty(), is_known, "{what}: {row:?}");
                }
                found += own;
                hidden += data.hidden;
            }
        }
    }
    assert!(
        sessions > 20 && found > 100 && hidden > 100,
        "{sessions} {found} {hidden}"
    );
}
