//! PIN blocks made and read.

use aes::{Aes128, Aes256};
use des::TdesEde2;
use dukpt::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use pinblock::{Format, PinBlockSize, unionpay};
use sm4::Sm4;

use super::{KEY, OTHER_KEY, OTHER_PAN, PAN};
use crate::check::{Check, Tables};
use crate::secret::{Random, accepted, cipher, done, pan, pin, quietly, secret};
use crate::shown::{FILL, PIN_BLOCK};
use crate::{leaky, request};

/// A block of a format that nobody has to keep secret.
fn block<C>(format: Format, key: &[u8], digits: &str) -> Vec<u8>
where
    C: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize>,
{
    let mut block = accepted(format.encipher(
        &cipher::<C>(key),
        &pin(digits),
        Some(&pan(PAN)),
        &mut Random::new(),
    ));
    request::make_public(&mut block);
    block.to_vec()
}

fn decipher<C>(format: Format, key_len: usize, pins: &[&str])
where
    C: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize> + BlockCipherDecrypt,
{
    let [key, other_key] = [&KEY, &OTHER_KEY].map(|key| &key[..key_len]);
    for digits in pins {
        let block = quietly(|| block::<C>(format, key, digits));
        done(format.decipher(&cipher::<C>(key), &block, Some(&pan(PAN))));
        done(format.decipher(&cipher::<C>(key), &block, Some(&pan(OTHER_PAN))));
        done(format.decipher(&cipher::<C>(other_key), &block, Some(&pan(PAN))));
    }
}

/// Clear blocks, sound and not.
fn decode(format: Format, pins: &[&str]) {
    for digits in pins {
        let made = quietly(|| format.encode(&pin(digits), Some(&pan(PAN)), &mut Random::new()));
        let block = accepted(made);
        done(format.decode(block.expose_bytes(), Some(&pan(PAN))));
        done(format.decode(block.expose_bytes(), Some(&pan(OTHER_PAN))));
        done(format.decode(&secret([0x41; 8]), Some(&pan(PAN))));
        done(format.decode(&secret([0xFF; 8]), Some(&pan(PAN))));
    }
}

fn make<C>(format: Format, key_len: usize, pins: &[&str])
where
    C: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize>,
{
    for digits in pins {
        let cipher = cipher::<C>(&KEY[..key_len]);
        done(format.encipher(&cipher, &pin(digits), Some(&pan(PAN)), &mut Random::new()));
    }
}

/// A block that is deciphered well and then read with a branch on each digit.
fn read_leakily<C>(format: Format, key_len: usize, control: Option<u8>)
where
    C: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize> + BlockCipherDecrypt,
{
    let key = &KEY[..key_len];
    let block = quietly(|| block::<C>(format, key, "1234"));
    let mut clear = dukpt::cipher::Block::<C>::try_from(&block[..]).unwrap();
    cipher::<C>(key).decrypt_block(&mut clear);
    let field = u64::from_be_bytes(*clear.first_chunk().unwrap());
    done(match control {
        Some(control) => leaky::read_pin_field(field, control),
        None => leaky::digits(field),
    });
}

fn pack_leakily(format: Format) {
    let block = accepted(format.encode(&pin("1234"), Some(&pan(PAN)), &mut Random::new()));
    done(leaky::look_up(block.expose_bytes()));
}

/// A format of 8 bytes: decoded and deciphered, encoded and enciphered.
macro_rules! of_8_bytes {
    ($checks:ident: $($name:literal, $format:ident, $control:expr, $fill:expr, [$($pin:literal)+];)+) => {$(
        $checks.push(
            Check::new(
                concat!($name, " decode, decipher"),
                "clear block, PAN, key",
                || {
                    decode(Format::$format, &[$($pin),+]);
                    decipher::<TdesEde2>(Format::$format, 16, &[$($pin),+]);
                },
                || read_leakily::<TdesEde2>(Format::$format, 16, $control),
            )
            .through(Tables::Des)
            .shows(&[&PIN_BLOCK]),
        );
        $checks.push(
            Check::new(
                concat!($name, " encode, encipher"),
                "PIN, fill, PAN, key",
                || make::<TdesEde2>(Format::$format, 16, &[$($pin),+]),
                || pack_leakily(Format::$format),
            )
            .through(Tables::Des)
            .shows($fill),
        );
    )+};
}

