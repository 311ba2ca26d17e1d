//! What a page cannot do: find Callscope, read from it, command it. And what Callscope does not do
//! to a page: post anything, or change anything.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::fs;
use std::path::Path;

use callscope_browser::{Browser, Target};
use callscope_bus::{
    Batch, DocumentId, FromPanel, FromTap, Hello, Observed, Post, RelayRequest, SettingText,
    Source, TapMessage, ToTap, encode,
};
use callscope_demo::Demo;
use callscope_e2e::{
    Pages, Stage, demo, extension, launch_options, make_calls, open_panel, wait_for_entry,
};
use serde_json::{Value, json};

const KEY: &str = "LocalSettings:Calling:CallingExtensions";
const EVIL: &str = "+15550100666";

/// Every command that one part of Callscope sends another, as it would be written.
fn commands(widget_origin: &str) -> Vec<String> {
    let dial =
        format!(r#"{{"type":"DIAL_NUMBER","messageId":"1_1","data":{{"phoneNumber":"{EVIL}"}}}}"#);
    let document = || DocumentId("1".to_owned());
    let post = ToTap::Post(Post {
        to: Source::Child { slot: 1, index: 0 },
        target_origin: widget_origin.to_owned(),
        message: dial.clone(),
    });
    // Sent as the widget, to the host.
    let login = r#"{"type":"LOGGED_IN","messageId":"6_66","data":"commanded"}"#.to_owned();
    let post_up = ToTap::Post(Post {
        to: Source::Parent,
        target_origin: "*".to_owned(),
        message: login.clone(),
    });
    let batch = TapMessage::Batch(Batch {
        document: document(),
        first: 1,
        items: vec![Observed {
            at: 0.0,
            source: Source::Child { slot: 1, index: 0 },
            origin: widget_origin.to_owned(),
            message: dial.clone(),
            cloned: String::new(),
            truncated: None,
        }],
        lost: 1000,
        others: 1000,
        more: true,
    });
    let hello = TapMessage::Hello(Hello {
        document: document(),
        origin: widget_origin.to_owned(),
        path: vec![0],
        at: 0.0,
        from_start: true,
        blank: false,
    });
    let setting = SettingText {
        key: KEY.to_owned(),
        value: Some(r#"{"url":"https://evil.test/"}"#.to_owned()),
    };
    let inject = FromPanel::Inject {
        request: 1,
        conversation: 1,
        by_widget: false,
        message: dial,
    };
    let inject_up = FromPanel::Inject {
        request: 5,
        conversation: 1,
        by_widget: true,
        message: login,
    };
    vec![
        encode(&FromPanel::Subscribe { since: None }),
        encode(&FromPanel::SetRecording { on: false }),
        encode(&FromPanel::SetCleared {
            through: Some(f64::MAX),
        }),
        encode(&FromPanel::SetLimit { bytes: 1 }),
        encode(&inject),
        encode(&inject_up),
        encode(&FromPanel::ReadSettings {
            request: 2,
            keys: vec![KEY.to_owned()],
        }),
        encode(&FromPanel::WriteSetting {
            request: 3,
            setting,
        }),
        encode(&FromPanel::Reload { request: 4 }),
        encode(&post),
        encode(&post_up),
        encode(&hello),
        encode(&batch),
        encode(&FromTap {
            document: "D".to_owned(),
            frame_id: 1,
            text: encode(&batch),
        }),
        encode(&RelayRequest::ToRecorder {
            text: encode(&batch),
        }),
        encode(&RelayRequest::ToFrame {
            document: "D".to_owned(),
            text: encode(&post),
        }),
        encode(&RelayRequest::ToFrame {
            document: "D".to_owned(),
            text: encode(&post_up),
        }),
        encode(&RelayRequest::Park {
            recorder: DocumentId("forged".to_owned()),
            began: 0.0,
            is_ahead: false,
            text: "{}\n".to_owned(),
        }),
        encode(&RelayRequest::Start),
    ]
}

/// Sends messages to everyone that a page can reach.
const SHOUT: &str = r"
    globalThis.shout = async (id, commands, widget, files) => {
        const heard = [];
        const reply = where => what => heard.push([where, String(what?.data ?? what)]);
        const names = ['callscope', 'callscope-panel', id];
        const broadcasts = names.map(name => new BroadcastChannel(name));
        for (const broadcast of broadcasts) broadcast.onmessage = reply('broadcast');
        for (const text of commands) {
            for (const what of [text, { type: 'callscope', text }, { callscope: text }]) {
                window.postMessage(what, '*');
                for (let index = 0; index < frames.length; index += 1) {
                    frames[index].postMessage(what, '*');
                }
                if (parent !== window) parent.postMessage(what, '*');
            }
            const channel = new MessageChannel();
            channel.port1.onmessage = reply('channel');
            window.postMessage(text, '*', [channel.port2]);
            for (const name of names) {
                window.dispatchEvent(new CustomEvent(name, { detail: text }));
                document.dispatchEvent(new CustomEvent(name, { detail: text }));
            }
            for (const broadcast of broadcasts) broadcast.postMessage(text);
            if (globalThis.chrome?.runtime?.sendMessage) {
                await new Promise(done => {
                    chrome.runtime.sendMessage(id, text, answer => {
                        if (!chrome.runtime.lastError) heard.push(['runtime', String(answer)]);
                        done();
                    });
                });
                const port = chrome.runtime.connect(id, { name: 'callscope-panel' });
                port.onMessage.addListener(reply('port'));
                port.postMessage(text);
            }
        }
        // Events that no window has posted, with a plausible sender.
        const iframe = document.querySelector('iframe');
        for (const source of [iframe?.contentWindow ?? null, window, null]) {
            window.dispatchEvent(new MessageEvent('message', {
                data: { type: 'LOGGED_IN', messageId: '6_66', data: 'made up' },
                origin: widget, source,
            }));
        }
        window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }));
        window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
        for (const name of files) {
            const url = `chrome-extension://${id}/${name}`;
            await fetch(url).then(() => heard.push(['fetch', name]), () => {});
            await import(url).then(() => heard.push(['import', name]), () => {});
            await new Promise(done => {
                const image = new Image();
                image.onload = () => { heard.push(['image', name]); done(); };
                image.onerror = done;
                image.src = url;
            });
            for (const [tag, attribute] of [['script', 'src'], ['link', 'href']]) {
                const element = document.createElement(tag);
                element[attribute] = url;
                if (tag === 'link') element.rel = 'stylesheet';
                await new Promise(done => {
                    element.onload = () => { heard.push([tag, name]); done(); };
                    element.onerror = done;
                    document.head.append(element);
                });
                element.remove();
            }
        }
        for (const broadcast of broadcasts) broadcast.close();
        return heard;
    };
    void 0
