//! The legacy formats against their slow twins, and what they have in common.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use aes::Aes128;
use cipher::KeyInit;
use des::TdesEde2;
use pinblock::{
    Error, Format, Pan, Pin,
    legacy::{
        diebold, docutel2, eci2, eci3, ibm3621, ibm3624, ibm4704epp, oem1, visa2, visa3, visa4,
    },
    rand_core::{TryCryptoRng, TryRng},
    unionpay,
};
use proptest::{collection::vec, prelude::*, sample::select};
use sm4::Sm4;

#[path = "legacy/oracle.rs"]
mod oracle;

const PAN: &str = "4761739001010010";

fn legacy() -> Vec<Format> {
    Format::ALL.into_iter().filter(|format| format.is_legacy()).collect()
}

fn pin(digits: &str) -> Pin {
    digits.parse().unwrap()
}

fn pan(digits: &str) -> Pan {
    digits.parse().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn block(text: &str) -> [u8; 8] {
    u64::from_str_radix(text, 16).unwrap().to_be_bytes()
}

fn values(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect()
}

fn digits(found: Result<Pin, Error>) -> Option<String> {
    match found {
        Ok(pin) => Some(pin.expose_digits().as_str().to_owned()),
        Err(error) => {
            assert_eq!(error, Error::InvalidBlock);
            None
        }
    }
}

/// Reads a block in every way that there is, which all find the same.
fn decoded(format: Format, block: &[u8; 8], pan: &Pan) -> Option<String> {
    let found = digits(format.decode(block, Some(pan)));
    let by_module = match format {
        Format::Eci2 => Some(eci2::decode(block)),
        Format::Eci3 => Some(eci3::decode(block)),
        Format::Visa2 => Some(visa2::decode(block)),
        Format::Docutel2 => Some(docutel2::decode(block)),
        Format::Visa3 => Some(visa3::decode(block)),
        Format::Visa4 => Some(visa4::decode(block, pan)),
        Format::Oem1 => Some(oem1::decode(block)),
        Format::Diebold => Some(diebold::decode(block)),
        Format::Ibm3621 => Some(ibm3621::decode(block)),
        Format::Ibm3624 => Some(ibm3624::decode(block)),
        Format::Ibm4704Epp => Some(ibm4704epp::decode(block)),
        _ => None,
    };
    if let Some(by_module) = by_module {
        assert_eq!(digits(by_module), found);
    }
    let diagnosed = format.diagnose(block, Some(pan)).ok();
    assert_eq!(diagnosed.map(|pin| pin.expose_digits().as_str().to_owned()), found);
    found
}

/// A generator that gives one byte over and over, up to so many times.
struct Bytes(u8, usize);

impl TryRng for Bytes {
    type Error = core::fmt::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes).map(|()| u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes).map(|()| u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.1 = self.1.checked_sub(out.len()).ok_or(core::fmt::Error)?;
        out.fill(self.0);
        Ok(())
    }
}

impl TryCryptoRng for Bytes {}

#[test]
fn every_length_with_every_repeated_fill() {
    let number = pan(PAN);
    for format in legacy() {
        for length in 4..=12 {
            for first in [0, 4, 7_u32] {
                let digits: String =
                    (first..).map(|d| char::from_digit(d % 10, 10).unwrap()).take(length).collect();
                for nibble in "0123456789ABCDEF".chars() {
                    encodes_as_the_oracle(format, &digits, &number, nibble);
                }
                if first == 4 {
                    refuses_other_lengths(format, &digits, &number);
                }
            }
        }
    }
}

/// With as many of one nibble as the format wants.
fn encodes_as_the_oracle(format: Format, digits: &str, number: &Pan, nibble: char) {
    let name = format.as_str();
    let Some(count) = oracle::fill_length(name, digits) else { return };
    let fill = nibble.to_string().repeat(count);
    let expected = oracle::encode(name, digits, PAN, &fill);
    match format.encode_with_fill(&pin(digits), Some(number), &values(&fill)) {
        Ok(block) => {
            assert_eq!(Some(hex(block.expose_bytes())), expected, "{name}");
            assert_eq!(decoded(format, block.expose_bytes(), number).as_deref(), Some(digits));
        }
        Err(error) => assert_eq!((error, expected), (Error::FillValue, None), "{name} {fill}"),
    }
}

/// With too few nibbles and too many, and a PIN that does not fit with any number.
fn refuses_other_lengths(format: Format, digits: &str, number: &Pan) {
    let name = format.as_str();
    let count = oracle::fill_length(name, digits);
    for other in (0..18).filter(|other| Some(*other) != count) {
        let refused = format.encode_with_fill(&pin(digits), Some(number), &[7; 18][..other]).err();
        let wanted = if count.is_some() { Error::FillLength } else { Error::PinLength };
        let for_both = count.is_none() && refused == Some(Error::FillLength);
        assert!(refused == Some(wanted) || for_both, "{name} {other}");
    }
    if count.is_none() {
        let found = format.encode(&pin(digits), Some(number), &mut Bytes(0x5A, 64));
        assert_eq!(found.err(), Some(Error::PinLength), "{name}");
    }
}

