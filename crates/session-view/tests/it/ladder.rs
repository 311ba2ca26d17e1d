//! The ladder has one arrow for each row.

use std::fmt::Write as _;

use callscope_session_log::LogLine;
use callscope_session_view::SessionView;
use callscope_session_view::ladder::{Band, Choice, Outline, Rung, StepKind, ladders};
use callscope_session_view::rows::{RowBody, ViewOptions};
use callscope_session_view::words::UtcOffset;
use expect_test::expect;

use crate::trace::{all_recorded, fact, options, view};

/// The ids of the rows with messages, and of the arrows.
fn ids(view: &SessionView) -> (Vec<u64>, Vec<u64>) {
    let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
    let is_message = |body: &RowBody| matches!(body, RowBody::Message(_));
    let rows = rows.iter().filter(|row| is_message(&row.body));
    let mut rows: Vec<u64> = rows.map(|row| row.id).collect();
    let ladders = ladders(view, Choice::default());
    let rungs = ladders.iter().flat_map(|ladder| &ladder.rungs);
    let arrows = rungs.filter_map(|rung| match rung {
        Rung::Message(arrow) => Some(arrow.id),
        _ => None,
    });
    let mut arrows: Vec<u64> = arrows.collect();
    // The ladders come one after the other, but the rows of the conversations are interleaved.
    rows.sort_unstable();
    arrows.sort_unstable();
    (rows, arrows)
}

#[test]
fn each_row_of_every_recorded_session_has_one_arrow() {
    for (name, mut view) in all_recorded() {
        for filter in ["", "from:host", "is:finding", "is:call"] {
            view.update_rows(&options(filter, &[]));
            let (rows, arrows) = ids(&view);
            assert_eq!(rows, arrows, "{name} with \"{filter}\"");
        }
        view.update_rows(&ViewOptions::everything());
        assert!(!ids(&view).0.is_empty(), "{name}");
    }
}

#[test]
fn unfolded_runs_and_other_conversations_have_their_arrows() {
    let mut view = view(
        "
        host SYNC
        host SYNC
        @2 host SYNC
        host SYNC
        @2 host SYNC
        gap
        host SYNC
        host SYNC
        ",
    );
    view.update_rows(&options("", &[1]));
    let (rows, arrows) = ids(&view);
    assert_eq!(rows, arrows);
    assert_eq!(rows, [1, 2, 3, 4, 5, 7]);
}

