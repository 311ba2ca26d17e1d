//! Measures the views that look at a whole session, with long sessions. It runs natively; in the
//! browser everything is about two times slower.
//!
//! Run with `cargo bench -p callscope-session-view`; `CALLSCOPE_BENCH_MESSAGES` sets the length of
//! the sessions.

use std::hint::black_box;
use std::time::Instant;

use callscope_protocol::Millis;
use callscope_session_log::Log;
use callscope_session_view::SessionView;
use callscope_session_view::calls::table;
use callscope_session_view::filter::Filter;
use callscope_session_view::finding_list::{Listing, lines};
use callscope_session_view::handshake::handshakes;
use callscope_session_view::ladder::Outline;
use callscope_session_view::latency::latencies;
use callscope_session_view::machines::Machines;
use callscope_session_view::rows::{OrderBy, ViewOptions};

#[expect(dead_code, reason = "its other contents are measured elsewhere")]
#[path = "../../cli/benches/check/log.rs"]
mod log;

const ROUNDS: usize = 9;

/// The median duration of several rounds, in milliseconds.
fn median(mut act: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            #[expect(clippy::disallowed_methods, reason = "a benchmark needs a clock")]
            let start = Instant::now();
            act();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

fn session(content: log::Content, messages: u64) -> SessionView {
    let mut text = Vec::new();
    content
        .write(messages, &mut text)
        .expect("writing to memory cannot fail");
    let log = Log::read(&text).expect("the log is well-formed");
    let mut view = SessionView::new(log.into());
    view.update_rows(&ViewOptions::default());
    view
}

fn main() {
    let messages = std::env::var("CALLSCOPE_BENCH_MESSAGES");
    let messages = messages.ok().and_then(|it| it.parse().ok());
    let messages: u64 = messages.unwrap_or(100_000);
    let mut calls = session(log::Content::Calls, messages);
    let mut found = session(log::Content::Findings, messages);
    let filter = ViewOptions {
        filter: Filter::parse("ended").expect("a word is a filter"),
        ..ViewOptions::default()
    };
    println!("| {messages} messages | calls | a finding in each message |");
    println!("| --- | --: | --: |");
    let mut row = |what: &str, act: &mut dyn FnMut(&mut SessionView)| {
        let times = [&mut calls, &mut found].map(|view| median(|| act(view)));
        println!("| {what} | {:.2} ms | {:.2} ms |", times[0], times[1]);
    };
    row("all rows anew", &mut |view| {
        view.update_rows(&filter);
        view.update_rows(&ViewOptions::default());
    });
    for by in [OrderBy::Time, OrderBy::Summary, OrderBy::Latency] {
        row(&format!("rows by {by:?}"), &mut |view| {
            black_box(view.ordered(by, true));
        });
    }
    row("counts of findings", &mut |view| {
        black_box(view.finding_counts());
    });
    row("what is missing", &mut |view| {
        black_box(view.missing());
    });
    row("table of calls", &mut |view| {
        black_box(table(view, None::<Millis>));
    });
    row("latencies", &mut |view| {
        black_box(latencies(view, |_| true));
    });
    row("handshakes", &mut |view| {
        black_box(handshakes(view, |_| true));
    });
    row("ladder", &mut |view| {
        black_box(Outline::new(view));
    });
    row("state", &mut |view| {
        let id = view.session().conversations().next().map(|it| it.id);
        black_box(id.and_then(|id| Machines::new(view, id, None)));
    });
    row("list of findings", &mut |view| {
        black_box(lines(view, Listing::default(), &|_| None));
    });
}
