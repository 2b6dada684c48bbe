//! What GET PROCESSING OPTIONS gets.

use super::answer;
use crate::{
    Error, ErrorKind, Tag, Tlv,
    element::{Afl, Aip, Element},
    tags,
};
use core::fmt;

/// The data of a response to GET PROCESSING OPTIONS, of format 1 or 2.
///
/// # Examples
/// ```
/// use emv_tlv::{apdu::ProcessingOptions, element::Aip};
///
/// let data = [0x80, 0x06, 0x1C, 0x00, 0x08, 0x01, 0x02, 0x00];
/// let options = ProcessingOptions::parse(&data)?;
/// assert!(options.aip.contains(Aip::CARDHOLDER_VERIFICATION));
/// let records = options.afl.ok_or("nothing to read")?.records();
/// assert_eq!(records.map(|record| (record.sfi, record.number)).collect::<Vec<_>>(), [(1, 1), (1, 2)]);
/// # Ok::<(), Box<dyn core::error::Error>>(())
/// ```
/// Source: EMV 4.4 Book 3, 6.5.8.4.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ProcessingOptions<'a> {
    /// Application Interchange Profile, 82.
    pub aip: Aip,
    /// Application File Locator, 94: the records to be read.
    ///
    /// It is mandatory for a contact card; a contactless card leaves it out where nothing is to be read.
    pub afl: Option<Afl<'a>>,
    object: Tlv<'a>,
}

impl<'a> ProcessingOptions<'a> {
    /// Reads the data of a response.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] at the template if the profile is missing, or at byte 0 if there are no data;
    /// [`ErrorKind::Duplicate`] at a second profile or file locator; [`ErrorKind::WrongLength`] at a profile that is not of two bytes; those of [`Afl`] at a file locator;
    /// [`ErrorKind::WrongTag`] at a template that is neither 80 nor 77; [`ErrorKind::TrailingBytes`] at an object behind it; the kinds of
    /// [`Tlvs`](crate::Tlvs).
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let object = answer::only_object(data)?;
        match object.tag() {
            tags::RESPONSE_TEMPLATE_FORMAT_1 => {
                let Some((&aip, afl)) = object.value().split_first_chunk() else {
                    return Err(Error::new(ErrorKind::WrongLength, object.value_offset()));
                };
                let afl = match afl {
                    [] => None,
                    afl => Some(Afl::from_value(afl).map_err(|error| {
                        let before = object.value_offset().saturating_add(2);
                        Error::new(error.kind(), before.saturating_add(error.offset()))
                    })?),
                };
                Ok(Self { aip: Aip::new(aip), afl, object })
            }
            tags::RESPONSE_TEMPLATE_FORMAT_2 => {
                let [aip, afl] = answer::pick(
                    object.children(),
                    [tags::APPLICATION_INTERCHANGE_PROFILE, tags::APPLICATION_FILE_LOCATOR],
                )?;
                let aip = answer::due(aip, &object)?.read()?;
                Ok(Self { aip, afl: afl.map(|afl| afl.read()).transpose()?, object })
            }
            _ => Err(Error::new(ErrorKind::WrongTag, object.offset())),
        }
    }

    /// The object that the data are: a primitive 80 or a template 77, whose children have everything else in it.
    #[must_use]
    pub const fn object(&self) -> Tlv<'a> {
        self.object
    }

    /// What it holds, each value with its tag, in either format.
    ///
    /// # Security
    /// The values are bare bytes; [`MaskedValue`](crate::MaskedValue) shows what may be shown of them.
    pub fn values(&self) -> impl Iterator<Item = (Tag, &'a [u8])> + use<'a> {
        answer::values(self.object, self.positions())
    }

    /// The values by their tags, if they stand there without: format 1.
    pub(super) fn positions(&self) -> [Option<(Tag, &'a [u8])>; 4] {
        let aip = self.object.value().get(..2);
        [
            aip.map(|aip| (tags::APPLICATION_INTERCHANGE_PROFILE, aip)),
            self.afl.map(|afl| (tags::APPLICATION_FILE_LOCATOR, afl.as_bytes())),
            None,
            None,
        ]
    }
}

impl fmt::Debug for ProcessingOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessingOptions")
            .field("aip", &self.aip)
            .field("afl", &self.afl)
            .field("object", &self.object)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use hex_literal::hex;
    use std::format;

    #[test]
    fn both_formats() {
        for data in [
            &hex!("80 06 1980 08010100")[..],
            &hex!("77 0A 8202 1980 9404 08010100"),
            &hex!("77 0E 9404 08010100 DF010100 8202 1980"),
        ] {
            let options = ProcessingOptions::parse(data).unwrap();
            assert_eq!(options.aip.to_bytes(), hex!("1980"));
            assert_eq!(options.afl.unwrap().as_bytes(), hex!("08010100"));
        }
        let only_profile = ProcessingOptions::parse(&hex!("7704 8202 1980")).unwrap().afl;
        assert_eq!(
            (only_profile, ProcessingOptions::parse(&hex!("80021980")).unwrap().afl),
            (None, None)
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        use ErrorKind::{Duplicate, InvalidValue, NotFound, WrongLength, WrongTag};
        for (data, kind, offset) in [
            (&hex!("")[..], NotFound, 0),
            (&hex!("7706 9404 08010100"), NotFound, 0),
            (&hex!("7703 820119"), WrongLength, 4),
            (&hex!("7708 82021980 82021980"), Duplicate, 6),
            (&hex!("800119"), WrongLength, 2),
            (&hex!("80051980080101"), WrongLength, 4),
            (&hex!("8006198008000100"), InvalidValue, 5),
            (&hex!("770A 82021980 940408030100"), InvalidValue, 10),
            (&hex!("7000"), WrongTag, 0),
        ] {
            let error = ProcessingOptions::parse(data).unwrap_err();
            assert_eq!(error, Error::new(kind, offset), "{data:02X?}");
        }
    }

    #[test]
    fn shows_the_profile() {
        let options = hex!("80 06 1980 08010100");
        let shown = format!("{:?}", ProcessingOptions::parse(&options).unwrap());
        assert_eq!(
            shown,
            "ProcessingOptions { aip: Aip(1980), afl: Some(Afl(08010100)), object: Tlv(80 (6 bytes)) }"
        );
    }
}
