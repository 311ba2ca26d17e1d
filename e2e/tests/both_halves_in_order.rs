//! A frame sees only what it receives, but the session has both halves, in order.

use callscope_e2e::{Recorded, Stage, demo, make_calls};

#[test]
fn whole_calls_are_recorded_message_by_message() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    make_calls(&stage.pages).unwrap();
    let recorded = stage.panel.wait_for_same(&stage.pages).unwrap();

    // Both must have sent some, or the comparison would prove little.
    for side in ["host", "widget"] {
        let count = recorded.iter().filter(|it| it.from == side).count();
        assert!(count > 8, "{count} of the {side}");
    }
    let mut kinds: Vec<&str> = recorded.iter().map(Recorded::kind).collect();
    kinds.dedup();
    let place = |kind| kinds.iter().position(|it| *it == kind).unwrap();
    assert!(place("SYNC") < place("SYNC_ACK"));
    assert!(place("DIAL_NUMBER") < place("OUTGOING_CALL_STARTED"));
    assert!(place("OUTGOING_CALL_STARTED") < place("CREATE_ENGAGEMENT_SUCCEEDED"));
    assert!(place("END_CALL") < place("CALL_ENDED"));

    let seqs: Vec<u64> = recorded.iter().map(|it| it.seq).collect();
    assert!(seqs.is_sorted_by(|one, next| one < next), "{seqs:?}");
    let shown = stage.panel.shown().unwrap();
    assert_eq!(shown.status["messages"], recorded.len());
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(
        stage.panel.lines("gap").unwrap(),
        [] as [serde_json::Value; 0]
    );
}
