//! A page in memory: documents with real outboxes, a recorder, and panels that only listen.

use std::collections::BTreeMap;

use callscope_bus::{
    DocumentId, FromPanel, Goodbye, Hello, Observed, Outcome, Parked, Post, RecorderInfo,
    SettingText, Source, TapMessage, ToPanel, ToTap,
};

use crate::recorder::{Page, PageFrame, PanelId, Recorder};
use crate::tap::Outbox;

/// What the recorder has done to the page.
#[derive(Default)]
pub(super) struct FakePage {
    pub(super) sent: Vec<(PanelId, ToPanel)>,
    pub(super) posted: Vec<Post>,
    pub(super) forwarded: Vec<(String, ToTap)>,
    pub(super) settings: BTreeMap<String, String>,
    pub(super) frames: Vec<PageFrame>,
    pub(super) hidden: bool,
    pub(super) started: Vec<String>,
    pub(super) reloads: u32,
}

impl Page for FakePage {
    fn is_hidden(&self) -> bool {
        self.hidden
    }

    fn send(&mut self, panel: PanelId, message: &ToPanel) {
        self.sent.push((panel, message.clone()));
    }

    fn post(&mut self, post: &Post) -> Result<(), String> {
        self.posted.push(post.clone());
        Ok(())
    }

    fn forward(&mut self, _: PanelId, _: u32, document: &str, message: &ToTap) {
        self.forwarded.push((document.to_owned(), message.clone()));
    }

    fn start_frames(&mut self, origin: &str) {
        self.started.push(origin.to_owned());
    }

    fn canonical(&self, json: &str) -> Option<String> {
        let value: serde_json::Value = serde_json::from_str(json).ok()?;
        Some(value.to_string())
    }

    fn setting(&self, key: &str) -> Result<Option<String>, String> {
        Ok(self.settings.get(key).cloned())
    }

    fn set_setting(&mut self, setting: &SettingText) -> Result<(), String> {
        match setting.value.clone() {
            Some(value) => self.settings.insert(setting.key.clone(), value),
            None => self.settings.remove(&setting.key),
        };
        Ok(())
    }

    fn reload(&mut self) {
        self.reloads += 1;
    }

    fn frames(&self) -> Vec<PageFrame> {
        self.frames.clone()
    }
}

/// A document with a tap.
pub(super) struct Tap {
    pub(super) name: String,
    frame: i32,
    outbox: Outbox,
}

/// A page with a recorder in its top document, whose tap is the first.
pub(super) struct Stage {
    pub(super) now: f64,
    pub(super) recorder: Recorder,
    pub(super) page: FakePage,
    pub(super) taps: Vec<Tap>,
    /// What the worker has stored while the page was open; it answers immediately.
    pub(super) kept: Vec<Parked>,
}

pub(super) const HOST: usize = 0;
pub(super) const PANEL: PanelId = PanelId(1);

pub(super) fn child(slot: u32, index: u32) -> Source {
    Source::Child { slot, index }
}

impl Stage {
    pub(super) fn new() -> Self {
        let hello = hello("top", "https://host.test", &[], 0.0);
        let recorder = recorder(hello.clone());
        let top = Tap {
            name: "top".to_owned(),
            frame: 0,
            outbox: Outbox::new(hello),
        };
        Self {
            now: 0.0,
            recorder,
            page: FakePage::default(),
            taps: vec![top],
            kept: Vec::new(),
        }
    }

    /// Loads a document into a frame.
    pub(super) fn load(&mut self, name: &str, frame: i32, path: &[u32]) -> usize {
        self.load_as(name, frame, hello(name, &origin(name), path, self.now))
    }

    /// Puts a tap into an existing document.
    pub(super) fn inject_tap(&mut self, name: &str, frame: i32, path: &[u32]) -> usize {
        let hello = Hello {
            from_start: false,
            ..hello(name, &origin(name), path, self.now)
        };
        self.load_as(name, frame, hello)
    }

    /// Loads a frame's empty initial document.
    pub(super) fn load_blank(&mut self, name: &str, frame: i32, path: &[u32]) -> usize {
        let hello = Hello {
            blank: true,
            ..hello(name, "https://host.test", path, self.now)
        };
        self.load_as(name, frame, hello)
    }

    /// Loads a document with this origin into a frame.
    pub(super) fn load_from(
        &mut self,
        name: &str,
        origin: &str,
        frame: i32,
        path: &[u32],
    ) -> usize {
        self.load_as(name, frame, hello(name, origin, path, self.now))
    }

    /// A document that began to load at `at`, and whose tap says hello only now.
    pub(super) fn greet_late(&mut self, name: &str, frame: i32, path: &[u32], at: f64) -> usize {
        self.load_as(name, frame, hello(name, &origin(name), path, at))
    }

