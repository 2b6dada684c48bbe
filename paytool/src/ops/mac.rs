//! Message authentication codes.

use dukpt::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac, UnionPayMac};
use hmac::Hmac;
use serde_json::Value;
use sha2::{Sha256, Sha384, Sha512};

use super::{Outputs, outputs};
use crate::algorithm::{Algorithm, with_cipher};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;

/// What to do with a code: make it, or verify the one that is given.
enum Task {
    Make,
    Verify(Vec<u8>),
}

/// Feeds the data to a code and does the task: the codes have the same methods, but no trait in common.
macro_rules! settle {
    ($code:expr, $full:expr, $inputs:expr, $task:expr) => {{
        let code = $code.chain($inputs.require::<Vec<u8>>("data")?);
        let length = length($inputs)?.unwrap_or($full);
        match $task {
            Task::Make => {
                let mac = hex::encode(code.finalize(length)?.as_bytes());
                Ok(outputs([("mac", mac.into())]))
            }
            Task::Verify(mac) => {
                code.verify(mac, length)?;
                Ok(outputs([("valid", Value::Bool(true))]))
            }
        }
    }};
}

pub(super) fn iso9797(inputs: &Inputs) -> Result<Outputs, Failure> {
    iso9797_task(inputs, &Task::Make)
}

pub(super) fn cmac(inputs: &Inputs) -> Result<Outputs, Failure> {
    cmac_task(inputs, &Task::Make)
}

pub(super) fn hmac(inputs: &Inputs) -> Result<Outputs, Failure> {
    hmac_task(inputs, &Task::Make)
}

pub(super) fn unionpay(inputs: &Inputs) -> Result<Outputs, Failure> {
    unionpay_task(inputs, &Task::Make)
}

/// Without `length`, the code has to be there whole.
pub(super) fn verify(inputs: &Inputs) -> Result<Outputs, Failure> {
    let task = Task::Verify(inputs.require("mac")?);
    let kind = inputs.require("kind")?;
    let foreign: &[&str] = match kind {
        "iso9797" => &["hash"],
        "cmac" => &["algorithm", "padding", "hash"],
        "hmac" => &["algorithm", "padding", "cipher"],
        "unionpay" => &["algorithm", "padding", "hash", "length"],
        _ => return Err(Failure::new("unknown_kind", "`kind` is iso9797, cmac, hmac or unionpay")),
    };
    for name in foreign {
        if inputs.get::<&Value>(name)?.is_some() {
            let message = format!("`{name}` is no input of this kind of code");
            return Err(Failure::new("unknown_input", message));
        }
    }
    match kind {
        "iso9797" => iso9797_task(inputs, &task),
        "cmac" => cmac_task(inputs, &task),
        "unionpay" => unionpay_task(inputs, &task),
        _ => hmac_task(inputs, &task),
    }
}

fn iso9797_task(inputs: &Inputs, task: &Task) -> Result<Outputs, Failure> {
    match inputs.require("algorithm")? {
        1_u64 => {
            let (algorithm, key) = Algorithm::with_key(inputs)?;
            let padding = padding(inputs)?;
            with_cipher!(algorithm, C => {
                settle!(CbcMac::<C>::new(&key, padding)?, algorithm.block_len(), inputs, task)
            })
        }
        3 => {
            if inputs.require::<&str>("cipher")? != "DES" {
                return Err(Failure::invalid("`cipher`: algorithm 3 is done with DES"));
            }
            let key: Vec<u8> = inputs.require("key")?;
            let padding = padding(inputs)?;
            settle!(RetailMac::new(&key, padding)?, Algorithm::Des.block_len(), inputs, task)
        }
        5 => {
            if inputs.get::<&Value>("padding")?.is_some() {
                return Err(Failure::invalid("`padding`: algorithm 5 takes none"));
            }
            cmac_task(inputs, task)
        }
        _ => Err(Failure::invalid("`algorithm` is 1, 3 or 5")),
    }
}

fn cmac_task(inputs: &Inputs, task: &Task) -> Result<Outputs, Failure> {
    let (algorithm, key) = Algorithm::with_key(inputs)?;
    with_cipher!(algorithm, C => {
        settle!(Cmac::<C>::new(&key)?, algorithm.block_len(), inputs, task)
    })
}

