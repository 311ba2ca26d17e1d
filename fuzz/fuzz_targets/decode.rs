//! See `callscope_fuzz::decode`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| callscope_fuzz::decode::run(bytes));
