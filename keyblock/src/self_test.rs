//! Known answers at start-up.

#[cfg(feature = "ecdh")]
pub(crate) mod ecdh;
mod kdf;

use subtle::ConstantTimeEq;

use crate::{AesKbpk, Error, Kcv, KcvMethod, KeyBlock, Profile, TdesKbpk};

#[cfg(feature = "ecdh")]
pub use ecdh::self_test_ecdh;
pub use kdf::self_test_kdf;

/// The longest block below, enciphered part in bytes.
const BUFFER_LEN: usize = 32;
/// And in characters.
const BLOCK_LEN: usize = 112;

#[derive(Clone, Copy)]
struct Answer {
    kbpk: &'static [u8],
    block: &'static [u8],
    key: [u8; 16],
}

/// TR-31:2018 A.7.2.1, A.7.3 and A.7.4 for versions A, B and D; version E, of which no sample was published with a right key, is
/// what two other implementations agree on.
static ANSWERS: [Answer; 4] = [
    Answer {
        kbpk: &0x89E8_8CF7_9314_44F3_34BD_7547_FC3F_380C_u128.to_be_bytes(),
        block: b"A0072P0TE00E0000F5161ED902807AF26F1D62263644BD24192FDB3193C730301CEE8701",
        key: 0xF039_121B_EC83_D26B_169B_DCD5_B22A_AF8F_u128.to_be_bytes(),
    },
    Answer {
        kbpk: &0xDD75_15F2_BFC1_7F85_CE48_F3CA_25CB_21F6_u128.to_be_bytes(),
        block: b"B0080P0TE00E000094B420079CC80BA3461F86FE26EFC4A3B8E4FA4C5F5341176EED7B727B8A248E",
        key: 0x3F41_9E1C_B707_9442_AA37_474C_2EFB_F8B8_u128.to_be_bytes(),
    },
    Answer {
        kbpk: b"\x88\xE1\xAB\x2A\x2E\x3D\xD3\x8C\x1F\xA0\x39\xA5\x36\x50\x0C\xC8\
            \xA8\x7A\xB9\xD6\x2D\xC9\x2C\x01\x05\x8F\xA7\x9F\x44\x65\x7D\xE6",
        block: b"D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D2\
            07E2E417C07156A27E8E31DA05F7425509593D03A457DC34",
        key: 0x3F41_9E1C_B707_9442_AA37_474C_2EFB_F8B8_u128.to_be_bytes(),
    },
    Answer {
        kbpk: b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C\x0D\x0E\x0F\
            \x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1A\x1B\x1C\x1D\x1E\x1F",
        block: b"E0084B0TV16N00005EBA71DE8F87035A632AB220D80282C0B96D07EAB09C479E\
            4EE43C15C9BEFF667B92",
        key: 0x0001_0203_0405_0607_0809_0A0B_0C0D_0E0F_u128.to_be_bytes(),
    },
];

/// The key of most published examples, and what it and AES make of a block of zeros.
const KEY: [u8; 16] = 0x0123_4567_89AB_CDEF_FEDC_BA98_7654_3210_u128.to_be_bytes();
/// TDES: 3 bytes, and 5 of the CMAC.
const TDES_KCV: ([u8; 3], [u8; 5]) = ([0x08, 0xD7, 0xB4], [0x0A, 0x82, 0x45, 0x86, 0x64]);
/// AES: the same.
const AES_KCV: ([u8; 3], [u8; 5]) = ([0xD5, 0xC8, 0x25], [0x20, 0x90, 0xA6, 0x73, 0x75]);

/// Known answers of key blocks and check values, as firmware has to ask for them at start-up.
///
/// A block of versions A, B, D and E is opened, and refused once its MAC is changed; check values of TDES and AES are verified by both
/// methods, and refused where they are those of the other cipher. What needs a hash or a curve has a test of its own: [`self_test_kdf`] and, with
/// the feature `ecdh`, `self_test_ecdh`.
///
/// # Errors
/// [`Error::SelfTest`]: an answer is another one. Use nothing of this crate then.
///
/// # Security
/// It finds a broken build, flash or memory, not a manipulated one.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// keyblock::self_test()?;
/// # Ok(()) }
/// ```
///
/// Source: ASC X9 TR 31-2018, A.7; ISO 20038:2017; check values by python-cryptography.
pub fn self_test() -> Result<(), Error> {
    ANSWERS.iter().try_for_each(holds).map_err(|_| Error::SelfTest)?;
    check_values(&TDES_KCV, &AES_KCV)
}

fn check_values(tdes: &([u8; 3], [u8; 5]), aes: &([u8; 3], [u8; 5])) -> Result<(), Error> {
    let verified = |method, tdes: &[u8], aes: &[u8]| {
        let (of_tdes, of_aes) = (Kcv::tdes(method, &KEY)?, Kcv::aes(method, &KEY)?);
        of_tdes.verify(tdes)?;
        of_aes.verify(aes)?;
        match of_tdes.verify(aes) {
            Err(Error::KcvMismatch) => Ok(()),
            _ => Err(Error::SelfTest),
        }
    };
    verified(KcvMethod::Legacy, &tdes.0, &aes.0)
        .and_then(|()| verified(KcvMethod::Cmac, &tdes.1, &aes.1))
        .map_err(|_| Error::SelfTest)
}

fn holds(answer: &Answer) -> Result<(), Error> {
    let opened = open(answer.block, answer.kbpk, &answer.key)?;
    // The last digit of each MAC above has such a neighbour.
    let mut changed = [0; BLOCK_LEN];
    let changed = changed.get_mut(..answer.block.len()).ok_or(Error::SelfTest)?;
    changed.iter_mut().zip(answer.block).for_each(|(to, from)| *to = *from);
    changed.iter_mut().next_back().into_iter().for_each(|digit| *digit ^= 1);
    match open(changed, answer.kbpk, &answer.key) {
        Err(Error::MacMismatch) if opened => Ok(()),
        _ => Err(Error::SelfTest),
    }
}

/// Whether the key comes out of the block.
fn open(block: &[u8], kbpk: &[u8], key: &[u8]) -> Result<bool, Error> {
    let block = KeyBlock::parse(block, Profile::LENIENT)?;
    let mut buffer = [0; BUFFER_LEN];
    let found = if block.header().version.is_aes() {
        block.unwrap_key(&AesKbpk::new(kbpk)?, &mut buffer)?
    } else {
        block.unwrap_key(&TdesKbpk::new(kbpk)?, &mut buffer)?
    };
    Ok(found.expose_bytes().ct_eq(key).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answers_hold() {
        assert_eq!(self_test(), Ok(()));
    }

    #[test]
    fn another_check_value_is_found() {
        assert_eq!(check_values(&TDES_KCV, &AES_KCV), Ok(()));
        let change = |values: &([u8; 3], [u8; 5])| {
            let mut changed = [*values; 2];
            changed[0].0[2] ^= 1;
            changed[1].1[4] ^= 1;
            changed
        };
        for changed in change(&TDES_KCV) {
            assert_eq!(check_values(&changed, &AES_KCV), Err(Error::SelfTest));
        }
        for changed in change(&AES_KCV) {
            assert_eq!(check_values(&TDES_KCV, &changed), Err(Error::SelfTest));
        }
    }

    #[test]
    fn another_answer_is_found() {
        for answer in &ANSWERS {
            let mut key = answer.key;
            key[15] ^= 1;
            assert_eq!(holds(&Answer { key, ..*answer }), Err(Error::SelfTest));
            let block = &answer.block[..answer.block.len() - 1];
            assert!(holds(&Answer { block, ..*answer }).is_err());
        }
    }
}
