//! A panel with the simulator's page and a clock that the test controls.

use std::fmt::Write as _;

use callscope_bus::{DocumentId, Record, RecorderInfo, RecorderStatus, ToPanel, encode};
use callscope_protocol::{Fact, Millis};
use callscope_session_log::write_fact;

use super::ScenarioAction;
use crate::action::{Action, View};
use crate::event::{Effect, Event};
use crate::model::Model;
use crate::model::connection::tests::info;
use crate::model::testing::{START, facts};

/// A call to a busy number, made by hand.
pub(crate) const BUSY: &str = r#"{
    // The user's own.
    "scenario": "busy",
    "title": "The number is busy",
    "why": "Busy is not failed.",
    "steps": [
        {"answers": {"create-engagement.delay": 10}},
        {"widget": "INITIALIZED"},
        {"user": "logIn", "if": "loggedOut"},
        {"widget": "LOGGED_IN", "if": "loggedOut"},
        {"host": "dial", "number": "+442079460123"},
        {"user": "call", "number": "+442079460123"},
        {"widget": "OUTGOING_CALL_STARTED", "data": {"externalCallId": "$call"}},
        {"user": "remoteBusy"},
        {"widget": "CALL_ENDED", "data": {"externalCallId": "$call", "callEndStatus": "BUSY"}}
    ]
}"#;

/// The widget's messages up to the first manual step.
pub(crate) const HANDSHAKE: &str = r#"
    host   {"type":"SYNC","messageId":"1700000000000_1","hostUrl":"https://app.hubspot.com"}
    widget {"type":"SYNC_ACK","messageId":"1700000000000_1","version":"0.9.7-beta.0","iFrameUrl":"https://localhost:9025"}
    widget {"type":"INITIALIZED","messageId":"1700000000500_1700000000600","data":{"isLoggedIn":true,"sizeInfo":{"width":400,"height":600}}}
"#;

/// The widget's messages after HubSpot has dialed.
pub(crate) const STARTED: &str = r#"
    host   {"type":"DIAL_NUMBER","messageId":"1700000000000_1700000001000","data":{"phoneNumber":"+442079460123"}}
    widget {"type":"OUTGOING_CALL_STARTED","messageId":"1700000000500_1700000001010","data":{"toNumber":"+442079460123","fromNumber":"+16175550142","externalCallId":"a","createEngagement":true}}
"#;

/// The end of the call with this status.
pub(crate) fn ended(status: &str) -> String {
    format!(
        r#"widget {{"type":"CALL_ENDED","messageId":"1700000000500_1700000001020","data":{{"externalCallId":"a","callEndStatus":"{status}"}}}}"#
    )
}

pub(crate) const SYNCING: &str =
    r#"{"version":1,"link":"syncing","widget":"https://localhost:9025/"}"#;
pub(crate) const DONE: &str = r#"{"done":true}"#;

pub(crate) struct Stand {
    pub(crate) model: Model,
    now: f64,
    records: u32,
    /// The number of the last question to the page.
    asked: u32,
    pub(crate) told: String,
}

impl Stand {
    /// The simulator's page with a widget, and a scenario opened from a file.
    pub(crate) fn new(scenario: &str) -> Self {
        let mut stand = Self {
            model: Model::default(),
            now: START,
            records: 0,
            asked: 0,
            told: String::new(),
        };
        stand.model.tick(Millis(START));
        stand.page("r1");
        let effects = stand.model.perform(Action::ShowView {
            view: View::Scenarios,
        });
        stand.tell(effects);
        let name = "busy.jsonc".to_owned();
        let text = scenario.to_owned();
        let effects = stand.model.perform(Action::ImportText { name, text });
        stand.tell(effects);
        stand.wait(0.0);
        stand
    }

