//! A message that came in: read, and its MAC verified, before anything else of it is believed.

use core::fmt;

use dukpt::aes::{Ksn, TransactionKey};
use iso8583_wire::dialect::POS_DEMO;
use iso8583_wire::{MessageRef, Mti};

use super::records::Terminal;
use crate::fields::{self, MAC_LENGTH};

/// A message whose MAC is right, and what the MAC vouches for.
pub(super) struct Request<'a> {
    pub(super) message: MessageRef<'static, 'a>,
    pub(super) ksn: Ksn,
    pub(super) key: TransactionKey<16>,
    pub(super) terminal: Terminal,
}

/// Why a message gets no answer.
#[derive(Debug)]
pub(crate) enum Refusal {
    Unreadable(iso8583_wire::Error),
    NotARequest(Mti),
    NoMac,
    NoKsn,
    UnknownKsn,
    UnusableKsn(dukpt::Error),
    WrongMac,
    CounterNotAbove,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => write!(f, "unreadable message: {error}"),
            Self::NotARequest(mti) => write!(f, "{mti} is not answered"),
            Self::NoMac => f.write_str("no MAC in field 64"),
            Self::NoKsn => f.write_str("no key serial number in field 53"),
            Self::UnknownKsn => f.write_str("unknown key serial number"),
            Self::UnusableKsn(error) => write!(f, "unusable key serial number: {error}"),
            Self::WrongMac => f.write_str("wrong MAC"),
            Self::CounterNotAbove => f.write_str("counter not above the last one"),
        }
    }
}

/// A message that was read, and of which nothing is believed yet.
pub(super) struct Unverified<'a> {
    message: MessageRef<'static, 'a>,
    /// What it says that it was sent under.
    pub(super) ksn: Ksn,
}

impl<'a> Unverified<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let message = MessageRef::parse(&POS_DEMO, bytes).map_err(Refusal::Unreadable)?;
        if message.mti().response().is_none() {
            return Err(Refusal::NotARequest(message.mti()));
        }
        let ksn = message.get(fields::KSN).and_then(|field| Ksn::try_from(field.data()).ok());
        Ok(Self { message, ksn: ksn.ok_or(Refusal::NoKsn)? })
    }

    /// Verifies the MAC under the key of the key serial number.
    pub(super) fn verify(
        self,
        key: TransactionKey<16>,
        terminal: Terminal,
    ) -> Result<Request<'a>, Refusal> {
        let Self { message, ksn } = self;
        let (mac, covered) = message.mac().zip(message.mac_input()).ok_or(Refusal::NoMac)?;
        // The terminal's generation key is the key that the host verifies with.
        let mac_key = key.mac_generation_key();
        let verified = mac_key.cmac().chain(covered).verify(mac.data(), MAC_LENGTH);
        verified.map_err(|_| Refusal::WrongMac)?;
        Ok(Request { message, ksn, key, terminal })
    }
}
