//! Only the browser determines who sent what: strangers that behave like a widget, above the host's
//! page, beside the widget, in it, before and after it, get separate conversations or none.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use std::collections::BTreeMap;

use callscope_browser::{Browser, LaunchOptions, Poll, Target, wait_for};
use callscope_demo::Demo;
use callscope_e2e::{
    Entry, Finding, LIMIT, Pages, Panel, Recorded, Shown, demo, extension, launch_options,
    make_calls, only_traffic, open_panel, wait_for_entry,
};
use serde_json::Value;

/// A Chromium for the pages of two servers: the second one's origins belong to strangers.
fn browser(demo: &Demo, strangers: &Demo) -> Browser {
    let mut options = launch_options(demo);
    options.trusted_keys.push(strangers.spki_hash().to_owned());
    Browser::launch(&LaunchOptions {
        extension: Some(extension()),
        ..options
    })
    .unwrap()
}

/// The address of a stranger's page: with `localhost`, on another site than the widget; with
/// `127.0.0.1`, on another site than the host.
fn stranger(strangers: &Demo, host: &str, place: &str) -> String {
    let port = strangers.port();
    format!("https://{host}:{port}/stranger.html?forge={place}")
}

fn origin(url: &str) -> String {
    url.split('/').take(3).collect::<Vec<_>>().join("/")
}

/// The messages marked with this place that a page received from a stranger.
fn forged(page: &Target, place: &str) -> Vec<Value> {
    let entries = only_traffic(page).unwrap().into_iter();
    let received = entries.filter(|it| it.dir == "received" && it.message["place"] == place);
    received.map(|it| it.message).collect()
}

fn messages(recorded: &[Recorded], is_it: impl Fn(&Recorded) -> bool) -> Vec<Value> {
    let found = recorded.iter().filter(|it| is_it(it));
    found.map(|it| it.message.clone()).collect()
}

/// Waits until the conversation of each place contains exactly what the page received from there,
/// in order, and the widget's contains the messages of host and widget. Returns the conversations
/// by place, with the widget's under its own name.
fn wait_for_attribution(
    panel: &Panel,
    pages: &Pages,
    widget_origin: &str,
    places: &[(&str, &Target)],
) -> BTreeMap<String, u32> {
    wait_for("each message in its conversation", LIMIT, || {
        let recorded = panel.recorded()?;
        let conversation_of = |is_it: &dyn Fn(&Recorded) -> bool| {
            recorded
                .iter()
                .find(|it| is_it(it))
                .map(|it| it.conversation)
        };
        let mut conversations = BTreeMap::new();
        for (place, page) in places {
            let expected = forged(page, place);
            let Some(id) = conversation_of(&|it| it.message["place"] == *place) else {
                return Ok(Poll::NotYet(format!("nothing of {place}")));
            };
            let found = messages(&recorded, |it| it.conversation == id);
            if found != expected || found.is_empty() {
                return Ok(Poll::NotYet(format!(
                    "{place}: {found:#?}, not {expected:#?}"
                )));
            }
            conversations.insert((*place).to_owned(), id);
        }
        let Some(id) = conversation_of(&|it| it.from == "host") else {
            return Ok(Poll::NotYet("nothing of the host".to_owned()));
        };
        let of_widget =
            |from: &'static str| messages(&recorded, |it| it.conversation == id && it.from == from);
        let host = only_traffic(&pages.host)?.into_iter();
        let host = host.filter(|it| it.origin == widget_origin && it.message["place"].is_null());
        let widget = only_traffic(&pages.widget)?.into_iter();
        let widget = widget.filter(|it| it.from == "parent");
        let received = |it: &Entry| it.dir == "received";
        let from_widget: Vec<Value> = host.filter(received).map(|it| it.message).collect();
        let from_host: Vec<Value> = widget.filter(received).map(|it| it.message).collect();
        if (of_widget("widget"), of_widget("host")) != (from_widget, from_host) {
            return Ok(Poll::NotYet(format!("the widget's: {recorded:#?}")));
        }
        conversations.insert("widget".to_owned(), id);
        // Every message belongs to one of them.
        let is_known = |it: &Recorded| conversations.values().any(|id| *id == it.conversation);
        Ok(if recorded.iter().all(is_known) {
            Poll::Done(conversations)
        } else {
            Poll::NotYet(format!("{recorded:#?}"))
        })
    })
    .unwrap()
}

