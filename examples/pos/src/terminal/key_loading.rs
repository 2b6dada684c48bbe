//! The terminal's initial key, out of the key block that it was sent.

use dukpt::aes::{InitialKey, InitialKeyId};
use keyblock::key::AesInitialKey;
use keyblock::{AesKbpk, KeyBlock, Profile};

use crate::error::Error;
use crate::test_data;

/// Bytes of the longest AES key with its length and fill.
const BUFFER_LEN: usize = 48;

/// Opens a block under the key that the terminal was made with; refused unless it holds an AES DUKPT initial key with its id.
pub(super) fn open(block: &[u8]) -> Result<InitialKey<16>, Error> {
    let kbpk = AesKbpk::new(&test_data::KBPK)?;
    let mut buffer = [0; BUFFER_LEN];
    let unwrapped = KeyBlock::parse(block, Profile::X9_143)?.unwrap_key(&kbpk, &mut buffer)?;
    let key: AesInitialKey = unwrapped.to_key()?;
    let bytes = key.expose_array().ok_or(keyblock::Error::KeyLength)?;
    Ok(InitialKey::from_bytes(bytes, InitialKeyId::from_bytes(key.id().to_bytes())))
}

#[cfg(test)]
mod tests {
    use dukpt::aes::Bdk;
    use dukpt::subtle::ConstantTimeEq;
    use keyblock::{
        Algorithm, Exportability, Header, KeyUsage, KeyVersion, ModeOfUse, OptionalBlock, Version,
        Wrap,
    };

    use super::*;

    const KEY: [u8; 16] = [
        0x12, 0x73, 0x67, 0x1E, 0xA2, 0x6A, 0xC2, 0x9A, 0xFA, 0x4D, 0x10, 0x84, 0x12, 0x76, 0x52,
        0xA1,
    ];

    const IK: (&[u8; 2], &[u8]) = (b"IK", b"1234567890123456");

    /// What comes of an authentic block with this header, with one optional block, under a key.
    fn opened(
        change: impl FnOnce(&mut Header),
        (id, data): (&[u8; 2], &[u8]),
        kbpk: &[u8; 32],
    ) -> Result<InitialKey<16>, Error> {
        let mut header = Header::new(
            Version::D,
            KeyUsage::InitialDukpt,
            Algorithm::Aes,
            ModeOfUse::Derive,
            Exportability::NonExportable,
        );
        change(&mut header);
        let optional = [OptionalBlock::new(*id, data).unwrap()];
        let wrap = Wrap::new(header, Profile::LENIENT).optional_blocks(&optional);
        let mut text = [0; 256];
        let kbpk = AesKbpk::new(kbpk).unwrap();
        // Filled up to the longest key of its algorithm.
        let pad = vec![0; if header.algorithm == Algorithm::Tdes { 14 } else { 30 }];
        open(wrap.wrap_key_with_pad(&kbpk, &KEY, &pad, &mut text).unwrap())
    }

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

    #[test]
    fn an_authentic_block_with_another_key_loads_nothing() {
        use keyblock::Error as Refusal;

        let refusal =
            |change: fn(&mut Header), optional| match opened(change, optional, &test_data::KBPK) {
                Err(Error::KeyBlock(refusal)) => Some(refusal),
                _ => None,
            };
        assert!(opened(|_| (), IK, &test_data::KBPK).is_ok());
        assert!(opened(|_| (), IK, &[0x42; 32]).is_err());
        // A key of TDES DUKPT, whose length and id would do.
        let tdes: (&[u8; 2], &[u8]) = (b"KS", b"FFFF9876543210E00000");
        let mismatch = Some(Refusal::AlgorithmMismatch);
        assert_eq!(refusal(|header| header.algorithm = Algorithm::Tdes, tdes), mismatch);
        let mismatch = Some(Refusal::UsageMismatch);
        assert_eq!(refusal(|header| header.usage = KeyUsage::PinEncryption, IK), mismatch);
        assert_eq!(refusal(|header| header.usage = KeyUsage::BaseDerivation, IK), mismatch);
        let mismatch = Some(Refusal::ModeMismatch);
        assert_eq!(refusal(|header| header.mode = ModeOfUse::EncryptOnly, IK), mismatch);
        let component = |header: &mut Header| {
            header.key_version = KeyVersion::from_code(*b"c1").unwrap();
        };
        assert_eq!(refusal(component, IK), Some(Refusal::KeyComponent));
        let missing = Some(Refusal::InitialKeyIdMissing);
        assert_eq!(refusal(|_| (), (b"LB", b"terminal")), missing);
    }
}
