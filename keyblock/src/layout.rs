//! How long the enciphered data of a key is, and what a profile asks of the key in it.

use crate::parity::has_odd_parity;
use crate::protection::tdes_strength;
use crate::{Algorithm, Error, Header, Profile, Rule, Version};

/// Bytes of the length before a key.
pub(crate) const LENGTH_LEN: usize = 2;

/// Wipes clear data, as `zeroize` does, but more than a byte at a time.
#[inline]
pub(crate) fn wipe(data: &mut [u8]) {
    data.fill(0);
    zeroize::optimization_barrier(data);
}

/// Whether the length of keys is hidden under this header: TDES and AES keys, but in version E, for which ISO 20038 leaves it open.
pub(crate) const fn hides_length(header: Header) -> bool {
    !matches!(header.version, Version::E) && longest(header.algorithm) != 0
}

/// Bytes of the longest key of an algorithm whose keys' lengths are hidden; 0 for others.
const fn longest(algorithm: Algorithm) -> usize {
    match algorithm {
        Algorithm::Tdes => 24,
        Algorithm::Aes => 32,
        _ => 0,
    }
}

/// Bytes of the data for a key of so many bytes: its length, the key, and fill up to whole blocks of the cipher, or to what the longest
/// key of the algorithm needs.
pub(crate) const fn data_len(header: Header, key_len: usize, hidden: bool) -> usize {
    let longest = if hidden { longest(header.algorithm) } else { 0 };
    let room = if key_len > longest { key_len } else { longest };
    let multiple = header.version.enciphered_multiple();
    match room.saturating_add(LENGTH_LEN).checked_next_multiple_of(multiple) {
        Some(len) => len,
        None => usize::MAX,
    }
}

impl Algorithm {
    /// Refuses a key of a length that the algorithm does not have.
    pub(crate) const fn check_len(self, len: usize) -> Result<(), Error> {
        match (self, len) {
            (Self::Des, 8) | (Self::Tdes, 8 | 16 | 24) | (Self::Aes, 16 | 24 | 32) => Ok(()),
            (Self::Des | Self::Tdes | Self::Aes, _) | (_, 0) => Err(Error::KeyLength),
            _ => Ok(()),
        }
    }
}

/// The strength of a symmetric key in bits, HMAC keys counted up to 256; none of other keys.
pub(crate) fn strength(algorithm: Algorithm, key: &[u8]) -> Option<u16> {
    let bits = u16::try_from(key.len().min(32)).unwrap_or_default() << 3;
    match algorithm {
        Algorithm::Des => Some(56),
        Algorithm::Tdes => Some(tdes_strength(key)),
        Algorithm::Aes | Algorithm::Hmac => Some(bits),
        _ => None,
    }
}

/// The first rule of a profile that a DES or TDES key breaks.
pub(crate) fn broken_rule(algorithm: Algorithm, key: &[u8], profile: Profile) -> Option<Rule> {
    if !matches!(algorithm, Algorithm::Des | Algorithm::Tdes) {
        return None;
    }
    if profile.has(Rule::NoSingleLengthKey) && key.len() == 8 {
        return Some(Rule::NoSingleLengthKey);
    }
    if profile.has(Rule::NoDegenerateKey) && key.len() > 8 && tdes_strength(key) == 56 {
        return Some(Rule::NoDegenerateKey);
    }
    if profile.has(Rule::OddParity) && !bool::from(has_odd_parity(key)) {
        return Some(Rule::OddParity);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Exportability, KeyUsage, ModeOfUse};

    fn header(version: Version, algorithm: Algorithm) -> Header {
        Header::new(
            version,
            KeyUsage::KeyEncryption,
            algorithm,
            ModeOfUse::Unrestricted,
            Exportability::Exportable,
        )
    }

    // The lengths of the samples in TR-31:2018 and X9.143:2021.
    #[test]
    fn data_is_filled_to_blocks_or_to_the_longest_key() {
        let tdes = |version, len, hidden| data_len(header(version, Algorithm::Tdes), len, hidden);
        assert_eq!(tdes(Version::B, 16, false), 24);
        assert_eq!(tdes(Version::B, 16, true), 32);
        assert_eq!(tdes(Version::B, 24, true), 32);
        let aes = |version, len, hidden| data_len(header(version, Algorithm::Aes), len, hidden);
        assert_eq!(aes(Version::D, 16, false), 32);
        assert_eq!(aes(Version::D, 16, true), 48);
        assert_eq!(aes(Version::D, 32, true), 48);
        assert_eq!(aes(Version::E, 16, false), 18);
        assert_eq!(data_len(header(Version::D, Algorithm::Rsa), 1192, true), 1200);
    }
}
