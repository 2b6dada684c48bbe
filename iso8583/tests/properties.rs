//! Round trips, truncation and corruption of random messages, in every shipped dialect.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    missing_docs,
    reason = "a test says what it expects by panicking"
)]
#![cfg(feature = "alloc")]

use std::collections::BTreeMap;

use iso8583_wire::{Class, Encoder, Field, Length, Message, MessageRef, Mti, Spec, dialect};
use proptest::collection::btree_map;
use proptest::prelude::*;

/// A value for a field, made from random bytes.
fn value(field: &Field, seed: &[u8]) -> Vec<u8> {
    let length = match field.length() {
        Length::Fixed(length) | Length::UpTo(length) => usize::from(length),
        Length::Variable { max, .. } => seed.len().min(usize::from(max)),
        other => panic!("{other:?}"),
    };
    let alphabet: &[u8] = match field.class() {
        Class::N | Class::Xn => b"0123456789",
        Class::Z => b"0123456789=",
        Class::A => b"AZaz ",
        Class::An | Class::Anp => b"AZaz09 ",
        Class::Ns => b"09 !~",
        _ => b" !09AZaz~",
    };
    (0..length)
        .map(|position| {
            let byte = seed.get(position % seed.len().max(1)).copied().unwrap_or(0);
            match field.class() {
                Class::B => byte,
                Class::Xn if position == 0 => b'C' + byte % 2,
                _ => alphabet[usize::from(byte) % alphabet.len()],
            }
        })
        .collect()
}

/// The fields that the dialect has as single values; what has parts is not filled with random text.
fn carried(spec: &Spec<'_>, seeds: BTreeMap<u16, Vec<u8>>) -> BTreeMap<u16, Vec<u8>> {
    let is_single =
        |number: &u16| spec.field(*number).is_some_and(|field| field.composite().is_none());
    seeds.into_iter().filter(|(number, _)| is_single(number)).collect()
}

fn message<'s>(spec: &'s Spec<'s>, mti: u16, seeds: &BTreeMap<u16, Vec<u8>>) -> Message<'s> {
    let mut message = Message::new(spec, format!("{mti:04}").parse::<Mti>().unwrap());
    for (&number, seed) in seeds.iter().rev() {
        let field = spec.field(number).unwrap();
        let value = value(field, seed);
        if field.class() == Class::B {
            message.set_bytes(number, &value).unwrap();
        } else {
            message.set_text(number, str::from_utf8(&value).unwrap()).unwrap();
        }
    }
    message
}

fn any_dialect() -> impl Strategy<Value = &'static Spec<'static>> {
    prop::sample::select(dialect::ALL)
}

fn seeds() -> impl Strategy<Value = BTreeMap<u16, Vec<u8>>> {
    btree_map(2..=152_u16, prop::collection::vec(any::<u8>(), 0..40), 0..20)
}

proptest! {
    #[test]
    fn what_is_encoded_is_read_back(spec in any_dialect(), mti in 0..10_000_u16, seeds in seeds()) {
        let seeds = carried(spec, seeds);
        let message = message(spec, mti, &seeds);
        let wire = message.encode_to_vec().unwrap();
        let read = MessageRef::parse(spec, &wire).unwrap();
        prop_assert_eq!(read.mti(), message.mti());
        prop_assert_eq!(read.carried().iter().collect::<Vec<_>>(), seeds.keys().copied().collect::<Vec<_>>());
        for (&number, seed) in &seeds {
            let field = read.get(number).unwrap();
            let value = value(field.definition(), seed);
            let mut buffer = [0; 2_000];
            if field.definition().class() == Class::B {
                prop_assert_eq!(field.copy_bytes(&mut buffer).unwrap(), value);
            } else {
                prop_assert_eq!(field.copy_text(&mut buffer).unwrap().as_bytes(), value);
            }
        }
        prop_assert_eq!(Message::from(&read).encode_to_vec().unwrap(), wire);
    }

    #[test]
    fn the_encoder_and_the_owned_message_agree(spec in any_dialect(), seeds in seeds()) {
        let seeds = carried(spec, seeds);
        let message = message(spec, 200, &seeds);
        let wire = message.encode_to_vec().unwrap();
        let mut buffer = vec![0; wire.len()];
        let mut encoder = Encoder::new(spec, message.mti(), &mut buffer).unwrap();
        for field in message.iter() {
            let text = field.exposed().to_string();
            match field.as_bytes() {
                Some(bytes) => { encoder.bytes(field.number(), bytes).unwrap(); }
                None if field.definition().class() == Class::B => { encoder.copy(&field).unwrap(); }
                None => { encoder.text(field.number(), &text).unwrap(); }
            }
        }
        prop_assert_eq!(encoder.finish(), wire);
    }

    #[test]
    fn cut_anywhere_it_is_refused_inside_the_message(spec in any_dialect(), seeds in seeds()) {
        let seeds = carried(spec, seeds);
        let wire = message(spec, 200, &seeds).encode_to_vec().unwrap();
        for cut in 0..wire.len() {
            let error = MessageRef::parse(spec, &wire[..cut]).unwrap_err();
            prop_assert!(usize::try_from(error.offset()).unwrap() <= cut, "{error}");
        }
    }

    #[test]
    fn one_wrong_byte_gives_an_error_or_a_message_that_encodes(
        spec in any_dialect(), seeds in seeds(), place in any::<prop::sample::Index>(), flip in 1..=255_u8,
    ) {
        let seeds = carried(spec, seeds);
        let mut wire = message(spec, 200, &seeds).encode_to_vec().unwrap();
        let place = place.index(wire.len());
        wire[place] ^= flip;
        match MessageRef::parse(spec, &wire) {
            Err(error) => prop_assert!(usize::try_from(error.offset()).unwrap() <= wire.len()),
            Ok(read) => {
                let again = Message::from(&read).encode_to_vec().unwrap();
                let reread = MessageRef::parse(spec, &again).unwrap();
                prop_assert_eq!(reread.carried(), read.carried());
            }
        }
    }

    #[test]
    fn any_bytes_at_all(spec in any_dialect(), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((read, rest)) = MessageRef::parse_prefix(spec, &bytes) {
            prop_assert_eq!(read.wire().len() + rest.len(), bytes.len());
            prop_assert!(read.iter().count() == read.carried().len());
        }
    }
}