";

/// The files of the extension, as a page would refer to them.
fn files(extension: &Path) -> Vec<String> {
    let mut folders = vec![extension.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(extension).unwrap();
                files.push(name.to_str().unwrap().replace('\\', "/"));
            }
        }
    }
    assert!(files.iter().any(|it| it == "manifest.json"), "{files:?}");
    files
}

/// Lets a page observe from now on what happens to it: elements added or changed where a script
/// would leave a trace, errors, the console, its storage functions, and what is loaded.
const WATCH: &str = r"
    globalThis.seen = [];
    new MutationObserver(changes => {
        for (const { type, target, addedNodes } of changes) {
            if (type === 'attributes') seen.push(`${target.nodeName} changes`);
            for (const { nodeName } of addedNodes) {
                if (/^(script|style|link|iframe|meta|template|html|head|body)$/i.test(nodeName)) {
                    seen.push(`${nodeName} comes`);
                }
            }
        }
    }).observe(document, { childList: true, subtree: true });
    const watchRoot = () => new MutationObserver(() => seen.push('the root changes'))
        .observe(document.documentElement, { attributes: true });
    if (document.documentElement) watchRoot();
    else addEventListener('DOMContentLoaded', watchRoot);
    for (const type of ['error', 'unhandledrejection', 'securitypolicyviolation', 'storage']) {
        addEventListener(type, event => seen.push(`${type} ${event.message ?? event.blockedURI}`));
    }
    for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace']) {
        const print = console[name];
        console[name] = (...what) => { seen.push(`console ${what.join(' ')}`); print(...what); };
    }
    for (const name of ['getItem', 'setItem', 'removeItem', 'key', 'clear']) {
        const call = Storage.prototype[name];
        Storage.prototype[name] = function (...what) {
            seen.push(`storage ${name} ${new Error().stack.includes('chrome-extension')}`);
            return call.apply(this, what);
        };
    }
    new PerformanceObserver(list => {
        for (const { name } of list.getEntries()) {
            if (!name.startsWith(location.origin)) seen.push(`loads ${name}`);
        }
    }).observe({ type: 'resource' });
    void 0
";

