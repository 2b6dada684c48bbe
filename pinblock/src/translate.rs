//! A PIN from one format, key and PAN to another, under the rules of ISO 9564-1, without ever leaving the function.
//!
//! | from | to format 0, 3 or 4 | to format 1 | to format 2 | to a legacy format |
//! |---|---|---|---|---|
//! | format 0, 3 or 4 | with the same PAN ([exception](Translation::allow_pan_change)) | never | never | never |
//! | format 1 | yes | yes | never | never |
//! | format 2 | never | never | never | never |
//! | a legacy format | under an [exception](Translation::allow_legacy_input) | never | never | never |
//!
//! A legacy format that has the bytes of format 0 or 1 (ANSI X9.8, ECI-1, VISA-1; ECI-4) is a legacy format still: who knows that it is the
//! same may say format 0 or 1. A block for a chip (format 2) is made where the PIN is entered, by [`iso2`](crate::iso2).
//!
//! # Security
//! The rules are looked at before anything is deciphered: a refusal says nothing about a block. After that the answer says
//! whether a block was sound, and that is enough to find a PIN where somebody may send blocks of others with PANs of his own
//! choice (in formats 0 and 3 the PAN's digits meet the PIN's). So translate only what an authentic message brought, and count
//! the blocks that turn out to be invalid.
//!
//! In time, the PIN's length may show, and whether the block was sound; a digit does not, as far as the ciphers go.
//!
//! Source: ISO 9564-1; the restrictions of ANSI X9.8 as the documentation of IBM's CCA lists them for PIN translation.

use core::fmt;

use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt};
use rand_core::TryCryptoRng;

use crate::{Error, Pin, PinBlockSize};

mod rules;
mod side;

pub use side::{Incoming, Outgoing};

use rules::Exceptions;

/// A way from one side to the other, and what is allowed on it.
///
/// Without an exception it is what ISO 9564-1 allows. Nothing is kept of a block or its PIN.
///
/// # Examples
/// An acquirer's host: format 0 under a terminal's key goes on in format 4 under the key of the zone.
/// ```
/// use aes::{Aes128, cipher::KeyInit};
/// use des::TdesEde2;
/// use pinblock::{Format, Pan, translate::{Incoming, Outgoing, Translation}};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// # let mut rng = getrandom::SysRng;
/// // Where the terminal uses DUKPT: the cipher that the PIN key of its transaction hands out.
/// let terminal = TdesEde2::new(&0x042666B49184CF5C68DE9628D0397B36_u128.to_be_bytes().into());
/// let zone = Aes128::new(&[0x24; 16].into());
/// let pan = Pan::from_ascii(b"4012345678909")?;
/// let received = 0x1B9C1845EB993A7A_u64.to_be_bytes();
///
/// let forwarded = Translation::new(
///     Incoming::new(Format::Iso0, &terminal, Some(&pan)),
///     Outgoing::new(Format::Iso4, &zone, Some(&pan)),
/// )
/// .translate(&received, &mut rng)?;
/// # let pin = Format::Iso4.decipher(&zone, &forwarded, Some(&pan))?;
/// # assert_eq!(pin.expose_digits().as_str(), "1234");
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
pub struct Translation<'a, I, O> {
    incoming: Incoming<'a, I>,
    outgoing: Outgoing<'a, O>,
    exceptions: Exceptions,
}

impl<'a, I, O> Translation<'a, I, O> {
    /// A translation with no exception to the rules.
    #[must_use]
    pub const fn new(incoming: Incoming<'a, I>, outgoing: Outgoing<'a, O>) -> Self {
        Self { incoming, outgoing, exceptions: Exceptions::NONE }
    }

    /// Lets a legacy format come in; it leaves as format 0, 3 or 4.
    ///
    /// # Security
    /// Most legacy formats are not bound to a PAN, and some hardly tell a wrong key: whoever can put a block into a message
    /// of another card has its PIN verified there. For the replacement of old devices, one link at a time.
    #[must_use]
    pub const fn allow_legacy_input(mut self) -> Self {
        self.exceptions.legacy_input = true;
        self
    }

    /// Lets the PAN change: a card that is issued anew with the PIN that it had, a payment token that becomes the PAN.
    ///
    /// # Security
    /// Whoever chooses the PANs can move a customer's PIN to a card of his own, and learn its digits by what is refused. The
    /// pair of PANs has to come from the issuer or the token's vault, never from the message that brought the block.
    #[must_use]
    pub const fn allow_pan_change(mut self) -> Self {
        self.exceptions.pan_change = true;
        self
    }
}

