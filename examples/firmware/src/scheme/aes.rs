//! AES DUKPT: a PIN block of format 4, a CMAC.

use aes::{Aes128, Aes256};
use dukpt::aes::{Aes, InitialKey, InitialKeyId, Ksn, TransactionKey};
use dukpt::mac::Tag;
use iso8583_wire::Spec;
use iso8583_wire::dialect::POS_DEMO;
use keyblock::key::AesInitialKey;
use keyblock::{AesKbpk, KeyBlock, Profile};
use pinblock::{Pan, Pin, iso4};

use super::{MAC_LEN, Scheme};
use crate::Error;

/// Bytes of the longest AES key with its length and fill.
const KEY_DATA_LEN: usize = 48;

/// AES DUKPT with keys of 16 bytes.
#[derive(Debug)]
pub enum Aes128Dukpt {}

/// AES DUKPT with keys of 32 bytes.
#[derive(Debug)]
pub enum Aes256Dukpt {}

macro_rules! scheme {
    ($($scheme:ident, $name:literal: $len:literal, $cipher:ty, $snapshot:literal;)+) => {$(
        impl Scheme<$len> for $scheme {
            type Standard = Aes;
            type KsnBytes = [u8; 12];
            type PinBlock = [u8; 16];

            const NAME: &'static str = $name;
            const DIALECT: &'static Spec<'static> = &POS_DEMO;
            const BLANK: [u8; $snapshot] = [0; $snapshot];

            fn initial_key(block: &[u8], kbpk: &[u8]) -> Result<InitialKey<$len>, Error> {
                let kbpk = AesKbpk::new(kbpk)?;
                let mut buffer = [0; KEY_DATA_LEN];
                let block = KeyBlock::parse(block, Profile::X9_143)?;
                let key: AesInitialKey = block.unwrap_key(&kbpk, &mut buffer)?.to_key()?;
                let bytes = key.expose_array().ok_or(keyblock::Error::KeyLength)?;
                Ok(InitialKey::from_bytes(bytes, InitialKeyId::from_bytes(key.id().to_bytes())))
            }

            fn ksn_bytes(ksn: &Ksn) -> [u8; 12] {
                ksn.to_bytes()
            }

            fn counter(ksn: &Ksn) -> u32 {
                ksn.counter()
            }

            #[inline(never)]
            fn pin_block(
                key: &TransactionKey<$len>,
                pin: &Pin,
                pan: &Pan,
                fill: &[u8; 8],
            ) -> [u8; 16] {
                iso4::encipher_with_fill(&key.pin_key().cipher::<$cipher>(), pin, pan, fill)
            }

            #[inline(never)]
            fn mac(key: &TransactionKey<$len>, covered: &[u8]) -> Result<Tag, Error> {
                Ok(key.mac_generation_key().cmac().chain(covered).finalize(MAC_LEN)?)
            }
        }
    )+};
}

scheme! {
    Aes128Dukpt, "AES-128": 16, Aes128, 536;
    Aes256Dukpt, "AES-256": 32, Aes256, 1048;
}
