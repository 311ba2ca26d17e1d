//! A widget whose page takes a while to load, and a host that does not wait for it: it posts to the
//! frame's empty initial document.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use callscope_e2e::{Pages, Stage, demo, difference, make_calls, open_panel};
use serde_json::{Value, json};

/// How often the host posts SYNC before there is a widget.
const EARLY: usize = 3;

/// An address that redirects to another one once it is opened.
struct Door {
    address: String,
    is_open: Arc<AtomicBool>,
}

impl Door {
    fn to(target: &str) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let is_open = Arc::new(AtomicBool::new(false));
        let (target, opened) = (target.to_owned(), Arc::clone(&is_open));
        thread::spawn(move || {
            for visitor in listener.incoming().flatten() {
                let (target, opened) = (target.clone(), Arc::clone(&opened));
                thread::spawn(move || lead(visitor, &target, &opened));
            }
        });
        Self { address, is_open }
    }

    fn open(&self) {
        self.is_open.store(true, Ordering::Release);
    }
}

/// A browser may open connections in advance without sending anything.
fn lead(mut visitor: TcpStream, target: &str, is_open: &AtomicBool) {
    let mut request = [0; 4096];
    if visitor.read(&mut request).is_ok_and(|read| read > 0) {
        while !is_open.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(10));
        }
        let answer = format!(
            "HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        drop(visitor.write_all(answer.as_bytes()));
    }
}

#[test]
fn what_is_posted_to_a_frame_that_is_still_empty_makes_no_second_conversation() {
    let demo = demo().unwrap();
    let browser = Stage::browser(&demo).unwrap();
    let widget_url = demo.widget_url();
    let door = Door::to(&format!("{widget_url}?autodial=off"));
    let url = demo.host_url_with("autodial=off&widget-url=about:blank");
    let host = browser.open(&url).unwrap();
    // It tries when the empty frame has loaded and again 100 ms later; then it fails and stops.
    let has_failed = "demo.manager.firstSyncSent > 0 \
                      && Date.now() - demo.manager.firstSyncSent > 500";
    host.wait_until::<bool>("the SDK's host to fail", has_failed)
        .unwrap();
    let address = Value::from(door.address.as_str());
    let origin = Value::from(widget_url.trim_end_matches('/'));
    host.evaluate::<()>(&format!(
        "(() => {{
            const {{ manager }} = demo;
            // The address that it redirects to.
            Object.defineProperty(manager, 'destinationHost', {{ get: () => {origin}, set() {{}} }});
            manager.iFrame.src = {address};
            for (let n = 1; n <= {EARLY}; n += 1) {{
                const sync = {{ type: 'SYNC', messageId: `early_${{n}}`, hostUrl: location.origin }};
                manager.iFrame.contentWindow.postMessage(sync, '*');
            }}
        }})()"
    ))
    .unwrap();
    // It has not answered, so the frame's initial document is there to receive them.
    let script = "new Promise(done => setTimeout(() => done(document.hidden || true), 500))";
    host.evaluate::<bool>(script).unwrap();
    door.open();
    let widget = browser.frame(&host, &widget_url).unwrap();
    let pages = Pages { host, widget };
    pages.wait_for_handshake().unwrap();
    make_calls(&pages).unwrap();

    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let logged = pages.traffic().unwrap();
    let mut seen = None;
    panel
        .wait_until("the whole session", |shown| {
            let mut recorded = panel.recorded().unwrap();
            recorded.retain(|it| {
                let id = it.message["messageId"].as_str().unwrap_or_default();
                !id.starts_with("early_")
            });
            seen = difference(&recorded, &logged, &[]);
            seen.is_none() && shown.conversations.len() == 1
        })
        .unwrap_or_else(|error| panic!("{seen:?}: {error}"));
    assert_eq!(panel.lines("conversation").unwrap().len(), 1);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    let errors = panel.shown().unwrap().findings.into_iter();
    let errors: Vec<_> = errors.filter(|it| it.severity == "error").collect();
    assert_eq!(json!(errors.len()), 0, "{errors:#?}");
}
