//! Runs `callscope conform` in a real Chromium, on the demo's widget with the real SDK.
//!
//! These tests need Chromium and what npm installs:
//! `cargo test -p callscope-cli --test conform -- --ignored`.

#![expect(clippy::unwrap_used, reason = "all of it is test code")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use callscope_demo::{Demo, DemoOptions, PlainSite, Response, serve};
use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn demo() -> Demo {
    serve(DemoOptions {
        port: None,
        node_modules: root().join("node_modules"),
        own_sdk: None,
    })
    .unwrap()
}

fn conform(widget: &str, arguments: &[&str]) -> Output {
    command(widget, arguments).output().unwrap()
}

fn command(widget: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callscope"));
    command
        .args(["conform", "--accept-insecure-certs", "--widget", widget])
        .arg("--config")
        .arg(root().join("demo/callscope.json"))
        .args(arguments);
    command
}

/// For each scenario: its name, its verdict, and the line of the step that failed.
fn results(output: &Output) -> Vec<(String, String, String)> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let whole: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}{told}"));
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let results = whole["results"].as_array().unwrap().iter();
    results
        .map(|it| {
            let step = match &it["step"] {
                Value::Null => word(&it["why"]),
                step => format!("{} · {}", word(&step["text"]), word(&it["actual"])),
            };
            (word(&it["scenario"]), word(&it["verdict"]), step)
        })
        .collect()
}

#[test]
#[ignore = "needs Chromium"]
fn the_demo_passes_everything() {
    let demo = demo();
    for (version, skipped) in [("0.9.7", 0), ("0.0.6", 5)] {
        let widget = format!("{}?widget={version}", demo.widget_url());
        let output = conform(&widget, &["--format", "json"]);
        let results = results(&output);
        let other = |verdict| results.iter().filter(move |it| it.1 == verdict);
        assert_eq!(results.len(), 21);
        assert_eq!(
            other("pass").count(),
            21 - skipped,
            "{version} {results:#?}"
        );
        assert_eq!(other("skipped").count(), skipped, "{version} {results:#?}");
        assert_eq!(output.status.code(), Some(0));
    }
}

