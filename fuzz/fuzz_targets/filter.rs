//! See `callscope_fuzz::filter`.

#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| callscope_fuzz::filter::run(text));