/// Waits until the panel shows a conversation for each of `expected` (the place, and the origins of
/// host and widget) and marks the strangers among them, whose mistakes are not the widget's.
fn wait_for_marks(
    panel: &Panel,
    ids: &BTreeMap<String, u32>,
    expected: [(&str, &String, &String); 4],
) -> Shown {
    // The browser reports the origins, and the checker that they are strangers.
    let shown = wait_for("the strangers to be marked", LIMIT, || {
        let shown = panel.shown()?;
        let of = |place: &str| shown.conversations.iter().find(|it| it.id == ids[place]);
        let is_so = expected
            .iter()
            .all(|(place, ..)| of(place).is_some_and(|it| it.stranger == (*place != "widget")));
        Ok(if is_so {
            Poll::Done(shown)
        } else {
            Poll::NotYet(format!("{:#?}", shown.conversations))
        })
    })
    .unwrap();
    assert_eq!(shown.conversations.len(), expected.len());
    assert_eq!(panel.lines("gap").unwrap().len(), 0);
    let mut marked = Vec::new();
    for (place, host, widget) in expected {
        let id = ids[place];
        let it = shown.conversations.iter().find(|it| it.id == id).unwrap();
        let origins = (it.host.as_ref(), it.widget.as_ref());
        assert_eq!(origins, (Some(host), Some(widget)), "{place}");
        if it.stranger {
            marked.push(Some(id));
            assert_eq!(it.states[0], "Not a frame that HubSpot syncs with");
        }
    }

    // Their mistakes are not the widget's.
    for row in &shown.rows {
        let is_marked = marked.contains(&row.conversation);
        let is_so =
            |it: &Finding| it.stranger == is_marked && (!is_marked || it.severity == "note");
        assert!(row.findings.iter().all(is_so), "{row:#?}");
    }
    shown
}

/// Strangers beside the widget, before and after it in the page and in time, and one inside it.
#[test]
fn strangers_around_the_widget_get_conversations_of_their_own() {
    let (demo, strangers) = (demo().unwrap(), demo().unwrap());
    let browser = browser(&demo, &strangers);
    let before = stranger(&strangers, "127.0.0.1", "before");
    let parameters = format!("login=auto&autodial=off&stranger={before}");
    let pages = Pages::open(&browser, &demo, &parameters).unwrap();
    let widget_url = demo.widget_url();
    let widget_origin = origin(&widget_url);
    pages.wait_for_handshake().unwrap();

    let after = stranger(&strangers, "127.0.0.1", "after");
    let inside = stranger(&strangers, "localhost", "inside");
    let add = |page: &Target, url: &str| {
        page.evaluate::<()>(&format!(
            "(() => {{
                const iframe = document.createElement('iframe');
                iframe.src = '{url}';
                document.body.append(iframe);
            }})()"
        ))
        .unwrap();
    };
    add(&pages.host, &after);
    add(&pages.widget, &inside);
    let beside = browser.frame(&pages.host, &after).unwrap();
    let within = browser.frame(&pages.widget, &inside).unwrap();
    wait_for("the strangers to speak", LIMIT, || {
        let counts = [
            forged(&pages.host, "before").len(),
            forged(&pages.host, "after").len(),
            forged(&pages.widget, "inside").len(),
        ];
        Ok(Poll::at(
            counts.iter().all(|it| *it >= 22),
            format!("{counts:?}"),
        ))
    })
    .unwrap();

    // A sibling that posts to the widget, and a frame inside the widget that posts to the host's
    // page: neither message is between a page and one of its frames.
    beside
        .evaluate::<()>(
            "for (let index = 0; index < parent.length; index += 1) {
                if (parent[index] !== window) stranger.forge(parent[index], 'sideways');
            }",
        )
        .unwrap();
    within
        .evaluate::<()>("stranger.forge(top, 'over')")
        .unwrap();
    // Events that no window has posted, with a plausible source and origin.
    pages
        .host
        .evaluate::<()>(&format!(
            "for (const source of Array.from(frames, (_, index) => frames[index]).concat(window, null)) {{
                dispatchEvent(new MessageEvent('message', {{
                    data: {{ type: 'LOGGED_OUT', messageId: '6_66', place: 'made up' }},
                    origin: '{widget_origin}', source,
                }}));
            }}
            void 0"
        ))
        .unwrap();
    wait_for("them to arrive", LIMIT, || {
        let counts = [
            forged(&pages.widget, "sideways").len(),
            forged(&pages.host, "over").len(),
            forged(&pages.host, "made up").len(),
        ];
        Ok(Poll::at(
            counts.iter().all(|it| *it > 0),
            format!("{counts:?}"),
        ))
    })
    .unwrap();
    make_calls(&pages).unwrap();

    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let places = [
        ("before", &pages.host),
        ("after", &pages.host),
        ("inside", &pages.widget),
    ];
    let ids = wait_for_attribution(&panel, &pages, &widget_origin, &places);
    let log = panel.export().unwrap();
    for place in ["sideways", "over", "made up"] {
        assert!(
            !log.contains(&format!("\"{place}\"")),
            "{place} is in {log}"
        );
    }

    let host_origin = origin(&demo.host_url());
    let (near, far) = (origin(&after), origin(&inside));
    let shown = wait_for_marks(
        &panel,
        &ids,
        [
            ("widget", &host_origin, &widget_origin),
            ("before", &host_origin, &near),
            ("after", &host_origin, &near),
            ("inside", &widget_origin, &far),
        ],
    );
    assert_eq!(shown.status["lost"], 0);
}