/// What a page can find of a script that runs alongside it.
const TRACES: &str = r"({
    globals: Object.getOwnPropertyNames(window).filter(it => !/^[0-9]+$/.test(it)).sort(),
    symbols: Object.getOwnPropertySymbols(window).map(String),
    document: Object.getOwnPropertyNames(document).sort(),
    elements: [...document.querySelectorAll('script,style,link,iframe,meta,template')]
        .map(it => it.outerHTML.replace(/:[0-9]{4,5}/g, '')),
    roots: [...document.documentElement.children].map(it => it.tagName),
    post: String(window.postMessage) + Object.hasOwn(window, 'postMessage'),
    listen: String(EventTarget.prototype.addEventListener),
    runtime: typeof globalThis.chrome?.runtime,
    storage: Object.keys(localStorage).concat(Object.keys(sessionStorage)),
    resources: performance.getEntriesByType('resource')
        .map(it => it.name.replace(/:[0-9]{4,5}/g, '')).sort(),
})";

/// What both pages received in a session, and what they can find.
fn look(browser: &Browser, demo: &Demo, with_panel: bool) -> Value {
    // The host from its first script on; the widget's frame has a process of its own, which begins
    // before it can be told to watch.
    let host = browser.open("about:blank").unwrap();
    host.call("Page.enable", &json!({})).unwrap();
    let script = json!({ "source": WATCH });
    host.call("Page.addScriptToEvaluateOnNewDocument", &script)
        .unwrap();
    host.navigate(&demo.host_url_with("autodial=off")).unwrap();
    let widget = browser.frame(&host, &demo.widget_url()).unwrap();
    let pages = Pages { host, widget };
    pages.wait_for_handshake().unwrap();
    pages.widget.evaluate::<()>(WATCH).unwrap();
    let panel = with_panel.then(|| open_panel(browser, &pages).unwrap());
    make_calls(&pages).unwrap();
    if let Some((_, panel)) = &panel {
        panel.wait_for_same(&pages).unwrap();
    }
    let received = |page: &Target| -> Vec<String> {
        let mut kinds: Vec<String> = page
            .evaluate("demoLog.filter(it => it.dir === 'received').map(it => `${it.from} ${JSON.stringify(it.message?.type)}`)")
            .unwrap();
        // How often the host sends SYNC depends on how fast the widget loads.
        kinds.dedup_by(|one, other| one == other && one.contains("SYNC"));
        kinds
    };
    let traces = |page: &Target| page.evaluate::<Value>(TRACES).unwrap();
    // The same holds for what the SDK logs of it, and for when the widget's response ends.
    let watched = |page: &Target| -> (Vec<String>, Vec<String>) {
        let mut seen: Vec<String> = page.evaluate("seen").unwrap();
        let mut has_sync = false;
        seen.retain(|it| {
            !it.contains("To HubSpot,SYNC,") || !std::mem::replace(&mut has_sync, true)
        });
        seen.into_iter().partition(|it| !it.starts_with("loads "))
    };
    json!({
        "host received": received(&pages.host),
        "widget received": received(&pages.widget),
        "host watched": watched(&pages.host),
        "widget watched": watched(&pages.widget),
        "host": traces(&pages.host),
        "widget": traces(&pages.widget),
    })
}

#[test]
fn a_page_sees_the_same_with_callscope_and_without() {
    let demo = demo().unwrap();
    let without = {
        let browser = Browser::launch(&launch_options(&demo)).unwrap();
        look(&browser, &demo, false)
    };
    let browser = Stage::browser(&demo).unwrap();
    for with_panel in [false, true] {
        let with = look(&browser, &demo, with_panel);
        for (name, expected) in without.as_object().unwrap() {
            assert_eq!(with[name], *expected, "{name}, panel: {with_panel}");
        }
    }
}

