/// Whether each byte has an odd number of one bits, in a time that depends on the length only.
pub(crate) fn has_odd_parity(key: &[u8]) -> bool {
    key.iter().fold(1, |all, byte| all & byte.count_ones()) & 1 == 1
}