    fn load_as(&mut self, name: &str, frame: i32, hello: Hello) -> usize {
        self.taps.push(Tap {
            name: name.to_owned(),
            frame,
            outbox: Outbox::new(hello),
        });
        self.taps.len() - 1
    }

    /// A document receives a message now.
    pub(super) fn hear(&mut self, tap: usize, source: Source, message: &str) {
        let origin = match &source {
            Source::Parent => "https://host.test".to_owned(),
            _ => "https://widget.test".to_owned(),
        };
        self.hear_from(tap, source, &origin, message);
    }

    pub(super) fn hear_from(&mut self, tap: usize, source: Source, origin: &str, message: &str) {
        let observed = Observed {
            at: self.now,
            source,
            origin: origin.to_owned(),
            message: message.to_owned(),
            cloned: String::new(),
            truncated: None,
        };
        self.taps[tap].outbox.push(observed, self.now);
    }

    /// Unloads a document.
    pub(super) fn unload(&mut self, tap: usize) {
        let goodbye = self.goodbye(tap);
        let ack = self.deliver(tap, TapMessage::Goodbye(goodbye));
        assert!(ack.known);
    }

    /// What a tap would send if its document were unloaded.
    pub(super) fn goodbye(&self, tap: usize) -> Goodbye {
        self.taps[tap].outbox.goodbye(Some(self.now))
    }

    /// Unloads the page.
    pub(super) fn leave(&mut self) -> Option<Parked> {
        let goodbye = self.goodbye(HOST);
        self.deliver(HOST, TapMessage::Goodbye(goodbye));
        let address = "https://host.test/now".to_owned();
        self.recorder.leave(address, self.now, &mut self.page)
    }

    pub(super) fn deliver(&mut self, tap: usize, message: TapMessage) -> callscope_bus::Ack {
        let Tap { name, frame, .. } = &self.taps[tap];
        let chrome = (tap != HOST).then(|| format!("chrome-{name}"));
        self.recorder
            .on_tap_message(chrome, *frame, message, self.now)
    }

    /// Takes what a tap wants to send now, without sending it.
    pub(super) fn take(&mut self, tap: usize) -> Option<TapMessage> {
        self.taps[tap].outbox.next(self.now)
    }

    pub(super) fn answer(&mut self, tap: usize, ack: &callscope_bus::Ack) {
        self.taps[tap].outbox.on_ack(ack, self.now);
    }

    pub(super) fn fail(&mut self, tap: usize) {
        self.taps[tap].outbox.on_failure(self.now);
    }

    /// All taps send what is due, and the recorder does its work.
    pub(super) fn exchange(&mut self) {
        for tap in 0..self.taps.len() {
            while let Some(message) = self.take(tap) {
                let ack = self.deliver(tap, message);
                self.answer(tap, &ack);
            }
        }
        self.tick();
    }

    /// Lets the recorder do what is due.
    pub(super) fn tick(&mut self) {
        self.recorder.tick(self.now, &mut self.page);
        let address = || "https://host.test/now".to_owned();
        if let Some(kept) = self.recorder.keep_ahead(address, self.now) {
            self.kept.push(kept);
            self.recorder.on_kept();
        }
    }

    /// Lets time pass.
    pub(super) fn wait(&mut self, millis: f64) {
        let end = self.now + millis;
        while self.now < end {
            self.now = (self.now + 5.0).min(end);
            self.exchange();
        }
    }

    /// Limits how many messages may wait in each tap.
    pub(super) fn limit_rooms(&mut self, items: usize) {
        for tap in &mut self.taps {
            tap.outbox.limit_room(items);
        }
    }

    pub(super) fn connect(&mut self, panel: PanelId) {
        self.recorder.on_panel_connect(panel);
        self.ask(panel, FromPanel::Subscribe { since: None });
    }

    pub(super) fn ask(&mut self, panel: PanelId, message: FromPanel) {
        self.recorder
            .on_panel_message(panel, message, self.now, &mut self.page);
        self.recorder.tick(self.now, &mut self.page);
    }

    /// The lines that a panel has now, by ascending id, without details that vary.
    pub(super) fn lines(&self, panel: PanelId) -> Vec<String> {
        let mut records: BTreeMap<u64, String> = BTreeMap::new();
        for (_, message) in self.page.sent.iter().filter(|(to, _)| *to == panel) {
            match message {
                ToPanel::Attached { reset: true, .. } => records.clear(),
                ToPanel::Records { records: new } => {
                    for record in new {
                        assert!(records.insert(record.id, record.line.clone()).is_none());
                    }
                }
                ToPanel::Evicted { ids } => {
                    for id in ids {
                        assert!(records.remove(id).is_some(), "{id} was never there");
                    }
                }
                _ => {}
            }
        }
        records.into_values().map(|line| brief(&line)).collect()
    }

