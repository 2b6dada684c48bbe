//! What makes a TDES key a bad one, whoever holds it.

mod weak;

use subtle::{Choice, ConstantTimeEq};

use crate::{Error, parity};

/// Which TDES keys are taken: begin with [`STRICT`](Self::STRICT) and allow, by name, what your keys need.
///
/// | rule of `STRICT` | error | leniency |
/// |---|---|---|
/// | 16 or 24 bytes | [`Error::KeyLength`] | [`allowing_single_length`](Self::allowing_single_length): 8 as well |
/// | neighbouring parts differ, else it is a single DES key | [`Error::DegenerateKey`] | [`allowing_degenerate`](Self::allowing_degenerate) |
/// | in 24 bytes, first and third part differ, else it is a two-part key | [`Error::DegenerateKey`] | [`allowing_two_key_in_24_bytes`](Self::allowing_two_key_in_24_bytes) |
/// | no part is one of the 4 weak and 12 semi-weak DES keys | [`Error::WeakKey`] | [`allowing_weak`](Self::allowing_weak) |
/// | each byte has odd parity | [`Error::Parity`] | [`allowing_any_parity`](Self::allowing_any_parity) |
///
/// [`refusing_possibly_weak`](Self::refusing_possibly_weak) adds a rule. Parts are compared without their parity bits, which the cipher does not
/// use. Where several rules are violated, the first in this order is named.
///
/// # Security
/// Every rule and every entry of the tables is worked out for every key before the answer: time depends on the key's length alone. The
/// answer tells the rule, and so something about the key; give it to whoever brought the key.
///
/// # Examples
/// ```
/// use keyblock::{Error, TdesKeyPolicy};
///
/// let twice = [0x13; 16];
/// assert_eq!(TdesKeyPolicy::STRICT.check(&twice), Err(Error::DegenerateKey));
/// const OLD_TERMINALS: TdesKeyPolicy = TdesKeyPolicy::STRICT.allowing_degenerate();
/// assert_eq!(OLD_TERMINALS.check(&twice), Ok(()));
/// ```
///
/// Source: NIST SP 800-67 Rev. 2; ANSI X9.24-1:2017.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TdesKeyPolicy {
    single_length: bool,
    degenerate: bool,
    two_key_in_24_bytes: bool,
    weak: bool,
    any_parity: bool,
    possibly_weak: bool,
}

impl TdesKeyPolicy {
    /// Every rule but that on possibly weak keys.
    pub const STRICT: Self = Self {
        single_length: false,
        degenerate: false,
        two_key_in_24_bytes: false,
        weak: false,
        any_parity: false,
        possibly_weak: true,
    };

    /// The same, and a DES key of 8 bytes is taken.
    #[must_use]
    pub const fn allowing_single_length(self) -> Self {
        Self { single_length: true, ..self }
    }

    /// The same, and a key with equal neighbouring parts is taken, which is a single DES key in 16 or 24 bytes.
    #[must_use]
    pub const fn allowing_degenerate(self) -> Self {
        Self { degenerate: true, ..self }
    }

    /// The same, and a key of 24 bytes is taken whose third part is the first: a key of 16 bytes written longer.
    #[must_use]
    pub const fn allowing_two_key_in_24_bytes(self) -> Self {
        Self { two_key_in_24_bytes: true, ..self }
    }

    /// The same, and weak, semi-weak and possibly weak parts are taken.
    #[must_use]
    pub const fn allowing_weak(self) -> Self {
        Self { weak: true, possibly_weak: true, ..self }
    }

    /// The same, and bytes of even parity are taken.
    #[must_use]
    pub const fn allowing_any_parity(self) -> Self {
        Self { any_parity: true, ..self }
    }

    /// The same, and a part that is one of the 48 possibly weak keys, which make only four different round keys, is refused.
    #[must_use]
    pub const fn refusing_possibly_weak(self) -> Self {
        Self { possibly_weak: false, ..self }
    }

