use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use egui::accesskit::TreeUpdate;
use egui::{Context, FullOutput, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use expect_test::{Expect, expect};

use super::*;
use crate::Panel;
use crate::action::{Action, Overlay, View};
use crate::commands;
use crate::event::Effect;
use crate::model::Model;

/// Keeps the tree of the last frame.
#[derive(Clone, Default)]
struct Taker(Arc<Mutex<Option<TreeUpdate>>>);

impl egui::Plugin for Taker {
    fn debug_name(&self) -> &'static str {
        "taker"
    }

    fn output_hook(&mut self, _ctx: &Context, output: &mut FullOutput) {
        let tree = output.platform_output.accesskit_update.clone();
        *self.0.lock().unwrap() = tree;
    }
}

struct Stage {
    harness: Harness<'static, Panel>,
    taker: Taker,
}

impl Stage {
    fn new(panel: Panel) -> Self {
        let taker = Taker::default();
        let plugin = taker.clone();
        let harness = Harness::builder()
            .with_size(vec2(900.0, 420.0))
            .with_context_setup(move |ctx| {
                crate::theme::apply(ctx);
                ctx.add_plugin(plugin);
            })
            .allow_missing_glyphs()
            .build_ui_state(|ui, panel: &mut Panel| panel.ui(ui), panel);
        let mut stage = Self { harness, taker };
        stage.harness.run();
        stage
    }

    fn perform(&mut self, action: Action) {
        self.harness.state_mut().perform(action);
        self.harness.run();
    }

    fn page(&self) -> Page {
        Page::new(self.taker.0.lock().unwrap().as_ref().unwrap())
    }
}

fn recorded() -> Panel {
    let log = include_str!("../../../fixtures/mistakes/M14-completed-before-ended.callscope.jsonl");
    let mut panel = Panel::new(Model::default());
    panel.perform(Action::ImportText {
        name: "M14-completed-before-ended.callscope.jsonl".to_owned(),
        text: log.to_owned(),
    });
    panel
}

/// The elements, one per line, with their children indented below.
fn outline(page: &Page) -> String {
    let mut text = String::new();
    outline_of(&page.elements, 0, page.active.as_ref(), &mut text);
    text
}

fn outline_of(elements: &[Element], depth: usize, active: Option<&Active>, text: &mut String) {
    for element in elements {
        let indent = "  ".repeat(depth);
        let what = match (element.tag, element.attribute("role")) {
            (Tag::Div, "") => "text",
            (Tag::Div, role) => role,
            (Tag::Input, _) => "input",
            (Tag::TextArea, _) => "textarea",
        };
        write!(text, "{indent}{what}").unwrap();
        for (name, value) in &element.attributes {
            match *name {
                "role" | "tabindex" => {}
                "aria-label" => write!(text, " “{value}”").unwrap(),
                name => {
                    let name = name.trim_start_matches("aria-");
                    write!(text, " {name}={}", value.replace('\n', " / ")).unwrap();
                }
            }
        }
        if !element.text.is_empty() {
            write!(text, " {:?}", element.text).unwrap();
        }
        if active.is_some_and(|it| it.key == element.key) {
            text.push_str(" ← keyboard");
        }
        text.push('\n');
        outline_of(&element.children, depth + 1, active, text);
    }
}

