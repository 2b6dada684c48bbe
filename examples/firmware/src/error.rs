//! What stops a PIN pad.

use core::fmt;

use crate::flash::FlashFault;

/// Why there is no message, or no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// The card's data, or the chip data of the message.
    Card(emv_tlv::Error),
    /// The card lacks an element that a purchase needs.
    CardLacks(emv_tlv::Tag),
    /// The PIN or the account number.
    Pin(pinblock::Error),
    /// The key block of the initial key.
    KeyBlock(keyblock::Error),
    /// A key of DUKPT.
    Key(dukpt::Error),
    /// The message.
    Message(iso8583_wire::Error),
    /// The flash did not take what was written.
    Flash(FlashFault),
    /// A page has no room for a snapshot and a record.
    PageTooSmall,
    /// There are keys in flash: their counter would begin again.
    KeysLoaded,
    /// There are no keys in flash.
    NoKeys,
    /// The console did not take a line.
    Console,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card(error) => write!(f, "card: {error}"),
            Self::CardLacks(tag) => write!(f, "the card lacks tag {tag}"),
            Self::Pin(error) => write!(f, "PIN: {error}"),
            Self::KeyBlock(error) => write!(f, "key block: {error}"),
            Self::Key(error) => write!(f, "key: {error}"),
            Self::Message(error) => write!(f, "message: {error}"),
            Self::Flash(FlashFault) => f.write_str("the flash did not take what was written"),
            Self::PageTooSmall => f.write_str("a page has no room for a snapshot and a record"),
            Self::KeysLoaded => f.write_str("there are keys in flash already"),
            Self::NoKeys => f.write_str("there are no keys in flash"),
            Self::Console => f.write_str("the console did not take a line"),
        }
    }
}

impl core::error::Error for Error {}

macro_rules! from {
    ($($error:ty => $variant:ident;)+) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+};
}

from! {
    emv_tlv::Error => Card;
    pinblock::Error => Pin;
    keyblock::Error => KeyBlock;
    dukpt::Error => Key;
    iso8583_wire::Error => Message;
    FlashFault => Flash;
}

impl From<fmt::Error> for Error {
    fn from(_: fmt::Error) -> Self {
        Self::Console
    }
}
