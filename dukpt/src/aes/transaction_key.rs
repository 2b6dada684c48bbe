use super::derivation::{self, BaseKey, DerivationData, DerivedFrom};
use super::role::{UsageWith, Working};
use super::{
    Aes, DataBothKey, DataDecryptionKey, DataEncryptionKey, KeyDerivationKey, KeyEncryptionKey,
    KeyOfAnyType, KeyType, KeyUsage, MacBothKey, MacGenerationKey, MacVerificationKey, PinKey,
    TransactionKey, WorkingKey,
};
use crate::{Error, Key};

impl<const N: usize> TransactionKey<N>
where
    Aes: BaseKey<N>,
{
    /// The key of the PIN block.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn pin_key(&self) -> PinKey<N> {
        self.own_size()
    }

    /// The key of the MAC that the terminal makes and the host verifies.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn mac_generation_key(&self) -> MacGenerationKey<N> {
        self.own_size()
    }

    /// The key of the MAC that the host makes and the terminal verifies.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn mac_verification_key(&self) -> MacVerificationKey<N> {
        self.own_size()
    }

    /// The key of both directions' MACs.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn mac_both_key(&self) -> MacBothKey<N> {
        self.own_size()
    }

    /// The key of the data that the terminal encrypts and the host decrypts.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn data_encryption_key(&self) -> DataEncryptionKey<N> {
        self.own_size()
    }

    /// The key of the data that the host encrypts and the terminal decrypts.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn data_decryption_key(&self) -> DataDecryptionKey<N> {
        self.own_size()
    }

    /// The key of both directions' data.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn data_both_key(&self) -> DataBothKey<N> {
        self.own_size()
    }

    /// The key that protects other keys.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn key_encryption_key(&self) -> KeyEncryptionKey<N> {
        self.own_size()
    }

    /// The key that derives other keys.
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn key_derivation_key(&self) -> KeyDerivationKey<N> {
        self.own_size()
    }

    /// The working key of the type that the caller expects, of any algorithm and length that is no stronger than this
    /// key.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{InitialKey, Ksn, PinKey, Tdes};
    ///
    /// # let ksn = Ksn::from_bytes([1; 12]);
    /// # let initial_key = InitialKey::from_bytes(&[0x42; 16], ksn.initial_key_id());
    /// let pin_key: PinKey<24, Tdes> = initial_key.transaction_key(&ksn)?.derive();
    /// # Ok(()) }
    /// ```
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn derive<U, A, const M: usize>(&self) -> Key<Working<U, A>, M>
    where
        U: UsageWith<A>,
        A: DerivedFrom<N, M>,
    {
        self.typed(A::KEY_TYPE)
    }

    /// The working key of a usage that the caller expects, and of a type that is known at run time only.
    ///
    /// # Errors
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than this key.
    /// [`Error::UsageNotAllowed`]: keys of this type do not have this usage.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{AnyPinKey, InitialKey, Ksn};
    ///
    /// # let ksn = Ksn::from_bytes([1; 12]);
    /// # let initial_key = InitialKey::from_bytes(&[0x42; 16], ksn.initial_key_id());
    /// let key_type = "TDES2".parse()?;
    /// let pin_key: AnyPinKey = initial_key.transaction_key(&ksn)?.derive_of_type(key_type)?;
    /// let pin_cipher = pin_key.cipher::<des::TdesEde2>()?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn derive_of_type<K: KeyOfAnyType>(&self, key_type: KeyType) -> Result<K, Error> {
        K::derived_from(self, key_type)
    }

    /// The working key of a usage and a type that are known at run time only.
    ///
    /// # Errors
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than this key.
    /// [`Error::UsageNotAllowed`]: keys of this type do not have this usage.
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn working_key(&self, usage: KeyUsage, key_type: KeyType) -> Result<WorkingKey, Error> {
        use WorkingKey as Key;
        Ok(match usage {
            KeyUsage::KeyEncryption => Key::KeyEncryption(self.derive_of_type(key_type)?),
            KeyUsage::Pin => Key::Pin(self.derive_of_type(key_type)?),
            KeyUsage::MacGeneration => Key::MacGeneration(self.derive_of_type(key_type)?),
            KeyUsage::MacVerification => Key::MacVerification(self.derive_of_type(key_type)?),
            KeyUsage::MacBoth => Key::MacBoth(self.derive_of_type(key_type)?),
            KeyUsage::DataEncryption => Key::DataEncryption(self.derive_of_type(key_type)?),
            KeyUsage::DataDecryption => Key::DataDecryption(self.derive_of_type(key_type)?),
            KeyUsage::DataBoth => Key::DataBoth(self.derive_of_type(key_type)?),
            KeyUsage::KeyDerivation => Key::KeyDerivation(self.derive_of_type(key_type)?),
        })
    }

    fn own_size<U: UsageWith<Aes>>(&self) -> Key<Working<U, Aes>, N> {
        self.typed(<Aes as BaseKey<N>>::KEY_TYPE)
    }

    pub(super) fn typed<U, A, const M: usize>(&self, key_type: KeyType) -> Key<Working<U, A>, M>
    where
        U: UsageWith<A>,
    {
        let mut key = Key { bytes: [0; M], context: () };
        self.derive_into(U::USAGE, key_type, &mut key.bytes);
        key
    }

    #[inline]
    fn derive_into(&self, usage: KeyUsage, key_type: KeyType, out: &mut [u8]) {
        let data = DerivationData::transaction(usage, key_type, &self.context);
        derivation::derive_from(&self.bytes, &data, out);
    }
}
