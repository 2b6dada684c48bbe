//! Working keys of one usage whose type is known at run time only.

mod data;
mod mac;
mod pin;

use super::role::{self, UsageWith, Working};
use super::{Aes, BaseKey, Hmac, KeyType, KeyUsage, Tdes, TransactionKey};
use crate::Error;
use crate::key::{Key, sealed::Sealed};
use core::fmt;
use subtle::{Choice, ConstantTimeEq};
use zeroize::ZeroizeOnDrop;

pub use mac::AnyMac;

/// Enciphers a transaction's PIN block, under a type known at run time.
pub type AnyPinKey = AnyCipherKey<role::Pin>;
/// Authenticates what the terminal sends, under a type known at run time.
pub type AnyMacGenerationKey = AnyKey<role::MacGeneration>;
/// Authenticates what the terminal receives, under a type known at run time.
pub type AnyMacVerificationKey = AnyKey<role::MacVerification>;
/// Authenticates both directions, under a type known at run time.
pub type AnyMacBothKey = AnyKey<role::MacBoth>;
/// Encrypts what the terminal sends, under a type known at run time.
pub type AnyDataEncryptionKey = AnyCipherKey<role::DataEncryption>;
/// Encrypts what the terminal receives, under a type known at run time.
pub type AnyDataDecryptionKey = AnyCipherKey<role::DataDecryption>;
/// Encrypts both directions, under a type known at run time.
pub type AnyDataBothKey = AnyCipherKey<role::DataBoth>;
/// Protects other keys, of a type known at run time.
pub type AnyKeyEncryptionKey = AnyKey<role::KeyEncryption>;
/// Derives other keys, of a type known at run time.
pub type AnyKeyDerivationKey = AnyAesKey<role::KeyDerivation>;

/// A working key of one usage, any of whose types may come out of
/// [`derive_of_type`](TransactionKey::derive_of_type): [`AnyPinKey`], [`AnyMacGenerationKey`] and the like.
pub trait KeyOfAnyType: Sealed + Sized {
    /// What such a key is for.
    const USAGE: KeyUsage;

    /// Derives the key of this type: the same as [`derive_of_type`](TransactionKey::derive_of_type).
    ///
    /// # Errors
    /// [`Error::KeyTypeTooStrong`]: the key type is stronger than the transaction key.
    /// [`Error::UsageNotAllowed`]: keys of this type do not have this usage.
    fn derived_from<const N: usize>(
        transaction: &TransactionKey<N>,
        key_type: KeyType,
    ) -> Result<Self, Error>
    where
        Aes: BaseKey<N>;
}

