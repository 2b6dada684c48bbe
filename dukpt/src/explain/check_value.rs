use crate::mac::Cmac;
use ::aes::{Aes128, Aes192, Aes256};
use alloc::vec::Vec;
use cipher::{BlockCipherEncrypt, KeyInit};
use des::TdesEde2;

const AES_LEN: usize = 5;

/// The leftmost 3 bytes of an enciphered block of zeros.
pub(crate) fn tdes(key: &[u8; 16]) -> Vec<u8> {
    let mut block = [0; 8];
    TdesEde2::new(key.into()).encrypt_block((&mut block).into());
    let [a, b, c, ..] = block;
    [a, b, c].to_vec()
}

/// The leftmost 5 bytes of the CMAC of a block of zeros; `None` if no AES key is of this length.
pub(crate) fn aes(key: &[u8]) -> Option<Vec<u8>> {
    let zeros = [0; 16];
    let tag = match key.len() {
        16 => Cmac::<Aes128>::new(key).ok()?.chain(zeros).finalize(AES_LEN),
        24 => Cmac::<Aes192>::new(key).ok()?.chain(zeros).finalize(AES_LEN),
        _ => Cmac::<Aes256>::new(key).ok()?.chain(zeros).finalize(AES_LEN),
    };
    Some(tag.ok()?.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use hex_literal::hex;

    #[test]
    fn check_values_are_the_published_ones() {
        // ANSI X9.24-1:2009, the example's base key.
        let key = hex!("0123456789ABCDEFFEDCBA9876543210");
        assert_eq!(super::tdes(&key), hex!("08D7B4"));
        // ANSI X9.143-2021, the optional block KC of an example.
        let key = hex!("3F419E1CB7079442AA37474C2EFBF8B8");
        assert_eq!(super::aes(&key).unwrap(), hex!("08793E25AB"));
        assert_eq!(super::aes(&key[..8]), None);
    }
}