#[track_caller]
fn check(stage: &Stage, expected: &Expect) {
    expected.assert_eq(&outline(&stage.page()));
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole page as text")]
fn a_whole_panel_with_a_timeline() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::SelectSeq { seq: 3 });
    check(
        &stage,
        &expect![[r##"
            button “Record” description=Go on recording the page's messages (Ctrl+E) disabled=true
            button “Clear” description=Empty the list; the conversations keep their state, and it can be undone (Ctrl+L) disabled=true
            checkbox “Preserve log” description=Keep the messages when the page reloads or navigates checked=false
            input “Filter” placeholder=Filter: words, type:CALL_*, from:host, severity>=warning autocomplete=list expanded=false
            button “0 errors, show only these” pressed=false
            button “1 warning, show only these” pressed=false
            button “0 notes, show only these” pressed=false
            button “Export” description=Save this session, or a part of it, as a log, report or picture (Ctrl+S)
            button “Import” description=Open a .callscope.jsonl file (Ctrl+O)
            button “Settings” description=All that the panel remembers, each with its reset (,)
            text "#1 widget"
            text "localhost:9026"
            text "⇄"
            text "127.0.0.1:9026"
            text "SDK 0.9.7 (reports 0.9.7-beta.0)"
            text "Ready"
            text "Logged in"
            text "Available"
            text "Completed 00:00 · to +442079460123"
            tablist
              tab “Live session” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=false
              tab “Saved session M14-completed-before-ended.callscope.jsonl” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=true
            text "2026-11-22T20:54:47.316Z · callscope 0.1.0 · Chrome 156 · https://localhost:9026/"
            button “Close saved session” description=Close the saved session and show the live one
            tablist
              tab “Timeline” description=Every message between HubSpot and the widget selected=true
              tab “Ladder” description=Who says what to whom: arrows between HubSpot and the widget selected=false
              tab “Calls” description=Each call in one row, two side by side, and how long answers took selected=false
              tab “Findings” description=What is wrong in this session, the worst first selected=false
              tab “State” description=What the link, the log-in and the call are at a message, and what may come there selected=false
              tab “Compose” description=Send any message, as HubSpot or the widget would selected=false
              tab “Scenarios” description=Play a scenario with the widget in the simulator, step by step selected=false
              tab “Overrides” description=Load another widget through HubSpot's local settings selected=false
            grid “Timeline” multiselectable=true rowcount=13
              row “20:54:47.316 Conversation 1: localhost:9026 ⇄ 127.0.0.1:9026” selected=false rowindex=1
                gridcell "20:54:47.316 Conversation 1: localhost:9026 ⇄ 127.0.0.1:9026"
              row “20:54:47.420 host SYNC, https://localhost:9026 · portal 24021990 · widget” selected=false rowindex=2
                gridcell "20:54:47.420 host SYNC, https://localhost:9026 · portal 24021990 · widget"
              row “20:54:47.433 widget SYNC_ACK, 0.9.7-beta.0 · https://127.0.0.1:9026” selected=false rowindex=3
                gridcell "20:54:47.433 widget SYNC_ACK, 0.9.7-beta.0 · https://127.0.0.1:9026"
              row “20:54:47.455 widget INITIALIZED, logged in · available · 400 × 650 px” selected=true current=true rowindex=4
                gridcell "20:54:47.455 widget INITIALIZED, logged in · available · 400 × 650 px"
              row “20:54:47.584 host DIAL_NUMBER, +442079460123” selected=false rowindex=5
                gridcell "20:54:47.584 host DIAL_NUMBER, +442079460123"
              row “20:54:47.601 widget OUTGOING_CALL_STARTED, +442079460123 · call 3525927e-e07a-4f26-9b44-b39d5a524edf” selected=false rowindex=6
                gridcell "20:54:47.601 widget OUTGOING_CALL_STARTED, +442079460123 · call 3525927e-e07a-4f26-9b44-b39d5a524edf"
              row “20:54:47.748 host INITIATE_CALL_ID_SUCCEEDED, call id 2d0fcfc2-4979-4639-8ee6-8c3f9102b2de” selected=false rowindex=7
                gridcell "20:54:47.748 host INITIATE_CALL_ID_SUCCEEDED, call id 2d0fcfc2-4979-4639-8ee6-8c3f9102b2de"
              row “20:54:47.935 host CREATE_ENGAGEMENT_SUCCEEDED, engagement 18000887128” selected=false rowindex=8
                gridcell "20:54:47.935 host CREATE_ENGAGEMENT_SUCCEEDED, engagement 18000887128"
            img “Overview of the list” description=The whole list: findings, calls (bands), page loads and gaps (lines). Click to go there
            separator valuetext=42 % “Resize details” valuenow=42 valuemin=24 valuemax=76
            text "INITIALIZED"
            text "widget → host"
            button “Resend…” description=Fill in Compose with what this message contains
            button “Copy” description=Copy to the clipboard
            button “Back” description=Go back one step (Escape)
            heading level=3
              button “Message” expanded=true
            input “Find in message” placeholder=Find in message
            text "type"
            text "\"INITIALIZED\""
            button “Copy of type…”
            button “data” expanded=true
            text "data"
            button “Copy of data…”
            text "isLoggedIn"
            text "true"
            button “Copy of data.isLoggedIn…”
            text "isAvailable"
            text "true"
            button “Copy of data.isAvailable…”
            button “data.sizeInfo” expanded=true
            text "sizeInfo"
            button “Copy of data.sizeInfo…”
            text "width"
            text "400"
            button “Copy of data.sizeInfo.width…”
            text "height"
            text "650"
            button “Copy of data.sizeInfo.height…”
            text "messageId"
            text "\"1795380887413_1795380887424\""
            button “Copy of messageId…”
            button “Copy raw text” description=Copy to the clipboard
            button “Copy as pretty JSON” description=Copy to the clipboard
            heading level=3
              button “As code” expanded=false
            heading level=3
              button “Compare” expanded=false
            heading level=3
              button “Envelope” expanded=true
            text "received"
            text "2026-11-22 20:54:47.455 UTC, 22 ms after the message before"
            button “Copy of received…”
            text "origin"
            text "https://127.0.0.1:9026"
            button “Copy of origin…”
            text "number"
            text "3 in conversation 1"
            button “Copy of number…”
            text "messageId"
            text "1795380887413_1795380887424"
            button “Copy of messageId…”
            text "size"
            text "148 B"
            button “Copy of size…”
            heading level=3
              button “Documentation” expanded=false
            status “12 messages · 0 missing · Saved session” live=off
              text "12 messages"
              text "·"
              text "0 missing"
              text "Saved session"
        "##]],
    );
}

#[test]
fn findings_and_their_buttons() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::ShowView {
        view: View::Findings,
    });
    check(
        &stage,
        &expect![[r##"
            button “Record” description=Go on recording the page's messages (Ctrl+E) disabled=true
            button “Clear” description=Empty the list; the conversations keep their state, and it can be undone (Ctrl+L) disabled=true
            checkbox “Preserve log” description=Keep the messages when the page reloads or navigates checked=false
            input “Filter” placeholder=Filter: words, type:CALL_*, from:host, severity>=warning autocomplete=list expanded=false
            button “0 errors, show only these” pressed=false
            button “1 warning, show only these” pressed=false
            button “0 notes, show only these” pressed=false
            button “Export” description=Save this session, or a part of it, as a log, report or picture (Ctrl+S)
            button “Import” description=Open a .callscope.jsonl file (Ctrl+O)
            button “Settings” description=All that the panel remembers, each with its reset (,)
            text "#1 widget"
            text "localhost:9026"
            text "⇄"
            text "127.0.0.1:9026"
            text "SDK 0.9.7 (reports 0.9.7-beta.0)"
            text "Ready"
            text "Logged in"
            text "Available"
            text "Completed 00:00 · to +442079460123"
            tablist
              tab “Live session” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=false
              tab “Saved session M14-completed-before-ended.callscope.jsonl” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=true
            text "2026-11-22T20:54:47.316Z · callscope 0.1.0 · Chrome 156 · https://localhost:9026/"
            button “Close saved session” description=Close the saved session and show the live one
            tablist
              tab “Timeline” description=Every message between HubSpot and the widget selected=false
              tab “Ladder” description=Who says what to whom: arrows between HubSpot and the widget selected=false
              tab “Calls” description=Each call in one row, two side by side, and how long answers took selected=false
              tab “Findings” description=What is wrong in this session, the worst first selected=true
              tab “State” description=What the link, the log-in and the call are at a message, and what may come there selected=false
              tab “Compose” description=Send any message, as HubSpot or the widget would selected=false
              tab “Scenarios” description=Play a scenario with the widget in the simulator, step by step selected=false
              tab “Overrides” description=Load another widget through HubSpot's local settings selected=false
            radiogroup “Group findings”
              radio “By rule” description=The worst rule first checked=true
              radio “By call” description=Call after call checked=false
              radio “By time” description=In the order in which they were found checked=false
            grid “Findings” multiselectable=true
              row “warning M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered, 10 CALL_COMPLETED at 20:54:48.007” selected=false
                gridcell "warning M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered, 10 CALL_COMPLETED at 20:54:48.007"
                  button “Menu of M14, line 1”
            status “12 messages · 0 missing · Saved session” live=off
              text "12 messages"
              text "·"
              text "0 missing"
              text "Saved session"
        "##]],
    );
}

#[test]
fn a_form() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::ShowView {
        view: View::Compose,
    });
    check(
        &stage,
        &expect![[r##"
            button “Record” description=Go on recording the page's messages (Ctrl+E) disabled=true
            button “Clear” description=Empty the list; the conversations keep their state, and it can be undone (Ctrl+L) disabled=true
            checkbox “Preserve log” description=Keep the messages when the page reloads or navigates checked=false
            input “Filter” placeholder=Filter: words, type:CALL_*, from:host, severity>=warning autocomplete=list expanded=false
            button “0 errors, show only these” pressed=false
            button “1 warning, show only these” pressed=false
            button “0 notes, show only these” pressed=false
            button “Export” description=Save this session, or a part of it, as a log, report or picture (Ctrl+S)
            button “Import” description=Open a .callscope.jsonl file (Ctrl+O)
            button “Settings” description=All that the panel remembers, each with its reset (,)
            text "#1 widget"
            text "localhost:9026"
            text "⇄"
            text "127.0.0.1:9026"
            text "SDK 0.9.7 (reports 0.9.7-beta.0)"
            text "Ready"
            text "Logged in"
            text "Available"
            text "Completed 00:00 · to +442079460123"
            tablist
              tab “Live session” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=false
              tab “Saved session M14-completed-before-ended.callscope.jsonl” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=true
            text "2026-11-22T20:54:47.316Z · callscope 0.1.0 · Chrome 156 · https://localhost:9026/"
            button “Close saved session” description=Close the saved session and show the live one
            tablist
              tab “Timeline” description=Every message between HubSpot and the widget selected=false
              tab “Ladder” description=Who says what to whom: arrows between HubSpot and the widget selected=false
              tab “Calls” description=Each call in one row, two side by side, and how long answers took selected=false
              tab “Findings” description=What is wrong in this session, the worst first selected=false
              tab “State” description=What the link, the log-in and the call are at a message, and what may come there selected=false
              tab “Compose” description=Send any message, as HubSpot or the widget would selected=true
              tab “Scenarios” description=Play a scenario with the widget in the simulator, step by step selected=false
              tab “Overrides” description=Load another widget through HubSpot's local settings selected=false
            button “Send” description=This is a saved session. Go back to live to send something. disabled=true
            text "This is a saved session. Go back to live to send something."
            button “HubSpot → widget” description=Posted by HubSpot's page, as HubSpot's own messages are pressed=true
            button “Widget → HubSpot” description=Posted by the widget's frame, as the widget's own messages are pressed=false
            button “Message type DIAL_NUMBER” description=Choose another message pressed=true
            button “Form” description=Write the message field by field pressed=true
            button “JSON” description=Write the message as JSON, whatever its type pressed=false
            text "The user clicked a number in HubSpot; the widget should dial it."
            text "phoneNumber"
            input “phoneNumber” description=string · required · the number to dial placeholder=required
            text "HubSpot always sends it"
            text "ownerId"
            input “ownerId” description=number · since SDK 0.0.10 · the user who is logged in to HubSpot placeholder=number
            text "objectId"
            input “objectId” description=number · since SDK 0.0.10 · record being viewed, not necessarily the record that owns the number (issue #207) placeholder=number
            text "objectType"
            input “objectType” description=enum CONTACT|COMPANY · since SDK 0.0.10 · the type of the record on the page
            button “CONTACT” pressed=false
            button “COMPANY” pressed=false
            text "portalId"
            input “portalId” description=number · since SDK 0.0.14 · the HubSpot account placeholder=number
            heading level=3
              button “More fields” expanded=false
            button “Fill in again” description=Start over with what this session knows
            heading level=3
              button “Saved messages” expanded=false
            text "Will be posted"
            link “copy” description=Copy to the clipboard
            text "{\n  \"type\": \"DIAL_NUMBER\",\n  \"messageId\": \"\",\n  \"data\": {}\n}"
            status “12 messages · 0 missing · Saved session” live=off
              text "12 messages"
              text "·"
              text "0 missing"
              text "Saved session"
        "##]],
    );
}

#[test]
fn calls() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::ShowView { view: View::Calls });
    check(
        &stage,
        &expect![[r##"
            button “Record” description=Go on recording the page's messages (Ctrl+E) disabled=true
            button “Clear” description=Empty the list; the conversations keep their state, and it can be undone (Ctrl+L) disabled=true
            checkbox “Preserve log” description=Keep the messages when the page reloads or navigates checked=false
            input “Filter” placeholder=Filter: words, type:CALL_*, from:host, severity>=warning autocomplete=list expanded=false
            button “0 errors, show only these” pressed=false
            button “1 warning, show only these” pressed=false
            button “0 notes, show only these” pressed=false
            button “Export” description=Save this session, or a part of it, as a log, report or picture (Ctrl+S)
            button “Import” description=Open a .callscope.jsonl file (Ctrl+O)
            button “Settings” description=All that the panel remembers, each with its reset (,)
            text "#1 widget"
            text "localhost:9026"
            text "⇄"
            text "127.0.0.1:9026"
            text "SDK 0.9.7 (reports 0.9.7-beta.0)"
            text "Ready"
            text "Logged in"
            text "Available"
            text "Completed 00:00 · to +442079460123"
            tablist
              tab “Live session” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=false
              tab “Saved session M14-completed-before-ended.callscope.jsonl” description=Live session or saved one; the live one continues to be recorded (Alt+S) selected=true
            text "2026-11-22T20:54:47.316Z · callscope 0.1.0 · Chrome 156 · https://localhost:9026/"
            button “Close saved session” description=Close the saved session and show the live one
            tablist
              tab “Timeline” description=Every message between HubSpot and the widget selected=false
              tab “Ladder” description=Who says what to whom: arrows between HubSpot and the widget selected=false
              tab “Calls” description=Each call in one row, two side by side, and how long answers took selected=true
              tab “Findings” description=What is wrong in this session, the worst first selected=false
              tab “State” description=What the link, the log-in and the call are at a message, and what may come there selected=false
              tab “Compose” description=Send any message, as HubSpot or the widget would selected=false
              tab “Scenarios” description=Play a scenario with the widget in the simulator, step by step selected=false
              tab “Overrides” description=Load another widget through HubSpot's local settings selected=false
            text "1 call"
            grid “Calls” rowcount=1
              row “call 1, outbound, +442079460123 from +16175550142, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000887128 by HubSpot, answers worst 346 ms, median 276 ms, M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered” description=call 1, outbound / numbers +442079460123 from +16175550142 / state completed · COMPLETED / ringing 00:00 / talking 00:00 / engagement 18000887128 by HubSpot / externalCallId 3525927e-e07a-4f26-9b44-b39d5a524edf / answers worst 346 ms, median 276 ms / messages 9 / M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered selected=false rowindex=1
                gridcell "call 1, outbound, +442079460123 from +16175550142, completed · COMPLETED, ringing 00:00, talking 00:00, engagement 18000887128 by HubSpot, answers worst 346 ms, median 276 ms, M14 CALL_COMPLETED came before CALL_ENDED; the call is still answered"
                  checkbox “Compare call 1” description=Pick two calls to compare them checked=false
                  button “Follow call 1” description=Show this call alone in every view
                  button “Menu of call 1”
            heading level=3
              button “Latency” expanded=true
            text "No answer is missing"
            text "SYNC → SYNC_ACK"
            link “SYNC → SYNC_ACK, 13 ms, 1 answer” description=Show this message
            text "DIAL_NUMBER → OUTGOING_CALL_STARTED"
            link “DIAL_NUMBER → OUTGOING_CALL_STARTED, 17 ms, 1 answer” description=Show this message
            text "OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*"
            link “OUTGOING_CALL_STARTED → CREATE_ENGAGEMENT_*, 334 ms, 1 answer” description=Show this message
            text "OUTGOING_CALL_STARTED → ENGAGEMENT_CREATED"
            link “OUTGOING_CALL_STARTED → ENGAGEMENT_CREATED, 346 ms, 1 answer” description=Show this message
            text "OUTGOING_CALL_STARTED → INITIATE_CALL_ID_*"
            link “OUTGOING_CALL_STARTED → INITIATE_CALL_ID_*, 146 ms, 1 answer” description=Show this message
            text "CALL_COMPLETED → UPDATE_ENGAGEMENT_*"
            link “CALL_COMPLETED → UPDATE_ENGAGEMENT_*, 276 ms, 1 answer” description=Show this message
            heading level=3
              button “Handshake” expanded=true
            button “iframe load”
            button “first SYNC after 104 ms”
            button “SYNC_ACK after 13 ms”
            button “INITIALIZED after 22 ms”
            status “12 messages · 0 missing · Saved session” live=off
              text "12 messages"
              text "·"
              text "0 missing"
              text "Saved session"
        "##]],
    );
}

/// The elements that a click on `button` opens.
fn opened(button: &str) -> String {
    let mut stage = Stage::new(recorded());
    stage.harness.get_by_label(button).click();
    stage.harness.run();
    let mut page = stage.page();
    let is_menu = |it: &Element| ["menu", "dialog"].contains(&it.attribute("role"));
    page.elements.retain(is_menu);
    outline(&page)
}

#[test]
fn a_menu() {
    expect![[r#"
        menu
          menuitemcheckbox “Time” description=When the message was received checked=true
          menuitemcheckbox “Delta” description=The time since the row before, in session order checked=true
          menuitemcheckbox “From” description=Who sent it: the widget (W) to the left, HubSpot (H) to the right checked=true
          menuitemcheckbox “Type” description=The message's type checked=true
          menuitemcheckbox “Call” description=The number of the call that the message belongs to checked=true
          menuitemcheckbox “Finding” description=What is wrong with the message, before its summary checked=true
          menuitemcheckbox “Summary” description=What tells the message from others of its type checked=true
          menuitemcheckbox “Latency” description=How long after its request the answer came checked=true
          menuitemcheckbox “Size” description=How large the message was checked=false
          group “Time”
            menuitemradio “Time of day” checked=true
            menuitemradio “Since the first row” checked=false
            menuitemradio “Since the selected row” checked=false
          menuitem “Reset columns” disabled=true
    "#]].assert_eq(&opened("Columns"));
}

#[test]
fn the_sheet_of_settings() {
    expect![[r#"
        dialog modal=true “Settings”
          heading level=2 "Settings"
          button “Reset all settings” description=Reset every setting to its default; can be undone disabled=true
          button “Close” description=Back to the panel ← keyboard
          heading level=2 "Recording"
          checkbox “Preserve log” description=Keep the messages when the page reloads or navigates checked=false
          radiogroup “History in the page”
            radio “4.0 MB” description=When the history is full, the oldest messages go first checked=false
            radio “16.0 MB” description=When the history is full, the oldest messages go first checked=true
            radio “64.0 MB” description=When the history is full, the oldest messages go first checked=false
            radio “256.0 MB” description=When the history is full, the oldest messages go first checked=false
          button “Show previous page” description=Show what was recorded before the page went away disabled=true
          button “All bounds” expanded=false
          heading level=2 "Timeline"
          checkbox “Time” description=When the message was received checked=true
          checkbox “Delta” description=The time since the row before, in session order checked=true
          checkbox “From” description=Who sent it: the widget (W) to the left, HubSpot (H) to the right checked=true
          checkbox “Type” description=The message's type checked=true
          checkbox “Call” description=The number of the call that the message belongs to checked=true
          checkbox “Finding” description=What is wrong with the message, before its summary checked=true
          checkbox “Summary” description=What tells the message from others of its type checked=true
          checkbox “Latency” description=How long after its request the answer came checked=true
          checkbox “Size” description=How large the message was checked=false
          radiogroup “Time”
            radio “Time of day” checked=true
            radio “Since the first row” checked=false
            radio “Since the selected row” checked=false
          heading level=2 "Export"
          checkbox “Redact names, numbers, e-mail addresses and ids by default” description=Whether Export starts with names, numbers, e-mail addresses and ids replaced checked=true
          heading level=2 "Layout"
          radiogroup “Findings”
            radio “By rule” description=The worst rule first checked=true
            radio “By call” description=Call after call checked=false
            radio “By time” description=In the order in which they were found checked=false
          text "Details take"
          spinbutton valuetext=42 % “Details, share of the window” valuenow=42 valuemin=15 valuemax=80
          text "of the window"
          text "Colors and zoom are those of DevTools."
          heading level=2 "Muted rules"
          text "No rule is muted."
          heading level=2 "Saved filters"
          text "No filter is saved: the bookmark beside the filter saves it."
          heading level=2 "Saved messages"
          text "No message is saved: Compose saves what it shows."
    "#]].assert_eq(&opened("Settings"));
}

/// In a list, focus is on the selected row; an error in the filter is announced on its field.
#[test]
fn the_keyboard_is_where_it_does_something() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::FocusFilter);
    let active = stage.page().active.unwrap();
    let field = active.field.as_ref().map(|it| it.name.as_str());
    assert_eq!(field, Some("Filter"));
    stage.perform(Action::SetFilter {
        text: "severity>=x".to_owned(),
    });
    let page = stage.page();
    let filter = page.elements.iter().find(|it| it.tag == Tag::Input);
    assert_eq!(filter.unwrap().attribute("aria-invalid"), "true");
    stage.perform(Action::SetFilter {
        text: String::new(),
    });
    stage.perform(Action::FocusFilter);
    for _ in 0..2 {
        stage.harness.key_press(egui::Key::ArrowDown);
        stage.harness.run();
    }
    let text = outline(&stage.page());
    let active = text.lines().find(|it| it.ends_with("← keyboard"));
    expect![[r#"    gridcell "20:54:47.420 host SYNC, https://localhost:9026 · portal 24021990 · widget" ← keyboard"#]].assert_eq(active.unwrap_or_default());
}

/// The filter's suggestions are a list of its field; focus is on the one that would be accepted.
#[test]
fn what_the_filter_offers_can_be_heard() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::FocusFilter);
    for letter in "sev".chars() {
        let typed = egui::Event::Text(letter.to_string());
        stage.harness.event(typed);
        stage.harness.run();
    }
    let page = stage.page();
    let mut offers = String::new();
    let of_filter = page
        .elements
        .iter()
        .filter(|it| it.attribute("aria-label") == "Filter" || it.has_role("listbox"));
    for element in of_filter {
        outline_of(
            std::slice::from_ref(element),
            0,
            page.active.as_ref(),
            &mut offers,
        );
    }
    expect![[r#"
        input “Filter” placeholder=Filter: words, type:CALL_*, from:host, severity>=warning autocomplete=list controls=… expanded=true "sev"
        listbox “What can be typed”
          option “severity: messages with a finding of at least this severity, or with = of exactly this one” selected=true ← keyboard
    "#]].assert_eq(&without_ids(&offers));
    let list = find(&page.elements, &|it| it.has_role("listbox")).unwrap();
    let field = page.active.as_ref().unwrap().field.as_ref().unwrap();
    assert_eq!(
        (field.name.as_str(), field.offers),
        ("Filter", Some(list.key))
    );
    let filter = find(&page.elements, &|it| it.attribute("aria-label") == "Filter").unwrap();
    assert_eq!(filter.attribute("aria-controls"), list.key.element_id());
    assert_eq!(Key::of_element(&list.key.element_id()), Some(list.key));

    stage.harness.key_press(egui::Key::Escape);
    stage.harness.run();
    let page = stage.page();
    assert!(find(&page.elements, &|it| it.has_role("listbox")).is_none());
    let filter = find(&page.elements, &|it| it.attribute("aria-label") == "Filter").unwrap();
    assert_eq!(filter.attribute("aria-expanded"), "false");
    assert_eq!(page.active.unwrap().key, filter.key);
}

fn find<'a>(elements: &'a [Element], is_it: &dyn Fn(&Element) -> bool) -> Option<&'a Element> {
    elements.iter().find_map(|it| {
        if is_it(it) {
            Some(it)
        } else {
            find(&it.children, is_it)
        }
    })
}

fn each(elements: &[Element], look: &mut dyn FnMut(&Element)) {
    for element in elements {
        look(element);
        each(&element.children, look);
    }
}

/// Ids are hashes.
fn without_ids(text: &str) -> String {
    let mut pieces = text.split("=widget-");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|it: char| it.is_ascii_hexdigit());
        plain.push_str("=…");
        plain.push_str(rest);
    }
    plain
}

/// Everything operable has a name and a role.
#[test]
fn every_control_has_a_name_and_a_role() {
    let overlays = [Overlay::Keys, Overlay::Commands].map(Some);
    let overlays = overlays.map(|overlay| Action::ShowOverlay { overlay });
    let mut actions: Vec<Action> = View::ALL.map(|view| Action::ShowView { view }).to_vec();
    actions.extend(overlays);
    actions.extend([
        Action::Export,
        Action::SetFilter {
            text: "severity>=x".to_owned(),
        },
    ]);
    let mut roles = std::collections::BTreeSet::new();
    for action in actions {
        let mut stage = Stage::new(recorded());
        stage.harness.set_size(vec2(900.0, 2_000.0));
        stage.perform(Action::SelectSeq { seq: 8 });
        stage.perform(action.clone());
        let mut nameless = Vec::new();
        let page = stage.page();
        each(&page.elements, &mut |it| {
            let role = match it.tag {
                Tag::Div => it.attribute("role"),
                Tag::Input | Tag::TextArea => "textbox",
            };
            if it.attribute("tabindex").is_empty() {
                return;
            }
            if role == "gridcell" {
                // A cell's name is its text.
                assert!(!it.text.is_empty(), "{action:?}");
                return;
            }
            roles.insert(role.to_owned());
            if role.is_empty() || it.attribute("aria-label").is_empty() {
                let mut text = String::new();
                outline_of(std::slice::from_ref(it), 0, None, &mut text);
                nameless.push(text);
            }
        });
        assert_eq!(nameless, [] as [String; 0], "{action:?}");
    }
    expect!["button checkbox grid group link option radio row separator tab textbox"]
        .assert_eq(&roles.into_iter().collect::<Vec<_>>().join(" "));
}

/// The elements of a line are read from left to right, in whatever order they were drawn.
#[test]
fn a_line_is_read_as_it_is_seen() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::SelectSeq { seq: 3 });
    for view in View::ALL {
        stage.perform(Action::ShowView { view });
        let page = stage.page();
        let mut before: Option<&Element> = None;
        for element in &page.elements {
            if let (Some(last), Some(line), Some(own)) = (
                before,
                before.and_then(place_in_line),
                place_in_line(element),
            ) {
                let is_same_line = (line[1] - own[1]).abs() < 2.0 && (line[3] - own[3]).abs() < 8.0;
                assert!(
                    !is_same_line || line[0] <= own[0],
                    "{view:?}: {:?} {:?}",
                    (last.attribute("aria-label"), &last.text, line),
                    (element.attribute("aria-label"), &element.text, own)
                );
            }
            before = Some(element);
        }
    }
}

