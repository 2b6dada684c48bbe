//! PIN verification, natural PINs and random PINs, once more on text.

use cipher::{BlockCipherEncrypt, KeyInit, consts::U8};
use des::{Des, TdesEde2, TdesEde3};
use pinblock::{
    Error, Pan, Pin, PinPolicy,
    ibm3624::{self, DecimalisationTable, Offset, ValidationData},
    pvv::{self, Pvki, Pvv},
    subtle::ConstantTimeEq,
};

use super::{Given, pan_digits};
use crate::{choices::Choices, told::assert_hidden};

/// Natural PIN, offset, PIN from offset and PVV are what a slow method on text gives, under any key and table, and verify nothing
/// else; a random PIN is the first one in what the generator gives that the policy allows.
///
/// Choices: `u8` length of the PIN and its digits, `u8` length of the PAN and its digits, `[u8; 24]` key, `u8` its length, `u8` key index,
/// `u8` where the run of the PAN begins and `u8` where it ends, `u8` pad, `[u8; 16]` table, `u8` length of another PIN and its digits, `u8` what
/// the policy excludes; then what the random number generator gives until it fails.
pub fn pinblock_verify(data: &[u8]) {
    let mut choices = Choices::new(data);
    let pin = pin_digits(&mut choices);
    let pan = text(&pan_digits(&mut choices));
    let key: [u8; 24] = choices.array();
    let key_length = choices.one_of(&[8, 16, 24]);
    let pvki = choices.u8();
    let run = choices.u8() % 21..choices.u8() % 21;
    let pad = choices.u8() % 17;
    let table = text(&choices.digits(16));
    let other = pin_digits(&mut choices);
    let excluded = choices.u8();
    let case = Case { pin: &pin, pan: &pan, other: &other };

    let taken = pan.get(usize::from(run.start)..usize::from(run.end)).unwrap_or("");
    let from_pan = ValidationData::from_pan(&pan.parse().unwrap(), run, pad);
    let validation_data = if taken.is_empty() || taken.len() > 16 || pad > 0xF {
        assert!(matches!(from_pan, Err(Error::ValidationData)));
        format!("{pan:F<16}")[..16].to_owned()
    } else {
        let filled = taken.to_owned() + &format!("{pad:X}").repeat(16 - taken.len());
        assert_eq!(from_pan.unwrap().expose_bytes(), &number(&filled).to_be_bytes());
        filled
    };
    match key_length {
        8 => case.ibm3624(&Des::new_from_slice(&key[..8]).unwrap(), &table, &validation_data),
        16 => {
            case.ibm3624(&TdesEde2::new_from_slice(&key[..16]).unwrap(), &table, &validation_data)
        }
        _ => case.ibm3624(&TdesEde3::new_from_slice(&key).unwrap(), &table, &validation_data),
    }
    case.pvv(&TdesEde2::new_from_slice(&key[..16]).unwrap(), pvki % 10);
    case.random(excluded, choices.rest());

    for digits in [&pin, &other, &pan, &table] {
        let found = DecimalisationTable::from_ascii(digits.as_bytes());
        assert_eq!(found.is_ok(), digits.len() == 16);
        if let Ok(table) = found {
            assert_eq!(table.check_balance().is_ok(), balanced(digits));
        }
        assert_eq!(Offset::from_ascii(digits.as_bytes()).is_ok(), (4..=12).contains(&digits.len()));
    }
    for ascii in [data, &key[..16], &key] {
        let hex = ascii.len() == 16 && ascii.iter().all(u8::is_ascii_hexdigit);
        assert_eq!(ValidationData::from_ascii(ascii).is_ok(), hex);
        let decimal = ascii.iter().all(u8::is_ascii_digit);
        let found = DecimalisationTable::from_ascii(ascii).is_ok();
        assert_eq!(found, decimal && ascii.len() == 16);
        let found = Offset::from_ascii(ascii).is_ok();
        assert_eq!(found, decimal && (4..=12).contains(&ascii.len()));
    }
}

