//! DUKPT derivation.

mod explain;
mod held;
mod terminal;
mod working_key;

use core::fmt::Display;

use dukpt::{
    Error, KeySerialNumber, ReplayGuard,
    aes::{self, BaseKey, KeyType, KeyUsage},
    key::Aes,
    tdes::{self, KsnLayout},
};

use crate::{
    choices::{Choices, hex},
    told::assert_hidden,
};

pub use explain::dukpt_explain;
pub use terminal::dukpt_terminal;
pub use working_key::dukpt_working_key;

/// Any bytes as a key serial number are refused for what is wrong with them, or give keys: from the base key the same as
/// from the initial key, and from no other terminal's.
///
/// Choices: `[u8; 32]` base key, `u8` bit of the id to flip, `u8` size of the AES key; then the key serial number.
pub fn dukpt_ksn(data: &[u8]) {
    let mut choices = Choices::new(data);
    let bdk: [u8; 32] = choices.array();
    let flip = choices.u8();
    let by_aes = choices.one_of(&[by_aes::<16>, by_aes::<24>, by_aes::<32>]);
    let any_length = choices.rest();
    let length = any_length.len();
    let fits = |found: Option<Error>| assert_eq!(found, (length != 10).then_some(Error::KsnLength));
    fits(tdes::Ksn::try_from(any_length).err());
    let fits = |found: Option<Error>| assert_eq!(found, (length != 12).then_some(Error::KsnLength));
    fits(aes::Ksn::try_from(any_length).err());
    let id_length = (length != 8).then_some(Error::InitialKeyIdLength);
    assert_eq!(tdes::InitialKeyId::try_from(any_length).err(), id_length);
    assert_eq!(aes::InitialKeyId::try_from(any_length).err(), id_length);

    let text = core::str::from_utf8(any_length).unwrap_or("no text");
    assert_eq!(
        text.parse::<tdes::Ksn>().map(|ksn| ksn.to_bytes()),
        slow_hex(text, Error::KsnLength)
    );
    assert_eq!(
        text.parse::<aes::Ksn>().map(|ksn| ksn.to_bytes()),
        slow_hex(text, Error::KsnLength)
    );
    let id = text.parse::<aes::InitialKeyId>().map(|id| id.to_bytes());
    assert_eq!(id, slow_hex(text, Error::InitialKeyIdLength));

    held::names(text);
    held::errors();
    by_tdes(&bdk, flip, { choices }.array());
    let aes_serial = choices.array();
    held::aes_pin_keys(bdk.first_chunk().unwrap(), aes::Ksn::from_bytes(aes_serial));
    by_aes(&bdk, flip, aes_serial, choices);
    let serial = { Choices::new(any_length) }.array();
    held::tdes_layouts(serial, flip, { choices }.u8());
    tdes_parts(serial, choices.u8(), choices.u8());
    tdes_moves(&bdk, serial, choices);
}

/// What pairs of hex digits say, by the standard library, of which signs are kept away.
fn slow_hex<const M: usize>(text: &str, length: Error) -> Result<[u8; M], Error> {
    if text.len() != 2 * M {
        return Err(length);
    }
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Error::NotHex);
    }
    let bytes = (0..M).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap());
    Ok(bytes.collect::<Vec<_>>().try_into().unwrap())
}

