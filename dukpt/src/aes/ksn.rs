use crate::counter::{allowed_left, next_allowed};
use crate::{Error, hex};
use core::fmt;
use core::str::FromStr;

const MAX_ONE_BITS: u32 = 16;

/// A key serial number: 12 bytes, of which 8 are the initial key id and 4 a transaction counter.
///
/// It is no secret: `Display` writes it as 24 hex digits, `FromStr` reads them. The order is by terminal, then by
/// counter.
///
/// # Examples
/// ```
/// use dukpt::aes::Ksn;
/// use hex_literal::hex;
///
/// let ksn = Ksn::from_bytes(hex!("123456789012345600000007"));
/// assert_eq!(ksn.counter(), 7);
/// assert_eq!(ksn.one_bits(), 3);
/// assert_eq!(ksn.initial_key_id().bdk_id(), hex!("12345678"));
/// assert_eq!(ksn.initial_key_id().derivation_id(), hex!("90123456"));
/// ```
///
/// Source: ANSI X9.24-3-2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
// A key that carries its number is then moved 16 bytes at a time, as the cipher stored it.
#[repr(align(8))]
pub struct Ksn {
    id: InitialKeyId,
    counter: u32,
}

impl Ksn {
    /// The key serial number of a terminal's counter.
    #[must_use]
    #[inline]
    pub const fn new(id: InitialKeyId, counter: u32) -> Self {
        Self { id, counter }
    }

    /// Takes the 12 bytes as they are sent.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 12]) -> Self {
        let [a, b, c, d, e, f, g, h, counter @ ..] = bytes;
        Self::new(InitialKeyId([a, b, c, d, e, f, g, h]), u32::from_be_bytes(counter))
    }

    /// The 12 bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 12] {
        let [a, b, c, d, e, f, g, h] = self.id.0;
        let [i, j, k, l] = self.counter.to_be_bytes();
        [a, b, c, d, e, f, g, h, i, j, k, l]
    }

    /// The terminal's initial key id.
    #[must_use]
    #[inline]
    pub const fn initial_key_id(&self) -> InitialKeyId {
        self.id
    }

    /// The transaction counter.
    #[must_use]
    #[inline]
    pub const fn counter(&self) -> u32 {
        self.counter
    }

    /// How many bits of the counter are one; a terminal uses no counter with more than 16.
    #[must_use]
    #[inline]
    pub const fn one_bits(&self) -> u32 {
        self.counter.count_ones()
    }

    /// Checks that a terminal may use this counter.
    ///
    /// # Errors
    /// [`Error::CounterZero`]: it is 0. [`Error::TooManyOneBits`]: more than 16 of its bits are one.
    pub const fn check_counter(&self) -> Result<(), Error> {
        match self.one_bits() {
            0 => Err(Error::CounterZero),
            1..=MAX_ONE_BITS => Ok(()),
            _ => Err(Error::TooManyOneBits),
        }
    }

    /// The key serial number of the next transaction: the next counter of 1 to 16 one bits.
    ///
    /// # Errors
    /// [`Error::CounterExhausted`] after the last one, FFFF0000: the terminal needs a new initial key.
    ///
    /// Source: ANSI X9.24-3-2017.
    pub const fn next(&self) -> Result<Self, Error> {
        match next_allowed(self.counter, u32::MAX, MAX_ONE_BITS) {
            Some(counter) => Ok(Self { counter, ..*self }),
            None => Err(Error::CounterExhausted),
        }
    }

    /// How many key serial numbers [`next`](Self::next) still gives after this one: 2,448,023,842 after counter 0.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub const fn keys_left(&self) -> u32 {
        allowed_left(self.counter, u32::MAX, MAX_ONE_BITS)
    }
}

/// Takes the 12 bytes as they are sent; [`Error::KsnLength`] unless there are 12.
impl TryFrom<&[u8]> for Ksn {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(Self::from_bytes).map_err(|_| Error::KsnLength)
    }
}

/// Reads the 24 hex digits, of either case.
///
/// # Errors
/// [`Error::KsnLength`]: there are not 24 characters. [`Error::NotHex`]: one of them is no hex digit.
impl FromStr for Ksn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        hex::read(text, Error::KsnLength).map(Self::from_bytes)
    }
}

impl fmt::Display for Ksn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, &self.to_bytes())
    }
}

/// What names a terminal's initial key: 4 bytes of base key id, then 4 bytes of derivation (device) id.
///
/// `Display` writes 16 hex digits, `FromStr` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InitialKeyId([u8; 8]);

impl InitialKeyId {
    /// The id of a terminal under a base derivation key.
    #[must_use]
    pub const fn new(bdk_id: [u8; 4], derivation_id: [u8; 4]) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (bdk_id, derivation_id);
        Self([a, b, c, d, e, f, g, h])
    }

    /// Takes the 8 bytes.
    #[must_use]
    #[inline]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(bytes)
    }

    /// The 8 bytes.
    #[must_use]
    #[inline]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The id of the base derivation key: the first 4 bytes.
    #[must_use]
    pub const fn bdk_id(&self) -> [u8; 4] {
        let [id @ .., _, _, _, _] = self.0;
        id
    }

    /// The id of the terminal under that base derivation key: the last 4 bytes.
    #[must_use]
    pub const fn derivation_id(&self) -> [u8; 4] {
        let [_, _, _, _, id @ ..] = self.0;
        id
    }
}