impl<I, O> Translation<'_, I, O>
where
    I: BlockCipherDecrypt<BlockSize: PinBlockSize>,
    O: BlockCipherEncrypt<BlockSize: PinBlockSize>,
{
    /// Says whether the rules allow this, for a host that wants to know before the first block comes.
    ///
    /// # Errors
    /// First of all the rules: [`Error::TranslationOfFormat2`] if either side has format 2; [`Error::TranslationToLegacy`] if a
    /// legacy format is to go out; [`Error::TranslationFromLegacy`] if one comes in without
    /// [`allow_legacy_input`](Self::allow_legacy_input); [`Error::TranslationToFormat1`] if anything but format 1 is to become
    /// format 1; [`Error::TranslationPanChange`] if both sides have a PAN, not the same, without
    /// [`allow_pan_change`](Self::allow_pan_change).
    ///
    /// Then either side, the incoming one first: [`Error::UnsupportedFormat`] if 8 zero bytes cannot follow its block;
    /// [`Error::CipherBlockSize`] if the cipher's block is not of the size that the format needs; [`Error::PanMissing`] if a
    /// format that [needs a PAN](crate::Format::needs_pan) has none.
    ///
    /// # Examples
    /// ```
    /// use des::{TdesEde2, cipher::KeyInit};
    /// use pinblock::{Error, Format, Pan, translate::{Incoming, Outgoing, Translation}};
    ///
    /// # fn main() -> Result<(), pinblock::Error> {
    /// let key = TdesEde2::new(&[0x24; 16].into());
    /// let pan = Pan::from_ascii(b"4111111111111111")?;
    /// let unbinding = Translation::new(
    ///     Incoming::new(Format::Iso0, &key, Some(&pan)),
    ///     Outgoing::new(Format::Iso1, &key, None),
    /// );
    /// assert_eq!(unbinding.check(), Err(Error::TranslationToFormat1));
    /// # Ok(())
    /// # }
    /// ```
    /// Source: ISO 9564-1.
    pub fn check(&self) -> Result<(), Error> {
        let (from, to) = (&self.incoming.0, &self.outgoing.0);
        self.exceptions.allow_formats(from.format, to.format)?;
        self.exceptions.allow_pans(from.pan, to.pan)?;
        from.check()?;
        to.check()
    }

    /// Deciphers a block on one side and enciphers its PIN on the other, the fill drawn from `rng` where the format has a random one.
    ///
    /// The block that comes back is as long as the outgoing cipher's: 8 or 16 bytes.
    ///
    /// # Errors
    /// Those of [`check`](Self::check), before the block is looked at; [`Error::BlockLength`] if it is not as long as the incoming
    /// cipher's; [`Error::InvalidBlock`] if it holds no PIN under that key and PAN, whatever the reason; [`Error::Rng`] if
    /// the generator fails.
    ///
    /// # Examples
    /// See [`Translation`].
    ///
    /// Source: ISO 9564-1.
    pub fn translate<R>(&self, block: &[u8], rng: &mut R) -> Result<Block<O>, Error>
    where
        R: TryCryptoRng + ?Sized,
    {
        self.outgoing.encipher(&self.open(block)?, rng)
    }

    /// As [`translate`](Self::translate), with a given fill: nibbles, one a byte.
    ///
    /// Format 0 takes none, formats 1 and 3 as many as 14 less the PIN's length, format 4 takes 16.
    ///
    /// # Errors
    /// Those of [`translate`](Self::translate) but [`Error::Rng`]; [`Error::FillLength`] if there are more or fewer nibbles;
    /// [`Error::FillValue`] if one is above F, or for format 3 below A.
    ///
    /// # Security
    /// For tests: a fill that repeats shows which PINs are the same, and which length is taken shows the PIN's.
    ///
    /// Source: ISO 9564-1.
    pub fn translate_with_fill(&self, block: &[u8], fill: &[u8]) -> Result<Block<O>, Error> {
        self.outgoing.encipher_with_fill(&self.open(block)?, fill)
    }

    fn open(&self, block: &[u8]) -> Result<Pin, Error> {
        self.check()?;
        self.incoming.decipher(block)
    }
}

/// Shows the two formats alone.
impl<I, O> fmt::Debug for Translation<'_, I, O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.incoming.0.format, self.outgoing.0.format);
        write!(f, "Translation({from} to {to})")
    }
}
