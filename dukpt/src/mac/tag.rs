use crate::Error;
use core::fmt;
use subtle::ConstantTimeEq;

/// The shortest MAC in bytes that this crate makes or verifies.
pub const MIN_MAC_LEN: usize = 4;

/// The longest output of the algorithms: HMAC-SHA-512's.
const MAX_MAC_LEN: usize = 64;

/// A MAC: the leftmost bytes of an algorithm's output, as many as its maker asked for.
///
/// There is no `==`, which would take a time that tells how much of a guess is right: verify with the `verify`
/// of the algorithm.
#[derive(Clone)]
pub struct Tag {
    bytes: [u8; MAX_MAC_LEN],
    len: usize,
}

impl Tag {
    /// Keeps the leftmost `len` bytes of an output.
    pub(super) fn new(output: &[u8], len: usize) -> Result<Self, Error> {
        let left = leftmost(output, len)?;
        let mut bytes = [0; MAX_MAC_LEN];
        let kept = bytes.get_mut(..len).ok_or(Error::MacLength)?;
        kept.iter_mut().zip(left).for_each(|(to, from)| *to = *from);
        Ok(Self { bytes, len })
    }

    /// Keeps an output that has one length only.
    pub(super) fn whole(output: [u8; 8]) -> Self {
        let mut bytes = [0; MAX_MAC_LEN];
        bytes.iter_mut().zip(output).for_each(|(to, from)| *to = from);
        Self { bytes, len: output.len() }
    }

    /// The MAC's bytes.
    #[must_use]
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

impl AsRef<[u8]> for Tag {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// Shows no byte: a MAC that was made to verify another must not be logged.
impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tag")
    }
}

/// Whether `mac` is the leftmost `len` bytes of an output, in constant time.
pub(super) fn verify(output: &[u8], mac: &[u8], len: usize) -> Result<(), Error> {
    if leftmost(output, len)?.ct_eq(mac).into() { Ok(()) } else { Err(Error::MacMismatch) }
}

fn leftmost(output: &[u8], len: usize) -> Result<&[u8], Error> {
    if len < MIN_MAC_LEN {
        return Err(Error::MacLength);
    }
    output.get(..len).ok_or(Error::MacLength)
}

#[cfg(test)]
mod tests {
    use super::{Tag, verify};
    use crate::Error;

    const OUTPUT: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

    #[test]
    fn a_tag_is_the_leftmost_bytes() {
        assert_eq!(Tag::new(&OUTPUT, 4).unwrap().as_bytes(), &OUTPUT[..4]);
        assert_eq!(Tag::new(&OUTPUT, 8).unwrap().as_bytes(), &OUTPUT);
        assert_eq!(Tag::new(&[7; 64], 64).unwrap().as_bytes(), &[7; 64]);
    }

    #[test]
    fn lengths_outside_the_output_are_refused() {
        for len in [0, 3, 9, usize::MAX] {
            assert_eq!(Tag::new(&OUTPUT, len).unwrap_err(), Error::MacLength);
            assert_eq!(verify(&OUTPUT, &OUTPUT, len), Err(Error::MacLength));
        }
        assert_eq!(Tag::new(&[7; 65], 65).unwrap_err(), Error::MacLength);
    }

    #[test]
    fn only_the_named_length_verifies() {
        assert_eq!(verify(&OUTPUT, &OUTPUT[..4], 4), Ok(()));
        for mac in [&OUTPUT[..0], &OUTPUT[..3], &OUTPUT[..5], &OUTPUT[4..], &OUTPUT] {
            assert_eq!(verify(&OUTPUT, mac, 4), Err(Error::MacMismatch));
        }
    }
}
