//! Values of one character: those of the standard by name, others by their character.

macro_rules! characters {
    (
        $(#[doc = $doc:literal])+
        $name:ident, $proprietary:literal;
        $($code:literal $value:ident $text:literal, $what:literal;)+
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $what] $value,)+
            #[doc = $proprietary]
            Proprietary(u8),
        }

        impl $name {
            /// Every value of the standard.
            pub const STANDARD: &'static [Self] = &[$(Self::$value,)+];

            /// The character.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self {
                    $(Self::$value => $code,)+
                    Self::Proprietary(code) => code,
                }
            }

            /// The value that has this character; none if it is neither 0-9 nor A-Z.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                Some(match code {
                    $($code => Self::$value,)+
                    b'0'..=b'9' | b'A'..=b'Z' => Self::Proprietary(code),
                    _ => return None,
                })
            }

            /// What the standard calls it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $text,)+
                    Self::Proprietary(_) => "proprietary",
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Write::write_char(f, char::from(self.code()))
            }
        }
    };
}
pub(super) use characters;

#[cfg(test)]
mod tests {
    extern crate std;
    use crate::{Algorithm, Exportability, ModeOfUse};
    use std::string::ToString;

    macro_rules! read_back {
        ($($test:ident $name:ident;)+) => {$(
            #[test]
            fn $test() {
                for &value in $name::STANDARD {
                    assert_eq!($name::from_code(value.code()), Some(value));
                    assert_eq!(value.to_string().as_bytes(), [value.code()]);
                    assert_ne!(value.name(), "proprietary");
                }
                assert_eq!($name::from_code(b'7'), Some($name::Proprietary(b'7')));
                for bad in [b'?', b'a', b' ', 0, 0xFF] {
                    assert_eq!($name::from_code(bad), None);
                }
            }
        )+};
    }

    read_back! {
        algorithms_read_back Algorithm;
        modes_read_back ModeOfUse;
        exportabilities_read_back Exportability;
    }
}
