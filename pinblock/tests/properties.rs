//! What holds for every PIN, PAN, key and block.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use core::fmt;

use aes::Aes128;
use cipher::{BlockCipherEncrypt, KeyInit};
use des::TdesEde2;
use pinblock::{
    Error, Format, Pan, Pin, iso0, iso1, iso2, iso3, iso4,
    pvv::{self, Pvki, Pvv},
    rand_core::{TryCryptoRng, TryRng},
    subtle::ConstantTimeEq,
    unionpay,
};
use proptest::{collection::vec, prelude::*, sample::select};
use sm4::Sm4;

#[path = "properties/oracle.rs"]
mod oracle;

use oracle::{Fill, hex, xor};

const EIGHT_BYTE_FORMATS: [Format; 4] = [Format::Iso0, Format::Iso1, Format::Iso2, Format::Iso3];

fn pins() -> impl Strategy<Value = String> {
    "[0-9]{4,12}"
}

fn pans() -> impl Strategy<Value = String> {
    "[0-9]{2,19}"
}

fn pin(digits: &str) -> Pin {
    digits.parse().unwrap()
}

fn pan(digits: &str) -> Pan {
    digits.parse().unwrap()
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

/// What a format's clear block should give, by the oracle.
fn expected(format: Format, block: &[u8; 8], pan: &str) -> Option<String> {
    let block = hex(block);
    match format {
        Format::Iso0 => oracle::decode('0', &xor(&block, &oracle::pan_12(pan)), Fill::F),
        Format::Iso1 => oracle::decode('1', &block, Fill::Any),
        Format::Iso2 => oracle::decode('2', &block, Fill::F),
        _ => oracle::decode('3', &xor(&block, &oracle::pan_12(pan)), Fill::Letters),
    }
}

/// What a format's own `decode` gives.
fn decoded(format: Format, block: &[u8; 8], pan: &Pan) -> Result<Pin, Error> {
    match format {
        Format::Iso0 => iso0::decode(block, pan),
        Format::Iso1 => iso1::decode(block),
        Format::Iso2 => iso2::decode(block),
        _ => iso3::decode(block, pan),
    }
}

/// A generator of given bytes, which fails when they are used up.
struct Bytes(Vec<u8>);

#[derive(Debug)]
struct UsedUp;

impl fmt::Display for UsedUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("used up")
    }
}

impl core::error::Error for UsedUp {}

impl TryRng for Bytes {
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

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), UsedUp> {
        if self.0.len() < out.len() {
            return Err(UsedUp);
        }
        out.copy_from_slice(&self.0[..out.len()]);
        self.0.drain(..out.len());
        Ok(())
    }
}

impl TryCryptoRng for Bytes {}

