//! Callscope's SDK with the published ones, in both roles, in a real browser.
//!
//! `cargo xtask npm` builds the package that is tested here. The pages are on two sites, so that
//! the browser uses two processes. No extension is needed: the pages record what they receive.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_protocol::{Side, Version};
use expect_test::expect;

mod stage;

use self::stage::{OURS, Pair, Stage, faults, softphone};

#[test]
fn they_understand_each_other() {
    let stage = Stage::open();
    let pairs = [
        (OURS, OURS),
        ("0.2.1", OURS),
        ("0.5.1", OURS),
        ("0.9.7", OURS),
        (OURS, "0.0.10"),
        (OURS, "0.2.1"),
        (OURS, "0.5.1"),
        (OURS, "0.9.7"),
    ];
    for (host, widget) in pairs {
        eprintln!("host {host}, widget {widget}");
        let pair = stage.pair(host, widget, "x");
        pair.live(Version::parse(widget).unwrap_or(Version::NEWEST));
        // Before the reload, which discards what the widget's page received.
        let mut heard = pair.heard();
        heard.retain(|it| it.from == Side::Host);

        let _ = pair.widget.evaluate::<()>("void location.reload()");
        Pair::wait(&pair.host, "READY", 2);
        Pair::wait(&pair.host, "INITIALIZED", 2);
        Pair::wait(&pair.widget, "READY", 1);
        heard.extend(pair.heard());
        assert_eq!(faults(heard), [""; 0], "host {host}, widget {widget}");
    }
}

#[test]
fn a_widget_that_starts_late_is_waited_for() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "silent");
    let _: bool = pair
        .widget
        .wait_until(
            "SYNC more than once",
            "typeof sdk == 'object' && heard.length > 2",
        )
        .unwrap();
    pair.widget.evaluate::<()>("void start(sdk)").unwrap();
    Pair::wait(&pair.host, "INITIALIZED", 1);
    assert_eq!(faults(pair.heard()), [""; 0]);
}

/// Half a minute of silence, then an answer to the first SYNC after all.
#[test]
fn a_host_gives_up_and_takes_a_late_answer() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "silent");
    Pair::wait(&pair.host, "SYNC_ACK_FAILED", 1);
    let syncs: usize = pair.widget.evaluate("heard.length").unwrap();
    assert!((2..=301).contains(&syncs), "{syncs}");
    let sent: bool = pair.host.evaluate("send('END_CALL')").unwrap();
    assert!(!sent);
    pair.widget
        .evaluate::<()>(
            "void parent.postMessage({...JSON.parse(heard[0].message), type: 'SYNC_ACK', \
             version: '0.9.7', iFrameUrl: location.origin}, heard[0].origin)",
        )
        .unwrap();
    Pair::wait(&pair.host, "READY", 1);
}

#[test]
fn debug_mode_prints_what_the_original_prints() {
    let stage = Stage::open();
    let printed = |sdk: &str| -> [Vec<String>; 2] {
        let pair = stage.pair(sdk, sdk, "debug");
        Pair::wait(&pair.host, "INITIALIZED", 1);
        pair.host_says("DIAL_NUMBER", "{phoneNumber: '+442079460123'}");
        pair.widget_does("userLoggedOut()", "LOGGED_OUT");
        [&pair.widget, &pair.host].map(|page| {
            let lines: Vec<String> = page.evaluate("printed").unwrap();
            // How often a host sends SYNC varies, and the original's does not print the answer that
            // triggers its callback.
            lines
                .into_iter()
                .filter(|line| !line.ends_with(" SYNC") && !line.ends_with("SYNC_ACK"))
                .collect()
        })
    };
    let ours = printed(OURS);
    assert_eq!(
        ours[0],
        [
            "To HubSpot INITIALIZED",
            "From HubSpot DIAL_NUMBER",
            "To HubSpot LOGGED_OUT"
        ]
    );
    assert_eq!(ours, printed("0.9.7"));
}

#[test]
fn nothing_is_printed_without_debug_mode() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    for page in [&pair.host, &pair.widget] {
        assert_eq!(page.evaluate::<Vec<String>>("printed").unwrap(), [""; 0]);
    }
}

/// Pitfall T09: two objects would both answer the host.
#[test]
fn a_second_object_is_refused_until_the_first_is_removed() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    let refusal: String = pair
        .widget
        .evaluate("(() => { try { start(sdk) } catch (error) { return error.message } })()")
        .unwrap();
    assert!(refusal.starts_with("This page has a CallingExtensions object already"));
    pair.widget
        .evaluate::<()>("void (extension.remove(), start(sdk))")
        .unwrap();
    let sent: bool = pair.widget.evaluate("extension.userLoggedIn()").unwrap();
    assert!(sent, "it waits for the next handshake");
}

