//! What COMPUTE CRYPTOGRAPHIC CHECKSUM gets.

use super::answer;
use crate::{Error, Tag, Tlv, tags};
use core::fmt;

/// POS Cardholder Interaction Information.
const CARDHOLDER_INTERACTION: Tag = tags::POS_CARDHOLDER_INTERACTION_INFORMATION;

/// The data of a response to COMPUTE CRYPTOGRAPHIC CHECKSUM: what goes into the tracks of a magnetic stripe.
///
/// `Debug` shows the counter, and no checksum.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::MagStripeChecksum;
///
/// let data = [0x77, 0x0A, 0x9F, 0x61, 0x02, 0x12, 0x34, 0x9F, 0x36, 0x02, 0x00, 0x05];
/// let checksum = MagStripeChecksum::parse(&data)?;
/// assert_eq!((checksum.atc, checksum.track_2), (5, Some(&[0x12, 0x34])));
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV Contactless Book C-2, 5.1.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct MagStripeChecksum<'a> {
    /// Application Transaction Counter, 9F36.
    pub atc: u16,
    /// CVC3 of track 1, 9F60.
    pub track_1: Option<&'a [u8; 2]>,
    /// CVC3 of track 2, 9F61; none if the card declines.
    pub track_2: Option<&'a [u8; 2]>,
    /// POS Cardholder Interaction Information, DF4B.
    pub cardholder_interaction: Option<&'a [u8]>,
    object: Tlv<'a>,
}

impl<'a> MagStripeChecksum<'a> {
    /// Reads the data of a response, which have format 2.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) at the template if the counter is missing;
    /// [`ErrorKind::Duplicate`](crate::ErrorKind::Duplicate) at an object that stands there twice;
    /// [`ErrorKind::WrongLength`](crate::ErrorKind::WrongLength) at a value that is not of two bytes; as
    /// [`parse_record`](super::parse_record) for what is no template 77.
    pub fn parse(data: &'a [u8]) -> Result<Self, Error> {
        let object = answer::only(tags::RESPONSE_TEMPLATE_FORMAT_2, data)?;
        let [atc, track_1, track_2, interaction] = answer::pick(
            object.children(),
            [
                tags::APPLICATION_TRANSACTION_COUNTER,
                tags::CVC3_TRACK_1,
                tags::CVC3_TRACK_2,
                CARDHOLDER_INTERACTION,
            ],
        )?;
        Ok(Self {
            atc: u16::from_be_bytes(*answer::fixed(answer::due(atc, &object)?)?),
            track_1: track_1.map(answer::fixed).transpose()?,
            track_2: track_2.map(answer::fixed).transpose()?,
            cardholder_interaction: interaction.map(|object| object.value()),
            object,
        })
    }

    /// The template that the data are.
    #[must_use]
    pub const fn object(&self) -> Tlv<'a> {
        self.object
    }
}

impl fmt::Debug for MagStripeChecksum<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MagStripeChecksum")
            .field("atc", &self.atc)
            .field("object", &self.object)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::ErrorKind;
    use hex_literal::hex;

    #[test]
    fn by_tag_and_never_shown() {
        let data = hex!("77 12 9F60020123 DF4B03010203 9F36020005 9C00");
        let checksum = MagStripeChecksum::parse(&data).unwrap();
        assert_eq!((checksum.track_1, checksum.track_2), (Some(&[0x01, 0x23]), None));
        assert_eq!(checksum.cardholder_interaction, Some(&[1, 2, 3][..]));
        let shown = std::format!("{checksum:?}");
        assert_eq!(shown, "MagStripeChecksum { atc: 5, object: Tlv(77 (18 bytes)), .. }");
        let fault =
            |data| MagStripeChecksum::parse(data).map_err(|error| (error.kind(), error.offset()));
        assert!(matches!(fault(&hex!("7705 9F61021234")), Err((ErrorKind::NotFound, 0))));
        assert!(matches!(
            fault(&hex!("7709 9F610112 9F36020005")),
            Err((ErrorKind::WrongLength, 5))
        ));
        assert!(matches!(fault(&hex!("8000")), Err((ErrorKind::WrongTag, 0))));
    }
}