    fn tell(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            let at = self.now - START;
            match effect {
                Effect::AskSimulator { number, ask } => {
                    self.asked = number;
                    let (what, argument) = ask.call();
                    _ = writeln!(self.told, "{at} ask {what} {argument}");
                }
                Effect::Announce { text, .. } => _ = writeln!(self.told, "{at} say {text}"),
                _ => {}
            }
        }
    }

    fn handle(&mut self, event: Event) {
        let effects = self.model.handle(event);
        self.tell(effects);
        self.wait(0.0);
    }

    /// Loads a page with this recorder.
    pub(crate) fn page(&mut self, recorder: &str) {
        self.records = 0;
        self.handle(Event::PortOpened);
        let info = RecorderInfo {
            recorder: DocumentId(recorder.to_owned()),
            ..info()
        };
        let attached = ToPanel::Attached {
            info,
            reset: false,
            cleared: None,
        };
        self.handle(Event::Received(encode(&attached)));
        self.report();
    }

    /// The recorder confirms that nothing more is on its way.
    fn report(&mut self) {
        let status = RecorderStatus {
            now: self.now,
            recording: true,
            limit: 16 << 20,
            ..RecorderStatus::default()
        };
        self.handle(Event::Received(encode(&ToPanel::Status { status })));
    }

    /// The browser tells that the page goes.
    pub(crate) fn leave(&mut self) {
        self.handle(Event::Navigated);
    }

    /// The page answers the last question.
    pub(crate) fn answer(&mut self, json: &str) {
        self.answer_to(self.asked, json);
    }

    /// The page answers what it was asked before that.
    pub(crate) fn answer_before(&mut self, json: &str) {
        self.answer_to(self.asked - 1, json);
    }

    fn answer_to(&mut self, number: u32, json: &str) {
        let answer = Ok(json.to_owned());
        self.handle(Event::SimulatorAnswered { number, answer });
    }

    pub(crate) fn act(&mut self, what: ScenarioAction) {
        let effects = self.model.perform(Action::Scenario { what });
        self.tell(effects);
        self.wait(0.0);
    }

    /// The page receives these messages.
    pub(crate) fn says(&mut self, trace: &str) {
        let mut records = Vec::new();
        for mut fact in facts(trace) {
            if let Fact::Message(recorded) = &mut fact {
                recorded.at.0 += self.now - START;
            }
            self.records += 1;
            records.push(Record {
                id: self.records.into(),
                line: write_fact(&fact),
            });
        }
        self.wait(100.0);
        self.handle(Event::Received(encode(&ToPanel::Records { records })));
        self.report();
    }

    /// Lets this many milliseconds pass, confirmed by the recorder.
    pub(crate) fn wait(&mut self, millis: f64) {
        self.now += millis;
        self.model.set_time(Millis(self.now));
        self.model.tick(Millis(self.now));
        let effects = self.model.take_due();
        self.tell(effects);
        if millis > 0.0 {
            self.report();
        }
    }

    /// What the view shows of the chosen scenario.
    pub(crate) fn show(&mut self) {
        let data = self.model.scenarios_data();
        let text = &mut self.told;
        if let Some((obstacle, _)) = data.obstacle {
            _ = writeln!(text, "- ! {obstacle}");
        }
        if let Some(problem) = data.problem {
            _ = writeln!(text, "- ? {problem}");
        }
        let Some(chosen) = data.chosen else {
            return;
        };
        let buttons = [
            ("Run", chosen.can_run),
            ("Step", chosen.can_step),
            ("Stop", chosen.can_stop),
        ];
        let buttons = buttons.into_iter().filter(|it| it.1).map(|it| it.0);
        let buttons: Vec<&str> = buttons.collect();
        _ = writeln!(text, "- [{}]", buttons.join("] ["));
        if let Some(prompt) = chosen.prompt {
            _ = writeln!(text, "- {} {}", prompt.what, prompt.then);
        }
        if let Some(activity) = chosen.activity {
            _ = writeln!(text, "- {activity}");
        }
        for step in chosen.steps {
            let (state, words) = (step.state.words(), step.words);
            let fact = step.fact.map_or("", |_| " →");
            _ = writeln!(text, "- {state:>9} | {words}{fact}");
        }
        if let Some(outcome) = chosen.outcome {
            _ = writeln!(text, "- {} after {}", outcome.word, outcome.took);
            for (what, words) in outcome.lines {
                _ = writeln!(text, "-   {what}: {words}");
            }
        }
        self.model.refresh();
        if let Some((place, words)) = self.model.scenario_failure() {
            let row = self.model.describe_places(place..place + 1);
            let seq = row.first().and_then(|it| it.seq);
            _ = writeln!(self.told, "- at message {seq:?}: {words}");
        }
    }
}
