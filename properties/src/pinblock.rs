//! PIN blocks.

mod field;
mod legacy;
mod modules;
mod translate;
mod verify;

use core::fmt;

use aes::{Aes128, Aes192, Aes256};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, consts::U16};
use des::{TdesEde2, TdesEde3};
use pinblock::{
    ClearBlock, Error, Format, Pan, Pin, iso0, iso1, iso2, iso3, iso4,
    pvv::{self, Pvki, Pvv},
    rand_core::{TryCryptoRng, TryRng},
    subtle::ConstantTimeEq,
    unionpay,
};

use crate::choices::Choices;
use field::{Fill, read, xor_pan};

pub use {translate::pinblock_translate, verify::pinblock_verify};

const EIGHT_BYTE_FORMATS: [Format; 4] = [Format::Iso0, Format::Iso1, Format::Iso2, Format::Iso3];

/// Any block, clear, is invalid or holds the PIN that a slow reading finds, which encodes back to the same block; so says the
/// diagnosis. In a legacy format only a PIN that holds its own fill does not encode back.
///
/// Choices: `u8` length of the PAN and its digits; then the block: of 16 bytes for format 4's PIN field, of 8 for all other
/// formats; of another length it is refused. All of it is read as a format's name, too.
pub fn pinblock_decode(data: &[u8]) {
    let mut choices = Choices::new(data);
    let pan_digits = pan_digits(&mut choices);
    let pan = Pan::from_digits(&pan_digits).unwrap();
    let any_length = choices.rest();
    for format in EIGHT_BYTE_FORMATS.into_iter().chain(legacy::formats()) {
        let found = format.decode(any_length, Some(&pan));
        assert_eq!(matches!(found, Err(Error::BlockLength)), any_length.len() != 8);
    }
    modules::names(any_length);
    modules::errors();
    let sixteen: [u8; 16] = choices.array();
    let block: [u8; 8] = sixteen[..8].try_into().unwrap();
    for format in EIGHT_BYTE_FORMATS {
        let bound = matches!(format, Format::Iso0 | Format::Iso3);
        let field = if bound { xor_pan(&block, &pan_digits) } else { block };
        let (control, fill) = rule(format);
        let expected = read(&field, control, fill);
        let by_module = match format {
            Format::Iso0 => iso0::decode(&block, &pan),
            Format::Iso1 => iso1::decode(&block),
            Format::Iso2 => iso2::decode(&block),
            _ => iso3::decode(&block, &pan),
        };
        assert_digits(&by_module, expected.as_ref().map(|(digits, _)| digits));
        let by_format = format.decode(&block, Some(&pan));
        assert_digits(&by_format, expected.as_ref().map(|(digits, _)| digits));
        let without_pan = format.decode(&block, None);
        assert_eq!(matches!(without_pan, Err(Error::PanMissing)), bound);
        legacy::diagnosed(format, &block, &pan, by_format.as_ref().ok());
        if let (Ok(pin), Some((_, filled))) = (by_format, expected) {
            let given = if matches!(fill, Fill::Only(_)) { &[][..] } else { &filled };
            let again = format.encode_with_fill(&pin, Some(&pan), given).unwrap();
            assert_eq!(again.expose_bytes(), &block);
        }
    }
    legacy::decode(&block, &pan, &pan_digits);
    let (head, tail) = sixteen.split_at(8);
    let expected = read(head.try_into().unwrap(), 4, Fill::Only(0xA));
    let found = iso4::decode_pin_field(&sixteen);
    assert_digits(&found, expected.as_ref().map(|(digits, _)| digits));
    legacy::diagnosed(Format::Iso4, &sixteen, &pan, found.as_ref().ok());
    if let Ok(pin) = found {
        let again = iso4::encode_pin_field_with_fill(&pin, tail.try_into().unwrap());
        assert_eq!(again.expose_bytes(), &sixteen);
    }
    assert!(matches!(Format::Iso4.decode(&sixteen, Some(&pan)), Err(Error::BlockLength)));
    assert!(matches!(Format::Iso4.decode(&block, Some(&pan)), Err(Error::UnsupportedFormat)));
}

