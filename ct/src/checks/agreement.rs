//! Keys agreed on.

use keyblock::ecdh::{EphemeralKey, KeyDerivation, P256, SharedSecret, StaticKey};
use sha2::Sha256;

use crate::check::Check;
use crate::leaky;
use crate::secret::{Random, accepted, done, secret};
use crate::shown::ECDH;

fn agreed() -> SharedSecret {
    let other = accepted(StaticKey::<P256>::from_bytes(&[0x42; 32])).public_key();
    accepted(StaticKey::<P256>::from_bytes(&secret([0x24; 32]))).agree(&other)
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            "ECDH P-256: key, public key, agreement",
            "private key, agreed secret",
            || {
                let derived = agreed().derive::<Sha256>(KeyDerivation::X963, &b"info"[..], 32);
                done(accepted(accepted(derived).aes_kbpk()));
                let ephemeral = accepted(EphemeralKey::<P256>::generate(&mut Random::new()));
                done(ephemeral.public_key().to_sec1());
            },
            || done(leaky::set_odd_parity(agreed().expose_bytes())),
        )
        .shows(&ECDH),
    ]
}
