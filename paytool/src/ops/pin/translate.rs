//! `pin.translate`: a PIN from one format, key and card number to another.

use cipher::KeyInit;
use getrandom::SysRng;
use pinblock::translate::{Incoming, Outgoing, Translation};
use pinblock::{Format, Pan};

use super::{is_unionpay, keyed};
use crate::algorithm::{Algorithm, with_cipher};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Inputs, Nibbles};
use crate::ops::{Outputs, outputs};

pub(in crate::ops) fn translate(inputs: &Inputs) -> Result<Outputs, Failure> {
    let from = Side::read(inputs, ["in_format", "in_cipher", "in_key", "in_pan"])?;
    let to = Side::read(inputs, ["out_format", "out_cipher", "out_key", "out_pan"])?;
    let block: Vec<u8> = inputs.require("in_block")?;
    let fill: Option<Nibbles> = inputs.get("fill")?;
    let fill = fill.as_ref().map(|Nibbles(fill)| fill.as_slice());
    let translated = with_cipher!(from.algorithm, I => {
        let cipher = from.keyed::<I>()?;
        let side = if from.is_unionpay() { Incoming::unionpay } else { Incoming::new };
        let incoming = side(from.format, &cipher, from.pan.as_ref());
        with_cipher!(to.algorithm, O => {
            let cipher = to.keyed::<O>()?;
            let side = if to.is_unionpay() { Outgoing::unionpay } else { Outgoing::new };
            let outgoing = side(to.format, &cipher, to.pan.as_ref());
            let translation = Translation::new(incoming, outgoing);
            match fill {
                Some(fill) => translation.translate_with_fill(&block, fill)?.to_vec(),
                None => translation.translate(&block, &mut SysRng)?.to_vec(),
            }
        })
    });
    Ok(outputs([("out_block", hex::encode(&translated).into())]))
}

/// One side, as its four inputs name it.
struct Side<'a> {
    format: Format,
    algorithm: Algorithm,
    key: Vec<u8>,
    key_name: &'a str,
    pan: Option<Pan>,
}

impl<'a> Side<'a> {
    fn read(inputs: &Inputs, [format, cipher, key, pan]: [&'a str; 4]) -> Result<Self, Failure> {
        let of = |name| move |error: pinblock::Error| Failure::from(error).of(name);
        let name = format;
        let format: Format = inputs.require::<&str>(format)?.parse().map_err(of(name))?;
        let usual = if format.block_size() == 16 { "AES" } else { "TDES" };
        let cipher_name = inputs.get(cipher)?.unwrap_or(usual);
        let bytes: Vec<u8> = inputs.require(key)?;
        Ok(Self {
            format,
            algorithm: Algorithm::named(cipher_name, &bytes, cipher, key)?,
            key: bytes,
            key_name: key,
            pan: inputs.get::<&str>(pan)?.map(str::parse).transpose().map_err(of(pan))?,
        })
    }

    fn keyed<C: KeyInit>(&self) -> Result<C, Failure> {
        keyed(&self.key).map_err(|failure| failure.of(self.key_name))
    }

    fn is_unionpay(&self) -> bool {
        is_unionpay(self.algorithm, self.format)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::ops::run;

    const PAN: &str = "4111111111111111";

    fn ask(op: &str, inputs: &Map<String, Value>) -> String {
        let answer = match run(op, inputs.clone()) {
            Ok(outputs) => outputs.values().next().cloned(),
            Err(failure) => failure.to_json().get("kind").cloned(),
        };
        answer.unwrap().as_str().unwrap().to_owned()
    }

    /// A request that takes format 0 under TDES to format 4 under AES, with inputs that replace or remove its own.
    fn request(changes: &Value) -> Map<String, Value> {
        let block = json!({"format": "iso0", "cipher": "TDES", "key": "0B".repeat(16), "pin": "12345", "pan": PAN});
        let block = ask("pin.encipher", block.as_object().unwrap());
        let whole = json!({
            "in_format": "iso0", "in_key": "0B".repeat(16), "in_pan": PAN, "in_block": block,
            "out_format": "iso4", "out_key": "0D".repeat(16), "out_pan": PAN,
        });
        let mut whole = whole.as_object().unwrap().clone();
        whole.extend(changes.as_object().unwrap().clone());
        whole
    }

    fn kind(changes: &Value) -> String {
        ask("pin.translate", &request(changes))
    }

    #[test]
    fn the_pin_arrives_under_every_cipher() {
        for (format, cipher, key) in [
            ("iso4", None, 16),
            ("iso4", None, 32),
            ("iso4", Some("SM4"), 16),
            ("iso0", None, 24),
            ("iso0", Some("SM4"), 16),
            ("iso3", Some("DES"), 8),
            ("iso3", None, 16),
        ] {
            let key = "0D".repeat(key);
            let changes = json!({"out_format": format, "out_cipher": cipher, "out_key": key});
            let block = ask("pin.translate", &request(&changes));
            let usual = if format == "iso4" { "AES" } else { "TDES" };
            let cipher = cipher.unwrap_or(usual);
            let inputs =
                json!({"format": format, "cipher": cipher, "key": key, "block": block, "pan": PAN});
            let pin = ask("pin.decipher", inputs.as_object().unwrap());
            assert_eq!(pin, "12345", "{format} {cipher}: {block}");
        }
    }

    #[test]
    fn rules_are_named_in_the_kind() {
        assert_eq!(kind(&json!({"out_pan": "5413330089010434"})), "translation_pan_change");
        let to_tdes = |format| json!({"out_format": format, "in_pan": null});
        assert_eq!(kind(&to_tdes("iso1")), "translation_to_format_1");
        assert_eq!(kind(&to_tdes("iso2")), "translation_of_format_2");
        assert_eq!(kind(&json!({"in_format": "iso2"})), "translation_of_format_2");
        // Whatever the block is.
        assert_eq!(kind(&json!({"in_format": "iso2", "in_block": ""})), "translation_of_format_2");
    }

    #[test]
    fn an_exception_cannot_be_asked_for() {
        for name in ["allow_legacy_input", "allow_pan_change", "exception"] {
            assert_eq!(kind(&json!({name: true})), "unknown_input");
        }
    }

    #[test]
    fn what_is_wrong_is_said_of_its_input() {
        let message = |changes: &Value| {
            run("pin.translate", request(changes)).unwrap_err().to_json()["message"].to_string()
        };
        for (changes, name) in [
            (json!({"out_key": "0D"}), "`out_key`"),
            (json!({"in_key": "0D"}), "`in_key`"),
            (json!({"in_cipher": "RC4"}), "`in_cipher`"),
            (json!({"out_cipher": "AES192"}), "`out_key`"),
            (json!({"in_format": "iso9"}), "`in_format`"),
            (json!({"out_pan": "4"}), "`out_pan`"),
            (json!({"in_block": null}), "`in_block`"),
        ] {
            assert!(message(&changes).contains(name), "{changes}: {}", message(&changes));
        }
        assert_eq!(kind(&json!({"out_pan": null})), "pan_missing");
        assert_eq!(kind(&json!({"in_block": "00"})), "block_length");
        assert_eq!(kind(&json!({"in_block": "00".repeat(8)})), "invalid_block");
        assert_eq!(kind(&json!({"fill": "0"})), "fill_length");
        assert_eq!(kind(&json!({"out_cipher": "TDES"})), "cipher_block_size");
    }
}