proptest! {
    #[test]
    fn encodes_as_the_oracle(
        p in pins(), n in pans(), any in vec(0..16_u8, 10), letters in vec(10..16_u8, 10), tail: [u8; 8],
    ) {
        let (pin, pan) = (pin(&p), pan(&n));
        let free = 14 - p.len();
        let text = |nibbles: &[u8]| nibbles.iter().map(|n| format!("{n:X}")).collect::<String>();

        let block = iso0::encode(&pin, &pan);
        let all_f = "F".repeat(10);
        let pan_12 = oracle::pan_12(&n);
        prop_assert_eq!(hex(block.expose_bytes()), xor(&oracle::encode('0', &p, &all_f), &pan_12));

        let block = iso1::encode_with_fill(&pin, &any[..free]).unwrap();
        prop_assert_eq!(hex(block.expose_bytes()), oracle::encode('1', &p, &text(&any)));

        prop_assert_eq!(hex(iso2::encode(&pin).expose_bytes()), oracle::encode('2', &p, &all_f));

        let block = iso3::encode_with_fill(&pin, &pan, &letters[..free]).unwrap();
        let field = oracle::encode('3', &p, &text(&letters));
        prop_assert_eq!(hex(block.expose_bytes()), xor(&field, &pan_12));

        let field = iso4::encode_pin_field_with_fill(&pin, &tail);
        let head = oracle::encode('4', &p, &"A".repeat(10));
        prop_assert_eq!(hex(field.expose_bytes()), head + &hex(&tail));
        prop_assert_eq!(hex(iso4::encode_pan_field(&pan).expose_bytes()), oracle::pan_field(&n));
    }

    #[test]
    fn decodes_any_8_bytes_as_the_oracle(block: [u8; 8], n in pans()) {
        for format in EIGHT_BYTE_FORMATS {
            prop_assert_eq!(digits(decoded(format, &block, &pan(&n))), expected(format, &block, &n));
        }
    }

    #[test]
    fn clear_blocks_round_trip(p in pins(), n in pans(), seed: [u8; 8]) {
        let (pin, pan) = (pin(&p), pan(&n));
        for format in EIGHT_BYTE_FORMATS {
            let block = format.encode(&pin, Some(&pan), &mut Bytes(seed.to_vec())).unwrap();
            let found = format.decode(block.expose_bytes(), Some(&pan)).unwrap();
            prop_assert!(bool::from(found.ct_eq(&pin)));
            prop_assert_eq!(digits(Ok(found)), Some(p.clone()));
        }
        let field = iso4::encode_pin_field(&pin, &mut Bytes(seed.to_vec())).unwrap();
        let found = iso4::decode_pin_field(field.expose_bytes()).unwrap();
        prop_assert!(bool::from(found.ct_eq(&pin)));
        prop_assert_eq!(digits(Ok(found)), Some(p));
    }

    #[test]
    fn enciphered_blocks_round_trip(p in pins(), n in pans(), key: [u8; 16], seed: [u8; 8]) {
        let (pin, pan, p) = (pin(&p), pan(&n), Some(p));
        let rng = || Bytes(seed.to_vec());
        let tdes = TdesEde2::new(&key.into());
        let sm4 = Sm4::new(&key.into());
        for format in EIGHT_BYTE_FORMATS {
            let block = format.encipher(&tdes, &pin, Some(&pan), &mut rng()).unwrap();
            prop_assert_eq!(&digits(format.decipher(&tdes, &block, Some(&pan))), &p);
            let typed = match format {
                Format::Iso0 => iso0::encipher(&tdes, &pin, &pan),
                Format::Iso1 => iso1::encipher(&tdes, &pin, &mut rng()).unwrap(),
                Format::Iso2 => iso2::encipher(&tdes, &pin),
                _ => iso3::encipher(&tdes, &pin, &pan, &mut rng()).unwrap(),
            };
            prop_assert_eq!(&block[..], typed);
            let typed = match format {
                Format::Iso0 => iso0::decipher(&tdes, &typed, &pan),
                Format::Iso1 => iso1::decipher(&tdes, &typed),
                Format::Iso2 => iso2::decipher(&tdes, &typed),
                _ => iso3::decipher(&tdes, &typed, &pan),
            };
            prop_assert_eq!(&digits(typed), &p);

            let block = unionpay::encipher(&sm4, format, &pin, Some(&pan), &mut rng()).unwrap();
            let found = unionpay::decipher(&sm4, format, &block, Some(&pan));
            prop_assert_eq!(&digits(found), &p);
        }
        let aes = Aes128::new(&key.into());
        let block = iso4::encipher(&aes, &pin, &pan, &mut rng()).unwrap();
        prop_assert_eq!(&digits(iso4::decipher(&aes, &block, &pan)), &p);
        let same = Format::Iso4.encipher(&aes, &pin, Some(&pan), &mut rng()).unwrap();
        prop_assert_eq!(&same[..], block);
        let block = iso4::encipher(&sm4, &pin, &pan, &mut rng()).unwrap();
        prop_assert_eq!(digits(iso4::decipher(&sm4, &block, &pan)), p);
    }

}

