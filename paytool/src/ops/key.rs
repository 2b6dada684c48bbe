//! Keys: checked, combined, agreed.

use getrandom::SysRng;
use keyblock::ecdh::{Curve, KeyDerivation, P256, P384, P521, PublicKey, StaticKey};
use keyblock::{Error, Kcv, KcvMethod, TdesKeyPolicy};
use serde_json::Value;

use super::kdf::{bytes, length, with_hash};
use super::{Outputs, outputs};
use crate::algorithm::{Algorithm, with_cipher};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Input, Inputs};

/// The longest private key, of P-521.
const MAX_PRIVATE_LEN: usize = 66;

/// Evaluates an expression with a type alias standing for the curve that is named.
macro_rules! with_curve {
    ($name:expr, $curve:ident => $body:expr) => {{
        macro_rules! over {
            ($concrete:ty) => {{
                type $curve = $concrete;
                $body
            }};
        }
        match $name {
            "P-256" => over!(P256),
            "P-384" => over!(P384),
            "P-521" => over!(P521),
            _ => Err(Failure::new("unknown_curve", "`curve` is P-256, P-384 or P-521")),
        }
    }};
}

pub(super) fn kcv(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (method, key): (&str, Vec<u8>) = (inputs.require("method")?, inputs.require("key")?);
    let method = method.parse().map_err(|_| {
        let names: Vec<_> = KcvMethod::ALL.iter().map(|method| method.as_str()).collect();
        Failure::new("unknown_method", format!("`method` is one of {}", names.join(", ")))
    })?;
    let value = check_value(algorithm(inputs.require("alg")?, &key)?, method, &key)?;
    Ok(outputs([("kcv", value.to_string().into())]))
}

/// Any TDES key is taken whose parts differ, are not weak and have odd parity, unless the policy says less.
pub(super) fn check(inputs: &Inputs) -> Result<Outputs, Failure> {
    let policy = match inputs.get("policy")?.unwrap_or("strict") {
        "strict" => TdesKeyPolicy::STRICT,
        "parity_any" => TdesKeyPolicy::STRICT.allowing_any_parity(),
        "weak_allowed" => TdesKeyPolicy::STRICT
            .allowing_weak()
            .allowing_degenerate()
            .allowing_two_key_in_24_bytes()
            .allowing_single_length(),
        _ => {
            let message = "`policy` is strict, parity_any or weak_allowed";
            return Err(Failure::new("unknown_policy", message));
        }
    };
    let key: Vec<u8> = inputs.require("key")?;
    let algorithm = algorithm(inputs.require("alg")?, &key)?;
    if matches!(algorithm, Algorithm::Des | Algorithm::Tdes2 | Algorithm::Tdes3) {
        policy.check(&key)?;
    }
    if let Some(kcv) = inputs.get::<Vec<u8>>("kcv")? {
        let method = match kcv.len() {
            3 => KcvMethod::Legacy,
            5 => KcvMethod::Cmac,
            _ => return Err(Error::KcvLength.into()),
        };
        check_value(algorithm, method, &key)?.verify(&kcv)?;
    }
    Ok(outputs([("valid", Value::Bool(true))]))
}

pub(super) fn combine(inputs: &Inputs) -> Result<Outputs, Failure> {
    let components: &[Value] = inputs.require("components")?;
    let components: Vec<Vec<u8>> = components
        .iter()
        .map(|component| Input::read(component).map_err(|fault: Failure| fault.of("components")))
        .collect::<Result<_, _>>()?;
    let lent: Vec<&[u8]> = components.iter().map(Vec::as_slice).collect();
    let mut key = vec![0; lent.first().map_or(0, |first| first.len())];
    keyblock::combine(&lent, &mut key)?;
    let algorithm = algorithm(inputs.get("alg")?.unwrap_or("TDES"), &key)?;
    let value = check_value(algorithm, KcvMethod::Legacy, &key)?;
    Ok(outputs([("key", hex::encode(&key).into()), ("kcv", value.to_string().into())]))
}

