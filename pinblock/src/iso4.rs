//! Format 4: a 16-byte PIN field with 8 random bytes, enciphered twice with a 16-byte PAN field between.
//!
//! PIN field: `4 L P P P P P/A … A A`, then 8 random bytes. PAN field: how many digits the PAN has above 12, then its digits,
//! then zeros; a PAN of fewer than 12 digits is zero-filled on the left to 12. The block is E(E(PIN field) xor PAN field).
//!
//! Source: ISO 9564-1.

use cipher::{BlockCipherDecrypt, BlockCipherEncrypt, consts::U16};
use rand_core::TryCryptoRng;
use zeroize::Zeroizing;

use crate::{
    ClearBlock, Error, Pan, Pin, fill,
    pin_field::{self, FillRule},
};

const CONTROL: u8 = 4;
const FILL: u64 = 0xAAAA_AAAA_AAAA_AAAA;

/// Makes the clear PIN field, its last 8 bytes drawn from `rng`.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// Source: ISO 9564-1.
pub fn encode_pin_field<R>(pin: &Pin, rng: &mut R) -> Result<ClearBlock<16>, Error>
where
    R: TryCryptoRng + ?Sized,
{
    Ok(encode_pin_field_with_fill(pin, &fill::random(rng)?))
}

/// Makes the clear PIN field, its last 8 bytes given.
///
/// # Security
/// For tests: bytes that repeat make equal PINs of one card look equal.
///
/// Source: ISO 9564-1.
#[inline]
#[must_use]
pub fn encode_pin_field_with_fill(pin: &Pin, fill: &[u8; 8]) -> ClearBlock<16> {
    ClearBlock::new(pin_field_bytes(pin, fill))
}

#[inline]
fn pin_field_bytes(pin: &Pin, fill: &[u8; 8]) -> [u8; 16] {
    let head = u128::from(pin_field::assemble(CONTROL, pin, FILL));
    ((head << 64) | u128::from(u64::from_be_bytes(*fill))).to_be_bytes()
}

/// Reads a clear PIN field; the last 8 bytes may be anything.
///
/// # Errors
/// [`Error::InvalidBlock`] if the format, the length, a digit or the fill of A is wrong.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decode_pin_field(field: &[u8; 16]) -> Result<Pin, Error> {
    let [head @ .., _, _, _, _, _, _, _, _] = field;
    pin_field::disassemble(u64::from_be_bytes(*head), CONTROL, FillRule::Only(FILL)).into_result()
}

/// Makes the clear PAN field.
///
/// # Examples
/// ```
/// use pinblock::{Pan, iso4};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let field = iso4::encode_pan_field(&Pan::from_ascii(b"4111111111111111")?);
/// assert_eq!(field.expose_bytes(), &0x44111111111111111000000000000000_u128.to_be_bytes());
/// # Ok(())
/// # }
/// ```
/// Source: ISO 9564-1.
#[inline]
#[must_use]
pub fn encode_pan_field(pan: &Pan) -> ClearBlock<16> {
    ClearBlock::new(pan.field().to_be_bytes())
}

/// Enciphers a PIN for a PAN, the random bytes drawn from `rng`.
///
/// # Errors
/// [`Error::Rng`] if the generator fails.
///
/// # Examples
/// See the crate's first page.
///
/// Source: ISO 9564-1.
pub fn encipher<C, R>(cipher: &C, pin: &Pin, pan: &Pan, rng: &mut R) -> Result<[u8; 16], Error>
where
    C: BlockCipherEncrypt<BlockSize = U16>,
    R: TryCryptoRng + ?Sized,
{
    Ok(encipher_with_fill(cipher, pin, pan, &fill::random(rng)?))
}

/// Enciphers a PIN for a PAN, the random bytes given.
///
/// # Security
/// For tests: bytes that repeat make equal PINs of one card look equal.
///
/// Source: ISO 9564-1.
#[inline]
#[must_use]
pub fn encipher_with_fill<C>(cipher: &C, pin: &Pin, pan: &Pan, fill: &[u8; 8]) -> [u8; 16]
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    let pan_field = pan.field();
    let mut block = pin_field_bytes(pin, fill);
    cipher.encrypt_block((&mut block).into());
    block = combine(&block, pan_field);
    cipher.encrypt_block((&mut block).into());
    block
}

/// Deciphers a block that was enciphered for this PAN.
///
/// # Errors
/// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason.
///
/// # Security
/// Another PAN is as another key: nothing tells which of the two was wrong.
///
/// Source: ISO 9564-1.
#[inline]
pub fn decipher<C>(cipher: &C, block: &[u8; 16], pan: &Pan) -> Result<Pin, Error>
where
    C: BlockCipherDecrypt<BlockSize = U16>,
{
    let pan_field = pan.field();
    let mut block = Zeroizing::new(*block);
    cipher.decrypt_block((&mut *block).into());
    *block = combine(&block, pan_field);
    cipher.decrypt_block((&mut *block).into());
    decode_pin_field(&block)
}

/// Puts the PAN field to a block by exclusive or.
#[inline]
fn combine(block: &[u8; 16], pan_field: u128) -> [u8; 16] {
    (u128::from_be_bytes(*block) ^ pan_field).to_be_bytes()
}
