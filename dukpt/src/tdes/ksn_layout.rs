use super::{InitialKeyId, Ksn};
use crate::Error;

/// The bits before the counter.
const ID_BITS: u32 = 59;

/// How an acquirer divides the 59 bits before the counter: filling, key set id, device id, from left to right.
///
/// The key set id names the base derivation key, the device id the terminal under it. The standard leaves the widths to
/// whoever injects the keys. A layout that does not need all 59 bits has filling in front: ones, as whole hex digits F,
/// then as many zeros as the last hex digit has bits left.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), dukpt::Error> {
/// use dukpt::tdes::{Ksn, KsnLayout};
///
/// let ksn: Ksn = "FFFF9876543210E00008".parse()?;
/// let layout = KsnLayout::DIGITS_6_5_5;
/// assert_eq!(ksn.key_set_id(layout), 0x98_7654);
/// assert_eq!(ksn.device_id(layout), 0x1_9087);
/// assert_eq!(Ksn::from_parts(layout, 0x98_7654, 0x1_9087, 8)?, ksn);
/// # Ok(()) }
/// ```
///
/// Source: ANSI X9.24-1:2009 (the 59 bits); "Derived unique key per transaction" in Wikipedia (widths in use, filling).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KsnLayout {
    key_set_bits: u32,
    device_bits: u32,
}

impl KsnLayout {
    /// All 59 bits: 40 of key set id, which is 10 hex digits, and 19 of device id.
    pub const KEY_SET_40_DEVICE_19: Self = Self { key_set_bits: 40, device_bits: 19 };

    /// Of 16 hex digits behind FFFF, 6 of key set id, 5 of device id, 5 of counter, which takes a bit of the device id
    /// in addition: 24 and 19 bits.
    pub const DIGITS_6_5_5: Self = Self { key_set_bits: 24, device_bits: 19 };

    /// A layout by its widths in bits, either of which may be 0.
    ///
    /// # Errors
    /// [`Error::KsnLayout`]: they are more than 59 together.
    pub const fn new(key_set_bits: u32, device_bits: u32) -> Result<Self, Error> {
        if key_set_bits.saturating_add(device_bits) > ID_BITS {
            return Err(Error::KsnLayout);
        }
        Ok(Self { key_set_bits, device_bits })
    }

    /// A layout by its widths in hex digits, as descriptors like 6-5-5 have them: the 5 digits of the counter, always
    /// the last, take the lowest bit of the device id in addition.
    ///
    /// # Errors
    /// [`Error::KsnLayout`]: they are more than 15 digits together, or the device id has none.
    pub const fn from_hex_digits(key_set_digits: u32, device_digits: u32) -> Result<Self, Error> {
        match device_digits.saturating_mul(4).checked_sub(1) {
            Some(device_bits) => Self::new(key_set_digits.saturating_mul(4), device_bits),
            None => Err(Error::KsnLayout),
        }
    }

    /// The width of the key set id in bits.
    #[must_use]
    pub const fn key_set_bits(self) -> u32 {
        self.key_set_bits
    }

    /// The width of the device id in bits.
    #[must_use]
    pub const fn device_bits(self) -> u32 {
        self.device_bits
    }

    /// What is in front: ones, then zeros down to the hex digit's end.
    const fn filling(self) -> u64 {
        let bits = ID_BITS.saturating_sub(self.key_set_bits.saturating_add(self.device_bits));
        ones(bits) & !ones(bits & 3)
    }
}

impl Ksn {
    /// Puts a key serial number together from its parts.
    ///
    /// # Errors
    /// [`Error::KsnPartTooLarge`]: an id has more bits than the layout has for it, or the counter more than 21.
    pub const fn from_parts(
        layout: KsnLayout,
        key_set_id: u64,
        device_id: u64,
        counter: u32,
    ) -> Result<Self, Error> {
        if key_set_id > ones(layout.key_set_bits) || device_id > ones(layout.device_bits) {
            return Err(Error::KsnPartTooLarge);
        }
        let id = left(left(layout.filling(), layout.key_set_bits) | key_set_id, layout.device_bits);
        let bytes = left(id | device_id, u64::BITS.saturating_sub(ID_BITS)).to_be_bytes();
        Self::new(InitialKeyId::from_bytes(bytes), counter)
    }

