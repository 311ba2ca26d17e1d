//! A widget that is a text.
//!
//! A line is a time in milliseconds and what happens: `open`, `host TYPE data`, `widget TYPE data`,
//! `closed`, `cannot WHY`, `refused WHY`, `broken WHY`, `cannot-load WHY`, `replaced`. A command is
//! reported as done at once, unless the next line is one of the four with a reason. A step by hand
//! is done by `done`; `step` and `run` are the buttons.

use std::collections::VecDeque;
use std::fmt::Write as _;

use callscope_protocol::{
    Closed, ConversationId, ConversationStart, Fact, Millis, RecordedMessage, Severity, Side,
};
use callscope_scenario::{
    Bindings, Command, Event, Options, Plan, RoleAction, Runner, Scenario, Verdict, built_in,
};
use expect_test::Expect;
use serde_json::{Value, json};

const BINDINGS: &str = r##"{"roles": {
    "logIn": {"click": "#log-in"}, "logOut": {"click": "#log-out"},
    "available": {"click": "#available"}, "call": [],
    "remoteAnswers": {"click": "#pick-up"}, "remoteBusy": {"click": "#busy"},
    "hangUp": {"click": "#hang-up"}, "save": {"click": "#save"},
    "incoming": {"request": "http://localhost:3000/ring?from={number}"},
    "answer": {"click": "#answer"}
}}"##;

struct Stage {
    runner: Runner,
    conversation: u32,
    count: u64,
    told: String,
}

impl Stage {
    fn message(&mut self, at: Millis, from: Side, ty: &str, data: &str) -> Event {
        self.count += 1;
        let mut message = json!({ "type": ty });
        // SYNC and SYNC_ACK share an id.
        let id = if ty == "SYNC_ACK" {
            self.count - 1
        } else {
            self.count
        };
        let instance = match (from, ty) {
            (Side::Host, _) | (_, "SYNC_ACK") => 1_795_000_000_001_u64,
            (Side::Widget, _) => 1_795_000_000_002,
        };
        message["messageId"] = json!(format!("{instance}_{}", 1_795_000_010_000 + id));
        if ty == "SYNC" || ty == "SYNC_ACK" {
            message["hostUrl"] = json!("https://app.hubspot.com");
        }
        if ty == "SYNC_ACK" {
            message["iFrameUrl"] = json!("https://localhost:9025");
            message["version"] = json!(if data.is_empty() {
                "0.9.7-beta.0"
            } else {
                data
            });
        } else if !data.is_empty() {
            message["data"] = serde_json::from_str(data).unwrap();
        }
        let origin = match from {
            Side::Host => "https://app.hubspot.com",
            Side::Widget => "https://localhost:9025",
        };
        Event::Fact(Fact::Message(RecordedMessage {
            seq: self.count,
            at,
            conversation: ConversationId(self.conversation),
            from,
            origin: origin.into(),
            injected: false,
            message: message.to_string().into(),
            cloned: std::collections::BTreeMap::new(),
            truncated: None,
        }))
    }

    fn start(&mut self, at: Millis) -> Event {
        let continues = (self.conversation > 0).then_some(ConversationId(self.conversation));
        self.conversation += 1;
        Event::Fact(Fact::Conversation(ConversationStart {
            id: ConversationId(self.conversation),
            at,
            continues,
            host_origin: Some("https://app.hubspot.com".to_owned()),
            widget_origin: Some("https://localhost:9025".to_owned()),
            in_calling_window: false,
        }))
    }

    /// Prints the commands, and marks them as done.
    fn obey(&mut self, at: Millis, is_done: bool) {
        while let Some(command) = self.runner.poll_command() {
            _ = writeln!(self.told, "{:>6} > {}", at.0, words(&command));
            if !is_done || matches!(&command, Command::User { actions, .. } if actions.is_empty()) {
                return;
            }
            self.runner.handle(Event::Done);
        }
    }
}

fn words(command: &Command) -> String {
    match command {
        Command::Open(answers) if answers.is_empty() => "open".to_owned(),
        Command::Open(answers) => format!("open with {answers:?}"),
        Command::Host(host) => {
            let more = host.number.iter().chain(&host.record).chain(&host.ty);
            let more: Vec<&str> = more.map(String::as_str).collect();
            let data = host.data.as_ref().map(Value::to_string).unwrap_or_default();
            format!("host {} {} {data}", host.action.word(), more.join(" "))
        }
        Command::Answers(answers) => format!("answers {answers:?}"),
        Command::User {
            role,
            number,
            actions,
        } if actions.is_empty() => format!("by hand: {} {number}", role.word()),
        Command::User { role, actions, .. } => {
            let actions: Vec<String> = actions.iter().map(RoleAction::to_string).collect();
            format!("{}: {}", role.word(), actions.join(", "))
        }
    }
}

pub(crate) fn play_with(
    scenario: &Scenario,
    bindings: &str,
    deny: Option<Severity>,
    script: &str,
) -> String {
    let options = Options {
        deny,
        ..Options::default()
    };
    play_as(scenario, bindings, options, script)
}

