//! The second track of the stripe, as the chip has it.

use super::{
    Element,
    digits::{Digits, pack_nibbles},
    expiry::Expiry,
    pan::Pan,
    service_code::ServiceCode,
};
use crate::{Error, ErrorKind, Exposed, Tag, mask::nibbles, tags};
use core::fmt;

const LONGEST: usize = 19;
const MOST_PAN_DIGITS: usize = 19;
/// Expiration date and service code.
const FIXED: u8 = 7;
const SEPARATOR: u8 = 0xD;
/// Stands for a character that is neither a digit nor a separator.
const NONE: u8 = 0xE;
const FILLER: u8 = 0xF;

/// Track 2 Equivalent Data: up to 19 bytes, two digits a byte.
///
/// PAN of up to 19 digits, the separator D, expiration date YYMM, service code of 3 digits, discretionary data, and F behind
/// them; sentinels and check character are left out. `Display` and `Debug` show the PAN masked and nothing else; [`Exposed`]
/// shows the track as text, with `=` for the separator.
///
/// # Examples
/// ```
/// use emv_tlv::{Exposed, element::Track2, parse};
///
/// let bytes = b"\x57\x0D\x47\x61\x73\x90\x01\x01\x00\x10\xD2\x81\x22\x01\x9F";
/// let track: Track2 = parse(bytes).next().ok_or("empty")??.read()?;
/// assert_eq!(track.to_string(), "476173******0010");
/// assert_eq!(Exposed(&track.expiry()).to_string(), "2812");
/// assert_eq!(track.service_code().digits(), [2, 0, 1]);
/// assert_eq!(Exposed(&track).to_string(), "4761739001010010=28122019");
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, Annex A; ISO/IEC 7813; EMV Contactless Book C-2 for tag 9F6B.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Track2<'a> {
    value: &'a [u8],
    /// Where the separator stands, and where the digits end, in halves of a byte.
    separator: u8,
    end: u8,
}

impl<'a> Track2<'a> {
    /// Packs a track's text into the front of a buffer: digits, and `=` or `D` once, without sentinels.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidDigit`] at the character that may not be there; [`ErrorKind::WrongLength`] at byte 0 if the text ends
    /// too early or has more than 38 characters; [`ErrorKind::BufferTooSmall`] at byte 0 if it does not fit. The buffer is as
    /// it was then.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::element::Track2;
    ///
    /// let mut buffer = [0; 19];
    /// let track = Track2::from_text("4761739001010010=28122019", &mut buffer)?;
    /// assert_eq!(track.as_bytes(), b"\x47\x61\x73\x90\x01\x01\x00\x10\xD2\x81\x22\x01\x9F");
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn from_text(text: &str, buffer: &'a mut [u8]) -> Result<Self, Error> {
        let symbols = text.bytes().map(|symbol| match symbol {
            b'0'..=b'9' => symbol & 0x0F,
            b'=' | b'D' => SEPARATOR,
            _ => NONE,
        });
        Self::pack(symbols, buffer)
    }

    /// Packs a track of its parts into the front of a buffer.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are more than 37 digits; [`ErrorKind::BufferTooSmall`] at byte 0 if they do
    /// not fit. The buffer is as it was then.
    pub fn encode_into(
        pan: &Pan<'_>,
        expiry: Expiry,
        service_code: ServiceCode,
        discretionary: Digits<'_>,
        buffer: &'a mut [u8],
    ) -> Result<Self, Error> {
        let symbols = pan
            .digits()
            .iter()
            .chain([SEPARATOR])
            .chain(expiry.digits())
            .chain(service_code.digits())
            .chain(discretionary.iter());
        Self::pack(symbols, buffer)
    }

    fn pack(
        symbols: impl Iterator<Item = u8> + Clone,
        buffer: &'a mut [u8],
    ) -> Result<Self, Error> {
        if symbols.clone().count() > LONGEST.saturating_mul(2) {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        let (separator, end) = layout(symbols.clone()).map_err(|(kind, at)| Error::at(kind, at))?;
        let len = usize::from(end).div_ceil(2);
        let value = buffer.get_mut(..len).ok_or(Error::new(ErrorKind::BufferTooSmall, 0))?;
        pack_nibbles(symbols, value);
        Ok(Self { value, separator, end })
    }

    /// The track's value.
    #[must_use]
    pub const fn as_bytes(&self) -> &'a [u8] {
        self.value
    }

    /// The card number.
    #[must_use]
    pub fn pan(&self) -> Pan<'a> {
        Pan::new(Digits::packed(self.value, 0, self.separator))
    }

    /// The expiration date.
    #[must_use]
    pub fn expiry(&self) -> Expiry {
        Expiry::from_digits(self.after_separator(0).iter())
    }

    /// The service code.
    #[must_use]
    pub fn service_code(&self) -> ServiceCode {
        ServiceCode::from_digits(self.after_separator(4).iter())
    }

    /// The discretionary data: verification values and what else the issuer put there.
    #[must_use]
    pub const fn discretionary(&self) -> Digits<'a> {
        self.after_separator(FIXED)
    }

    /// The digits from so many after the separator on.
    const fn after_separator(&self, count: u8) -> Digits<'a> {
        let start = self.separator.saturating_add(1).saturating_add(count);
        Digits::packed(self.value, start, self.end)
    }
}

