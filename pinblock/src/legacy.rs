//! PIN blocks from before ISO 9564-1: of IBM, Diebold, NCR and Docutel machines, of Visa and Eurocheque.
//!
//! | module | format | block | fill |
//! |---|---|---|---|
//! | [`iso0`](crate::iso0) | ANSI X9.8, ECI-1, VISA-1 | as format 0 | `F` |
//! | [`iso1`](crate::iso1) | ECI-4 | as format 1 | random |
//! | [`eci2`] | ECI-2 | `PPPP RRRRRRRRRRRR` | R: `0` to `F` |
//! | [`eci3`] | ECI-3 | `L PPPP/0/0 RRRRRRRRR` | R: `0` to `F` |
//! | [`visa2`] | VISA-2, Docutel | `L PPPP/0/0 DDDDDDDDD` | D: `0` to `9` |
//! | [`visa3`] | VISA-3 | `P…P F X…X` | one X, `0` to `F` |
//! | [`visa4`] | VISA-4, PLUS | as format 0, with the PAN's leftmost digits | `F` |
//! | [`oem1`] | OEM-1, Diebold, NCR, IBM 3624 | `P…P X…X` | one X, `0` to `F`, no digit of the PIN |
//! | [`ibm3621`] | IBM 3621, 5906 | `SSSS P…P X…X` | as `oem1`; S: sequence number |
//! | [`ibm4704epp`] | IBM 4704 encrypting PIN pad | `L P…P X…X SS` | `F`; S: sequence number |
//!
//! P is a digit of the PIN, L the PIN's length; 16 nibbles in all. [`Format`](crate::Format) has all of them, under each of
//! their names. Each module has `encode` and `decode` for clear blocks, `encipher` and `decipher` for ciphers with blocks of
//! 8 bytes.
//!
//! # Security
//! For old machines and their hosts only. But for VISA-4 no block is tied to a card, most are the same for the same PIN, and
//! a wrong key may go unnoticed. Nothing new should write them.
//!
//! Source: IBM CCA, PIN block formats; Thales payShield, PIN block formats 01 to 04; EFTlab, complete list of PIN-blocks.

mod counted;
pub mod eci2;
pub mod eci3;
pub mod ibm3621;
pub mod ibm4704epp;
pub mod oem1;
mod repeated;
pub mod visa2;
pub mod visa3;
pub mod visa4;

pub use self::{oem1 as diebold, oem1 as ibm3624, visa2 as docutel2};

/// Adds the enciphering functions to a module, given what its `encode` takes besides PIN and generator, and its kind of fill.
macro_rules! enciphered {
    ([$($name:ident: $kind:ty),*], $fill:ty) => {
        /// Makes the block, its fill drawn from `rng`, and enciphers it.
        ///
        /// # Errors
        /// Those of [`encode`].
        ///
        /// Source: as [`encode`].
        pub fn encipher<C, R>(
            cipher: &C,
            pin: &$crate::Pin,
            $($name: $kind,)*
            rng: &mut R,
        ) -> Result<[u8; 8], $crate::Error>
        where
            C: cipher::BlockCipherEncrypt<BlockSize = cipher::consts::U8>,
            R: rand_core::TryCryptoRng + ?Sized,
        {
            Ok(encode(pin, $($name,)* rng)?.encipher(cipher))
        }

        /// Makes the block with a given fill and enciphers it.
        ///
        /// # Errors
        /// Those of [`encode_with_fill`].
        ///
        /// # Security
        /// As with [`encode_with_fill`].
        ///
        /// Source: as [`encode`].
        pub fn encipher_with_fill<C>(
            cipher: &C,
            pin: &$crate::Pin,
            $($name: $kind,)*
            fill: $fill,
        ) -> Result<[u8; 8], $crate::Error>
        where
            C: cipher::BlockCipherEncrypt<BlockSize = cipher::consts::U8>,
        {
            Ok(encode_with_fill(pin, $($name,)* fill)?.encipher(cipher))
        }

        $crate::legacy::deciphered!();
    };
}

/// Adds `decipher` to a module whose `decode` takes a block and no more.
macro_rules! deciphered {
    () => {
        /// Deciphers a block and reads it.
        ///
        /// # Errors
        /// [`Error::InvalidBlock`] if this gives no PIN, whatever the reason.
        ///
        /// # Security
        /// A wrong key goes unnoticed now and then: the block has little redundancy.
        ///
        /// Source: as [`encode`].
        pub fn decipher<C>(cipher: &C, block: &[u8; 8]) -> Result<$crate::Pin, $crate::Error>
        where
            C: cipher::BlockCipherDecrypt<BlockSize = cipher::consts::U8>,
        {
            decode($crate::ClearBlock::decipher(cipher, block).expose_bytes())
        }
    };
}

use {deciphered, enciphered};
