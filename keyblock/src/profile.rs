use core::fmt;
use core::hash::{Hash, Hasher};

use crate::optional::{self, ContentsCheck};

/// Which rules a block has to keep, beyond those without which it cannot be read.
///
/// Begin with an edition of the standard and take out, by name, what your peers do not keep. A refusal names the rule
/// ([`Error::Rule`](crate::Error::Rule)).
///
/// # Examples
/// ```
/// use keyblock::{Profile, Rule};
///
/// const PARTNER: Profile = Profile::X9_143.without(Rule::HiddenKeyLength);
/// assert!(!PARTNER.has(Rule::HiddenKeyLength) && PARTNER.has(Rule::NoSingleLengthKey));
/// ```
///
/// A constant profile without [`Rule::OptionalBlockContents`] does not link what reads the contents: some 3 KiB of a firmware's flash.
#[derive(Clone, Copy)]
pub struct Profile {
    rules: u16,
    /// What checks the contents; named here only, so that the linker leaves it out where no profile asks for it.
    contents: Option<ContentsCheck>,
}

impl Profile {
    /// ANSI X9.143:2021: every rule but [`OddParity`](Rule::OddParity), which the standard's own samples do not keep.
    pub const X9_143: Self =
        Self { rules: u16::MAX, contents: Some(optional::check_contents) }.without(Rule::OddParity);

    /// ASC X9 TR 31-2018: version C is still wrapped, and a key's length may show.
    pub const TR31_2018: Self =
        Self::X9_143.without(Rule::NoVersionC).without(Rule::HiddenKeyLength);

    /// payShield 10K as its users report it: a key's length shows, and KS and KP may hold text.
    pub const PAYSHIELD: Self =
        Self::X9_143.without(Rule::HiddenKeyLength).without(Rule::HexKeySet);

    /// No rule at all: for looking into blocks, not for taking keys from them.
    pub const LENIENT: Self = Self { rules: 0, contents: None };

    /// The same with this rule.
    #[must_use]
    pub const fn with(self, rule: Rule) -> Self {
        let contents = match rule {
            Rule::OptionalBlockContents => Some(optional::check_contents as ContentsCheck),
            _ => self.contents,
        };
        Self { rules: self.rules | rule.bit(), contents }
    }

    /// The same without this rule.
    #[must_use]
    pub const fn without(self, rule: Rule) -> Self {
        let contents = match rule {
            Rule::OptionalBlockContents => None,
            _ => self.contents,
        };
        Self { rules: self.rules & !rule.bit(), contents }
    }

    /// Whether this rule has to be kept.
    #[must_use]
    pub const fn has(self, rule: Rule) -> bool {
        self.rules & rule.bit() != 0
    }

    /// The check of [`Rule::OptionalBlockContents`], if it has to be kept.
    pub(crate) const fn contents(self) -> Option<ContentsCheck> {
        self.contents
    }
}

/// The same rules.
impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.rules == other.rules
    }
}

impl Eq for Profile {}

impl Hash for Profile {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.rules.hash(state);
    }
}

/// Names the rules.
impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Profile ")?;
        f.debug_set().entries(Rule::ALL.iter().filter(|&&rule| self.has(rule))).finish()
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $rule:ident: $name:literal, $text:literal;)+) => {
        /// A rule that a [`Profile`] may have.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)+];

            /// The rule's name in `snake_case`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$rule => $name,)+
                }
            }

            /// What the rule says.
            pub(crate) const fn as_text(self) -> &'static str {
                match self {
                    $(Self::$rule => $text,)+
                }
            }
        }
    };
}

rules! {
    /// No block is wrapped under version A; unwrapping still works.
    NoVersionA: "no_version_a", "version a is no longer to be wrapped, take b or d";
    /// No block is wrapped under version C; unwrapping still works.
    NoVersionC: "no_version_c", "version c is no longer to be wrapped, take b or d";
    /// The protection key is at least as strong as the key inside, as far as both are symmetric.
    StrongKbpk: "strong_kbpk", "the kbpk is weaker than the key inside";
    /// A TDES or AES key is filled up to the longest key of its algorithm, so that the block does not show how long it is.
    HiddenKeyLength: "hidden_key_length", "the length of the block shows that of the key";
    /// No DES key of 8 bytes.
    NoSingleLengthKey: "no_single_length_key", "a des key of 8 bytes is too weak";
    /// No TDES key whose neighbouring parts are the same, which makes it a single DES key.
    NoDegenerateKey: "no_degenerate_key", "the parts of the tdes key are the same";
    /// Each byte of a TDES key has odd parity.
    OddParity: "odd_parity", "a byte of the tdes key has even parity";
    /// Each optional block occurs once.
    UniqueOptionalBlocks: "unique_optional_blocks", "an optional block is repeated";
    /// The optional block PB is the last.
    PaddingLast: "padding_last", "the optional block pb is not the last";
    /// Optional blocks of the standard hold what it says.
    OptionalBlockContents: "optional_block_contents", "an optional block does not hold what the standard says";
    /// The optional blocks KS and KP hold hex digits; without it, any text.
    HexKeySet: "hex_key_set", "the optional block ks or kp holds something else than hex digits";
    /// The length of an extended length is counted in characters; without it, also in bytes.
    LengthInCharacters: "length_in_characters", "the length of an extended length is counted in bytes";
}

impl Rule {
    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_taken_out_one_by_one() {
        for &rule in Rule::ALL {
            assert!(!Profile::LENIENT.has(rule));
            assert!(Profile::LENIENT.with(rule).has(rule));
            assert_eq!(Profile::LENIENT.with(rule).without(rule), Profile::LENIENT);
            assert_eq!(Profile::X9_143.has(rule), rule != Rule::OddParity);
        }
        assert!(Profile::TR31_2018.has(Rule::NoVersionA));
        assert!(!Profile::TR31_2018.has(Rule::NoVersionC));
    }
}
