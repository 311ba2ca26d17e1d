//! Both ends, driven by text traces.

#![expect(clippy::unwrap_used, reason = "a failing helper fails its test")]

mod calls;
mod catalogue;
mod chaos;
mod interleavings;
mod original;
mod pitfalls;
mod world;
