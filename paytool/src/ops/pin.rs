//! PIN blocks, PIN verification values, and IBM 3624 PINs and offsets.

mod translate;

pub(super) use translate::translate;

use cipher::{BlockCipherEncrypt, KeyInit, consts::U8};
use getrandom::SysRng;
use pinblock::ibm3624::{self, DecimalisationTable, ValidationData};
use pinblock::pvv::{self, Pvki};
use pinblock::rand_core::TryRng;
use pinblock::{Format, Pan, Pin, unionpay};

use super::{Outputs, outputs};
use crate::algorithm::{Algorithm, with_cipher};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Inputs, Nibbles};

pub(super) fn encode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (format, pin, pan) = (clear_format(inputs)?, pin(inputs)?, pan(inputs)?);
    let block = match fill(inputs, format)? {
        Some(fill) => format.encode_with_fill(&pin, pan.as_ref(), &fill)?,
        None => format.encode(&pin, pan.as_ref(), &mut SysRng)?,
    };
    Ok(outputs([("block", hex::encode(block.expose_bytes()).into())]))
}

pub(super) fn decode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (format, pan) = (clear_format(inputs)?, pan(inputs)?);
    let block: Vec<u8> = inputs.require("block")?;
    clear(&format.decode(&block, pan.as_ref())?)
}

pub(super) fn encipher(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (format, pin, pan) = (format(inputs)?, pin(inputs)?, pan(inputs)?);
    let (algorithm, key) = Algorithm::with_key(inputs)?;
    let fill = fill(inputs, format)?;
    let pan = pan.as_ref();
    let block = if is_unionpay(algorithm, format) {
        let cipher = keyed::<sm4::Sm4>(&key)?;
        match fill {
            Some(fill) => unionpay::encipher_with_fill(&cipher, format, &pin, pan, &fill)?.to_vec(),
            None => unionpay::encipher(&cipher, format, &pin, pan, &mut SysRng)?.to_vec(),
        }
    } else {
        with_cipher!(algorithm, C => {
            let cipher = keyed::<C>(&key)?;
            match fill {
                Some(fill) => {
                    format.encipher_with_fill(&cipher, &pin, pan, &fill)?.to_vec()
                }
                None => format.encipher(&cipher, &pin, pan, &mut SysRng)?.to_vec(),
            }
        })
    };
    Ok(outputs([("block", hex::encode(&block).into())]))
}

pub(super) fn decipher(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (format, pan) = (format(inputs)?, pan(inputs)?);
    let (algorithm, key) = Algorithm::with_key(inputs)?;
    let block: Vec<u8> = inputs.require("block")?;
    let pan = pan.as_ref();
    let pin = if is_unionpay(algorithm, format) {
        let block = block.as_slice().try_into().map_err(|_| pinblock::Error::BlockLength)?;
        unionpay::decipher(&keyed::<sm4::Sm4>(&key)?, format, block, pan)?
    } else {
        with_cipher!(algorithm, C => format.decipher(&keyed::<C>(&key)?, &block, pan)?)
    };
    clear(&pin)
}

pub(super) fn pvv(inputs: &Inputs) -> Result<Outputs, Failure> {
    let pvki = u8::try_from(inputs.require::<u64>("pvki")?);
    let pvki = Pvki::new(pvki.map_err(|_| pinblock::Error::PvkiRange)?)?;
    let pan = pan(inputs)?.ok_or_else(|| Failure::missing("pan"))?;
    let pvk: Vec<u8> = inputs.require("pvk")?;
    let cipher = keyed::<des::TdesEde2>(&pvk).map_err(|failure| failure.of("pvk"))?;
    let value = pvv::generate(&cipher, &pan, pvki, &pin(inputs)?);
    let digits: String = value.expose_ascii().iter().copied().map(char::from).collect();
    Ok(outputs([("pvv", digits.into())]))
}

pub(super) fn ibm3624(inputs: &Inputs) -> Result<Outputs, Failure> {
    let data = ValidationData::from_ascii(inputs.require::<&str>("validation_data")?.as_bytes())?;
    let table = DecimalisationTable::from_ascii(inputs.require::<&str>("dec_table")?.as_bytes())?;
    let pin = pin(inputs)?;
    let pvk: Vec<u8> = inputs.require("pvk")?;
    match pvk.len() {
        8 => natural_pin_and_offset::<des::Des>(&pvk, &table, &data, &pin),
        16 => natural_pin_and_offset::<des::TdesEde2>(&pvk, &table, &data, &pin),
        _ => natural_pin_and_offset::<des::TdesEde3>(&pvk, &table, &data, &pin),
    }
}

