//! What the image of ISO 8583 holds without the crate: its input.

#![no_std]
#![no_main]

use budgets::{entry, input};
use core::hint::black_box;

entry!(run);

fn run() {
    budgets::begin().call("nothing", || {
        black_box((&input::TEXTS, &input::PIN_BLOCK, &input::CARD_DATA));
    });
}
