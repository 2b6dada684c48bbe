use super::derivation::{self, BaseKey, DerivationData};
use super::{Aes, AnyKeyEncryptionKey, InitialKeyId, KeyType, KeyUsage, Ksn, TransactionKey, role};
use crate::Error;
use crate::key::Key;
use crate::terminal::sealed::Machine;
use crate::terminal::{self, Standard, image_len};

/// A terminal: 32 intermediate derivation keys of `N` bytes and a 32-bit counter.
///
/// See [`terminal::Terminal`] for what it does.
///
/// Source: ANSI X9.24-3-2017.
pub type Terminal<const N: usize> = terminal::Terminal<Aes, N>;
/// A reserved counter and its key; see [`terminal::Pending`].
pub type Pending<'t, const N: usize> = terminal::Pending<'t, Aes, N>;
/// A terminal as 536, 792 or 1,048 bytes, keys among them; see [`terminal::Snapshot`].
pub type Snapshot<const N: usize> = terminal::Snapshot<Aes, N>;

const REGISTERS: usize = 32;

/// AES with a terminal's keys of `N` bytes: 16, 24 or 32. What code that is generic over the length asks of [`Aes`].
///
/// # Examples
/// ```
/// use dukpt::aes::{Aes, Ksn, Terminal, TerminalKey};
///
/// fn next<const N: usize>(terminal: &Terminal<N>) -> Option<Ksn>
/// where
///     Aes: TerminalKey<N>,
/// {
///     terminal.next_ksn().ok()
/// }
/// ```
pub trait TerminalKey<const N: usize>:
    BaseKey<N>
    + Standard<
        N,
        InitialKeyId = InitialKeyId,
        Ksn = Ksn,
        Initial = role::Initial,
        Transaction = role::Transaction,
    >
{
}

impl<const N: usize> Terminal<N>
where
    Aes: TerminalKey<N>,
{
    /// The key under which this terminal is sent its next initial key: the key encryption key of counter FFFFFFFF, which
    /// no transaction uses.
    ///
    /// A terminal keeps no initial key to derive it from, and needs none: until the last counter is reserved,
    /// one of its registers is on the way to FFFFFFFF. It takes 33 derivations at most, and changes nothing. The reference
    /// source published with the standard takes the key encryption key of the current counter instead, which is
    /// [`TransactionKey::key_encryption_key`](super::TransactionKey::key_encryption_key) of any transaction; ask the host's
    /// operator which one it sends.
    ///
    /// # Errors
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than the terminal's keys. [`Error::NoInitialKey`]: none was
    /// loaded. [`Error::CounterExhausted`]: the last counter was reserved, and with it went the way to this key.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{InitialKey, InitialKeyId, KeyType, Terminal};
    ///
    /// let id = InitialKeyId::from_bytes([7; 8]);
    /// let initial_key = InitialKey::from_bytes(&[0x42; 16], id);
    /// let host = initial_key.update_key(KeyType::Aes128)?;
    /// let terminal = Terminal::new(&initial_key).update_key(KeyType::Aes128)?;
    /// assert_eq!(terminal.expose_bytes(), host.expose_bytes());
    /// # Ok(()) }
    /// ```
    ///
    /// Source: ANSI X9.24-3-2017 and its supplement of test vectors.
    pub fn update_key(&self, key_type: KeyType) -> Result<AnyKeyEncryptionKey, Error> {
        let id = self.initial_key_id().ok_or(Error::NoInitialKey)?;
        let mut key = TransactionKey { bytes: [0; N], context: Ksn::new(id, u32::MAX) };
        self.highest(&mut key.bytes)?;
        key.derive_of_type(key_type)
    }
}

macro_rules! terminal {
    ($($len:literal: $algorithm:literal;)+) => {$(
        impl Machine<$len> for Aes {
            type Registers = [[u8; $len]; REGISTERS];
            type Parent = <Aes as BaseKey<$len>>::DerivationCipher;

            const ALGORITHM: u8 = $algorithm;
            const COUNTER_MASK: u32 = u32::MAX;
            const MAX_ONE_BITS: u32 = 16;
            const WIPED: Self::Registers = [[0; $len]; REGISTERS];

            #[inline]
            fn parent(key: &[u8; $len]) -> Self::Parent {
                Aes::derivation_cipher(key)
            }

            #[inline]
            fn child(parent: &Self::Parent, id: [u8; 8], counter: u32, key: &mut [u8; $len]) {
                let ksn = Ksn::new(InitialKeyId::from_bytes(id), counter);
                let key_type = <Aes as BaseKey<$len>>::KEY_TYPE;
                let data = DerivationData::transaction(KeyUsage::KeyDerivation, key_type, &ksn);
                derivation::derive(parent, data, key);
            }
        }

        impl TerminalKey<$len> for Aes {}

        impl Standard<$len> for Aes {
            type InitialKeyId = InitialKeyId;
            type Ksn = Ksn;
            type Initial = role::Initial;
            type Transaction = role::Transaction;
            type Image = [u8; image_len(REGISTERS, $len)];

            const BLANK: Self::Image = [0; image_len(REGISTERS, $len)];

            fn id_bytes(id: InitialKeyId) -> [u8; 8] {
                id.to_bytes()
            }

            fn id(bytes: [u8; 8]) -> InitialKeyId {
                InitialKeyId::from_bytes(bytes)
            }

            fn ksn(id: InitialKeyId, counter: u32) -> Ksn {
                Ksn::new(id, counter)
            }

            fn counter(ksn: &Ksn) -> u32 {
                ksn.counter()
            }

            fn id_of(ksn: &Ksn) -> InitialKeyId {
                ksn.initial_key_id()
            }

            fn transaction_key(ksn: Ksn) -> TransactionKey<$len> {
                Key { bytes: [0; $len], context: ksn }
            }
        }
    )+};
}

terminal! {
    16: 2;
    24: 3;
    32: 4;
}
