//! A frame that leaves before its content script runs: what was heard in it is not lost.

use callscope_browser::BrowserError;
use callscope_e2e::{Stage, demo};

/// Adds a second widget to the host's page that answers one SYNC and is removed at once.
fn a_widget_that_leaves(stage: &Stage, on: &str) -> Result<(), BrowserError> {
    let url = stage.demo.widget_url();
    stage.pages.host.evaluate::<()>(&format!(
        "(async () => {{
                const frame = document.createElement('iframe');
                frame.src = '{url}';
                const loaded = new Promise(done => {{ frame.onload = done }});
                document.body.append(frame);
                await loaded;
                const heard = new Promise(done => {{
                    addEventListener('message', ({{ source, data }}) => {{
                        if (source === frame.contentWindow && data.type === '{on}') done();
                    }});
                }});
                const messageId = `${{Date.now()}}_${{Date.now()}}`;
                frame.contentWindow.postMessage({{ type: 'SYNC', messageId }}, '*');
                await heard;
                frame.remove();
            }})()"
    ))
}

#[test]
fn what_a_frame_heard_before_it_left_is_recorded() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    stage.panel.wait_for_same(&stage.pages).unwrap();
    for conversation in 2..=4 {
        a_widget_that_leaves(&stage, "SYNC_ACK").unwrap();
        stage
            .panel
            .wait_until("its conversation, ended", |shown| {
                let of = |kind: &str| {
                    let rows = shown.rows.iter();
                    let rows = rows.filter(|row| row.conversation == Some(conversation));
                    rows.filter(|row| row.type_name == kind).count()
                };
                let it = shown.conversations.iter().find(|it| it.id == conversation);
                of("SYNC") == 1 && of("SYNC_ACK") == 1 && it.is_some_and(|it| it.states == ["Gone"])
            })
            .unwrap();
    }
    // What the widget sent after SYNC_ACK may have arrived after it was gone, when Chromium no
    // longer says which frame it came from. Nothing else is missing.
    let gaps = stage.panel.lines("gap").unwrap();
    let is_of_gone = |gap: &serde_json::Value| gap["why"] == "sender gone";
    assert!(gaps.iter().all(is_of_gone), "{gaps:#?}");
}