proptest! {
    // A case is 400 blocks.
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// `digits` asserts that there is no error but the opaque one.
    #[test]
    fn another_key_pan_or_bit_gives_the_opaque_error_or_a_pin(
        p in pins(), n in pans(), other in pans(), key: [u8; 16], wrong: [u8; 16], seed: [u8; 8],
    ) {
        let (pin, pan, other) = (pin(&p), pan(&n), pan(&other));
        let rng = || Bytes(seed.to_vec());
        let (tdes, aes, sm4) =
            (TdesEde2::new(&key.into()), Aes128::new(&key.into()), Sm4::new(&key.into()));
        let (wrong_tdes, wrong_aes, wrong_sm4) =
            (TdesEde2::new(&wrong.into()), Aes128::new(&wrong.into()), Sm4::new(&wrong.into()));
        for format in EIGHT_BYTE_FORMATS {
            let block = format.encipher(&tdes, &pin, Some(&pan), &mut rng()).unwrap();
            digits(format.decipher(&tdes, &block, Some(&other)));
            digits(format.decipher(&wrong_tdes, &block, Some(&pan)));
            for bit in 0..64 {
                let mut block = block;
                block[bit / 8] ^= 1 << (bit % 8);
                digits(format.decipher(&tdes, &block, Some(&pan)));
            }
            let block = unionpay::encipher(&sm4, format, &pin, Some(&pan), &mut rng()).unwrap();
            digits(unionpay::decipher(&sm4, format, &block, Some(&other)));
            digits(unionpay::decipher(&wrong_sm4, format, &block, Some(&pan)));
        }
        let block = iso4::encipher(&aes, &pin, &pan, &mut rng()).unwrap();
        digits(iso4::decipher(&aes, &block, &other));
        digits(iso4::decipher(&wrong_aes, &block, &pan));
        for bit in 0..128 {
            let mut block = block;
            block[bit / 8] ^= 1 << (bit % 8);
            digits(iso4::decipher(&aes, &block, &pan));
        }
    }

}

