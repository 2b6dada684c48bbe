use core::fmt;

use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::{Error, Pin, digits};

/// Which PINs are too weak to be given out or chosen; what is not named is allowed.
///
/// [`Default`] excludes those of one digit repeated and those that count up or down; [`ALL`](PinPolicy::ALL) excludes
/// nothing.
///
/// # Security
/// Takes no branch on a digit: only the verdict shows.
///
/// # Examples
/// ```
/// use pinblock::{Error, Pin, PinPolicy};
///
/// # fn main() -> Result<(), Error> {
/// let policy = PinPolicy::default().exclude_listed(&["2580", "1004"])?;
/// policy.check(&Pin::from_ascii(b"4771")?)?;
/// for weak in ["0000", "1234", "7890", "3210", "2580"] {
///     assert_eq!(policy.check(&weak.parse()?), Err(Error::PinWeak));
/// }
/// # Ok(())
/// # }
/// ```
/// Source: IBM Common Cryptographic Architecture, DK PIN methods (the weak PIN table).
#[derive(Clone, Copy)]
pub struct PinPolicy<'a> {
    all_equal: bool,
    ascending: bool,
    descending: bool,
    listed: &'a [&'a str],
}

impl<'a> PinPolicy<'a> {
    /// Every PIN is allowed.
    pub const ALL: Self =
        Self { all_equal: false, ascending: false, descending: false, listed: &[] };

    /// Excludes PINs of one digit repeated, such as 7777.
    #[must_use]
    pub const fn exclude_all_equal(self) -> Self {
        Self { all_equal: true, ..self }
    }

    /// Excludes PINs whose every digit is one above the digit before it, 0 after 9: 1234, but 7890 and 8901 too.
    ///
    /// Past 9 comes 0 because it does so on a keypad.
    #[must_use]
    pub const fn exclude_ascending(self) -> Self {
        Self { ascending: true, ..self }
    }

    /// Excludes PINs whose every digit is one below the digit before it, 9 after 0: 4321, but 0987 and 1098 too.
    #[must_use]
    pub const fn exclude_descending(self) -> Self {
        Self { descending: true, ..self }
    }

    /// Excludes these PINs, written as digits; they take the place of an earlier list.
    ///
    /// # Errors
    /// [`Error::PinLength`] or [`Error::PinNotDecimal`] if an entry is no PIN.
    pub fn exclude_listed(self, listed: &'a [&'a str]) -> Result<Self, Error> {
        listed.iter().try_for_each(|entry| entry.parse::<Pin>().map(|_| ()))?;
        Ok(Self { listed, ..self })
    }

    /// Checks a PIN, such as one that a customer chose.
    ///
    /// # Errors
    /// [`Error::PinWeak`] if the PIN is excluded, whatever by.
    pub fn check(&self, pin: &Pin) -> Result<(), Error> {
        if self.excludes(pin).into() { Err(Error::PinWeak) } else { Ok(()) }
    }

    fn excludes(&self, pin: &Pin) -> Choice {
        // What each digit but the last has to go up by, modulo 10, to become the next.
        let pairs = digits::places(pin.length().wrapping_sub(1));
        let next = Zeroizing::new((pin.packed() << 4) & pairs);
        let steps = Zeroizing::new(digits::subtract(*next, pin.packed() & pairs));
        let mut excluded = Choice::from(0);
        for (wanted, step) in [(self.all_equal, 0), (self.ascending, 1), (self.descending, 9)] {
            let every = steps.ct_eq(&(digits::repeat(step) & pairs));
            excluded |= every & Choice::from(u8::from(wanted));
        }
        for entry in self.listed {
            // Each was read once before; one that cannot be read is equal to no PIN.
            if let Ok(listed) = entry.parse::<Pin>() {
                excluded |= listed.ct_eq(pin);
            }
        }
        excluded
    }
}

/// Of the list, shows how many PINs there are.
impl fmt::Debug for PinPolicy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinPolicy")
            .field("all_equal", &self.all_equal)
            .field("ascending", &self.ascending)
            .field("descending", &self.descending)
            .field("listed", &self.listed.len())
            .finish()
    }
}

impl Default for PinPolicy<'_> {
    fn default() -> Self {
        Self::ALL.exclude_all_equal().exclude_ascending().exclude_descending()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    extern crate std;
    use std::{format, string::String};

    /// By way of text, of 4 digits and of every other length.
    #[test]
    fn excludes_what_text_shows_to_be_weak() {
        let up = "0123456789".repeat(3);
        let down: String = up.chars().rev().collect();
        // Miri takes a few of them.
        let step = if cfg!(miri) { 101 } else { 1 };
        for number in (0..10_000_u64).step_by(step) {
            // Every PIN of 4 digits; longer ones of those that begin with a step twice, and of a tenth of all others.
            let [a, b, c] = [number / 1000, number / 100 % 10, number / 10 % 10];
            let steady = (2 * b + 10 - a) % 10 == c;
            let longest = if steady || number % 10 == a { 12 } else { 4 };
            for length in 4..=longest {
                // 4 digits, then by the same step as the last two of them.
                let mut pin = format!("{number:04}");
                while pin.len() < length {
                    let digit = |back: usize| u32::from(pin.as_bytes()[pin.len() - back] - b'0');
                    let next = (digit(1) * 2 + 10 - digit(2)) % 10;
                    pin.push(char::from_digit(next, 10).unwrap());
                }
                let equal = pin.chars().all(|c| pin.starts_with(c));
                let held: Pin = pin.parse().unwrap();
                let policies = [
                    (PinPolicy::ALL, false),
                    (PinPolicy::ALL.exclude_all_equal(), equal),
                    (PinPolicy::ALL.exclude_ascending(), up.contains(&pin)),
                    (PinPolicy::ALL.exclude_descending(), down.contains(&pin)),
                    (PinPolicy::default(), equal || up.contains(&pin) || down.contains(&pin)),
                ];
                for (policy, weak) in policies {
                    let wanted = if weak { Err(Error::PinWeak) } else { Ok(()) };
                    assert_eq!(policy.check(&held), wanted, "{pin} {policy:?}");
                }
            }
        }
    }

    #[test]
    fn a_list_is_checked_when_given_and_compared_with_length() {
        let policy = PinPolicy::ALL.exclude_listed(&["2580", "00000"]).unwrap();
        for (pin, weak) in [("2580", true), ("25800", false), ("00000", true), ("0000", false)] {
            assert_eq!(policy.check(&pin.parse().unwrap()).is_err(), weak, "{pin}");
        }
        let shown = format!("{policy:?}");
        assert!(shown.ends_with("listed: 2 }") && !shown.contains("2580"), "{shown}");
        let refused = |list| PinPolicy::ALL.exclude_listed(list).map(|_| ());
        assert_eq!(refused(&["2580", "258"]), Err(Error::PinLength));
        assert_eq!(refused(&["258O", "2580"]), Err(Error::PinNotDecimal));
    }
}
