//! Key blocks, check values, key derivation and key agreement.

use crate::{random::Random, table::table};
use keyblock::ecdh::{P256, P384, P521};
use sha2::Sha256;

table!(KEY_BLOCK_D_UNWRAP {
    keyblock::KeyBlock::parse,
    keyblock::KeyBlock::unwrap_key as fn(_, &keyblock::AesKbpk, _) -> _,
});

table!(KEY_BLOCK_D_WRAP {
    keyblock::Wrap::wrap_key as fn(_, &keyblock::AesKbpk, &[u8], &mut Random, _) -> _,
});

table!(KEY_BLOCK_B_UNWRAP {
    keyblock::KeyBlock::parse,
    keyblock::KeyBlock::unwrap_key as fn(_, &keyblock::TdesKbpk, _) -> _,
});

table!(KEY_BLOCK_B_WRAP {
    keyblock::Wrap::wrap_key as fn(_, &keyblock::TdesKbpk, &[u8], &mut Random, _) -> _,
});

table!(KCV_AES {
    keyblock::Kcv::aes,
});

table!(KCV_TDES {
    keyblock::Kcv::tdes,
});

table!(HKDF_SHA_256 {
    keyblock::kdf::hkdf::<Sha256>,
});

table!(X9_63_SHA_256 {
    keyblock::kdf::x963::<Sha256>,
});

table!(ONE_STEP_SHA_256 {
    keyblock::kdf::one_step::<Sha256>,
});

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
