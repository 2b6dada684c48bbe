/// The least counter after `counter`, `last` at most, that has no more one bits than a terminal may use.
pub(crate) const fn next_allowed(counter: u32, last: u32, max_one_bits: u32) -> Option<u32> {
    let mut next = counter.checked_add(1);
    while let Some(number) = next {
        if number > last {
            return None;
        }
        if number.count_ones() <= max_one_bits {
            return next;
        }
        // Until the lowest one bit is carried away, every number has the same one bits or more.
        next = number.checked_add(number & number.wrapping_neg());
    }
    None
}

/// How many counters above `counter`, `last` at most, have no more one bits than a terminal may use.
pub(crate) const fn allowed_left(counter: u32, last: u32, max_one_bits: u32) -> u32 {
    up_to(last, max_one_bits).saturating_sub(up_to(counter, max_one_bits))
}

/// How many numbers from 0 to `last` have at most so many one bits.
///
/// Those below `last` have its bits down to one that is 1 there and 0 in them, and anything after it.
const fn up_to(last: u32, max_one_bits: u32) -> u32 {
    let mut count = 0_u32;
    let mut bits_left = Some(max_one_bits);
    let mut position = u32::BITS;
    while position > 0 {
        position = position.saturating_sub(1);
        if last & (1 << position) != 0 {
            let Some(ones) = bits_left else { return count };
            count = count.saturating_add(subsets(position, ones));
            bits_left = ones.checked_sub(1);
        }
    }
    if bits_left.is_some() { count.saturating_add(1) } else { count }
}

/// In how many ways at most `ones` of `bits` bits are one: a sum of binomial coefficients, below 2^32 for `bits` below 32.
const fn subsets(bits: u32, ones: u32) -> u32 {
    let mut ways = 1_u64;
    let mut sum = 1_u64;
    let mut chosen = 0_u32;
    while chosen < ones && chosen < bits {
        ways = ways.saturating_mul(bits.saturating_sub(chosen) as u64);
        chosen = chosen.saturating_add(1);
        ways = match ways.checked_div(chosen as u64) {
            Some(ways) => ways,
            None => 0,
        };
        sum = sum.saturating_add(ways);
    }
    let [.., a, b, c, d] = sum.to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

/// Where the walk to `counter` leaves the walk to `last`: the bits that both have in common from the left, and the rest of
/// `counter`.
#[inline]
pub(crate) const fn split_at_fork(last: u32, counter: u32) -> (u32, u32) {
    let below = match (last ^ counter).checked_ilog2() {
        Some(position) => u32::MAX >> 31_u32.saturating_sub(position),
        None => 0,
    };
    (counter & !below, counter & below)
}

#[cfg(test)]
mod tests {
    use super::{allowed_left, next_allowed, split_at_fork};

    #[test]
    fn walks_fork_at_the_highest_bit_that_differs() {
        for (last, counter, fork) in [
            (0, 0, (0, 0)),
            (5, 5, (5, 0)),
            (0, u32::MAX, (0, u32::MAX)),
            (6, 7, (6, 1)),
            (7, 8, (0, 8)),
            (0xB, 0xC, (8, 4)),
            (0xC, 0xB, (8, 3)),
            (0xC, 0x8, (8, 0)),
        ] {
            assert_eq!(split_at_fork(last, counter), fork, "{last:X} {counter:X}");
        }
    }

    #[test]
    fn counts_what_is_left() {
        for max_one_bits in 0..=9 {
            for last in [0, 1, 0x7F, 0xA5, 0xFF, 0x1FF_u32] {
                for counter in (0..=last).step_by(if cfg!(miri) { 61 } else { 1 }) {
                    let slow =
                        (counter + 1..=last).filter(|n| n.count_ones() <= max_one_bits).count();
                    assert_eq!(
                        usize::try_from(allowed_left(counter, last, max_one_bits)),
                        Ok(slow)
                    );
                }
            }
        }
    }

    #[test]
    fn is_the_least_allowed_number_above() {
        for max_one_bits in 0..=8 {
            for last in [0, 1, 0x7F, 0xA5, 0xFF_u32] {
                for counter in 0..=0x100 {
                    let slow = (counter + 1..=last).find(|next| next.count_ones() <= max_one_bits);
                    assert_eq!(next_allowed(counter, last, max_one_bits), slow);
                }
            }
        }
    }

    #[test]
    fn ends_with_the_numbers() {
        assert_eq!(next_allowed(u32::MAX, u32::MAX, 32), None);
        assert_eq!(next_allowed(u32::MAX - 1, u32::MAX, 32), Some(u32::MAX));
        assert_eq!(next_allowed(0xFFFF_0000, u32::MAX, 16), None);
    }
}
