//! A derivation told step by step, for support cases: two sides that get different keys compare their steps.
//!
//! Each step says what it does, which data goes in beside the key of the step before, and holds the key that comes out.
//! The data are no secrets: serial numbers, counters and constants of the standards.
//!
//! # Security
//! `Display` shows no key. Of the keys that are loaded into devices, base and initial key, it shows the check value,
//! which key custodians compare anyway: 3 bytes of an enciphered block of zeros for TDES, 5 bytes of a CMAC of one for
//! AES. Derived keys have none here. No standard gives them one, they are used once and loaded nowhere; and a check value
//! lets whoever holds it test guesses of a key without a transaction of it, and for a MAC key is a part of what CMAC
//! masks its last block with. [`Explanation::expose`] shows every key, which is for test keys.
//!
//! # Examples
//! ```
//! # fn main() -> Result<(), dukpt::Error> {
//! use dukpt::explain::TdesUsage;
//! use dukpt::tdes::{Bdk, Ksn};
//! use hex_literal::hex;
//!
//! let bdk = Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210"));
//! let explanation = bdk.explain(&Ksn::from_bytes(hex!("FFFF9876543210E00011")), TdesUsage::Pin)?;
//! assert_eq!(
//!     explanation.to_string(),
//!     "\
//! TDES DUKPT, key serial number FFFF9876543210E00011
//! 1  base key, as given
//!    check value  08D7B4
//! 2  initial key: its id under the base key, then under that key's second form
//!    id           FFFF9876543210E0
//!    check value  AF8C07
//! 3  counter bit 4, counter so far 000010: the register under the key before
//!    register     9876543210E00010
//!    key          redacted
//! 4  counter bit 0, counter so far 000011, the transaction key: the register under the key before
//!    register     9876543210E00011
//!    key          redacted
//! 5  PIN key: the mask xored to the transaction key
//!    mask         00000000000000FF00000000000000FF
//!    key          redacted
//! "
//! );
//! # Ok(()) }
//! ```
//!
//! Source: ANSI X9.24-1:2009; ANSI X9.24-3-2017; for check values ANSI X9.143-2021.

pub(crate) mod check_value;
mod tdes_usage;
mod trace;

use crate::Error;
use crate::aes::{KeyType, KeyUsage};
use alloc::vec::Vec;
use core::fmt;
use zeroize::Zeroizing;

pub use tdes_usage::TdesUsage;
pub use trace::Exposed;

/// How one working key comes about, from the base or initial key on.
///
/// Keys are wiped when dropped. `Display` shows none of them, and `Debug` the type's name alone.
pub struct Explanation {
    key_serial_number: Vec<u8>,
    counter: Result<(), Error>,
    steps: Vec<Step>,
}

impl Explanation {
    pub(crate) fn new(ksn: &[u8], counter: Result<(), Error>, steps: Vec<Step>) -> Self {
        Self { key_serial_number: ksn.to_vec(), counter, steps }
    }

    /// The key serial number: 10 bytes for TDES, 12 for AES.
    #[must_use]
    pub fn key_serial_number(&self) -> &[u8] {
        &self.key_serial_number
    }

    /// Whether a terminal may use this counter; one that it may not is explained all the same.
    ///
    /// # Errors
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: it may not.
    pub fn check_counter(&self) -> Result<(), Error> {
        self.counter
    }

    /// The steps; the last one's key is the working key.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The same with every key in clear.
    ///
    /// # Security
    /// For test keys: what is printed here is everything that protects a terminal.
    #[must_use]
    pub fn expose(&self) -> Exposed<'_> {
        Exposed(self)
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explanation")
    }
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// The base key was given; its length in bytes tells AES's types apart.
    BaseKey,
    /// The initial key was given.
    GivenInitialKey,
    /// TDES: the initial key's id is enciphered under the base key for the left half, and under its second form
    /// (C0C0C0C000000000 xored to both halves) for the right one.
    TdesInitialKey,
    /// TDES: a one bit of the counter, the highest first. The register is whitened with the right half of the key
    /// before, enciphered by DES under the left half and whitened again, for the new right half; for the new left half
    /// the same is done under the second form of that key.
    TdesCounterBit {
        /// The bit's place, from 0 for the lowest.
        bit: u32,
        /// The counter's bits down to this one.
        counter: u32,
    },
    /// TDES: a mask is xored to the transaction key. For data keys this is the key without the last step of the standard.
    TdesVariant(TdesUsage),
    /// TDES: each half of the variant is enciphered under the whole of it.
    TdesSelfEncryption(TdesUsage),
    /// AES: derivation data is enciphered under the base key.
    AesInitialKey,
    /// AES: a one bit of the counter, the highest first; derivation data is enciphered under the key before.
    AesCounterBit {
        /// The bit's place, from 0 for the lowest.
        bit: u32,
        /// The counter's bits down to this one.
        counter: u32,
    },
    /// AES: derivation data is enciphered under the transaction key.
    AesWorkingKey {
        /// What the key is for.
        usage: KeyUsage,
        /// Its algorithm and length.
        key_type: KeyType,
    },
}

/// One step of a derivation, and the key that it gives.
///
/// `Debug` shows what is done and no key.
pub struct Step {
    operation: Operation,
    data: Vec<u8>,
    check_value: Option<Vec<u8>>,
    // On the heap, so that moving a step leaves no copy behind.
    key: Zeroizing<Vec<u8>>,
}

impl Step {
    /// A step that gives a derived key.
    pub(crate) fn new(operation: Operation, data: &[u8], key: &[u8]) -> Self {
        let key = Zeroizing::new(key.to_vec());
        Self { operation, data: data.to_vec(), check_value: None, key }
    }

    /// A step that gives a key that devices are loaded with.
    pub(crate) fn loaded(
        operation: Operation,
        data: &[u8],
        key: &[u8],
        check_value: Option<Vec<u8>>,
    ) -> Self {
        Self { check_value, ..Self::new(operation, data, key) }
    }

    /// What is done.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// What goes in beside the key of the step before; no secret.
    ///
    /// TDES: the 8 bytes of the initial key's id or of the register, or the 16 of the mask. AES: 16 bytes of derivation
    /// data, or 32 for a key of more than 16 bytes. Empty for a key that was given and for the self-encryption.
    #[must_use]
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// The check value of a base or initial key: 3 bytes for TDES, 5 for AES. Derived keys have none.
    #[must_use]
    pub fn check_value(&self) -> Option<&[u8]> {
        self.check_value.as_deref()
    }

    /// The key that the step gives, in clear.
    ///
    /// # Security
    /// For test keys, like [`Explanation::expose`].
    #[must_use]
    pub fn expose_key(&self) -> &[u8] {
        &self.key
    }
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Step({:?})", self.operation)
    }
}
