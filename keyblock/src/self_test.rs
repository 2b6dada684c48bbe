//! Known answers at start-up.

use subtle::ConstantTimeEq;

use crate::{AesKbpk, Error, KeyBlock, Profile, TdesKbpk};

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

/// Known answers of key blocks, as firmware has to ask for them at start-up.
///
/// A block of versions A, B, D and E is opened, and refused once its MAC is changed.
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
/// Source: ASC X9 TR 31-2018, A.7; ISO 20038:2017.
pub fn self_test() -> Result<(), Error> {
    ANSWERS.iter().try_for_each(holds).map_err(|_| Error::SelfTest)
}

fn holds(answer: &Answer) -> Result<(), Error> {
    let opened = open(answer.block, answer.kbpk, &answer.key)?;
    // The last digit of each MAC above has such a neighbour.
    let mut changed = [0; BLOCK_LEN];
    let changed = changed.get_mut(..answer.block.len()).ok_or(Error::SelfTest)?;
    changed.copy_from_slice(answer.block);
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