#[test]
fn a_call_sends_nothing_out_of_order_and_its_ids_with_each_message() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    let states: String = pair
        .widget
        .evaluate(
            "(() => {
                const call = extension.startOutgoingCall({ toNumber: '+442079460123' });
                call.engagementId = 17;
                const steps = ['completed', 'answered', 'answered', 'ended', 'transferred',
                    'completed', 'finalizeEngagement'];
                return steps.map(step => call[step]({ more: step })?.state ?? 'no').join(' ');
            })()",
        )
        .unwrap();
    assert_eq!(states, "no answered no ended no completed completed");
    Pair::wait(&pair.host, "FINALIZE_ENGAGEMENT", 1);
    let said: Vec<(String, String, u32)> = pair
        .host
        .evaluate(
            "told.filter(it => it.data?.externalCallId)
                .map(({ type, data }) => [type, data.externalCallId, data.engagementId ?? 0])",
        )
        .unwrap();
    let id = said[0].1.clone();
    let expected = [
        ("OUTGOING_CALL_STARTED", 0),
        ("CALL_ANSWERED", 0),
        ("CALL_ENDED", 17),
        ("CALL_COMPLETED", 17),
        ("FINALIZE_ENGAGEMENT", 17),
    ];
    let expected = expected.map(|(kind, engagement)| (kind.to_owned(), id.clone(), engagement));
    assert_eq!(said, expected);
}

/// Posted values remain the page's own, and values that cannot be posted throw where they are sent.
#[test]
fn payloads_are_not_converted() {
    let stage = Stage::open();
    let pair = stage.pair(OURS, OURS, "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    pair.host
        .evaluate::<()>("void send('SET_CALL_STATE', {when: new Date(7), map: new Map([[1, 2]])})")
        .unwrap();
    Pair::wait(&pair.widget, "SET_CALL_STATE", 1);
    let kept: bool = pair
        .widget
        .evaluate(
            "(({data}) => data.when.getTime() === 7 && data.map.get(1) === 2)(told.find(it => it.type === 'SET_CALL_STATE'))",
        )
        .unwrap();
    assert!(kept);
    let thrown: String = pair
        .widget
        .evaluate(
            "(() => { try { extension.callData({callback() {}}) } catch (error) { return error.name } })()",
        )
        .unwrap();
    assert_eq!(thrown, "DataCloneError");
    pair.widget_does("userLoggedOut()", "LOGGED_OUT");
}

/// What HubSpot's own unit tests check, said in the form that both SDKs have.
const CHECKED_BY_THE_ORIGINAL: &str = r"(() => {
    const { default: CallingExtensions, IFrameManager } = sdk;
    const told = [];
    const widget = new CallingExtensions({ eventHandlers: {} });
    told.push(typeof IFrameManager.createMessageId(123));
    told.push(widget.iFrameManager.destinationHost.replace(/\d+$/, ''));
    widget.sendMessage = message => told.push(JSON.stringify(message));
    const data = { externalCallId: 'a', any: [1] };
    for (const name of ['userLoggedIn', 'userLoggedOut', 'userAvailable', 'userUnavailable']) {
        widget[name](data);
    }
    for (const name of ['initialized', 'incomingCall', 'outgoingCall', 'callAnswered', 'callEnded',
        'callCompleted', 'callTransferred', 'callData', 'resizeWidget', 'navigateToRecord',
        'publishToChannel', 'finalizeEngagement', 'setWidgetUrl', 'sendError']) {
        widget[name](data);
    }
    const onMessageHandler = () => {};
    const iFrameOptions = {
        src: 'https://phone.example', width: '100px', height: '100px', hostElementSelector: 'body',
    };
    for (const key of Object.keys(iFrameOptions)) {
        try {
            new IFrameManager({ iFrameOptions: { ...iFrameOptions, [key]: '' }, onMessageHandler });
            told.push('made without ' + key);
        } catch {
            told.push('not made without ' + key);
        }
    }
    told.push(IFrameManager.getHostElement('body') === document.body);
    const create = IFrameManager.createIFrame;
    IFrameManager.createIFrame = ({ src, width, height }, ...rest) => {
        told.push([src, width, height, ...rest.map(it => typeof it)].join(' '));
        return { contentWindow: null };
    };
    told.push(new IFrameManager({ iFrameOptions, onMessageHandler }).destinationHost);
    IFrameManager.createIFrame = create;
    const frame = create({ ...iFrameOptions, src: '/none' }, () => {}, () => {});
    // Not `allow`, which is as in HubSpot's page.
    for (const name of ['src', 'width', 'height', 'id']) told.push(frame.getAttribute(name));
    return told.map(String);
})()";