    /// When the conversations began that a panel has now.
    pub(super) fn starts(&self, panel: PanelId) -> Vec<f64> {
        let mut starts = Vec::new();
        for (_, message) in self.page.sent.iter().filter(|(to, _)| *to == panel) {
            match message {
                ToPanel::Attached { reset: true, .. } => starts.clear(),
                ToPanel::Records { records } => {
                    let lines = records
                        .iter()
                        .map(|it| serde_json::from_str(&it.line).unwrap());
                    let lines = lines.filter(|it: &serde_json::Value| it["kind"] == "conversation");
                    starts.extend(lines.map(|it| it["at"].as_f64().unwrap()));
                }
                _ => {}
            }
        }
        starts
    }

    pub(super) fn outcomes(&self) -> Vec<(u32, Outcome)> {
        let outcome = |(_, message): &(PanelId, ToPanel)| match message {
            ToPanel::Done { request, outcome } => Some((*request, outcome.clone())),
            _ => None,
        };
        self.page.sent.iter().filter_map(outcome).collect()
    }
}

/// The recorder of a page.
pub(super) fn recorder(hello: Hello) -> Recorder {
    let info = RecorderInfo {
        recorder: hello.document.clone(),
        page: "https://host.test/".to_owned(),
        user_agent: "test".to_owned(),
        was_discarded: false,
        from_start: hello.from_start,
    };
    Recorder::new(hello, info)
}

/// The origin of a document, which depends on the first letter of its name: `w1` and `w2` are both
/// of `https://widget.test`.
pub(super) fn origin(name: &str) -> String {
    match name.chars().next() {
        Some('w') => "https://widget.test".to_owned(),
        Some('x') => "https://other.test".to_owned(),
        _ => "https://host.test".to_owned(),
    }
}

pub(super) fn hello(name: &str, origin: &str, path: &[u32], at: f64) -> Hello {
    Hello {
        document: DocumentId(name.to_owned()),
        origin: origin.to_owned(),
        path: path.to_vec(),
        at,
        from_start: true,
        blank: false,
    }
}

/// A log line in short: `1 host SYNC`, `1 gap late start`.
pub(super) fn brief(line: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| match &value[key] {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    };
    let conversation = match text("conversation").as_str() {
        "" if text("kind") == "frame" => "1".to_owned(),
        "" => "-".to_owned(),
        number => number.to_owned(),
    };
    match text("kind").as_str() {
        "frame" => {
            let message = &value["message"];
            let what = message["type"]
                .as_str()
                .map_or_else(|| message.to_string(), str::to_owned);
            let injected = if value["injected"] == true {
                " injected"
            } else {
                ""
            };
            format!("{conversation} {} {what}{injected}", text("from"))
        }
        "gap" => {
            let lost = text("lost");
            format!("{conversation} gap {} {lost}", text("why"))
                .trim_end()
                .to_owned()
        }
        "conversation" => {
            let continues = match text("continues").as_str() {
                "" => String::new(),
                old => format!(" continues {old}"),
            };
            format!("{conversation} starts{continues}")
        }
        "inside" if text("what") == "redirected" => format!(
            "{conversation} inside redirected {} → {}",
            text("target"),
            text("recipient")
        ),
        "inside" => format!(
            "{conversation} {} tells {} {}",
            text("side"),
            text("what"),
            text("text")
        ),
        "closed" => format!("{conversation} closed by {}", text("side")),
        "setting" => format!("{conversation} setting {}", text("value"))
            .trim_end()
            .to_owned(),
        kind => kind.to_owned(),
    }
}

pub(super) fn message(kind: &str, id: &str) -> String {
    format!(r#"{{"type":"{kind}","messageId":"{id}"}}"#)
}

impl Stage {
    /// The handshake between the top document and a widget.
    pub(super) fn handshake(&mut self, widget: usize, source: &Source, id: &str) {
        self.hear(widget, Source::Parent, &message("SYNC", id));
        self.now += 1.0;
        self.hear(HOST, source.clone(), &message("SYNC_ACK", id));
        self.hear(
            HOST,
            source.clone(),
            &message("INITIALIZED", &format!("2{widget}_1")),
        );
        self.wait(300.0);
    }
}

/// A stage with a panel and a widget that has answered the handshake.
pub(super) fn connected() -> (Stage, usize) {
    let mut stage = Stage::new();
    stage.connect(PANEL);
    let widget = stage.load("w", 7, &[0]);
    stage.handshake(widget, &child(1, 0), "1_1");
    (stage, widget)
}

/// Checks that a request failed for a reason with these words.
#[track_caller]
pub(super) fn check_failed(stage: &Stage, request: u32, words: &str) {
    let outcomes = stage.outcomes();
    let Some((_, Outcome::Failed { reason })) = outcomes.iter().find(|(done, _)| *done == request)
    else {
        panic!("{outcomes:?}");
    };
    assert!(reason.contains(words), "{reason}");
}
