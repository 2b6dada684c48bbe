//! TDES DUKPT: keys of 16 bytes, key serial numbers of 10.
//!
//! ```text
//! Bdk --initial key id--> InitialKey --counter--> TransactionKey --variant--> PinKey
//!                                                                             MacRequestKey, MacResponseKey
//!                                                            variant, enciphered --> DataRequestKey, DataResponseKey
//! ```
//!
//! # Examples
//! ```
//! # fn main() -> Result<(), dukpt::Error> {
//! use dukpt::mac::Padding;
//! use dukpt::tdes::{Bdk, Ksn};
//! use hex_literal::hex;
//!
//! let bdk = Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210"));
//! let ksn = Ksn::from_bytes(hex!("FFFF9876543210E00011"));
//! let transaction = bdk.initial_key(ksn.initial_key_id()).transaction_key(&ksn)?;
//!
//! let pin_cipher = transaction.pin_key().cipher::<des::TdesEde2>();
//! let request = transaction.mac_request_key().retail_mac(Padding::Method1);
//! request.chain("4012345678909D987").verify(&hex!("F094AF93"), 4)?;
//! # Ok(()) }
//! ```
//!
//! Source: ANSI X9.24-1:2009.

mod batch;
mod derivation;
#[cfg(feature = "explain")]
mod explain;
mod handle;
mod key_cache;
mod ksn;
mod ksn_layout;
pub mod role;
mod terminal;

use crate::Error;
use crate::key::{Key, Role, Tdes};
use derivation::Variant;

pub use batch::{TransactionKeys, transaction_keys};
pub use handle::KeyForm;
pub use key_cache::KeyCache;
pub use ksn::{InitialKeyId, Ksn};
pub use ksn_layout::KsnLayout;
pub use terminal::{Pending, Snapshot, Terminal};

/// The base derivation key, from which every terminal's initial key comes.
pub type Bdk = Key<role::Bdk, 16>;
/// A terminal's initial key (also called IPEK).
pub type InitialKey = Key<role::Initial, 16>;
/// The key of one counter value, from which a transaction's working keys come. It does no work itself.
pub type TransactionKey = Key<role::Transaction, 16>;
/// Enciphers a transaction's PIN block.
pub type PinKey = Key<role::Pin, 16>;
/// Authenticates the terminal's request, or both directions where only one MAC key is used.
pub type MacRequestKey = Key<role::MacRequest, 16>;
/// Authenticates the host's response.
pub type MacResponseKey = Key<role::MacResponse, 16>;
/// Encrypts the data of the terminal's request, or of both directions where only one data key is used.
pub type DataRequestKey = Key<role::DataRequest, 16>;
/// Encrypts the data of the host's response.
pub type DataResponseKey = Key<role::DataResponse, 16>;

impl Bdk {
    /// Derives a terminal's initial key, which remembers its id.
    ///
    /// # Examples
    /// ```
    /// use dukpt::tdes::{Bdk, Ksn};
    /// use hex_literal::hex;
    ///
    /// let bdk = Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210"));
    /// let ksn = Ksn::from_bytes(hex!("FFFF9876543210E00000"));
    /// let initial_key = bdk.initial_key(ksn.initial_key_id());
    /// assert_eq!(initial_key.expose_bytes(), &hex!("6AC292FAA1315B4D858AB3A3D7D5933A"));
    /// ```
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn initial_key(&self, id: InitialKeyId) -> InitialKey {
        let mut key = InitialKey { bytes: [0; 16], context: id };
        derivation::initial_key::<des::TdesEde2>(&self.bytes, id.to_bytes(), &mut key.bytes);
        key
    }
}

impl InitialKey {
    /// Takes the bytes of the initial key with this id; the caller wipes them.
    ///
    /// Parity bits are kept and ignored.
    #[must_use]
    #[inline]
    pub fn from_bytes(bytes: &[u8; 16], id: InitialKeyId) -> Self {
        Self { bytes: *bytes, context: id }
    }

    /// The id that names this key: the first 59 bits of its terminal's key serial numbers.
    #[must_use]
    #[inline]
    pub fn id(&self) -> InitialKeyId {
        self.context
    }

    /// Derives the transaction key of a key serial number.
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    ///
    /// Source: ANSI X9.24-1:2009.
    pub fn transaction_key(&self, ksn: &Ksn) -> Result<TransactionKey, Error> {
        ksn.check_counter()?;
        self.transaction_key_lax(ksn)
    }

    /// Derives the transaction key of a key serial number, whatever its counter is.
    ///
    /// # Errors
    /// [`Error::InitialKeyMismatch`]: the key serial number has another initial key id than this key.
    ///
    /// # Security
    /// Of counter 0 the transaction key is the initial key itself.
    ///
    /// Source: ANSI X9.24-1:2009.
    pub fn transaction_key_lax(&self, ksn: &Ksn) -> Result<TransactionKey, Error> {
        if self.context != ksn.initial_key_id() {
            return Err(Error::InitialKeyMismatch);
        }
        let mut key = TransactionKey::from_bytes(&self.bytes);
        derivation::transaction_key::<des::Des>(&mut key.bytes, ksn);
        Ok(key)
    }
}

/// Takes the bytes of the initial key with this id; [`Error::KeyLength`] unless there are 16.
impl TryFrom<(&[u8], InitialKeyId)> for InitialKey {
    type Error = Error;

    fn try_from((bytes, id): (&[u8], InitialKeyId)) -> Result<Self, Error> {
        let bytes = bytes.try_into().map_err(|_| Error::KeyLength)?;
        Ok(Self::from_bytes(bytes, id))
    }
}

impl TransactionKey {
    /// The key of the PIN block.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn pin_key(&self) -> PinKey {
        self.variant(Variant::Pin)
    }

    /// The key of the request's MAC, or of both MACs.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn mac_request_key(&self) -> MacRequestKey {
        self.variant(Variant::MacRequest)
    }

    /// The key of the response's MAC.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn mac_response_key(&self) -> MacResponseKey {
        self.variant(Variant::MacResponse)
    }

    /// The key of the request's data, or of both directions' data: the variant enciphered under itself.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn data_request_key(&self) -> DataRequestKey {
        self.enciphered_variant(Variant::DataRequest)
    }

    /// The key of the response's data: the variant enciphered under itself.
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn data_response_key(&self) -> DataResponseKey {
        self.enciphered_variant(Variant::DataResponse)
    }

    /// The variant behind [`data_request_key`](Self::data_request_key), as devices use it that leave out the last
    /// step of the standard.
    #[must_use]
    pub fn data_request_key_without_self_encryption(&self) -> DataRequestKey {
        self.variant(Variant::DataRequest)
    }

    /// The variant behind [`data_response_key`](Self::data_response_key), as devices use it that leave out the last
    /// step of the standard.
    #[must_use]
    pub fn data_response_key_without_self_encryption(&self) -> DataResponseKey {
        self.variant(Variant::DataResponse)
    }

    fn variant<R: Role<Algorithm = Tdes, Context = ()>>(&self, variant: Variant) -> Key<R, 16> {
        let mut key = Key::<R, 16>::from_bytes(&self.bytes);
        variant.apply(&mut key.bytes);
        key
    }

    fn enciphered_variant<R: Role<Algorithm = Tdes, Context = ()>>(
        &self,
        variant: Variant,
    ) -> Key<R, 16> {
        let mut key = self.variant(variant);
        derivation::encipher_under_itself::<des::TdesEde2>(&mut key.bytes);
        key
    }
}