    /// Checks a key of 8, 16 or 24 bytes.
    ///
    /// # Errors
    /// [`Error::KeyLength`], [`Error::DegenerateKey`], [`Error::WeakKey`] or [`Error::Parity`]: the first rule of the table above that the key
    /// does not keep.
    pub fn check(&self, key: &[u8]) -> Result<(), Error> {
        let (parts, []) = key.as_chunks::<8>() else { return Err(Error::KeyLength) };
        let (neighbours, ends) = match parts {
            [_] if self.single_length => (Choice::from(0), Choice::from(0)),
            [first, second] => (same(first, second), Choice::from(0)),
            [first, second, third] => {
                (same(first, second) | same(second, third), same(first, third))
            }
            _ => return Err(Error::KeyLength),
        };
        let weak = any(parts, &weak::WEAK) | any(parts, &weak::SEMI_WEAK);
        let possibly_weak = any(parts, &weak::POSSIBLY_WEAK);
        let even = !parity::has_odd_parity(key);

        let degenerate = (neighbours & refused(self.degenerate))
            | (ends & !neighbours & refused(self.two_key_in_24_bytes));
        let weak = (weak & refused(self.weak)) | (possibly_weak & refused(self.possibly_weak));
        let parity = even & refused(self.any_parity);
        if degenerate.into() {
            Err(Error::DegenerateKey)
        } else if weak.into() {
            Err(Error::WeakKey)
        } else if parity.into() {
            Err(Error::Parity)
        } else {
            Ok(())
        }
    }
}

/// [`STRICT`](TdesKeyPolicy::STRICT).
impl Default for TdesKeyPolicy {
    fn default() -> Self {
        Self::STRICT
    }
}

/// What the policy says is no secret.
fn refused(allowed: bool) -> Choice {
    Choice::from(u8::from(!allowed))
}

/// The bits of a part that the cipher uses.
const fn without_parity(part: u64) -> u64 {
    part & 0xFEFE_FEFE_FEFE_FEFE
}

fn same(one: &[u8; 8], other: &[u8; 8]) -> Choice {
    let one = without_parity(u64::from_be_bytes(*one));
    one.ct_eq(&without_parity(u64::from_be_bytes(*other)))
}

