//! The demo alone: without Callscope, its pages must behave like HubSpot and a widget.

use callscope_browser::Browser;
use callscope_e2e::{Entry, Pages, demo, kinds, launch_options, sent_by, wait_for_entry};
use serde_json::{Value, json};

/// The version that each published package reports; npm built them before raising the number.
const REPORTED: [(&str, &str); 13] = [
    ("0.9.7", "0.9.7-beta.0"),
    ("0.9.4", "0.9.4-beta.0"),
    ("0.9.3", "0.9.3-beta.0"),
    ("0.9.0", "0.8.4-beta.0"),
    ("0.8.1-alpha.1", "0.8.1-alpha.0"),
    ("0.5.1", "0.5.1-beta.0"),
    ("0.5.0", "0.5.0-rc.0"),
    ("0.2.1", "0.2.1-beta.0"),
    ("0.1.4", "0.0.1"),
    ("0.1.0", "0.0.1"),
    ("0.0.14", "0.0.1"),
    ("0.0.10", "0.0.1"),
    ("0.0.6", "0.0.1"),
];

/// The types of the received messages.
fn types(traffic: &[Entry]) -> Vec<&str> {
    kinds(traffic.iter().map(Entry::kind))
}

#[test]
fn every_published_sdk_shakes_hands() {
    let demo = demo().unwrap();
    let browser = Browser::launch(&launch_options(&demo)).unwrap();
    for (version, reported) in REPORTED {
        let parameters = format!("widget={version}&login=auto");
        let pages = Pages::open(&browser, &demo, &parameters).unwrap();
        pages.wait_for_handshake().unwrap();
        let traffic = pages.traffic().unwrap();
        assert_eq!(
            types(&traffic),
            ["SYNC", "SYNC_ACK", "INITIALIZED"],
            "{version}"
        );
        let mut answers = traffic.iter().filter(|entry| entry.kind() == "SYNC_ACK");
        let answer = answers.next().unwrap();
        assert_eq!(answer.message["version"], reported, "{version}");
        assert_eq!(answer.message["portalId"], 24_021_990, "{version}");
        let all_have_a_call = pages.widget.evaluate::<bool>(
            "(demo.phone.dial(), demo.phone.answer(), demo.phone.hangUp(), true)",
        );
        assert!(all_have_a_call.unwrap(), "{version}");
        wait_for_entry(&pages.host, "CALL_ENDED").unwrap();
    }
}

#[test]
fn a_call_goes_from_the_record_to_the_timeline() {
    let demo = demo().unwrap();
    let browser = Browser::launch(&launch_options(&demo)).unwrap();
    let Pages { host, widget } = &Pages::open(&browser, &demo, "autodial=off").unwrap();
    wait_for_entry(host, "INITIALIZED").unwrap();

    // With the mouse, like a user.
    widget
        .wait_until::<bool>("the button", "!document.querySelector('#log-in').disabled")
        .unwrap();
    widget.click_on("#log-in").unwrap();
    wait_for_entry(host, "LOGGED_IN").unwrap();
    host.click_on("#dial-0").unwrap();
    let dialed = wait_for_entry(widget, "DIAL_NUMBER").unwrap();
    assert_eq!(dialed.message["data"]["phoneNumber"], "+442079460123");
    assert_eq!(
        dialed.message["data"]["calleeInfo"]["calleeObjectTypeId"],
        "0-1"
    );
    widget
        .wait_until::<bool>(
            "onDialNumber",
            "demo.events.some(it => it.name === 'onDialNumber' && it.data.phoneNumber === '+442079460123')",
        )
        .unwrap();

    widget.click_on("#call").unwrap();
    let created = wait_for_entry(widget, "ENGAGEMENT_CREATED").unwrap();
    let engagement = &created.message["data"]["engagementId"];
    widget.click_on("#answer").unwrap();
    host.click_on("#end-call").unwrap();
    wait_for_entry(host, "CALL_ENDED").unwrap();
    widget.click_on("#notes").unwrap();
    widget.type_text("wants an offer").unwrap();
    widget.click_on("#save").unwrap();
    let updated = wait_for_entry(widget, "UPDATE_ENGAGEMENT_SUCCEEDED").unwrap();
    assert_eq!(updated.message["data"]["engagementId"], *engagement);
    widget.click_on("#finalize").unwrap();
    wait_for_entry(widget, "FINALIZE_ENGAGEMENT_SUCCEEDED").unwrap();
    let note: String = host
        .evaluate("document.querySelector('#activity span').textContent")
        .unwrap();
    assert_eq!(note, "wants an offer");

    let pages = Pages {
        host: host.clone(),
        widget: widget.clone(),
    };
    assert_eq!(
        types(&pages.traffic().unwrap()),
        [
            "SYNC",
            "SYNC_ACK",
            "INITIALIZED",
            "LOGGED_IN",
            "DIAL_NUMBER",
            "OUTGOING_CALL_STARTED",
            "INITIATE_CALL_ID_SUCCEEDED",
            "CREATE_ENGAGEMENT_SUCCEEDED",
            "ENGAGEMENT_CREATED",
            "CALL_ANSWERED",
            "END_CALL",
            "CALL_ENDED",
            "CALL_COMPLETED",
            "UPDATE_ENGAGEMENT_SUCCEEDED",
            "FINALIZE_ENGAGEMENT",
            "FINALIZE_ENGAGEMENT_SUCCEEDED",
        ]
    );
}

