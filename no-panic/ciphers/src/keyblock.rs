//! Key blocks, check values and key derivation.

use crate::{random::Random, table::table};
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
