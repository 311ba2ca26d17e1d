//! See `callscope_fuzz::read_log`.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| callscope_fuzz::read_log::run(bytes));
