//! Keys: agreed.

use keyblock::ecdh::{Curve, KeyDerivation, P256, P384, P521, PublicKey, StaticKey};
use serde_json::Value;

use super::kdf::{bytes, length, with_hash};
use super::{Outputs, outputs};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;

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
    with_curve!(curve, C => pair(&StaticKey::<C>::generate(&mut getrandom::SysRng)?))
}

fn pair<C: Curve>(key: &StaticKey<C>) -> Result<Outputs, Failure> {
    let mut buffer = [0; MAX_PRIVATE_LEN];
    let private = hex::encode(key.expose_bytes(&mut buffer)?);
    let public = hex::encode(key.public_key().to_sec1().as_bytes());
    Ok(outputs([("private", private.into()), ("public", public.into())]))
}
