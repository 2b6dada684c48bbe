use core::fmt;

use subtle::{Choice, ConstantTimeEq};
use zeroize::ZeroizeOnDrop;

use crate::{Error, ExposedDigits, Pin};

/// An offset of 4 to 12 decimal digits, as many as its PIN has, wiped when dropped.
///
/// # Security
/// Not secret by itself, but with the natural PIN it gives the PIN. Neither `Clone` nor `PartialEq`: compare with
/// [`ConstantTimeEq`]. `Debug` shows no digit.
///
/// # Examples
/// ```
/// use pinblock::ibm3624::Offset;
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let offset = Offset::from_ascii(b"0042")?;
/// assert_eq!(format!("{offset:?}"), "Offset");
/// assert_eq!(offset.expose_digits().as_str(), "0042");
/// # Ok(())
/// # }
/// ```
/// Source: IBM Common Cryptographic Architecture, PIN offset generation algorithm.
pub struct Offset(
    /// Digits of the same number and form as a PIN's, wiped with it.
    Pin,
);

impl Offset {
    /// Reads an offset from ASCII digits.
    ///
    /// # Errors
    /// [`Error::OffsetMalformed`] if these are not 4 to 12 ASCII digits.
    pub fn from_ascii(ascii: &[u8]) -> Result<Self, Error> {
        Pin::from_ascii(ascii).map(Self).map_err(|_| Error::OffsetMalformed)
    }

    #[inline]
    pub(super) const fn from_packed(packed: u64, length: u8) -> Self {
        Self(Pin::from_packed(packed, length))
    }

    #[inline]
    pub(super) const fn packed(&self) -> u64 {
        self.0.packed()
    }

    /// How many digits there are: 4 to 12.
    #[inline]
    #[must_use]
    pub const fn length(&self) -> u8 {
        self.0.length()
    }

    /// Hands out the clear digits in a buffer that is wiped when dropped.
    #[must_use]
    pub fn expose_digits(&self) -> ExposedDigits {
        self.0.expose_digits()
    }
}

impl ConstantTimeEq for Offset {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

impl fmt::Debug for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Offset")
    }
}

impl ZeroizeOnDrop for Offset {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_4_to_12_digits() {
        for length in 0..20 {
            let found = Offset::from_ascii(&[b'7'; 20][..length]).map(|offset| offset.length());
            match found {
                Ok(counted) => assert_eq!(usize::from(counted), length),
                Err(error) => {
                    assert_eq!(
                        (error, (4..=12).contains(&length)),
                        (Error::OffsetMalformed, false)
                    );
                }
            }
        }
        for bad in [&b"12A4"[..], b"123 ", b"-123"] {
            assert!(matches!(Offset::from_ascii(bad), Err(Error::OffsetMalformed)));
        }
    }
}
