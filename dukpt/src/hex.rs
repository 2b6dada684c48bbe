use crate::Error;
use core::fmt;

/// Writes bytes that are no secret as upper-case hex.
pub(crate) fn write(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
}

/// Reads bytes that are no secret from their hex digits of either case; `length` is the error of any other number of
/// digits.
pub(crate) fn read<const N: usize>(text: &str, length: Error) -> Result<[u8; N], Error> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != N || !odd.is_empty() {
        return Err(length);
    }
    let mut bytes = [0; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Ok(bytes)
}

fn digit(character: u8) -> Result<u8, Error> {
    char::from(character)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
        .ok_or(Error::NotHex)
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::Error;

    #[test]
    fn either_case_is_read_and_nothing_else() {
        let read = |text| read::<2>(text, Error::KsnLength);
        assert_eq!(read("09aF"), Ok([0x09, 0xAF]));
        for text in ["", "0", "09a", "09af0", "09af00"] {
            assert_eq!(read(text), Err(Error::KsnLength), "{text}");
        }
        for text in ["09ag", "+9AF", "0x9A", " 9AF", "\u{663}AF", "09A\0"] {
            assert_eq!(read(text), Err(Error::NotHex), "{text}");
        }
    }
}
