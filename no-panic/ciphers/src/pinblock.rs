//! PIN blocks, and what verifies PINs.

use crate::{random::Random, table::table};
use aes::{Aes128, Aes256};
use des::{TdesEde2, TdesEde3};
use sm4::Sm4;

table!(PIN_BLOCK_0_TDES {
    pinblock::iso0::encipher::<TdesEde2>,
    pinblock::iso0::decipher::<TdesEde2>,
    pinblock::iso0::encipher::<TdesEde3>,
});

table!(PIN_BLOCK_4_AES {
    pinblock::iso4::encipher::<Aes128, Random>,
    pinblock::iso4::decipher::<Aes128>,
    pinblock::iso4::encipher::<Aes256, Random>,
});

table!(PIN_BLOCK_UNIONPAY_SM4 {
    pinblock::unionpay::encipher::<Sm4, Random>,
    pinblock::unionpay::decipher::<Sm4>,
});

table!(PIN_TRANSLATE_TDES_TO_AES {
    pinblock::translate::Translation::<TdesEde2, Aes128>::translate::<Random>,
});

table!(PIN_VERIFY_TDES {
    pinblock::ibm3624::verify::<TdesEde2>,
    pinblock::pvv::verify::<TdesEde2>,
});
