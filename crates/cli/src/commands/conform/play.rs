//! Plays one scenario in the browser.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use callscope_browser::{Browser, BrowserError, Dialog};
use callscope_protocol::Millis;
use callscope_scenario::{
    Bindings, Command, Deny, Event, Options, Plan, Profile, Role, Runner, SessionLine, Verdict,
    around,
};
use callscope_session_log::{Header, Session, write_log};
use callscope_session_view::header::{self, Place};
use callscope_session_view::words::seconds;

use super::hubspot::Hubspot;
use super::page_errors::page_errors;
use super::pipe::Pipe;
use super::user::{Attempt, User};
use crate::words::now;

/// The longest time between two checks of everything. What has a time of its own is checked at that
/// time, and what the page receives at once, so this only matters for Ctrl-C and the like.
const PAUSE: Millis = Millis(250.0);

/// How long a widget's page may take to load.
const LOADING: Millis = Millis(20_000.0);

/// How soon a user's action is tried again.
const RETRY: Millis = Millis(20.0);

/// The settings that all scenarios share.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The widget's URL.
    pub(super) widget: String,
    /// The origin of the page that frames it.
    pub(super) host_origin: String,
    /// Whether that has a name of HubSpot's.
    pub(super) has_hubspots_name: bool,
    pub(super) bindings: Bindings,
    pub(super) profile: Option<Profile>,
    pub(super) deny: Deny,
}

/// What a page that may not be framed does to its user.
const NOT_FRAMED: &str = "it refuses to be shown in a frame of another page, by X-Frame-Options or \
                          by frame-ancestors in its Content-Security-Policy: allow HubSpot's \
                          origins there, and play with --as app.hubspot.com, or for this test \
                          allow http://*.localhost:*";

/// What a widget may do that looks who posts to it.
const OTHER_ORIGIN: &str = "A widget that takes messages only from HubSpot's own pages is played \
                            with --as app.hubspot.com.";

/// Whether the browser shows an error instead of the widget. This asks the frame, which must have
/// loaded: a page that loops does not answer.
fn refuses_frame(pipe: &Pipe<'_>) -> bool {
    let frames = pipe.frames(|_| true).unwrap_or_default().into_iter();
    let addresses = frames.filter_map(|it| {
        let frame = pipe.attach(it).ok()?;
        frame.evaluate::<String>("location.href").ok()
    });
    let mut errors = addresses.filter(|it| it.starts_with("chrome-error:"));
    errors.next().is_some()
}

/// The result of a scenario.
#[derive(Debug)]
pub(super) struct Played {
    pub(super) plan: Plan,
    pub(super) verdict: Verdict,
    /// From the loading of the widget to the verdict; 0 if the widget was not loaded.
    pub(super) took: Millis,
    /// The session's lines around the failure.
    pub(super) lines: Vec<SessionLine>,
    pub(super) session: Session,
    /// "SDK 0.9.7 (reports 0.9.7-beta.0)", if the handshake got that far.
    pub(super) sdk: Option<String>,
    pub(super) profile: Profile,
    /// The roles that are not bound, if it was skipped because of them.
    pub(super) missing: BTreeSet<Role>,
    /// Of one that failed: what else the checker has found, and how to mend what did not come.
    pub(super) hints: Vec<String>,
    /// Of one that failed: what scripts of the widget's page have thrown.
    pub(super) page_errors: Vec<String>,
    /// The dialogs that the pages have shown, which were answered automatically.
    pub(super) dialogs: Vec<Dialog>,
}

impl Played {
    fn new(runner: &Runner, began: Millis) -> Self {
        let verdict = runner.verdict().cloned();
        let verdict = verdict.unwrap_or_else(|| {
            Verdict::HarnessError("the scenario was stopped before its end".to_owned())
        });
        let lines = match &verdict {
            Verdict::Fail(failure) => around(runner.session(), failure),
            _ => Vec::new(),
        };
        let conversation = runner.session().conversations().last();
        let sdk = conversation
            .filter(|it| it.sdk.is_some())
            .map(callscope_protocol::Conversation::sdk_words);
        Self {
            verdict,
            took: if runner.session().facts().is_empty() {
                Millis(0.0)
            } else {
                now() - began
            },
            lines,
            sdk,
            profile: runner.profile(),
            missing: runner.missing_roles(),
            hints: runner.hints(),
            page_errors: Vec::new(),
            dialogs: Vec::new(),
            session: runner.session().clone(),
            plan: runner.plan().clone(),
        }
    }