/// Any PIN comes back from every format that takes it, clear and enciphered under TDES and AES, and from no other PAN; its
/// verification value is verified. What a legacy format makes with any fill holds the PIN.
///
/// Choices: `u8` length of the PIN and its digits, `u8` length of the PAN and its digits, `u8` digit of the PAN to change and `u8` by how
/// much, `[u8; 32]` key, `u8` key index, `u8` bit to flip in an enciphered block; then what the random number generator gives until it fails.
pub fn pinblock_roundtrip(data: &[u8]) {
    let mut choices = Choices::new(data);
    let pin_length = 4 + usize::from(choices.u8() % 9);
    let pin_digits = choices.digits(pin_length);
    let pin = Pin::from_digits(&pin_digits).unwrap();
    let digits = pan_digits(&mut choices);
    let pan = Pan::from_digits(&digits).unwrap();
    let mut other_digits = digits;
    let changed = usize::from(choices.u8()) % other_digits.len();
    other_digits[changed] = (other_digits[changed] + 1 + choices.u8() % 9) % 10;
    let other = Pan::from_digits(&other_digits).unwrap();
    // The 12 digits before the check digit.
    let bound_8 = (1..=12).contains(&(other_digits.len() - 1 - changed));
    let key: [u8; 32] = choices.array();
    let pvki = Pvki::new(choices.u8() % 10).unwrap();
    let flip = choices.u8();
    let case = Case { pin: &pin, pan: &pan, other: &other, bound_8, flip, random: choices.rest() };

    let tdes = TdesEde2::new_from_slice(&key[..16]).unwrap();
    case.eight_bytes(&tdes);
    case.legacy(&tdes);
    case.modules(&tdes);
    case.modules_of_16(&Aes128::new_from_slice(&key[..16]).unwrap());
    case.shown();
    case.eight_bytes(&TdesEde3::new_from_slice(&key[..24]).unwrap());
    case.sixteen_bytes(&Aes128::new_from_slice(&key[..16]).unwrap());
    case.sixteen_bytes(&Aes192::new_from_slice(&key[..24]).unwrap());
    case.legacy_and_zeros(&Aes128::new_from_slice(&key[..16]).unwrap());
    case.sixteen_bytes(&Aes256::new_from_slice(&key).unwrap());

    let value = pvv::generate(&tdes, &pan, pvki, &pin);
    pvv::verify(&tdes, &pan, pvki, &pin, &value).unwrap();
    let mut ascii = *value.expose_ascii();
    ascii[usize::from(flip) % 4] = b'0' + (ascii[usize::from(flip) % 4] - b'0' + 1) % 10;
    let wrong = Pvv::from_ascii(&ascii).unwrap();
    let refused = pvv::verify(&tdes, &pan, pvki, &pin, &wrong);
    assert_eq!(refused, Err(Error::VerificationFailed));
    assert!(!bool::from(value.ct_eq(&wrong)));
}

/// What a round trip takes.
struct Case<'a> {
    pin: &'a Pin,
    pan: &'a Pan,
    /// A PAN that differs in one digit.
    other: &'a Pan,
    /// Whether that digit is one of those that go into a block of 8 bytes.
    bound_8: bool,
    flip: u8,
    random: &'a [u8],
}

