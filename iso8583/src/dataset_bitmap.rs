//! The bitmap of a dataset: 16 bits, then 8 at a time.
//!
//! The first bit of each map says that another one follows; the very last bit says that BER-TLV follows the parts. All
//! other bits announce parts 1, 2 and so on.
//!
//! Source: ISO 8583:2003, dataset bit maps.

/// The longest bitmap that is read, in bytes.
pub(crate) const MAX_LEN: usize = 32;

/// The first bit of a map.
const CONTINUES: u8 = 0x80;

/// Bytes of the bitmap at the front of a dataset; `None` where it is cut or longer than what is read.
pub(crate) fn len(body: &[u8]) -> Option<usize> {
    let mut len = 2;
    let mut continues = body.first()? & CONTINUES != 0;
    body.get(1)?;
    while continues {
        continues = body.get(len)? & CONTINUES != 0;
        len = len.saturating_add(1);
        if len > MAX_LEN {
            return None;
        }
    }
    Some(len)
}

/// The highest part that a bitmap of so many bytes announces.
pub(crate) const fn highest(len: usize) -> u16 {
    // 15 bits and 7 for each further byte, less the one for BER-TLV; at most 224.
    match len {
        0 | 1 => 0,
        #[allow(clippy::cast_possible_truncation, reason = "at most 32 bytes")]
        _ => (len.saturating_sub(2).saturating_mul(7).saturating_add(14)) as u16,
    }
}

/// The bytes that a bitmap needs to announce a part; `None` where it would be longer than what is read.
pub(crate) fn len_for(number: u16) -> Option<usize> {
    (2..=MAX_LEN).find(|len| number <= highest(*len))
}

/// Whether a part is announced.
pub(crate) fn announces(map: &[u8], number: u16) -> bool {
    let (byte, mask) = place(number);
    map.get(byte).is_some_and(|bits| bits & mask != 0)
}

/// Announces a part, or takes it back.
pub(crate) fn announce(map: &mut [u8], number: u16, carried: bool) {
    let (byte, mask) = place(number);
    if let Some(bits) = map.get_mut(byte) {
        *bits = if carried { *bits | mask } else { *bits & !mask };
    }
}

/// Whether BER-TLV follows the parts.
pub(crate) fn has_tlv(map: &[u8]) -> bool {
    map.last().is_some_and(|bits| bits & 1 != 0)
}

/// Says whether BER-TLV follows the parts.
pub(crate) fn set_tlv(map: &mut [u8], follows: bool) {
    if let Some(bits) = map.last_mut() {
        *bits = *bits & !1 | u8::from(follows);
    }
}

/// Makes a bitmap of which only the first `old` bytes are in use into a longer one that says the same.
pub(crate) fn grow(map: &mut [u8], old: usize) {
    let tlv = map.get(..old).is_some_and(has_tlv);
    if let Some(used) = map.get_mut(..old) {
        set_tlv(used, false);
    }
    let last = map.len().saturating_sub(1);
    for (at, bits) in map.iter_mut().enumerate() {
        if at >= old {
            *bits = 0;
        }
        // The first map has two bytes and one such bit.
        if at != 1 && at < last && !(at == 0 && last == 1) {
            *bits |= CONTINUES;
        }
    }
    set_tlv(map, tlv);
}

/// The byte and the bit of a part.
fn place(number: u16) -> (usize, u8) {
    let (byte, bit) = match number {
        1..=15 => (number / 8, number % 8),
        // Seven bits a byte behind the first two; part 0 has none.
        _ => {
            let further = number.wrapping_sub(16);
            ((further / 7).saturating_add(2), (further % 7).saturating_add(1))
        }
    };
    (usize::from(byte), 0x80 >> bit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_a_bit_of_its_own() {
        let mut seen = [0; MAX_LEN];
        for number in 1..=highest(MAX_LEN) {
            let mut map = [0; MAX_LEN];
            announce(&mut map, number, true);
            assert!(announces(&map, number));
            assert_eq!(map.iter().map(|bits| bits.count_ones()).sum::<u32>(), 1);
            for (all, bits) in seen.iter_mut().zip(map) {
                assert_eq!(*all & bits, 0, "{number}");
                *all |= bits;
            }
        }
        // What is left: a continuation bit of each map, and the one for BER-TLV.
        let mut expected = [0x7F; MAX_LEN];
        expected[1] = 0xFF;
        expected[MAX_LEN - 1] = 0x7E;
        assert_eq!(seen, expected);
    }

    #[test]
    fn lengths() {
        assert_eq!(
            (len(&[0x40, 0]), len(&[0xC0, 0, 0x40]), len(&[0xC0, 0])),
            (Some(2), Some(3), None)
        );
        assert_eq!((len(&[]), len(&[0x40]), len(&[0xFF; 40])), (None, None, None));
        assert_eq!([2, 3, 4].map(highest), [14, 21, 28]);
        assert_eq!(
            [1, 14, 15, 21, 22, 224, 225].map(len_for),
            [Some(2), Some(2), Some(3), Some(3), Some(4), Some(32), None]
        );
    }

    #[test]
    fn a_longer_bitmap_says_the_same() {
        let mut map = [0x40, 0x01, 0xEE, 0xEE];
        grow(&mut map[..3], 2);
        assert_eq!(map, [0xC0, 0x00, 0x01, 0xEE]);
        grow(&mut map, 3);
        assert_eq!(map, [0xC0, 0x00, 0x80, 0x01]);
        assert_eq!(len(&map), Some(4));
        assert!(announces(&map, 1) && has_tlv(&map));
    }
}
