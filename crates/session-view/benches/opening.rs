//! Measures what opening a log in pieces costs, as the panel does it: how many allocations, and how
//! much memory a message takes when everything is read.
//!
//! Run with `cargo bench -p callscope-session-view --bench opening`; `CALLSCOPE_BENCH_MESSAGES`
//! sets the log's length. Both numbers depend only on the code. To count instructions, run the
//! program under callgrind, with and without messages.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use callscope_session_view::Opening;
use callscope_session_view::rows::ViewOptions;

#[expect(dead_code, reason = "its other contents are measured elsewhere")]
#[path = "../../cli/benches/check/log.rs"]
mod log;

/// The system's allocator, counting.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);
static HELD: AtomicUsize = AtomicUsize::new(0);

#[expect(unsafe_code, reason = "`GlobalAlloc` is an unsafe trait")]
// SAFETY: the system's allocator does all the work.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise carries over.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller's promise carries over.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn main() {
    /// The panel reads a log in pieces of this many bytes.
    const PIECE: usize = 262_144;
    let messages = std::env::var("CALLSCOPE_BENCH_MESSAGES");
    let messages = messages.ok().and_then(|it| it.parse().ok());
    let messages: u64 = messages.unwrap_or(100_000);
    let mut text = Vec::new();
    log::Content::Calls
        .write(messages, &mut text)
        .expect("writing to memory cannot fail");
    let before = [&ALLOCATIONS, &HELD].map(|it| it.load(Ordering::Relaxed));
    let mut opening = Opening::new(text.len() as u64, ViewOptions::default());
    for piece in text.chunks(PIECE) {
        opening.feed(piece).expect("the log is well-formed");
    }
    let opened = opening.finish().expect("the log is well-formed");
    let after = [&ALLOCATIONS, &HELD].map(|it| it.load(Ordering::Relaxed));
    let shown = opened.view.rows().shown();
    assert_eq!(shown, messages, "all are shown");
    let of_each = |index: usize| (after[index] - before[index]) as f64 / messages as f64;
    println!(
        "{messages} messages of {:.0} bytes: {:.1} allocations and {:.0} bytes held a message",
        text.len() as f64 / messages as f64,
        of_each(0),
        of_each(1),
    );
}
