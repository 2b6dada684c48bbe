//! EMV: a card's objects walked, and the data for a data object list of it filled.

#![no_std]
#![no_main]

use budgets::{entry, input};
use core::hint::black_box;
use emv_tlv::{Dol, Error, find, tags, walk};

entry!(run);

fn run() {
    let measured = budgets::begin();
    measured.call("walk", || match walk_all(black_box(&input::CARD)) {
        Ok((objects, _)) => assert!(objects == 31),
        Err(_) => panic!(),
    });
    let mut buffer = [0; 128];
    measured.call("find-and-fill", || {
        match fill(black_box(&input::CARD), black_box(&mut buffer)) {
            Ok(length) => assert!(length == 33),
            Err(_) => panic!(),
        }
    });
}

/// How many objects there are, and how many bytes of cryptogram.
fn walk_all(card: &[u8]) -> Result<(usize, usize), Error> {
    let (mut objects, mut cryptogram) = (0, 0);
    for object in walk(card) {
        let object = object?;
        objects += 1;
        if object.tag() == tags::APPLICATION_CRYPTOGRAM {
            cryptogram = black_box(object.value()).len();
        }
    }
    Ok((objects, cryptogram))
}

fn fill(card: &[u8], out: &mut [u8]) -> Result<usize, Error> {
    let path = &[tags::FCI_TEMPLATE, tags::FCI_PROPRIETARY_TEMPLATE, tags::PDOL];
    let Some(list) = find(card, path)? else { return Ok(0) };
    let values = black_box(&input::TERMINAL_VALUES);
    let data = Dol::parse(list.value())?.fill(out, |tag| match tag {
        tags::AMOUNT_AUTHORISED => values.get(..6),
        tags::TERMINAL_VERIFICATION_RESULTS => values.get(6..11),
        tags::UNPREDICTABLE_NUMBER => values.get(11..15),
        _ => None,
    })?;
    Ok(black_box(data).len())
}
