//! Widgets in one page that are added late, are side by side, and replace each other.

#![expect(clippy::unwrap_used, reason = "in helpers, a panic fails the test")]

use callscope_browser::{BrowserError, Poll, Target, wait_for};
use callscope_e2e::{
    Entry, LIMIT, Recorded, Stage, demo, make_calls, only_traffic, wait_for_entry,
};
use serde_json::Value;

/// Adds another widget to the host's page, in place of an earlier one's frame if given, and syncs
/// with it.
fn put_widget(stage: &Stage, name: &str, replaces: Option<&str>) -> Target {
    let url = format!("{}?autodial=off&name={name}", stage.demo.widget_url());
    let put = match replaces {
        Some(before) => format!("document.getElementById('{before}').replaceWith(frame)"),
        None => "document.body.append(frame)".to_owned(),
    };
    stage
        .pages
        .host
        .evaluate::<()>(&format!(
            "(async () => {{
                const frame = Object.assign(document.createElement('iframe'),
                    {{ id: '{name}', src: '{url}' }});
                const loaded = new Promise(done => {{ frame.onload = done }});
                {put};
                await loaded;
                const manager = {{ destinationWindow: frame.contentWindow }};
                logSends(manager);
                globalThis.sayTo_{name} = (type, data) => manager.destinationWindow.postMessage(
                    {{ type, messageId: `${{Date.now()}}_${{performance.now()}}`, data }}, '*');
                sayTo_{name}('SYNC');
            }})()"
        ))
        .unwrap();
    let widget = stage.browser.frame(&stage.pages.host, &url).unwrap();
    wait_for_entry(&widget, "INITIALIZED").unwrap();
    widget
}

/// Makes host and widget send each other messages.
fn talk(stage: &Stage, name: &str, widget: &Target) {
    for round in 0..3 {
        widget
            .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
            .unwrap();
        let say = format!(
            "void sayTo_{name}('VISIBILITY_CHANGED', {{ isMinimized: true, isHidden: false, round: {round} }})"
        );
        stage.pages.host.evaluate::<()>(&say).unwrap();
    }
    widget
        .wait_until::<bool>(
            "all of it",
            "demoLog.some(it => it.dir === 'received' && it.message.data?.round === 2)",
        )
        .unwrap();
}

/// What a widget's page has logged.
fn log(widget: &Target) -> Vec<Entry> {
    only_traffic(widget).unwrap()
}

fn messages<'a>(
    recorded: &'a [Recorded],
    is_it: impl Fn(&Recorded) -> bool + 'a,
) -> impl Iterator<Item = &'a Value> + 'a {
    let found = recorded.iter().filter(move |it| is_it(it));
    found.map(|it| &it.message)
}

fn logged<'a>(log: &'a [Entry], dir: &'a str) -> impl Iterator<Item = &'a Value> + 'a {
    let found = log.iter().filter(move |it| it.dir == dir);
    found.map(|it| &it.message)
}

/// The first difference between the session and the pages: each widget's conversation has what that
/// widget received and sent, in order; together they have what the host received, in order.
fn difference(
    stage: &Stage,
    recorded: &[Recorded],
    widgets: &[&[Entry]],
) -> Result<Option<String>, BrowserError> {
    for (number, log) in (1..).zip(widgets) {
        for (from, dir) in [("host", "received"), ("widget", "sent")] {
            let here = messages(recorded, |it| it.conversation == number && it.from == from);
            if !here.eq(logged(log, dir)) {
                let here: Vec<&str> = recorded.iter().map(Recorded::kind).collect();
                let there: Vec<&str> = log.iter().map(Entry::kind).collect();
                return Ok(Some(format!(
                    "{number}, of the {from}: {here:?}, not {there:?}"
                )));
            }
        }
    }
    let host = only_traffic(&stage.pages.host)?;
    let is_same = messages(recorded, |it| it.from == "widget").eq(logged(&host, "received"));
    Ok((!is_same).then(|| format!("the host received {host:#?}, not {recorded:#?}")))
}

fn wait_for_same(stage: &Stage, widgets: &[&[Entry]]) {
    wait_for("the session to be what the pages logged", LIMIT, || {
        let recorded = stage.panel.recorded()?;
        let difference = difference(stage, &recorded, widgets)?;
        Ok(difference.map_or(Poll::Done(()), Poll::NotYet))
    })
    .unwrap();
    assert_eq!(stage.panel.lines("gap").unwrap(), [] as [Value; 0]);
    assert_eq!(
        stage.panel.shown().unwrap().conversations.len(),
        widgets.len()
    );
}

#[test]
fn widgets_that_come_late_and_replace_each_other_are_conversations_of_their_own() {
    let stage = Stage::open(demo().unwrap(), "autodial=off").unwrap();
    let first = &stage.pages.widget;
    make_calls(&stage.pages).unwrap();

    // Added late, beside the existing one.
    let second = put_widget(&stage, "second", None);
    talk(&stage, "second", &second);
    first
        .evaluate::<()>("void demo.phone.sdk.userUnavailable()")
        .unwrap();
    talk(&stage, "second", &second);
    wait_for_same(&stage, &[&log(first), &log(&second)]);

    // Two more, which send in another order than they were added.
    let third = put_widget(&stage, "third", None);
    let fourth = put_widget(&stage, "fourth", None);
    talk(&stage, "fourth", &fourth);
    talk(&stage, "third", &third);
    let logs = [first, &second, &third, &fourth].map(log);
    wait_for_same(&stage, &logs.each_ref().map(Vec::as_slice));

    // One replaces the second.
    let fifth = put_widget(&stage, "fifth", Some("second"));
    talk(&stage, "fifth", &fifth);
    first.evaluate::<()>("void demo.phone.logOut()").unwrap();
    talk(&stage, "third", &third);
    wait_for_entry(&stage.pages.host, "LOGGED_OUT").unwrap();
    let gone = &logs[1];
    let [first, third, fourth, fifth] = [first, &third, &fourth, &fifth].map(log);
    wait_for_same(&stage, &[&first, gone, &third, &fourth, &fifth]);
    let closed = stage.panel.lines("closed").unwrap();
    let ended: Vec<&Value> = closed.iter().map(|it| &it["conversation"]).collect();
    assert_eq!(ended, [2]);
}
