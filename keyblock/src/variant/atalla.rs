use crate::Error;

/// Turns a TDES key into its Atalla variant 0 to 31, in place: the first byte of each part of 8 bytes is changed.
///
/// Variant 0 is the key itself. The same call turns the variant back into the key.
///
/// # Errors
/// [`Error::KeyLength`]: the key has not 8, 16 or 24 bytes.
/// [`Error::Variant`]: the number is over 31.
/// After an error the key is as it was.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), keyblock::Error> {
/// let mut key = [0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF];
/// keyblock::variant::apply_atalla(&mut key, 2)?;
/// assert_eq!(key, [0x11, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF]);
/// # Ok(()) }
/// ```
///
/// Source: documentation of psec 1.3 (`apply_key_variant`); no text of the vendor's is cited.
pub fn apply_atalla(key: &mut [u8], variant: u8) -> Result<(), Error> {
    if variant > 31 {
        return Err(Error::Variant);
    }
    if !matches!(key.len(), 8 | 16 | 24) {
        return Err(Error::KeyLength);
    }
    let (parts, _) = key.as_chunks_mut::<8>();
    for [first, ..] in parts {
        *first ^= variant << 3;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_undone_and_differ() {
        for len in 0..=32 {
            for variant in 0..=u8::MAX {
                let mut key = [0xA5; 32];
                let done = apply_atalla(&mut key[..len], variant);
                if variant > 31 {
                    assert_eq!((done, key), (Err(Error::Variant), [0xA5; 32]));
                } else if !matches!(len, 8 | 16 | 24) {
                    assert_eq!((done, key), (Err(Error::KeyLength), [0xA5; 32]));
                } else {
                    let changed = key.iter().filter(|&&byte| byte != 0xA5).count();
                    assert_eq!(changed, if variant == 0 { 0 } else { len / 8 });
                    apply_atalla(&mut key[..len], variant).unwrap();
                    assert_eq!(key, [0xA5; 32]);
                }
            }
        }
    }
}