fn play_as(scenario: &Scenario, bindings: &str, options: Options, script: &str) -> String {
    let all = built_in().unwrap();
    let find = |name: &str| all.iter().find(|it| it.name == name);
    let plan = Plan::new(scenario, &find).unwrap();
    let bindings = Bindings::read("callscope.json", bindings).unwrap();
    let mut stage = Stage {
        runner: Runner::new(plan, bindings, options, Millis(0.0)),
        conversation: 0,
        count: 0,
        told: String::new(),
    };
    let mut lines: VecDeque<&str> = script.lines().map(str::trim).collect();
    lines.retain(|it| !it.is_empty());
    while let Some(line) = lines.pop_front() {
        let mut words = line.splitn(4, ' ');
        let at = Millis(words.next().unwrap().parse().unwrap());
        let (what, ty, data) = (
            words.next().unwrap(),
            words.next().unwrap_or_default(),
            words.next().unwrap_or_default(),
        );
        // Like a driver, stops at each deadline on the way.
        while let Some(deadline) = stage.runner.next_deadline().filter(|it| *it < at) {
            stage.runner.advance(deadline + Millis(1.0));
            stage.obey(deadline, true);
        }
        stage.runner.advance(at);
        let why = line.splitn(3, ' ').nth(2).unwrap_or_default().to_owned();
        match what {
            "open" => {
                stage.obey(at, true);
                let start = stage.start(at);
                stage.runner.handle(start);
            }
            "host" | "widget" => {
                let side = if what == "host" {
                    Side::Host
                } else {
                    Side::Widget
                };
                let message = stage.message(at, side, ty, data);
                stage.runner.handle(message);
            }
            "closed" => {
                stage.runner.handle(Event::Fact(Fact::Closed(Closed {
                    conversation: ConversationId(stage.conversation),
                    at,
                    side: Side::Widget,
                })));
                let start = stage.start(at);
                stage.runner.handle(start);
            }
            "cannot" => stage.runner.handle(Event::CannotUse(why)),
            "refused" => stage.runner.handle(Event::Refused(why)),
            "broken" => stage.runner.handle(Event::Broken(why)),
            "cannot-load" => stage.runner.handle(Event::CannotLoad(why)),
            "replaced" => stage.runner.handle(Event::Replaced),
            "done" => stage.runner.handle(Event::Done),
            "step" => stage.runner.step_on(),
            "run" => stage.runner.run_on(),
            "wait" => {}
            other => panic!("{other}"),
        }
        let next = lines.front().and_then(|it| it.split(' ').nth(1));
        let is_done = !matches!(next, Some("cannot" | "refused" | "broken" | "cannot-load"));
        stage.obey(at, is_done);
    }
    let mut told = stage.told;
    let runner = stage.runner;
    match runner.verdict() {
        None => {
            let (step, activity) = (runner.step(), runner.activity());
            _ = writeln!(told, "no verdict, at step {step}, {activity:?}");
        }
        Some(Verdict::Pass) => _ = writeln!(told, "pass, {} steps", runner.steps_done().len()),
        Some(Verdict::Fail(failure)) => {
            let planned = &runner.plan().steps[failure.step];
            _ = writeln!(
                told,
                "fail at {}:{} {}\nexpected: {}\nactual: {}\nmessage: {:?}",
                planned.file,
                planned.step.line,
                planned.step.text,
                failure.expected,
                failure.actual,
                failure.seq,
            );
        }
        Some(Verdict::Skipped(why)) => _ = writeln!(told, "skipped: {why}"),
        Some(Verdict::HarnessError(why)) => _ = writeln!(told, "harness error: {why}"),
    }
    for hint in runner.hints() {
        _ = writeln!(told, "hint: {hint}");
    }
    told
}

pub(crate) fn play(name: &str, script: &str, expected: &Expect) {
    let all = built_in().unwrap();
    let scenario = all.iter().find(|it| it.name == name).unwrap();
    expected.assert_eq(&play_with(
        scenario,
        BINDINGS,
        Some(Severity::Error),
        script,
    ));
}

pub(crate) fn play_steps(steps: &str, script: &str, expected: &Expect) {
    let text = format!("{{\"scenario\": \"x\", \"title\": \"X\", \"steps\": [{steps}]}}");
    let scenario = Scenario::read("x.jsonc", &text).unwrap();
    expected.assert_eq(&play_with(
        &scenario,
        BINDINGS,
        Some(Severity::Error),
        script,
    ));
}

pub(crate) const HANDSHAKE: &str = "
    0 open
    10 host SYNC
    20 widget SYNC_ACK
    30 widget INITIALIZED {\"isLoggedIn\":false,\"isAvailable\":false}
";

pub(crate) fn after_handshake(script: &str) -> String {
    format!("{HANDSHAKE}{script}")
}

pub(crate) fn play_by_hand(steps: &str, script: &str, expected: &Expect) {
    let text = format!("{{\"scenario\": \"x\", \"title\": \"X\", \"steps\": [{steps}]}}");
    let scenario = Scenario::read("x.jsonc", &text).unwrap();
    let options = Options {
        deny: Some(Severity::Error),
        by_hand: true,
        ..Options::default()
    };
    expected.assert_eq(&play_as(&scenario, "{}", options, script));
}