/// A page that frames the host's: it is the top page, so the recorder runs in it.
#[test]
fn a_page_above_the_host_is_not_its_widget() {
    let (demo, strangers) = (demo().unwrap(), demo().unwrap());
    let browser = browser(&demo, &strangers);
    let above = stranger(&strangers, "127.0.0.1", "nobody");
    let outer = browser.open(&above).unwrap();
    let host_url = demo.host_url_with("login=auto&autodial=off");
    outer
        .evaluate::<()>(&format!("stranger.frame('{host_url}')"))
        .unwrap();
    let host = browser.frame(&outer, &host_url).unwrap();
    let widget = browser.frame(&host, &demo.widget_url()).unwrap();
    let pages = Pages { host, widget };
    pages.wait_for_handshake().unwrap();
    outer
        .evaluate::<()>("stranger.forge(frames[0], 'above')")
        .unwrap();
    wait_for_entry(&pages.host, "OUTGOING_CALL_STARTED").unwrap();
    make_calls(&pages).unwrap();

    let tab = Pages {
        host: outer,
        widget: pages.widget.clone(),
    };
    let (_devtools, panel) = open_panel(&browser, &tab).unwrap();
    let widget_origin = origin(&demo.widget_url());
    let ids = wait_for_conversations(&panel, &pages, &widget_origin);
    let shown = panel.shown().unwrap();
    let of = |id: u32| shown.conversations.iter().find(|it| it.id == id).unwrap();
    let (widgets, aboves) = (of(ids.0), of(ids.1));
    let host_origin = origin(&demo.host_url());
    assert_eq!(widgets.host.as_ref(), Some(&host_origin));
    assert_eq!(widgets.widget.as_ref(), Some(&widget_origin));
    assert_eq!(widgets.states[0], "Ready");
    assert!(!widgets.stranger);
    // It acts as host for HubSpot's page, but is not one: none of it is the widget's.
    assert_eq!(aboves.host.as_ref(), Some(&origin(&above)));
    assert_eq!(aboves.widget.as_ref(), Some(&host_origin));
}

/// Waits until the widget's conversation and that of the page above contain what the pages
/// received; returns both.
fn wait_for_conversations(panel: &Panel, pages: &Pages, widget_origin: &str) -> (u32, u32) {
    wait_for("each message in its conversation", LIMIT, || {
        let recorded = panel.recorded()?;
        let place = |it: &&Recorded| it.message["place"] == "above";
        let of = |it: Option<&Recorded>| it.map_or(0, |it| it.conversation);
        let above = of(recorded.iter().find(place));
        let widget = of(recorded.iter().find(|it| it.origin == widget_origin));
        let expected = forged(&pages.host, "above");
        let found = messages(&recorded, |it| it.conversation == above);
        let received = |page: &Target, from: &str| -> Result<Vec<Value>, _> {
            let entries = only_traffic(page)?.into_iter();
            let received = entries.filter(|it| it.dir == "received" && it.from == from);
            Ok(received.map(|it| it.message).collect())
        };
        let from_widget = received(&pages.host, "child")?;
        let from_host = received(&pages.widget, "parent")?;
        let of_widget =
            |from: &str| messages(&recorded, |it| it.conversation == widget && it.from == from);
        let is_same = found == expected
            && !found.is_empty()
            && of_widget("widget") == from_widget
            && of_widget("host") == from_host
            && recorded
                .iter()
                .all(|it| [above, widget].contains(&it.conversation));
        Ok(if is_same {
            Poll::Done((widget, above))
        } else {
            Poll::NotYet(format!("{recorded:#?}"))
        })
    })
    .unwrap()
}