/// Not an operation: the command line prints it. Random components that add up to a key.
pub(crate) fn split(alg: &str, count: usize, key: &[u8]) -> Result<Outputs, Failure> {
    let algorithm = algorithm(alg, key)?;
    let value = |key: &[u8]| -> Result<Value, Failure> {
        Ok(check_value(algorithm, KcvMethod::Legacy, key)?.to_string().into())
    };
    // No key has more; how many there are is for the crate to say.
    let mut components = vec![vec![0; key.len()]; count.min(100)];
    let mut lent: Vec<&mut [u8]> = components.iter_mut().map(Vec::as_mut_slice).collect();
    keyblock::split(key, &mut lent, &mut SysRng)?;
    let shown = components.iter().map(|component| {
        let pair = [("component", hex::encode(component).into()), ("kcv", value(component)?)];
        Ok(Value::Object(outputs(pair)))
    });
    let shown: Vec<Value> = shown.collect::<Result<_, Failure>>()?;
    Ok(outputs([("components", shown.into()), ("kcv", value(key)?)]))
}

pub(super) fn parity(inputs: &Inputs) -> Result<Outputs, Failure> {
    let mut key: Vec<u8> = inputs.require("key")?;
    if !matches!(key.len(), 8 | 16 | 24) {
        return Err(Error::KeyLength.into());
    }
    keyblock::set_odd_parity(&mut key);
    Ok(outputs([("key", hex::encode(&key).into())]))
}

/// The check value of a key.
pub(crate) fn check_value(
    algorithm: Algorithm,
    method: KcvMethod,
    key: &[u8],
) -> Result<Kcv, Error> {
    with_cipher!(algorithm, C => Kcv::new::<C>(method, key))
}

/// The cipher of a key by name; TDES with a single key is DES.
fn algorithm(name: &str, key: &[u8]) -> Result<Algorithm, Failure> {
    let name = if name == "TDES" && key.len() == 8 { "DES" } else { name };
    Algorithm::named(name, key, "alg", "key")
}

pub(super) fn ecdh(inputs: &Inputs) -> Result<Outputs, Failure> {
    with_curve!(inputs.require("curve")?, C => agree::<C>(inputs))
}

fn agree<C: Curve>(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (private, public): (Vec<u8>, Vec<u8>) =
        (inputs.require("private")?, inputs.require("public")?);
    let derivation = match inputs.require("kdf")? {
        "x963" => KeyDerivation::X963,
        "onestep" => KeyDerivation::OneStep,
        "hkdf" => KeyDerivation::Hkdf { salt: &[] },
        _ => return Err(Failure::new("unknown_kdf", "`kdf` is x963, onestep or hkdf")),
    };
    let (info, len) = (bytes(inputs, "shared_info")?, length(inputs)?);
    let private = StaticKey::<C>::from_bytes_left_padded(&private)?;
    let secret = private.agree(&PublicKey::from_sec1(&public)?);
    with_hash!(inputs, D => {
        let key = secret.derive::<D>(derivation, &*info, len)?;
        Ok(outputs([("key", Value::from(hex::encode(key.expose_bytes())))]))
    })
}

/// Not an operation: the command line prints it. A random private key, and its public key.
pub(crate) fn generate(curve: &str) -> Result<Outputs, Failure> {
    with_curve!(curve, C => pair(&StaticKey::<C>::generate(&mut SysRng)?))
}

fn pair<C: Curve>(key: &StaticKey<C>) -> Result<Outputs, Failure> {
    let mut buffer = [0; MAX_PRIVATE_LEN];
    let private = hex::encode(key.expose_bytes(&mut buffer)?);
    let public = hex::encode(key.public_key().to_sec1().as_bytes());
    Ok(outputs([("private", private.into()), ("public", public.into())]))
}
