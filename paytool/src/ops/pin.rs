//! PIN blocks and PIN verification values.

mod translate;

pub(super) use translate::translate;

use cipher::KeyInit;
use getrandom::SysRng;
use pinblock::pvv::{self, Pvki};
use pinblock::{Format, Pan, Pin, unionpay};

use super::{Outputs, outputs};
use crate::algorithm::{Algorithm, with_cipher};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Inputs, Nibbles};

pub(super) fn encode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (format, pin, pan) = (clear_format(inputs)?, pin(inputs)?, pan(inputs)?);
    if inputs.get::<Nibbles>("seq")?.is_some() {
        return Err(Failure::invalid("`seq`: this format has no sequence number"));
    }
    let block = match inputs.get("fill")? {
        Some(Nibbles(fill)) => format.encode_with_fill(&pin, pan.as_ref(), &fill)?,
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
    let fill: Option<Nibbles> = inputs.get("fill")?;
    let pan = pan.as_ref();
    let block = if is_unionpay(algorithm, format) {
        let cipher = keyed::<sm4::Sm4>(&key)?;
        match fill {
            Some(Nibbles(fill)) => {
                unionpay::encipher_with_fill(&cipher, format, &pin, pan, &fill)?.to_vec()
            }
            None => unionpay::encipher(&cipher, format, &pin, pan, &mut SysRng)?.to_vec(),
        }
    } else {
        with_cipher!(algorithm, C => {
            let cipher = keyed::<C>(&key)?;
            match fill {
                Some(Nibbles(fill)) => {
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

fn format(inputs: &Inputs) -> Result<Format, Failure> {
    Ok(inputs.require::<&str>("format")?.parse()?)
}

/// A format that has a block in clear, which is one of 8 bytes.
fn clear_format(inputs: &Inputs) -> Result<Format, Failure> {
    let format = format(inputs)?;
    if format.block_size() != 8 {
        return Err(pinblock::Error::UnsupportedFormat.into());
    }
    Ok(format)
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
}
