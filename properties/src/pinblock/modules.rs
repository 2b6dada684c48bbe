//! A format's module against the format chosen at run time, and what is shown of PINs and PANs.

use aes::Aes128;
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U8};
use pinblock::{
    Error, Format, Pan, Pin, iso0, iso1, iso2, iso3, iso4,
    legacy::{eci2, eci3, ibm3621, ibm4704epp, oem1, visa2, visa3, visa4},
    subtle::ConstantTimeEq,
    unionpay,
};

use super::{Case, legacy};
use crate::told::{assert_hidden, assert_told};

impl Case<'_> {
    /// Under a cipher of 8 bytes, each module enciphers and deciphers what its format does.
    pub(super) fn modules<C>(&self, cipher: &C)
    where
        C: BlockCipherEncrypt<BlockSize = U8> + BlockCipherDecrypt,
    {
        let (pin, pan) = (self.pin, self.pan);
        let drawn: [(Format, Result<[u8; 8], Error>); 9] = [
            (Format::Iso0, Ok(iso0::encipher(cipher, pin, pan))),
            (Format::Iso1, iso1::encipher(cipher, pin, &mut self.rng())),
            (Format::Iso2, Ok(iso2::encipher(cipher, pin))),
            (Format::Iso3, iso3::encipher(cipher, pin, pan, &mut self.rng())),
            (Format::Eci2, eci2::encipher(cipher, pin, &mut self.rng())),
            (Format::Eci3, eci3::encipher(cipher, pin, &mut self.rng())),
            (Format::Visa2, visa2::encipher(cipher, pin, &mut self.rng())),
            (Format::Visa3, visa3::encipher(cipher, pin, &mut self.rng())),
            (Format::Oem1, oem1::encipher(cipher, pin, &mut self.rng())),
        ];
        for (format, by_module) in drawn {
            let by_format = format.encipher(cipher, pin, Some(pan), &mut self.rng());
            assert_eq!(by_module, by_format.map(<[u8; 8]>::from), "{format}");
            if let Ok(block) = by_module {
                self.assert_comes_back(by_module_deciphered(format, cipher, &block, pan));
            }
        }
        let block = visa4::encipher(cipher, pin, pan);
        self.assert_comes_back(visa4::decipher(cipher, &block, pan));
        self.assert_comes_back(visa4::decode(visa4::encode(pin, pan).expose_bytes(), pan));
        for sequence in [0, u16::from(self.flip) * 0x101] {
            let [_, low] = sequence.to_be_bytes();
            let block = ibm4704epp::encipher(cipher, pin, low);
            self.assert_comes_back(ibm4704epp::decipher(cipher, &block));
            if let Ok(block) = ibm3621::encipher(cipher, pin, sequence, &mut self.rng()) {
                self.assert_comes_back(ibm3621::decipher(cipher, &block));
            }
        }
        self.fills(cipher);
    }

    /// A given fill goes into the block that the module makes, and the format, or neither takes it.
    fn fills<C>(&self, cipher: &C)
    where
        C: BlockCipherEncrypt<BlockSize = U8> + BlockCipherDecrypt,
    {
        let (pin, pan) = (self.pin, self.pan);
        let behind = 14 - usize::from(pin.length());
        for count in [behind, 12, 9, 1, 5, 3] {
            for (shift, least) in [(0, 0), (4, 0), (0, 0xA)] {
                let fill: Vec<u8> = self.random.iter().map(|byte| byte >> shift & 0xF).collect();
                let mut fill: Vec<u8> = fill.iter().map(|nibble| least | nibble).collect();
                fill.resize(count, 0xF);
                let one = fill[count - 1];
                let sequence = fill.iter().rev().skip(1).take(4).rev();
                let sequence = sequence.fold(0, |number, &nibble| number << 4 | u16::from(nibble));
                let made = [
                    (Format::Iso1, iso1::encipher_with_fill(cipher, pin, &fill)),
                    (Format::Iso3, iso3::encipher_with_fill(cipher, pin, pan, &fill)),
                    (Format::Eci2, eci2::encipher_with_fill(cipher, pin, &fill)),
                    (Format::Eci3, eci3::encipher_with_fill(cipher, pin, &fill)),
                    (Format::Visa2, visa2::encipher_with_fill(cipher, pin, &fill)),
                ];
                for (format, by_module) in made {
                    self.assert_filled(cipher, format, by_module, &fill);
                }
                if count == 1 {
                    let by_module = visa3::encipher_with_fill(cipher, pin, one);
                    self.assert_filled(cipher, Format::Visa3, by_module, &fill);
                    let by_module = oem1::encipher_with_fill(cipher, pin, one);
                    self.assert_filled(cipher, Format::Oem1, by_module, &fill);
                }
                if count == 5 {
                    let by_module = ibm3621::encipher_with_fill(cipher, pin, sequence, one);
                    self.assert_filled(cipher, Format::Ibm3621, by_module, &fill);
                }
                if count == 3 {
                    let low = fill[1] << 4 | fill[2];
                    let by_module = ibm4704epp::encipher_with_fill(cipher, pin, low, fill[0]);
                    self.assert_filled(cipher, Format::Ibm4704Epp, by_module, &fill);
                }
            }
        }
        for wrong in [0x10, self.flip | 0x10] {
            assert!(matches!(visa3::encode_with_fill(pin, wrong), Err(Error::FillValue)));
            assert!(matches!(ibm4704epp::encode_with_fill(pin, 0, wrong), Err(Error::FillValue)));
        }
    }

    fn assert_filled<C>(
        &self,
        cipher: &C,
        format: Format,
        by_module: Result<[u8; 8], Error>,
        fill: &[u8],
    ) where
        C: BlockCipherEncrypt<BlockSize = U8> + BlockCipherDecrypt,
    {
        let by_format = format.encipher_with_fill(cipher, self.pin, Some(self.pan), fill);
        assert_eq!(by_module, by_format.map(<[u8; 8]>::from), "{format}");
        match by_module {
            Ok(block) => self.assert_comes_back(format.decipher(cipher, &block, Some(self.pan))),
            Err(error) => assert_told(error.as_str(), &error),
        }
    }

    /// Under a cipher of 16 bytes: format 4 with a given fill, and a block with zeros behind it.
    pub(super) fn modules_of_16(&self, cipher: &Aes128) {
        let (pin, pan) = (self.pin, self.pan);
        let tail: [u8; 8] = core::array::from_fn(|at| self.random.get(at).copied().unwrap_or(0));
        let nibbles: Vec<u8> = tail.iter().flat_map(|byte| [byte >> 4, byte & 0xF]).collect();
        let block = iso4::encipher_with_fill(cipher, pin, pan, &tail);
        let by_format = Format::Iso4.encipher_with_fill(cipher, pin, Some(pan), &nibbles);
        assert_eq!(by_format.map(<[u8; 16]>::from), Ok(block));
        let mut by_hand = *iso4::encode_pin_field_with_fill(pin, &tail).expose_bytes();
        cipher.encrypt_block((&mut by_hand).into());
        let pan_field = iso4::encode_pan_field(pan);
        by_hand.iter_mut().zip(pan_field.expose_bytes()).for_each(|(byte, other)| *byte ^= other);
        cipher.encrypt_block((&mut by_hand).into());
        assert_eq!(by_hand, block);
        if let Ok(field) = iso4::encode_pin_field(pin, &mut self.rng()) {
            assert!(self.random.len() >= 8);
            assert_hidden(&field, "ClearBlock");
            self.assert_comes_back(iso4::decode_pin_field(field.expose_bytes()));
        }
        for format in legacy::formats().chain([Format::Iso0, Format::Iso1, Format::Iso4]) {
            let fill = vec![self.flip & 0xF; legacy::fill_length(format, pin.length().into())];
            let made = unionpay::encipher_with_fill(cipher, format, pin, Some(pan), &fill);
            let clear = format.encode_with_fill(pin, Some(pan), &fill);
            assert_eq!(made.err(), clear.as_ref().err().copied());
            if let (Ok(block), Ok(clear)) = (made, clear) {
                assert_eq!(super::followed_by(cipher, &clear, [0; 8]), block);
                self.assert_comes_back(unionpay::decipher(cipher, format, &block, Some(pan)));
            }
        }
    }

    /// PINs show nothing, PANs the first six and last four digits of at least 15; their text reads back.
    pub(super) fn shown(&self) {
        let (pin, pan) = (self.pin, self.pan);
        assert_eq!((pin.to_string(), format!("{pin:?}")), ("****".to_owned(), "Pin".to_owned()));
        let digits = pan.expose_digits();
        assert_hidden(&digits, "ExposedDigits");
        let digits = digits.as_str();
        assert_eq!(usize::from(pan.length()), digits.len());
        let masked = match digits.len() {
            few @ ..15 => "*".repeat(few),
            many => format!("{}{}{}", &digits[..6], "*".repeat(many - 10), &digits[many - 4..]),
        };
        assert_eq!(
            (pan.to_string(), format!("{pan:?}")),
            (masked.clone(), format!("Pan({masked})"))
        );
        let sum: u32 = digits
            .bytes()
            .rev()
            .zip([1, 2].into_iter().cycle())
            .map(|(digit, factor)| u32::from(digit - b'0') * factor)
            .map(|product| product / 10 + product % 10)
            .sum();
        assert_eq!(pan.luhn_valid(), sum.is_multiple_of(10));
        match Pan::from_ascii_checked(digits.as_bytes()) {
            Ok(checked) => assert!(pan.luhn_valid() && bool::from(checked.ct_eq(pan))),
            Err(error) => assert!(!pan.luhn_valid() && error == Error::PanCheckDigit),
        }
        for wrong in ["", "4", &"1".repeat(20)] {
            assert!(matches!(wrong.parse::<Pan>(), Err(Error::PanLength)));
            assert!(matches!(wrong.parse::<Pin>(), Err(Error::PinLength)));
        }
    }
}

