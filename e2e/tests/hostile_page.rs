//! Pages that post junk: to themselves, and from the widget to the host.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::Target;
use callscope_e2e::{Panel, Recorded, Stage, demo, make_calls, wait_for_entry};
use serde_json::{Value, json};

/// Everything that structured clone accepts and that could trip up a reader.
const JUNK: &str = r"
    globalThis.nested = (depth, inner) => {
        let value = inner;
        for (let level = 0; level < depth; level += 1) value = level % 2 ? [value] : { a: value };
        return value;
    };
    globalThis.cyclic = more => {
        const value = { ...more, list: [] };
        value.self = value;
        value.list.push(value, value.list);
        return value;
    };
    globalThis.junk = [
        undefined, null, true, false, 0, -0, NaN, -Infinity, 1e308, 10n, '', 'SYNC',
        'x'.repeat(5 << 20), '\ud800', [], {}, [[[]]], Object.assign([], { length: 1e6 }),
        { type: null }, { type: 5 }, { type: {} }, { type: ['SYNC'] }, { type: 'x'.repeat(5 << 20) },
        { type: 'CALL_STARTED' }, { messageId: '1_1' }, { messageId: '1_1', data: 5 },
        cyclic({}), cyclic({ type: 7 }), nested(1500, 1),
        JSON.parse('{ \x22__proto__\x22: { \x22type\x22: \x22SYNC\x22, \x22messageId\x22: \x221_1\x22 } }'),
        JSON.parse('{ \x22constructor\x22: { \x22prototype\x22: 1 }, \x22toJSON\x22: 1, \x22toString\x22: null }'),
        new Map([[{ a: 1 }, new Map()]]), new Set(['SYNC']), new Date(8e15), new Date(NaN), /x/g,
        new Error('SYNC'), new ArrayBuffer(1 << 20), new Float64Array(8), new Blob(['x']),
        new Boolean(true), Object(1n), new ImageData(1, 1), new DOMRect(1, 2, 3, 4),
        { get type() { return 9; } },
        // Of the protocol, but not between a page and one of its frames.
        { type: 'SYNC', messageId: '1_1' }, { type: 'LOGGED_IN', messageId: '1_1', data: [] },
    ];
    globalThis.burst = count => {
        for (let n = 0; n < count; n += 1) postMessage({ type: 'burst', n, list: [n, { n }] }, '*');
    };
    globalThis.own = 0;
    globalThis.ticks = 0;
    addEventListener('message', event => { if (event.source === window) own += 1; });
    setInterval(() => { ticks += 1; }, 10);
    void 0
";

/// The errors that Chromium reported in Callscope's scripts; the page's own scripts have errors
/// with or without it.
fn failures(page: &Target) -> Vec<Value> {
    let events = page.events().into_iter();
    let thrown = events.filter(|event| event.method == "Runtime.exceptionThrown");
    thrown
        .map(|event| event.params)
        .filter(|params| params.to_string().contains("chrome-extension://"))
        .collect()
}

/// Waits until the recorder has counted this many messages that are not calling-extension traffic.
fn wait_for_others(panel: &Panel, count: u64) {
    panel
        .wait_until(&format!("{count} others"), |shown| {
            shown.status["others"].as_u64() >= Some(count)
        })
        .unwrap();
    assert_eq!(panel.shown().unwrap().status["others"], count);
}

