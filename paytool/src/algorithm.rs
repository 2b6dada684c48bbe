//! The block ciphers, by name and key length.

use crate::failure::Failure;
use crate::inputs::Inputs;

/// A block cipher with one length of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Des,
    Tdes2,
    Tdes3,
    Aes128,
    Aes192,
    Aes256,
    Sm4,
}

impl Algorithm {
    const ALL: [(&'static str, usize, Self); 7] = [
        ("DES", 8, Self::Des),
        ("TDES2", 16, Self::Tdes2),
        ("TDES3", 24, Self::Tdes3),
        ("AES128", 16, Self::Aes128),
        ("AES192", 24, Self::Aes192),
        ("AES256", 32, Self::Aes256),
        ("SM4", 16, Self::Sm4),
    ];

    /// The cipher and the key that a request names.
    pub(crate) fn with_key(inputs: &Inputs) -> Result<(Self, Vec<u8>), Failure> {
        let key: Vec<u8> = inputs.require("key")?;
        Ok((Self::new(inputs.require("cipher")?, &key)?, key))
    }

    /// The cipher of that name for that key; a fault is said of the input, of the two, that it is in.
    pub(crate) fn named(
        name: &str,
        key: &[u8],
        cipher_input: &str,
        key_input: &str,
    ) -> Result<Self, Failure> {
        if Self::ALL.iter().all(|(full, ..)| !named(name, full)) {
            let message = format!("`{cipher_input}`: no cipher has this name");
            return Err(Failure::new("unknown_cipher", message));
        }
        Self::new(name, key).map_err(|failure| failure.of(key_input))
    }

    /// The cipher of that name whose key is so long; TDES and AES stand for any length of theirs.
    fn new(name: &str, key: &[u8]) -> Result<Self, Failure> {
        let mut candidates =
            Self::ALL.into_iter().filter(|(full, ..)| named(name, full)).peekable();
        if candidates.peek().is_none() {
            return Err(Failure::new("unknown_cipher", "`cipher`: no cipher has this name"));
        }
        let found = candidates.find(|(_, length, _)| *length == key.len());
        found.map(|(.., algorithm)| algorithm).ok_or_else(|| dukpt::Error::KeyLength.into())
    }

    /// Bytes of a block.
    pub(crate) const fn block_len(self) -> usize {
        match self {
            Self::Des | Self::Tdes2 | Self::Tdes3 => 8,
            Self::Aes128 | Self::Aes192 | Self::Aes256 | Self::Sm4 => 16,
        }
    }
}

/// Whether a name is a cipher's full one, or stands for any length of its keys.
fn named(name: &str, full: &str) -> bool {
    full == name || (matches!(name, "TDES" | "AES") && full.starts_with(name))
}

/// Evaluates an expression with a type alias standing for the cipher's type.
macro_rules! with_cipher {
    ($algorithm:expr, $cipher:ident => $body:expr) => {{
        use $crate::algorithm::Algorithm;
        macro_rules! under {
            ($concrete:ty) => {{
                type $cipher = $concrete;
                $body
            }};
        }
        match $algorithm {
            Algorithm::Des => under!(des::Des),
            Algorithm::Tdes2 => under!(des::TdesEde2),
            Algorithm::Tdes3 => under!(des::TdesEde3),
            Algorithm::Aes128 => under!(aes::Aes128),
            Algorithm::Aes192 => under!(aes::Aes192),
            Algorithm::Aes256 => under!(aes::Aes256),
            Algorithm::Sm4 => under!(sm4::Sm4),
        }
    }};
}
pub(crate) use with_cipher;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_length_chooses() {
        let chosen = |name, length| Algorithm::new(name, &vec![0; length]).ok();
        assert_eq!(chosen("DES", 8), Some(Algorithm::Des));
        assert_eq!(chosen("TDES", 16), Some(Algorithm::Tdes2));
        assert_eq!(chosen("TDES", 24), Some(Algorithm::Tdes3));
        assert_eq!(chosen("TDES", 8), None);
        assert_eq!(chosen("TDES2", 24), None);
        assert_eq!(chosen("AES", 24), Some(Algorithm::Aes192));
        assert_eq!(chosen("AES256", 32), Some(Algorithm::Aes256));
        assert_eq!(chosen("SM4", 16), Some(Algorithm::Sm4));
        for name in ["", "T", "aes", "AES1", "DES3", "TDES ", "SM"] {
            let failure = Algorithm::new(name, &[0; 16]).unwrap_err();
            assert_eq!(failure.to_json()["kind"], "unknown_cipher", "{name}");
        }
    }

    #[test]
    fn each_is_its_cipher() {
        use cipher::{BlockSizeUser, KeySizeUser};
        for (_, length, algorithm) in Algorithm::ALL {
            let (key, block) = with_cipher!(algorithm, C => (C::key_size(), C::block_size()));
            assert_eq!((key, block), (length, algorithm.block_len()));
        }
    }
}
