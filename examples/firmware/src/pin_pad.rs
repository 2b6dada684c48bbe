//! The PIN pad: its keys are loaded once, then it sells.

use core::fmt;

use pinblock::Pin;
use rand_core::TryCryptoRng;

use crate::Error;
use crate::card::Card;
use crate::chip_data::{CHIP_DATA_LEN, TerminalValues};
use crate::flash::Flash;
use crate::key_store::KeyStore;
use crate::message::Purchase;
use crate::moment::Moment;
use crate::scheme::{Ksn, Scheme};
use crate::test_data;

/// The longest message.
pub const MESSAGE_LEN: usize = 512;

/// A PIN pad over its flash.
pub struct PinPad<S: Scheme<N>, const N: usize, F> {
    keys: KeyStore<S::Standard, N, F>,
}

/// A purchase to be made.
#[derive(Debug)]
pub struct Sale<'a> {
    pub card: Card<'a>,
    /// Minor units.
    pub amount: u64,
    pub pin: Pin,
    pub moment: Moment,
    /// What the card makes its cryptogram with; drawn from the generator.
    pub unpredictable_number: [u8; 4],
}

impl Sale<'_> {
    /// What the card is told of it.
    #[must_use]
    pub fn terminal_values(&self) -> TerminalValues {
        let Self { amount, moment, unpredictable_number, .. } = *self;
        TerminalValues::new(amount, test_data::CURRENCY, moment, unpredictable_number)
    }
}

/// A message to be sent.
#[derive(Debug)]
pub struct Outgoing<'b, K> {
    pub ksn: K,
    pub message: &'b [u8],
}

impl<S: Scheme<N>, const N: usize, F> PinPad<S, N, F> {
    /// A PIN pad that was not switched on yet.
    #[must_use]
    pub const fn new(flash: F) -> Self {
        Self { keys: KeyStore::new(flash, S::BLANK) }
    }

    /// The flash alone: what a power cut leaves.
    #[must_use]
    pub fn into_flash(self) -> F {
        self.keys.into_flash()
    }

    /// Forgets all but the flash, as a power cut does.
    pub fn forget(&mut self) {
        self.keys.forget();
    }

    /// How many purchases its keys last for.
    pub fn keys_left(&self) -> u32 {
        self.keys.terminal().keys_left()
    }
}

impl<S: Scheme<N>, const N: usize, F: Flash> PinPad<S, N, F> {
    /// Loads the initial key in a key block.
    ///
    /// # Errors
    /// [`Error::KeyBlock`]: nothing is loaded. As [`KeyStore::install`].
    #[inline(never)]
    pub fn install(&mut self, block: &[u8], kbpk: &[u8]) -> Result<(), Error> {
        self.keys.install(&S::initial_key(block, kbpk)?)
    }

    /// Goes on after a restart, with what stands in flash.
    ///
    /// # Errors
    /// As [`KeyStore::restart`].
    #[inline(never)]
    pub fn restart(&mut self) -> Result<(), Error> {
        self.keys.restart()
    }

    /// Makes the message of a purchase.
    ///
    /// Its counter is durable before its key is had: whatever happens next, it is not used again. What can be wrong with the
    /// card is found before that.
    ///
    /// # Errors
    /// [`Error::Pin`] where the generator fails; all others by what they are about.
    #[inline(never)]
    pub fn purchase<'b, R: TryCryptoRng>(
        &mut self,
        sale: &Sale<'_>,
        rng: &mut R,
        buffer: &'b mut [u8; MESSAGE_LEN],
    ) -> Result<Outgoing<'b, Ksn<S, N>>, Error> {
        let mut fill = [0; 8];
        rng.try_fill_bytes(&mut fill).map_err(|_| pinblock::Error::Rng)?;
        let pan = sale.card.pan()?;
        let mut chip_data = [0; CHIP_DATA_LEN];
        let chip_data = sale.terminal_values().to_issuer(&sale.card, &mut chip_data)?;
        let expiry = sale.card.require(emv_tlv::tags::APPLICATION_EXPIRATION_DATE)?;
        let sequence_number = sale.card.require(emv_tlv::tags::PAN_SEQUENCE_NUMBER)?;

        let (ksn, key) = self.keys.reserve()?;
        let pin_block = S::pin_block(&key, &sale.pin, &pan, &fill);
        let ksn_bytes = S::ksn_bytes(&ksn);
        let purchase = Purchase {
            pan: &pan,
            expiry,
            sequence_number,
            amount: sale.amount,
            moment: sale.moment,
            pin_block: pin_block.as_ref(),
            ksn: ksn_bytes.as_ref(),
            counter: S::counter(&ksn),
            chip_data,
        };
        let message = purchase.seal::<S, N>(&key, buffer)?;
        Ok(Outgoing { ksn, message })
    }
}

impl<S: Scheme<N>, const N: usize, F> fmt::Debug for PinPad<S, N, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PinPad")
    }
}
