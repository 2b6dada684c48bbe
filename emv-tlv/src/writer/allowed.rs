//! What of card and terminal data may leave the terminal.

use super::Writer;
use crate::{Error, ErrorKind, Tag, Tlv, parse, tags};

/// The elements that networks want in field 55 of an authorisation request, by rising tag.
///
/// Each of them is asked for by at least two networks of which lists are public, but for the sequence number (5F34), which some
/// want in field 23 instead. A network may refuse one or want more: a list of your own is a slice of tags.
///
/// None of them is a card number, track data, about the cardholder, or a PIN.
///
/// Source: published field lists of UnionPay and Mastercard; a processor's list for American Express, Discover, Mastercard and
/// Visa.
pub static FIELD_55: &[Tag] = &[
    tags::APPLICATION_INTERCHANGE_PROFILE,
    tags::DF_NAME,
    tags::TERMINAL_VERIFICATION_RESULTS,
    tags::TRANSACTION_DATE,
    tags::TRANSACTION_TYPE,
    tags::TRANSACTION_CURRENCY_CODE,
    tags::PAN_SEQUENCE_NUMBER,
    tags::AMOUNT_AUTHORISED,
    tags::AMOUNT_OTHER,
    tags::APPLICATION_VERSION_NUMBER_TERMINAL,
    tags::ISSUER_APPLICATION_DATA,
    tags::TERMINAL_COUNTRY_CODE,
    tags::IFD_SERIAL_NUMBER,
    tags::APPLICATION_CRYPTOGRAM,
    tags::CRYPTOGRAM_INFORMATION_DATA,
    tags::TERMINAL_CAPABILITIES,
    tags::CVM_RESULTS,
    tags::TERMINAL_TYPE,
    tags::APPLICATION_TRANSACTION_COUNTER,
    tags::UNPREDICTABLE_NUMBER,
    tags::TRANSACTION_SEQUENCE_COUNTER,
    tags::FORM_FACTOR_INDICATOR,
];