/// Where the separator stands and the digits end, of at most 255 symbols; or what is wrong, and at which.
fn layout(symbols: impl Iterator<Item = u8>) -> Result<(u8, u8), (ErrorKind, usize)> {
    let mut separator = None;
    let mut end = None;
    let mut count = 0u8;
    for (at, symbol) in symbols.enumerate() {
        let wrong = match (symbol, separator) {
            (0..=9, None) => at >= MOST_PAN_DIGITS,
            (0..=9, Some(_)) => end.is_some(),
            (SEPARATOR, None) => {
                separator = Some(count);
                count == 0
            }
            (FILLER, Some(separator)) => {
                end = end.or(Some(count));
                count.saturating_sub(separator) <= FIXED
            }
            _ => true,
        };
        if wrong {
            return Err((ErrorKind::InvalidDigit, at));
        }
        count = count.saturating_add(1);
    }
    let end = end.unwrap_or(count);
    match separator {
        Some(separator) if end.saturating_sub(separator) > FIXED => Ok((separator, end)),
        _ => Err((ErrorKind::WrongLength, 0)),
    }
}

impl<'a> Element<'a> for Track2<'a> {
    const TAGS: &'static [Tag] = &[tags::TRACK_2_EQUIVALENT_DATA, tags::TRACK_2_DATA];

    /// Reads a track from its value.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`] at byte 0 if there are more than 19 bytes, or the value ends before the service code does;
    /// [`ErrorKind::InvalidDigit`] at the byte with something else than what must stand there: a PAN of 1 to 19 digits, D,
    /// 7 digits and more, then F alone.
    fn from_value(value: &'a [u8]) -> Result<Self, Error> {
        if value.len() > LONGEST {
            return Err(Error::new(ErrorKind::WrongLength, 0));
        }
        let (separator, end) =
            layout(nibbles(value)).map_err(|(kind, at)| Error::at(kind, at >> 1))?;
        Ok(Self { value, separator, end })
    }
}

impl fmt::Display for Track2<'_> {
    /// Shows the PAN masked, and nothing else.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.pan(), f)
    }
}

impl fmt::Debug for Track2<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track2({self})")
    }
}

impl fmt::Display for Exposed<'_, Track2<'_>> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", Exposed(&self.0.pan()), Exposed(&self.0.after_separator(0)))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::{format, string::ToString};

    #[test]
    fn parts_are_where_they_are() {
        let value = hex!("374245455400126D24121010");
        let track = Track2::from_value(&value).unwrap();
        assert_eq!(Exposed(&track.pan()).to_string(), "374245455400126");
        assert_eq!(Exposed(&track.expiry()).to_string(), "2412");
        assert_eq!(track.service_code().digits(), [1, 0, 1]);
        assert_eq!(Exposed(&track.discretionary()).to_string(), "0");
        assert_eq!(Exposed(&track).to_string(), "374245455400126=24121010");
        assert_eq!(format!("{track} {track:?}"), "374245*****0126 Track2(374245*****0126)");
        assert_eq!(track.as_bytes(), value);
        let short = hex!("12345D2412101F");
        assert_eq!(Track2::from_value(&short).unwrap().to_string(), "(5 digits)");
    }

    #[test]
    fn what_is_no_track_is_refused_at_its_byte() {
        let (digit, length) = (ErrorKind::InvalidDigit, ErrorKind::WrongLength);
        for (value, kind, offset) in [
            (&hex!("")[..], length, 0),
            (&hex!("4761"), length, 0),
            (&hex!("4761739001010010D20122"), length, 0),
            (&hex!("4761739001010010D201220F"), digit, 11),
            (&hex!("D2012201"), digit, 0),
            (&hex!("47617390010100101111D2012201"), digit, 9),
            (&hex!("4761739001010010E2012201"), digit, 8),
            (&hex!("4761F2012201"), digit, 2),
            (&hex!("4761D2D12201"), digit, 3),
            (&hex!("4761D201A201"), digit, 4),
            (&hex!("4761D2012201FF1F"), digit, 7),
            (&hex!("4761D2012201000000000000000000000000000F"), length, 0),
        ] {
            assert_eq!(Track2::from_value(value), Err(Error::new(kind, offset)), "{value:02X?}");
        }
        let longest = hex!("1234567890123456789D201220112345678901FF");
        assert!(Track2::from_value(&longest[..19]).is_ok());
        assert_eq!(Track2::from_value(&longest), Err(Error::new(length, 0)));
    }

    #[test]
    fn text_is_packed() {
        let mut buffer = [0xEE; 20];
        for (text, expect) in [
            ("4761739001010010=20122010123456789", &hex!("4761739001010010D20122010123456789")[..]),
            ("4761739001010010D2012201", &hex!("4761739001010010D2012201")),
            ("374245455400126=2412101", &hex!("374245455400126D2412101F")),
        ] {
            assert_eq!(Track2::from_text(text, &mut buffer).unwrap().as_bytes(), expect);
        }
        let mut buffer = [0xEE; 12];
        for (text, kind, offset) in [
            (";4761739001010010=2012201?", ErrorKind::InvalidDigit, 0),
            ("4761739001010010=2012201=", ErrorKind::InvalidDigit, 24),
            ("374245455400126=2412101F", ErrorKind::InvalidDigit, 23),
            ("4761739001010010=201220", ErrorKind::WrongLength, 0),
            ("4761739001010010=201220112345678901234", ErrorKind::BufferTooSmall, 0),
            ("4761739001010010=2012201123456789012345", ErrorKind::WrongLength, 0),
        ] {
            let error = Track2::from_text(text, &mut buffer).unwrap_err();
            assert_eq!((error.kind(), error.offset()), (kind, offset), "{text}");
            assert_eq!(buffer, [0xEE; 12]);
        }
    }

    #[test]
    fn is_built_of_its_parts() {
        let value = hex!("4761739001010010D20122010123456789");
        let track = Track2::from_value(&value).unwrap();
        let mut buffer = [0; 19];
        let again = Track2::encode_into(
            &track.pan(),
            track.expiry(),
            track.service_code(),
            track.discretionary(),
            &mut buffer,
        );
        assert_eq!(again, Ok(track));
    }
}