macro_rules! any_key {
    (
        $(#[$doc:meta])*
        $name:ident: $first:ident $(+ $other:ident)*;
        $($variant:ident, $algorithm:ident, $len:literal, $what:literal;)+
    ) => {
        $(#[$doc])*
        #[non_exhaustive]
        pub enum $name<U: UsageWith<$first> $(+ UsageWith<$other>)*> {
            $(#[doc = $what] $variant(Key<Working<U, $algorithm>, $len>),)+
        }

        impl<U: UsageWith<$first> $(+ UsageWith<$other>)*> $name<U> {
            /// What the key is for.
            #[must_use]
            pub fn usage(&self) -> KeyUsage {
                U::USAGE
            }

            /// The key's algorithm and length.
            #[must_use]
            pub fn key_type(&self) -> KeyType {
                match self {
                    $(Self::$variant(_) => KeyType::$variant,)+
                }
            }

            /// The key's bytes, in clear: 16, 24 or 32.
            ///
            /// # Security
            /// From here on nothing keeps the key to its usage, and nothing wipes a copy.
            #[must_use]
            pub fn expose_bytes(&self) -> &[u8] {
                match self {
                    $(Self::$variant(key) => key.expose_bytes(),)+
                }
            }
        }

        impl<U: UsageWith<$first> $(+ UsageWith<$other>)*> Sealed for $name<U> {}

        impl<U: UsageWith<$first> $(+ UsageWith<$other>)*> KeyOfAnyType for $name<U> {
            const USAGE: KeyUsage = U::USAGE;

            fn derived_from<const N: usize>(
                transaction: &TransactionKey<N>,
                key_type: KeyType,
            ) -> Result<Self, Error>
            where
                Aes: BaseKey<N>,
            {
                if key_type.strength() > <Aes as BaseKey<N>>::KEY_TYPE.strength() {
                    return Err(Error::KeyTypeTooStrong);
                }
                match key_type {
                    $(KeyType::$variant => Ok(Self::$variant(transaction.typed(key_type))),)+
                    #[allow(unreachable_patterns, reason = "one of these keys has every type")]
                    _ => Err(Error::UsageNotAllowed),
                }
            }
        }

        /// Compares two keys of one usage: their bytes in constant time, and their type, which is no secret.
        impl<U: UsageWith<$first> $(+ UsageWith<$other>)*> ConstantTimeEq for $name<U> {
            fn ct_eq(&self, other: &Self) -> Choice {
                let same_type = Choice::from(u8::from(self.key_type() == other.key_type()));
                self.expose_bytes().ct_eq(other.expose_bytes()) & same_type
            }
        }

        impl<U: UsageWith<$first> $(+ UsageWith<$other>)*> fmt::Debug for $name<U> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(U::NAME)
            }
        }

        // Each of the keys inside wipes itself.
        impl<U: UsageWith<$first> $(+ UsageWith<$other>)*> ZeroizeOnDrop for $name<U> {}
    };
}

any_key! {
    /// A key of any type that is a block cipher's, for the usage `U`: a PIN or a data key.
    ///
    /// 33 bytes. It does what the typed key inside does, which a `match` gives as well; a PIN key hands out a cipher,
    /// a data key encrypts and decrypts, and neither does the other's.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{AnyPinKey, InitialKey, KeyType, Ksn};
    ///
    /// # let ksn = Ksn::from_bytes([1; 12]);
    /// # let initial_key = InitialKey::from_bytes(&[0x42; 16], ksn.initial_key_id());
    /// let key_type: KeyType = "TDES2".parse()?;
    /// let pin_key: AnyPinKey = initial_key.transaction_key(&ksn)?.derive_of_type(key_type)?;
    /// match &pin_key {
    ///     AnyPinKey::Tdes2(key) => { let cipher = key.cipher::<des::TdesEde2>(); }
    ///     AnyPinKey::Aes128(key) => { let cipher = key.cipher::<aes::Aes128>(); }
    ///     other => println!("no PIN keys of type {} here", other.key_type()),
    /// }
    /// # Ok(()) }
    /// ```
    AnyCipherKey: Aes + Tdes;
    Tdes2, Tdes, 16, "Triple DES with a key of 16 bytes.";
    Tdes3, Tdes, 24, "Triple DES with a key of 24 bytes.";
    Aes128, Aes, 16, "AES with a key of 16 bytes.";
    Aes192, Aes, 24, "AES with a key of 24 bytes.";
    Aes256, Aes, 32, "AES with a key of 32 bytes.";
}

any_key! {
    /// A key of any type at all, for the usage `U`: a MAC or a key encryption key.
    ///
    /// 33 bytes. A MAC key only begins MACs; for a key encryption key there are its bytes alone.
    AnyKey: Aes + Tdes + Hmac;
    Tdes2, Tdes, 16, "Triple DES with a key of 16 bytes.";
    Tdes3, Tdes, 24, "Triple DES with a key of 24 bytes.";
    Aes128, Aes, 16, "AES with a key of 16 bytes.";
    Aes192, Aes, 24, "AES with a key of 24 bytes.";
    Aes256, Aes, 32, "AES with a key of 32 bytes.";
    Hmac128, Hmac, 16, "HMAC with a key of 16 bytes.";
    Hmac192, Hmac, 24, "HMAC with a key of 24 bytes.";
    Hmac256, Hmac, 32, "HMAC with a key of 32 bytes.";
}

any_key! {
    /// A key of any of AES's types, for the usage `U`: a key derivation key.
    ///
    /// 33 bytes. There are its bytes alone.
    AnyAesKey: Aes;
    Aes128, Aes, 16, "AES with a key of 16 bytes.";
    Aes192, Aes, 24, "AES with a key of 24 bytes.";
    Aes256, Aes, 32, "AES with a key of 32 bytes.";
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::{AnyKeyDerivationKey, AnyMacBothKey, AnyMacGenerationKey, AnyPinKey, KeyOfAnyType};
    use crate::Error;
    use crate::aes::{InitialKeyId, Key, KeyType, KeyUsage, Ksn, TransactionKey, WorkingKey};
    use std::format;
    use subtle::ConstantTimeEq;

    fn transaction<const N: usize>() -> TransactionKey<N> {
        let id = InitialKeyId::from_bytes([7; 8]);
        Key { bytes: [0x42; N], context: Ksn::new(id, 1) }
    }

    #[test]
    fn they_are_small() {
        assert_eq!(size_of::<AnyPinKey>(), 33);
        assert_eq!(size_of::<AnyMacGenerationKey>(), 33);
        assert_eq!(size_of::<AnyKeyDerivationKey>(), 33);
        assert_eq!(size_of::<WorkingKey>(), 34);
    }

    #[test]
    fn each_type_is_there_if_the_usage_and_the_strength_allow_it() {
        fn check<K: KeyOfAnyType + core::fmt::Debug>(len: impl Fn(&K) -> (KeyType, usize)) {
            for &key_type in KeyType::ALL {
                let derived = [
                    (128, K::derived_from(&transaction::<16>(), key_type)),
                    (192, K::derived_from(&transaction::<24>(), key_type)),
                    (256, K::derived_from(&transaction::<32>(), key_type)),
                ];
                for (bits, key) in derived {
                    let expected = if key_type.strength() > bits {
                        Some(Error::KeyTypeTooStrong)
                    } else {
                        (!key_type.allows(K::USAGE)).then_some(Error::UsageNotAllowed)
                    };
                    if let Ok(key) = &key {
                        assert_eq!(len(key), (key_type, key_type.len()));
                    }
                    assert_eq!(key.err(), expected);
                }
            }
        }
        check(|key: &AnyPinKey| (key.key_type(), key.expose_bytes().len()));
        check(|key: &AnyMacGenerationKey| (key.key_type(), key.expose_bytes().len()));
        check(|key: &AnyKeyDerivationKey| (key.key_type(), key.expose_bytes().len()));
    }

    #[test]
    fn debug_shows_the_role_and_comparison_the_type_too() {
        let transaction = transaction::<16>();
        let key = |key_type| transaction.derive_of_type::<AnyMacBothKey>(key_type).unwrap();
        assert_eq!(format!("{:?}", key(KeyType::Hmac128)), "MacBothKey");
        assert_eq!(key(KeyType::Hmac128).usage(), KeyUsage::MacBoth);
        assert!(bool::from(key(KeyType::Aes128).ct_eq(&key(KeyType::Aes128))));
        assert!(!bool::from(key(KeyType::Aes128).ct_eq(&key(KeyType::Hmac128))));
        // The same bytes under another algorithm are another key.
        let bytes = |key_type: KeyType| match key_type {
            KeyType::Tdes2 => AnyPinKey::Tdes2(Key { bytes: [7; 16], context: () }),
            _ => AnyPinKey::Aes128(Key { bytes: [7; 16], context: () }),
        };
        assert!(!bool::from(bytes(KeyType::Tdes2).ct_eq(&bytes(KeyType::Aes128))));
        assert!(bool::from(bytes(KeyType::Tdes2).ct_eq(&bytes(KeyType::Tdes2))));
    }
}
