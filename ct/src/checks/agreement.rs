//! Keys agreed on and derived from what was agreed on.

use keyblock::ecdh::{EphemeralKey, KeyDerivation, P256, SharedSecret, StaticKey};
use keyblock::kdf;
use sha2::{Sha256, Sha512};

use crate::check::Check;
use crate::leaky;
use crate::secret::{Random, accepted, done, secret};
use crate::shown::{ECDH_SCALAR, POINT_PARITY};

fn hkdf() -> [u8; 32] {
    let mut key = [0; 32];
    accepted(kdf::hkdf::<Sha256>(&secret([0x42; 32]), b"salt", b"info", &mut key));
    key
}

fn agreed() -> SharedSecret {
    let other = accepted(StaticKey::<P256>::from_bytes(&[0x42; 32])).public_key();
    accepted(StaticKey::<P256>::from_bytes(&secret([0x24; 32]))).agree(&other)
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
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
                let agreed = accepted(SharedSecret::from_bytes(&z));
                let derived =
                    accepted(agreed.derive::<Sha512>(KeyDerivation::X963, &b"info"[..], 32));
                done(accepted(derived.aes_kbpk()));
            },
            || done(leaky::set_odd_parity(&hkdf())),
        ),
        Check::new(
            "ECDH P-256: key, public key, agreement",
            "private key, agreed secret",
            || {
                done(agreed());
                let ephemeral = accepted(EphemeralKey::<P256>::generate(&mut Random::new()));
                done(ephemeral.public_key().to_sec1());
            },
            || done(leaky::set_odd_parity(agreed().expose_bytes())),
        )
        .shows(&ECDH_SCALAR)
        .shows(&[&POINT_PARITY]),
    ]
}
