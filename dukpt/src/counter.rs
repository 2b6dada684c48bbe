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

#[cfg(test)]
mod tests {
    use super::next_allowed;

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