impl Case<'_> {
    fn eight_bytes<C>(&self, cipher: &C)
    where
        C: BlockCipherEncrypt<BlockSize = cipher::consts::U8> + BlockCipherDecrypt,
    {
        for format in EIGHT_BYTE_FORMATS {
            let random = matches!(format, Format::Iso1 | Format::Iso3);
            let clear = format.encode(self.pin, Some(self.pan), &mut self.rng());
            let block = format.encipher(cipher, self.pin, Some(self.pan), &mut self.rng());
            let (Ok(clear), Ok(block)) = (clear, block) else {
                assert!(random && self.random.len() < 8);
                continue;
            };
            assert!(!random || self.random.len() >= 8);
            self.assert_comes_back(format.decode(clear.expose_bytes(), Some(self.pan)));
            self.assert_comes_back(format.decipher(cipher, &block, Some(self.pan)));
            let mut deciphered = block;
            cipher.decrypt_block(&mut deciphered);
            assert_eq!(&deciphered[..], clear.expose_bytes());

            let by_other = format.decipher(cipher, &block, Some(self.other));
            match format {
                Format::Iso0 if self.bound_8 => self.assert_does_not_come_back(by_other),
                // One letter of the fill may have become another.
                Format::Iso3 if self.bound_8 => assert_opaque(&by_other),
                _ => self.assert_comes_back(by_other),
            }
            let mut flipped = block;
            flipped[usize::from(self.flip / 8) % 8] ^= 1 << (self.flip % 8);
            assert_opaque(&format.decipher(cipher, &flipped, Some(self.pan)));
        }
        let unfit = Format::Iso4.encipher(cipher, self.pin, Some(self.pan), &mut self.rng());
        assert!(matches!(unfit, Err(Error::CipherBlockSize)));
    }

    fn legacy<C>(&self, cipher: &C)
    where
        C: BlockCipherEncrypt<BlockSize = cipher::consts::U8> + BlockCipherDecrypt,
    {
        let length = usize::from(self.pin.length());
        for format in legacy::formats() {
            let bound = legacy::is_bound(format);
            let takes = legacy::takes(format, length);
            let clear = format.encode(self.pin, Some(self.pan), &mut self.rng());
            let block = format.encipher(cipher, self.pin, Some(self.pan), &mut self.rng());
            if !takes {
                assert!(matches!(clear, Err(Error::PinLength | Error::Rng)), "{format}");
                assert!(matches!(block, Err(Error::PinLength | Error::Rng)), "{format}");
            } else if !bound && self.random.len() < 8 {
                assert!(matches!((clear, block), (Err(Error::Rng), Err(Error::Rng))), "{format}");
            } else {
                let (clear, block) = (clear.unwrap(), block.unwrap());
                self.assert_comes_back(format.decode(clear.expose_bytes(), Some(self.pan)));
                self.assert_comes_back(format.decipher(cipher, &block, Some(self.pan)));
                let mut deciphered = block;
                cipher.decrypt_block(&mut deciphered);
                assert_eq!(&deciphered[..], clear.expose_bytes());
                let by_other = format.decipher(cipher, &block, Some(self.other));
                match format {
                    Format::Visa4 => assert_opaque(&by_other),
                    _ if bound && self.bound_8 => self.assert_does_not_come_back(by_other),
                    _ => self.assert_comes_back(by_other),
                }
                let mut flipped = block;
                flipped[usize::from(self.flip / 8) % 8] ^= 1 << (self.flip % 8);
                assert_opaque(&format.decipher(cipher, &flipped, Some(self.pan)));
            }
            let count = legacy::fill_length(format, length);
            let fill: Vec<u8> = self.random.iter().map(|byte| byte % 16).take(count).collect();
            let given = format.encode_with_fill(self.pin, Some(self.pan), &fill);
            match given {
                Ok(block) => {
                    self.assert_comes_back(format.decode(block.expose_bytes(), Some(self.pan)))
                }
                Err(error) => assert!(match error {
                    Error::PinLength => !takes,
                    Error::FillLength => fill.len() != count,
                    Error::FillValue => legacy::may_refuse(format),
                    _ => false,
                }),
            }
        }
    }

    fn legacy_and_zeros<C>(&self, cipher: &C)
    where
        C: BlockCipherEncrypt<BlockSize = U16> + BlockCipherDecrypt,
    {
        for format in legacy::formats() {
            let pan = Some(self.pan);
            if let Ok(block) = unionpay::encipher(cipher, format, self.pin, pan, &mut self.rng()) {
                self.assert_comes_back(unionpay::decipher(cipher, format, &block, pan));
            }
        }
    }

    fn sixteen_bytes<C>(&self, cipher: &C)
    where
        C: BlockCipherEncrypt<BlockSize = U16> + BlockCipherDecrypt,
    {
        let block = iso4::encipher(cipher, self.pin, self.pan, &mut self.rng());
        let by_format = Format::Iso4.encipher(cipher, self.pin, Some(self.pan), &mut self.rng());
        assert_eq!(by_format.map(<[u8; 16]>::from), block);
        match block {
            Ok(block) => {
                self.assert_comes_back(iso4::decipher(cipher, &block, self.pan));
                self.assert_comes_back(Format::Iso4.decipher(cipher, &block, Some(self.pan)));
                self.assert_does_not_come_back(iso4::decipher(cipher, &block, self.other));
                let mut flipped = block;
                flipped[usize::from(self.flip / 8) % 16] ^= 1 << (self.flip % 8);
                self.assert_does_not_come_back(iso4::decipher(cipher, &flipped, self.pan));
            }
            Err(error) => {
                assert_eq!((error, self.random.len() < 8), (Error::Rng, true));
            }
        }
        for format in EIGHT_BYTE_FORMATS {
            let pan = Some(self.pan);
            let unfit = format.encipher(cipher, self.pin, pan, &mut self.rng());
            assert!(matches!(unfit, Err(Error::CipherBlockSize)));
            if let Ok(block) = unionpay::encipher(cipher, format, self.pin, pan, &mut self.rng()) {
                self.assert_comes_back(unionpay::decipher(cipher, format, &block, pan));
                let clear = format.encode(self.pin, pan, &mut self.rng()).unwrap();
                assert_eq!(followed_by(cipher, &clear, [0; 8]), block);
                let mut tail = [0; 8];
                tail[usize::from(self.flip / 8) % 8] = 1 << (self.flip % 8);
                let block = followed_by(cipher, &clear, tail);
                let found = unionpay::decipher(cipher, format, &block, pan);
                assert!(matches!(found, Err(Error::InvalidBlock)));
            }
        }
    }

    /// A generator that gives the same bytes each time it is asked for.
    fn rng(&self) -> Given<'_> {
        Given(self.random)
    }

    fn assert_comes_back(&self, found: Result<Pin, Error>) {
        assert!(bool::from(found.unwrap().ct_eq(self.pin)));
    }

    fn assert_does_not_come_back(&self, found: Result<Pin, Error>) {
        assert_opaque(&found);
        assert!(found.is_err() || found.is_ok_and(|pin| !bool::from(pin.ct_eq(self.pin))));
    }
}

