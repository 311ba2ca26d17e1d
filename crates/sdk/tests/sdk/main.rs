//! Both ends, driven by text traces.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails with it")]

mod calls;
mod catalogue;
mod chaos;
mod interleavings;
mod original;
mod pitfalls;
mod world;