impl Writer<'_> {
    /// Writes those of many objects that a list of tags allows, and nothing else: what may leave the terminal.
    ///
    /// The objects come from [`walk`](crate::walk), from a walk with limits or a padding policy of its own, or from several walks one
    /// after the other. They are written one behind the other, in the order in which they come, without the templates around them
    /// and with lengths at their shortest. Of a tag that comes more than once the first object is written, and none if the writer has one
    /// already at this level: terminal data that a card must not replace come first. It takes the time of as many comparisons as objects
    /// times tags.
    ///
    /// A response of format 1, a primitive 80, has values without tags, of which a walk says nothing: for those there is
    /// [`copy_values`](Self::copy_values).
    ///
    /// # Errors
    /// Any that the walk yields, counted in what is walked. Counted in the buffer, where the first object would have begun,
    /// [`ErrorKind::WrongForm`] if a tag of the list is a template's, in which there could be anything; where an object would have begun
    /// [`ErrorKind::BufferTooSmall`]. After any of them nothing of it remains.
    ///
    /// # Security
    /// What it keeps back is what is not on the list: a list with 5A or 57 on it lets the card number out. [`FIELD_55`] does not.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{FIELD_55, Writer, walk};
    ///
    /// let terminal = b"\x9A\x03\x26\x11\x26\x9C\x01\x00";
    /// let record = b"\x70\x0E\x5A\x08\x41\x11\x11\x11\x11\x11\x11\x11\x5F\x34\x01\x02";
    /// let mut buffer = [0; 255];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.copy_allowed(walk(terminal).chain(walk(record)), FIELD_55)?;
    /// assert_eq!(writer.finish(), b"\x9A\x03\x26\x11\x26\x9C\x01\x00\x5F\x34\x01\x02");
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn copy_allowed<'a>(
        &mut self,
        objects: impl IntoIterator<Item = Result<Tlv<'a>, Error>>,
        allowed: &[Tag],
    ) -> Result<(), Error> {
        let values =
            objects.into_iter().map(|object| object.map(|object| (object.tag(), object.value())));
        self.put_allowed(values, allowed)
    }

    /// Writes those of many values with their tags that a list allows, as [`copy_allowed`](Self::copy_allowed) writes objects.
    ///
    /// They come from a response of either format: [`ApplicationCryptogram::values`](crate::apdu::ApplicationCryptogram::values) and
    /// [`ProcessingOptions::values`](crate::apdu::ProcessingOptions::values).
    ///
    /// # Errors
    /// Those of [`copy_allowed`](Self::copy_allowed) that count in the buffer.
    ///
    /// # Examples
    /// ```
    /// use emv_tlv::{FIELD_55, Writer, apdu::ApplicationCryptogram, walk};
    ///
    /// let response = [0x80, 0x0B, 0x80, 0x00, 0x1C, 1, 2, 3, 4, 5, 6, 7, 8];
    /// let mut buffer = [0; 255];
    /// let mut writer = Writer::new(&mut buffer);
    /// writer.copy_allowed(walk(&[0x9C, 0x01, 0x00]), FIELD_55)?;
    /// writer.copy_values(ApplicationCryptogram::parse(&response)?.values(), FIELD_55)?;
    /// assert_eq!(
    ///     writer.finish(),
    ///     b"\x9C\x01\x00\x9F\x27\x01\x80\x9F\x36\x02\x00\x1C\x9F\x26\x08\x01\x02\x03\x04\x05\x06\x07\x08"
    /// );
    /// # Ok::<(), emv_tlv::Error>(())
    /// ```
    pub fn copy_values<'v>(
        &mut self,
        values: impl IntoIterator<Item = (Tag, &'v [u8])>,
        allowed: &[Tag],
    ) -> Result<(), Error> {
        self.put_allowed(values.into_iter().map(Ok), allowed)
    }

    fn put_allowed<'v>(
        &mut self,
        values: impl Iterator<Item = Result<(Tag, &'v [u8]), Error>>,
        allowed: &[Tag],
    ) -> Result<(), Error> {
        let start = self.used;
        if allowed.iter().any(|tag| tag.is_constructed()) {
            return Err(Error::at(ErrorKind::WrongForm, start));
        }
        for value in values {
            let written = value.and_then(|(tag, value)| {
                let wanted = allowed.contains(&tag) && !self.holds(tag);
                if wanted { self.primitive(tag, value) } else { Ok(()) }
            });
            written.inspect_err(|_| self.used = start)?;
        }
        Ok(())
    }

    /// Whether an object with a tag stands at this level.
    fn holds(&self, tag: Tag) -> bool {
        let written = self.buffer.get(self.level..self.used).unwrap_or_default();
        parse(written).flatten().any(|object| object.tag() == tag)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::{
        Padding, Walk,
        dictionary::{Sensitivity, lookup},
        walk,
    };
    use hex_literal::hex;
    use std::vec::Vec;

    fn copied(bytes: &[u8], allowed: &[Tag]) -> Result<Vec<u8>, Error> {
        let mut buffer = [0; 256];
        let mut writer = Writer::new(&mut buffer);
        writer.copy_allowed(walk(bytes), allowed)?;
        Ok(writer.finish().to_vec())
    }

    #[test]
    fn the_shipped_list_lets_no_card_number_out() {
        assert!(FIELD_55.is_sorted() && FIELD_55.len() == 22);
        for &tag in FIELD_55 {
            let entry = lookup(tag).unwrap();
            let kept_back = matches!(
                entry.sensitivity,
                Sensitivity::Pan | Sensitivity::Track | Sensitivity::Cardholder | Sensitivity::Pin
            );
            assert!(!kept_back && !tag.is_constructed(), "{tag}");
        }
        for raw in [0x56, 0x57, 0x5A, 0x5F20, 0x5F24, 0x99, 0x9F0B, 0x9F1F, 0x9F20, 0x9F6B] {
            assert!(!FIELD_55.contains(&Tag(raw)), "{raw:X}");
        }
    }

    #[test]
    fn what_is_allowed_comes_out_of_templates_in_order_and_once() {
        let bytes = hex!(
            "70 18 57 08 4761739001010010 9F36 8102 0001 E1 06 82 02 1980 9C00"
            "9C 01 20 9F36 02 0002 5F20 02 202F"
        );
        assert_eq!(copied(&bytes, FIELD_55).unwrap(), hex!("9F36 02 0001 82 02 1980 9C 00"));
        assert_eq!(copied(&bytes, &[tags::TRANSACTION_TYPE]).unwrap(), hex!("9C00"));
        assert_eq!(copied(&bytes, &[]).unwrap(), hex!(""));
        assert_eq!(copied(&[], FIELD_55).unwrap(), hex!(""));
    }

    #[test]
    fn what_the_level_has_is_not_written_again() {
        let mut buffer = [0; 16];
        let mut writer = Writer::new(&mut buffer);
        writer.primitive(tags::TRANSACTION_TYPE, &[1]).unwrap();
        writer.copy_allowed(walk(&hex!("9C0102 9A00")), FIELD_55).unwrap();
        writer
            .template(tags::FCI_TEMPLATE, |writer| {
                writer.copy_allowed(walk(&hex!("9C0102 9C0103")), FIELD_55)
            })
            .unwrap();
        writer.copy_values([(tags::TRANSACTION_DATE, &[7][..])], FIELD_55).unwrap();
        assert_eq!(writer.finish(), hex!("9C0101 9A00 6F03 9C0102"));
    }

    #[test]
    fn an_error_leaves_nothing_of_it() {
        let mut buffer = [0; 9];
        let mut writer = Writer::new(&mut buffer);
        writer.primitive(tags::TRANSACTION_TYPE, &[1]).unwrap();
        let bytes = hex!("9A03261126 82021980 9C");
        let error = writer.copy_allowed(walk(&bytes), FIELD_55).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::BufferTooSmall, 8));
        let error = writer.copy_allowed(walk(&bytes), &[tags::TRANSACTION_DATE]).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::TruncatedLength, 10));
        let error = writer.copy_allowed(walk(&bytes), &[tags::READ_RECORD_TEMPLATE]).unwrap_err();
        assert_eq!(error, Error::new(ErrorKind::WrongForm, 3));
        assert_eq!(writer.finish(), hex!("9C0101"));
    }

    #[test]
    fn takes_a_walk_with_limits_and_a_policy() {
        let bytes = hex!("FFFF 70 03 9C0101");
        let mut buffer = [0; 16];
        let mut writer = Writer::new(&mut buffer);
        let lenient = Walk::new(&bytes).padding(Padding::Lenient);
        writer.copy_allowed(lenient.clone(), FIELD_55).unwrap();
        assert!(writer.copy_allowed(lenient.budget(1), FIELD_55).is_err());
        assert_eq!(writer.finish(), hex!("9C0101"));
    }
}