#[test]
fn every_place_where_a_run_or_a_delimiter_may_begin() {
    let number = pan(PAN);
    for format in legacy() {
        for nibble in "0123456789ABCDEF".chars() {
            for length in 0..=16 {
                for head in ["1234567890123456", "4123456789012345", "6120000000000000"] {
                    for delimiter in ["", "F"] {
                        let text = format!(
                            "{}{delimiter}{}",
                            &head[..length],
                            nibble.to_string().repeat(16)
                        );
                        let found = decoded(format, &block(&text[..16]), &number);
                        assert_eq!(
                            found,
                            oracle::decode(format.as_str(), &text[..16], PAN),
                            "{text}"
                        );
                    }
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn decodes_any_8_bytes_as_the_oracle(block: [u8; 8], n in "[0-9]{2,19}") {
        for format in legacy() {
            let expected = oracle::decode(format.as_str(), &hex(&block), &n);
            prop_assert_eq!(decoded(format, &block, &pan(&n)), expected);
        }
    }

}

proptest! {
    // A case is 256 blocks.
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Few blocks at random are sound, so that sound ones are taken and each nibble of them changed to each other.
    #[test]
    fn decodes_every_changed_nibble_as_the_oracle(
        p in "[0-9]{4,12}", n in "[0-9]{2,19}", fill in "[0-9]{12}|[0-9A-F]{12}", format in select(legacy()),
    ) {
        let name = format.as_str();
        let Some(count) = oracle::fill_length(name, &p) else { return Ok(()) };
        let Some(sound) = oracle::encode(name, &p, &n, &fill[..count]) else { return Ok(()) };
        let made = format.encode_with_fill(&pin(&p), Some(&pan(&n)), &values(&fill[..count])).unwrap();
        prop_assert_eq!(hex(made.expose_bytes()), sound.clone());
        prop_assert_eq!(decoded(format, made.expose_bytes(), &pan(&n)), Some(p));
        let number = pan(&n);
        for at in 0..16 {
            for nibble in "0123456789ABCDEF".chars() {
                let mut text = sound.clone();
                text.replace_range(at..=at, &nibble.to_string());
                let expected = oracle::decode(name, &text, &n);
                prop_assert_eq!(decoded(format, &block(&text), &number), expected);
            }
        }
    }
}

proptest! {
    #[test]
    fn random_fills_come_back_under_every_cipher(
        p in "[0-9]{4,12}", n in "[0-9]{2,19}", key: [u8; 16], format in select(legacy()),
    ) {
        let (held, number) = (pin(&p), pan(&n));
        let fits = oracle::fill_length(format.as_str(), &p).is_some();
        let rng = &mut getrandom::SysRng;
        let clear = format.encode(&held, Some(&number), rng);
        prop_assert_eq!(clear.is_ok(), fits);
        let (tdes, sm4) = (TdesEde2::new(&key.into()), Sm4::new(&key.into()));
        let Ok(clear) = clear else { return Ok(()) };
        prop_assert_eq!(&decoded(format, clear.expose_bytes(), &number).unwrap(), &p);
        let block = format.encipher(&tdes, &held, Some(&number), rng).unwrap();
        prop_assert_eq!(&digits(format.decipher(&tdes, &block, Some(&number))).unwrap(), &p);
        let block = unionpay::encipher(&sm4, format, &held, Some(&number), rng).unwrap();
        prop_assert_eq!(&digits(unionpay::decipher(&sm4, format, &block, Some(&number))).unwrap(), &p);
        let aes = Aes128::new(&key.into());
        let refused = format.encipher(&aes, &held, Some(&number), rng).err();
        prop_assert_eq!(refused, Some(Error::CipherBlockSize));
    }

    #[test]
    fn any_fill_is_a_block_that_comes_back_or_an_error(
        p in "[0-9]{4,12}", fill in vec(0..18_u8, 0..16), format in select(legacy()),
    ) {
        let made = format.encode_with_fill(&pin(&p), Some(&pan(PAN)), &fill);
        if let Ok(block) = made {
            prop_assert_eq!(decoded(format, block.expose_bytes(), &pan(PAN)), Some(p));
        }
    }
}

#[test]
fn modules_encipher_as_the_format_does() {
    let tdes = TdesEde2::new(&[0x24; 16].into());
    let (held, number) = (pin("1234"), pan(PAN));
    let rng = || Bytes(0x5A, 8);
    let twelve = [7; 12];
    let nine = [7; 9];
    let rows = [
        (Format::Eci2, eci2::encipher(&tdes, &held, &mut rng()).unwrap(), None),
        (Format::Eci2, eci2::encipher_with_fill(&tdes, &held, &twelve).unwrap(), Some(&twelve[..])),
        (Format::Eci3, eci3::encipher(&tdes, &held, &mut rng()).unwrap(), None),
        (Format::Eci3, eci3::encipher_with_fill(&tdes, &held, &nine).unwrap(), Some(&nine)),
        (Format::Visa2, visa2::encipher(&tdes, &held, &mut rng()).unwrap(), None),
        (Format::Docutel2, docutel2::encipher_with_fill(&tdes, &held, &nine).unwrap(), Some(&nine)),
        (Format::Visa3, visa3::encipher(&tdes, &held, &mut rng()).unwrap(), None),
        (Format::Visa3, visa3::encipher_with_fill(&tdes, &held, 7).unwrap(), Some(&[7])),
        (Format::Visa4, visa4::encipher(&tdes, &held, &number), None),
        (Format::Oem1, oem1::encipher(&tdes, &held, &mut rng()).unwrap(), None),
        (Format::Diebold, diebold::encipher_with_fill(&tdes, &held, 7).unwrap(), Some(&[7])),
        (Format::Ibm3624, ibm3624::encipher(&tdes, &held, &mut rng()).unwrap(), None),
        (Format::Ibm3621, ibm3621::encipher(&tdes, &held, 0x5A5A, &mut rng()).unwrap(), None),
        (
            Format::Ibm3621,
            ibm3621::encipher_with_fill(&tdes, &held, 0x1023, 7).unwrap(),
            Some(&[1, 0, 2, 3, 7]),
        ),
        (Format::Ibm4704Epp, ibm4704epp::encipher(&tdes, &held, 0x5A), None),
        (
            Format::Ibm4704Epp,
            ibm4704epp::encipher_with_fill(&tdes, &held, 0x10, 7).unwrap(),
            Some(&[7, 1, 0]),
        ),
    ];
    for (format, block, fill) in rows {
        let same = match fill {
            Some(fill) => format.encipher_with_fill(&tdes, &held, Some(&number), fill),
            None => format.encipher(&tdes, &held, Some(&number), &mut rng()),
        };
        assert_eq!(same.unwrap()[..], block, "{format}");
        let found = match format {
            Format::Eci2 => eci2::decipher(&tdes, &block),
            Format::Eci3 => eci3::decipher(&tdes, &block),
            Format::Visa2 => visa2::decipher(&tdes, &block),
            Format::Docutel2 => docutel2::decipher(&tdes, &block),
            Format::Visa3 => visa3::decipher(&tdes, &block),
            Format::Visa4 => visa4::decipher(&tdes, &block, &number),
            Format::Oem1 => oem1::decipher(&tdes, &block),
            Format::Diebold => diebold::decipher(&tdes, &block),
            Format::Ibm3621 => ibm3621::decipher(&tdes, &block),
            Format::Ibm3624 => ibm3624::decipher(&tdes, &block),
            _ => ibm4704epp::decipher(&tdes, &block),
        };
        assert_eq!(digits(found).as_deref(), Some("1234"), "{format}");
    }
}

#[test]
fn a_generator_that_fails_is_an_error_where_one_is_asked() {
    for format in legacy() {
        let found = format.encode(&pin("1234"), Some(&pan(PAN)), &mut Bytes(0, 7)).err();
        let drawn = !matches!(format.as_str(), "ansi" | "eci1" | "visa1" | "visa4");
        assert_eq!(found, drawn.then_some(Error::Rng), "{format}");
        let found = format.encode(&pin("1234"), None, &mut Bytes(0, 8)).err();
        assert_eq!(found, (!drawn).then_some(Error::PanMissing), "{format}");
        let found = format.decode(&[0; 8], None).err();
        assert_eq!(found == Some(Error::PanMissing), !drawn, "{format}");
    }
}

#[test]
fn random_fills_take_every_value_that_they_may() {
    let mut seen = [[[0_u32; 16]; 16]; 3];
    let formats = [Format::Diebold, Format::Visa2, Format::Visa3];
    for _ in 0..6_000 {
        for (format, seen) in formats.into_iter().zip(&mut seen) {
            let block = format.encode(&pin("1234"), None, &mut getrandom::SysRng).unwrap();
            for (at, nibble) in values(&hex(block.expose_bytes())).into_iter().enumerate() {
                seen[at][usize::from(nibble)] += 1;
            }
        }
    }
    // 6,000 by 6, 10 or 16 are expected, with a standard deviation below 30.
    let near = |counts: &[u32], expected: u32| counts.iter().all(|c| c.abs_diff(expected) < 200);
    assert!(near(&seen[0][15][10..], 1_000) && seen[0][15][..10] == [0; 10]);
    assert!(seen[1][7..].iter().all(|place| near(&place[..10], 600) && place[10..] == [0; 6]));
    assert!(near(&seen[2][15], 375));
}
