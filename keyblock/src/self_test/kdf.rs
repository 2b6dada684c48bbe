use hmac::digest::OutputSizeUser;

use crate::Error;
use crate::kdf::{self, WipingHash};

const SECRET: [u8; 16] = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210_u128.to_be_bytes();
const SALT: &[u8] = b"salt";
const INFO: &[u8] = b"terminal 1";
/// More than a block of the longest hash, and no whole number of blocks of any.
const LEN: usize = 80;

/// X9.63, one step with the hash, one step with HMAC, HKDF: their 80 bytes, each 16 of them XORed with the next.
type Answers = [u128; 4];

static SHA256: Answers = [
    0x3B54_1312_8BCE_70E1_B2E9_6ECB_EE32_44A4,
    0xD44D_75EA_6B65_97E7_FD45_2EB0_9F74_6ED3,
    0x9A42_DC4F_678E_0295_9DD5_4D84_A470_8C42,
    0xA0AE_54E7_803D_0A6A_B012_F4C7_DCF1_1609,
];
static SHA384: Answers = [
    0x0EA9_136E_54D7_FBE7_9200_1DCA_BAD3_C071,
    0xB36A_05A5_30DD_B6C4_9B2C_BB35_A532_9A22,
    0x04B1_45D5_5154_4ED8_4108_F5C7_D254_D4BC,
    0xD147_43F8_A11C_3A7C_EA96_7404_A841_EC45,
];
static SHA512: Answers = [
    0x427F_C723_C54A_E533_901E_7898_58E5_A986,
    0xB936_22D8_5C9C_B32D_79B3_A63F_7691_1F10,
    0x29BE_1519_1F1C_AE36_C0B6_341A_33C8_403C,
    0x5D52_D9C3_68DC_617A_27E4_C5FC_BC60_A2A8,
];

/// Known answers of the key derivation functions of [`kdf`](crate::kdf) with the hash `D`: SHA-256, SHA-384 or SHA-512.
///
/// # Errors
/// [`Error::SelfTest`]: an answer is another one, as it is with any other hash. Derive nothing then.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// keyblock::self_test_kdf::<sha2::Sha256>()?;
/// # Ok(()) }
/// ```
///
/// Source: answers of python-cryptography 48 (OpenSSL's hashes); NIST publishes none that all four functions have in common.
pub fn self_test_kdf<D: WipingHash>() -> Result<(), Error> {
    let answers = match <D as OutputSizeUser>::output_size() {
        32 => &SHA256,
        48 => &SHA384,
        64 => &SHA512,
        _ => return Err(Error::SelfTest),
    };
    holds::<D>(answers)
}

fn holds<D: WipingHash>(answers: &Answers) -> Result<(), Error> {
    let [x963, one_step, one_step_hmac, hkdf] = answers;
    gives(x963, |out| kdf::x963::<D>(&SECRET, INFO, out))?;
    gives(one_step, |out| kdf::one_step::<D>(&SECRET, INFO, out))?;
    gives(one_step_hmac, |out| kdf::one_step_hmac::<D>(&SECRET, SALT, INFO, out))?;
    gives(hkdf, |out| kdf::hkdf::<D>(&SECRET, SALT, INFO, out))
}

fn gives(answer: &u128, derive: impl FnOnce(&mut [u8]) -> Result<(), Error>) -> Result<(), Error> {
    let mut out = [0; LEN];
    derive(&mut out).map_err(|_| Error::SelfTest)?;
    let (words, _) = out.as_chunks();
    let folded = words.iter().fold(0, |folded, word| folded ^ u128::from_be_bytes(*word));
    if folded == *answer { Ok(()) } else { Err(Error::SelfTest) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Sha224, Sha256, Sha384, Sha512, Sha512_256};

    #[test]
    fn the_answers_hold() {
        assert_eq!(self_test_kdf::<Sha256>(), Ok(()));
        assert_eq!(self_test_kdf::<Sha384>(), Ok(()));
        assert_eq!(self_test_kdf::<Sha512>(), Ok(()));
    }

    #[test]
    fn another_hash_is_found() {
        assert_eq!(self_test_kdf::<Sha224>(), Err(Error::SelfTest));
        // As long as SHA-256.
        assert_eq!(self_test_kdf::<Sha512_256>(), Err(Error::SelfTest));
        assert_eq!(self_test_kdf::<sha1::Sha1>(), Err(Error::SelfTest));
    }

    #[test]
    fn another_answer_of_each_function_is_found() {
        for at in 0..SHA384.len() {
            let mut answers = SHA384;
            answers[at] ^= 1 << 77;
            assert_eq!(holds::<Sha384>(&answers), Err(Error::SelfTest));
        }
    }
}
