#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::dol_fill(data));
