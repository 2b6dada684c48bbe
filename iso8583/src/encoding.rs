//! How characters, digits and bytes stand on the wire.

use crate::Unit;
use crate::charset::Page;

/// How the bytes of a value stand for its characters.
///
/// | encoding | what stands on the wire | classes | a length counts, unless told otherwise |
/// |---|---|---|---|
/// | `Ascii` | one ASCII character a byte | all but `B` | characters |
/// | `Latin1` | one character of ISO 8859-1 a byte | all but `B` | characters |
/// | `Ebcdic037`, `Ebcdic500`, `Ebcdic1047` | one EBCDIC character a byte | all but `B` | characters |
/// | `Raw` | text in a charset of the network's own, such as GBK | `Ans`, `Any` | bytes |
/// | `Bcd` | two digits a byte | `N`, `Z`, `Xn` | digits |
/// | `ZonedAscii`, `ZonedEbcdic` | a digit a byte, the sign in the last one | `Xn` | digits |
/// | `Binary` | the bytes themselves | `B` | bytes |
/// | `Hex`, `EbcdicHex` | two hexadecimal digits a byte | `B` | bytes of the value |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Encoding {
    /// One ASCII character a byte.
    Ascii,
    /// One ISO 8859-1 character a byte.
    Latin1,
    /// One character of EBCDIC code page 037 (USA, Canada) a byte.
    Ebcdic037,
    /// One character of EBCDIC code page 500 (international) a byte.
    Ebcdic500,
    /// One character of EBCDIC code page 1047 (Latin 1, open systems) a byte.
    Ebcdic1047,
    /// Text bytes in a charset that is not looked into, such as GBK; bytes below 80 are checked as ASCII.
    Raw,
    /// Two decimal digits a byte. In class `Z` nibble D is the separator `=`; in class `Xn` the sign letter
    /// stands before the digits as one byte.
    Bcd,
    /// Zoned decimal in ASCII: a digit a byte, the last one overpunched with the sign: `{` and `A` to `I` for a
    /// credit, `}` and `J` to `R` for a debit, a plain digit for no sign, which reads as a credit.
    ZonedAscii,
    /// Zoned decimal in EBCDIC: a digit a byte, the zone of the last one being C for a credit, D for a debit, F
    /// for no sign, which reads as a credit.
    ZonedEbcdic,
    /// The bytes themselves.
    Binary,
    /// Two ASCII hexadecimal digits a byte of the value; either case is read, upper case is written.
    Hex,
    /// Two EBCDIC hexadecimal digits a byte of the value; either case is read, upper case is written.
    EbcdicHex,
}

/// How the four digits of the message type indicator are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MtiEncoding {
    /// Four ASCII digits.
    Ascii,
    /// Two bytes of packed digits.
    Bcd,
    /// Four EBCDIC digits.
    Ebcdic,
}

/// How a bitmap is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BitmapEncoding {
    /// 8 bytes a bitmap.
    Binary,
    /// 16 ASCII hexadecimal digits a bitmap; either case is read, upper case is written.
    Hex,
    /// 16 EBCDIC hexadecimal digits a bitmap; either case is read, upper case is written.
    EbcdicHex,
}

impl Encoding {
    /// What a length counts unless the field says otherwise.
    pub(crate) const fn unit(self) -> Unit {
        match self {
            Self::Ascii | Self::Latin1 | Self::Ebcdic037 | Self::Ebcdic500 | Self::Ebcdic1047 => {
                Unit::Characters
            }
            Self::Bcd | Self::ZonedAscii | Self::ZonedEbcdic => Unit::Digits,
            Self::Raw | Self::Binary | Self::Hex | Self::EbcdicHex => Unit::Bytes,
        }
    }

    /// The EBCDIC code page of a text.
    #[inline]
    pub(crate) const fn page(self) -> Option<Page> {
        match self {
            Self::Ebcdic037 => Some(Page::Cp037),
            Self::Ebcdic500 => Some(Page::Cp500),
            Self::Ebcdic1047 => Some(Page::Cp1047),
            _ => None,
        }
    }

    /// Whether a byte is a character.
    #[inline]
    pub(crate) const fn is_text(self) -> bool {
        matches!(
            self,
            Self::Ascii | Self::Latin1 | Self::Ebcdic037 | Self::Ebcdic500 | Self::Ebcdic1047
        )
    }

    /// Whether the sign shares a byte with the last digit.
    #[inline]
    pub(crate) const fn is_zoned(self) -> bool {
        matches!(self, Self::ZonedAscii | Self::ZonedEbcdic)
    }

    /// Whether two characters of hexadecimal text stand for a byte.
    #[inline]
    pub(crate) const fn is_hex_text(self) -> bool {
        matches!(self, Self::Hex | Self::EbcdicHex)
    }
}

impl MtiEncoding {
    /// Bytes on the wire.
    #[inline]
    pub(crate) const fn width(self) -> usize {
        match self {
            Self::Ascii | Self::Ebcdic => 4,
            Self::Bcd => 2,
        }
    }
}

impl BitmapEncoding {
    /// Bytes on the wire of one bitmap of 64 bits.
    #[inline]
    pub(crate) const fn width(self) -> usize {
        self.scaled(8)
    }

    /// Bytes on the wire of so many bytes of bits.
    #[inline]
    pub(crate) const fn scaled(self, bytes: usize) -> usize {
        match self {
            Self::Binary => bytes,
            Self::Hex | Self::EbcdicHex => bytes.saturating_mul(2),
        }
    }
}
