use core::fmt;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{FEWEST, MOST};
use crate::{Error, Kcv, parity};

/// The longest key: AES-256.
const LONGEST: usize = 32;

/// A key that custodians enter one after another, each a component, each seeing the check value of what was entered.
///
/// The check value is made by a function of the caller's, so that it fits the key's algorithm and the length that is printed on the components.
///
/// # Security
/// Keeps the sum of the components alone, and is wiped when dropped. It cannot tell whether a custodian enters the component of another: a check
/// value that is printed with the component can ([`add_checked`](Ceremony::add_checked)).
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// use keyblock::{Ceremony, Error, Kcv, KcvMethod};
///
/// let mut ceremony = Ceremony::begin(2, 16, |key| Kcv::tdes(KcvMethod::Legacy, key))?.adjusting_parity();
/// // The first custodian compares what the screen shows; for the second, the terminal does.
/// let shown = ceremony.add(&[0xFE; 16])?;
/// let component = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF, 0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10];
/// assert_eq!(ceremony.add_checked(&component, &[0x08, 0xD7, 0xB5]).err(), Some(Error::KcvMismatch));
/// ceremony.add_checked(&component, &[0x08, 0xD7, 0xB4])?;
///
/// let mut key = [0; 16];
/// let kcv = ceremony.finish(&mut key)?;
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2017 (split knowledge and dual control).
pub struct Ceremony {
    sum: [u8; LONGEST],
    len: usize,
    count: usize,
    entered: usize,
    adjusts_parity: bool,
    kcv: fn(&[u8]) -> Result<Kcv, Error>,
}

impl Ceremony {
    /// Begins a key of `len` bytes that has `count` components; `kcv` makes the check value of the key and of each component.
    ///
    /// # Errors
    /// [`Error::ComponentCount`]: `count` is not 2 to 9.
    /// [`Error::KeyLength`]: `len` is 0 or over 32.
    /// What `kcv` says of a key of that length.
    pub fn begin(
        count: usize,
        len: usize,
        kcv: fn(&[u8]) -> Result<Kcv, Error>,
    ) -> Result<Self, Error> {
        if !(FEWEST..=MOST).contains(&count) {
            return Err(Error::ComponentCount);
        }
        let sum = [0; LONGEST];
        let empty = sum.get(..len).filter(|empty| !empty.is_empty()).ok_or(Error::KeyLength)?;
        kcv(empty)?;
        Ok(Self { sum, len, count, entered: 0, adjusts_parity: false, kcv })
    }

    /// The same, and the finished key gets odd parity: for DES and TDES keys alone.
    ///
    /// Without it a key is the plain sum. payShield and other modules force odd parity when they form a key, and refuse one without.
    #[must_use]
    pub fn adjusting_parity(mut self) -> Self {
        self.adjusts_parity = true;
        self
    }

    /// How many components are still to come.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.count.saturating_sub(self.entered)
    }

    /// Takes a component and gives back its check value, for the custodian to compare.
    ///
    /// # Errors
    /// [`Error::ComponentCount`]: all of them are there.
    /// [`Error::ComponentLength`]: it is not as long as the key.
    pub fn add(&mut self, component: &[u8]) -> Result<Kcv, Error> {
        let kcv = self.kcv_of(component)?;
        self.take(component);
        Ok(kcv)
    }

    /// Takes a component if it has this check value; else it may be entered again.
    ///
    /// # Errors
    /// Those of [`add`](Ceremony::add), and
    /// [`Error::KcvLength`]: the check value has another length than the ceremony's.
    /// [`Error::KcvMismatch`]: the component has another check value.
    pub fn add_checked(&mut self, component: &[u8], kcv: &[u8]) -> Result<(), Error> {
        self.kcv_of(component)?.verify(kcv)?;
        self.take(component);
        Ok(())
    }

    /// Writes the key, gives back its check value, and is ready for the components of another key.
    ///
    /// # Errors
    /// [`Error::ComponentCount`]: components are missing.
    /// [`Error::BufferTooSmall`]: `key` is shorter than the key.
    /// [`Error::KeyLength`]: `key` is longer.
    /// [`Error::ZeroKey`]: the sum is zero, of which parity bits are no part if [adjusted](Ceremony::adjusting_parity). [`restart`](Ceremony::restart) is what remains to be done.
    pub fn finish(&mut self, key: &mut [u8]) -> Result<Kcv, Error> {
        if self.missing() != 0 {
            return Err(Error::ComponentCount);
        }
        if key.len() < self.len {
            let needed = u16::try_from(self.len).unwrap_or(u16::MAX);
            return Err(Error::BufferTooSmall { needed });
        }
        if key.len() > self.len {
            return Err(Error::KeyLength);
        }
        let mut sum = Zeroizing::new(self.sum);
        let sum = sum.get_mut(..self.len).ok_or(Error::KeyLength)?;
        // A key of parity bits alone is to the cipher, and to its check value, the key of zeros.
        let looked_at = if self.adjusts_parity { 0xFE } else { 0xFF };
        let any = sum.iter().fold(0, |any, byte| any | byte) & looked_at;
        if any.ct_eq(&0).into() {
            return Err(Error::ZeroKey);
        }
        if self.adjusts_parity {
            parity::set_odd_parity(sum);
        }
        let kcv = (self.kcv)(sum)?;
        key.iter_mut().zip(&*sum).for_each(|(to, from)| *to = *from);
        self.restart();
        Ok(kcv)
    }

    /// Forgets the components that were entered.
    pub fn restart(&mut self) {
        self.sum.zeroize();
        self.entered = 0;
    }

    fn kcv_of(&self, component: &[u8]) -> Result<Kcv, Error> {
        if self.missing() == 0 {
            return Err(Error::ComponentCount);
        }
        if component.len() != self.len {
            return Err(Error::ComponentLength);
        }
        (self.kcv)(component)
    }

    fn take(&mut self, component: &[u8]) {
        for (sum, byte) in self.sum.iter_mut().zip(component) {
            *sum ^= byte;
        }
        self.entered = self.entered.saturating_add(1);
    }
}

