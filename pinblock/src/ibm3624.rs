//! IBM 3624 PINs: a PIN made from a card's validation data, and an offset for a PIN that was chosen or drawn.
//!
//! The validation data are enciphered, each hexadecimal digit of the result is replaced by the decimalisation table's digit in
//! its place, and the leftmost digits of that are the natural PIN. PIN = natural PIN + offset, digit by digit modulo 10.
//! Offset and natural PIN are as long as the PIN; IBM's shorter check lengths, which leave the first digits unchecked, are not
//! offered.
//!
//! # Security
//! Whoever may choose the table, the validation data or the offset of a [`verify`] finds a PIN in a few tries, whatever the
//! limit on tries: all three have to come from the issuer's records, never with the transaction. An offset beside the natural
//! PIN is the PIN.
//!
//! # Examples
//! A random PIN, and its offset to be stored instead of the PIN:
//! ```
//! use des::{TdesEde2, cipher::KeyInit};
//! use pinblock::{
//!     Pan, Pin, PinPolicy,
//!     ibm3624::{self, DecimalisationTable, ValidationData},
//! };
//!
//! # fn main() -> Result<(), pinblock::Error> {
//! # let mut rng = getrandom::SysRng;
//! let pvk = TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into());
//! let table = DecimalisationTable::DEFAULT;
//! let data = ValidationData::from_pan(&Pan::from_ascii(b"4111111111111111")?, 0..15, 0xF)?;
//!
//! let pin = Pin::random(4, &PinPolicy::default(), &mut rng)?;
//! let offset = ibm3624::offset(&pvk, &table, &data, &pin);
//! ibm3624::verify(&pvk, &table, &data, &pin, &offset)?;
//! # Ok(())
//! # }
//! ```
//! Source: IBM Common Cryptographic Architecture, 3624 PIN generation, PIN offset generation and 3624 PIN verification
//! algorithms.

mod decimalisation_table;
mod offset;
mod validation_data;

use cipher::{BlockCipherEncrypt, consts::U8};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::{ClearBlock, Error, Pin, digits};

pub use self::{
    decimalisation_table::DecimalisationTable, offset::Offset, validation_data::ValidationData,
};

/// Makes the natural PIN of 4 to 12 digits: the one whose offset is zeros.
///
/// `cipher` is DES or TDES under the PIN verification key.
///
/// # Errors
/// [`Error::PinLength`] if `length` is not 4 to 12.
///
/// # Examples
/// ```
/// use des::{TdesEde2, cipher::KeyInit};
/// use pinblock::ibm3624::{self, DecimalisationTable, ValidationData};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pvk = TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into());
/// let table = DecimalisationTable::DEFAULT;
/// let data = ValidationData::from_ascii(b"5432101234567890")?;
///
/// let pin = ibm3624::natural_pin(&pvk, &table, &data, 4)?;
/// assert_eq!(pin.expose_digits().as_str(), "8037");
/// # Ok(())
/// # }
/// ```
/// Source: IBM Common Cryptographic Architecture, 3624 PIN generation algorithm.
pub fn natural_pin<C>(
    cipher: &C,
    table: &DecimalisationTable,
    data: &ValidationData,
    length: u8,
) -> Result<Pin, Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    if !(Pin::MIN_LENGTH..=Pin::MAX_LENGTH).contains(&usize::from(length)) {
        return Err(Error::PinLength);
    }
    let intermediate = intermediate_pin(cipher, table, data);
    Ok(Pin::from_packed(*intermediate & digits::places(length), length))
}

/// Makes the offset of a PIN: PIN less natural PIN.
///
/// # Examples
/// ```
/// use des::{TdesEde2, cipher::KeyInit};
/// use pinblock::{Pin, ibm3624::{self, DecimalisationTable, ValidationData}};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pvk = TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into());
/// let table = DecimalisationTable::DEFAULT;
/// let data = ValidationData::from_ascii(b"5432101234567890")?;
///
/// let offset = ibm3624::offset(&pvk, &table, &data, &Pin::from_ascii(b"1234")?);
/// assert_eq!(offset.expose_digits().as_str(), "3207");
/// # Ok(())
/// # }
/// ```
/// Source: IBM Common Cryptographic Architecture, PIN offset generation algorithm.
#[must_use]
pub fn offset<C>(
    cipher: &C,
    table: &DecimalisationTable,
    data: &ValidationData,
    pin: &Pin,
) -> Offset
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let intermediate = intermediate_pin(cipher, table, data);
    let natural = Zeroizing::new(*intermediate & digits::places(pin.length()));
    Offset::from_packed(digits::subtract(pin.packed(), *natural), pin.length())
}

/// Makes the PIN that has this offset: natural PIN and offset.
///
/// # Examples
/// ```
/// use des::{TdesEde2, cipher::KeyInit};
/// use pinblock::ibm3624::{self, DecimalisationTable, Offset, ValidationData};
///
/// # fn main() -> Result<(), pinblock::Error> {
/// let pvk = TdesEde2::new(&0x0123456789ABCDEFFEDCBA9876543210_u128.to_be_bytes().into());
/// let table = DecimalisationTable::DEFAULT;
/// let data = ValidationData::from_ascii(b"5432101234567890")?;
///
/// let offset = Offset::from_ascii(b"3207")?;
/// let pin = ibm3624::pin_from_offset(&pvk, &table, &data, &offset);
/// assert_eq!(pin.expose_digits().as_str(), "1234");
/// # Ok(())
/// # }
/// ```
/// Source: IBM Common Cryptographic Architecture, 3624 PIN verification algorithm.
#[must_use]
pub fn pin_from_offset<C>(
    cipher: &C,
    table: &DecimalisationTable,
    data: &ValidationData,
    offset: &Offset,
) -> Pin
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let intermediate = intermediate_pin(cipher, table, data);
    let natural = Zeroizing::new(*intermediate & digits::places(offset.length()));
    Pin::from_packed(digits::add(*natural, offset.packed()), offset.length())
}

/// Checks a PIN against an offset, in constant time; a natural PIN has an offset of zeros.
///
/// # Errors
/// [`Error::VerificationFailed`] if it is another PIN, or not as long as the offset.
///
/// # Security
/// See the [module](self): table, validation data and offset must not come with the transaction, and tries have to be limited.
///
/// # Examples
/// See the [module](self#examples).
///
/// Source: IBM Common Cryptographic Architecture, 3624 PIN verification algorithm.
pub fn verify<C>(
    cipher: &C,
    table: &DecimalisationTable,
    data: &ValidationData,
    pin: &Pin,
    offset: &Offset,
) -> Result<(), Error>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let matches = pin_from_offset(cipher, table, data, offset).ct_eq(pin);
    if matches.into() { Ok(()) } else { Err(Error::VerificationFailed) }
}

/// The first 14 digits of the decimalised data, where a PIN field has its digits.
fn intermediate_pin<C>(
    cipher: &C,
    table: &DecimalisationTable,
    data: &ValidationData,
) -> Zeroizing<u64>
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let clear = ClearBlock::new(data.packed().to_be_bytes());
    let enciphered = Zeroizing::new(clear.encipher(cipher));
    Zeroizing::new(table.decimalise(u64::from_be_bytes(*enciphered)) >> 8)
}