proptest! {
    /// Decided by the oracle where the clear block can be worked out by hand.
    #[test]
    fn another_pan_is_noticed_as_the_oracle_notices_it(p in pins(), n in pans(), other in pans()) {
        let block = *iso0::encode(&pin(&p), &pan(&n)).expose_bytes();
        let found = digits(iso0::decode(&block, &pan(&other)));
        prop_assert_eq!(found, expected(Format::Iso0, &block, &other));
    }

    #[test]
    fn a_block_of_another_length_is_refused(bytes in vec(any::<u8>(), 0..40), n in pans()) {
        let pan = pan(&n);
        let tdes = TdesEde2::new(&[0x24; 16].into());
        let aes = Aes128::new(&[0x24; 16].into());
        for format in EIGHT_BYTE_FORMATS {
            for found in [format.decode(&bytes, Some(&pan)), format.decipher(&tdes, &bytes, Some(&pan))] {
                let refused = matches!(found, Err(Error::BlockLength));
                prop_assert_eq!(refused, bytes.len() != 8);
            }
        }
        let refused = matches!(Format::Iso4.decipher(&aes, &bytes, Some(&pan)), Err(Error::BlockLength));
        prop_assert_eq!(refused, bytes.len() != 16);
    }

    /// The 8 bytes after a sound block: zeros pass, anything else is the opaque error.
    #[test]
    fn unionpay_checks_what_follows_the_block(
        p in pins(), n in pans(), format in select(&EIGHT_BYTE_FORMATS), seed: [u8; 8], at in 8..16_usize, bit in 0..8_u8,
    ) {
        let (pin, pan) = (pin(&p), pan(&n));
        let sm4 = Sm4::new(&[0x24; 16].into());
        let mut block = [0; 16];
        let clear = format.encode(&pin, Some(&pan), &mut Bytes(seed.to_vec())).unwrap();
        block[..8].copy_from_slice(clear.expose_bytes());
        for (tail, sound) in [(0, true), (1 << bit, false)] {
            block[at] = tail;
            let mut enciphered = block;
            sm4.encrypt_block((&mut enciphered).into());
            let found = digits(unionpay::decipher(&sm4, format, &enciphered, Some(&pan)));
            prop_assert_eq!(found, sound.then(|| p.clone()));
        }
    }

    #[test]
    fn fills_are_as_long_and_as_high_as_the_format_says(p in pins(), n in pans(), fill in vec(0..18_u8, 0..18)) {
        let (pin, pan) = (pin(&p), pan(&n));
        let right_length = fill.len() == 14 - p.len();
        let aes = Aes128::new(&[0x24; 16].into());
        let rows = [
            (Format::Iso0.encode_with_fill(&pin, Some(&pan), &fill).err(), fill.is_empty(), 0),
            (Format::Iso1.encode_with_fill(&pin, None, &fill).err(), right_length, 0),
            (Format::Iso2.encode_with_fill(&pin, None, &fill).err(), fill.is_empty(), 0),
            (Format::Iso3.encode_with_fill(&pin, Some(&pan), &fill).err(), right_length, 10),
            (Format::Iso4.encipher_with_fill(&aes, &pin, Some(&pan), &fill).err(), fill.len() == 16, 0),
        ];
        for (found, length, lowest) in rows {
            let expected = if !length {
                Some(Error::FillLength)
            } else if fill.iter().all(|nibble| (lowest..16).contains(nibble)) {
                None
            } else {
                Some(Error::FillValue)
            };
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_failing_generator_is_an_error(p in pins(), n in pans(), key: [u8; 16], few in 0..8_usize) {
        let (pin, pan) = (pin(&p), pan(&n));
        let rng = || Bytes(vec![0; few]);
        let (tdes, aes) = (TdesEde2::new(&key.into()), Aes128::new(&key.into()));
        let found = [
            iso1::encode(&pin, &mut rng()).err(),
            iso1::encipher(&tdes, &pin, &mut rng()).err(),
            iso3::encode(&pin, &pan, &mut rng()).err(),
            iso3::encipher(&tdes, &pin, &pan, &mut rng()).err(),
            iso4::encode_pin_field(&pin, &mut rng()).err(),
            iso4::encipher(&aes, &pin, &pan, &mut rng()).err(),
        ];
        prop_assert_eq!(found, [Some(Error::Rng); 6]);
    }

    #[test]
    fn pvv_is_as_the_oracle_says(p in pins(), n in pans(), key: [u8; 16], index in 0..10_u8, other in "[0-9]{4}") {
        let (pin, pan, pvki) = (pin(&p), pan(&n), Pvki::new(index).unwrap());
        let tdes = TdesEde2::new(&key.into());
        let input = u64::from_str_radix(&oracle::pvv_input(&n, index, &p), 16).unwrap();
        let mut block = input.to_be_bytes();
        tdes.encrypt_block((&mut block).into());
        let expected = oracle::decimalise(&hex(&block));
        let pvv = pvv::generate(&tdes, &pan, pvki, &pin);
        prop_assert_eq!(pvv.expose_ascii(), expected.as_bytes());
        prop_assert_eq!(pvv::verify(&tdes, &pan, pvki, &pin, &pvv), Ok(()));
        let wanted = if other == expected { Ok(()) } else { Err(Error::VerificationFailed) };
        let other = Pvv::from_ascii(other.as_bytes()).unwrap();
        prop_assert_eq!(pvv::verify(&tdes, &pan, pvki, &pin, &other), wanted);
    }

    #[test]
    fn pan_luhn_and_mask(n in pans()) {
        let pan = pan(&n);
        prop_assert_eq!(pan.luhn_valid(), oracle::luhn(&n));
        prop_assert!(pan.expose_digits().as_str() == n);
        let values: Vec<u8> = n.bytes().map(|byte| byte - b'0').collect();
        let same = Pan::from_digits(&values).unwrap();
        prop_assert!(same.expose_digits().as_str() == n);
        let shown = pan.to_string();
        prop_assert_eq!(shown.len(), n.len());
        let clear = shown.chars().filter(char::is_ascii_digit).count();
        prop_assert_eq!(clear, if n.len() < 15 { 0 } else { 10 });
    }

    #[test]
    fn any_bytes_are_a_pin_a_pan_or_an_error(bytes in vec(any::<u8>(), 0..24)) {
        let decimal = bytes.iter().all(u8::is_ascii_digit);
        let pin = Pin::from_ascii(&bytes).is_ok();
        prop_assert_eq!(pin, decimal && (4..=12).contains(&bytes.len()));
        let pan = Pan::from_ascii(&bytes).is_ok();
        prop_assert_eq!(pan, decimal && (2..=19).contains(&bytes.len()));
    }
}

proptest! {
    // A case is 1,500 blocks.
    #![proptest_config(ProptestConfig::with_cases(8))]

    /// Few blocks at random are sound, so that sound ones are taken and each byte of them changed to every value in which one
    /// nibble differs, and by one mask in both.
    #[test]
    fn decodes_every_single_byte_corruption_as_the_oracle(
        p in pins(), n in pans(), seed: [u8; 8], both in 0x11..=u8::MAX,
    ) {
        let (pin, pan) = (pin(&p), pan(&n));
        let masks = || (0..16).chain((1..16).map(|high| high << 4)).chain([both]);
        for format in EIGHT_BYTE_FORMATS {
            let block = format.encode(&pin, Some(&pan), &mut Bytes(seed.to_vec())).unwrap();
            for at in 0..8 {
                for mask in masks() {
                    let mut block = *block.expose_bytes();
                    block[at] ^= mask;
                    let found = digits(decoded(format, &block, &pan));
                    prop_assert_eq!(found, expected(format, &block, &n));
                }
            }
        }
        let field = iso4::encode_pin_field_with_fill(&pin, &seed);
        for at in 0..16 {
            for mask in masks() {
                let mut field = *field.expose_bytes();
                field[at] ^= mask;
                let expected = oracle::decode('4', &hex(&field[..8]), Fill::A);
                prop_assert_eq!(digits(iso4::decode_pin_field(&field)), expected);
            }
        }
    }
}

#[test]
fn every_pin_of_4_digits() {
    let pan = pan("5413330089020011");
    for number in 0..10_000 {
        let digits = format!("{number:04}");
        let pin = pin(&digits);
        let field = oracle::encode('0', &digits, "FFFFFFFFFF");
        let block = iso0::encode(&pin, &pan);
        assert_eq!(hex(block.expose_bytes()), xor(&field, "0000333008902001"));
        let found = iso0::decode(block.expose_bytes(), &pan).unwrap();
        assert_eq!(found.expose_digits().as_str(), digits);
    }
}

#[test]
fn random_fill_takes_every_value_in_every_place() {
    let (pin, pan) = (pin("1234"), pan("00"));
    let mut seen = [[0_u32; 16]; 10];
    for _ in 0..6_000 {
        let block = iso3::encode(&pin, &pan, &mut getrandom::SysRng).unwrap();
        for (place, nibble) in hex(block.expose_bytes())[6..].chars().enumerate() {
            seen[place][nibble.to_digit(16).unwrap() as usize] += 1;
        }
    }
    for place in seen {
        assert_eq!(place[..10], [0; 10]);
        // 1,000 are expected, with a standard deviation below 30.
        assert!(place[10..].iter().all(|count| (700..1_300).contains(count)), "{place:?}");
    }
    let mut highest = Bytes(vec![0xFF; 8]);
    let block = iso3::encode(&pin, &pan, &mut highest).unwrap();
    assert_eq!(hex(block.expose_bytes()), "341234FFFFFFFFFF");
    let block = iso3::encode(&pin, &pan, &mut Bytes(vec![0; 8])).unwrap();
    assert_eq!(hex(block.expose_bytes()), "341234AAAAAAAAAA");
}

#[test]
fn formats_ask_for_what_they_need() {
    let (pin, pan) = (pin("1234"), pan("4111111111111111"));
    let tdes = TdesEde2::new(&[0x24; 16].into());
    let aes = Aes128::new(&[0x24; 16].into());
    let rng = || Bytes(vec![0; 8]);
    for format in EIGHT_BYTE_FORMATS {
        let wanted = match format {
            Format::Iso0 | Format::Iso3 => Some(Error::PanMissing),
            _ => None,
        };
        assert_eq!(format.encode(&pin, None, &mut rng()).err(), wanted);
        assert_eq!(format.encipher(&tdes, &pin, None, &mut rng()).err(), wanted);
        let block = format.encipher(&tdes, &pin, Some(&pan), &mut rng()).unwrap();
        assert_eq!(format.decipher(&tdes, &block, None).err(), wanted);

        let wanted = Some(Error::CipherBlockSize);
        assert_eq!(format.encipher(&aes, &pin, Some(&pan), &mut rng()).err(), wanted);
        assert_eq!(format.encipher_with_fill(&aes, &pin, Some(&pan), &[]).err(), wanted);
        assert_eq!(format.decipher(&aes, &[0; 16], Some(&pan)).err(), wanted);
    }
    let iso4 = Format::Iso4;
    assert_eq!(iso4.encode(&pin, Some(&pan), &mut rng()).err(), Some(Error::UnsupportedFormat));
    assert_eq!(iso4.decode(&[0; 8], Some(&pan)).err(), Some(Error::UnsupportedFormat));
    let with_zeros = unionpay::encipher(&aes, iso4, &pin, Some(&pan), &mut rng());
    assert_eq!(with_zeros.err(), Some(Error::UnsupportedFormat));
    assert_eq!(iso4.encipher(&aes, &pin, None, &mut rng()).err(), Some(Error::PanMissing));
    assert_eq!(iso4.decipher(&aes, &[0; 16], None).err(), Some(Error::PanMissing));
    assert_eq!(iso4.encipher(&tdes, &pin, None, &mut rng()).err(), Some(Error::CipherBlockSize));
    assert_eq!(iso4.decipher(&tdes, &[0; 8], None).err(), Some(Error::CipherBlockSize));
}

#[test]
fn formats_have_names() {
    for format in EIGHT_BYTE_FORMATS.into_iter().chain([Format::Iso4]) {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    for bad in ["", "ISO0", "iso", "iso5", "iso0 "] {
        assert_eq!(bad.parse::<Format>(), Err(Error::UnknownFormat));
    }
}

#[test]
fn unionpay_without_pan_is_a_pan_of_zeros() {
    let block = iso0::encode(&pin("123654"), &pan("00"));
    assert_eq!(hex(block.expose_bytes()), "06123654FFFFFFFF");
}

#[test]
fn what_holds_secrets_shows_none() {
    let (pin, pan) = (pin("1234"), pan("4111111111111111"));
    let shown = format!(
        "{:?} {:?} {:?} {:?}",
        iso0::encode(&pin, &pan),
        iso4::encode_pan_field(&pan),
        Pvv::from_ascii(b"1234").unwrap(),
        pin
    );
    assert_eq!(shown, "ClearBlock ClearBlock Pvv Pin");
}

#[test]
fn secrets_are_wiped_on_drop() {
    fn wiped<T: zeroize::ZeroizeOnDrop>() {}
    wiped::<Pin>();
    wiped::<Pan>();
    wiped::<Pvv>();
    wiped::<pinblock::ClearBlock<8>>();
    wiped::<pinblock::ClearBlock<16>>();
    wiped::<pinblock::ExposedDigits>();
}