/// The 59 bits one by one.
fn tdes_parts(serial: [u8; 10], key_set_bits: u8, device_bits: u8) {
    let (key_set_bits, device_bits) = (key_set_bits % 64, device_bits % 64);
    let used = usize::from(key_set_bits) + usize::from(device_bits);
    let layout = match KsnLayout::new(key_set_bits.into(), device_bits.into()) {
        Ok(layout) => layout,
        Err(error) => {
            assert_eq!(error, Error::KsnLayout);
            assert!(used > 59);
            return;
        }
    };
    assert!(used <= 59);
    let bits: Vec<bool> =
        serial.iter().flat_map(|byte| (0..8).map(move |i| byte & 0x80 >> i != 0)).collect();
    let number = |bits: &[bool]| bits.iter().fold(0, |sum, bit| sum * 2 + u64::from(*bit));
    let (id, counter) = bits.split_at(59);
    let (rest, device) = id.split_at(59 - usize::from(device_bits));
    let (front, key_set) = rest.split_at(rest.len() - usize::from(key_set_bits));
    let ksn = tdes::Ksn::from_bytes(serial);
    assert_eq!(ksn.key_set_id(layout), number(key_set));
    assert_eq!(ksn.device_id(layout), number(device));

    let counter = u32::try_from(number(counter)).unwrap();
    let made = tdes::Ksn::from_parts(layout, number(key_set), number(device), counter).unwrap();
    // In front: ones as far as whole hex digits go, then zeros.
    let mut expected = bits.clone();
    for (place, bit) in expected.iter_mut().take(front.len()).enumerate() {
        *bit = place < front.len() / 4 * 4;
    }
    let made: Vec<bool> = made
        .to_bytes()
        .iter()
        .flat_map(|byte| (0..8).map(move |i| byte & 0x80 >> i != 0))
        .collect();
    assert_eq!(made, expected);
    let too_large = Some(Error::KsnPartTooLarge);
    let [key_set, device] = [key_set_bits, device_bits].map(|bits| 1_u64 << bits);
    assert_eq!(tdes::Ksn::from_parts(layout, key_set, 0, counter).err(), too_large);
    assert_eq!(tdes::Ksn::from_parts(layout, 0, device, counter).err(), too_large);
    assert_eq!(tdes::Ksn::from_parts(layout, 0, 0, 1 << 21).err(), too_large);
    assert_eq!(tdes::Ksn::new(ksn.initial_key_id(), counter), Ok(ksn));
}

/// Another counter: the next, the one before, the same, any, or one with few bits more.
fn moved(counter: u32, choices: &mut Choices<'_>) -> u32 {
    match choices.u8() % 5 {
        0 => counter.wrapping_add(1),
        1 => counter.wrapping_sub(1),
        2 => counter,
        3 => u32::from_be_bytes(choices.array()),
        _ => counter | 1 << (choices.u8() % 32),
    }
}

/// How many counters are left, counted one by one by `next`, if there are so few above.
fn assert_left(left: u32, mut next: impl FnMut() -> Result<(), Error>) {
    let mut count = 0;
    while count <= left && count < 300 {
        match next() {
            Ok(()) => count += 1,
            Err(error) => {
                assert_eq!((error, count), (Error::CounterExhausted, left));
                return;
            }
        }
    }
    assert!(left >= 300, "{left} left and more than {count} found");
}

/// Checks a counter as a list of what was accepted says, and accepts it in every second case.
fn assert_guarded<K: KeySerialNumber + PartialEq>(
    guard: &mut ReplayGuard<K>,
    accepted: &mut Vec<u32>,
    ksn: &K,
    refused: Option<Error>,
    authentic: bool,
) {
    let seen = accepted.iter().any(|counter| *counter >= ksn.counter());
    let expected = refused.or(seen.then_some(Error::CounterReplayed));
    let before = guard.last();
    match guard.check(ksn) {
        Ok(fresh) => {
            assert_eq!(expected, None);
            assert_eq!(fresh.ksn(), *ksn);
            if authentic {
                fresh.accept();
                accepted.push(ksn.counter());
                assert_eq!(guard.last(), *ksn);
                return;
            }
        }
        Err(error) => assert_eq!(Some(error), expected),
    }
    assert_eq!(guard.last(), before);
}

/// A guard that takes any number of one bits takes what is above, of its own terminal.
fn assert_lax<K: KeySerialNumber + PartialEq + Display>(ksn: K, other: K) {
    let mut guard = ReplayGuard::new(ksn);
    assert_eq!(guard.check_lax(&ksn).err(), Some(Error::CounterReplayed));
    assert_eq!(guard.check_lax(&other).err(), Some(Error::InitialKeyMismatch));
    assert_eq!(guard.check(&other).err(), Some(Error::InitialKeyMismatch));
    assert_eq!(guard.last(), ksn);
}