/// The step at which each broken twin fails, as part of its text.
const TWINS: [(&str, &str); 21] = [
    ("handshake", r#""never": "INITIALIZED""#),
    ("handshake-slow", r#""widget": "INITIALIZED""#),
    ("login-late", r#""widget": "LOGGED_IN""#),
    ("outbound-answered", r#""callEndStatus": "COMPLETED""#),
    ("outbound-no-answer", r#""never": "CALL_ANSWERED""#),
    ("outbound-busy", r#""callEndStatus": "BUSY""#),
    ("outbound-ended-by-host", r#""widget": "CALL_ENDED""#),
    ("inbound-answered", r#""widget": "CALL_ANSWERED""#),
    ("inbound-missed", r#""widget": "CALL_ENDED""#),
    ("inbound-while-busy", r#""never": "CALL_ENDED""#),
    ("caller-id-several", r#""never": "NAVIGATE_TO_RECORD""#),
    ("transfer", r#""widget": "CALL_TRANSFERRED""#),
    ("logout-during-call", r#""widget": "CALL_ENDED""#),
    ("reload-during-call", r#""widget": "INITIALIZED""#),
    (
        "navigate-during-ringing",
        r#""engagementId": "$engagement""#,
    ),
    ("minimise-during-call", r#""never": "CALL_ENDED""#),
    ("engagement-fails", r#""widget": "CALL_ANSWERED""#),
    ("engagement-late", r#""widget": "CALL_COMPLETED""#),
    (
        "dial-while-logged-out",
        r#""never": "OUTGOING_CALL_STARTED""#,
    ),
    ("fast-redial", r#"{"$not": "$call"}"#),
    ("call-from-ticket", r#""widget": "OUTGOING_CALL_STARTED""#),
];

#[test]
#[ignore = "needs Chromium"]
fn each_broken_twin_fails_its_scenario_and_passes_others() {
    let demo = demo();
    let next = AtomicUsize::new(0);
    let take = || TWINS.get(next.fetch_add(1, Ordering::Relaxed));
    // Each in its own browser.
    let wrong: Vec<String> = thread::scope(|scope| {
        let play = || take_all(take, |(twin, step)| what_is_wrong(&demo, twin, step));
        let threads: Vec<_> = (0..TWINS_AT_A_TIME).map(|_| scope.spawn(play)).collect();
        let wrong = threads.into_iter().map(|it| it.join().unwrap());
        wrong.flatten().collect()
    });
    assert_eq!(wrong, [""; 0]);
}

/// How many twins are played at a time, and how many scenarios of each.
const TWINS_AT_A_TIME: usize = 2;
const JOBS: &str = "5";

fn take_all<T>(take: impl Fn() -> Option<T>, play: impl Fn(T) -> Vec<String>) -> Vec<String> {
    std::iter::from_fn(take).flat_map(play).collect()
}

/// Of the scenarios that a twin has to pass, one in so many is played: all 441 pairs take five
/// minutes of two cores, and in most the twin does what the demo does.
const ONE_IN: usize = 3;

/// The scenarios to play against a twin: its own, and others, so that each is played against
/// several twins.
fn scenarios(twin: &str) -> Vec<&'static str> {
    let names = || TWINS.iter().map(|(name, _)| *name);
    let place = names().position(|name| name == twin).unwrap();
    names()
        .enumerate()
        .filter(|(other, _)| (other + place).is_multiple_of(ONE_IN) || *other == place)
        .map(|(_, name)| name)
        .collect()
}

/// Plays scenarios against a twin, and returns what does not come out as expected.
fn what_is_wrong(demo: &Demo, twin: &str, step: &str) -> Vec<String> {
    let widget = format!("{}?twin={twin}", demo.widget_url());
    let scenarios = scenarios(twin);
    let mut arguments = vec!["--format", "json", "--jobs", JOBS];
    arguments.extend(scenarios.iter().flat_map(|name| ["--scenario", name]));
    let output = conform(&widget, &arguments);
    let results = results(&output);
    let mut wrong = Vec::new();
    for (scenario, verdict, failing) in &results {
        let should_fail = scenario == twin;
        let expected = if should_fail { "fail" } else { "pass" };
        if verdict != expected || (should_fail && !failing.contains(step)) {
            wrong.push(format!("{twin} in {scenario}: {verdict}, {failing}"));
        }
    }
    if results.len() != scenarios.len() || output.status.code() != Some(1) {
        let code = output.status.code();
        wrong.push(format!("{twin}: {} results, exit {code:?}", results.len()));
    }
    wrong
}

/// A widget without an SDK that shows dialogs while it starts.
const ASKS: &str = "<script>
    let isReady = false;
    addEventListener('message', ({ data, origin }) => {
        if (data.type !== 'SYNC' || isReady) return;
        isReady = true;
        const ack = { type: 'SYNC_ACK', version: '0.9.7', iFrameUrl: location.origin };
        parent.postMessage({ ...data, ...ack }, origin);
        alert('Welcome');
        const isLoggedIn = confirm('Log in?') || prompt('Why not?') !== null;
        const message = { type: 'INITIALIZED', messageId: '1_1', data: { isLoggedIn } };
        parent.postMessage(message, origin);
    });
</script>";

/// Pages that are not a widget, each in another way, and a widget; `/hangs` never answers.
fn bad_pages() -> PlainSite {
    PlainSite::serve(|request| {
        let (status, body) = match request.path.as_str() {
            "/plain" => ("200 OK", "<h1>No widget</h1>"),
            "/loops" => ("200 OK", "<script>for (;;) {}</script>"),
            "/asks" | "/only-hubspot" => ("200 OK", ASKS),
            "/waits" => ("200 OK", "<h1>Never done</h1><img src='/hangs'>"),
            "/hangs" => {
                std::thread::sleep(std::time::Duration::from_secs(30));
                ("200 OK", "")
            }
            _ => ("404 Not Found", ""),
        };
        Response {
            status,
            content_type: "text/html; charset=utf-8",
            policy: (request.path == "/only-hubspot")
                .then_some("frame-ancestors https://app.hubspot.com"),
            body: body.into(),
        }
    })
    .unwrap()
}

#[test]
#[ignore = "needs Chromium"]
fn a_page_that_is_no_widget_is_told_so() {
    let site = bad_pages();
    for (path, code, sentence) in [
        ("plain", 1, "it is not a widget"),
        ("loops", 1, "has not finished loading"),
        ("waits", 1, "has not finished loading"),
        ("gone", 2, "cannot be loaded"),
    ] {
        let url = format!("http://127.0.0.1:{}/{path}", site.port());
        let folder = tempfile::tempdir().unwrap();
        let output = command(&url, &["--scenario", "handshake"])
            .env("TMPDIR", folder.path())
            .output()
            .unwrap();
        let said = told(&output);
        assert_eq!(output.status.code(), Some(code), "{path}: {said}");
        assert!(said.contains(sentence), "{path}: {said}");
        assert_eq!(left_behind(folder.path()), [""; 0], "{path}");
    }
}

/// The files in a folder, and the processes that were told of it.
fn left_behind(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let files = entries.map(|it| it.unwrap().path().display().to_string());
    let name = folder.to_str().unwrap();
    // Where there is no such folder, only files are looked for.
    let processes = std::fs::read_dir("/proc").into_iter().flatten();
    let processes = processes.filter_map(|it| std::fs::read(it.ok()?.path().join("cmdline")).ok());
    let processes = processes.map(|it| String::from_utf8_lossy(&it).replace('\0', " "));
    files
        .chain(processes.filter(|it| it.contains(name)))
        .collect()
}

/// Everything that was printed, on one line.
fn told(output: &Output) -> String {
    let mut said = String::from_utf8(output.stdout.clone()).unwrap();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
#[ignore = "needs Chromium"]
fn a_dialog_is_dismissed_and_told() {
    let site = bad_pages();
    let url = format!("http://127.0.0.1:{}/asks", site.port());
    let output = conform(&url, &["--scenario", "handshake"]);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for sentence in [
        r#"the widget showed alert("Welcome"), which was closed"#,
        r#"the widget showed confirm("Log in?"), which was dismissed: it returned false"#,
        r#"the widget showed prompt("Why not?"), which was dismissed: it returned null"#,
    ] {
        assert!(said.contains(sentence), "{said}");
    }
}

#[test]
#[ignore = "needs Chromium"]
fn hubspots_own_name_is_for_widgets_that_only_it_may_frame() {
    let site = bad_pages();
    let url = format!("http://127.0.0.1:{}/only-hubspot", site.port());
    let output = conform(&url, &["--scenario", "handshake"]);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("play with --as app.hubspot.com"), "{said}");
    let output = conform(
        &url,
        &["--scenario", "handshake", "--as", "app.hubspot.com"],
    );
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

/// The part of a document that is in this language and has these words.
fn block<'a>(document: &'a str, language: &str, words: &str) -> &'a str {
    let opening = format!("```{language}\n");
    let blocks = document.split(opening.as_str()).skip(1);
    let mut blocks = blocks.filter_map(|it| Some(it.split_once("```")?.0));
    blocks.find(|it| it.contains(words)).unwrap()
}

#[test]
#[ignore = "needs Chromium, and the package of `cargo xtask npm`"]
fn the_first_widget_of_the_guide_passes_what_it_has_buttons_for() {
    let guide = include_str!("../../../docs/sdk.md");
    let page = block(guide, "html", "<title>My softphone</title>");
    let sdk = std::fs::read(root().join("dist/npm/package/dist/main.js")).unwrap();
    let site = PlainSite::serve(move |request| match request.path.as_str() {
        "/" => Response::file("text/html; charset=utf-8", page.into()),
        "/node_modules/callscope-sdk/dist/main.js" => {
            Response::file("text/javascript; charset=utf-8", sdk.clone())
        }
        _ => Response::file("text/plain", Vec::new()),
    })
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let bindings = folder.path().join("callscope.json");
    std::fs::write(&bindings, block(guide, "json", "\"roles\"")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["conform", "--format", "json", "--widget"])
        .arg(format!("http://localhost:{}/", site.port()))
        .arg("--config")
        .arg(&bindings)
        .output()
        .unwrap();
    let results = results(&output);
    let count = |verdict| results.iter().filter(|it| it.1 == verdict).count();
    assert_eq!((count("pass"), count("skipped")), (12, 9), "{results:#?}");
}

#[test]
#[ignore = "needs Chromium"]
fn a_recorded_session_is_played_again() {
    let demo = demo();
    let folder = tempfile::tempdir().unwrap();
    let runs = folder.path().join("runs");
    let arguments = ["--scenario", "reload-during-call", "--out"];
    let output = conform(
        &demo.widget_url(),
        &[&arguments[..], &[runs.to_str().unwrap()]].concat(),
    );
    assert_eq!(output.status.code(), Some(0));
    assert!(runs.join("reload-during-call.html").exists());
    let again = folder.path().join("again.jsonc");
    let made = Command::new(env!("CARGO_BIN_EXE_callscope"))
        .args(["scenario", "from", "--strict", "-o"])
        .arg(&again)
        .arg(runs.join("reload-during-call.callscope.jsonl"))
        .output()
        .unwrap();
    assert_eq!(made.status.code(), Some(0));
    let again = again.to_str().unwrap();
    let output = conform(
        &demo.widget_url(),
        &["--scenario", again, "--format", "json"],
    );
    assert_eq!(results(&output)[0].1, "pass", "{:?}", results(&output));
    // The scenario made from the recording finds the fault of a broken widget, too.
    let broken = format!("{}?twin=reload-during-call", demo.widget_url());
    let output = conform(&broken, &["--scenario", again, "--format", "json"]);
    let failed = &results(&output)[0];
    assert_eq!(failed.1, "fail", "{failed:?}");
    assert!(
        failed.2.contains(r#""widget": "INITIALIZED""#),
        "{failed:?}"
    );
}

#[test]
#[ignore = "needs Chromium"]
fn known_failures_are_held_against_what_happens() {
    let demo = demo();
    let folder = tempfile::tempdir().unwrap();
    let known = folder.path().join("known.txt");
    let names = "outbound-busy # they know no busy line\nhandshake\ntransfer\n";
    std::fs::write(&known, names).unwrap();
    let play = |page, scenario| {
        let widget = format!("{}?{page}", demo.widget_url());
        let known = known.to_str().unwrap();
        let arguments = ["--scenario", scenario, "--expected-failures", known];
        let output = conform(&widget, &arguments);
        (output.status.code(), told(&output))
    };
    let (code, said) = play("twin=outbound-busy", "outbound-busy");
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = play("twin=outbound-busy", "handshake");
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("known.txt:2: handshake no longer fails"),
        "{said}"
    );
    // This SDK has no call transfers yet.
    let (code, said) = play("widget=0.0.6", "transfer");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("known.txt:3: transfer was skipped"), "{said}");
}