fn place_in_line(element: &Element) -> Option<Place> {
    element.place.filter(|[.., height]| *height <= 24.0)
}

/// Applies changes to a document that is only a tree of keys.
#[derive(Debug, Default)]
struct Document {
    children: HashMap<Option<Key>, Vec<Key>>,
    elements: HashMap<Key, Element>,
}

impl Document {
    fn apply(&mut self, change: Change) {
        match change {
            Change::Create(key, tag) => {
                let element = Element {
                    key,
                    tag,
                    attributes: Vec::new(),
                    text: String::new(),
                    place: None,
                    children: Vec::new(),
                };
                assert!(self.elements.insert(key, element).is_none());
            }
            Change::Set(key, name, value) => {
                self.elements.get_mut(&key).unwrap().set(name, value);
            }
            Change::Unset(key, name) => {
                let attributes = &mut self.elements.get_mut(&key).unwrap().attributes;
                attributes.retain(|(it, _)| *it != name);
            }
            Change::Text(key, text) => self.elements.get_mut(&key).unwrap().text = text,
            Change::Place(key, place) => self.elements.get_mut(&key).unwrap().place = place,
            Change::Put { key, into, before } => {
                self.take(key);
                let list = self.children.entry(into).or_default();
                let at = before.map_or(list.len(), |before| {
                    list.iter().position(|it| *it == before).unwrap()
                });
                list.insert(at, key);
            }
            Change::Remove(keys) => {
                self.take(keys[0]);
                for key in keys {
                    self.elements.remove(&key).unwrap();
                    self.children.remove(&Some(key));
                }
            }
            Change::Activate(_) => {}
        }
    }

