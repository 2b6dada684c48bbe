use crate::counter::{allowed_left, next_allowed};
use crate::{Error, hex};
use core::fmt;
use core::str::FromStr;

/// The counter's bits in the last 3 bytes.
const COUNTER_MASK: u32 = 0x1F_FFFF;
const MAX_ONE_BITS: u32 = 10;

/// A key serial number: 10 bytes, of which 59 bits are the initial key id and the last 21 a transaction counter.
///
/// It is no secret: `Display` writes it as 20 hex digits, `FromStr` reads them. The order is by terminal, then by
/// counter.
///
/// # Examples
/// ```
/// use dukpt::tdes::Ksn;
/// use hex_literal::hex;
///
/// let ksn = Ksn::from_bytes(hex!("FFFF9876543210EFF800"));
/// assert_eq!(ksn.counter(), 0x0F_F800);
/// assert_eq!(ksn.one_bits(), 9);
/// assert_eq!(ksn.initial_key_id().to_string(), "FFFF9876543210E0");
/// ```
///
/// Source: ANSI X9.24-1:2009.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ksn([u8; 10]);

impl Ksn {
    /// The key serial number of a terminal's counter.
    ///
    /// # Errors
    /// [`Error::KsnPartTooLarge`]: the counter has more than 21 bits.
    pub const fn new(id: InitialKeyId, counter: u32) -> Result<Self, Error> {
        if counter > COUNTER_MASK {
            return Err(Error::KsnPartTooLarge);
        }
        let [a, b, c, d, e, f, g, h] = id.0;
        Ok(Self([a, b, c, d, e, f, g, h, 0, 0]).with_counter(counter))
    }

    /// Takes the 10 bytes as they are sent.
    #[must_use]
    #[inline]
    pub const fn from_bytes(bytes: [u8; 10]) -> Self {
        Self(bytes)
    }

    /// Takes the last 8 bytes and puts FFFF in front, as networks want it that send 8 bytes.
    #[must_use]
    pub const fn from_8_bytes_with_ffff_in_front(bytes: [u8; 8]) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        Self([0xFF, 0xFF, a, b, c, d, e, f, g, h])
    }

    /// The 10 bytes.
    #[must_use]
    #[inline]
    pub const fn to_bytes(self) -> [u8; 10] {
        self.0
    }

    /// The terminal's initial key id: what is before the counter.
    #[must_use]
    pub const fn initial_key_id(&self) -> InitialKeyId {
        let [a, b, c, d, e, f, g, h, _, _] = self.0;
        InitialKeyId([a, b, c, d, e, f, g, h & 0xE0])
    }

    /// The transaction counter, of 21 bits.
    #[must_use]
    pub const fn counter(&self) -> u32 {
        let [.., high, middle, low] = self.0;
        u32::from_be_bytes([0, high, middle, low]) & COUNTER_MASK
    }

    /// How many bits of the counter are one; a terminal uses no counter with more than 10.
    #[must_use]
    pub const fn one_bits(&self) -> u32 {
        self.counter().count_ones()
    }

    /// Checks that a terminal may use this counter.
    ///
    /// # Errors
    /// [`Error::CounterZero`]: it is 0. [`Error::TooManyOneBits`]: more than 10 of its bits are one.
    pub const fn check_counter(&self) -> Result<(), Error> {
        match self.one_bits() {
            0 => Err(Error::CounterZero),
            1..=MAX_ONE_BITS => Ok(()),
            _ => Err(Error::TooManyOneBits),
        }
    }

    /// The key serial number of the next transaction: the next counter of 1 to 10 one bits.
    ///
    /// # Errors
    /// [`Error::CounterExhausted`] after the last one, 1FF800: the terminal needs a new initial key.
    ///
    /// Source: ANSI X9.24-1:2009.
    pub const fn next(&self) -> Result<Self, Error> {
        match next_allowed(self.counter(), COUNTER_MASK, MAX_ONE_BITS) {
            Some(counter) => Ok(self.with_counter(counter)),
            None => Err(Error::CounterExhausted),
        }
    }

    /// How many key serial numbers [`next`](Self::next) still gives after this one: 1,048,575 after counter 0.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub const fn keys_left(&self) -> u32 {
        allowed_left(self.counter(), COUNTER_MASK, MAX_ONE_BITS)
    }

    const fn with_counter(&self, counter: u32) -> Self {
        let [a, b, c, d, e, f, g, id, _, _] = self.0;
        let [_, high, middle, low] = counter.to_be_bytes();
        Self([a, b, c, d, e, f, g, (id & 0xE0) | high, middle, low])
    }
}

/// Takes the 10 bytes as they are sent; [`Error::KsnLength`] unless there are 10.
impl TryFrom<&[u8]> for Ksn {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(Self).map_err(|_| Error::KsnLength)
    }
}

/// Reads the 20 hex digits, of either case.
///
/// # Errors
/// [`Error::KsnLength`]: there are not 20 characters. [`Error::NotHex`]: one of them is no hex digit.
impl FromStr for Ksn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        hex::read(text, Error::KsnLength).map(Self)
    }
}

impl fmt::Display for Ksn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        hex::write(f, &self.0)
    }
}

/// What names a terminal's initial key: the first 59 bits of its key serial numbers, in 8 bytes.
///
/// The last 5 bits are the counter's first and always zero here. `Display` writes 16 hex digits, `FromStr` reads them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InitialKeyId([u8; 8]);