fn tdes_moves(bdk: &[u8], serial: [u8; 10], mut choices: Choices<'_>) {
    let start = tdes::Ksn::from_bytes(serial);
    let mut ksn = start;
    assert_left(start.keys_left(), || {
        ksn = ksn.next()?;
        Ok(())
    });
    let id = start.initial_key_id();
    let initial_key = tdes::InitialKey::try_from((&bdk[..16], id)).unwrap();
    let mut cache = tdes::KeyCache::new(&initial_key);
    let mut guard = ReplayGuard::new(tdes::Ksn::new(id, 0).unwrap());
    let mut accepted = Vec::new();
    let mut counter = start.counter();
    let mut pairs = Vec::new();
    for _ in 0..20 {
        let ksn = tdes::Ksn::new(id, counter).unwrap();
        let expected = initial_key.transaction_key(&ksn).map(|key| *key.expose_bytes());
        let found = cache.transaction_key(&ksn).map(|key| *key.expose_bytes());
        assert_eq!(found, expected);
        let authentic = choices.u8().is_multiple_of(2);
        assert_guarded(&mut guard, &mut accepted, &ksn, refusal(counter, 10), authentic);
        pairs.push((ksn, expected));
        if choices.is_empty() {
            break;
        }
        counter = moved(counter, &mut choices) & 0x1F_FFFF;
    }
    let keys = tdes::transaction_keys(pairs.iter().map(|(ksn, _)| (&initial_key, *ksn)));
    assert_hidden(&keys, "TransactionKeys");
    assert_eq!(keys.size_hint(), (pairs.len(), Some(pairs.len())));
    assert_hidden(&cache, "KeyCache");
    assert_eq!(cache.id(), id);
    let other = tdes::Ksn::from_bytes(serial.map(|byte| !byte)).initial_key_id();
    let other = tdes::Ksn::new(other, 1).unwrap();
    assert_eq!(cache.transaction_key(&other).err(), Some(Error::InitialKeyMismatch));
    assert_lax(start, other);
    for (key, (_, expected)) in keys.zip(&pairs) {
        assert_eq!(key.map(|key| *key.expose_bytes()), *expected);
    }
}

fn aes_moves<const N: usize>(
    initial_key: &aes::InitialKey<N>,
    start: aes::Ksn,
    mut choices: Choices<'_>,
) where
    Aes: BaseKey<N>,
{
    let mut ksn = start;
    assert_left(start.keys_left(), || {
        ksn = ksn.next()?;
        Ok(())
    });
    let id = start.initial_key_id();
    assert_eq!(aes::InitialKeyId::new(id.bdk_id(), id.derivation_id()), id);
    let mut cache = aes::KeyCache::new(initial_key);
    let mut guard = ReplayGuard::new(aes::Ksn::new(id, 0));
    let mut accepted = Vec::new();
    let mut counter = start.counter();
    let mut pairs = Vec::new();
    for _ in 0..20 {
        let ksn = aes::Ksn::new(id, counter);
        let expected = initial_key.transaction_key(&ksn).map(|key| *key.expose_bytes());
        let found = cache.transaction_key(&ksn).map(|key| *key.expose_bytes());
        assert_eq!(found, expected);
        let authentic = choices.u8().is_multiple_of(2);
        assert_guarded(&mut guard, &mut accepted, &ksn, refusal(counter, 16), authentic);
        pairs.push((ksn, expected));
        if choices.is_empty() {
            break;
        }
        counter = moved(counter, &mut choices);
    }
    let keys = aes::transaction_keys(pairs.iter().map(|(ksn, _)| (initial_key, *ksn)));
    assert_hidden(&keys, "TransactionKeys");
    assert_eq!(keys.size_hint(), (pairs.len(), Some(pairs.len())));
    assert_hidden(&cache, "KeyCache");
    assert_eq!(cache.id(), id);
    let other = aes::Ksn::from_bytes(start.to_bytes().map(|byte| !byte)).initial_key_id();
    let other = aes::Ksn::new(other, 1);
    assert_eq!(cache.transaction_key(&other).err(), Some(Error::InitialKeyMismatch));
    assert_lax(start, other);
    for (key, (_, expected)) in keys.zip(&pairs) {
        assert_eq!(key.map(|key| *key.expose_bytes()), *expected);
    }
}