    /// Shows a page; `place` says which one if it fails.
    #[track_caller]
    fn follow(&mut self, mirror: &mut Mirror, page: Page, place: &str) {
        let mut keys = HashSet::new();
        each(&page.elements, &mut |it| {
            assert!(keys.insert(it.key), "{it:?} is there twice, {place}");
        });
        for change in mirror.update(page.clone()) {
            self.apply(change);
        }
        assert_eq!(self.elements(None), sorted(&page.elements), "{place}");
        assert_eq!(self.elements.len(), count(&page.elements));
        assert_eq!(mirror.update(page), []);
    }

    fn take(&mut self, key: Key) {
        for list in self.children.values_mut() {
            list.retain(|it| *it != key);
        }
    }

    fn elements(&self, parent: Option<Key>) -> Vec<Element> {
        let children = self.children.get(&parent).into_iter().flatten();
        let element = |key: &Key| {
            let mut element = self.elements[key].clone();
            element.children = self.elements(Some(*key));
            element.attributes.sort();
            element
        };
        children.map(element).collect()
    }
}

fn sorted(elements: &[Element]) -> Vec<Element> {
    let mut elements = elements.to_vec();
    for element in &mut elements {
        element.attributes.sort();
        element.children = sorted(&element.children);
    }
    elements
}

