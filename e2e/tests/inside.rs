//! Looking inside the widget's page: when off, nothing of it is there; when on, it reports and
//! changes nothing.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{Poll, Target, wait_for};
use callscope_e2e::{LIMIT, Stage, demo, make_calls};
use serde_json::{Value, json};

const ON: &str = "See inside the widget's page";
const OFF: &str = "Stop seeing inside";

/// What a page can find out about the functions that are wrapped while it is on.
const TRACES: &str = r"({
    text: [console.warn, console.error, BroadcastChannel, BroadcastChannel.prototype.postMessage,
        Object.getOwnPropertyDescriptor(window, 'parent').get, parent.postMessage]
        .map(it => Function.prototype.toString.call(it)),
    names: [console.warn, console.error, BroadcastChannel, parent.postMessage]
        .map(it => [it.name, it.length]),
    top: parent === top,
    globals: Object.getOwnPropertyNames(window).filter(name => /callscope|inside/i.test(name)),
    attributes: ['parent', 'BroadcastChannel', 'console'].map(name => {
        const { enumerable, configurable } = Object.getOwnPropertyDescriptor(window, name);
        return [enumerable, configurable];
    }),
    sources: demoLog.filter(it => it.dir === 'received').every(it => it.from !== 'other'),
    errors: typeof Error.prepareStackTrace + Error.stackTraceLimit,
    subclass: (() => {
        class Mine extends BroadcastChannel {}
        const mine = new Mine('mine');
        mine.close();
        return mine instanceof Mine && mine instanceof BroadcastChannel && mine.name === 'mine'
            && mine.constructor === Mine && BroadcastChannel.prototype.constructor === BroadcastChannel;
    })(),
})";

/// The page does everything that is reported, and says which reports it expects.
const MISCHIEF: &str = r"(async () => {
    const told = [];
    const expect = (what, about) => told.push({ what, ...about });
    const failed = new Promise(done => addEventListener('error', done, { once: true }));
    setTimeout(function onMicrophone() { throw new TypeError('no microphone'); });
    expect('error', { text: 'Uncaught TypeError: no microphone' });
    await failed;
    const rejected = new Promise(done => addEventListener('unhandledrejection', done, { once: true }));
    void Promise.reject(new RangeError('too far'));
    expect('rejection', { text: 'RangeError: too far' });
    await rejected;
    parent.postMessage({ type: 'LOGGED_OUT', messageId: 'mine' }, 'https://elsewhere.example');
    expect('undelivered', {
        type: 'LOGGED_OUT', messageId: 'mine', target: 'https://elsewhere.example',
        recipient: location.ancestorOrigins[0],
    });
    const thrown = (() => {
        try { parent.postMessage({ type: 'ERROR', tell() {} }, '*'); } catch (error) { return error; }
    })();
    expect('undelivered', { type: 'ERROR', target: '*', text: `${thrown.name}: ${thrown.message}` });
    const [here, there] = [new BroadcastChannel('calls'), new BroadcastChannel('calls')];
    const heard = new Promise(done => { there.onmessage = ({ data }) => done(data); });
    here.postMessage({ ring: [1, 2] });
    expect('channel posted', { channel: 'calls', message: JSON.stringify({ ring: [1, 2] }) });
    expect('channel received', { channel: 'calls', message: JSON.stringify(await heard) });
    here.close();
    there.close();
    const { CallingExtensions } = await loadSdk('0.9.7');
    const late = new CallingExtensions({ eventHandlers: {} });
    late.userLoggedIn();
    expect('dropped', { type: 'LOGGED_IN', message: JSON.stringify({ type: 'LOGGED_IN' }) });
    late.onMessageHandler({ type: 'END_CALL', messageId: 'x', data: {} });
    expect('unhandled', { type: 'END_CALL' });
    late.iFrameManager.remove();
    const missing = document.createElement('script');
    missing.src = '/no-such-script.js';
    const gone = new Promise(done => { missing.onerror = done; });
    document.head.append(missing);
    await gone;
    expect('error', { text: `The script ${missing.src} did not load` });
    return told;
})()";

fn traces(widget: &Target) -> Value {
    widget.evaluate(TRACES).unwrap()
}

/// The lines with the page's reports, without call sites, once there are this many.
fn told(stage: &Stage, count: usize) -> Vec<Value> {
    wait_for("what the page told", LIMIT, || {
        let mut lines = stage.panel.lines("inside")?;
        lines.retain(|line| line["what"] != "sent");
        Ok(if lines.len() >= count {
            Poll::Done(lines)
        } else {
            Poll::NotYet(format!("{lines:#?}"))
        })
    })
    .unwrap()
}

fn reload(stage: &mut Stage, parameters: &str) {
    stage
        .pages
        .host
        .navigate(&stage.demo.host_url_with(parameters))
        .unwrap();
    stage.meet().unwrap();
}

/// The wrapped page cannot be distinguished from the original, except by what is known to differ.
fn check_traces(mut wrapped: Value, untouched: &Value) {
    assert_eq!(wrapped["top"], false);
    for text in wrapped["text"].as_array().unwrap() {
        assert!(text.as_str().unwrap().ends_with("() { [native code] }"));
    }
    for key in ["top", "text"] {
        wrapped[key] = untouched[key].clone();
    }
    assert_eq!(&wrapped, untouched);
}