    /// The key set id, which names the base derivation key.
    #[must_use]
    pub const fn key_set_id(&self, layout: KsnLayout) -> u64 {
        right(self.id_bits(), layout.device_bits) & ones(layout.key_set_bits)
    }

    /// The device id, which names the terminal among those with the same key set id.
    #[must_use]
    pub const fn device_id(&self, layout: KsnLayout) -> u64 {
        self.id_bits() & ones(layout.device_bits)
    }

    const fn id_bits(&self) -> u64 {
        let bytes = self.initial_key_id().to_bytes();
        right(u64::from_be_bytes(bytes), u64::BITS.saturating_sub(ID_BITS))
    }
}

const fn ones(bits: u32) -> u64 {
    !left(u64::MAX, bits)
}

/// Shifts by at most 59.
const fn left(number: u64, bits: u32) -> u64 {
    number.wrapping_shl(bits)
}

/// Shifts by at most 59.
const fn right(number: u64, bits: u32) -> u64 {
    number.wrapping_shr(bits)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::KsnLayout;
    use crate::Error;
    use crate::tdes::Ksn;
    use std::string::ToString;

    #[test]
    fn the_usual_layouts_split_the_standards_example() {
        let ksn: Ksn = "FFFF9876543210EFF800".parse().unwrap();
        let layout = KsnLayout::KEY_SET_40_DEVICE_19;
        assert_eq!((ksn.key_set_id(layout), ksn.device_id(layout)), (0xFF_FF98_7654, 0x1_9087));
        let layout = KsnLayout::DIGITS_6_5_5;
        assert_eq!((ksn.key_set_id(layout), ksn.device_id(layout)), (0x98_7654, 0x1_9087));
        assert_eq!(KsnLayout::from_hex_digits(6, 5), Ok(layout));
        assert_eq!(KsnLayout::from_hex_digits(10, 5), Ok(KsnLayout::KEY_SET_40_DEVICE_19));
        assert_eq!(KsnLayout::new(24, 19), Ok(layout));
    }

    #[test]
    fn every_layout_keeps_its_parts() {
        for key_set_bits in 0..=62 {
            for device_bits in 0..=62 {
                let layout = KsnLayout::new(key_set_bits, device_bits);
                if key_set_bits + device_bits > 59 {
                    assert_eq!(layout, Err(Error::KsnLayout));
                    continue;
                }
                let layout = layout.unwrap();
                assert_eq!(
                    (layout.key_set_bits(), layout.device_bits()),
                    (key_set_bits, device_bits)
                );
                let (key_set, device) = ((1 << key_set_bits) - 1, (1 << device_bits) - 1);
                for (key_set, device) in [(key_set, 0), (0, device), (key_set, device)] {
                    let ksn = Ksn::from_parts(layout, key_set, device, 0x1F_0003).unwrap();
                    let parts = (ksn.key_set_id(layout), ksn.device_id(layout), ksn.counter());
                    assert_eq!(parts, (key_set, device, 0x1F_0003));
                }
                let too_large = Err(Error::KsnPartTooLarge);
                assert_eq!(Ksn::from_parts(layout, key_set + 1, 0, 1), too_large);
                assert_eq!(Ksn::from_parts(layout, 0, device + 1, 1), too_large);
                assert_eq!(Ksn::from_parts(layout, 0, 0, 0x20_0000), too_large);
            }
        }
        assert_eq!(KsnLayout::new(u32::MAX, u32::MAX), Err(Error::KsnLayout));
        assert_eq!(KsnLayout::from_hex_digits(6, 0), Err(Error::KsnLayout));
        assert_eq!(KsnLayout::from_hex_digits(11, 5), Err(Error::KsnLayout));
    }

    #[test]
    fn what_is_in_front_is_whole_digits_f() {
        let text = |key_set_bits, device_bits| {
            let layout = KsnLayout::new(key_set_bits, device_bits).unwrap();
            Ksn::from_parts(layout, 0, 0, 0).unwrap().to_string()
        };
        assert_eq!(text(40, 19), "00000000000000000000");
        assert_eq!(text(24, 19), "FFFF0000000000000000");
        assert_eq!(text(23, 19), "FFFF0000000000000000");
        assert_eq!(text(21, 19), "FFFF0000000000000000");
        assert_eq!(text(20, 19), "FFFFF000000000000000");
        assert_eq!(text(0, 0), "FFFFFFFFFFFFFF000000");
    }
}