fn natural_pin_and_offset<C>(
    pvk: &[u8],
    table: &DecimalisationTable,
    data: &ValidationData,
    pin: &Pin,
) -> Result<Outputs, Failure>
where
    C: KeyInit + BlockCipherEncrypt<BlockSize = U8>,
{
    let cipher = keyed::<C>(pvk).map_err(|failure| failure.of("pvk"))?;
    let natural = ibm3624::natural_pin(&cipher, table, data, pin.length())?;
    let offset = ibm3624::offset(&cipher, table, data, pin);
    Ok(outputs([
        ("natural_pin", natural.expose_digits().as_str().into()),
        ("offset", offset.expose_digits().as_str().into()),
    ]))
}

fn format(inputs: &Inputs) -> Result<Format, Failure> {
    Ok(inputs.require::<&str>("format")?.parse()?)
}

/// Reads a clear block, and says what is wrong with it if it has no PIN.
pub(crate) fn explain(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (format, pan) = (format(inputs)?, pan(inputs)?);
    let block: Vec<u8> = inputs.require("block")?;
    let found = format.diagnose(&block, pan.as_ref());
    clear(&found.map_err(|finding| Failure::new(finding.as_str(), finding.to_string()))?)
}

/// A format that has a block in clear, which is one of 8 bytes.
fn clear_format(inputs: &Inputs) -> Result<Format, Failure> {
    let format = format(inputs)?;
    if format.block_size() != 8 {
        return Err(pinblock::Error::UnsupportedFormat.into());
    }
    Ok(format)
}

/// Fill and sequence number as they stand in the block; of the two, one that is left out is drawn.
fn fill(inputs: &Inputs, format: Format) -> Result<Option<Vec<u8>>, Failure> {
    let fill: Option<Nibbles> = inputs.get("fill")?;
    let sequence: Option<Nibbles> = inputs.get("seq")?;
    let length = format.sequence_nibbles();
    let sequence = match (fill.is_some(), sequence) {
        (_, Some(_)) if length == 0 => {
            return Err(Failure::invalid("`seq`: this format has no sequence number"));
        }
        (_, Some(Nibbles(sequence))) if sequence.len() != length => {
            return Err(Failure::invalid(format!("`seq`: must be {length} hex digits")));
        }
        (_, Some(Nibbles(sequence))) => sequence,
        (false, None) => return Ok(None),
        (true, None) => random_nibbles()?.into_iter().take(length).collect(),
    };
    let in_front = format == Format::Ibm3621;
    let fill = match fill {
        Some(Nibbles(fill)) if length > 0 && fill.len() != 1 => {
            return Err(pinblock::Error::FillLength.into());
        }
        Some(Nibbles(fill)) => fill,
        None if in_front => {
            // Any of A to F, each as likely: nibbles are drawn until one is.
            let mut letter = None;
            while letter.is_none() {
                letter = random_nibbles()?.into_iter().find(|nibble| *nibble > 9);
            }
            letter.into_iter().collect()
        }
        None => vec![0x0F],
    };
    let (first, second) = if in_front { (sequence, fill) } else { (fill, sequence) };
    Ok(Some([first, second].concat()))
}

fn random_nibbles() -> Result<[u8; 8], Failure> {
    let mut bytes = [0; 8];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| pinblock::Error::Rng)?;
    Ok(bytes.map(|byte| byte & 0x0F))
}

fn pin(inputs: &Inputs) -> Result<Pin, Failure> {
    Ok(inputs.require::<&str>("pin")?.parse()?)
}

fn pan(inputs: &Inputs) -> Result<Option<Pan>, Failure> {
    Ok(inputs.get::<&str>("pan")?.map(str::parse).transpose()?)
}

fn keyed<C: KeyInit>(key: &[u8]) -> Result<C, Failure> {
    C::new_from_slice(key).map_err(|_| dukpt::Error::KeyLength.into())
}

/// An 8-byte block under SM4 is followed by 8 zero bytes.
fn is_unionpay(algorithm: Algorithm, format: Format) -> bool {
    algorithm == Algorithm::Sm4 && format.block_size() == 8
}

