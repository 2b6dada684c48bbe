//! DUKPT derivation.

mod explain;
mod terminal;
mod working_key;

use core::fmt::Display;

use dukpt::{
    Error,
    aes::{self, BaseKey, KeyType, KeyUsage},
    key::Aes,
    tdes,
};

use crate::choices::{Choices, hex};

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

    by_tdes(&bdk, flip, { choices }.array());
    by_aes(&bdk, flip, choices.array());
}

fn by_tdes(bdk: &[u8], flip: u8, serial: [u8; 10]) {
    let ksn = tdes::Ksn::from_bytes(serial);
    assert_eq!(ksn.to_bytes(), serial);
    assert_shows(&ksn, &serial);
    let mut id = serial;
    id[7] &= 0xE0;
    assert_eq!(ksn.initial_key_id().to_bytes()[..], id[..8]);
    let counter = u32::from_be_bytes([0, serial[7] & 0x1F, serial[8], serial[9]]);
    assert_eq!((ksn.counter(), ksn.one_bits()), (counter, counter.count_ones()));

    let bdk = tdes::Bdk::try_from(&bdk[..16]).unwrap();
    let derived = bdk.initial_key(ksn.initial_key_id());
    let loaded = tdes::InitialKey::from_bytes(derived.expose_bytes(), ksn.initial_key_id());
    let refused = refusal(counter, 10);
    assert_eq!(derived.transaction_key(&ksn).err(), refused);
    assert_eq!(loaded.transaction_key(&ksn).err(), refused);
    let key = derived.transaction_key_lax(&ksn).unwrap();
    let same = loaded.transaction_key_lax(&ksn).unwrap();
    assert_eq!(key.expose_bytes(), same.expose_bytes());
    assert_eq!(key.expose_bytes() == derived.expose_bytes(), counter == 0);

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

fn by_aes<const N: usize>(bdk: &[u8], flip: u8, serial: [u8; 12])
where
    Aes: BaseKey<N>,
{
    let ksn = aes::Ksn::from_bytes(serial);
    assert_eq!(ksn.to_bytes(), serial);
    assert_shows(&ksn, &serial);
    let id = ksn.initial_key_id();
    assert_eq!([id.bdk_id(), id.derivation_id()].concat(), serial[..8]);
    let counter = u32::from_be_bytes(serial[8..].try_into().unwrap());
    assert_eq!((ksn.counter(), ksn.one_bits()), (counter, counter.count_ones()));

    let bdk = aes::Bdk::<N>::try_from(&bdk[..N]).unwrap();
    let derived = bdk.initial_key(id);
    let loaded = aes::InitialKey::<N>::from_bytes(derived.expose_bytes(), id);
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
