//! ISO 8583, one dialect: a 0200 of 21 fields encoded, and parsed again.

#![no_std]
#![no_main]

use budgets::{entry, input};
use core::hint::black_box;
use iso8583_wire::{Encoder, Error, MessageRef, Mti, dialect::POS_DEMO};

entry!(run);

fn run() {
    let measured = budgets::begin();
    let mut buffer = [0; 512];
    let mut length = 0;
    measured.call("encode", || match encode(black_box(&mut buffer)) {
        Ok(wire) => length = wire,
        Err(_) => panic!(),
    });
    let wire = &buffer[..length];
    measured.call("parse", || match parse(black_box(wire)) {
        Ok(amount) => assert!(amount == Some(12_345)),
        Err(_) => panic!(),
    });
}

fn encode(buffer: &mut [u8]) -> Result<usize, Error> {
    let mut request = Encoder::new(&POS_DEMO, Mti::from_digits(b"0200")?, buffer)?;
    for (number, text) in black_box(&input::TEXTS) {
        request.text(*number, text)?;
    }
    request.bytes(52, black_box(&input::PIN_BLOCK))?;
    request.bytes(55, black_box(&input::CARD_DATA))?;
    Ok(request.finish().len())
}

fn parse(wire: &[u8]) -> Result<Option<u64>, Error> {
    let message = MessageRef::parse(&POS_DEMO, wire)?;
    black_box(message.mti());
    black_box(message.require(41)?.as_str());
    black_box(message.get(55).and_then(|field| field.as_bytes()));
    Ok(message.require(4)?.to_u64())
}