fn hmac_task(inputs: &Inputs, task: &Task) -> Result<Outputs, Failure> {
    let key: Vec<u8> = inputs.require("key")?;
    match inputs.require("hash")? {
        "sha256" => settle!(Authenticator::<Hmac<Sha256>>::new(&key)?, 32, inputs, task),
        "sha384" => settle!(Authenticator::<Hmac<Sha384>>::new(&key)?, 48, inputs, task),
        "sha512" => settle!(Authenticator::<Hmac<Sha512>>::new(&key)?, 64, inputs, task),
        _ => Err(Failure::new("unknown_hash", "`hash` is sha256, sha384 or sha512")),
    }
}

/// The code is characters, which are shown as they are, and as any hexadecimal come in in either case.
fn unionpay_task(inputs: &Inputs, task: &Task) -> Result<Outputs, Failure> {
    let (algorithm, key) = Algorithm::with_key(inputs)?;
    let data: Vec<u8> = inputs.require("data")?;
    macro_rules! settle {
        ($code:expr) => {{
            let code = $code?.chain(&data);
            match task {
                Task::Make => {
                    let mac = String::from_utf8_lossy(code.finalize().as_bytes()).into_owned();
                    Ok(outputs([("mac", mac.into())]))
                }
                Task::Verify(mac) => {
                    code.verify(hex::encode(mac).as_bytes())?;
                    Ok(outputs([("valid", Value::Bool(true))]))
                }
            }
        }};
    }
    match algorithm {
        Algorithm::Des => settle!(UnionPayMac::<des::Des>::new(&key)),
        Algorithm::Tdes2 => settle!(UnionPayMac::<des::TdesEde2>::new(&key)),
        Algorithm::Tdes3 => settle!(UnionPayMac::<des::TdesEde3>::new(&key)),
        Algorithm::Sm4 => settle!(UnionPayMac::<sm4::Sm4>::new_unverified(&key)),
        Algorithm::Aes128 | Algorithm::Aes192 | Algorithm::Aes256 => {
            Err(Failure::invalid("`cipher`: UnionPay's code is made with DES, TDES or SM4"))
        }
    }
}

fn padding(inputs: &Inputs) -> Result<Padding, Failure> {
    match inputs.require("padding")? {
        1_u64 => Ok(Padding::Method1),
        2 => Ok(Padding::Method2),
        3 => {
            let data: Vec<u8> = inputs.require("data")?;
            let data_len = u64::try_from(data.len()).map_err(|_| dukpt::Error::DataLength)?;
            Ok(Padding::Method3 { data_len })
        }
        _ => Err(Failure::invalid("`padding` is 1, 2 or 3")),
    }
}

