//! A terminal's initial key on its way to the terminal.

use dukpt::aes::{Bdk, InitialKeyId};
use keyblock::{
    AesKbpk, Algorithm, Exportability, Header, KeyUsage, ModeOfUse, OptionalBlock, Profile,
    Version, Wrap,
};
use rand_core::TryCryptoRng;

use crate::error::Error;
use crate::test_data;

/// Characters of the block: a header of 16, IK and PB in 32, 48 bytes with the key and 16 with the MAC, in hex.
const BLOCK_LEN: usize = 176;

/// Wraps the initial key of a terminal under the key that the terminal was made with: only it can open the block, and only to derive from
/// what is in it.
pub(super) fn initial_key_block<R: TryCryptoRng>(
    bdk: &Bdk<16>,
    terminal: InitialKeyId,
    rng: &mut R,
) -> Result<String, Error> {
    let header = Header::new(
        Version::D,
        KeyUsage::InitialDukpt,
        Algorithm::Aes,
        ModeOfUse::Derive,
        Exportability::NonExportable,
    );
    let initial_key = bdk.initial_key(terminal);
    let id = terminal.to_string();
    let optional = [OptionalBlock::new(*b"IK", id.as_bytes())?];
    let mut text = [0; BLOCK_LEN];
    let kbpk = AesKbpk::new(&test_data::KBPK)?;
    let block = Wrap::new(header, Profile::X9_143).optional_blocks(&optional).wrap_key(
        &kbpk,
        initial_key.expose_bytes(),
        rng,
        &mut text,
    )?;
    Ok(String::from_utf8_lossy(block).into_owned())
}
