//! Third Party Data.

use core::fmt;

use super::{CountryCode, Element, layout::Items};
use crate::{Error, ErrorKind, Exposed, Tag, mask, tags};

/// The lengths that the value may have.
const LENGTHS: core::ops::RangeInclusive<usize> = 5..=32;

/// The bit of the unique identifier that is 1 where no device type follows.
const NO_DEVICE_TYPE: u8 = 0x80;

/// Third Party Data of kernel 2, 5 to 32 bytes: who else the card belongs to, and what device it is.
///
/// Country (2 bytes), unique identifier (2), device type (2, unless the identifier's first bit is 1), and what the third party
/// puts there. Under the same tag is kernel 3's [`FormFactorIndicator`](super::FormFactorIndicator), four bytes long.
///
/// # Security
/// What the third party puts there is shown only if it cannot be a card number.
///
/// # Examples
/// ```
/// use emv_tlv::element::{Element, ThirdPartyData};
///
/// let data = ThirdPartyData::from_value(&[0x08, 0x40, 0x00, 0x00, 0x30, 0x30, 0x00])?;
/// assert_eq!((data.country(), data.device_type()), (840, Some(*b"00")));
/// assert_eq!(data.to_string(), "country: 840; unique identifier: 0000; device type: 00; proprietary data: 00");
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV Contactless Book C-2, Annex A.1.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThirdPartyData<'a> {
    value: &'a [u8],
    country: u16,
    unique_identifier: [u8; 2],
    device_type: Option<[u8; 2]>,
    proprietary: &'a [u8],
}

impl<'a> ThirdPartyData<'a> {
    /// The value.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The country, as ISO 3166-1 numbers it.
    #[must_use]
    pub const fn country(&self) -> u16 {
        self.country
    }

    /// The third party's identifier, or zeros.
    #[must_use]
    pub const fn unique_identifier(&self) -> [u8; 2] {
        self.unique_identifier
    }

    /// The device type, two characters; none if the identifier's first bit says that there is none.
    #[must_use]
    pub const fn device_type(&self) -> Option<[u8; 2]> {
        self.device_type
    }

    /// What the third party puts there.
    ///
    /// # Security
    /// It is not masked.
    #[must_use]
    pub const fn proprietary(&self) -> &'a [u8] {
        self.proprietary
    }

    /// Whether a card number could be in it, even one that begins in the country and reaches over the parts.
    fn may_hold_pan(&self) -> bool {
        // A country's digits and a short identifier pass the check by chance, and hold no number of 15 digits.
        let behind_country = self.value.get(2..).unwrap_or_default();
        mask::holds_pan(behind_country) || self.value.len() >= 8 && mask::holds_pan(self.value)
    }

    fn explain(&self, exposed: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut items = Items::new(f);
        items.span(1, 2, format_args!("country: {:03}", self.country))?;
        let last = u8::try_from(self.value.len()).unwrap_or(u8::MAX);
        if !exposed && self.may_hold_pan() {
            let hidden = self.value.len().saturating_sub(2);
            return items.span(3, last, format_args!("({hidden} bytes)"));
        }
        let [first, second] = self.unique_identifier;
        items.span(3, 4, format_args!("unique identifier: {first:02X}{second:02X}"))?;
        let mut at = 5u8;
        if let Some(device) = self.device_type {
            items.span(5, 6, format_args!("device type: {}", device.escape_ascii()))?;
            at = 7;
        }
        if self.proprietary.is_empty() {
            return Ok(());
        }
        items.span(at, last, format_args!("proprietary data: {}", Hex(self.proprietary)))
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        mask::hex(self.0, f)
    }
}

