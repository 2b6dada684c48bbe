//! Keys: checked, combined, agreed.

mod check;
mod value;

pub(super) use check::check;

use getrandom::SysRng;
use getrandom::rand_core::TryRng;
use keyblock::Error;
use keyblock::ecdh::{Curve, KeyDerivation, P256, P384, P521, PublicKey, StaticKey};
use serde_json::Value;

pub(crate) use value::{Method, check_value};

use super::kdf::{bytes, length, with_hash};
use super::{Outputs, outputs};
use crate::algorithm::Algorithm;
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Input, Inputs};

/// How many components a key has.
const COMPONENTS: core::ops::RangeInclusive<usize> = 2..=9;

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
    let (method, key): (_, Vec<u8>) =
        (Method::named(inputs.require("method")?)?, inputs.require("key")?);
    let value = check_value(algorithm(inputs.require("alg")?, &key)?, method, &key)?;
    Ok(outputs([("kcv", hex::encode(&value).into())]))
}

pub(super) fn combine(inputs: &Inputs) -> Result<Outputs, Failure> {
    let components: &[Value] = inputs.require("components")?;
    let components: Vec<Vec<u8>> = components
        .iter()
        .map(|component| {
            Input::read(component).map_err(|failure: Failure| failure.of("components"))
        })
        .collect::<Result<_, _>>()?;
    let key = combined(&components)?;
    let algorithm = algorithm(inputs.get("alg")?.unwrap_or("TDES"), &key)?;
    let value = check_value(algorithm, Method::LegacyEcbZero, &key)?;
    Ok(outputs([("key", hex::encode(&key).into()), ("kcv", hex::encode(&value).into())]))
}

/// The sum of components.
fn combined(components: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let [first, others @ ..] = components else { return Err(Error::ComponentCount) };
    if !COMPONENTS.contains(&components.len()) {
        return Err(Error::ComponentCount);
    }
    if others.iter().any(|other| other.len() != first.len()) {
        return Err(Error::ComponentLength);
    }
    let mut key = first.clone();
    for other in others {
        key.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
    }
    if key.iter().all(|byte| *byte == 0) { Err(Error::ZeroKey) } else { Ok(key) }
}

/// Not an operation: the command line prints it. Random components that add up to a key.
pub(crate) fn split(alg: &str, count: usize, key: &[u8]) -> Result<Outputs, Failure> {
    let algorithm = algorithm(alg, key)?;
    if !COMPONENTS.contains(&count) {
        return Err(Error::ComponentCount.into());
    }
    let mut components = vec![vec![0; key.len()]; count.saturating_sub(1)];
    let mut last = key.to_vec();
    for component in &mut components {
        SysRng.try_fill_bytes(component).map_err(|_| Error::Rng)?;
        last.iter_mut().zip(&*component).for_each(|(byte, other)| *byte ^= other);
    }
    components.push(last);
    let shown = |key: &[u8]| -> Result<Value, Failure> {
        let value = check_value(algorithm, Method::LegacyEcbZero, key)?;
        let pair = [("component", hex::encode(key).into()), ("kcv", hex::encode(&value).into())];
        Ok(Value::Object(outputs(pair)))
    };
    let all: Vec<Value> = components.iter().map(|one| shown(one)).collect::<Result<_, _>>()?;
    let value = check_value(algorithm, Method::LegacyEcbZero, key)?;
    Ok(outputs([("components", all.into()), ("kcv", hex::encode(&value).into())]))
}

pub(super) fn parity(inputs: &Inputs) -> Result<Outputs, Failure> {
    let mut key: Vec<u8> = inputs.require("key")?;
    if !matches!(key.len(), 8 | 16 | 24) {
        return Err(Error::KeyLength.into());
    }
    key.iter_mut().for_each(|byte| *byte = odd(*byte));
    Ok(outputs([("key", hex::encode(&key).into())]))
}

/// A byte with odd parity, by its lowest bit.
fn odd(byte: u8) -> u8 {
    byte ^ u8::from(byte.count_ones().is_multiple_of(2))
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