#[test]
fn nobody_but_the_panel_commands() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    let before = panel.wait_for_same(pages).unwrap();
    let others = panel.shown().unwrap().status["others"].clone();
    assert_eq!(others, 0);
    let id = stage.browser.extension_id().unwrap();
    let widget_url = stage.demo.widget_url();
    let widget_origin = widget_url.trim_end_matches('/');
    let commands = json!(commands(widget_origin));
    let files = json!(files(&extension()));

    // From both pages; to their own window and to everything that an extension could listen to.
    for page in [&pages.host, &pages.widget] {
        page.evaluate::<()>(SHOUT).unwrap();
        let script = format!("shout('{id}', {commands}, '{widget_origin}', {files})");
        let heard: Vec<Value> = page.evaluate(&script).unwrap();
        assert_eq!(heard, [] as [Value; 0], "{}", page.info().url);
    }
    // Nothing was sent to the widget, written, or reloaded.
    pages
        .widget
        .evaluate::<()>("void demo.phone.logOut()")
        .unwrap();
    wait_for_entry(&pages.host, "LOGGED_OUT").unwrap();
    let row = panel.wait_for_row("LOGGED_OUT").unwrap();
    assert_eq!(row.conversation, Some(1));
    let dialed: bool = pages
        .widget
        .evaluate("demo.events.some(it => it.name === 'onDialNumber')")
        .unwrap();
    assert!(!dialed);
    let stored: Value = pages
        .host
        .evaluate(&format!("localStorage.getItem('{KEY}')"))
        .unwrap();
    assert_eq!(stored, Value::Null);

    // The recorder goes on as before, and has nothing made up.
    let shown = panel.shown().unwrap();
    assert_eq!(shown.recording, Some(true));
    assert_eq!(shown.connection, "attached");
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(shown.status["evicted"], 0);
    assert_eq!(shown.status["limit"], 16 << 20);
    assert_eq!(shown.conversations.len(), 1);
    assert_eq!(shown.conversations[0].states[0], "Ready");
    assert_eq!(panel.lines("closed").unwrap(), [] as [Value; 0]);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    let log = panel.export().unwrap();
    assert!(!log.contains("made up"), "{log}");
    let after = panel.recorded().unwrap();
    assert_eq!(after[..before.len()], before[..]);
    assert!(after.iter().all(|it| !it.injected));
    // The commands themselves, which the page posts as strings, are recorded as strings.
    assert!(after.iter().all(|it| it.message["messageId"] != "6_66"));

    // A script in the page with the iframe can post to it, with or without Callscope: that is
    // recorded as it is, and not as injected.
    let forged =
        json!({ "type": "DIAL_NUMBER", "messageId": "1_1", "data": { "phoneNumber": EVIL } });
    pages
        .host
        .evaluate::<()>(&format!(
            "void document.querySelector('iframe').contentWindow.postMessage({forged}, '*')"
        ))
        .unwrap();
    let row = panel.wait_for_row("DIAL_NUMBER").unwrap();
    assert!(!row.injected);
}

/// The page's storage is full, and its functions are the page's own: the panel reads what is really
/// there, calls none of them, and reports what it cannot write.
#[test]
fn a_pages_storage_is_read_past_its_functions() {
    let stage = Stage::open(demo().unwrap(), "login=auto&autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    pages
        .host
        .evaluate::<()>(&format!(
            r"(() => {{
                localStorage.setItem('{KEY}', 'the real one');
                const full = 'x'.repeat(1 << 20);
                let size = full.length;
                for (let index = 0; size > 0; ) {{
                    try {{
                        localStorage.setItem(`full ${{index}}`, full.slice(0, size));
                        index += 1;
                    }} catch {{
                        size >>= 1;
                    }}
                }}
                globalThis.called = [];
                const real = localStorage;
                for (const name of Object.getOwnPropertyNames(Storage.prototype)) {{
                    if (typeof Object.getOwnPropertyDescriptor(Storage.prototype, name).value
                        !== 'function' || name === 'constructor') continue;
                    Storage.prototype[name] = () => {{ called.push(name); return 'forged'; }};
                }}
                Object.defineProperty(window, 'localStorage', {{
                    get() {{ called.push('localStorage'); return {{ getItem: () => 'forged' }}; }},
                }});
                globalThis.kept = () => real['{KEY}'];
            }})()"
        ))
        .unwrap();
    panel.click("Overrides").unwrap();
    let shown = panel
        .wait_until("the key to be read", |shown| {
            shown.overrides.iter().any(|it| it["key"] == KEY)
        })
        .unwrap();
    let read = shown.overrides.iter().find(|it| it["key"] == KEY).unwrap();
    assert_eq!(read["value"], "the real one");

    // There is no room for more, which is reported.
    let long = format!(
        r#"{{"name":"{}","url":"https://localhost/"}}"#,
        "y".repeat(1 << 16)
    );
    panel
        .perform(&json!({ "do": "choose-override-key", "key": KEY }))
        .unwrap();
    panel
        .perform(&json!({ "do": "set-override-text", "text": long }))
        .unwrap();
    panel.perform(&json!({ "do": "set-override" })).unwrap();
    panel.wait_for_words("localStorage is full").unwrap();

    let called: Vec<String> = pages.host.evaluate("called").unwrap();
    assert_eq!(called, [] as [String; 0]);
    let kept: String = pages.host.evaluate("kept()").unwrap();
    assert_eq!(kept, "the real one");
    assert_eq!(panel.shown().unwrap().recording, Some(true));
}
