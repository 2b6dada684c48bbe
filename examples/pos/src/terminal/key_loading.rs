//! The terminal's initial key, out of the key block that it was sent.

use dukpt::aes::{InitialKey, InitialKeyId};
use keyblock::{AesKbpk, KeyBlock, Profile, key};

use crate::error::Error;
use crate::test_data;

/// Bytes of the longest AES key with its length and fill.
const BUFFER_LEN: usize = 48;

/// Opens a block under the key that the terminal was made with; refused unless it holds an AES DUKPT initial key with its id.
pub(super) fn open(block: &[u8]) -> Result<InitialKey<16>, Error> {
    let kbpk = AesKbpk::new(&test_data::KBPK)?;
    let mut buffer = [0; BUFFER_LEN];
    let unwrapped = KeyBlock::parse(block, Profile::X9_143)?.unwrap_key(&kbpk, &mut buffer)?;
    let key: key::InitialKey = unwrapped.to_key()?;
    let bytes = key.expose_array().ok_or(keyblock::Error::KeyLength)?;
    Ok(InitialKey::from_bytes(bytes, InitialKeyId::from_bytes(key.id().to_bytes())))
}

#[cfg(test)]
mod tests {
    use dukpt::aes::Bdk;
    use dukpt::subtle::ConstantTimeEq;

    use super::*;

    #[test]
    fn the_key_is_the_one_that_the_host_derives() {
        let key = open(test_data::KEY_BLOCK).unwrap();
        let id = InitialKeyId::from_bytes(test_data::INITIAL_KEY_ID);
        let derived = Bdk::from_bytes(&test_data::BDK).initial_key(id);
        assert!(bool::from(key.ct_eq(&derived)));
    }

    #[test]
    fn a_changed_block_loads_nothing() {
        for at in 0..test_data::KEY_BLOCK.len() {
            let mut block = test_data::KEY_BLOCK.to_vec();
            block[at] = if block[at] == b'0' { b'1' } else { b'0' };
            assert!(matches!(open(&block), Err(Error::KeyBlock(_))), "{at}");
        }
    }
}