struct Case<'a> {
    pin: &'a str,
    pan: &'a str,
    other: &'a str,
}

impl Case<'_> {
    fn ibm3624<C: BlockCipherEncrypt<BlockSize = U8>>(&self, cipher: &C, table: &str, data: &str) {
        let decimal = |nibble: char| {
            let place = nibble.to_digit(16).unwrap();
            table.as_bytes()[usize::try_from(place).unwrap()] - b'0'
        };
        let intermediate: Vec<u8> = enciphered(cipher, data).chars().map(decimal).collect();
        let digit_by_digit = |digits: &str, of: fn(u8, u8) -> u8| {
            let pairs = digits.bytes().zip(&intermediate);
            text(&pairs.map(|(digit, natural)| of(digit - b'0', *natural)).collect::<Vec<u8>>())
        };
        let natural = digit_by_digit(self.pin, |_, natural| natural);
        let offset = digit_by_digit(self.pin, |digit, natural| (digit + 10 - natural) % 10);
        let from_other = digit_by_digit(self.other, |digit, natural| (digit + natural) % 10);

        let table = DecimalisationTable::from_ascii(table.as_bytes()).unwrap();
        let data = ValidationData::from_ascii(data.as_bytes()).unwrap();
        let (pin, other): (Pin, Pin) = (self.pin.parse().unwrap(), self.other.parse().unwrap());
        assert_hidden(&table, "DecimalisationTable");
        assert_hidden(&data, "ValidationData");
        for length in [0, 3, 13, u8::MAX] {
            let found = ibm3624::natural_pin(cipher, &table, &data, length);
            assert_eq!(found.err(), Some(Error::PinLength));
        }
        let found = ibm3624::natural_pin(cipher, &table, &data, pin.length()).unwrap();
        assert_eq!(found.expose_digits().as_str(), natural);
        let of_pin = ibm3624::offset(cipher, &table, &data, &pin);
        assert_eq!(of_pin.expose_digits().as_str(), offset);
        assert_hidden(&of_pin, "Offset");
        let again = Offset::from_ascii(offset.as_bytes()).unwrap();
        assert!(bool::from(of_pin.ct_eq(&again)));
        let other_offset = Offset::from_ascii(self.other.as_bytes()).unwrap();
        let found = ibm3624::pin_from_offset(cipher, &table, &data, &other_offset);
        assert_eq!(found.expose_digits().as_str(), from_other);

        for (offset, of) in [(&of_pin, self.pin), (&other_offset, &*from_other)] {
            for (pin, digits) in [(&pin, self.pin), (&other, self.other), (&found, &*from_other)] {
                let verdict = ibm3624::verify(cipher, &table, &data, pin, offset);
                assert_eq!(verdict, verified(digits == of));
            }
        }
    }

    fn pvv<C: BlockCipherEncrypt<BlockSize = U8>>(&self, cipher: &C, index: u8) {
        let value = |pin: &str| {
            let digits = format!("{:0>11}", &self.pan[..self.pan.len() - 1]);
            let input = format!("{}{index}{}", &digits[digits.len() - 11..], &pin[..4]);
            let enciphered = enciphered(cipher, &input);
            let (decimal, letters): (Vec<char>, Vec<char>) =
                enciphered.chars().partition(char::is_ascii_digit);
            let letters = letters.into_iter().map(|letter| letter.to_digit(16).unwrap() - 10);
            let letters = letters.map(|digit| char::from_digit(digit, 10).unwrap());
            decimal.into_iter().chain(letters).take(4).collect::<String>()
        };
        let (of_pin, of_other) = (value(self.pin), value(self.other));
        let pan: Pan = self.pan.parse().unwrap();
        let index = Pvki::new(index).unwrap();
        let found = pvv::generate(cipher, &pan, index, &self.pin.parse().unwrap());
        assert_eq!(found.expose_ascii(), of_pin.as_bytes());
        assert_hidden(&found, "Pvv");
        let verify = |pin: &str, pvv: &str| {
            let pvv = Pvv::from_ascii(pvv.as_bytes()).unwrap();
            pvv::verify(cipher, &pan, index, &pin.parse().unwrap(), &pvv)
        };
        assert_eq!(verify(self.pin, &of_pin), Ok(()));
        assert_eq!(verify(self.other, &of_pin), verified(of_other == of_pin));
        assert_eq!(verify(self.pin, &self.other[..4]), verified(of_pin == self.other[..4]));
    }

    fn random(&self, excluded: u8, given: &[u8]) {
        let listed = [self.pin];
        let mut policy = PinPolicy::ALL;
        let excludes = |bit: u8| excluded & bit != 0;
        if excludes(1) {
            policy = policy.exclude_all_equal();
        }
        if excludes(2) {
            policy = policy.exclude_ascending();
        }
        if excludes(4) {
            policy = policy.exclude_descending();
        }
        if excludes(8) {
            policy = policy.exclude_listed(&listed).unwrap();
        }
        let up = "0123456789".repeat(3);
        let down: String = up.chars().rev().collect();
        let weak = |pin: &str| {
            (excludes(1) && pin.chars().all(|digit| pin.starts_with(digit)))
                || (excludes(2) && up.contains(pin))
                || (excludes(4) && down.contains(pin))
                || (excludes(8) && pin == self.pin)
        };
        for pin in [self.pin, self.other] {
            let wanted = if weak(pin) { Err(Error::PinWeak) } else { Ok(()) };
            assert_eq!(policy.check(&pin.parse().unwrap()), wanted);
        }

        let shown = format!("{policy:?}");
        assert!(!shown.contains(self.pin), "{shown}");
        for length in [0, 3, 13] {
            let found = Pin::random(length, &policy, &mut Given(given));
            assert_eq!(found.err(), Some(Error::PinLength));
        }
        let length = self.other.len();
        let mut draws = given
            .chunks_exact(8)
            .map(|bytes| bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>());
        let drawn = core::iter::from_fn(|| {
            let mut digits = String::new();
            while digits.len() < length {
                digits.extend(draws.next()?.chars().filter(char::is_ascii_digit));
            }
            digits.truncate(length);
            Some(digits)
        });
        let expected = drawn.take(256).find(|pin| !weak(pin));
        let found = Pin::random(u8::try_from(length).unwrap(), &policy, &mut Given(given));
        match found {
            Ok(pin) => assert_eq!(Some(pin.expose_digits().as_str()), expected.as_deref()),
            // With enough bytes for 256 draws, or for 16 without enough digits, the errors are not only the generator's.
            Err(error) if given.len() < 8 * 16 => {
                assert_eq!((error, expected), (Error::Rng, None));
            }
            Err(error) => assert!(matches!(error, Error::Rng | Error::PinPolicy)),
        }
    }
}

fn verified(right: bool) -> Result<(), Error> {
    if right { Ok(()) } else { Err(Error::VerificationFailed) }
}

/// At least 8 different digits, none more than 4 times.
fn balanced(table: &str) -> bool {
    let counts = ('0'..='9').map(|digit| table.chars().filter(|other| *other == digit).count());
    counts.clone().filter(|count| *count > 0).count() >= 8 && counts.max() <= Some(4)
}

fn enciphered<C: BlockCipherEncrypt<BlockSize = U8>>(cipher: &C, hex: &str) -> String {
    let mut block = number(hex).to_be_bytes();
    cipher.encrypt_block((&mut block).into());
    format!("{:016X}", u64::from_be_bytes(block))
}

fn number(hex: &str) -> u64 {
    u64::from_str_radix(hex, 16).unwrap()
}

fn text(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

fn pin_digits(choices: &mut Choices<'_>) -> String {
    let length = 4 + usize::from(choices.u8() % 9);
    text(&choices.digits(length))
}