/// Whatever happens in the panel, the document equals the page afterwards, and no change is made
/// twice.
#[test]
fn changes_lead_from_any_page_to_the_next() {
    let mut stage = Stage::new(recorded());
    let mut mirror = Mirror::default();
    let mut document = Document::default();
    let filter = |text: &str| Action::SetFilter {
        text: text.to_owned(),
    };
    let mut actions = Vec::new();
    for view in View::ALL {
        actions.push(Action::ShowView { view });
        actions.push(Action::SelectSeq { seq: 3 });
        actions.push(filter("type:CALL_*"));
        actions.push(Action::SelectSeq { seq: 8 });
        actions.push(filter("severity>="));
        actions.push(filter(""));
    }
    for action in actions {
        stage.perform(action.clone());
        let page = stage.page();
        document.follow(&mut mirror, page, &format!("{action:?}"));
    }
}

/// The same, while the panel is made larger and smaller: what lies over what, and so belongs to it,
/// is different each time.
#[test]
fn changes_lead_from_any_size_to_the_next() {
    let mut stage = Stage::new(recorded());
    let mut mirror = Mirror::default();
    let mut document = Document::default();
    let call = "host {\"type\":\"DIAL_NUMBER\"}\nwidget {\"type\":\"CALL_COMPLETED\"}\n";
    stage.perform(Action::ImportText {
        name: "calls.callscope.jsonl".to_owned(),
        text: crate::model::testing::log(&crate::model::testing::source(&call.repeat(60))),
    });
    stage.perform(Action::SelectSeq { seq: 3 });
    for size in [
        vec2(800.0, 400.0),
        vec2(700.0, 400.0),
        vec2(600.0, 300.0),
        vec2(400.0, 250.0),
        vec2(300.0, 180.0),
        vec2(1280.0, 800.0),
    ] {
        stage.harness.set_size(size);
        for view in View::ALL {
            let place = format!("{size}, {}", view.title());
            stage.harness.state_mut().perform(Action::ShowView { view });
            // Each frame on the way, too.
            for _ in 0..3 {
                stage.harness.step();
                let page = stage.page();
                let bar = page.elements.iter().find(|it| it.has_role("status"));
                assert!(bar.is_some(), "the status bar is in something, {place}");
                document.follow(&mut mirror, page, &place);
            }
        }
    }
}

