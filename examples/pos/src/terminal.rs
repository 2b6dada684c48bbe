//! The terminal: what to send, what to write down first, what to make of the answer.
//!
//! It opens no sockets: [`Terminal::purchase`] and [`Terminal::reversal`] give bytes to send, [`Outgoing::read`] takes the
//! bytes that came back, and [`session`] moves them.

mod key_loading;
mod keys;
#[cfg(test)]
mod power_cut_tests;
pub(crate) mod receipt;
pub(crate) mod session;
mod store;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use aes::Aes128;
use dukpt::aes::{MacVerificationKey, TransactionKey};
use iso8583_wire::dialect::POS_DEMO;
use iso8583_wire::matcher::{Keys, Matcher, Verdict};
use iso8583_wire::{Encoder, MessageRef, Mti};
use pinblock::{Pin, iso4};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use self::receipt::Receipt;
use self::store::{Pending, Store};
use crate::card::{Card, ChipSale};
use crate::clock::Moment;
use crate::error::Error;
use crate::fields::{self, MAC_LENGTH};
use crate::test_data;

/// A terminal with its keys, its numbers and what it has begun.
pub(crate) struct Terminal {
    store: Store,
}

/// Fewer keys than these are told of: it is time for a new initial key.
const FEW_KEYS: u32 = 10_000;

/// A purchase to be made.
pub(crate) struct Sale<'a> {
    pub(crate) card: &'a Card,
    /// Minor units.
    pub(crate) amount: u64,
    pub(crate) pin: &'a Pin,
}

/// A message to be sent, and what its answer has to be.
pub(crate) struct Outgoing {
    /// The bytes, kept so that a repeat is the same.
    bytes: Zeroizing<Vec<u8>>,
    /// What the answer is verified with: all that is kept of the transaction's key.
    answer_key: MacVerificationKey<16>,
    stan: u32,
}

/// A verified answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response_code: String,
    pub(crate) reference: String,
    pub(crate) authorization: String,
}

/// Why an answer is not believed; field 39 of the reversal says it in two letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// None came in time.
    NoReply,
    /// Its MAC is wrong, or it has none.
    WrongMac,
    /// It cannot be read, or says nothing.
    WrongReply,
}

impl Doubt {
    /// The reason of the reversal.
    const fn code(self) -> &'static str {
        match self {
            Self::NoReply => "98",
            Self::WrongMac => "A0",
            Self::WrongReply => "96",
        }
    }

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NoReply => "no reply",
            Self::WrongMac => "wrong MAC",
            Self::WrongReply => "wrong reply",
        }
    }
}

impl Terminal {
    /// Loads the initial key in a key block into an empty folder.
    ///
    /// A key whose database was lost must not be loaded again: its counter would begin again, too.
    pub(crate) fn install(folder: &Path, block: &[u8]) -> Result<Self, Error> {
        let initial_key = key_loading::open(block)?;
        Ok(Self { store: Store::install(folder, &initial_key)? })
    }

