//! Parts at fixed places of a header, and how they are shown.

use core::fmt;

use super::HeaderError;

/// The `N` bytes at `AT`.
pub(super) const fn part<const AT: usize, const N: usize, const L: usize>(
    bytes: &[u8; L],
) -> [u8; N] {
    const { assert!(AT.saturating_add(N) <= L, "the part lies within the header") };
    // The compiler has proven above that both are there.
    if let Some((_, rest)) = bytes.split_at_checked(AT)
        && let Some(part) = rest.first_chunk()
    {
        return *part;
    }
    [0; N]
}

/// The header with other bytes at `AT`.
pub(super) const fn with_part<const AT: usize, const N: usize, const L: usize>(
    mut bytes: [u8; L],
    part: [u8; N],
) -> [u8; L] {
    const { assert!(AT.saturating_add(N) <= L, "the part lies within the header") };
    if let Some((_, rest)) = bytes.split_at_mut_checked(AT)
        && let Some(place) = rest.first_chunk_mut()
    {
        *place = part;
    }
    bytes
}

/// A header of a fixed length, and what follows it.
#[inline]
pub(super) fn split_fixed<const L: usize>(bytes: &[u8]) -> Result<(&[u8; L], &[u8]), HeaderError> {
    bytes
        .split_first_chunk()
        .ok_or_else(|| HeaderError::truncated(u32::try_from(L).unwrap_or(u32::MAX)))
}

/// Packed digits, shown as they are.
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl fmt::Debug for Packed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_that_is_written_is_read_and_the_others_stay() {
        let bytes = with_part::<1, 2, 4>([1, 2, 3, 4], [8, 9]);
        assert_eq!(bytes, [1, 8, 9, 4]);
        assert_eq!(part::<1, 2, 4>(&bytes), [8, 9]);
        assert_eq!(part::<2, 2, 4>(&bytes), [9, 4]);
    }
}