/// Takes the 8 bytes; [`Error::InitialKeyIdLength`] unless there are 8.
impl TryFrom<&[u8]> for InitialKeyId {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(Self).map_err(|_| Error::InitialKeyIdLength)
    }
}

/// Reads the 16 hex digits, of either case.
///
/// # Errors
/// [`Error::InitialKeyIdLength`]: there are not 16 characters. [`Error::NotHex`]: one of them is no hex digit.
impl FromStr for InitialKeyId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        hex::read(text, Error::InitialKeyIdLength).map(Self::from_bytes)
    }
}

impl fmt::Display for InitialKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, &self.0)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{InitialKeyId, Ksn};
    use crate::Error;
    use hex_literal::hex;
    use std::string::ToString;

    #[test]
    fn a_ksn_is_its_parts() {
        let bytes = hex!("1234567890123456FFFE2000");
        let ksn = Ksn::from_bytes(bytes);
        assert_eq!(ksn.to_bytes(), bytes);
        assert_eq!(ksn, Ksn::new(ksn.initial_key_id(), 0xFFFE_2000));
        assert_eq!(ksn.to_string(), "1234567890123456FFFE2000");
        assert_eq!(ksn.initial_key_id().to_string(), "1234567890123456");
    }

    #[test]
    fn counters_that_no_terminal_uses_are_named() {
        let check = |counter| Ksn::new(InitialKeyId::from_bytes([7; 8]), counter).check_counter();
        assert_eq!(check(0), Err(Error::CounterZero));
        assert_eq!(check(1), Ok(()));
        assert_eq!(check(0xFFFF_0000), Ok(()));
        assert_eq!(check(0x0001_FFFF), Err(Error::TooManyOneBits));
        assert_eq!(check(u32::MAX), Err(Error::TooManyOneBits));
    }

    #[test]
    fn the_next_counter_skips_what_is_not_allowed() {
        let next = |counter| {
            let ksn = Ksn::new(InitialKeyId::from_bytes([7; 8]), counter);
            ksn.next().map(|next| next.counter())
        };
        for (counter, expected) in [
            (0, Ok(1)),
            (0x0000_FFFE, Ok(0x0000_FFFF)),
            (0x0001_FFFE, Ok(0x0002_0000)),
            (0x0001_FFFF, Ok(0x0002_0000)),
            (0xFFFE_8000, Ok(0xFFFF_0000)),
            (0xFFFF_0000, Err(Error::CounterExhausted)),
            (u32::MAX, Err(Error::CounterExhausted)),
        ] {
            assert_eq!(next(counter), expected, "{counter:08X}");
        }
        // Slowly: the least allowed number above.
        for counter in 0x1_FF00..0x2_0200_u32 {
            let slow = (counter + 1..).find(|next| next.count_ones() <= 16);
            assert_eq!(next(counter).ok(), slow, "{counter:08X}");
        }
    }

    #[test]
    fn keys_are_left_until_the_last() {
        let left = |counter| Ksn::new(InitialKeyId::from_bytes([7; 8]), counter).keys_left();
        assert_eq!([left(0), left(1), left(0xFFFE_8000)], [2_448_023_842, 2_448_023_841, 1]);
        assert_eq!([left(0xFFFF_0000), left(u32::MAX)], [0, 0]);
    }

    #[test]
    fn hex_digits_read_back() {
        let ksn = Ksn::from_bytes(hex!("1234567890ABCDEF00000007"));
        assert_eq!(ksn.to_string().parse(), Ok(ksn));
        assert_eq!("1234567890abcdef00000007".parse(), Ok(ksn));
        assert_eq!("FFFF9876543210EFF800".parse::<Ksn>(), Err(Error::KsnLength));
        assert_eq!("1234567890ABCDEF0000000x".parse::<Ksn>(), Err(Error::NotHex));
        let id = ksn.initial_key_id();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("1234567890".parse::<InitialKeyId>(), Err(Error::InitialKeyIdLength));
        assert_eq!(InitialKeyId::new(id.bdk_id(), id.derivation_id()), id);
    }

    #[test]
    fn slices_of_other_lengths_are_refused() {
        for len in 0..16 {
            let bytes = &[0x55; 16][..len];
            let expected = if len == 12 { None } else { Some(Error::KsnLength) };
            assert_eq!(Ksn::try_from(bytes).err(), expected);
            let expected = if len == 8 { None } else { Some(Error::InitialKeyIdLength) };
            assert_eq!(InitialKeyId::try_from(bytes).err(), expected);
        }
    }
}
