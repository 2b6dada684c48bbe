//! What EXCHANGE RELAY RESISTANCE DATA gets.

use super::answer;
use crate::{Error, Tag, tags};

/// The data of a response to EXCHANGE RELAY RESISTANCE DATA: a random number and the card's times.
///
/// Times are in units of 100 microseconds.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::RelayResistance;
///
/// let data = [0x80, 0x0A, 1, 2, 3, 4, 0x00, 0x32, 0x01, 0x2C, 0x00, 0x12];
/// let card = RelayResistance::parse(&data)?;
/// assert_eq!((card.min_time, card.max_time, card.transmission_time), (50, 300, 18));
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV Contactless Book C-2, 5.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelayResistance {
    /// Device Relay Resistance Entropy, DF8302.
    pub entropy: [u8; 4],
    /// Min Time For Processing Relay Resistance APDU, DF8303.
    pub min_time: u16,
    /// Max Time For Processing Relay Resistance APDU, DF8304.
    pub max_time: u16,
    /// Device Estimated Transmission Time For Relay Resistance R-APDU, DF8305.
    pub transmission_time: u16,
}

impl RelayResistance {
    /// Reads the data of a response, which have format 1.
    ///
    /// # Errors
    /// [`ErrorKind::WrongLength`](crate::ErrorKind::WrongLength) at a value that is not of 10 bytes; as
    /// [`parse_record`](super::parse_record) for what is no such object.
    pub fn parse(data: &[u8]) -> Result<Self, Error> {
        let object = answer::only(tags::RESPONSE_TEMPLATE_FORMAT_1, data)?;
        let &[a, b, c, d, min_high, min_low, max_high, max_low, high, low] = answer::fixed(object)?;
        Ok(Self {
            entropy: [a, b, c, d],
            min_time: u16::from_be_bytes([min_high, min_low]),
            max_time: u16::from_be_bytes([max_high, max_low]),
            transmission_time: u16::from_be_bytes([high, low]),
        })
    }
}

/// The values of a response by their tags.
pub(super) fn positions(value: &[u8]) -> [Option<(Tag, &[u8])>; 4] {
    let places = [0..4, 4..6, 6..8, 8..10];
    let tags = [
        tags::DEVICE_RELAY_RESISTANCE_ENTROPY,
        tags::MIN_TIME_FOR_PROCESSING_RELAY_RESISTANCE_APDU,
        tags::MAX_TIME_FOR_PROCESSING_RELAY_RESISTANCE_APDU,
        tags::DEVICE_ESTIMATED_TRANSMISSION_TIME_R_APDU,
    ];
    let mut found = [None; 4];
    for (place, (range, tag)) in found.iter_mut().zip(places.into_iter().zip(tags)) {
        *place = value.get(range).map(|value| (tag, value));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;
    use hex_literal::hex;

    #[test]
    fn ten_bytes_in_format_1() {
        let fault =
            |data| RelayResistance::parse(data).map_err(|error| (error.kind(), error.offset()));
        assert_eq!(fault(&hex!("8009 010203040506070809")), Err((ErrorKind::WrongLength, 2)));
        assert_eq!(fault(&hex!("7700")), Err((ErrorKind::WrongTag, 0)));
        let [.., last] = positions(&hex!("01020304 0032 012C 0012"));
        assert_eq!(last, Some((Tag(0xDF_8305), &hex!("0012")[..])));
        assert_eq!(positions(&[])[0], None);
    }
}