fn length(inputs: &Inputs) -> Result<Option<usize>, Failure> {
    let length = inputs.get::<u64>("length")?.map(usize::try_from);
    Ok(length.transpose().map_err(|_| dukpt::Error::MacLength)?)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ops::run;

    fn ask(op: &str, inputs: &Value) -> String {
        match run(op, inputs.as_object().unwrap().clone()) {
            Ok(outputs) => Value::from(outputs).to_string(),
            Err(failure) => failure.to_json()["kind"].as_str().unwrap().to_owned(),
        }
    }

    fn with(base: &Value, changes: Value) -> Value {
        let mut all = base.as_object().unwrap().clone();
        all.extend(changes.as_object().unwrap().clone());
        all.into()
    }

    #[test]
    fn every_kind_verifies_what_it_makes() {
        for (op, kind, full, inputs) in [
            (
                "mac.iso9797",
                "iso9797",
                8,
                json!({"algorithm": 1, "cipher": "DES", "padding": 2, "key": "0B".repeat(8)}),
            ),
            (
                "mac.iso9797",
                "iso9797",
                16,
                json!({"algorithm": 1, "cipher": "AES", "padding": 3, "key": "0B".repeat(24)}),
            ),
            (
                "mac.iso9797",
                "iso9797",
                8,
                json!({"algorithm": 3, "cipher": "DES", "padding": 1, "key": "0B".repeat(16)}),
            ),
            (
                "mac.iso9797",
                "iso9797",
                16,
                json!({"algorithm": 5, "cipher": "SM4", "key": "0B".repeat(16)}),
            ),
            ("mac.cmac", "cmac", 8, json!({"cipher": "TDES", "key": "0B".repeat(24)})),
            ("mac.hmac", "hmac", 48, json!({"hash": "sha384", "key": "0B"})),
        ] {
            let inputs = with(&inputs, json!({"data": "48656C6C6F"}));
            let made = ask(op, &inputs);
            let made: Value =
                serde_json::from_str(&made).unwrap_or_else(|_| panic!("{op}: {made}"));
            let mac = made["mac"].as_str().unwrap();
            assert_eq!(mac.len(), 2 * full);
            let check =
                |changes| ask("mac.verify", &with(&with(&inputs, json!({"kind": kind})), changes));
            assert_eq!(check(json!({"mac": mac})), "{\"valid\":true}");
            // A shorter one needs to be asked for.
            assert_eq!(check(json!({"mac": mac[..8]})), "mac_mismatch");
            assert_eq!(check(json!({"mac": mac[..8], "length": 4})), "{\"valid\":true}");
            assert_eq!(check(json!({"mac": mac, "length": 4})), "mac_mismatch");
            assert_eq!(check(json!({"mac": mac[..6], "length": 3})), "mac_length");
            assert_eq!(check(json!({"mac": mac, "length": full + 1})), "mac_length");
            let flipped = format!("{}{}", if mac.starts_with('0') { '1' } else { '0' }, &mac[1..]);
            assert_eq!(check(json!({"mac": flipped})), "mac_mismatch");
            assert_eq!(
                ask(op, &with(&inputs, json!({"length": 4}))),
                format!("{{\"mac\":\"{}\"}}", &mac[..8])
            );
        }
    }

    #[test]
    fn unionpay_verifies_what_it_makes() {
        for (cipher, key) in
            [("DES", "0B".repeat(8)), ("TDES", "1B".repeat(24)), ("SM4", "0B".repeat(16))]
        {
            let inputs = json!({"cipher": cipher, "key": key, "data": "48656C6C6F"});
            let made: Value = serde_json::from_str(&ask("mac.unionpay", &inputs)).unwrap();
            let mac = made["mac"].as_str().unwrap();
            assert_eq!(mac.len(), 8);
            let check = |mac: &str| {
                ask("mac.verify", &with(&inputs, json!({"kind": "unionpay", "mac": mac})))
            };
            assert_eq!(check(mac), "{\"valid\":true}");
            assert_eq!(check(&mac.to_lowercase()), "{\"valid\":true}");
            for other in [&mac[..6], "", "00000000", &format!("{mac}00"), &mac.repeat(2)] {
                assert_eq!(check(other), "mac_mismatch", "{other}");
            }
            let with_length = json!({"kind": "unionpay", "mac": mac, "length": 8});
            assert_eq!(ask("mac.verify", &with(&inputs, with_length)), "unknown_input");
        }
        for (cipher, key, kind) in
            [("AES", "0B".repeat(16), "invalid_value"), ("DES", "0B".repeat(16), "key_length")]
        {
            let inputs = json!({"cipher": cipher, "key": key, "data": ""});
            assert_eq!(ask("mac.unionpay", &inputs), kind);
        }
    }

    #[test]
    fn what_an_algorithm_does_not_take() {
        let base = json!({"algorithm": 1, "cipher": "DES", "padding": 1, "key": "0B".repeat(8), "data": ""});
        for (changes, kind) in [
            (json!({"algorithm": 2}), "invalid_value"),
            (json!({"algorithm": "1"}), "wrong_type"),
            (json!({"padding": 0}), "invalid_value"),
            (json!({"padding": null}), "missing_input"),
            (json!({"algorithm": 3}), "key_length"),
            (json!({"algorithm": 3, "cipher": "TDES", "key": "0B".repeat(16)}), "invalid_value"),
            (json!({"algorithm": 5}), "invalid_value"),
            (json!({"cipher": "TDES"}), "key_length"),
            (json!({"data": null}), "missing_input"),
            (json!({"hash": "sha256"}), "unknown_input"),
        ] {
            assert_eq!(ask("mac.iso9797", &with(&base, changes.clone())), kind, "{changes}");
        }
        let empty = json!({"hash": "sha256", "key": "", "data": ""});
        assert_eq!(ask("mac.hmac", &empty), "key_length");
        let verify = with(&base, json!({"mac": "0000000000000000"}));
        for (changes, kind) in [
            (json!({}), "missing_input"),
            (json!({"kind": "retail"}), "unknown_kind"),
            (json!({"kind": "unionpay"}), "unknown_input"),
            (json!({"kind": "cmac"}), "unknown_input"),
            (json!({"kind": "hmac"}), "unknown_input"),
            (json!({"kind": "iso9797"}), "mac_mismatch"),
        ] {
            assert_eq!(ask("mac.verify", &with(&verify, changes.clone())), kind, "{changes}");
        }
    }
}
