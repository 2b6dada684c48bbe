//! Translations, against a model that takes blocks apart nibble by nibble.

use aes::Aes128;
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use des::TdesEde2;
use pinblock::{
    Error, Format, Pan, Pin, PinBlockSize,
    translate::{Incoming, Outgoing, Translation},
};

use super::{
    Given,
    field::{Fill, read, xor_pan},
    legacy, pan_digits, rule,
};
use crate::choices::Choices;

/// From a format in a row to one in a column, 0 to 4 and any legacy one: `y` with the same PAN; `x` under the exception for
/// legacy input, `X` not even then; `1`, `2` and `l` never.
const RULES: [&str; 6] = ["y12yyl", "yy2yyl", "222222", "y12yyl", "y12yyl", "xX2xxl"];

/// Any block on any way is refused by the rule, whatever it is; or is invalid, as the model finds; or goes out as a block in
/// which the model finds the same PIN.
///
/// Choices: for either side `u8` format (0 to 4, then the legacy ones), `u8` of which the remainder by 2 is the cipher (TDES, AES) and a half whether 8 zero
/// bytes follow, and `[u8; 16]` key; `u8` exceptions (1 legacy input, 2 change of PAN), whether the outgoing PAN is another (4), and
/// whether either is missing (8, 16); the PAN and the other one, each `u8` length and digits; `u8` how the block is made: a sound one
/// of `u8` length (in a legacy format `u8` fill) and digits, one from the `[u8; 16]` of a clear field, or as it is, `[u8; 16]` or `bytes`; then what the random number
/// generator gives until it fails.
pub fn pinblock_translate(data: &[u8]) {
    let mut choices = Choices::new(data);
    let mut side = || {
        let format = choices.u8() % 20;
        let under = choices.u8();
        Side { format, cipher: under % 2, zeros: under >= 0x80, key: choices.array() }
    };
    let (from, to) = (side(), side());
    let flags = choices.u8();
    let (digits, other) = (pan_digits(&mut choices), pan_digits(&mut choices));
    let case = Case {
        to_digits: if flags & 4 == 0 { digits.clone() } else { other },
        from_digits: digits,
        from,
        to,
        flags,
    };
    match (case.from.cipher, case.to.cipher) {
        (0, 0) => case.hold::<TdesEde2, TdesEde2>(choices),
        (0, _) => case.hold::<TdesEde2, Aes128>(choices),
        (_, 0) => case.hold::<Aes128, TdesEde2>(choices),
        _ => case.hold::<Aes128, Aes128>(choices),
    }
}

#[derive(Clone, Copy)]
struct Side {
    format: u8,
    cipher: u8,
    zeros: bool,
    key: [u8; 16],
}

struct Case {
    from: Side,
    to: Side,
    flags: u8,
    from_digits: Vec<u8>,
    to_digits: Vec<u8>,
}