/// Wherever the divider is, it is in no row.
#[test]
fn the_divider_belongs_to_no_list() {
    let mut stage = Stage::new(Panel::new(Model::default()));
    stage.perform(long(100));
    stage.perform(Action::SelectSeq { seq: 3 });
    stage.harness.set_size(vec2(500.0, 700.0));
    for share in 0..40 {
        let share = 0.3 + share as f32 / 100.0;
        stage.perform(Action::SetDetailSize { share });
        let page = stage.page();
        let is_there = page.elements.iter().any(|it| it.has_role("separator"));
        assert!(is_there, "the divider is in something at {share}");
    }
}

fn element(key: u64, children: Vec<Element>) -> Element {
    Element {
        key: Key(key),
        tag: Tag::Div,
        attributes: Vec::new(),
        text: String::new(),
        place: None,
        children,
    }
}

/// A part that moves out of something that is gone leaves what it no longer has behind.
#[test]
fn what_is_gone_from_a_moved_part_is_removed() {
    let page = |elements: Vec<Element>| Page {
        elements,
        active: None,
    };
    let mut mirror = Mirror::default();
    let mut document = Document::default();
    let before = element(2, vec![element(3, Vec::new())]);
    let after = element(2, vec![element(4, Vec::new())]);
    for page in [page(vec![element(1, vec![before])]), page(vec![after])] {
        document.follow(&mut mirror, page, "");
    }
}

/// What becomes something else is made anew, with what is in it.
#[test]
fn an_element_keeps_its_role() {
    let with_role = |key: u64, role: &'static str, children: Vec<Element>| {
        let mut element = element(key, children);
        element.set("role", role);
        element
    };
    let page = |role: &'static str, child: u64| Page {
        elements: vec![with_role(
            1,
            role,
            vec![
                with_role(2, "row", Vec::new()),
                with_role(child, "row", Vec::new()),
            ],
        )],
        active: None,
    };
    let mut mirror = Mirror::default();
    let mut document = Document::default();
    document.follow(&mut mirror, page("group", 3), "");
    document.follow(&mut mirror, page("grid", 4), "");
    let changes = mirror.update(page("group", 4));
    assert_eq!(changes.first(), Some(&Change::Remove(vec![Key(1)])));
    assert!(changes.contains(&Change::Create(Key(1), Tag::Div)));
    assert!(!changes.contains(&Change::Create(Key(2), Tag::Div)));
}

fn count(elements: &[Element]) -> usize {
    elements.iter().map(|it| 1 + count(&it.children)).sum()
}

/// What a user has typed is not written to the field again; what egui makes of it is.
#[test]
fn what_was_typed_is_there() {
    let mut stage = Stage::new(recorded());
    let mut mirror = Mirror::default();
    mirror.update(stage.page());
    let page = stage.page();
    let filter = page.elements.iter().find(|it| it.tag == Tag::Input);
    let key = filter.unwrap().key;
    mirror.was_typed(key, "SYNC");
    let is_text = |it: &Change| matches!(it, Change::Text(of, _) if *of == key);
    // egui rejected it.
    let changes = mirror.update(page);
    assert_eq!(changes, [Change::Text(key, String::new())]);
    mirror.was_typed(key, "SYNC");
    stage.perform(Action::SetFilter {
        text: "SYNC".to_owned(),
    });
    assert!(!mirror.update(stage.page()).iter().any(is_text));
}

/// A session of `count` messages of two types in turn, so that none folds.
fn long(count: usize) -> Action {
    let line = |index: usize| match index % 2 {
        0 => r#"widget {"type":"USER_AVAILABLE"}"#,
        _ => r#"widget {"type":"USER_UNAVAILABLE"}"#,
    };
    let trace: Vec<&str> = (0..count).map(line).collect();
    Action::ImportText {
        name: "long.callscope.jsonl".to_owned(),
        text: crate::model::testing::log(&crate::model::testing::source(&trace.join("\n"))),
    }
}

/// Scrolls to the end of a session of `count` messages.
fn stand_at_the_end(stage: &mut Stage, count: usize) -> Page {
    stage.perform(long(count));
    stage.perform(Action::MoveSelection {
        step: crate::action::Move::Last,
    });
    stage.page()
}

