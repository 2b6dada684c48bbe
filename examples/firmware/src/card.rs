//! A chip card, as far as it has answered.

use emv_tlv::apdu::Fci;
use emv_tlv::element::{self, Element as _};
use emv_tlv::{Dol, Tag, find, tags};
use pinblock::Pan;

use crate::Error;

/// What a card answered, commands and status words left out.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// To SELECT: its file control information.
    pub select: &'a [u8],
    /// To GET PROCESSING OPTIONS.
    pub processing_options: &'a [u8],
    /// To READ RECORD, the records that its AFL names.
    pub records: &'a [&'a [u8]],
    /// To GENERATE AC.
    pub cryptogram: &'a [u8],
}

/// The digits of the longest account number.
const MOST_DIGITS: usize = 19;

impl<'a> Card<'a> {
    /// An element that stands in one of the answers, the first if there are more.
    ///
    /// # Errors
    /// [`Error::Card`]: an answer before it is no TLV.
    pub fn value(&self, tag: Tag) -> Result<Option<&'a [u8]>, Error> {
        const ANSWER: Tag = tags::RESPONSE_TEMPLATE_FORMAT_2;
        const RECORD: Tag = tags::READ_RECORD_TEMPLATE;
        if tag == tags::DF_NAME {
            return Ok(Some(Fci::parse(self.select)?.df_name));
        }
        let answers = [self.cryptogram, self.processing_options].map(|answer| (answer, ANSWER));
        let records = self.records.iter().map(|record| (*record, RECORD));
        for (answer, template) in answers.into_iter().chain(records) {
            if let Some(object) = find(answer, &[template, tag])? {
                return Ok(Some(object.value()));
            }
        }
        Ok(None)
    }

    /// The same, of an element that a purchase needs.
    ///
    /// # Errors
    /// [`Error::CardLacks`]; [`Error::Card`] as [`value`](Self::value).
    pub fn require(&self, tag: Tag) -> Result<&'a [u8], Error> {
        self.value(tag)?.ok_or(Error::CardLacks(tag))
    }

    /// The account number.
    ///
    /// # Errors
    /// As [`require`](Self::require); [`Error::Pin`]: it has not 12 to 19 digits.
    pub fn pan(&self) -> Result<Pan, Error> {
        let pan = element::Pan::from_value(self.require(tags::PAN)?)?;
        let mut digits = [0; MOST_DIGITS];
        let mut count = 0;
        for (place, digit) in digits.iter_mut().zip(pan.digits().iter()) {
            *place = digit;
            count = usize::saturating_add(count, 1);
        }
        Ok(Pan::from_digits(digits.get(..count).unwrap_or_default())?)
    }

    /// What the card wants to know before it makes its cryptogram.
    ///
    /// # Errors
    /// As [`require`](Self::require).
    pub fn cdol1(&self) -> Result<Dol<'a>, Error> {
        Ok(Dol::parse(self.require(tags::CDOL1)?)?)
    }
}