#[test]
fn a_page_that_posts_junk_to_itself_is_recorded_and_goes_on() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    for page in [&pages.host, &pages.widget] {
        page.call("Runtime.enable", &json!({})).unwrap();
        page.evaluate::<()>(JUNK).unwrap();
    }
    let posted: u64 = pages
        .host
        .evaluate("(junk.forEach(value => postMessage(value, '*')), junk.length)")
        .unwrap();
    pages.widget.evaluate::<()>("void burst(500)").unwrap();
    // Real traffic in the middle of it.
    make_calls(pages).unwrap();
    pages.host.evaluate::<()>("void burst(10_000)").unwrap();
    pages
        .widget
        .evaluate::<()>("void demo.phone.logOut()")
        .unwrap();
    wait_for_entry(&pages.host, "LOGGED_OUT").unwrap();

    // The page has everything that it posted, and its timers run.
    let all = posted + 10_000;
    pages
        .host
        .wait_until::<bool>("the page's own messages", &format!("own === {all}"))
        .unwrap();
    let before: u64 = pages.host.evaluate("ticks").unwrap();
    pages
        .host
        .wait_until::<bool>("the page's timer", &format!("ticks > {before}"))
        .unwrap();

    // So has the recorder: calling-extension traffic message by message, the rest as a count.
    let recorded = panel.wait_for_same(pages).unwrap();
    assert!(recorded.len() > 20, "{}", recorded.len());
    wait_for_others(panel, all + 500);
    let shown = panel.shown().unwrap();
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(shown.conversations.len(), 1);
    assert_eq!(panel.lines("gap").unwrap().len(), 0);
    for page in [&pages.host, &pages.widget] {
        assert_eq!(failures(page), [] as [Value; 0]);
    }
}

