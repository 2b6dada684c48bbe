//! The ciphers and the hash by themselves: what a use of them cannot do better than.

use crate::table::table;
use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use sha2::Digest;

table!(AES {
    <aes::Aes128 as KeyInit>::new,
    <aes::Aes128 as BlockCipherEncrypt>::encrypt_block,
    <aes::Aes128 as BlockCipherDecrypt>::decrypt_block,
    <aes::Aes256 as KeyInit>::new,
    <aes::Aes256 as BlockCipherEncrypt>::encrypt_block,
    <aes::Aes256 as BlockCipherDecrypt>::decrypt_block,
});

table!(TDES {
    <des::TdesEde2 as KeyInit>::new,
    <des::TdesEde2 as BlockCipherEncrypt>::encrypt_block,
    <des::TdesEde2 as BlockCipherDecrypt>::decrypt_block,
});

table!(SM4 {
    <sm4::Sm4 as KeyInit>::new,
    <sm4::Sm4 as BlockCipherEncrypt>::encrypt_block,
    <sm4::Sm4 as BlockCipherDecrypt>::decrypt_block,
});

table!(SHA_256 {
    <sha2::Sha256 as Digest>::new,
    <sha2::Sha256 as Digest>::update as fn(_, &'static [u8]) -> _,
    <sha2::Sha256 as Digest>::finalize,
});
