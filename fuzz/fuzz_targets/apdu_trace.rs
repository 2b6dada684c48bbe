#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::apdu_trace(data));