impl Case {
    fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    fn hold<I, O>(&self, mut choices: Choices<'_>)
    where
        I: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize> + BlockCipherDecrypt,
        O: KeyInit + BlockCipherEncrypt<BlockSize: PinBlockSize> + BlockCipherDecrypt,
    {
        let incoming = I::new_from_slice(&self.from.key).unwrap();
        let outgoing = O::new_from_slice(&self.to.key).unwrap();
        let block = self.block(&incoming, &mut choices);
        let random = choices.rest();

        let pan =
            |digits: &[u8], missing: bool| (!missing).then(|| Pan::from_digits(digits).unwrap());
        let from_pan = pan(&self.from_digits, self.has(8));
        let to_pan = pan(&self.to_digits, self.has(16));
        let (from, to) = (self.from.named(), self.to.named());
        let incoming_side = match self.from.zeros {
            true => Incoming::unionpay(from, &incoming, from_pan.as_ref()),
            false => Incoming::new(from, &incoming, from_pan.as_ref()),
        };
        let outgoing_side = match self.to.zeros {
            true => Outgoing::unionpay(to, &outgoing, to_pan.as_ref()),
            false => Outgoing::new(to, &outgoing, to_pan.as_ref()),
        };
        let mut translation = Translation::new(incoming_side, outgoing_side);
        if self.has(1) {
            translation = translation.allow_legacy_input();
        }
        if self.has(2) {
            translation = translation.allow_pan_change();
        }

        let refusal = self.refusal(&from_pan, &to_pan, I::block_size(), O::block_size());
        assert_eq!(translation.check().err(), refusal);
        let found = translation.translate(&block, &mut Given(random));
        if refusal.is_some() {
            assert_eq!(found.err(), refusal);
            return;
        }
        if block.len() != I::block_size() {
            assert_eq!(found.err(), Some(Error::BlockLength));
            return;
        }
        let Some(pin) = self.from.open(&incoming, &block, &self.from_digits) else {
            assert_eq!(found.err(), Some(Error::InvalidBlock));
            return;
        };
        if to != Format::Iso0 && random.len() < 8 {
            assert_eq!(found.err(), Some(Error::Rng));
            return;
        }
        self.assert_with_fill(&translation, &outgoing, &block, &pin, random);
        let found = found.unwrap();
        assert_eq!(self.to.open(&outgoing, &found, &self.to_digits), Some(pin));
    }

    /// With a given fill, as with a drawn one: the PIN comes out, or the fill is refused.
    fn assert_with_fill<I, O>(
        &self,
        translation: &Translation<'_, I, O>,
        outgoing: &O,
        block: &[u8],
        pin: &str,
        random: &[u8],
    ) where
        I: BlockCipherDecrypt<BlockSize: PinBlockSize>,
        O: BlockCipherEncrypt<BlockSize: PinBlockSize> + BlockCipherDecrypt,
    {
        let to = self.to.named();
        assert!(format!("{translation:?}").ends_with(&format!(" to {to})")));
        let count = match to {
            Format::Iso0 => 0,
            Format::Iso4 => 16,
            _ => 14 - pin.len(),
        };
        let least = if to == Format::Iso3 { 0xA } else { 0 };
        let mut fill: Vec<u8> = random.iter().map(|byte| byte & 0xF | least).collect();
        fill.resize(count, 0xF);
        let found = translation.translate_with_fill(block, &fill).unwrap();
        assert_eq!(self.to.open(outgoing, &found, &self.to_digits).as_deref(), Some(pin));
        fill.push(0xA);
        assert_eq!(translation.translate_with_fill(block, &fill).err(), Some(Error::FillLength));
    }

    /// What has to be said before the block is looked at.
    fn refusal(
        &self,
        from_pan: &Option<Pan>,
        to_pan: &Option<Pan>,
        from_size: usize,
        to_size: usize,
    ) -> Option<Error> {
        match RULES[self.from.place()].as_bytes()[self.to.place()] {
            b'x' | b'X' if !self.has(1) => return Some(Error::TranslationFromLegacy),
            b'l' => return Some(Error::TranslationToLegacy),
            b'1' | b'X' => return Some(Error::TranslationToFormat1),
            b'2' => return Some(Error::TranslationOfFormat2),
            _ => {}
        }
        let both = from_pan.is_some() && to_pan.is_some();
        if both && self.from_digits != self.to_digits && !self.has(2) {
            return Some(Error::TranslationPanChange);
        }
        self.from.refusal(from_pan, from_size).or_else(|| self.to.refusal(to_pan, to_size))
    }

    /// The block that comes in.
    fn block<I>(&self, cipher: &I, choices: &mut Choices<'_>) -> Vec<u8>
    where
        I: BlockCipherEncrypt + BlockCipherDecrypt,
    {
        let side = self.from;
        let how = choices.u8() % 4;
        let clear: [u8; 16] = match how {
            0 if side.named().is_legacy() => self.legacy(choices),
            0 => {
                let length = 4 + choices.u8() % 9;
                let (_, fill) = side.rule();
                let filled =
                    if let Fill::Only(only) = fill { only } else { 0xA + choices.u8() % 6 };
                let mut nibbles = vec![side.format, length];
                nibbles.extend(choices.digits(length.into()));
                nibbles.resize(16, filled);
                nibbles.resize(32, 0);
                packed(&nibbles)
            }
            _ if how < 3 => choices.array(),
            _ => return choices.bytes().to_vec(),
        };
        if how == 2 {
            return clear[..I::block_size()].to_vec();
        }
        let mut block = clear;
        if side.format == 4 && I::block_size() == 16 {
            encrypt(cipher, &mut block);
            combine(&mut block, &self.from_digits);
        } else if matches!(side.format, 0 | 3) {
            let head = xor_pan(block[..8].try_into().unwrap(), &self.from_digits);
            block[..8].copy_from_slice(&head);
        }
        encrypt(cipher, &mut block[..I::block_size()]);
        block[..I::block_size()].to_vec()
    }

    /// A clear block that a legacy format makes, filled with one nibble; zeros where it makes none.
    fn legacy(&self, choices: &mut Choices<'_>) -> [u8; 16] {
        let format = self.from.named();
        let length = 4 + usize::from(choices.u8() % 9);
        let filled = choices.u8() % 16;
        let pin = Pin::from_digits(&choices.digits(length)).unwrap();
        let fill = vec![filled; legacy::fill_length(format, length)];
        let pan = Pan::from_digits(&self.from_digits).unwrap();
        let made = format.encode_with_fill(&pin, Some(&pan), &fill);
        let mut clear = [0; 16];
        if let Ok(block) = made {
            clear[..8].copy_from_slice(block.expose_bytes());
        }
        clear
    }
}

impl Side {
    fn named(self) -> Format {
        Format::ALL[usize::from(self.format)]
    }

    /// Where the format stands among the rules.
    fn place(self) -> usize {
        usize::from(self.format.min(5))
    }

    fn rule(self) -> (u8, Fill) {
        if self.format == 4 { (4, Fill::Only(0xA)) } else { rule(self.named()) }
    }

    fn refusal(self, pan: &Option<Pan>, size: usize) -> Option<Error> {
        if self.zeros && self.format == 4 {
            Some(Error::UnsupportedFormat)
        } else if (size == 16) != (self.zeros || self.format == 4) {
            Some(Error::CipherBlockSize)
        } else if (matches!(self.format, 0 | 3 | 4) || legacy::is_bound(self.named()))
            && pan.is_none()
        {
            Some(Error::PanMissing)
        } else {
            None
        }
    }

    /// The PIN in an enciphered block of the cipher's length, slowly.
    fn open<C: BlockCipherDecrypt>(self, cipher: &C, block: &[u8], pan: &[u8]) -> Option<String> {
        let mut clear = block.to_vec();
        decrypt(cipher, &mut clear);
        if self.format == 4 {
            combine(&mut clear, pan);
            decrypt(cipher, &mut clear);
        } else if clear[8..].iter().any(|byte| *byte != 0) {
            return None;
        }
        let mut head: [u8; 8] = clear[..8].try_into().unwrap();
        if self.named().is_legacy() {
            return legacy::read(self.named(), &head, pan).map(|(pin, _)| pin);
        }
        if matches!(self.format, 0 | 3) {
            head = xor_pan(&head, pan);
        }
        let (control, fill) = self.rule();
        read(&head, control, fill).map(|(pin, _)| pin)
    }
}

/// Puts format 4's PAN field to a block: how many digits above 12, the digits, zeros.
fn combine(block: &mut [u8], pan: &[u8]) {
    let zeros = 12_usize.saturating_sub(pan.len());
    let mut nibbles = vec![u8::try_from(pan.len() + zeros - 12).unwrap()];
    nibbles.resize(1 + zeros, 0);
    nibbles.extend(pan);
    nibbles.resize(32, 0);
    block.iter_mut().zip(packed(&nibbles)).for_each(|(byte, other)| *byte ^= other);
}

fn packed(nibbles: &[u8]) -> [u8; 16] {
    let bytes: Vec<u8> = nibbles.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    bytes.try_into().unwrap()
}

fn encrypt<C: BlockCipherEncrypt>(cipher: &C, bytes: &mut [u8]) {
    let mut block = Block::<C>::try_from(&*bytes).unwrap();
    cipher.encrypt_block(&mut block);
    bytes.copy_from_slice(&block);
}

fn decrypt<C: BlockCipherDecrypt>(cipher: &C, bytes: &mut [u8]) {
    let mut block = Block::<C>::try_from(&*bytes).unwrap();
    cipher.decrypt_block(&mut block);
    bytes.copy_from_slice(&block);
}