/// The cost of 1,000 messages a second: the panel is drawn every 100 ms, each time with other rows
/// in view. Only those and the counts may change.
#[test]
fn only_what_changed_is_done_when_all_rows_are_new() {
    let mut stage = Stage::new(Panel::new(Model::default()));
    let mut mirror = Mirror::default();
    let first = stand_at_the_end(&mut stage, 1_000);
    let all = mirror.update(first.clone()).len();
    let second = stand_at_the_end(&mut stage, 1_100);
    let changes = mirror.update(second.clone());
    let rows = |page: &Page| {
        let grid = page.elements.iter().find(|it| it.has_role("grid"));
        grid.unwrap().children.len()
    };
    let mut counts = std::collections::BTreeMap::new();
    for change in &changes {
        let kind = match change {
            Change::Create(..) => "made",
            Change::Set(..) | Change::Unset(..) => "attributes",
            Change::Text(..) => "texts",
            Change::Place(..) => "places",
            Change::Put { .. } => "put",
            Change::Remove(_) => "removed",
            Change::Activate(_) => "activated",
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    let elements = count(&second.elements);
    let told = format!(
        "{} of {elements} elements are rows and cells; at first {all} changes, then {counts:?}",
        2 * rows(&second)
    );
    expect![[r#"16 of 104 elements are rows and cells; at first 609 changes, then {"attributes": 64, "made": 17, "places": 9, "put": 17, "removed": 9, "texts": 11}"#]].assert_eq(&told);
}

/// What lies over the view has the keyboard while it is there, and gives it back.
#[test]
fn an_overlay_takes_the_keyboard_and_gives_it_back() {
    let mut stage = Stage::new(recorded());
    let active = |stage: &Stage| {
        let text = outline(&stage.page());
        let active = text.lines().find(|it| it.ends_with("← keyboard"));
        without_ids(active.unwrap_or("nothing").trim())
    };
    stage.perform(Action::SelectSeq { seq: 3 });
    stage.perform(Action::FocusList);
    let row = active(&stage);
    assert!(row.starts_with("gridcell"), "{row}");
    let overlays = [Overlay::Commands, Overlay::Keys, Overlay::Settings];
    let overlays = overlays.map(|it| Action::ShowOverlay { overlay: Some(it) });
    let mut told = String::new();
    for action in overlays.into_iter().chain([Action::Export]) {
        let is_export = action == Action::Export;
        stage.perform(action);
        if is_export {
            // A sheet that can save: the browser has given its random bytes.
            let salt = crate::event::Event::Salt([7; 16]);
            stage.harness.state_mut().handle(salt);
            stage.harness.run();
        }
        _ = writeln!(told, "{}", active(&stage));
        stage.harness.key_press(egui::Key::Escape);
        stage.harness.run();
        assert_eq!(active(&stage), row);
    }
    expect![[r#"
        option “Preserve log” description=Keep the messages when the page reloads or navigates selected=true ← keyboard
        button “Close” description=Back to the panel ← keyboard
        button “Close” description=Back to the panel ← keyboard
        button “Save” description=Save the file ← keyboard
    "#]].assert_eq(&told);
}

/// A command that moves the focus does so, wherever the focus was before the palette.
#[test]
fn the_palette_leads_to_the_filter() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::SelectSeq { seq: 3 });
    stage.perform(Action::FocusList);
    stage.perform(Action::ShowOverlay {
        overlay: Some(Overlay::Commands),
    });
    let typed = egui::Event::Text("go to the filter".to_owned());
    stage.harness.event(typed);
    stage.harness.run();
    stage.harness.key_press(egui::Key::Enter);
    stage.harness.run();
    let field = stage.page().active.unwrap().field;
    assert_eq!(field.unwrap().name, "Filter");
}

/// What receives the user's typing is the field that is typed into, and nothing else once that is
/// left, whichever way: a reader that walks the document would find it there.
#[test]
fn nothing_is_left_of_a_field() {
    let told = |stage: &Stage| {
        let field = stage.page().active.and_then(|it| it.field);
        let set = agent(field.as_ref()).into_iter();
        let set = set.filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        without_ids(&set.collect::<Vec<_>>().join(" "))
    };
    let mut stage = Stage::new(Panel::new(Model::default()));
    let view = View::Compose;
    stage.perform(Action::ShowView { view });
    let field = (egui::Role::TextInput, "phoneNumber");
    (stage.harness.get_by_role_and_label(field.0, field.1)).focus();
    stage.harness.run();
    assert_eq!(told(&stage), "aria-label=phoneNumber");
    let view = View::Timeline;
    stage.perform(Action::ShowView { view });
    assert_eq!(told(&stage), "");
    let overlay = Some(Overlay::Commands);
    stage.perform(Action::ShowOverlay { overlay });
    let open = told(&stage);
    assert!(open.starts_with("aria-label=Command role=combobox aria-expanded=true"));
    stage.harness.key_press(egui::Key::Escape);
    stage.harness.run();
    assert_eq!(told(&stage), "");
    let page = outline(&stage.page());
    assert!(!page.contains("phoneNumber") && !page.contains("Command"));
}

/// A menu that is closed by a key leaves the keyboard on its button, and a key of the list takes
/// it to the list.
#[test]
fn no_key_loses_the_keyboard() {
    let mut stage = Stage::new(recorded());
    let active = |stage: &Stage| {
        let text = outline(&stage.page());
        let active = text.lines().find(|it| it.ends_with("← keyboard"));
        without_ids(active.unwrap_or("nothing").trim())
    };
    stage.harness.get_by_label("Columns").focus();
    stage.harness.run();
    let button = active(&stage);
    assert!(button.contains("“Columns”"), "{button}");
    stage.harness.key_press(egui::Key::Enter);
    stage.harness.run();
    stage.harness.key_press(egui::Key::Tab);
    stage.harness.run();
    assert_ne!(active(&stage), button);
    stage.harness.key_press(egui::Key::Escape);
    stage.harness.run();
    assert_eq!(active(&stage), button);

    let mut stage = Stage::new(recorded());
    assert_eq!(active(&stage), "nothing");
    stage.harness.key_press(egui::Key::ArrowDown);
    stage.harness.run();
    let row = active(&stage);
    assert!(row.starts_with("gridcell"), "{row}");
}

/// The arrows go from tab to tab, as in any list of tabs.
#[test]
fn the_arrows_go_through_the_tabs() {
    let mut stage = Stage::new(recorded());
    let tab = (stage.harness).get_by_role_and_label(egui::Role::Tab, "Timeline");
    tab.focus();
    stage.harness.run();
    let mut heard = Vec::new();
    for key in [
        egui::Key::ArrowRight,
        egui::Key::ArrowRight,
        egui::Key::ArrowLeft,
        egui::Key::ArrowLeft,
        egui::Key::ArrowLeft,
    ] {
        stage.harness.key_press(key);
        stage.harness.run();
        let page = stage.page();
        let key = page.active.as_ref().map(|it| it.key);
        let active = find(&page.elements, &|it| Some(it.key) == key).unwrap();
        heard.push(active.attribute("aria-label").to_owned());
    }
    assert_eq!(
        heard,
        ["Ladder", "Calls", "Ladder", "Timeline", "Overrides"]
    );
}

/// Esc in a field, and Esc in a dialog when nothing had the keyboard before, lead to the list.
#[test]
fn escape_leads_to_the_list() {
    let active = |stage: &Stage| {
        let page = stage.page();
        let key = page.active.as_ref().map(|it| it.key);
        let active = find(&page.elements, &|it| Some(it.key) == key);
        active.map(|it| it.attribute("role").to_owned())
    };
    let mut stage = Stage::new(recorded());
    stage.perform(Action::SelectSeq { seq: 3 });
    stage.perform(Action::ShowOverlay {
        overlay: Some(Overlay::Keys),
    });
    stage.harness.key_press(egui::Key::Escape);
    stage.harness.run();
    assert_eq!(active(&stage).as_deref(), Some("gridcell"));
    for text in ["", "host"] {
        stage.perform(Action::FocusFilter);
        stage.perform(Action::SetFilter {
            text: text.to_owned(),
        });
        assert_ne!(active(&stage).as_deref(), Some("gridcell"));
        // First it clears the field, which then still has the keyboard for Ctrl+Z.
        if !text.is_empty() {
            stage.harness.key_press(egui::Key::Escape);
            stage.harness.run();
            assert_eq!(stage.harness.state().model().filter_text, "");
            assert_ne!(active(&stage).as_deref(), Some("gridcell"));
        }
        stage.harness.key_press(egui::Key::Escape);
        stage.harness.run();
        assert_eq!(stage.harness.state().model().filter_text, "");
        assert_eq!(active(&stage).as_deref(), Some("gridcell"), "{text}");
    }
}

/// Space on a count of findings sets the filter, which then has more buttons; another Space takes
/// the filter back.
#[test]
fn a_button_keeps_the_keyboard_when_it_brings_others() {
    let mut stage = Stage::new(recorded());
    let button = "1 warning, show only these";
    stage.harness.get_by_label(button).focus();
    stage.harness.run();
    for filter in ["severity=warning", ""] {
        stage.harness.key_press(egui::Key::Space);
        stage.harness.run();
        let page = stage.page();
        let key = page.active.as_ref().map(|it| it.key);
        let active = find(&page.elements, &|it| Some(it.key) == key);
        assert_eq!(active.unwrap().attribute("aria-label"), button);
        assert_eq!(stage.harness.state().model().filter_text, filter);
    }
}

/// Whatever comes and goes around it, a widget stays the same for egui, which has the keyboard on
/// it, and for assistive technology.
#[test]
fn widgets_stay_the_same_whatever_comes_before_them() {
    let filter = |text: &str| Action::SetFilter {
        text: text.to_owned(),
    };
    let actions = [
        filter("severity:warning"),
        filter("severity>="),
        filter("type:CALL_*"),
        Action::SaveFilter {
            name: "calls".to_owned(),
        },
        Action::Export,
        Action::CloseExport,
        filter(""),
    ];
    let keys = |stage: &Stage| {
        let mut keys: HashMap<String, Vec<Key>> = HashMap::new();
        each(&stage.page().elements, &mut |it| {
            let is_of_list = ["row", "gridcell"].contains(&it.attribute("role"));
            if !it.attribute("tabindex").is_empty() && !is_of_list {
                let name = format!("{} {}", it.attribute("role"), it.attribute("aria-label"));
                keys.entry(name).or_default().push(it.key);
            }
        });
        keys.retain(|_, keys| keys.len() == 1);
        keys
    };
    // What other views have depends on the filter.
    for view in [View::Timeline, View::Findings, View::Compose] {
        let mut stage = Stage::new(recorded());
        stage.harness.set_size(vec2(1_100.0, 1_600.0));
        stage.perform(Action::ShowView { view });
        stage.perform(Action::SelectSeq { seq: 8 });
        let mut before = keys(&stage);
        for action in &actions {
            stage.perform(action.clone());
            let now = keys(&stage);
            let changed: Vec<&String> = now
                .iter()
                .filter(|(name, key)| before.get(*name).is_some_and(|was| was != *key))
                .map(|(name, _)| name)
                .collect();
            assert_eq!(changed, [] as [&String; 0], "{view:?}: {action:?}");
            before = now;
        }
    }
}

/// What the palette would do is heard while the arrows go through it.
#[test]
fn the_chosen_command_can_be_heard() {
    let mut stage = Stage::new(recorded());
    stage.perform(Action::ShowOverlay {
        overlay: Some(Overlay::Commands),
    });
    let typed = egui::Event::Text("show".to_owned());
    stage.harness.event(typed);
    stage.harness.run();
    let mut told = String::new();
    for _ in 0..2 {
        let page = stage.page();
        let mut whole = String::new();
        outline_of(&page.elements, 0, page.active.as_ref(), &mut whole);
        for line in whole.lines() {
            let is_it = ["input “Command”", "listbox", "← keyboard"];
            if is_it.iter().any(|it| line.contains(it)) {
                _ = writeln!(told, "{}", without_ids(line.trim()));
            }
        }
        stage.harness.key_press(egui::Key::ArrowDown);
        stage.harness.run();
    }
    expect![[r#"
        input “Command” placeholder=What to do autocomplete=list controls=… expanded=true "show"
        listbox “Commands”
        option “Show Ladder” description=Who says what to whom: arrows between HubSpot and the widget selected=true ← keyboard
        input “Command” placeholder=What to do autocomplete=list controls=… expanded=true "show"
        listbox “Commands”
        option “Show Calls” description=Each call in one row, two side by side, and how long answers took selected=true ← keyboard
    "#]].assert_eq(&told);
}

/// Whatever the palette offers does something that can be seen, or asks somebody else for it.
/// The keyboard is on a row's cell: so that says whether what belongs to the row is unfolded.
#[test]
fn whether_a_row_is_unfolded_can_be_heard() {
    let mut stage = Stage::new(recorded());
    let cell = |stage: &Stage, row: &str| {
        let page = stage.page();
        let is_it =
            |it: &Element| it.has_role("row") && it.attribute("aria-label").starts_with(row);
        let row = find(&page.elements, &is_it).expect(row);
        assert_eq!(row.attribute("aria-expanded"), "");
        row.children[0].attribute("aria-expanded").to_owned()
    };
    stage.perform(Action::ShowView {
        view: View::Findings,
    });
    stage.perform(Action::GroupFindings {
        by: crate::action::Grouping::Call,
    });
    assert_eq!(cell(&stage, "Call 1"), "true");
    stage.harness.key_press(egui::Key::ArrowDown);
    stage.harness.run();
    stage.harness.key_press(egui::Key::ArrowLeft);
    stage.harness.run();
    assert_eq!(cell(&stage, "Call 1"), "false");
}

#[test]
fn every_command_shows_something() {
    for view in View::ALL {
        for is_empty in [true, false] {
            let panel = || {
                let mut panel = if is_empty {
                    Panel::new(Model::default())
                } else {
                    recorded()
                };
                panel.perform(Action::SelectSeq { seq: 3 });
                panel.perform(Action::ShowView { view });
                panel.take_effects();
                panel
            };
            for action in offered(&panel()) {
                let mut quick = panel();
                let before = said(&quick);
                quick.perform(action.clone());
                let effects = quick.take_effects();
                let is_told = |it: &Effect| !matches!(it, Effect::StoreSettings(_));
                if said(&quick) != before || effects.iter().any(is_told) {
                    continue;
                }
                let mut stage = Stage::new(panel());
                let before = stage.page();
                stage.perform(action.clone());
                let place = format!("{action:?} in {}, empty: {is_empty}", view.title());
                assert!(stage.page() != before, "{place}");
            }
        }
    }
}

/// What is seen at once, without drawing it.
fn said(panel: &Panel) -> impl PartialEq + use<> {
    let model = panel.model();
    let notices = model.notices.iter().map(|it| it.text.clone());
    let filter = model.filter_text.clone();
    (
        notices.collect::<Vec<_>>(),
        filter,
        model.view,
        model.overlay,
    )
}

/// What the palette offers, besides the scenarios.
fn offered(panel: &Panel) -> Vec<Action> {
    let groups = commands::groups(panel.model());
    let commands = groups.into_iter().flat_map(|group| group.commands);
    let commands = commands.filter(|it| it.is_in_palette);
    let actions = commands.map(|command| command.action);
    let is_checked = |action: &Action| !matches!(action, Action::Scenario { .. });
    actions.filter(is_checked).collect()
}
