//! The purchase as it goes to the host: an 0200, sealed with its MAC.

use core::str;

use iso8583_wire::{Encoder, Mti};
use pinblock::Pan;

use crate::Error;
use crate::moment::{Moment, number, packed};
use crate::scheme::{Scheme, TransactionKey};
use crate::test_data;

const PAN: u16 = 2;
const PROCESSING_CODE: u16 = 3;
const AMOUNT: u16 = 4;
const TRANSMISSION_TIME: u16 = 7;
const STAN: u16 = 11;
const TIME: u16 = 12;
const DATE: u16 = 13;
const EXPIRY: u16 = 14;
const ENTRY_MODE: u16 = 22;
const SEQUENCE_NUMBER: u16 = 23;
const CONDITION_CODE: u16 = 25;
const PIN_CAPTURE_CODE: u16 = 26;
const TERMINAL_ID: u16 = 41;
const MERCHANT_ID: u16 = 42;
const CURRENCY: u16 = 49;
const PIN_BLOCK: u16 = 52;
const KSN: u16 = 53;
const CHIP_DATA: u16 = 55;
const BATCH: u16 = 60;

/// STANs go from 1 to here and begin again, in another batch.
const LAST_STAN: u32 = 999_999;

/// What a purchase tells the host, its protection left out.
#[derive(Debug)]
pub struct Purchase<'a> {
    pub pan: &'a Pan,
    /// YYMMDD, packed, of the card.
    pub expiry: &'a [u8],
    /// Packed, of the card.
    pub sequence_number: &'a [u8],
    /// Minor units.
    pub amount: u64,
    pub moment: Moment,
    pub pin_block: &'a [u8],
    pub ksn: &'a [u8],
    /// The counter in the key serial number. Trace and batch number come from it: it was written down before, so that none of
    /// the three comes twice.
    pub counter: u32,
    pub chip_data: &'a [u8],
}

impl Purchase<'_> {
    /// Writes the message into the buffer, and its MAC under the transaction's key.
    ///
    /// # Errors
    /// [`Error::Message`]: a value does not go into its field, or the message not into the buffer. [`Error::Key`].
    pub fn seal<'b, S: Scheme<N>, const N: usize>(
        &self,
        key: &TransactionKey<S, N>,
        buffer: &'b mut [u8],
    ) -> Result<&'b [u8], Error> {
        let used = self.counter.saturating_sub(1);
        let stan = (used % LAST_STAN).saturating_add(1);
        let batch = digits(packed(u64::from(used / LAST_STAN)));
        let expiry = number(self.expiry.get(..2).unwrap_or_default());
        let mut message = Encoder::new(S::DIALECT, Mti::from_digits(b"0200")?, buffer)?;
        message
            .text(PAN, self.pan.expose_digits().as_str())?
            .number(PROCESSING_CODE, 0)?
            .number(AMOUNT, self.amount)?
            .number(TRANSMISSION_TIME, self.moment.transmission())?
            .number(STAN, stan.into())?
            .number(TIME, self.moment.time())?
            .number(DATE, self.moment.date())?
            .number(EXPIRY, expiry)?
            .number(ENTRY_MODE, 51)?
            .number(SEQUENCE_NUMBER, number(self.sequence_number))?
            .number(CONDITION_CODE, 0)?
            .number(PIN_CAPTURE_CODE, 12)?
            .text(TERMINAL_ID, test_data::TERMINAL_ID)?
            .text(MERCHANT_ID, test_data::MERCHANT_ID)?
            .text(CURRENCY, test_data::CURRENCY_TEXT)?
            .bytes(PIN_BLOCK, self.pin_block)?
            .bytes(KSN, self.ksn)?
            .bytes(CHIP_DATA, self.chip_data)?
            .text(BATCH, str::from_utf8(&batch).unwrap_or_default())?;
        let unsealed = message.finish_with_mac()?;
        let mac = S::mac(key, unsealed.mac_input())?;
        Ok(unsealed.seal(mac.as_bytes())?)
    }
}

/// Packed digits as text.
fn digits(packed: [u8; 3]) -> [u8; 6] {
    let [a, b, c] = packed;
    [a >> 4, a & 0xF, b >> 4, b & 0xF, c >> 4, c & 0xF].map(|digit| b'0' | digit)
}
