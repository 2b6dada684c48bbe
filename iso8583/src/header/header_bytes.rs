//! The bytes of a header that was made at run time.

use crate::copy::copy;
use core::fmt;
use core::ops::Deref;

/// A header's bytes, at most 48 and held inline.
///
/// It is a slice wherever one is wanted. `Debug` shows its length alone: under a wrong configuration a header may hold
/// bytes of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct HeaderBytes {
    bytes: [u8; Self::MAX_LEN],
    len: u8,
}

impl HeaderBytes {
    /// The most bytes that one holds.
    pub const MAX_LEN: usize = 48;

    /// A copy; `None` of more than 48 bytes.
    pub(super) fn copy(header: &[u8]) -> Option<Self> {
        let len = u8::try_from(header.len()).ok()?;
        let mut bytes = [0; Self::MAX_LEN];
        copy(bytes.get_mut(..header.len())?, header);
        Some(Self { bytes, len })
    }
}

impl Deref for HeaderBytes {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // Never longer than the array.
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

impl AsRef<[u8]> for HeaderBytes {
    #[inline]
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for HeaderBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeaderBytes({} bytes)", self.len)
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::format;

    use super::*;

    #[test]
    fn holds_as_many_bytes_as_there_are_up_to_48() {
        for len in [0, 5, 48] {
            let header = HeaderBytes::copy(&[7; 64][..len]).unwrap();
            assert_eq!((&*header, header.as_ref()), (&[7; 64][..len], &[7; 64][..len]));
            assert_eq!(format!("{header:?}"), format!("HeaderBytes({len} bytes)"));
        }
        assert_eq!(HeaderBytes::copy(&[0; 49]), None);
        assert_eq!(HeaderBytes::copy(&[0; 256]), None);
    }
}
