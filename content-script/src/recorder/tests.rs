//! Whole recorders, with scripted taps, a page in memory and simulated time.

mod floods;
mod inside;
mod leaving;
mod order;
mod pairing;
mod panel;
mod posting;
mod stage;
