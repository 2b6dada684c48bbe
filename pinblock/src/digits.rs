//! Decimal digits packed one a nibble, all of them at once: no branch, index or division on a digit.

/// The low nibble of each byte.
const LOW_NIBBLES: u64 = 0x0F0F_0F0F_0F0F_0F0F;
/// The lowest bit of each nibble.
const LOW_BITS: u64 = 0x1111_1111_1111_1111;

/// Adds digit by digit modulo 10: no digit carries into the next.
#[inline]
pub(crate) const fn add(left: u64, right: u64) -> u64 {
    let low = (left & LOW_NIBBLES).wrapping_add(right & LOW_NIBBLES);
    let high = ((left >> 4) & LOW_NIBBLES).wrapping_add((right >> 4) & LOW_NIBBLES);
    (below_10(high) << 4) | below_10(low)
}

/// Subtracts digit by digit modulo 10: no digit borrows from the next.
#[inline]
pub(crate) const fn subtract(left: u64, right: u64) -> u64 {
    // 10 less a digit is 1 to 10, which fits into a nibble.
    add(left, 0xAAAA_AAAA_AAAA_AAAA_u64.wrapping_sub(right))
}

/// Takes 10 from each byte of 10 to 19.
#[inline]
const fn below_10(bytes: u64) -> u64 {
    // 0x76 and 10 are 0x80.
    let at_least_10 = bytes.wrapping_add(0x7676_7676_7676_7676) & 0x8080_8080_8080_8080;
    bytes.wrapping_sub((at_least_10 >> 4) | (at_least_10 >> 6))
}

/// All bits of each nibble that has this value.
#[inline]
pub(crate) const fn equal(nibbles: u64, value: u8) -> u64 {
    let different = nibbles ^ repeat(value);
    let different = different | (different >> 1) | (different >> 2) | (different >> 3);
    let flags = !different & LOW_BITS;
    flags | (flags << 1) | (flags << 2) | (flags << 3)
}

/// One nibble, 16 times.
#[inline]
pub(crate) const fn repeat(nibble: u8) -> u64 {
    u64::from_ne_bytes([(nibble << 4) | (nibble & 0x0F); 8])
}

/// The places of so many digits (14 at most) in a PIN field: from the third nibble on.
#[inline]
pub(crate) const fn places(count: u8) -> u64 {
    const BODY: u64 = 0x00FF_FFFF_FFFF_FFFF;
    BODY ^ BODY.wrapping_shr((count as u32).wrapping_mul(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_digits_in_every_place() {
        for place in (0..64).step_by(4) {
            for (left, right) in (0..10_u64).flat_map(|l| (0..10_u64).map(move |r| (l, r))) {
                // The neighbours are at their largest, so that a carry or a borrow would show.
                let others = 0x9999_9999_9999_9999 & !(0xF << place);
                let (l, r) = (others | (left << place), others | (right << place));
                let sum = 0x8888_8888_8888_8888 & !(0xF << place);
                assert_eq!(add(l, r), sum | (((left + right) % 10) << place));
                assert_eq!(subtract(l, r), ((10 + left - right) % 10) << place);
            }
        }
    }

    #[test]
    fn finds_a_value_nibble_by_nibble() {
        for value in 0..16_u8 {
            let all = 0xFEDC_BA98_7654_3210;
            assert_eq!(equal(all, value), 0xF << (4 * value));
            assert_eq!(equal(repeat(value), value), u64::MAX);
        }
    }

    #[test]
    fn a_pins_digits_begin_at_the_third_nibble() {
        assert_eq!(places(0), 0);
        assert_eq!(places(4), 0x00FF_FF00_0000_0000);
        assert_eq!(places(12), 0x00FF_FFFF_FFFF_FF00);
        assert_eq!(places(14), 0x00FF_FFFF_FFFF_FFFF);
    }
}
