//! Numbers of decimal digits, two a byte: the books' format n.

use crate::{Error, ErrorKind};

/// The number in a value of format n of exactly so many bytes, at most 9.
pub(crate) fn number<const N: usize>(value: &[u8]) -> Result<u64, Error> {
    let value: &[u8; N] = value.try_into().map_err(|_| Error::new(ErrorKind::WrongLength, 0))?;
    digits(value).map_err(|at| Error::at(ErrorKind::InvalidDigit, at))
}

/// The number that digits are, of at most 9 bytes, which a u64 holds; or the place of a byte that is not of digits.
pub(crate) fn digits(value: &[u8]) -> Result<u64, usize> {
    value.iter().enumerate().try_fold(0u64, |number, (at, &byte)| {
        let pair = pair(byte).ok_or(at)?;
        Ok(number.wrapping_mul(100).wrapping_add(u64::from(pair)))
    })
}

/// The two digits of a byte as a number.
pub(crate) const fn pair(byte: u8) -> Option<u8> {
    match (byte >> 4, byte & 0x0F) {
        (tens @ 0..=9, ones @ 0..=9) => Some(tens.wrapping_mul(10).wrapping_add(ones)),
        _ => None,
    }
}

/// A number in format n, its highest digits cut.
pub(crate) fn pack<const N: usize>(mut number: u64) -> [u8; N] {
    let mut bytes = [0; N];
    for byte in bytes.iter_mut().rev() {
        // Below 100 each.
        let (tens, ones) = (number / 10 % 10, number % 10);
        *byte = u8::try_from(tens << 4 | ones).unwrap_or_default();
        number /= 100;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for value in [[0x00, 0x00, 0x00], [0x12, 0x34, 0x56], [0x99, 0x99, 0x99]] {
            assert_eq!(pack(number::<3>(&value).unwrap()), value);
        }
        assert_eq!(pack(1_234_567), [0x23, 0x45, 0x67]);
        let digit = |at| Err(Error::new(ErrorKind::InvalidDigit, at));
        assert_eq!(number::<3>(&[0x12, 0x3A, 0xFF]), digit(1));
        assert_eq!(number::<3>(&[0x12, 0x30, 0xA0]), digit(2));
        assert_eq!(number::<3>(&[0x12; 2]), Err(Error::new(ErrorKind::WrongLength, 0)));
    }
}