#[test]
fn the_caller_is_found_and_their_record_resumes_the_call() {
    let demo = demo().unwrap();
    let browser = Browser::launch(&launch_options(&demo)).unwrap();
    let pages = Pages::open(&browser, &demo, "login=auto&delay=0").unwrap();
    pages.wait_for_handshake().unwrap();
    pages.widget.evaluate::<()>("demo.phone.ring()").unwrap();
    wait_for_entry(&pages.widget, "ENGAGEMENT_CREATED").unwrap();
    let found = wait_for_entry(&pages.widget, "CALLER_ID_MATCH_SUCCEEDED").unwrap();
    assert_eq!(
        found.message["data"]["callerIdMatches"][0]["lastName"],
        "Bergmann"
    );
    pages
        .widget
        .evaluate::<()>("demo.phone.openRecord()")
        .unwrap();
    pages
        .host
        .wait_until::<bool>(
            "the caller's record",
            "location.search.includes('record=301') && document.readyState === 'complete'",
        )
        .unwrap();
    let widget = browser.frame(&pages.host, &demo.widget_url()).unwrap();
    let hello = wait_for_entry(&widget, "INITIALIZED").unwrap();
    let resumed = &hello.message["data"]["engagementId"];
    assert!(resumed.is_u64(), "{hello:?}");
    let stage: String = widget
        .wait_until("the resumed call", "demo.phone.call?.stage")
        .unwrap();
    assert_eq!(stage, "ringing");
}

#[test]
fn every_method_and_every_mistake_reaches_the_host() {
    let demo = demo().unwrap();
    let browser = Browser::launch(&launch_options(&demo)).unwrap();
    let pages = Pages::open(&browser, &demo, "login=auto&fail=navigate").unwrap();
    pages.wait_for_handshake().unwrap();
    let Pages { host, widget } = &pages;
    let names = |script: &str| widget.evaluate::<Vec<String>>(script).unwrap();

    for method in names("demo.methods") {
        if method == "setWidgetUrl" {
            continue; // Loads the widget anew: last.
        }
        let before = sent_by(widget).unwrap().len();
        widget
            .evaluate::<()>(&format!("document.getElementById('sdk-{method}').click()"))
            .unwrap();
        assert_eq!(sent_by(widget).unwrap().len(), before + 1, "{method}");
    }
    for mistake in names("demo.mistakes") {
        let before = sent_by(widget).unwrap().len();
        widget
            .evaluate::<()>(&format!(
                "document.getElementById('mistake-{mistake}').click()"
            ))
            .unwrap();
        assert!(sent_by(widget).unwrap().len() > before, "{mistake}");
    }
    let traffic = pages.traffic().unwrap();
    let received = |message: &Value| traffic.iter().any(|entry| entry.message == *message);
    assert!(received(&Value::Null));
    assert!(received(&json!("hello")));
    assert!(received(&json!({ "type": "USER_AVAILABLE" })));

    widget
        .evaluate::<()>("document.getElementById('sdk-setWidgetUrl').click()")
        .unwrap();
    host.wait_until::<bool>(
        "another handshake",
        "demoLog.filter(it => it.message?.type === 'SYNC_ACK').length === 2",
    )
    .unwrap();
}

#[test]
fn parameters_make_trouble() {
    let demo = demo().unwrap();
    let browser = Browser::launch(&launch_options(&demo)).unwrap();

    let pages = Pages::open(&browser, &demo, "silent=1").unwrap();
    pages
        .host
        .wait_until::<bool>("several SYNCs", "demoLog.length >= 3")
        .unwrap();
    let kinds = pages
        .host
        .evaluate::<Vec<String>>("[...new Set(demoLog.map(it => `${it.dir} ${it.message.type}`))]");
    assert_eq!(kinds.unwrap(), ["sent SYNC"]);

    let pages = Pages::open(&browser, &demo, "csp=strict&login=auto").unwrap();
    pages.wait_for_handshake().unwrap();
    let refused = pages
        .host
        .evaluate::<()>("new Function('return 1')()")
        .unwrap_err();
    assert!(
        refused.to_string().contains("Content Security Policy"),
        "{refused}"
    );
    let refused: String = pages
        .host
        .evaluate("(async () => { try { await WebAssembly.compile(new Uint8Array([0,97,115,109,1,0,0,0])); return 'compiled' } catch (error) { return error.name } })()")
        .unwrap();
    assert_eq!(refused, "CompileError");

    let pages = Pages::open(&browser, &demo, "fail=create,match&login=auto&delay=0").unwrap();
    pages.wait_for_handshake().unwrap();
    pages.widget.evaluate::<()>("demo.phone.ring()").unwrap();
    wait_for_entry(&pages.widget, "CREATE_ENGAGEMENT_FAILED").unwrap();
    wait_for_entry(&pages.widget, "CALLER_ID_MATCH_FAILED").unwrap();
}

#[test]
fn a_host_that_is_a_widget_loops_until_it_is_stopped() {
    let demo = demo().unwrap();
    let browser = Browser::launch(&launch_options(&demo)).unwrap();
    let pages = Pages::open(&browser, &demo, "login=auto").unwrap();
    pages.wait_for_handshake().unwrap();
    pages.host.click_on("#start-loop").unwrap();
    pages
        .host
        .wait_until::<bool>("the loop", "demo.state.loop > 20")
        .unwrap();
    pages.host.click_on("#stop-loop").unwrap();
    pages
        .host
        .wait_until::<bool>(
            "a sound host again",
            "document.getElementById('status').textContent === 'Logged in'",
        )
        .unwrap();
}
