//! What tells one request from another, as bytes.

/// Bytes of a key: those of its fields, a length for each, and three for the message type.
pub(super) const CAPACITY: usize = 64;

/// The values of the key fields, each after its length, so that `12` and `3` differ from `1` and `23`.
///
/// Has no `Debug`: these are bytes of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    len: u8,
    /// Zeros behind `len`.
    bytes: [u8; CAPACITY],
}

/// A key that would be longer than its [`CAPACITY`].
pub(super) struct TooLong;

impl Key {
    pub(super) const EMPTY: Self = Self { len: 0, bytes: [0; CAPACITY] };

    /// Stands where a length would for a field that is not there; no length is so large.
    const ABSENT: u8 = u8::MAX;

    /// What a message type says of the exchange: version, class, and the request's function.
    pub(super) fn of_exchange([version, class, function]: [u8; 3]) -> Self {
        let mut bytes = [0; CAPACITY];
        if let Some(first) = bytes.first_chunk_mut() {
            *first = [version, class, function];
        }
        Self { len: 3, bytes }
    }

    /// The value of the next field.
    pub(super) fn push_value(&mut self, value: &[u8]) -> Result<(), TooLong> {
        let length = u8::try_from(value.len()).map_err(|_| TooLong)?;
        self.push(&[length])?;
        self.push(value)
    }

    /// The next field is one that the message does not carry.
    pub(super) fn push_absent(&mut self) -> Result<(), TooLong> {
        self.push(&[Self::ABSENT])
    }

    #[inline]
    fn push(&mut self, bytes: &[u8]) -> Result<(), TooLong> {
        let start = usize::from(self.len);
        let end = start.saturating_add(bytes.len());
        crate::copy::copy(self.bytes.get_mut(start..end).ok_or(TooLong)?, bytes);
        // No more than CAPACITY, or the slice would not be there.
        self.len = u8::try_from(end).map_err(|_| TooLong)?;
        Ok(())
    }

    /// 32 bits in which every bit of the key and of the seed takes part.
    ///
    /// Eight bytes at a time are mixed in by exclusive or and multiplication by an odd number, which loses nothing; the
    /// high half, into which a product carries, is folded back. The constants are those of splitmix64.
    pub(super) fn hash(&self, seed: u64) -> u32 {
        const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
        let (words, _) = self.bytes.as_chunks::<8>();
        let used = usize::from(self.len).div_ceil(8);
        let start = (seed ^ u64::from(self.len)).wrapping_mul(ODD);
        let mixed = words.iter().take(used).fold(start, |hash, word| {
            let product = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(ODD);
            product ^ (product >> 32)
        });
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        #[allow(clippy::cast_possible_truncation, reason = "shifted to 32 bits")]
        let high = (mixed >> 32) as u32;
        high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(values: &[Option<&[u8]>]) -> Option<Key> {
        let mut key = Key::EMPTY;
        for value in values {
            let pushed = match value {
                Some(value) => key.push_value(value),
                None => key.push_absent(),
            };
            pushed.ok()?;
        }
        Some(key)
    }

    #[test]
    fn the_same_bytes_cut_otherwise_are_another_key() {
        let keys = [
            key(&[Some(b"12"), Some(b"3")]),
            key(&[Some(b"1"), Some(b"23")]),
            key(&[Some(b"123"), Some(b"")]),
            key(&[Some(b""), Some(b"123")]),
            key(&[Some(b"123"), None]),
            key(&[None, Some(b"123")]),
            key(&[Some(b"123")]),
            key(&[Some(b"123\0")]),
            key(&[Some(b"123"), Some(b"\0")]),
        ];
        for (at, one) in keys.iter().enumerate() {
            for (other_at, other) in keys.iter().enumerate() {
                assert!((one == other) == (at == other_at), "{at} {other_at}");
                let hashes = (one.unwrap().hash(7), other.unwrap().hash(7));
                assert!((hashes.0 == hashes.1) == (at == other_at), "{at} {other_at}");
            }
        }
    }

    #[test]
    fn a_key_has_room_for_63_bytes_and_their_length() {
        assert!(key(&[Some(&[7; 63])]).is_some());
        assert!(key(&[Some(&[7; 64])]).is_none());
        assert!(key(&[Some(&[7; 62]), None]).is_some());
        assert!(key(&[Some(&[7; 62]), Some(&[7])]).is_none());
        assert!(key(&[Some(&[7; 63]), None]).is_none());
        assert!(key(&[Some(&[7; 70_000])]).is_none());
    }

    #[test]
    fn a_bit_of_key_or_seed_changes_about_half_of_the_hash() {
        let value = *b"\x00\x00\x42TERM0001";
        let hash = |value: &[u8], seed| key(&[Some(value)]).unwrap().hash(seed);
        let first = hash(&value, 1);
        let mut changed = 0;
        for bit in 0..88 {
            let mut value = value;
            value[bit / 8] ^= 1 << (bit % 8);
            let count = (hash(&value, 1) ^ first).count_ones();
            assert!((4..=28).contains(&count), "bit {bit}: {count}");
            changed += count;
        }
        assert!((14 * 88..=18 * 88).contains(&changed), "{changed}");
        for bit in 0..64 {
            let count = (hash(&value, 1 ^ (1 << bit)) ^ first).count_ones();
            assert!((4..=28).contains(&count), "seed bit {bit}: {count}");
        }
    }
}
