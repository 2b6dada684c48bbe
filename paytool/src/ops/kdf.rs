//! Key derivation functions.

use keyblock::{Error, kdf};
use serde_json::Value;

use super::{Outputs, outputs};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;

/// Evaluates an expression with a type alias standing for the hash that the request names.
macro_rules! with_hash {
    ($inputs:expr, $hash:ident => $body:expr) => {{
        macro_rules! under {
            ($concrete:ty) => {{
                type $hash = $concrete;
                $body
            }};
        }
        match $inputs.require("hash")? {
            "sha1" => under!(sha1::Sha1),
            "sha224" => under!(sha2::Sha224),
            "sha256" => under!(sha2::Sha256),
            "sha384" => under!(sha2::Sha384),
            "sha512" => under!(sha2::Sha512),
            _ => Err(Failure::new(
                "unknown_hash",
                "`hash` is sha1, sha224, sha256, sha384 or sha512",
            )),
        }
    }};
}

pub(super) use with_hash;

/// The most bytes that are derived: no key has more, and what is asked for is made in memory.
const MOST: u64 = 65_535;

pub(super) fn hkdf(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (ikm, salt): (Vec<u8>, Vec<u8>) = (inputs.require("ikm")?, bytes(inputs, "salt")?);
    let info = bytes(inputs, "info")?;
    with_hash!(inputs, D => {
        derive(inputs, "okm", |out| kdf::hkdf::<D>(&ikm, &salt, &info, out))
    })
}

pub(super) fn x963(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (z, info): (Vec<u8>, Vec<u8>) = (inputs.require("z")?, bytes(inputs, "shared_info")?);
    with_hash!(inputs, D => derive(inputs, "out", |out| kdf::x963::<D>(&z, &info, out)))
}

pub(super) fn one_step(inputs: &Inputs) -> Result<Outputs, Failure> {
    let (z, info): (Vec<u8>, Vec<u8>) = (inputs.require("z")?, bytes(inputs, "fixed_info")?);
    with_hash!(inputs, D => derive(inputs, "out", |out| kdf::one_step::<D>(&z, &info, out)))
}

/// As many bytes as the request wants, under the name of the output.
fn derive(
    inputs: &Inputs,
    name: &str,
    into: impl FnOnce(&mut [u8]) -> Result<(), Error>,
) -> Result<Outputs, Failure> {
    let mut out = vec![0; length(inputs)?];
    into(&mut out)?;
    Ok(outputs([(name, Value::from(hex::encode(&out)))]))
}

/// How many bytes a request wants.
pub(super) fn length(inputs: &Inputs) -> Result<usize, Failure> {
    match inputs.require("length")? {
        length @ 0..=MOST => usize::try_from(length).map_err(|_| Error::OutputLength.into()),
        _ => Err(Error::OutputLength.into()),
    }
}

/// Bytes that may be left out, which is the same as none.
pub(super) fn bytes(inputs: &Inputs, name: &str) -> Result<Vec<u8>, Failure> {
    Ok(inputs.get(name)?.unwrap_or_default())
}