/// A widget's mistakes are reported in order, with their findings.
fn check_mischief(stage: &Stage, origin: &str) {
    let expected: Vec<Value> = stage.pages.widget.evaluate(MISCHIEF).unwrap();
    let told = told(stage, expected.len());
    let told: Vec<Value> = told
        .into_iter()
        .map(|mut line| {
            assert_eq!(line["side"], "widget");
            assert_eq!(line["origin"], json!(origin));
            assert!(line["conversation"].is_u64());
            for key in [
                "kind",
                "at",
                "conversation",
                "side",
                "origin",
                "place",
                "stack",
            ] {
                line.as_object_mut().unwrap().remove(key);
            }
            line
        })
        .collect();
    assert_eq!(told, expected);
    let shown = stage.panel.shown().unwrap();
    for (code, words) in [
        ("W01", "LOGGED_IN was dropped: the SDK was not ready"),
        (
            "W02",
            "The widget has no handler for END_CALL: it needs onEndCall",
        ),
        (
            "W03",
            "LOGGED_OUT was not delivered: it was posted to https://elsewhere.example",
        ),
        (
            "W03",
            "ERROR was not delivered: postMessage failed: DataCloneError",
        ),
        (
            "W04",
            "The widget's script failed: TypeError: no microphone",
        ),
        (
            "W04",
            "A promise of the widget was rejected and nothing handles it: RangeError",
        ),
    ] {
        let mut findings = shown.findings.iter();
        assert!(
            findings.any(|it| it.code == code && it.message.starts_with(words)),
            "{code} {words}: {:#?}",
            shown.findings
        );
    }
    let inside = shown.rows.iter().filter(|row| row.kind == "inside");
    assert_eq!(inside.count(), expected.len());
}

#[test]
fn off_nothing_is_there_and_on_it_tells_what_no_other_frame_can_see() {
    let mut stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let origin = stage.demo.widget_url().trim_end_matches('/').to_owned();
    let untouched = traces(&stage.pages.widget);
    assert_eq!(untouched["top"], true);
    assert_eq!(untouched["globals"], json!([]));
    assert!(untouched["text"][0].as_str().unwrap().contains("warn"));
    stage.panel.wait_for_same(&stage.pages).unwrap();
    assert_eq!(stage.panel.lines("inside").unwrap(), [] as [Value; 0]);

    // A page that is open stays as it was.
    stage.panel.click(ON).unwrap();
    stage
        .panel
        .wait_until("the panel to say that it is on", |shown| {
            shown.sees_inside == [origin.clone()]
        })
        .unwrap();
    stage
        .panel
        .wait_for_words("Callscope's script runs in the page's own world")
        .unwrap();
    assert_eq!(traces(&stage.pages.widget), untouched);

    // From its next load on, a working widget continues to work, and each of its messages has a
    // call site.
    reload(&mut stage, "autodial=off");
    stage.pages.wait_for_handshake().unwrap();
    make_calls(&stage.pages).unwrap();
    let recorded = stage.panel.wait_for_same(&stage.pages).unwrap();
    let from_widget: Vec<&str> = recorded
        .iter()
        .filter(|it| it.from == "widget")
        .map(|it| it.message["messageId"].as_str().unwrap())
        .collect();
    let lines = wait_for("a call site for each message", LIMIT, || {
        let lines = stage.panel.lines("inside")?;
        Ok(if lines.len() == from_widget.len() {
            Poll::Done(lines)
        } else {
            Poll::NotYet(format!("{lines:#?}"))
        })
    })
    .unwrap();
    let sent: Vec<&str> = lines
        .iter()
        .inspect(|line| {
            assert_eq!(
                (&line["what"], &line["origin"]),
                (&json!("sent"), &json!(origin))
            );
        })
        .map(|line| line["messageId"].as_str().unwrap())
        .collect();
    assert_eq!(sent, from_widget);
    let started = stage.panel.wait_for_row("OUTGOING_CALL_STARTED").unwrap();
    let select = json!({ "do": "select", "id": started.id });
    stage.panel.perform(&select).unwrap();
    stage.panel.wait_for_words("phone.js:").unwrap();
    stage.panel.wait_for_words("Phone.dial").unwrap();

    // Neither in HubSpot's page, nor in one on another port of the widget's host.
    let neighbor = demo().unwrap();
    let neighbor_page = stage.browser.open("about:blank").unwrap();
    // This Chromium knows the other server's certificate only.
    let ignore = json!({ "ignore": true });
    let trusts = neighbor_page.call("Security.setIgnoreCertificateErrors", &ignore);
    trusts.unwrap();
    neighbor_page.navigate(&neighbor.widget_url()).unwrap();
    for page in [&stage.pages.host, &neighbor_page] {
        let warn: String = page.evaluate("String(console.warn)").unwrap();
        assert!(warn.contains("warn"), "{warn}");
    }

    check_traces(traces(&stage.pages.widget), &untouched);
    check_mischief(&stage, &origin);

    // Also for a widget that never sends anything.
    reload(&mut stage, "silent");
    stage
        .pages
        .widget
        .evaluate::<()>("void setTimeout(function boot() { neverDefined(); })")
        .unwrap();
    stage
        .panel
        .wait_until("the silent widget's error", |shown| {
            let mut findings = shown.findings.iter();
            findings.any(|it| {
                it.message
                    .contains("ReferenceError: neverDefined is not defined")
            })
        })
        .unwrap();

    stage.panel.click(OFF).unwrap();
    stage
        .panel
        .wait_until("the panel to say that it is off", |shown| {
            shown.sees_inside.is_empty()
        })
        .unwrap();
    reload(&mut stage, "autodial=off");
    stage.pages.wait_for_handshake().unwrap();
    assert_eq!(traces(&stage.pages.widget), untouched);
    stage.panel.wait_for_same(&stage.pages).unwrap();
    assert_eq!(stage.panel.lines("inside").unwrap(), [] as [Value; 0]);
}
