use super::checksum::Checksum;

/// A record's length in bytes.
pub const RECORD_LEN: usize = 16;

/// What the checksum covers before the record itself.
const LOG: [u8; 3] = [b'D', b'K', 1];

/// What stands in a record that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) id: [u8; 8],
    pub(super) counter: u32,
}

/// What the checksum of each of a terminal's records begins with.
#[inline]
pub(super) fn begin(algorithm: u8, id: [u8; 8]) -> Checksum {
    Checksum::new().chain_public(&LOG).chain_public(&[algorithm]).chain_public(&id)
}

#[inline]
pub(super) fn encode(begin: Checksum, id: [u8; 8], counter: u32) -> [u8; RECORD_LEN] {
    let check = u32::from_be_bytes(begin.chain_public(&counter.to_be_bytes()).to_bytes());
    let end = u64::from(counter) << 32 | u64::from(check);
    (u128::from(u64::from_be_bytes(id)) << 64 | u128::from(end)).to_be_bytes()
}

/// None: it was cut short, or is no record of this algorithm.
pub(super) fn decode(algorithm: u8, bytes: &[u8]) -> Option<Record> {
    let (id, rest) = bytes.split_first_chunk()?;
    let (counter, check) = rest.split_first_chunk()?;
    (begin(algorithm, *id).chain_public(counter).to_bytes() == *check)
        .then_some(Record { id: *id, counter: u32::from_be_bytes(*counter) })
}

/// The record of this id that one changed bit made unreadable, as memory does that ages.
///
/// What was cut short cannot well be taken for one: its first bytes would be right, and its checksum too but for a bit.
pub(super) fn mend(algorithm: u8, id: [u8; 8], bytes: &[u8]) -> Option<Record> {
    let bytes = u128::from_be_bytes(bytes.try_into().ok()?);
    (0..u128::BITS)
        .filter_map(|bit| decode(algorithm, &(bytes ^ 1 << bit).to_be_bytes()))
        .find(|record| record.id == id)
}

#[cfg(test)]
mod tests {
    use super::{Record, begin, decode, mend};
    use hex_literal::hex;

    const ID: [u8; 8] = hex!("FFFF9876543210E0");

    fn encode(algorithm: u8, id: [u8; 8], counter: u32) -> [u8; 16] {
        super::encode(begin(algorithm, id), id, counter)
    }

    #[test]
    fn a_record_is_what_its_documentation_says() {
        // The checksum by Python's zlib.crc32.
        assert_eq!(encode(1, ID, 0x1F_F800), hex!("FFFF9876543210E0 001FF800 3108872E"));
    }

    #[test]
    fn it_comes_back_and_no_changed_bit_does() {
        let record = encode(2, ID, 0x0102_0304);
        assert_eq!(decode(2, &record), Some(Record { id: ID, counter: 0x0102_0304 }));
        assert_eq!(decode(3, &record), None);
        for bit in (0..128).step_by(if cfg!(miri) { 9 } else { 1 }) {
            let mut changed = record;
            changed[bit / 8] ^= 0x80 >> (bit % 8);
            assert_eq!(decode(2, &changed), None, "bit {bit}");
            let mended = mend(2, ID, &changed);
            assert_eq!(mended, Some(Record { id: ID, counter: 0x0102_0304 }), "bit {bit}");
            assert_eq!(mend(2, [7; 8], &changed), None, "bit {bit}");
            changed[(bit / 8 + 5) % 16] ^= 1;
            assert_eq!(mend(2, ID, &changed), None, "bit {bit}");
        }
    }

    #[test]
    fn a_torn_record_is_none() {
        for algorithm in 1..=4 {
            let record = encode(algorithm, ID, 0x10_0000);
            for len in (0..16).step_by(if cfg!(miri) { 5 } else { 1 }) {
                assert_eq!(decode(algorithm, &record[..len]), None);
                for rest in [0x00, 0xFF] {
                    let mut torn = [rest; 16];
                    torn[..len].copy_from_slice(&record[..len]);
                    let whole = torn == record;
                    assert_eq!(decode(algorithm, &torn).is_some(), whole, "{len} {rest:02X}");
                    let mended = mend(algorithm, ID, &torn).map(|record| record.counter);
                    assert!(matches!(mended, None | Some(0x10_0000)), "{len} {rest:02X}");
                }
            }
            let longer: [u8; 17] = core::array::from_fn(|at| record.get(at).copied().unwrap_or(0));
            assert_eq!(decode(algorithm, &longer), None);
        }
    }
}
