//! Elements of bits, made from their tables.

/// Makes an element of bits: a type of so many bytes, and the words for it.
///
/// First come its flags: byte, bit, constant, text. Then its codes of several bits: byte, mask, how it is read and put in, the
/// type made by `closed_codes`, name. Then its numbers, some of which have a value that stands for none.
macro_rules! flags {
    (
        $(#[$doc:meta])*
        pub struct $name:ident([u8; $size:literal]) of [$($tag:tt),+ $(,)?];
        $($byte:literal $bit:literal $flag:ident $text:literal;)*
        $(code $at:literal $mask:literal $code:ident, $put:ident: $codes:ident $what:literal;)*
        $(number $n_at:literal $n_mask:literal $number:ident, $n_put:ident $n_what:literal $(none $none:literal)?;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name([u8; $size]);

        impl $name {
            $(
                #[doc = concat!("Byte ", $byte, ", bit ", $bit, ": ", $text, ".")]
                pub const $flag: Self = Self({
                    let mut bytes = [0; $size];
                    bytes[$byte - 1] = $crate::element::layout::mask($bit);
                    bytes
                });
            )*

            /// Every flag by its constant's name, in the order of their places.
            pub const FLAGS: &'static [(&'static str, Self)] = &[$((stringify!($flag), Self::$flag)),*];

            const ROWS: &'static [$crate::element::layout::Row] = &[
                $($crate::element::layout::Row::flag($byte, $bit, $text),)*
                $($crate::element::layout::Row::codes($at, $mask, $what, $codes::TEXTS),)*
                $(
                    $($crate::element::layout::Row::code($n_at, $n_mask, $none, concat!($n_what, ": not applicable")),)?
                    $crate::element::layout::Row::number($n_at, $n_mask, $n_what),
                )*
            ];

            #[doc = concat!("The element whose value is these ", $size, " bytes, reserved bits as they are.")]
            #[must_use]
            pub const fn new(value: [u8; $size]) -> Self {
                Self(value)
            }

            /// The value.
            #[must_use]
            pub const fn to_bytes(self) -> [u8; $size] {
                self.0
            }

            $(
                #[doc = concat!("Byte ", $at, ": ", $what, "; none for a code that is reserved.")]
                #[must_use]
                pub const fn $code(self) -> Option<$codes> {
                    $codes::from_code($crate::element::layout::part(self.0[$at - 1], $mask))
                }

                #[doc = concat!("The same with another ", $what, ".")]
                #[must_use]
                pub const fn $put(mut self, code: $codes) -> Self {
                    self.0[$at - 1] = $crate::element::layout::with_part(self.0[$at - 1], $mask, code.code());
                    self
                }
            )*

            $(
                #[doc = concat!("Byte ", $n_at, ": ", $n_what, $("; ", $none, " if not applicable",)? ".")]
                #[must_use]
                pub const fn $number(self) -> u8 {
                    $crate::element::layout::part(self.0[$n_at - 1], $n_mask)
                }

                #[doc = concat!("The same with another ", $n_what, ", of which bits that do not fit are left out.")]
                #[must_use]
                pub const fn $n_put(mut self, number: u8) -> Self {
                    self.0[$n_at - 1] = $crate::element::layout::with_part(self.0[$n_at - 1], $n_mask, number);
                    self
                }
            )*

            /// Whether every bit that is 1 in the other is 1 here.
            #[must_use]
            pub fn contains(self, other: Self) -> bool {
                self & other == other
            }

            /// Whether a bit is 1 in both.
            #[must_use]
            pub fn intersects(self, other: Self) -> bool {
                self & other != Self::default()
            }

            /// Whether no bit is 1.
            #[must_use]
            pub fn is_empty(self) -> bool {
                self == Self::default()
            }

            /// The bits that are 1, by their places.
            #[must_use]
            pub const fn bits(&self) -> $crate::element::Bits<'_> {
                $crate::element::Bits::new(&self.0)
            }
        }

        impl<'a> $crate::element::Element<'a> for $name {
            const TAGS: &'static [$crate::Tag] = &[$($crate::element::layout::tag!($tag)),+];

            fn from_value(value: &'a [u8]) -> Result<Self, $crate::Error> {
                match value.try_into() {
                    Ok(bytes) => Ok(Self(bytes)),
                    Err(_) => Err($crate::Error::new($crate::ErrorKind::WrongLength, 0)),
                }
            }
        }

        impl core::ops::BitOr for $name {
            type Output = Self;

            fn bitor(mut self, other: Self) -> Self {
                self |= other;
                self
            }
        }

        impl core::ops::BitOrAssign for $name {
            fn bitor_assign(&mut self, other: Self) {
                self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to |= from);
            }
        }

        impl core::ops::BitAnd for $name {
            type Output = Self;

            fn bitand(mut self, other: Self) -> Self {
                self &= other;
                self
            }
        }

        impl core::ops::BitAndAssign for $name {
            fn bitand_assign(&mut self, other: Self) {
                self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to &= from);
            }
        }

        impl core::ops::Sub for $name {
            type Output = Self;

            /// What is left without the other's bits.
            fn sub(mut self, other: Self) -> Self {
                core::ops::SubAssign::sub_assign(&mut self, other);
                self
            }
        }

        impl core::ops::SubAssign for $name {
            /// Makes the other's bits 0.
            fn sub_assign(&mut self, other: Self) {
                self.0.iter_mut().zip(other.0).for_each(|(to, from)| *to &= !from);
            }
        }

        impl core::fmt::Display for $name {
            /// Says in words what holds; with `{:#}` one a line, each with its byte and bit.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let explained = $crate::element::layout::Explained { value: &self.0, rows: Self::ROWS };
                core::fmt::Display::fmt(&explained, f)
            }
        }

        impl core::fmt::Debug for $name {
            /// Shows the bytes; the words are for `Display` alone.
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                $crate::mask::hex(&self.0, f)?;
                f.write_str(")")
            }
        }
    };
}

/// A tag of an element: its constant, or its number where there is none.
macro_rules! tag {
    ($raw:literal) => {
        $crate::Tag($raw)
    };
    ($constant:ident) => {
        $crate::tags::$constant
    };
}

pub(crate) use {flags, tag};
