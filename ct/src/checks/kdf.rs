//! Keys derived from a secret that was agreed on.

use keyblock::kdf;
use sha2::{Sha256, Sha512};

use crate::check::Check;
use crate::leaky;
use crate::secret::{accepted, done, secret};

fn hkdf() -> [u8; 32] {
    let mut key = [0; 32];
    accepted(kdf::hkdf::<Sha256>(&secret([0x42; 32]), b"salt", b"info", &mut key));
    key
}

pub(super) fn checks() -> Vec<Check> {
    vec![Check::new(
        "HKDF, X9.63, one-step",
        "agreed secret",
        || {
            done(hkdf());
            let z = secret([0x42; 66]);
            let mut key = [0; 32];
            accepted(kdf::hkdf::<Sha512>(&z, b"", b"info", &mut key));
            accepted(kdf::x963::<Sha256>(&z[..32], b"info", &mut key));
            accepted(kdf::one_step::<Sha512>(&z, b"info", &mut key));
            accepted(kdf::one_step_hmac::<Sha256>(&z, b"salt", b"info", &mut key));
        },
        || done(leaky::set_odd_parity(&hkdf())),
    )]
}
