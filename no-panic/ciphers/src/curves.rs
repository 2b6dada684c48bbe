//! Key agreement.

use crate::{random::Random, table::table};
use keyblock::ecdh::{P256, P384, P521};

table!(ECDH_P256 {
    keyblock::ecdh::EphemeralKey::<P256>::generate::<Random>,
    keyblock::ecdh::EphemeralKey::<P256>::agree,
    keyblock::ecdh::PublicKey::<P256>::from_sec1,
    keyblock::ecdh::PublicKey::<P256>::to_sec1,
});

table!(ECDH_P384 {
    keyblock::ecdh::EphemeralKey::<P384>::generate::<Random>,
    keyblock::ecdh::EphemeralKey::<P384>::agree,
    keyblock::ecdh::PublicKey::<P384>::from_sec1,
    keyblock::ecdh::PublicKey::<P384>::to_sec1,
});

table!(ECDH_P521 {
    keyblock::ecdh::EphemeralKey::<P521>::generate::<Random>,
    keyblock::ecdh::EphemeralKey::<P521>::agree,
    keyblock::ecdh::PublicKey::<P521>::from_sec1,
    keyblock::ecdh::PublicKey::<P521>::to_sec1,
});