/// Opens a window from a page, as a user would.
fn open_popup(browser: &Browser, page: &Target, url: &str) -> Target {
    let button = format!(
        "void (() => {{
            const button = document.createElement('button');
            button.style = 'position: fixed; inset: 0 auto auto 0; width: 40px; height: 40px; z-index: 9';
            button.onclick = () => {{ window.open('{url}', '_blank', 'popup'); button.remove(); }};
            document.body.append(button);
        }})()"
    );
    page.evaluate::<()>(&button).unwrap();
    page.click(20.0, 20.0).unwrap();
    let is_it = |it: &callscope_browser::TargetInfo| it.kind == "page" && it.url == url;
    let popup = browser.wait_for_target("the popup", is_it).unwrap();
    popup
        .wait_until::<bool>("the popup", "document.readyState === 'complete'")
        .unwrap();
    popup
}

/// A window that logs a user in tells the page that opened it, and closes; then Chromium no longer
/// says who posted that.
#[test]
fn what_a_popup_says_before_it_closes_is_not_missing() {
    const POPUPS: usize = 5;
    let (demo, strangers) = (demo().unwrap(), demo().unwrap());
    let browser = browser(&demo, &strangers);
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    for count in 1..=POPUPS {
        let url = format!("https://127.0.0.1:{}/nothing?{count}", strangers.port());
        let popup = open_popup(&browser, &pages.host, &url);
        popup
            .evaluate::<()>(
                "void setTimeout(() => {
                    opener.postMessage({ type: 'LOGGED_IN', messageId: 'popup' }, '*');
                    close();
                })",
            )
            .unwrap();
        let heard =
            format!("demoLog.filter(it => it.message?.messageId === 'popup').length === {count}");
        pages
            .host
            .wait_until::<bool>("what the popup says", &heard)
            .unwrap();
    }
    make_calls(&pages).unwrap();
    panel.wait_for_row("CALL_COMPLETED").unwrap();
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
    assert_eq!(panel.shown().unwrap().status["lost"], 0);
}

/// A window that the host's page has opened, and that stays, speaks as a widget would.
#[test]
fn a_popup_that_behaves_like_a_widget_is_not_the_widget() {
    let (demo, strangers) = (demo().unwrap(), demo().unwrap());
    let browser = browser(&demo, &strangers);
    let pages = Pages::open(&browser, &demo, "login=auto&autodial=off").unwrap();
    pages.wait_for_handshake().unwrap();
    let (_devtools, panel) = open_panel(&browser, &pages).unwrap();
    let before = panel.wait_for_same(&pages).unwrap();
    let url = format!("https://127.0.0.1:{}/stranger.html?popup", strangers.port());
    let popup = open_popup(&browser, &pages.host, &url);
    popup
        .evaluate::<()>("stranger.forge(opener, 'popup')")
        .unwrap();
    wait_for("what the popup says", LIMIT, || {
        let count = forged(&pages.host, "popup").len();
        Ok(Poll::at(count >= 22, count.to_string()))
    })
    .unwrap();
    make_calls(&pages).unwrap();
    panel.wait_for_row("CALL_COMPLETED").unwrap();
    // The widget's conversation is that of the widget alone, and there is no other.
    let widget_origin = origin(&demo.widget_url());
    wait_for_attribution(&panel, &pages, &widget_origin, &[]);
    let recorded = panel.recorded().unwrap();
    assert_eq!(recorded[..before.len()], before[..]);
    let shown = panel.shown().unwrap();
    assert_eq!(shown.conversations.len(), 1);
    assert!(!shown.conversations[0].stranger);
    assert_eq!(shown.status["lost"], 0);
    assert_eq!(panel.lines("gap").unwrap(), [] as [Value; 0]);
}
