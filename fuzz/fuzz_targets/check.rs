//! See `callscope_fuzz::check`.

#![no_main]

use callscope_fuzz::check::Script;

libfuzzer_sys::fuzz_target!(|script: Script| callscope_fuzz::check::run(&script));
