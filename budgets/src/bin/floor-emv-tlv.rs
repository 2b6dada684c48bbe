//! What the image of EMV holds without the crate: its input.

#![no_std]
#![no_main]

use budgets::{entry, input};
use core::hint::black_box;

entry!(run);

fn run() {
    budgets::begin().call("nothing", || {
        black_box((&input::CARD, &input::TERMINAL_VALUES));
    });
}