fn by_module_deciphered<C>(
    format: Format,
    cipher: &C,
    block: &[u8; 8],
    pan: &Pan,
) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U8>,
{
    match format {
        Format::Iso0 => iso0::decipher(cipher, block, pan),
        Format::Iso1 => iso1::decipher(cipher, block),
        Format::Iso2 => iso2::decipher(cipher, block),
        Format::Iso3 => iso3::decipher(cipher, block, pan),
        Format::Eci2 => eci2::decipher(cipher, block),
        Format::Eci3 => eci3::decipher(cipher, block),
        Format::Visa2 => visa2::decipher(cipher, block),
        Format::Visa3 => visa3::decipher(cipher, block),
        _ => oem1::decipher(cipher, block),
    }
}

/// Any text as the name of a format: refused, or one of its names; every name is of the format that has it.
pub(super) fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let names = |format: Format| format.aliases().iter().copied().chain([format.as_str()]);
    match text.parse::<Format>() {
        Ok(format) => assert!(names(format).any(|name| name.eq_ignore_ascii_case(&text))),
        Err(error) => assert_eq!(error, Error::UnknownFormat),
    }
    for format in Format::ALL {
        assert!(names(format).all(|name| name.parse() == Ok(format)));
        assert_eq!(format.to_string(), format.as_str());
    }
}

/// Every error has a name and a line.
pub(super) fn errors() {
    use Error::*;
    let all = [
        PinLength,
        PinNotDecimal,
        PinWeak,
        PinPolicy,
        PanLength,
        PanNotDecimal,
        PanCheckDigit,
        PanMissing,
        FillLength,
        FillValue,
        Rng,
        InvalidBlock,
        BlockLength,
        CipherBlockSize,
        UnsupportedFormat,
        UnknownFormat,
        TranslationOfFormat2,
        TranslationToFormat1,
        TranslationFromLegacy,
        TranslationToLegacy,
        TranslationPanChange,
        PvkiRange,
        PvvMalformed,
        DecTable,
        DecTableWeak,
        ValidationData,
        OffsetMalformed,
        VerificationFailed,
        SelfTest,
    ];
    for error in all {
        assert_told(error.as_str(), &error);
    }
}