/// Whether any part is in the table: every one against every entry.
fn any(parts: &[[u8; 8]], table: &[u64]) -> Choice {
    let mut found = Choice::from(0);
    for part in parts {
        let part = without_parity(u64::from_be_bytes(*part));
        for entry in table {
            found |= part.ct_eq(&without_parity(*entry));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: [u64; 3] = [0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210, 0x89AB_CDEF_0123_4567];

    fn key(parts: [u64; 3]) -> [u8; 24] {
        let mut key = [0; 24];
        for (to, part) in key.chunks_mut(8).zip(parts) {
            to.copy_from_slice(&part.to_be_bytes());
        }
        key
    }

    /// Each rule by itself, on masked bytes.
    fn slow(key: &[u8], policy: TdesKeyPolicy) -> Result<(), Error> {
        let parts: &[&[u8]] = &key.chunks(8).collect::<std::vec::Vec<_>>();
        let same = |a: &[u8], b: &[u8]| a.iter().zip(b).all(|(a, b)| a | 1 == b | 1);
        let lengths: &[usize] = if policy.single_length { &[8, 16, 24] } else { &[16, 24] };
        if !lengths.contains(&key.len()) {
            return Err(Error::KeyLength);
        }
        let neighbours = parts.windows(2).any(|pair| same(pair[0], pair[1]));
        if neighbours && !policy.degenerate {
            return Err(Error::DegenerateKey);
        }
        let ends = parts.len() == 3 && same(parts[0], parts[2]);
        if ends && !neighbours && !policy.two_key_in_24_bytes {
            return Err(Error::DegenerateKey);
        }
        let is_in = |table: &[u64]| {
            parts.iter().any(|part| table.iter().any(|entry| same(part, &entry.to_be_bytes())))
        };
        let weak = is_in(&weak::WEAK) || is_in(&weak::SEMI_WEAK);
        if weak && !policy.weak || is_in(&weak::POSSIBLY_WEAK) && !policy.possibly_weak {
            return Err(Error::WeakKey);
        }
        if !policy.any_parity && key.iter().any(|byte| byte.count_ones() % 2 == 0) {
            return Err(Error::Parity);
        }
        Ok(())
    }

    extern crate std;

    fn policies() -> impl Strategy<Value = TdesKeyPolicy> {
        any::<[bool; 6]>().prop_map(|[one, two, three, four, five, six]| TdesKeyPolicy {
            single_length: one,
            degenerate: two,
            two_key_in_24_bytes: three,
            weak: four,
            any_parity: five,
            possibly_weak: six,
        })
    }

    fn parts() -> impl Strategy<Value = u64> {
        prop_oneof![
            any::<u64>(),
            prop::sample::select(&GOOD[..]),
            prop::sample::select(&weak::WEAK[..]),
            prop::sample::select(&weak::SEMI_WEAK[..]),
            prop::sample::select(&weak::POSSIBLY_WEAK[..]),
        ]
    }

    /// Miri is slow, and has no files to note failures in.
    fn cases() -> ProptestConfig {
        if cfg!(miri) {
            ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2) }
        } else {
            ProptestConfig::default()
        }
    }

    proptest! {
        #![proptest_config(cases())]
        #[test]
        fn the_first_violated_rule_is_named(
            policy in policies(),
            one in parts(),
            two in parts(),
            three in parts(),
            equal in 0..5_u8,
            flipped in 0_u64..=u64::MAX,
            flip: bool,
            len in 0..=24_usize,
        ) {
            let parity = if flip { flipped & !without_parity(u64::MAX) } else { 0 };
            let parts = match equal {
                0 => [one, one ^ parity, three],
                1 => [one, two, two ^ parity],
                2 => [one, two, one ^ parity],
                3 => [one; 3],
                _ => [one, two, three ^ parity],
            };
            let key = key(parts);
            for key in [&key[..], &key[..16], &key[..8], &key[8..], &key[..len]] {
                prop_assert_eq!(policy.check(key), slow(key, policy));
            }
        }
    }

    fn any<T: Arbitrary>() -> impl Strategy<Value = T> {
        prop::arbitrary::any::<T>()
    }

    #[test]
    fn each_leniency_allows_what_it_says() {
        let strict = TdesKeyPolicy::STRICT;
        let [one, two, three] = GOOD;
        let bad: &[(&[u64], Error, TdesKeyPolicy)] = &[
            (&[one], Error::KeyLength, strict.allowing_single_length()),
            (&[one, one], Error::DegenerateKey, strict.allowing_degenerate()),
            (
                &[one, one ^ 0x0101, three],
                Error::DegenerateKey,
                strict.allowing_degenerate().allowing_any_parity(),
            ),
            (&[one, two, two], Error::DegenerateKey, strict.allowing_degenerate()),
            (&[one, two, one], Error::DegenerateKey, strict.allowing_two_key_in_24_bytes()),
            (&[one, 0x0101_0101_0101_0101], Error::WeakKey, strict.allowing_weak()),
            (&[one, two, 0xFEE0_FEE0_FEF1_FEF1], Error::WeakKey, strict.allowing_weak()),
            (&[one, two ^ 1], Error::Parity, strict.allowing_any_parity()),
        ];
        for &(parts, error, lenient) in bad {
            let mut bytes = [0; 24];
            bytes
                .chunks_mut(8)
                .zip(parts)
                .for_each(|(to, part)| to.copy_from_slice(&part.to_be_bytes()));
            let key = &bytes[..8 * parts.len()];
            assert_eq!(TdesKeyPolicy::default().check(key), Err(error));
            assert_eq!(lenient.check(key), Ok(()));
        }
        let possibly = key([one, two, weak::POSSIBLY_WEAK[7]]);
        assert_eq!(strict.check(&possibly), Ok(()));
        assert_eq!(strict.refusing_possibly_weak().check(&possibly), Err(Error::WeakKey));
        assert_eq!(strict.check(&key(GOOD)), Ok(()));
    }
}
