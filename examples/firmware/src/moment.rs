//! Date and time, as a clock chip gives them.

/// A moment: twelve packed digits, YYMMDDhhmmss.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    packed: [u8; 6],
}

impl Moment {
    #[must_use]
    pub const fn from_packed(packed: [u8; 6]) -> Self {
        Self { packed }
    }

    /// YYMMDD, packed: EMV's transaction date.
    #[must_use]
    pub const fn emv_date(self) -> [u8; 3] {
        let [year, month, day, ..] = self.packed;
        [year, month, day]
    }

    /// MMDDhhmmss as a number.
    #[must_use]
    pub fn transmission(self) -> u64 {
        let [_, rest @ ..] = self.packed;
        number(&rest)
    }

    /// hhmmss as a number.
    #[must_use]
    pub fn time(self) -> u64 {
        let [_, _, _, time @ ..] = self.packed;
        number(&time)
    }

    /// MMDD as a number.
    #[must_use]
    pub fn date(self) -> u64 {
        let [_, month, day, ..] = self.packed;
        number(&[month, day])
    }
}

/// The number that packed digits are.
pub(crate) fn number(packed: &[u8]) -> u64 {
    packed.iter().fold(0, |number: u64, byte| {
        let (tens, ones) = (u64::from(byte >> 4), u64::from(byte & 0xF));
        number.wrapping_mul(100).wrapping_add(tens.wrapping_mul(10)).wrapping_add(ones)
    })
}

/// The last digits of a number, packed.
pub(crate) fn packed<const N: usize>(number: u64) -> [u8; N] {
    let mut rest = number;
    let mut packed = [0; N];
    for byte in packed.iter_mut().rev() {
        let pair = u8::try_from(rest % 100).unwrap_or_default();
        *byte = ((pair / 10) << 4) | (pair % 10);
        rest /= 100;
    }
    packed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_the_fields_want_it() {
        let moment = Moment::from_packed([0x26, 0x02, 0x03, 0x04, 0x05, 0x06]);
        assert_eq!(moment.emv_date(), [0x26, 0x02, 0x03]);
        assert_eq!(moment.transmission(), 203_040_506);
        assert_eq!((moment.time(), moment.date()), (40_506, 203));
    }

    #[test]
    fn numbers_are_packed_from_the_right() {
        assert_eq!(packed(1_234_567), [0x00, 0x00, 0x01, 0x23, 0x45, 0x67]);
        assert_eq!(packed(1_978), [0x19, 0x78]);
        assert_eq!(number(&[0x01, 0x99]), 199);
    }
}
