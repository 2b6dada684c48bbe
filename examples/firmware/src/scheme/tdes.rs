//! TDES DUKPT: a PIN block of format 0, a retail MAC.

use des::TdesEde2;
use dukpt::mac::{Padding, Tag};
use dukpt::tdes::{InitialKey, InitialKeyId, Ksn, TransactionKey};
use iso8583_wire::dialect::iso87;
use iso8583_wire::{BitmapEncoding, Class, Field, MtiEncoding, Prefix, Sensitivity, Spec};
use keyblock::key::TdesInitialKey;
use keyblock::{KeyBlock, Profile, TdesKbpk};
use pinblock::{Pan, Pin, iso0};

use super::{MAC_LEN, Scheme};
use crate::Error;

/// Bytes of the longest TDES key with its length and fill.
const KEY_DATA_LEN: usize = 48;

/// The dialect of `POS_DEMO` with field 52 as 8 bytes and a key serial number of 10 in field 53.
static POS_TDES: Spec<'static> =
    Spec::new("pos-tdes", MtiEncoding::Bcd, BitmapEncoding::Binary, &FIELDS);

static FIELDS: [Option<Field>; 129] = {
    let ksn = Field::variable(Class::B, Prefix::bcd(2), 48).public();
    let chip = Field::variable(Class::B, Prefix::bcd(3), 255).sensitive(Sensitivity::Opaque);
    iso87::with(iso87::with(iso87::BCD_FIELDS, 53, ksn), 55, chip)
};

/// TDES DUKPT.
#[derive(Debug)]
pub enum TdesDukpt {}

impl Scheme<16> for TdesDukpt {
    type Standard = dukpt::key::Tdes;
    type KsnBytes = [u8; 10];
    type PinBlock = [u8; 8];

    const NAME: &'static str = "TDES";
    const DIALECT: &'static Spec<'static> = &POS_TDES;
    const BLANK: [u8; 360] = [0; 360];

    fn initial_key(block: &[u8], kbpk: &[u8]) -> Result<InitialKey, Error> {
        let kbpk = TdesKbpk::new(kbpk)?;
        let mut buffer = [0; KEY_DATA_LEN];
        let block = KeyBlock::parse(block, Profile::X9_143)?;
        let key: TdesInitialKey = block.unwrap_key(&kbpk, &mut buffer)?.to_key()?;
        let bytes = key.expose_array().ok_or(keyblock::Error::KeyLength)?;
        Ok(InitialKey::from_bytes(bytes, InitialKeyId::from_bytes(key.id().to_bytes())))
    }

    fn ksn_bytes(ksn: &Ksn) -> [u8; 10] {
        ksn.to_bytes()
    }

    fn counter(ksn: &Ksn) -> u32 {
        ksn.counter()
    }

    #[inline(never)]
    fn pin_block(key: &TransactionKey, pin: &Pin, pan: &Pan, _: &[u8; 8]) -> [u8; 8] {
        iso0::encipher(&key.pin_key().cipher::<TdesEde2>(), pin, pan)
    }

    #[inline(never)]
    fn mac(key: &TransactionKey, covered: &[u8]) -> Result<Tag, Error> {
        let mac = key.mac_request_key().retail_mac(Padding::Method1);
        Ok(mac.chain(covered).finalize(MAC_LEN)?)
    }
}