    /// The result of a scenario that is pointless with this page.
    pub(super) fn not_played(plan: Plan, why: &str) -> Self {
        Self {
            plan,
            verdict: Verdict::Skipped(why.to_owned()),
            took: Millis(0.0),
            lines: Vec::new(),
            session: Session::new(),
            sdk: None,
            profile: Profile::Modern,
            missing: BTreeSet::new(),
            hints: Vec::new(),
            page_errors: Vec::new(),
            dialogs: Vec::new(),
        }
    }

    /// Whether the page has shown that it is not a widget: it never answered `SYNC`.
    pub(super) fn is_no_widget(&self) -> bool {
        matches!(self.verdict, Verdict::Fail(_)) && self.sdk.is_none()
    }

    /// The session as a log.
    pub(super) fn log(&self, browser: Option<String>, page: &str) -> String {
        let place = Place {
            browser,
            page: Some(page.to_owned()),
        };
        let header: Header = header::new(&self.session, place, Some(now()));
        let mut text = String::new();
        // Writing to a `String` never fails.
        _ = write_log(&mut text, &header, self.session.to_lines());
        text
    }
}

/// Plays a scenario to its end.
pub(super) fn play(plan: Plan, setting: &Setting, browser: &Browser, stop: &AtomicBool) -> Played {
    let began = now();
    let options = Options {
        profile: setting.profile,
        deny: setting.deny,
        by_hand: false,
    };
    let runner = Runner::new(plan, setting.bindings.clone(), options, began);
    if runner.verdict().is_some() {
        return Played::new(&runner, began);
    }
    let mut stage = Stage {
        setting,
        runner,
        hubspot: None,
        user: None,
        loads_since: None,
        has_loaded: false,
        is_done: false,
        is_refused: false,
        on_unmet: None,
        dialogs: Vec::new(),
        page_errors: Vec::new(),
    };
    if let Err(error) = stage.play(browser, stop) {
        stage.runner.handle(Event::Broken(format!("{error:#}")));
    }
    let mut played = Played::new(&stage.runner, began);
    played.dialogs = stage.dialogs;
    played.page_errors = stage.page_errors;
    if let Some(verdict) = stage.on_unmet {
        played.verdict = verdict;
    }
    let is_silent = played.is_no_widget() && stage.has_loaded;
    match &mut played.verdict {
        Verdict::Fail(failure) if stage.is_refused => {
            NOT_FRAMED.clone_into(&mut failure.actual);
        }
        _ if is_silent && !setting.has_hubspots_name => {
            played.hints.push(OTHER_ORIGIN.to_owned());
        }
        _ => {}
    }
    played
}

struct Stage<'a> {
    setting: &'a Setting,
    runner: Runner,
    hubspot: Option<Hubspot>,
    user: Option<User>,
    /// Since when the widget's page has been loading for the first time.
    loads_since: Option<Millis>,
    /// The widget's page, or what the browser shows instead, has loaded.
    has_loaded: bool,
    /// The last command is done; reported once its effects are under way.
    is_done: bool,
    /// The browser shows an error instead of the widget.
    is_refused: bool,
    /// The verdict if an answer was prepared that nothing asked for.
    on_unmet: Option<Verdict>,
    dialogs: Vec<Dialog>,
    page_errors: Vec<String>,
}