impl InitialKeyId {
    /// Takes the first 8 bytes of a key serial number; the counter's 5 bits in them are cleared.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        let [a, b, c, d, e, f, g, h] = bytes;
        Self([a, b, c, d, e, f, g, h & 0xE0])
    }

    /// The 8 bytes.
    #[must_use]
    #[inline]
    pub const fn to_bytes(self) -> [u8; 8] {
        self.0
    }

    /// The last 8 bytes of a key serial number with counter 0, in which a derivation sets one bit after the other.
    pub(super) const fn register(&self) -> u64 {
        let [_, _, a, b, c, d, e, f] = self.0;
        u64::from_be_bytes([a, b, c, d, e, f, 0, 0])
    }
}

/// Takes the first 8 bytes of a key serial number; [`Error::InitialKeyIdLength`] unless there are 8.
impl TryFrom<&[u8]> for InitialKeyId {
    type Error = Error;

    fn try_from(bytes: &[u8]) -> Result<Self, Error> {
        bytes.try_into().map(Self::from_bytes).map_err(|_| Error::InitialKeyIdLength)
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
    fn a_ksn_splits_after_59_bits() {
        let ksn = Ksn::from_bytes([0xFF; 10]);
        assert_eq!(ksn.initial_key_id().to_bytes(), hex!("FFFFFFFFFFFFFFE0"));
        assert_eq!(ksn.counter(), 0x1F_FFFF);
        assert_eq!(ksn.one_bits(), 21);
        assert_eq!(ksn.initial_key_id().register(), 0xFFFF_FFFF_FFE0_0000);
        assert_eq!(InitialKeyId::from_bytes([0xFF; 8]), ksn.initial_key_id());
    }

    #[test]
    fn counters_that_no_terminal_uses_are_named() {
        let check = |low: [u8; 3]| {
            let [a, b, c] = low;
            Ksn::from_bytes([0xFF, 0xFF, 0x98, 0x76, 0x54, 0x32, 0x10, 0xE0 | a, b, c])
                .check_counter()
        };
        assert_eq!(check([0, 0, 0]), Err(Error::CounterZero));
        assert_eq!(check([0, 0, 1]), Ok(()));
        assert_eq!(check([0x1F, 0xF8, 0]), Ok(()));
        assert_eq!(check([0, 0x07, 0xFF]), Err(Error::TooManyOneBits));
        assert_eq!(check([0x1F, 0xFF, 0xFF]), Err(Error::TooManyOneBits));
    }

    #[test]
    fn the_next_counter_skips_what_is_not_allowed() {
        let next = |counter| {
            let ksn = Ksn::from_bytes(hex!("FFFF9876543210E00000")).with_counter(counter);
            assert_eq!(ksn.counter(), counter);
            ksn.next().map(|next| {
                assert_eq!(next.initial_key_id(), ksn.initial_key_id());
                next.counter()
            })
        };
        assert_eq!(next(0x0F_F800), Ok(0x0F_F801));
        assert_eq!(next(0x1F_F800), Err(Error::CounterExhausted));
        assert_eq!(next(0x1F_FFFF), Err(Error::CounterExhausted));
        // Slowly: the least allowed number above.
        let step = if cfg!(miri) { 0x7F5 } else { 1 };
        for counter in (0..0x3000).chain(0x1F_F000..0x1F_FFFF_u32).step_by(step) {
            let slow = (counter..0x20_0000).skip(1).find(|next| next.count_ones() <= 10);
            assert_eq!(next(counter).ok(), slow, "{counter:06X}");
        }
    }

    #[test]
    fn keys_are_left_until_the_last() {
        let left = |counter| {
            Ksn::from_bytes(hex!("FFFF9876543210E00000")).with_counter(counter).keys_left()
        };
        assert_eq!([left(0), left(1), left(0x1F_F400)], [1_048_575, 1_048_574, 1]);
        assert_eq!([left(0x1F_F800), left(0x1F_FFFF)], [0, 0]);
    }

    #[test]
    fn hex_digits_read_back() {
        let ksn = Ksn::from_bytes(hex!("FFFF9876543210EFF800"));
        assert_eq!(ksn.to_string().parse(), Ok(ksn));
        assert_eq!("ffff9876543210eff800".parse(), Ok(ksn));
        assert_eq!("9876543210EFF800".parse::<Ksn>(), Err(Error::KsnLength));
        assert_eq!("FFFF9876543210EFF80G".parse::<Ksn>(), Err(Error::NotHex));
        let id = ksn.initial_key_id();
        assert_eq!("FFFF9876543210EF".parse(), Ok(id));
        assert_eq!("FFFF".parse::<InitialKeyId>(), Err(Error::InitialKeyIdLength));
        assert_eq!(Ksn::new(id, ksn.counter()), Ok(ksn));
        assert_eq!(Ksn::new(id, 0x20_0000), Err(Error::KsnPartTooLarge));
    }

    #[test]
    fn slices_of_other_lengths_are_refused() {
        for len in 0..16 {
            let bytes = &[0x55; 16][..len];
            let expected = if len == 10 { None } else { Some(Error::KsnLength) };
            assert_eq!(Ksn::try_from(bytes).err(), expected);
            let expected = if len == 8 { None } else { Some(Error::InitialKeyIdLength) };
            assert_eq!(InitialKeyId::try_from(bytes).err(), expected);
        }
    }

    #[test]
    fn eight_bytes_get_ffff_in_front() {
        let ksn = Ksn::from_8_bytes_with_ffff_in_front(hex!("9876543210E00001"));
        assert_eq!(ksn.to_string(), "FFFF9876543210E00001");
        assert_eq!(ksn.to_bytes(), hex!("FFFF9876543210E00001"));
    }
}