fn by_tdes(bdk: &[u8], flip: u8, serial: [u8; 10]) {
    let ksn = tdes::Ksn::from_bytes(serial);
    assert_eq!(ksn.to_bytes(), serial);
    assert_shows(&ksn, &serial);
    assert_eq!(ksn.to_string().parse(), Ok(ksn));
    assert_eq!(ksn.to_string().to_lowercase().parse(), Ok(ksn));
    let mut id = serial;
    id[7] &= 0xE0;
    assert_eq!(ksn.initial_key_id().to_bytes()[..], id[..8]);
    let counter = u32::from_be_bytes([0, serial[7] & 0x1F, serial[8], serial[9]]);
    assert_eq!((ksn.counter(), ksn.one_bits()), (counter, counter.count_ones()));

    let bdk = tdes::Bdk::try_from(&bdk[..16]).unwrap();
    let derived = bdk.initial_key(ksn.initial_key_id());
    let loaded = tdes::InitialKey::from_bytes(derived.expose_bytes(), ksn.initial_key_id());
    held::tdes_in_a_module(bdk.expose_bytes(), ksn.initial_key_id());
    assert!(format!("{ksn:?}").starts_with("Ksn"));
    let refused = refusal(counter, 10);
    assert_eq!(derived.transaction_key(&ksn).err(), refused);
    assert_eq!(loaded.transaction_key(&ksn).err(), refused);
    let key = derived.transaction_key_lax(&ksn).unwrap();
    let same = loaded.transaction_key_lax(&ksn).unwrap();
    assert_eq!(key.expose_bytes(), same.expose_bytes());
    assert_eq!(key.expose_bytes() == derived.expose_bytes(), counter == 0);
    held::tdes_keys(&key, &serial);

    let mut other = serial;
    other[usize::from(flip) % 59 / 8] ^= 0x80 >> (flip % 59 % 8);
    let other = tdes::Ksn::from_bytes(other);
    for key in [&derived, &loaded] {
        assert_eq!(key.transaction_key_lax(&other).err(), Some(Error::InitialKeyMismatch));
    }

    // A variant changes one byte of each half, counted from 0.
    let variant = |byte: usize| {
        let mut key = *key.expose_bytes();
        key[byte] ^= 0xFF;
        key[byte + 8] ^= 0xFF;
        key
    };
    assert_eq!(key.pin_key().expose_bytes(), &variant(7));
    assert_eq!(key.mac_request_key().expose_bytes(), &variant(6));
    assert_eq!(key.mac_response_key().expose_bytes(), &variant(4));
    assert_eq!(key.data_request_key_without_self_encryption().expose_bytes(), &variant(5));
    assert_eq!(key.data_response_key_without_self_encryption().expose_bytes(), &variant(3));
    for (key, plain) in [
        (*key.data_request_key().expose_bytes(), variant(5)),
        (*key.data_response_key().expose_bytes(), variant(3)),
    ] {
        // Each half alone, so in CBC mode each from a vector of zeros.
        let itself = tdes::DataRequestKey::from_bytes(&plain);
        let mut halves = [[0; 8]; 2];
        for (half, enciphered) in halves.iter_mut().zip(key.chunks(8)) {
            half.copy_from_slice(enciphered);
            itself.decrypt_cbc(&[0; 8], half).unwrap();
        }
        assert_eq!(halves.concat(), plain);
    }
}