impl Stage<'_> {
    fn play(&mut self, browser: &Browser, stop: &AtomicBool) -> anyhow::Result<()> {
        let mut pipe = Pipe::open(browser, &self.setting.host_origin)?;
        let played = self.play_in(&mut pipe, stop);
        self.dialogs = pipe.page.dialogs();
        played
    }

    fn play_in(&mut self, pipe: &mut Pipe<'_>, stop: &AtomicBool) -> anyhow::Result<()> {
        while self.runner.verdict().is_none() {
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            self.turn(pipe)?;
        }
        let has_answered = self
            .runner
            .session()
            .conversations()
            .any(|it| it.sdk.is_some());
        let is_failure = matches!(self.runner.verdict(), Some(Verdict::Fail(_)));
        self.is_refused = is_failure && !has_answered && self.has_loaded && refuses_frame(pipe);
        if is_failure && self.has_loaded {
            self.page_errors = page_errors(pipe);
        }
        if let (Some(Verdict::Pass), Some(hubspot)) = (self.runner.verdict(), &self.hubspot) {
            self.on_unmet = self.runner.on_unmet(&hubspot.unmet());
        }
        Ok(())
    }

    /// Does everything that can be done now, then waits for what the page receives.
    fn turn(&mut self, pipe: &mut Pipe<'_>) -> anyhow::Result<()> {
        let time = now();
        while let Some(command) = self.runner.poll_command() {
            self.begin(command, time)?;
        }
        if let Some(hubspot) = &mut self.hubspot {
            hubspot.advance(time);
            hubspot.obey(pipe, time, &mut self.runner)?;
        }
        self.try_user(pipe, time);
        if std::mem::take(&mut self.is_done) {
            self.runner.handle(Event::Done);
            // The next command can be begun at once.
            if self.runner.verdict().is_some() {
                return Ok(());
            }
        }
        let heard = match pipe.next(self.pause(now())) {
            Ok(heard) => heard,
            Err(error @ BrowserError::Timeout { .. }) => {
                anyhow::bail!("the page around the widget does not answer: {error}")
            }
            Err(BrowserError::Script { .. }) if !pipe.is_there() => {
                self.runner.handle(Event::Replaced);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        let time = now();
        if let Some(hubspot) = &mut self.hubspot {
            for heard in heard {
                self.has_loaded |= heard.loaded;
                self.is_done |= heard.loaded && self.loads_since.take().is_some();
                hubspot.hear(heard, time, &mut self.runner);
                hubspot.obey(pipe, time, &mut self.runner)?;
            }
        }
        if self.loads_since.is_some_and(|it| time >= it + LOADING) {
            self.loads_since = None;
            self.runner.handle(Event::CannotLoad(format!(
                "its page has not finished loading after {}: a script of it loops, or something \
                 that it needs does not come",
                seconds(LOADING)
            )));
        }
        self.runner.advance(time);
        Ok(())
    }

    fn begin(&mut self, command: Command, time: Millis) -> anyhow::Result<()> {
        match command {
            Command::Open(answers) => {
                let Setting {
                    widget,
                    host_origin,
                    profile,
                    ..
                } = self.setting;
                // Without a profile, play today's HubSpot, in which widgets without call ids work
                // as well.
                let profile = profile.map(Profile::word);
                let hubspot = Hubspot::start(host_origin, widget, profile, &answers, time)?;
                self.hubspot = Some(hubspot);
                self.loads_since = Some(time);
            }
            Command::Host(host) => match self.hubspot()?.act(&host, time)? {
                Err(why) => self.runner.handle(Event::Refused(why)),
                Ok(()) => self.is_done = true,
            },
            Command::Answers(answers) => {
                self.hubspot()?.set(&answers, time)?;
                self.is_done = true;
            }
            Command::User { actions, .. } => self.user = Some(User::new(actions, time)),
        }
        Ok(())
    }

    fn hubspot(&mut self) -> anyhow::Result<&mut Hubspot> {
        self.hubspot
            .as_mut()
            .ok_or_else(|| anyhow::anyhow!("the widget is not open yet"))
    }

    fn try_user(&mut self, pipe: &Pipe<'_>, time: Millis) {
        let Some(user) = &mut self.user else {
            return;
        };
        let origin = callscope_protocol::origin_of(&self.setting.widget).unwrap_or_default();
        let event = match user.attempt(pipe, &origin, time) {
            Attempt::NotYet => return,
            Attempt::Done => {
                self.is_done = true;
                self.user = None;
                return;
            }
            Attempt::CannotUse(why) => Event::CannotUse(why),
            Attempt::Broken(why) => Event::Broken(why),
        };
        self.user = None;
        self.runner.handle(event);
    }

    /// How long nothing has to be done unless the page receives something.
    fn pause(&self, time: Millis) -> Duration {
        let longest = if self.user.is_some() { RETRY } else { PAUSE };
        let deadlines = [
            self.hubspot.as_ref().and_then(Hubspot::deadline),
            self.runner.next_deadline(),
        ];
        let next = deadlines.into_iter().flatten().map(|it| (it - time).0);
        let span = next.fold(longest.0, f64::min).max(0.0);
        Duration::try_from_secs_f64(span / 1e3).unwrap_or_default()
    }
}