impl<'a> Element<'a> for ThirdPartyData<'a> {
    const TAGS: &'static [Tag] = &[tags::FORM_FACTOR_INDICATOR];

    /// Besides the errors of every element: [`ErrorKind::InvalidDigit`] at the byte of the country that is not of digits, or at the
    /// first if it has a digit before the three.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        let wrong_length = Error::new(ErrorKind::WrongLength, 0);
        if !LENGTHS.contains(&value.len()) {
            return Err(wrong_length);
        }
        let (&country, rest) = value.split_first_chunk::<2>().ok_or(wrong_length)?;
        let (&unique_identifier, rest) = rest.split_first_chunk::<2>().ok_or(wrong_length)?;
        let [first, _] = unique_identifier;
        let (device_type, proprietary) = if first & NO_DEVICE_TYPE == 0 {
            let (&device, rest) = rest.split_first_chunk::<2>().ok_or(wrong_length)?;
            (Some(device), rest)
        } else {
            (None, rest)
        };
        let country = CountryCode::from_value(&country)?.number();
        Ok(Self { value, country, unique_identifier, device_type, proprietary })
    }
}

impl fmt::Display for ThirdPartyData<'_> {
    /// Says what the parts are; with `{:#}` one a line, each with its bytes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.explain(false, f)
    }
}

impl fmt::Debug for ThirdPartyData<'_> {
    /// Shows the bytes, or how many they are if they could hold a card number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ThirdPartyData(")?;
        if self.may_hold_pan() {
            mask::length(self.value, f)?;
        } else {
            mask::hex(self.value, f)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Exposed<'_, ThirdPartyData<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.explain(true, f)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    fn read(value: &[u8]) -> Result<ThirdPartyData<'_>, (ErrorKind, u32)> {
        ThirdPartyData::from_value(value).map_err(|error| (error.kind(), error.offset()))
    }

    #[test]
    fn the_identifier_says_whether_a_device_type_follows() {
        // The first two are published captures.
        for (value, expect) in [
            (
                &hex!("08260000303000")[..],
                "country: 826; unique identifier: 0000; device type: 00; proprietary data: 00",
            ),
            (
                &hex!("08400000313400"),
                "country: 840; unique identifier: 0000; device type: 14; proprietary data: 00",
            ),
            (&hex!("0056 8001 AB"), "country: 056; unique identifier: 8001; proprietary data: AB"),
            (&hex!("0056 0001 0A41"), "country: 056; unique identifier: 0001; device type: \\nA"),
        ] {
            let data = read(value).unwrap();
            assert_eq!((data.as_bytes(), data.to_string().as_str()), (value, expect));
        }
        // Its digits pass the check of a card number's.
        let value = hex!("08260000303000");
        assert_eq!(format!("{:?}", read(&value).unwrap()), "ThirdPartyData(08260000303000)");
        assert_eq!(
            format!("{:#}", read(&hex!("08400000313400")).unwrap()),
            "bytes 1-2: country: 840\nbytes 3-4: unique identifier: 0000\nbytes 5-6: device type: 14\n\
             byte 7: proprietary data: 00"
        );
    }

    #[test]
    fn wrong_lengths_and_digits_are_refused() {
        for (value, expect) in [
            (&[0; 4][..], (ErrorKind::WrongLength, 0)),
            (&[0; 33], (ErrorKind::WrongLength, 0)),
            (&[0; 5], (ErrorKind::WrongLength, 0)),
            (&hex!("0A40 8000 00"), (ErrorKind::InvalidDigit, 0)),
            (&hex!("084F 8000 00"), (ErrorKind::InvalidDigit, 1)),
            (&hex!("2041 1111 1111 1111 1111"), (ErrorKind::InvalidDigit, 0)),
        ] {
            assert_eq!(read(value), Err(expect), "{value:02X?}");
        }
        assert!(read(&hex!("0840 8000 00")).is_ok() && read(&[0; 6]).is_ok());
    }

    #[test]
    fn what_could_be_a_card_number_is_hidden() {
        for value in [
            &hex!("0840 8000 4111111111111111")[..],
            &hex!("0840 8041 11111111111111"),
            &hex!("0411 1111 1111 1111 111F"),
            &hex!("0840 0000 3134 34313131313131313131313131313131"),
        ] {
            let data = read(value).unwrap();
            let hidden =
                format!("country: {:03}; ({} bytes)", data.country, data.as_bytes()[2..].len());
            assert_eq!(data.to_string(), hidden);
            assert_eq!(format!("{data:?}"), format!("ThirdPartyData(({} bytes))", value.len()));
            assert!(!Exposed(&data).to_string().ends_with(')'), "{}", Exposed(&data));
        }
    }
}