#[test]
fn junk_between_widget_and_host_is_kept_within_bounds_and_shown() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let Stage { panel, pages, .. } = &stage;
    let before = panel.wait_for_same(pages).unwrap().len();
    pages.widget.evaluate::<()>(JUNK).unwrap();
    let act = |script: &str| {
        pages
            .widget
            .evaluate::<()>(&format!("void {script}"))
            .unwrap();
    };
    let strange = "({ type: 'LOGGED_IN', messageId: '7_7', data: {
        when: new Date(0), big: 12345678901234567890n, none: undefined, not: NaN,
        map: new Map([['a', 1]]), list: [1, , 3],
    } })";
    let linked = "({ type: 'LOGGED_IN', messageId: '7_6', ...(shared => ({ data: {
        one: shared, two: shared, list: Object.assign([1, 2], { x: 3, '👋': [] }),
        sparse: Object.assign([1, , 3], { x: '\\ud800' }), '\\udc00': undefined,
    } }))({ a: 1 }) })";
    act("demo.post(null)");
    act("demo.post(undefined)");
    act("demo.post('hello')");
    act("demo.post(42)");
    act("demo.post('x'.repeat(5 << 20))");
    act("demo.post(cyclic({ type: 'LOGGED_IN', messageId: '7_1' }))");
    act("demo.post({ type: 'USER_AVAILABLE', messageId: '7_2', deep: nested(1500, 1) })");
    act(
        r#"demo.post(JSON.parse('{"type":"USER_AVAILABLE","messageId":"7_3","__proto__":{"x":1},"constructor":1}'))"#,
    );
    act(&format!("demo.post{strange}"));
    act("demo.post({ type: 'LOGGED_IN', messageId: '7_4', list: Array(200_000).fill({ a: 1 }) })");
    act("demo.post({ type: 'CALL_ANSWERED', messageId: '7_5', half: '\\ud800' })");
    act(&format!("demo.post{linked}"));
    // And then something valid.
    act("demo.phone.logOut()");
    panel.wait_for_row("LOGGED_OUT").unwrap();

    let log = panel.export().unwrap();
    let recorded = panel.recorded().unwrap();
    let junk: &[Recorded] = &recorded[before..];
    assert_eq!(
        junk.len(),
        13,
        "{:#?}",
        junk.iter().map(Recorded::kind).collect::<Vec<_>>()
    );
    assert!(junk.iter().all(|it| it.from == "widget"));

    assert_eq!(junk[0].message, Value::Null);
    assert_eq!(junk[1].message, Value::Null);
    assert_eq!(junk[1].cloned[""], "undefined");
    assert_eq!(junk[2].message, "hello");
    assert_eq!(junk[3].message, 42);

    // Cut, with its full length.
    let text = junk[4].message.as_str().unwrap();
    assert!((1000..300_000).contains(&text.len()), "{}", text.len());
    let size = junk[4].truncated.unwrap();
    assert!((5 << 20..(5 << 20) + 100).contains(&size), "{size}");

    assert_eq!(junk[5].message["messageId"], "7_1");
    assert_eq!(junk[5].cloned["self"], "cycle to the message");
    assert_eq!(junk[5].cloned["list[1]"], "cycle to list");

    assert_eq!(junk[6].message["messageId"], "7_2");
    // 64 levels are kept; the length is that of all 1,500: `[…]` and `{"a":…}` in turn.
    let around = r#"{"type":"USER_AVAILABLE","messageId":"7_2","deep":1}"#.len();
    let size = u64::try_from(around + 750 * 2 + 750 * r#"{"a":}"#.len()).unwrap();
    assert_eq!(junk[6].truncated, Some(size));

    assert_eq!(junk[7].message["__proto__"], json!({ "x": 1 }));
    assert_eq!(junk[7].message["constructor"], 1);

    check_strange(&junk[8]);
    assert_eq!(junk[9].message["messageId"], "7_4");
    // The full length is an estimate, because counting it would keep the page waiting.
    assert!(junk[9].truncated.unwrap() > 256 << 10);
    assert!(log.contains(r#""half":"\ud800""#));

    check_linked(&junk[11]);

    // The whole is limited, and the panel shows what was cut.
    assert!(log.len() < 2_000_000, "{}", log.len());
    let shown = panel.shown().unwrap();
    let rows = shown
        .rows
        .iter()
        .filter(|row| row.kind == "message")
        .count();
    assert!(rows >= 13);
    let cut: Vec<Option<u64>> = shown
        .findings
        .iter()
        .filter(|it| it.code == "X04")
        .map(|it| it.seq)
        .collect();
    let expected: Vec<Option<u64>> = junk
        .iter()
        .filter(|it| it.truncated.is_some())
        .map(|it| Some(it.seq))
        .collect();
    assert_eq!(cut, expected);
    for message in junk {
        let select = json!({ "do": "select-seq", "seq": message.seq });
        panel.perform(&select).unwrap();
        panel
            .wait_until("the message to be shown", |shown| {
                shown.rows.iter().any(|row| row.seq == Some(message.seq))
            })
            .unwrap();
    }
    panel.wait_for_words("LOGGED_OUT").unwrap();
}

/// What JSON cannot represent is described.
fn check_strange(recorded: &Recorded) {
    let Recorded {
        message, cloned, ..
    } = recorded;
    assert_eq!(message["data"]["when"], "1970-01-01T00:00:00.000Z");
    assert_eq!(message["data"]["list"], json!([1, null, 3]));
    assert_eq!(cloned["data.when"], "Date");
    assert_eq!(cloned["data.big"], "BigInt 12345678901234567890");
    assert_eq!(cloned["data.none"], "undefined");
    assert_eq!(cloned["data.not"], "NaN");
    assert!(cloned["data.map"].starts_with("Map"), "{cloned:?}");
    assert_eq!(cloned["data.list[1]"], "hole");
}

/// So are an array's properties besides its elements, and repeated objects.
fn check_linked(recorded: &Recorded) {
    let Recorded {
        message, cloned, ..
    } = recorded;
    assert_eq!(
        message["data"],
        json!({ "one": { "a": 1 }, "two": { "a": 1 }, "list": [1, 2], "sparse": [1, null, 3] })
    );
    let cloned: Vec<(&str, &str)> = cloned.iter().map(|(at, it)| (&**at, &**it)).collect();
    assert_eq!(
        cloned,
        [
            ("data.list.x", "property of an array: 3"),
            ("data.list[\"👋\"]", "property of an array: an array"),
            ("data.sparse.x", r#"property of an array: "\ud800""#),
            ("data.sparse[1]", "hole"),
            ("data.two", "reference to data.one"),
            (r#"data["\udc00"]"#, "undefined"),
        ]
    );
}
