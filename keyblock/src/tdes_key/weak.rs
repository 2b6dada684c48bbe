//! DES keys whose round keys repeat, with odd parity.

/// One round key, sixteen times: enciphering twice gives back the clear block.
///
/// Source: NIST SP 800-67 Rev. 2, 3.3.2.
pub(super) static WEAK: [u64; 4] =
    [0x0101_0101_0101_0101, 0x1F1F_1F1F_0E0E_0E0E, 0xE0E0_E0E0_F1F1_F1F1, 0xFEFE_FEFE_FEFE_FEFE];

/// Two round keys, and a partner in this table that undoes what the key does.
///
/// Source: NIST SP 800-67 Rev. 2, 3.3.2.
pub(super) static SEMI_WEAK: [u64; 12] = [
    0x011F_011F_010E_010E,
    0x01E0_01E0_01F1_01F1,
    0x01FE_01FE_01FE_01FE,
    0x1F01_1F01_0E01_0E01,
    0x1FE0_1FE0_0EF1_0EF1,
    0x1FFE_1FFE_0EFE_0EFE,
    0xE001_E001_F101_F101,
    0xE01F_E01F_F10E_F10E,
    0xE0FE_E0FE_F1FE_F1FE,
    0xFE01_FE01_FE01_FE01,
    0xFE1F_FE1F_FE0E_FE0E,
    0xFEE0_FEE0_FEF1_FEF1,
];

/// Four round keys, each four times.
///
/// Source: NIST SP 800-67 Rev. 2, 3.3.2.
pub(super) static POSSIBLY_WEAK: [u64; 48] = [
    0x0101_1F1F_0101_0E0E,
    0x0101_E0E0_0101_F1F1,
    0x0101_FEFE_0101_FEFE,
    0x011F_1F01_010E_0E01,
    0x011F_E0FE_010E_F1FE,
    0x011F_FEE0_010E_FEF1,
    0x01E0_1FFE_01F1_0EFE,
    0x01E0_E001_01F1_F101,
    0x01E0_FE1F_01F1_FE0E,
    0x01FE_1FE0_01FE_0EF1,
    0x01FE_E01F_01FE_F10E,
    0x01FE_FE01_01FE_FE01,
    0x1F01_011F_0E01_010E,
    0x1F01_E0FE_0E01_F1FE,
    0x1F01_FEE0_0E01_FEF1,
    0x1F1F_0101_0E0E_0101,
    0x1F1F_E0E0_0E0E_F1F1,
    0x1F1F_FEFE_0E0E_FEFE,
    0x1FE0_01FE_0EF1_01FE,
    0x1FE0_E01F_0EF1_F10E,
    0x1FE0_FE01_0EF1_FE01,
    0x1FFE_01E0_0EFE_01F1,
    0x1FFE_E001_0EFE_F101,
    0x1FFE_FE1F_0EFE_FE0E,
    0xE001_01E0_F101_01F1,
    0xE001_1FFE_F101_0EFE,
    0xE001_FE1F_F101_FE0E,
    0xE01F_01FE_F10E_01FE,
    0xE01F_1FE0_F10E_0EF1,
    0xE01F_FE01_F10E_FE01,
    0xE0E0_0101_F1F1_0101,
    0xE0E0_1F1F_F1F1_0E0E,
    0xE0E0_FEFE_F1F1_FEFE,
    0xE0FE_011F_F1FE_010E,
    0xE0FE_1F01_F1FE_0E01,
    0xE0FE_FEE0_F1FE_FEF1,
    0xFE01_01FE_FE01_01FE,
    0xFE01_1FE0_FE01_0EF1,
    0xFE01_E01F_FE01_F10E,
    0xFE1F_01E0_FE0E_01F1,
    0xFE1F_1FFE_FE0E_0EFE,
    0xFE1F_E001_FE0E_F101,
    0xFEE0_011F_FEF1_010E,
    0xFEE0_1F01_FEF1_0E01,
    0xFEE0_E0FE_FEF1_F1FE,
    0xFEFE_0101_FEFE_0101,
    0xFEFE_1F1F_FEFE_0E0E,
    0xFEFE_E0E0_FEFE_F1F1,
];

#[cfg(test)]
mod tests {
    use super::*;
    use des::Des;
    use des::cipher::{Array, BlockCipherEncrypt, KeyInit};

    /// The first permuted choice of DES: which bit of the key, from 1, each bit of C and D is.
    const PERMUTED_CHOICE_1: [u32; 56] = [
        57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3,
        60, 52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45,
        37, 29, 21, 13, 5, 28, 20, 12, 4,
    ];

    /// After how many places, 1, 2 or 4, both halves of the key schedule repeat; round keys move by 1 or 2 places.
    fn period(key: u64) -> Option<usize> {
        let bits = PERMUTED_CHOICE_1.map(|bit| key.rotate_left(bit) & 1);
        [1, 2, 4].into_iter().find(|by| {
            bits.chunks(28)
                .all(|half| half.iter().zip(half.iter().cycle().skip(*by)).all(|(a, b)| a == b))
        })
    }

    #[test]
    fn tables_are_what_the_key_schedule_repeats() {
        let tables: [(&[u64], usize); 3] = [(&WEAK, 1), (&SEMI_WEAK, 2), (&POSSIBLY_WEAK, 4)];
        for (table, expected) in tables {
            assert!(table.is_sorted_by(|one, next| one < next), "none is there twice");
            for &key in table {
                assert_eq!(period(key), Some(expected), "{key:016X}");
                assert_eq!(crate::check_odd_parity(&key.to_be_bytes()), Ok(()));
                assert!(des::weak_key_test(&key.to_be_bytes()).is_err());
            }
        }
        // C and D may each be one of 2, 4 and 8 patterns: 4, 16 and 64 keys in all.
        assert_eq!((WEAK.len(), SEMI_WEAK.len(), POSSIBLY_WEAK.len()), (4, 16 - 4, 64 - 16));
    }

    fn enciphered(key: u64, block: u64) -> u64 {
        let mut block = Array::from(block.to_be_bytes());
        Des::new(&Array::from(key.to_be_bytes())).encrypt_block(&mut block);
        u64::from_be_bytes(block.0)
    }

    #[test]
    fn weak_keys_undo_themselves_and_semi_weak_ones_each_other() {
        let block = 0x0123_4567_89AB_CDEF;
        for key in WEAK {
            assert_eq!(enciphered(key, enciphered(key, block)), block);
        }
        for key in SEMI_WEAK {
            let partners = SEMI_WEAK.iter().filter(|&&other| {
                assert_ne!(enciphered(key, block), block);
                enciphered(other, enciphered(key, block)) == block
            });
            assert_eq!(partners.count(), 1);
        }
    }
}
