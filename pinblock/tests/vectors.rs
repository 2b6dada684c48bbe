//! Every vector of `tests/vectors`, through the format's own functions and through `Format`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use std::{fs, path::Path};

use aes::{Aes128, Aes192, Aes256};
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit, consts::U16};
use des::{Des, TdesEde2, TdesEde3};
use pinblock::{
    Error, Format, Pan, Pin,
    ibm3624::{self, DecimalisationTable, Offset, ValidationData},
    iso0, iso1, iso2, iso3, iso4,
    pvv::{self, Pvki, Pvv},
    translate::{Incoming, Outgoing, Translation},
    unionpay,
};
use serde_json::Value;
use sm4::Sm4;

fn text<'a>(case: &'a Value, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_else(|| panic!("{}: no {name}", case["id"]))
}

fn bytes(case: &Value, name: &str) -> Vec<u8> {
    let hex = text(case, name);
    assert!(hex.len().is_multiple_of(2));
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn array<const N: usize>(case: &Value, name: &str) -> [u8; N] {
    bytes(case, name).try_into().unwrap()
}

fn nibbles(case: &Value, name: &str) -> Vec<u8> {
    text(case, name).chars().map(|c| u8::try_from(c.to_digit(16).unwrap()).unwrap()).collect()
}

fn pin(case: &Value) -> Pin {
    text(case, "pin").parse().unwrap()
}

fn pan(case: &Value) -> Pan {
    text(case, "pan").parse().unwrap()
}

fn is_the_pin(case: &Value, found: Result<Pin, Error>) {
    assert_eq!(found.unwrap().expose_digits().as_str(), text(case, "pin"), "{}", case["id"]);
}

fn refused(found: Result<Pin, Error>) {
    assert_eq!(found.map(|_| ()), Err(Error::InvalidBlock));
}

fn clear(case: &Value, format: Format, pan: Option<&Pan>) {
    let fill = case["fill"].as_str().map_or(vec![], |_| nibbles(case, "fill"));
    let block = format.encode_with_fill(&pin(case), pan, &fill).unwrap();
    assert_eq!(*block.expose_bytes(), array(case, "block"));
    is_the_pin(case, format.decode(&bytes(case, "block"), pan));
}

fn iso4_under<C>(case: &Value, key: &[u8], fill: &str, enciphered: &str)
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = U16> + BlockCipherDecrypt,
{
    let cipher = C::new_from_slice(key).unwrap();
    let (pin, pan) = (pin(case), pan(case));
    let block = array(case, enciphered);
    assert_eq!(iso4::encipher_with_fill(&cipher, &pin, &pan, &array(case, fill)), block);
    is_the_pin(case, iso4::decipher(&cipher, &block, &pan));
    let again = Format::Iso4.encipher_with_fill(&cipher, &pin, Some(&pan), &nibbles(case, fill));
    assert_eq!(again.unwrap().as_slice(), block);
    is_the_pin(case, Format::Iso4.decipher(&cipher, &block, Some(&pan)));
}

fn iso4_case(case: &Value, key: &str, fill: &str, enciphered: &str) {
    let key = bytes(case, key);
    match key.len() {
        16 => iso4_under::<Aes128>(case, &key, fill, enciphered),
        24 => iso4_under::<Aes192>(case, &key, fill, enciphered),
        _ => iso4_under::<Aes256>(case, &key, fill, enciphered),
    }
}

fn iso0_under<C>(case: &Value, key: &[u8])
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = cipher::consts::U8> + BlockCipherDecrypt,
{
    let cipher = C::new_from_slice(key).unwrap();
    let (pin, pan) = (pin(case), pan(case));
    let block = array(case, "enc");
    assert_eq!(iso0::encipher(&cipher, &pin, &pan), block);
    is_the_pin(case, iso0::decipher(&cipher, &block, &pan));
    let again = Format::Iso0.encipher_with_fill(&cipher, &pin, Some(&pan), &[]).unwrap();
    assert_eq!(again.as_slice(), block);
    is_the_pin(case, Format::Iso0.decipher(&cipher, &block, Some(&pan)));
}

fn ibm3624_under<C>(case: &Value, key: &[u8])
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = cipher::consts::U8>,
{
    let cipher = C::new_from_slice(key).unwrap();
    let table = DecimalisationTable::from_ascii(text(case, "dec_table").as_bytes()).unwrap();
    let data = ValidationData::from_ascii(text(case, "validation_data").as_bytes()).unwrap();
    let (pin, natural) = (pin(case), text(case, "natural_pin"));
    let offset = Offset::from_ascii(text(case, "offset").as_bytes()).unwrap();

    let found = ibm3624::natural_pin(&cipher, &table, &data, pin.length()).unwrap();
    assert_eq!(found.expose_digits().as_str(), natural);
    let found = ibm3624::offset(&cipher, &table, &data, &pin);
    assert_eq!(found.expose_digits().as_str(), text(case, "offset"));
    is_the_pin(case, Ok(ibm3624::pin_from_offset(&cipher, &table, &data, &offset)));
    assert_eq!(ibm3624::verify(&cipher, &table, &data, &pin, &offset), Ok(()));
    let other = Pin::from_ascii(b"135790").unwrap();
    let refusal = ibm3624::verify(&cipher, &table, &data, &other, &offset);
    assert_eq!(refusal, Err(Error::VerificationFailed));
    let refusal =
        ibm3624::verify(&cipher, &table, &data, &pin, &Offset::from_ascii(b"13579").unwrap());
    assert_eq!(refusal, Err(Error::VerificationFailed));

    if case["verify_offset"].is_u64() {
        let number = |name: &str| u8::try_from(case[name].as_u64().unwrap()).unwrap();
        let start = number("verify_offset");
        let run = start..start + number("verify_length");
        let from_pan = ValidationData::from_pan(&pan(case), run, nibbles(case, "pad")[0]);
        assert_eq!(from_pan.unwrap().expose_bytes(), &array(case, "validation_data"));
    }
}

fn pvki(case: &Value) -> Pvki {
    Pvki::new(case["pvki"].as_u64().unwrap().try_into().unwrap()).unwrap()
}

/// The cipher of one side, TDES where none is named; the same name for each of its key's lengths.
macro_rules! under_cipher {
    ($case:expr, $cipher:literal, $key:literal, $bound:ident => $body:expr) => {{
        let key = bytes($case, $key);
        macro_rules! keyed {
            ($concrete:ty) => {{
                let $bound = <$concrete>::new_from_slice(&key).unwrap();
                $body
            }};
        }
        match ($case[$cipher].as_str().unwrap_or("TDES"), key.len()) {
            ("TDES", 16) => keyed!(TdesEde2),
            ("TDES", _) => keyed!(TdesEde3),
            ("AES", 16) => keyed!(Aes128),
            ("AES", _) => keyed!(Aes256),
            _ => keyed!(Sm4),
        }
    }};
}

fn translated(case: &Value) {
    let format = |name| text(case, name).parse::<Format>().unwrap();
    let (from, to) = (format("in_format"), format("out_format"));
    let pan = |name: &str| case[name].as_str().map(|digits| digits.parse::<Pan>().unwrap());
    let (in_pan, out_pan) = (pan("in_pan"), pan("out_pan"));
    let zeros = |cipher: &str, format: Format| case[cipher] == "SM4" && format.block_size() == 8;
    let fill = case["fill"].as_str().map_or(vec![], |_| nibbles(case, "fill"));
    under_cipher!(case, "in_cipher", "in_key", in_cipher => {
        let incoming = match zeros("in_cipher", from) {
            true => Incoming::unionpay(from, &in_cipher, in_pan.as_ref()),
            false => Incoming::new(from, &in_cipher, in_pan.as_ref()),
        };
        under_cipher!(case, "out_cipher", "out_key", out_cipher => {
            let outgoing = match zeros("out_cipher", to) {
                true => Outgoing::unionpay(to, &out_cipher, out_pan.as_ref()),
                false => Outgoing::new(to, &out_cipher, out_pan.as_ref()),
            };
            let translation = Translation::new(incoming, outgoing);
            let block = translation.translate_with_fill(&bytes(case, "in_block"), &fill).unwrap();
            assert_eq!(block.as_slice(), bytes(case, "out_block"), "{}", case["id"]);
        });
    });
}

fn run(case: &Value) {
    match text(case, "kind") {
        "pinblock_iso0" => {
            clear(case, Format::Iso0, Some(&pan(case)));
            assert_eq!(*iso0::encode(&pin(case), &pan(case)).expose_bytes(), array(case, "block"));
            is_the_pin(case, iso0::decode(&array(case, "block"), &pan(case)));
        }
        "pinblock_iso1" => {
            clear(case, Format::Iso1, None);
            let block = iso1::encode_with_fill(&pin(case), &nibbles(case, "fill")).unwrap();
            assert_eq!(*block.expose_bytes(), array(case, "block"));
            is_the_pin(case, iso1::decode(&array(case, "block")));
        }
        "pinblock_iso2" => {
            clear(case, Format::Iso2, None);
            assert_eq!(*iso2::encode(&pin(case)).expose_bytes(), array(case, "block"));
            is_the_pin(case, iso2::decode(&array(case, "block")));
        }
        "pinblock_iso3" => {
            clear(case, Format::Iso3, Some(&pan(case)));
            let fill = nibbles(case, "fill");
            let block = iso3::encode_with_fill(&pin(case), &pan(case), &fill).unwrap();
            assert_eq!(*block.expose_bytes(), array(case, "block"));
            is_the_pin(case, iso3::decode(&array(case, "block"), &pan(case)));
        }
        "pinblock_iso0_enc" => {
            let key = bytes(case, "key");
            match key.len() {
                16 => iso0_under::<TdesEde2>(case, &key),
                _ => iso0_under::<TdesEde3>(case, &key),
            }
        }
        "pinblock_iso4" => {
            iso4_case(case, "key", "random", "enc");
            let field = iso4::encode_pin_field_with_fill(&pin(case), &array(case, "random"));
            assert_eq!(*field.expose_bytes(), array(case, "pin_field"));
            is_the_pin(case, iso4::decode_pin_field(&array(case, "pin_field")));
            assert_eq!(
                *iso4::encode_pan_field(&pan(case)).expose_bytes(),
                array(case, "pan_field")
            );
        }
        "pinblock_legacy" => {
            let format: Format = text(case, "format").parse().unwrap();
            let pan = case["pan"].as_str().map(|digits| digits.parse().unwrap());
            assert!(format.is_legacy());
            clear(case, format, pan.as_ref());
        }
        "dukpt_aes_pinblock_f4" => iso4_case(case, "pin_key", "random", "pinblock"),
        "pinblock_iso4_panfield" => {
            assert_eq!(*iso4::encode_pan_field(&pan(case)).expose_bytes(), array(case, "field"));
        }
        "unionpay_sm4_pin" => {
            clear(case, Format::Iso0, Some(&pan(case)));
            let sm4 = Sm4::new_from_slice(&bytes(case, "key")).unwrap();
            let (pin, pan) = (pin(case), pan(case));
            let block =
                unionpay::encipher_with_fill(&sm4, Format::Iso0, &pin, Some(&pan), &[]).unwrap();
            assert_eq!(block, array(case, "enc"));
            is_the_pin(case, unionpay::decipher(&sm4, Format::Iso0, &block, Some(&pan)));
        }
        "pvv" => {
            let tdes = TdesEde2::new_from_slice(&bytes(case, "pvk")).unwrap();
            let (pin, pan) = (pin(case), pan(case));
            let pvv = pvv::generate(&tdes, &pan, pvki(case), &pin);
            assert_eq!(pvv.expose_ascii(), text(case, "pvv").as_bytes());
            let given = Pvv::from_ascii(text(case, "pvv").as_bytes()).unwrap();
            assert_eq!(pvv::verify(&tdes, &pan, pvki(case), &pin, &given), Ok(()));
            let wrong = Pvv::from_ascii(b"0000").unwrap();
            let refusal = pvv::verify(&tdes, &pan, pvki(case), &pin, &wrong);
            assert_eq!(refusal, Err(Error::VerificationFailed));
        }
        "ibm3624" => {
            let key = bytes(case, "pvk");
            match key.len() {
                8 => ibm3624_under::<Des>(case, &key),
                16 => ibm3624_under::<TdesEde2>(case, &key),
                _ => ibm3624_under::<TdesEde3>(case, &key),
            }
        }
        "neg_ibm3624" => {
            let error =
                DecimalisationTable::from_ascii(text(case, "dec_table").as_bytes()).unwrap_err();
            assert_eq!(error.as_str(), text(case, "error"));
        }
        "pin_translate" => translated(case),
        "neg_pinblock_iso0" => {
            refused(iso0::decode(&array(case, "block"), &pan(case)));
            refused(Format::Iso0.decode(&bytes(case, "block"), Some(&pan(case))));
        }
        "neg_pinblock_iso2" => {
            let expected = match text(case, "error") {
                "bad_length" => Error::BlockLength,
                _ => Error::InvalidBlock,
            };
            let found = Format::Iso2.decode(&bytes(case, "block"), None);
            assert_eq!(found.map(|_| ()), Err(expected));
        }
        "neg_pinblock_iso3" => {
            refused(iso3::decode(&array(case, "block"), &pan(case)));
            refused(Format::Iso3.decode(&bytes(case, "block"), Some(&pan(case))));
        }
        "neg_pinblock_iso4" => {
            let aes = Aes128::new_from_slice(&bytes(case, "key")).unwrap();
            refused(iso4::decipher(&aes, &array(case, "block"), &pan(case)));
        }
        "neg_pinblock_iso4_field" => refused(iso4::decode_pin_field(&array(case, "field"))),
        "neg_pan_field" => {
            let error = text(case, "pan").parse::<Pan>().unwrap_err();
            assert_eq!(error.as_str(), text(case, "error"));
        }
        "neg_pin_encode" | "neg_pvv" => {
            let error = text(case, "pin").parse::<Pin>().unwrap_err();
            assert_eq!(error.as_str(), text(case, "error"));
        }
        other => panic!("no test for kind {other}"),
    }
}

#[test]
fn all_vectors() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file: Value =
            serde_json::from_slice(&fs::read(entry.unwrap().path()).unwrap()).unwrap();
        for name in ["source", "origin", "note"] {
            assert!(!text(&file, name).is_empty());
        }
        for case in file["cases"].as_array().unwrap() {
            println!("{}", case["id"]); // shown when the case fails
            run(case);
            count += 1;
        }
    }
    assert_eq!(count, VECTORS);
}

/// How many cases the files hold, so that none goes missing unseen.
const VECTORS: usize = 119;