fn by_aes<const N: usize>(bdk: &[u8], flip: u8, serial: [u8; 12], moves: Choices<'_>)
where
    Aes: BaseKey<N>,
{
    let ksn = aes::Ksn::from_bytes(serial);
    assert_eq!(ksn.to_bytes(), serial);
    assert_shows(&ksn, &serial);
    assert_eq!(ksn.to_string().parse(), Ok(ksn));
    let id = ksn.initial_key_id();
    assert_eq!([id.bdk_id(), id.derivation_id()].concat(), serial[..8]);
    let counter = u32::from_be_bytes(serial[8..].try_into().unwrap());
    assert_eq!((ksn.counter(), ksn.one_bits()), (counter, counter.count_ones()));

    let bdk = aes::Bdk::<N>::try_from(&bdk[..N]).unwrap();
    let derived = bdk.initial_key(id);
    let loaded = aes::InitialKey::<N>::from_bytes(derived.expose_bytes(), id);
    held::aes_in_a_module::<N>(bdk.expose_bytes(), ksn);
    held::update_key(&derived);
    assert!(format!("{ksn:?}").starts_with("Ksn"));
    aes_moves(&derived, ksn, moves);
    let refused = refusal(counter, 16);
    assert_eq!(derived.transaction_key(&ksn).err(), refused);
    assert_eq!(loaded.transaction_key(&ksn).err(), refused);
    let key = derived.transaction_key_lax(&ksn).unwrap();
    let same = loaded.transaction_key_lax(&ksn).unwrap();
    assert_eq!(key.expose_bytes(), same.expose_bytes());
    assert_eq!(key.expose_bytes() == derived.expose_bytes(), counter == 0);

    let mut other = serial;
    other[usize::from(flip) % 64 / 8] ^= 0x80 >> (flip % 8);
    let other = aes::Ksn::from_bytes(other);
    for key in [&derived, &loaded] {
        assert_eq!(key.transaction_key_lax(&other).err(), Some(Error::InitialKeyMismatch));
    }

    for &key_type in KeyType::ALL {
        let too_strong = usize::from(key_type.strength()) > N * 8;
        for &usage in KeyUsage::ALL {
            let expected = if too_strong {
                Some(Error::KeyTypeTooStrong)
            } else {
                (!key_type.allows(usage)).then_some(Error::UsageNotAllowed)
            };
            match (key.working_key(usage, key_type), same.working_key(usage, key_type)) {
                (Ok(one), Ok(other)) => {
                    assert_eq!(expected, None);
                    assert_eq!(one.expose_bytes(), other.expose_bytes());
                    let is = (one.usage(), one.key_type(), one.expose_bytes().len());
                    assert_eq!(is, (usage, key_type, key_type.len()));
                }
                (Err(one), Err(other)) => {
                    assert_eq!((Some(one), Some(other)), (expected, expected))
                }
                (one, other) => panic!("{one:?} and {other:?}"),
            }
        }
    }
    let own_type = <Aes as BaseKey<N>>::KEY_TYPE;
    let of = |usage| key.working_key(usage, own_type).unwrap().expose_bytes().to_vec();
    assert_eq!(key.pin_key().expose_bytes()[..], of(KeyUsage::Pin));
    assert_eq!(key.mac_generation_key().expose_bytes()[..], of(KeyUsage::MacGeneration));
    assert_eq!(key.mac_verification_key().expose_bytes()[..], of(KeyUsage::MacVerification));
    assert_eq!(key.mac_both_key().expose_bytes()[..], of(KeyUsage::MacBoth));
    assert_eq!(key.data_encryption_key().expose_bytes()[..], of(KeyUsage::DataEncryption));
    assert_eq!(key.data_decryption_key().expose_bytes()[..], of(KeyUsage::DataDecryption));
    assert_eq!(key.data_both_key().expose_bytes()[..], of(KeyUsage::DataBoth));
    assert_eq!(key.key_encryption_key().expose_bytes()[..], of(KeyUsage::KeyEncryption));
    assert_eq!(key.key_derivation_key().expose_bytes()[..], of(KeyUsage::KeyDerivation));
}

/// Why a terminal may not use a counter.
fn refusal(counter: u32, most_one_bits: u32) -> Option<Error> {
    match counter.count_ones() {
        0 => Some(Error::CounterZero),
        ones if ones > most_one_bits => Some(Error::TooManyOneBits),
        _ => None,
    }
}

fn assert_shows(ksn: &impl Display, serial: &[u8]) {
    assert_eq!(ksn.to_string(), hex(serial));
}