fn clear(pin: &Pin) -> Result<Outputs, Failure> {
    Ok(outputs([("pin", pin.expose_digits().as_str().into())]))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ops::run;

    fn ask(op: &str, inputs: Value) -> String {
        let answer = match run(op, inputs.as_object().unwrap().clone()) {
            Ok(outputs) => outputs.values().next().cloned(),
            Err(failure) => failure.to_json().get("kind").cloned(),
        };
        answer.unwrap().as_str().unwrap().to_owned()
    }

    const PAN: &str = "4111111111111111";

    #[test]
    fn a_random_fill_comes_back_under_every_cipher() {
        for (format, cipher, key) in [
            ("iso0", "DES", 8),
            ("iso0", "TDES", 16),
            ("iso1", "TDES3", 24),
            ("iso2", "TDES2", 16),
            ("iso3", "TDES", 24),
            ("iso4", "AES", 16),
            ("iso4", "AES192", 24),
            ("iso4", "AES", 32),
            ("iso4", "SM4", 16),
            ("iso0", "SM4", 16),
            ("iso1", "SM4", 16),
            ("iso3", "SM4", 16),
        ] {
            let key = "0B".repeat(key);
            let inputs =
                json!({"format": format, "cipher": cipher, "key": key, "pin": "12345", "pan": PAN});
            let block = ask("pin.encipher", inputs);
            let inputs =
                json!({"format": format, "cipher": cipher, "key": key, "block": block, "pan": PAN});
            assert_eq!(ask("pin.decipher", inputs), "12345", "{format} {cipher}: {block}");
        }
    }

    #[test]
    fn legacy_formats_take_what_is_left_out_at_random() {
        for format in pinblock::Format::ALL.into_iter().filter(|format| format.is_legacy()) {
            for name in format.aliases().iter().chain([&format.as_str()]) {
                let inputs = json!({"format": name, "pin": "1234", "pan": PAN});
                let block = ask("pin.encode", inputs);
                let inputs = json!({"format": name, "block": block, "pan": PAN});
                assert_eq!(ask("pin.decode", inputs), "1234", "{name}: {block}");
                let key = "0B".repeat(16);
                for cipher in ["TDES", "SM4"] {
                    let inputs = json!({"format": name, "cipher": cipher, "key": key, "pin": "1234", "pan": PAN});
                    let block = ask("pin.encipher", inputs);
                    let inputs = json!({"format": name, "cipher": cipher, "key": key, "block": block, "pan": PAN});
                    assert_eq!(ask("pin.decipher", inputs), "1234", "{name} {cipher}: {block}");
                }
            }
        }
    }

    #[test]
    fn a_sequence_number_stands_where_the_format_has_it() {
        let ask = |format: &str, fill: Value, seq: Value| {
            ask("pin.encode", json!({"format": format, "pin": "1234", "fill": fill, "seq": seq}))
        };
        assert_eq!(ask("ibm3621", json!("F"), json!("0A5F")), "0A5F1234FFFFFFFF");
        assert_eq!(ask("ibm4704epp", json!("F"), json!("7A")), "41234FFFFFFFFF7A");
        assert_eq!(ask("ibm4704epp", json!(null), json!("7A")), "41234FFFFFFFFF7A");
        let drawn = ask("ibm3621", json!(null), json!("0A5F"));
        assert!(drawn.starts_with("0A5F1234") && drawn.ends_with(|c| ('A'..='F').contains(&c)));
        assert!(ask("ibm3621", json!("9"), json!(null)).ends_with("123499999999"));
        for (format, fill, seq, kind) in [
            ("ibm3621", json!("F"), json!("0A5"), "invalid_value"),
            ("ibm3621", json!("F"), json!(""), "invalid_value"),
            ("ibm4704epp", json!("F"), json!("0A5F"), "invalid_value"),
            ("ibm3621", json!("0A5FF"), json!(null), "fill_length"),
            ("ibm4704epp", json!(""), json!("7A"), "fill_length"),
            ("ibm3621", json!("4"), json!(null), "fill_value"),
            ("diebold", json!("2"), json!(null), "fill_value"),
            ("diebold", json!("FF"), json!(null), "fill_length"),
            ("diebold", json!("F"), json!("00"), "invalid_value"),
            ("visa2", json!("99999999A"), json!(null), "fill_value"),
        ] {
            assert_eq!(ask(format, fill, seq), kind, "{format}");
        }
        let inputs = json!({"format": "ibm3621", "cipher": "TDES", "key": "0B".repeat(16), "pin": "1234", "fill": "F", "seq": "0A5F"});
        let block = super::tests::ask("pin.encipher", inputs);
        let inputs =
            json!({"format": "ibm3621", "cipher": "TDES", "key": "0B".repeat(16), "block": block});
        assert_eq!(super::tests::ask("pin.decipher", inputs), "1234");
    }

    #[test]
    fn a_pin_that_a_format_has_no_room_for_is_refused() {
        for (format, pin) in [
            ("eci2", "12345"),
            ("eci3", "1234567"),
            ("visa2", "1234567"),
            ("docutel2", "1234567"),
            ("ibm3621", "123456789012"),
        ] {
            assert_eq!(ask("pin.encode", json!({"format": format, "pin": pin})), "pin_length");
        }
    }

    #[test]
    fn a_cipher_that_does_not_fit_is_named() {
        let ask = |format, cipher, key: usize| {
            let inputs = json!({"format": format, "cipher": cipher, "key": "0B".repeat(key), "pin": "1234", "pan": PAN});
            ask("pin.encipher", inputs)
        };
        assert_eq!(ask("iso0", "AES", 16), "cipher_block_size");
        assert_eq!(ask("iso4", "TDES", 16), "cipher_block_size");
        assert_eq!(ask("iso4", "AES", 15), "key_length");
        assert_eq!(ask("iso0", "TDES", 8), "key_length");
        assert_eq!(ask("iso5", "TDES", 16), "unknown_format");
        assert_eq!(ask("iso0", "RC4", 16), "unknown_cipher");
    }

    #[test]
    fn an_empty_fill_is_a_fill() {
        let ask = |format, fill| {
            let inputs = json!({"format": format, "pin": "1234", "pan": PAN, "fill": fill});
            ask("pin.encode", inputs)
        };
        assert_eq!(ask("iso0", json!("")), "041225EEEEEEEEEE");
        assert_eq!(ask("iso0", json!("A")), "fill_length");
        assert_eq!(ask("iso1", json!("")), "fill_length");
        assert_eq!(ask("iso1", json!("0123456789")), "1412340123456789");
        assert_eq!(ask("iso3", json!("9ABCDEFABC")), "fill_value");
        assert_eq!(ask("iso1", json!("01234G6789")), "invalid_hex");
        assert_eq!(ask("iso4", json!(null)), "unsupported_format");
    }

    #[test]
    fn format_4_has_no_block_in_clear() {
        for block in [json!("041225EEEEEEEEEE"), json!("0".repeat(32)), json!("0"), json!(null)] {
            let inputs = json!({"format": "iso4", "block": block, "pan": PAN});
            assert_eq!(ask("pin.decode", inputs), "unsupported_format");
        }
    }

    #[test]
    fn what_a_pan_and_a_key_index_may_be() {
        let inputs = json!({"format": "iso0", "pin": "1234"});
        assert_eq!(ask("pin.encode", inputs), "pan_missing");
        let inputs = json!({"format": "iso2", "pin": "1234", "pan": "x"});
        assert_eq!(ask("pin.encode", inputs), "pan_length");
        for pvki in [10_u64, 256, 1 << 40] {
            let inputs = json!({"pvk": "0B".repeat(16), "pan": PAN, "pvki": pvki, "pin": "1234"});
            assert_eq!(ask("pin.pvv", inputs), "pvki_range");
        }
        let inputs = json!({"pvk": "0B".repeat(24), "pan": PAN, "pvki": 1, "pin": "1234"});
        assert_eq!(ask("pin.pvv", inputs), "key_length");
    }

    #[test]
    fn what_an_ibm3624_pin_is_made_of() {
        let ask = |pvk: usize, data: &str, table: &str, pin: &str| {
            let pvk = "0123456789ABCDEF".repeat(pvk / 8) + &"0B".repeat(pvk % 8);
            let inputs =
                json!({"pvk": pvk, "validation_data": data, "dec_table": table, "pin": pin});
            ask("pin.ibm3624", inputs)
        };
        let (data, table) = ("1234567890123445", "0123456789012345");
        // Keys that are the same 8 bytes over and over make TDES the same as DES.
        for pvk in [8, 16, 24] {
            assert_eq!(ask(pvk, data, table, "1234"), "9046");
        }
        for pvk in [0, 7, 15, 32] {
            assert_eq!(ask(pvk, data, table, "1234"), "key_length");
        }
        assert_eq!(ask(8, "123456789012344", table, "1234"), "validation_data");
        assert_eq!(ask(8, "123456789012344G", table, "1234"), "validation_data");
        assert_eq!(ask(8, data, "012345678901234A", "1234"), "dec_table");
        assert_eq!(ask(8, data, table, "123"), "pin_length");
    }
}
