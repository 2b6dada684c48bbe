//! A message that came in: read, and its MAC verified, before anything else of it is believed.

use core::fmt;

use dukpt::aes::{Bdk, Ksn, TransactionKey};
use iso8583_wire::dialect::POS_DEMO;
use iso8583_wire::{MessageRef, Mti};

use super::records::Terminal;
use super::store::Store;
use crate::error::Error;
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

impl<'a> Request<'a> {
    /// Reads a message and verifies its MAC.
    pub(super) fn verify(store: &Store, bytes: &'a [u8]) -> Result<Result<Self, Refusal>, Error> {
        let message = match MessageRef::parse(&POS_DEMO, bytes) {
            Ok(message) => message,
            Err(error) => return Ok(Err(Refusal::Unreadable(error))),
        };
        if message.mti().response().is_none() {
            return Ok(Err(Refusal::NotARequest(message.mti())));
        }
        let (Some(mac), Some(covered)) = (message.mac(), message.mac_input()) else {
            return Ok(Err(Refusal::NoMac));
        };
        let ksn = message.get(fields::KSN).and_then(|field| Ksn::try_from(field.data()).ok());
        let Some(ksn) = ksn else {
            return Ok(Err(Refusal::NoKsn));
        };
        let id = ksn.initial_key_id();
        let (Some(terminal), Some(bdk)) =
            (store.terminal(id.to_bytes())?, store.base_key(id.bdk_id())?)
        else {
            return Ok(Err(Refusal::UnknownKsn));
        };
        let key = match Bdk::from_bytes(&bdk).initial_key(id).transaction_key(&ksn) {
            Ok(key) => key,
            Err(error) => return Ok(Err(Refusal::UnusableKsn(error))),
        };
        // The terminal's generation key is the key that the host verifies with.
        let mac_key = key.mac_generation_key();
        if mac_key.cmac().chain(covered).verify(mac.data(), MAC_LENGTH).is_err() {
            return Ok(Err(Refusal::WrongMac));
        }
        Ok(Ok(Self { message, ksn, key, terminal }))
    }
}