/// A clear block and what is not always zeros, enciphered as one.
fn followed_by<C>(cipher: &C, clear: &ClearBlock<8>, tail: [u8; 8]) -> [u8; 16]
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    let mut block = [0; 16];
    block[..8].copy_from_slice(clear.expose_bytes());
    block[8..].copy_from_slice(&tail);
    cipher.encrypt_block((&mut block).into());
    block
}

fn assert_opaque(found: &Result<Pin, Error>) {
    assert!(matches!(found, Ok(_) | Err(Error::InvalidBlock)));
}

fn assert_digits(found: &Result<Pin, Error>, expected: Option<&String>) {
    assert_opaque(found);
    let digits = found.as_ref().ok().map(|pin| pin.expose_digits().as_str().to_owned());
    assert_eq!(digits.as_ref(), expected);
}

/// A format's control nibble, and what it fills up with.
fn rule(format: Format) -> (u8, Fill) {
    match format {
        Format::Iso0 => (0, Fill::Only(0xF)),
        Format::Iso1 => (1, Fill::Any),
        Format::Iso2 => (2, Fill::Only(0xF)),
        _ => (3, Fill::Letters),
    }
}

fn pan_digits(choices: &mut Choices<'_>) -> Vec<u8> {
    let length = 2 + usize::from(choices.u8() % 18);
    choices.digits(length)
}

/// A random number generator that gives these bytes, and fails when they are used up.
struct Given<'a>(&'a [u8]);

#[derive(Debug)]
struct UsedUp;

impl fmt::Display for UsedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("used up")
    }
}

impl core::error::Error for UsedUp {}

impl TryRng for Given<'_> {
    type Error = UsedUp;

    fn try_next_u32(&mut self) -> Result<u32, UsedUp> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, UsedUp> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), UsedUp> {
        let (given, rest) = self.0.split_at_checked(to.len()).ok_or(UsedUp)?;
        to.copy_from_slice(given);
        self.0 = rest;
        Ok(())
    }
}

impl TryCryptoRng for Given<'_> {}
