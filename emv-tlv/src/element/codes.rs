//! Codes that have a meaning each, of two kinds.
//!
//! An open enumeration has a variant for the codes without a meaning here: where payment systems and issuers have codes of their
//! own, or programs exchange codes by their labels, those must come through too. A closed one has the codes of the tables
//! alone: the element itself keeps the bits, reading a reserved code gives none, and none can be written by mistake, nor one
//! that does not fit its bits.

use core::fmt;

/// Makes an open enumeration of codes: a variant for each, its label for programs, its words for people.
macro_rules! open_codes {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($variant:ident = $code:literal, $label:literal, $words:literal;)+
            $(#[$other_doc:meta])*
            Other: $other:path;
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(
                #[doc = concat!("`", stringify!($code), "`: ", $words, ".")]
                $variant,
            )+
            $(#[$other_doc])*
            Other(u8),
        }

        impl $name {
            /// What a code stands for.
            #[must_use]
            pub const fn from_code(code: u8) -> Self {
                match code {
                    $($code => Self::$variant,)+
                    _ => Self::Other(code),
                }
            }

            /// The code.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other(code) => code,
                }
            }

            /// The code's label, as programs exchange it: `rfu` if it has none.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $label,)+
                    Self::Other(_) => "rfu",
                }
            }
        }

        impl core::fmt::Display for $name {
            /// Says in words what the code stands for.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                match *self {
                    $(Self::$variant => f.pad($words),)+
                    Self::Other(code) => write!(f, "{} {code:02X}", $other(code)),
                }
            }
        }

        impl core::fmt::Debug for $name {
            /// Shows the code; the words are for `Display` alone.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({:02X})"), self.code())
            }
        }
    };
}

/// Makes a closed enumeration of codes: a variant for each, and the words for them; of a reserved code there is no value.
macro_rules! closed_codes {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($code:literal $variant:ident $text:literal;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum $name {
            $(
                #[doc = concat!("Code ", $code, ": ", $text, ".")]
                $variant = $code,
            )+
        }

        impl $name {
            pub(crate) const TEXTS: &'static [(u8, &'static str)] = &[$(($code, $text)),+];

            /// What a code stands for; none if it is reserved.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code {
                    $($code => Some(Self::$variant),)+
                    _ => None,
                }
            }

            /// The code, moved down to the lowest bits.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }
        }

        impl core::fmt::Display for $name {
            /// Says in words what the code stands for.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(match self {
                    $(Self::$variant => $text,)+
                })
            }
        }

        impl core::fmt::Debug for $name {
            /// Shows the code; the words are for `Display` alone.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, concat!(stringify!($name), "({:02X})"), self.code())
            }
        }
    };
}

pub(crate) use {closed_codes, open_codes};

/// What a code is that nobody has given a meaning.
pub(crate) const fn reserved(_code: u8) -> &'static str {
    "reserved"
}

/// What stands before each fact but the first: a separator on one line, or with `{:#}` a new line.
pub(crate) fn separate(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.write_str(if f.alternate() { "\n" } else { "; " })
}

/// Shows a value in hexadecimal under the name of its type.
pub(crate) fn debug(name: &str, value: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{name}(")?;
    crate::mask::hex(value, f)?;
    f.write_str(")")
}

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::element::{CvmResult, Operator};
    use std::{format, string::ToString};

    #[test]
    fn every_code_comes_back() {
        for code in 0..=0xFF {
            assert_eq!(CvmResult::from_code(code).code(), code);
        }
        assert_eq!(CvmResult::from_code(1), CvmResult::Failed);
        assert_eq!(CvmResult::from_code(3), CvmResult::Other(3));
    }

    #[test]
    fn labels_are_for_programs_and_words_for_people() {
        let (known, other) = (CvmResult::Failed, CvmResult::Other(0x12));
        assert_eq!((known.as_str(), other.as_str()), ("failed", "rfu"));
        assert_eq!((known.to_string(), other.to_string()), ("failed".into(), "reserved 12".into()));
        assert_eq!(format!("{known:?} {other:?}"), "CvmResult(01) CvmResult(12)");
        assert_eq!(format!("{known:>8}|{known:<8}|"), "  failed|failed  |");
    }

    #[test]
    fn a_closed_enumeration_has_the_codes_of_its_table_alone() {
        let known = (0..=0xFF).filter_map(Operator::from_code).map(Operator::code);
        assert!(known.eq(1..=3));
        let merchant = Operator::Merchant;
        assert_eq!(format!("{merchant:?} {merchant:>9}"), "Operator(02)  merchant");
    }
}