pub(super) fn checks() -> Vec<Check> {
    let mut checks = Vec::new();
    of_8_bytes! { checks:
        "format 0", Iso0, Some(0), &[], ["1234" "123456789012"];
        "format 1", Iso1, Some(1), &[], ["1234" "123456789012"];
        "format 2", Iso2, Some(2), &[], ["1234" "123456789012"];
        "format 3", Iso3, Some(3), &[], ["1234" "123456789012"];
    }
    checks.push(
        Check::new(
            "format 4 decipher",
            "clear fields, PAN, key",
            || {
                decipher::<Aes128>(Format::Iso4, 16, &["1234", "123456789012"]);
                decipher::<Aes256>(Format::Iso4, 32, &["1234"]);
                done(pinblock::iso4::decode_pin_field(&secret([0x44; 16])));
            },
            || read_leakily::<Aes128>(Format::Iso4, 16, Some(4)),
        )
        .shows(&[&PIN_BLOCK]),
    );
    checks.push(Check::new(
        "format 4 encipher",
        "PIN, fill, PAN, key",
        || {
            make::<Aes128>(Format::Iso4, 16, &["1234", "123456789012"]);
            make::<Aes256>(Format::Iso4, 32, &["1234"]);
        },
        || {
            let field = pinblock::iso4::encode_pin_field_with_fill(&pin("1234"), &secret([7; 8]));
            done(leaky::look_up(field.expose_bytes()));
        },
    ));
    of_8_bytes! { checks:
        "ECI-2", Eci2, None, &[], ["1234"];
        "ECI-3", Eci3, None, &[], ["1234" "123456"];
        "VISA-2", Visa2, None, &[], ["1234" "123456"];
        "VISA-3", Visa3, None, &FILL, ["1234" "123456789012"];
        "VISA-4", Visa4, Some(0), &[], ["1234" "123456789012"];
        "OEM-1", Oem1, None, &FILL, ["1234" "123456789012"];
        "IBM 3621", Ibm3621, None, &FILL, ["1234" "12345678"];
        "IBM 4704", Ibm4704Epp, None, &[], ["1234" "123456789012"];
    }
    for (name, tables, run) in [
        ("UnionPay format 0, AES", Tables::None, (|| union_pay::<Aes128>()) as fn()),
        ("UnionPay format 0, SM4", Tables::Sm4, || union_pay::<Sm4>()),
    ] {
        checks.push(
            Check::new(name, "PIN, clear block, PAN, key", run, || {
                let key = cipher::<Aes128>(&KEY[..16]);
                let block = quietly(union_pay_block::<Aes128>);
                let mut clear = block.into();
                key.decrypt_block(&mut clear);
                done(leaky::is_zero(&clear[8..]));
            })
            .through(tables)
            .shows(&[&PIN_BLOCK]),
        );
    }
    checks
}

fn union_pay_block<C>() -> [u8; 16]
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = dukpt::cipher::consts::U16>,
{
    let mut block = accepted(unionpay::encipher(
        &cipher::<C>(&KEY[..16]),
        Format::Iso0,
        &pin("123654"),
        Some(&pan(PAN)),
        &mut Random::new(),
    ));
    request::make_public(&mut block);
    block
}

fn union_pay<C>()
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = dukpt::cipher::consts::U16> + BlockCipherDecrypt,
{
    let block = union_pay_block::<C>();
    for (key, number) in [(KEY, PAN), (KEY, OTHER_PAN), (OTHER_KEY, PAN)] {
        let key = cipher::<C>(&key[..16]);
        done(unionpay::decipher(&key, Format::Iso0, &block, Some(&pan(number))));
    }
}