    /// Opens the terminal's database in a folder; there must be one.
    pub(crate) fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { store: Store::open(folder)? })
    }

    /// How many messages can be sent before the terminal needs another initial key.
    pub(crate) fn keys_left(&self) -> u32 {
        self.store.keys_left()
    }

    /// How many keys are left, where they are few.
    pub(crate) fn few_keys_left(&self) -> Option<u32> {
        Some(self.keys_left()).filter(|left| *left < FEW_KEYS)
    }

    /// Reserves a counter and a trace number, writes down what will have to be reversed, and gives the message to send.
    ///
    /// The reservation is durable before this returns: whatever happens next, neither number is used again.
    pub(crate) fn purchase<R: TryCryptoRng>(
        &mut self,
        sale: &Sale<'_>,
        now: Moment,
        rng: &mut R,
    ) -> Result<Outgoing, Error> {
        let mut unpredictable_number = [0; 4];
        rng.try_fill_bytes(&mut unpredictable_number)
            .map_err(|_| Error::Pin(pinblock::Error::Rng))?;
        let chip_sale = ChipSale {
            amount: sale.amount,
            currency: test_data::CURRENCY,
            now,
            unpredictable_number,
        };
        let chip_data = sale.card.issuer_data(&chip_sale)?;
        // From here on only the numbers that are reserved now can be missing.
        let (pending, key) = self.store.reserve_purchase(sale.amount)?;
        let pan = sale.card.pan();
        let block = iso4::encipher(&key.pin_key().cipher::<Aes128>(), sale.pin, pan, rng)?;

        let mti = Mti::from_digits(b"0200")?;
        let mut buffer = Zeroizing::new([0; 1_024]);
        let mut message = Encoder::new(&POS_DEMO, mti, buffer.as_mut())?;
        message
            .text(fields::PAN, pan.expose_digits().as_str())?
            .number(fields::PROCESSING_CODE, 0)?
            .number(fields::AMOUNT, sale.amount)?
            .text(fields::TRANSMISSION_TIME, &now.transmission())?
            .number(fields::STAN, pending.stan.into())?
            .text(fields::TIME, &now.time())?
            .text(fields::DATE, &now.date())?
            .text(fields::EXPIRY, sale.card.expiry())?
            .number(fields::ENTRY_MODE, 51)?
            .number(fields::SEQUENCE_NUMBER, sale.card.sequence_number())?
            .number(fields::CONDITION_CODE, 0)?
            .number(fields::PIN_CAPTURE_CODE, 12)?
            .text(fields::TERMINAL_ID, test_data::TERMINAL_ID)?
            .text(fields::MERCHANT_ID, test_data::MERCHANT_ID)?
            .text(fields::CURRENCY, &fields::currency_text())?
            .bytes(fields::PIN_BLOCK, &block)?
            .bytes(fields::KSN, &pending.ksn().to_bytes())?
            .bytes(fields::CHIP_DATA, &chip_data)?
            .text(fields::BATCH, &batch_text(pending.batch))?;
        Outgoing::seal(message, &key, pending.stan)
    }

    /// What was begun and is not known to have ended: it has to be reversed before anything else.
    pub(crate) fn pending(&self) -> Result<Option<Pending>, Error> {
        self.store.pending()
    }

    /// The reversal of a purchase whose outcome is not known, under the next counter.
    pub(crate) fn reversal(
        &mut self,
        pending: &Pending,
        doubt: Doubt,
        now: Moment,
    ) -> Result<Outgoing, Error> {
        let (ksn, key) = self.store.reserve_reversal()?;
        let mti = Mti::from_digits(b"0400")?;
        let mut buffer = [0; 256];
        let mut message = Encoder::new(&POS_DEMO, mti, &mut buffer)?;
        message
            .number(fields::PROCESSING_CODE, 0)?
            .number(fields::AMOUNT, pending.amount)?
            .text(fields::TRANSMISSION_TIME, &now.transmission())?
            .number(fields::STAN, pending.stan.into())?
            .text(fields::TIME, &now.time())?
            .text(fields::DATE, &now.date())?
            .number(fields::ENTRY_MODE, 51)?
            .number(fields::CONDITION_CODE, 0)?
            .text(fields::RESPONSE_CODE, doubt.code())?
            .text(fields::TERMINAL_ID, test_data::TERMINAL_ID)?
            .text(fields::MERCHANT_ID, test_data::MERCHANT_ID)?
            .text(fields::CURRENCY, &fields::currency_text())?
            .bytes(fields::KSN, &ksn.to_bytes())?
            .text(fields::BATCH, &batch_text(pending.batch))?
            .text(fields::ORIGINAL_KSN, &pending.ksn().to_string())?;
        Outgoing::seal(message, &key, pending.stan)
    }

    /// Writes down that the purchase has come to its end, and its receipt where there is one.
    pub(crate) fn settle(&mut self, receipt: Option<&Receipt>) -> Result<(), Error> {
        self.store.settle(receipt)
    }

    /// The receipt of the last approved purchase, for another print.
    pub(crate) fn last_receipt(&self) -> Result<Option<Receipt>, Error> {
        self.store.last_receipt()
    }
}

fn batch_text(batch: u32) -> String {
    format!("{batch:06}")
}

impl Outgoing {
    fn seal(message: Encoder<'_, '_>, key: &TransactionKey<16>, stan: u32) -> Result<Self, Error> {
        let unsealed = message.finish_with_mac()?;
        let mac =
            key.mac_generation_key().cmac().chain(unsealed.mac_input()).finalize(MAC_LENGTH)?;
        let bytes = Zeroizing::new(unsealed.seal(mac.as_bytes())?.to_vec());
        Ok(Self { bytes, answer_key: key.mac_verification_key(), stan })
    }

    /// The bytes to send; sent again, they are the same.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What an answer to this message repeats of it, and is known by.
    pub(crate) const KEYS: Keys<'static> = Keys::of(&[
        fields::PROCESSING_CODE,
        fields::AMOUNT,
        fields::STAN,
        fields::TERMINAL_ID,
        fields::MERCHANT_ID,
        fields::KSN,
        fields::BATCH,
    ]);

    /// The message as it was sent.
    pub(crate) fn message(&self) -> Result<MessageRef<'static, '_>, Error> {
        Ok(MessageRef::parse(&POS_DEMO, &self.bytes)?)
    }

    /// Reads an answer that came so long after the message was sent: its MAC first, then whether it belongs to this message.
    ///
    /// `None` where it does not: what was asked is waited for.
    pub(crate) fn read(
        &self,
        answer: &[u8],
        matcher: &mut Matcher<'_, ()>,
        after: Duration,
    ) -> Result<Option<Reply>, Doubt> {
        let answer = MessageRef::parse(&POS_DEMO, answer).map_err(|_| Doubt::WrongReply)?;
        let (mac, covered) = answer.mac().zip(answer.mac_input()).ok_or(Doubt::WrongMac)?;
        let verified = self.answer_key.cmac().chain(covered).verify(mac.data(), MAC_LENGTH);
        verified.map_err(|_| Doubt::WrongMac)?;
        if !matches!(matcher.received(&answer, after), Verdict::Answered { .. }) {
            return Ok(None);
        }
        let text = |number| answer.get(number).map(|field| field.exposed().to_string());
        Ok(Some(Reply {
            response_code: text(fields::RESPONSE_CODE).ok_or(Doubt::WrongReply)?,
            reference: text(fields::REFERENCE).unwrap_or_default(),
            authorization: text(fields::AUTHORIZATION).unwrap_or_default(),
        }))
    }

    /// The trace number that was sent.
    pub(crate) const fn stan(&self) -> u32 {
        self.stan
    }
}
