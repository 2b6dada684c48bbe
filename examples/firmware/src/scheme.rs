//! How a terminal protects what it sends: AES DUKPT or TDES DUKPT.

mod aes;
mod tdes;

use dukpt::Key;
use dukpt::mac::Tag;
use dukpt::terminal::Standard;
use iso8583_wire::Spec;
use pinblock::{Pan, Pin};

use crate::Error;

pub use self::aes::{Aes128Dukpt, Aes256Dukpt};
pub use self::tdes::TdesDukpt;

/// Bytes of field 64.
pub const MAC_LEN: usize = 8;

/// A standard of DUKPT with keys of `N` bytes, and what goes with it.
pub trait Scheme<const N: usize> {
    /// The terminal's state machine.
    type Standard: Standard<N>;
    /// A key serial number as it stands in a message.
    type KsnBytes: AsRef<[u8]>;
    /// An enciphered PIN block.
    type PinBlock: AsRef<[u8]>;

    /// For the transcript.
    const NAME: &'static str;
    /// The messages, with room for this PIN block.
    const DIALECT: &'static Spec<'static>;
    /// A snapshot of zeros.
    const BLANK: <Self::Standard as Standard<N>>::Image;

    /// Takes the initial key and its id out of a key block, under the key that the terminal was made with.
    ///
    /// # Errors
    /// [`Error::KeyBlock`]: it is no authentic block, or its key is not for this.
    fn initial_key(
        block: &[u8],
        kbpk: &[u8],
    ) -> Result<Key<<Self::Standard as Standard<N>>::Initial, N>, Error>;

    fn ksn_bytes(ksn: &Ksn<Self, N>) -> Self::KsnBytes;

    fn counter(ksn: &Ksn<Self, N>) -> u32;

    /// Enciphers the PIN block; only format 4 needs the fill.
    fn pin_block(
        key: &TransactionKey<Self, N>,
        pin: &Pin,
        pan: &Pan,
        fill: &[u8; 8],
    ) -> Self::PinBlock;

    /// The code of a message.
    ///
    /// # Errors
    /// [`Error::Key`].
    fn mac(key: &TransactionKey<Self, N>, covered: &[u8]) -> Result<Tag, Error>;
}

/// A scheme's key serial number.
pub type Ksn<S, const N: usize> = <<S as Scheme<N>>::Standard as Standard<N>>::Ksn;

/// A scheme's transaction key.
pub type TransactionKey<S, const N: usize> =
    Key<<<S as Scheme<N>>::Standard as Standard<N>>::Transaction, N>;