#[test]
fn steps_say_what_the_rows_say() {
    let mut view = view(
        r#"
        host   SYNC
        host   SYNC
        widget {"type":"SYNC_ACK","messageId":"4_0","version":"0.9.7-beta.0","iFrameUrl":"https://localhost"}
        widget {"type":"INITIALIZED","messageId":"18_1","data":{"isLoggedIn":true}}
        !host  {"type":"DIAL_NUMBER","messageId":"17_2","data":{"phoneNumber":"王小明"}}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        gap
        widget {"type":"CALL_ENDED","messageId":"18_3","data":{"externalCallId":"a"}}
        closed
        "#,
    );
    view.update_rows(&ViewOptions::everything());
    let mut text = String::new();
    for ladder in ladders(&view, Choice::default()) {
        writeln!(
            text,
            "{} | {} | {}",
            ladder.title, ladder.host, ladder.widget
        )
        .unwrap();
        for rung in ladder.rungs {
            match rung {
                Rung::Heading(words) => writeln!(text, "== {words}"),
                Rung::Remark { words, is_gap, .. } => writeln!(text, "-- {words} {is_gap}"),
                Rung::Finding(mark) => writeln!(text, "!! {} {}", mark.code, mark.message),
                Rung::Message(arrow) => {
                    let remark = arrow.remark().unwrap_or_default();
                    writeln!(
                        text,
                        "{} {} {} | {} | {remark} | {}",
                        arrow.seq,
                        arrow.from.name(),
                        arrow.type_name,
                        arrow.summary,
                        arrow
                            .findings
                            .iter()
                            .map(|it| it.code)
                            .collect::<Vec<_>>()
                            .join(" ")
                    )
                }
            }
            .unwrap();
        }
    }
    expect![[r#"
        conversation 1 · app.hubspot.com ⇄ localhost:9025 · SDK 0.9.7 (reports 0.9.7-beta.0) | app.hubspot.com | localhost:9025
        1 host SYNC |  | in 10 ms | T15
        3 widget SYNC_ACK | 0.9.7-beta.0 · https://localhost | answers SYNC after 20 ms | 
        4 widget INITIALIZED | logged in |  | T03
        == call 1 · outbound to +15550100 · ended
        5 host DIAL_NUMBER | 王小明 |  | M07
        6 widget OUTGOING_CALL_STARTED | +15550100 · call a | answers DIAL_NUMBER after 10 ms | T03
        -- 3 messages are missing: a buffer was full true
        7 widget CALL_ENDED | call a |  | T03
        -- The widget of conversation 1 went away false
    "#]].assert_eq(&text);
}

/// Of several findings that are equally bad, ladder and timeline show the same one.
#[test]
fn an_arrow_shows_the_finding_of_its_row() {
    let mut of_several = 0;
    let of_its_own = view(
        r#"
        host   {"type":"SYNC","messageId":"4_0","hostUrl":"https://app.hubspot.com","iframeLocation":"widget"}
        widget {"type":"SYNC_ACK","messageId":"4_0","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
        widget {"type":"OUTGOING_CALL_STARTED","messageId":"18_2","data":{"toNumber":"+15550100","externalCallId":"a","createEngagement":true}}
        widget {"type":"CALL_ENDED","messageId":"18_3","data":{}}
        widget {"type":"CALL_COMPLETED","messageId":"18_4","data":{"closeWidget":false}}
        "#,
    );
    let own = ("a call without its id".into(), of_its_own);
    for (name, mut view) in all_recorded().chain([own]) {
        view.update_rows(&ViewOptions::everything());
        let rows = view.describe(0..view.rows().len(), UtcOffset::UTC);
        for rung in ladders(&view, Choice::default())
            .iter()
            .flat_map(|it| &it.rungs)
        {
            let Rung::Message(arrow) = rung else { continue };
            let row = rows.iter().find(|row| row.id == arrow.id).unwrap();
            let shown = row.mark.as_ref().map_or("", |mark| &mark.message);
            let worst = arrow.worst().map_or("", |it| &it.message);
            // In the ladder, the cause stands behind it.
            assert!(worst.starts_with(shown), "{name}: {shown} and {worst}");
            assert_eq!(shown.is_empty(), worst.is_empty(), "{name}: {worst}");
            let severities = arrow.findings.iter().map(|it| it.severity);
            let equal = severities.filter(|it| Some(*it) == arrow.worst().map(|it| it.severity));
            of_several += usize::from(equal.count() > 1);
        }
    }
    assert!(of_several > 0);
}

#[test]
fn an_outline_fits_while_rows_are_only_added_at_the_end() {
    let lines = [
        "host SYNC",
        "host VISIBILITY_CHANGED",
        "widget SYNC_ACK",
        "widget INITIALIZED",
        "host DIAL_NUMBER",
    ];
    let grow = |view: &mut SessionView, index: u32| {
        let line = LogLine::from(fact(lines[index as usize], index));
        view.insert(vec![(u64::from(index), line)]);
        view.update_rows(&ViewOptions::default());
    };
    let mut view = SessionView::default();
    for index in [0, 2, 3] {
        grow(&mut view, index);
    }
    let outline = Outline::new(&view);
    assert!(outline.fits(&view));
    grow(&mut view, 4);
    assert!(outline.fits(&view));
    grow(&mut view, 1);
    assert!(!outline.fits(&view));

    let outline = Outline::new(&view);
    assert!(outline.fits(&view));
    view.remove(&[0]);
    view.update_rows(&ViewOptions::default());
    assert!(!outline.fits(&view));
}

/// The outline of a session as text.
fn outline(view: &SessionView) -> String {
    let outline = Outline::new(view);
    let mut text = String::new();
    for (index, lane) in outline.lanes.iter().enumerate() {
        let ids: Vec<u32> = lane.conversations.iter().map(|it| it.0).collect();
        writeln!(text, "{index} {} · {} {ids:?}", lane.title, lane.origin).unwrap();
    }
    for band in &outline.bands {
        let Band {
            call,
            steps,
            lanes,
            depth,
            severity,
        } = band;
        let call = (call.conversation.0, call.serial);
        writeln!(
            text,
            "band {call:?} {steps:?} {lanes:?} depth {depth} {severity:?}"
        )
        .unwrap();
    }
    for (index, step) in outline.steps.iter().enumerate() {
        let words = match outline.rung(view, index).unwrap() {
            Rung::Heading(words) | Rung::Remark { words, .. } => words,
            Rung::Message(arrow) => format!("{} {}", arrow.from.name(), arrow.type_name),
            Rung::Finding(mark) => format!("{} {}", mark.code, mark.message),
        };
        let kind = match step.kind {
            StepKind::Break(_) => "break ",
            StepKind::Call(_) | StepKind::Message(_) => "",
            StepKind::Remark(_) => "remark ",
            StepKind::Finding(_) => "finding ",
        };
        writeln!(text, "{index:2} {:?} {kind}{words}", step.lanes).unwrap();
    }
    text
}

#[test]
fn the_outline_holds_all_conversations() {
    let mut view = view(
        "
        host SYNC
        @2 host SYNC
        widget OUTGOING_CALL_STARTED
        @2 widget INCOMING_CALL
        widget CALL_ENDED
        gap
        @2 widget CALL_ENDED
        ",
    );
    view.update_rows(&ViewOptions::everything());
    expect![[r#"
        0 HubSpot · app.hubspot.com [1, 2]
        1 widget 1 · localhost:9025 [1]
        2 widget 2 · localhost:9025 [2]
        band (1, 1) 3..7 (0, 1) depth 0 Some(Error)
        band (2, 1) 5..9 (0, 2) depth 0 Some(Error)
         0 Some((0, 1)) host SYNC
         1 Some((0, 2)) host SYNC
         2 Some((0, 1)) call 1 of conversation 1 · outbound · ended
         3 Some((0, 1)) widget OUTGOING_CALL_STARTED
         4 Some((0, 2)) call 1 of conversation 2 · inbound · ended
         5 Some((0, 2)) widget INCOMING_CALL
         6 Some((0, 1)) widget CALL_ENDED
         7 None break 3 messages are missing: a buffer was full
         8 Some((0, 2)) widget CALL_ENDED
    "#]]
    .assert_eq(&outline(&view));
    // A frame without visible messages has no lifeline.
    view.update_rows(&options("conv:2", &[]));
    expect![[r#"
        0 HubSpot · app.hubspot.com [1, 2]
        1 widget 2 · localhost:9025 [2]
        band (2, 1) 2..5 (0, 1) depth 0 Some(Error)
         0 Some((0, 1)) host SYNC
         1 Some((0, 1)) call 1 of conversation 2 · inbound · ended
         2 Some((0, 1)) widget INCOMING_CALL
         3 None break 3 messages are missing: a buffer was full
         4 Some((0, 1)) widget CALL_ENDED
    "#]]
    .assert_eq(&outline(&view));
}

#[test]
fn the_outline_has_a_step_for_each_row_of_every_recorded_session() {
    for (name, mut view) in all_recorded() {
        for filter in ["", "from:host", "is:finding", "is:call"] {
            view.update_rows(&options(filter, &[]));
            let outline = Outline::new(&view);
            let rows = outline.steps.iter().filter_map(|step| step.kind.row());
            let rows: Vec<usize> = rows.collect();
            assert!(rows.iter().copied().eq(0..view.rows().len()), "{name}");
            for row in rows {
                let step = outline.step_of(row).unwrap();
                assert_eq!(outline.steps[step].kind.row(), Some(row));
            }
            for step in &outline.steps {
                let lanes = step.lanes.map_or(0, |(host, widget)| host.max(widget));
                assert!(lanes < outline.lanes.len().max(1));
            }
        }
    }
}
