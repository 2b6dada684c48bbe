//! What the card is asked, and what goes from it to the issuer.

use emv_tlv::{Tag, Writer, tags};

use crate::Error;
use crate::card::Card;
use crate::moment::{Moment, packed};

/// The longest field 55.
pub const CHIP_DATA_LEN: usize = 255;

/// The longest data that a card is asked with: one command's.
pub const CDOL_DATA_LEN: usize = 255;

/// What goes to the issuer in field 55, in this order.
const TO_ISSUER: [Tag; 17] = [
    tags::APPLICATION_CRYPTOGRAM,
    tags::CRYPTOGRAM_INFORMATION_DATA,
    tags::ISSUER_APPLICATION_DATA,
    tags::UNPREDICTABLE_NUMBER,
    tags::APPLICATION_TRANSACTION_COUNTER,
    tags::TERMINAL_VERIFICATION_RESULTS,
    tags::TRANSACTION_DATE,
    tags::TRANSACTION_TYPE,
    tags::AMOUNT_AUTHORISED,
    tags::TRANSACTION_CURRENCY_CODE,
    tags::APPLICATION_INTERCHANGE_PROFILE,
    tags::TERMINAL_COUNTRY_CODE,
    tags::AMOUNT_OTHER,
    tags::TERMINAL_CAPABILITIES,
    tags::CVM_RESULTS,
    tags::TERMINAL_TYPE,
    tags::DF_NAME,
];

/// What the terminal knows of a purchase.
#[derive(Clone, Copy, Debug)]
pub struct TerminalValues {
    amount: [u8; 6],
    currency: [u8; 2],
    date: [u8; 3],
    unpredictable_number: [u8; 4],
}

impl TerminalValues {
    /// Those of a purchase of so many minor units of a currency, which is the country's, too.
    #[must_use]
    pub fn new(amount: u64, currency: u16, moment: Moment, unpredictable_number: [u8; 4]) -> Self {
        let (amount, currency) = (packed(amount), packed(currency.into()));
        Self { amount, currency, date: moment.emv_date(), unpredictable_number }
    }

    /// The terminal's value of an element.
    fn value(&self, tag: Tag) -> Option<&[u8]> {
        Some(match tag {
            tags::AMOUNT_AUTHORISED => &self.amount,
            tags::AMOUNT_OTHER => &[0; 6],
            tags::TERMINAL_COUNTRY_CODE | tags::TRANSACTION_CURRENCY_CODE => &self.currency,
            tags::TERMINAL_VERIFICATION_RESULTS => &[0; 5],
            tags::TRANSACTION_DATE => &self.date,
            tags::TRANSACTION_TYPE => &[0],
            tags::UNPREDICTABLE_NUMBER => &self.unpredictable_number,
            tags::TERMINAL_CAPABILITIES => &[0xE0, 0xF8, 0xC8],
            // Enciphered PIN verified online, always, result unknown to the terminal.
            tags::CVM_RESULTS => &[0x42, 0x00, 0x00],
            tags::TERMINAL_TYPE => &[0x22],
            _ => return None,
        })
    }

    /// The data of GENERATE AC: what the card's CDOL1 asks for.
    ///
    /// # Errors
    /// [`Error::Card`]: the buffer is shorter than they are. As [`Card::cdol1`].
    pub fn cdol1_data<'b>(&self, card: &Card<'_>, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        Ok(card.cdol1()?.fill(buffer, |tag| self.value(tag))?)
    }

    /// The chip data of field 55.
    ///
    /// # Errors
    /// [`Error::Card`]: an answer of the card is no TLV, or the buffer is full.
    pub fn to_issuer<'b>(&self, card: &Card<'_>, buffer: &'b mut [u8]) -> Result<&'b [u8], Error> {
        let mut writer = Writer::new(buffer);
        for tag in TO_ISSUER {
            let value = match self.value(tag) {
                Some(value) => Some(value),
                None => card.value(tag)?,
            };
            if let Some(value) = value {
                writer.primitive(tag, value)?;
            }
        }
        Ok(writer.finish())
    }
}
