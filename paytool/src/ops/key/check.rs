//! What can be wrong with a key.

use keyblock::Error;
use serde_json::Value;

use super::{Method, algorithm, check_value, odd};
use crate::algorithm::Algorithm;
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::ops::{Outputs, outputs};

/// What is asked of a TDES key.
#[derive(Clone, Copy)]
struct Policy {
    odd_parity: bool,
    strong: bool,
}

pub(in crate::ops) fn check(inputs: &Inputs) -> Result<Outputs, Failure> {
    let policy = match inputs.get("policy")?.unwrap_or("strict") {
        "strict" => Policy { odd_parity: true, strong: true },
        "parity_any" => Policy { odd_parity: false, strong: true },
        "weak_allowed" => Policy { odd_parity: true, strong: false },
        _ => {
            let message = "`policy` is strict, parity_any or weak_allowed";
            return Err(Failure::new("unknown_policy", message));
        }
    };
    let key: Vec<u8> = inputs.require("key")?;
    let algorithm = algorithm(inputs.require("alg")?, &key)?;
    if matches!(algorithm, Algorithm::Des | Algorithm::Tdes2 | Algorithm::Tdes3) {
        check_tdes(&key, policy)?;
    }
    if let Some(kcv) = inputs.get::<Vec<u8>>("kcv")? {
        if check_value(algorithm, Method::of_len(kcv.len())?, &key)? != kcv {
            return Err(Error::KcvMismatch.into());
        }
    }
    Ok(outputs([("valid", Value::Bool(true))]))
}

/// The rule that a TDES key breaks, the graver first.
fn check_tdes(key: &[u8], policy: Policy) -> Result<(), Error> {
    let bare: Vec<u8> = key.iter().map(|byte| byte & 0xFE).collect();
    let parts = || bare.chunks(8);
    if policy.strong {
        if parts().zip(parts().skip(1)).any(|(one, next)| one == next) {
            return Err(Error::DegenerateKey);
        }
        if parts().any(is_weak) {
            return Err(Error::WeakKey);
        }
    }
    if policy.odd_parity && key.iter().any(|byte| odd(*byte) != *byte) {
        return Err(Error::Parity);
    }
    Ok(())
}

/// Whether a part without its parity bits is one of the 4 weak or 12 semi-weak keys: two bytes by turns, of which those of 5 bits are
/// others in the second half.
///
/// Source: NIST SP 800-67.
fn is_weak(part: &[u8]) -> bool {
    const BYTES: [(u8, u8); 4] = [(0x00, 0x00), (0x1E, 0x0E), (0xE0, 0xF0), (0xFE, 0xFE)];
    BYTES.iter().any(|even| {
        BYTES.iter().any(|odd| {
            let weak = [even.0, odd.0, even.0, odd.0, even.1, odd.1, even.1, odd.1];
            part == weak
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: Policy = Policy { odd_parity: true, strong: true };

    fn rule(key: &str, policy: Policy) -> Option<Error> {
        check_tdes(&crate::hex::decode(key).unwrap(), policy).err()
    }

    // The list of NIST SP 800-67.
    #[test]
    fn weak_keys_are_those_of_the_list() {
        for weak in [
            "0101010101010101",
            "FEFEFEFEFEFEFEFE",
            "E0E0E0E0F1F1F1F1",
            "1F1F1F1F0E0E0E0E",
            "011F011F010E010E",
            "1F011F010E010E01",
            "01E001E001F101F1",
            "E001E001F101F101",
            "01FE01FE01FE01FE",
            "FE01FE01FE01FE01",
            "1FE01FE00EF10EF1",
            "E01FE01FF10EF10E",
            "1FFE1FFE0EFE0EFE",
            "FE1FFE1FFE0EFE0E",
            "E0FEE0FEF1FEF1FE",
            "FEE0FEE0FEF1FEF1",
        ] {
            assert_eq!(rule(weak, STRICT), Some(Error::WeakKey), "{weak}");
            let second = format!("0123456789ABCDEF{weak}");
            assert_eq!(rule(&second, STRICT), Some(Error::WeakKey), "{weak}");
            assert_eq!(rule(weak, Policy { strong: false, ..STRICT }), None, "{weak}");
        }
        assert_eq!(rule("0101010101010102", STRICT), None);
    }

    #[test]
    fn rules_of_a_tdes_key() {
        let sound = "0123456789ABCDEFFEDCBA9876543210";
        assert_eq!(rule(sound, STRICT), None);
        assert_eq!(rule(&sound.replace("23", "22"), STRICT), Some(Error::Parity));
        let any = Policy { odd_parity: false, ..STRICT };
        assert_eq!(rule(&sound.replace("23", "22"), any), None);
        // Parity bits make no other key.
        let same = "12345678123456781335577913355779";
        assert_eq!(rule(same, any), Some(Error::DegenerateKey));
        let two_key = "0123456789ABCDEFFEDCBA98765432100123456789ABCDEF";
        assert_eq!(rule(two_key, STRICT), None);
        let last = "FEDCBA98765432100123456789ABCDEF0123456789ABCDEF";
        assert_eq!(rule(last, STRICT), Some(Error::DegenerateKey));
    }
}