impl fmt::Debug for Ceremony {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ceremony")
    }
}

impl Drop for Ceremony {
    fn drop(&mut self) {
        self.sum.zeroize();
    }
}

impl ZeroizeOnDrop for Ceremony {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::KcvMethod;
    use std::format;

    fn legacy(key: &[u8]) -> Result<Kcv, Error> {
        Kcv::tdes(KcvMethod::Legacy, key)
    }

    fn begun(count: usize) -> Ceremony {
        Ceremony::begin(count, 16, legacy).unwrap()
    }

    #[test]
    fn what_cannot_be_is_refused_at_once() {
        for count in [0, 1, 10, usize::MAX] {
            assert_eq!(Ceremony::begin(count, 16, legacy).err(), Some(Error::ComponentCount));
        }
        for len in [0, 1, 15, 17, 32, 33, usize::MAX] {
            assert_eq!(Ceremony::begin(2, len, legacy).err(), Some(Error::KeyLength));
        }
        let sm4 = |key: &[u8]| Kcv::new::<sm4::Sm4>(KcvMethod::UnionPay4, key);
        assert!(Ceremony::begin(9, 16, sm4).is_ok());
    }

    #[test]
    fn a_refused_component_changes_nothing() {
        let mut ceremony = begun(3);
        let first = legacy(&[0x11; 16]).unwrap();
        ceremony.add_checked(&[0x11; 16], first.as_bytes()).unwrap();
        let mistyped = ceremony.add_checked(&[0x13; 16], first.as_bytes());
        assert_eq!(mistyped, Err(Error::KcvMismatch));
        let short = ceremony.add_checked(&[0x11; 16], &first.as_bytes()[..2]);
        assert_eq!(short, Err(Error::KcvLength));
        assert_eq!(ceremony.add(&[0x11; 15]).err(), Some(Error::ComponentLength));
        assert_eq!(ceremony.missing(), 2);
        ceremony.add(&[0x20; 16]).unwrap();

        let mut key = [0x55; 17];
        assert_eq!(ceremony.finish(&mut key[..16]).err(), Some(Error::ComponentCount));
        ceremony.add(&[0x04; 16]).unwrap();
        assert_eq!(ceremony.add(&[0x04; 16]).err(), Some(Error::ComponentCount));
        let short = ceremony.finish(&mut key[..15]).err();
        assert_eq!(short, Some(Error::BufferTooSmall { needed: 16 }));
        assert_eq!(ceremony.finish(&mut key).err(), Some(Error::KeyLength));
        assert_eq!(key, [0x55; 17]);
        let kcv = ceremony.finish(&mut key[..16]).unwrap();
        assert_eq!(key[..16], [0x35; 16]);
        assert_eq!(kcv.verify(legacy(&[0x35; 16]).unwrap().as_bytes()), Ok(()));
        assert_eq!((ceremony.sum, ceremony.missing()), ([0; LONGEST], 3));
    }

    #[test]
    fn components_that_cancel_each_other_out_are_no_key() {
        let mut ceremony = begun(2);
        let mut key = [0x55; 16];
        for _ in 0..2 {
            ceremony.add(&[0x21; 16]).unwrap();
        }
        assert_eq!(ceremony.finish(&mut key).err(), Some(Error::ZeroKey));
        assert_eq!((key, ceremony.missing()), ([0x55; 16], 0));
        ceremony.restart();
        assert_eq!(ceremony.missing(), 2);
    }

    #[test]
    fn components_that_differ_in_parity_bits_alone_are_no_key() {
        let mut ceremony = begun(2).adjusting_parity();
        let mut key = [0x55; 16];
        ceremony.add(&[0x20; 16]).unwrap();
        ceremony.add(&[0x21; 16]).unwrap();
        assert_eq!(ceremony.finish(&mut key).err(), Some(Error::ZeroKey));
        assert_eq!(key, [0x55; 16]);
    }

    #[test]
    fn parity_is_adjusted_on_demand_and_the_check_value_stays() {
        let enter = |mut ceremony: Ceremony| {
            let mut key = [0; 16];
            ceremony.add(&[0x01; 16]).unwrap();
            ceremony.add(&[0x02; 16]).unwrap();
            let kcv = ceremony.finish(&mut key).unwrap();
            (key, format!("{kcv}"))
        };
        let (plain, kcv) = enter(begun(2));
        let (adjusted, same) = enter(begun(2).adjusting_parity());
        assert_eq!((plain, adjusted), ([0x03; 16], [0x02; 16]));
        assert_eq!(kcv, same);
    }

    #[test]
    fn debug_shows_the_name_alone() {
        let mut ceremony = begun(2);
        ceremony.add(&[0xAB; 16]).unwrap();
        assert_eq!(format!("{ceremony:?}"), "Ceremony");
    }
}