#[test]
fn what_the_originals_own_tests_check_holds_here() {
    let stage = Stage::open();
    let told = [OURS, "0.9.7"].map(|sdk| {
        let pair = stage.pair(sdk, sdk, "silent");
        let _: bool = pair
            .widget
            .wait_until("the SDK", "typeof sdk === 'object'")
            .unwrap();
        let told: Vec<String> = pair.widget.evaluate(CHECKED_BY_THE_ORIGINAL).unwrap();
        told
    });
    expect![[r#"
        string
        http://localhost:
        {"type":"LOGGED_IN"}
        {"type":"LOGGED_OUT"}
        {"type":"USER_AVAILABLE"}
        {"type":"USER_UNAVAILABLE"}
        {"type":"INITIALIZED","data":{"externalCallId":"a","any":[1]}}
        {"type":"INCOMING_CALL","data":{"externalCallId":"a","any":[1]}}
        {"type":"OUTGOING_CALL_STARTED","data":{"externalCallId":"a","any":[1]}}
        {"type":"CALL_ANSWERED","data":{"externalCallId":"a","any":[1]}}
        {"type":"CALL_ENDED","data":{"externalCallId":"a","any":[1]}}
        {"type":"CALL_COMPLETED","data":{"externalCallId":"a","any":[1]}}
        {"type":"CALL_TRANSFERRED","data":{"externalCallId":"a","any":[1]}}
        {"type":"CALL_DATA","data":{"externalCallId":"a","any":[1]}}
        {"type":"RESIZE_WIDGET","data":{"externalCallId":"a","any":[1]}}
        {"type":"NAVIGATE_TO_RECORD","data":{"externalCallId":"a","any":[1]}}
        {"type":"PUBLISH_TO_CHANNEL","data":{"externalCallId":"a","any":[1]}}
        {"type":"FINALIZE_ENGAGEMENT","data":{"externalCallId":"a","any":[1]}}
        {"type":"SET_WIDGET_URL","data":{"externalCallId":"a","any":[1]}}
        {"type":"ERROR","data":{"externalCallId":"a","any":[1]}}
        not made without src
        not made without width
        not made without height
        not made without hostElementSelector
        true
        https://phone.example 100px 100px function function
        https://phone.example
        /none
        100px
        100px
        hubspot-calling-extension-iframe"#]]
    .assert_eq(&told[0].join("\n"));
    assert_eq!(told[0], told[1]);
}

/// Runs `crates/sdk-page` in a page: its example, as WebAssembly.
#[test]
fn a_widget_in_rust_makes_a_call_under_the_published_host() {
    let script = softphone("softphone.js");
    assert!(
        script.is_file(),
        "there is no {}: run `cargo xtask softphone`",
        script.display()
    );
    let stage = Stage::open();
    let pair = stage.pair_at("softphone", "0.9.7", "rust", "x");
    Pair::wait(&pair.host, "INITIALIZED", 1);
    // The example answers every call at once.
    let dial = "void send('DIAL_NUMBER', {phoneNumber: '+442079460123'})";
    pair.host.evaluate::<()>(dial).unwrap();
    Pair::wait(&pair.host, "CALL_ANSWERED", 1);
    pair.host.evaluate::<()>("void send('END_CALL')").unwrap();
    Pair::wait(&pair.host, "CALL_COMPLETED", 1);

    let said: Vec<(String, Option<String>, Option<String>)> = pair
        .host
        .evaluate("told.map(({ type, data }) => [type, data?.externalCallId, data?.toNumber])")
        .unwrap();
    let id = said[2].1.clone();
    assert!(id.is_some(), "{said:?}");
    let number = Some("+442079460123".to_owned());
    let expected = [
        ("READY", None, None),
        ("INITIALIZED", None, None),
        ("OUTGOING_CALL_STARTED", id.clone(), number),
        ("CALL_ANSWERED", id.clone(), None),
        ("CALL_ENDED", id.clone(), None),
        ("CALL_COMPLETED", id, None),
    ];
    assert_eq!(
        said,
        expected.map(|(kind, id, to)| (kind.to_owned(), id, to))
    );
    assert_eq!(faults(pair.heard()), [""; 0]);

    // The widget's page is unloaded and replaced.
    pair.widget
        .evaluate::<()>("void location.reload()")
        .unwrap();
    Pair::wait(&pair.host, "INITIALIZED", 2);
}
