//! The roles of AES DUKPT keys, each a type without values.

use super::{InitialKeyId, KeyUsage, Ksn};
use crate::key::{Aes, Hmac, Role, Tdes, job, sealed::Sealed};
use core::marker::PhantomData;

macro_rules! derive_roles {
    ($($(#[$doc:meta])* $role:ident, $context:ty, $name:literal;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $role {}

        impl Sealed for $role {}

        impl Role for $role {
            type Algorithm = Aes;
            type Job = job::Derive;
            type Context = $context;
            const NAME: &'static str = $name;
        }
    )+};
}

derive_roles! {
    /// See [`Bdk`](super::Bdk).
    Bdk, (), "Bdk";
    /// See [`InitialKey`](super::InitialKey).
    Initial, InitialKeyId, "InitialKey";
    /// See [`TransactionKey`](super::TransactionKey).
    Transaction, Ksn, "TransactionKey";
}

/// The role of a working key: its usage `U` with the algorithm `A`, which are [`Aes`], [`Tdes`] and [`Hmac`].
#[derive(Debug)]
pub struct Working<U, A>(PhantomData<(U, A)>);

impl<U, A> Sealed for Working<U, A> {}

impl<U: UsageWith<A>, A> Role for Working<U, A> {
    type Algorithm = A;
    type Job = U::Job;
    type Context = ();
    const NAME: &'static str = U::NAME;
}

/// A usage of working keys, as a type.
pub trait Usage: Sealed {
    /// The same as a value.
    const USAGE: KeyUsage;
    /// What keys of this usage do.
    type Job;
    /// The name of such a key in `Debug`.
    const NAME: &'static str;
}

/// A usage that keys of the algorithm `A` may have.
#[diagnostic::on_unimplemented(message = "keys of algorithm `{A}` do not have the usage `{Self}`")]
pub trait UsageWith<A>: Usage {}

macro_rules! usages {
    ($($(#[$doc:meta])* $usage:ident, $job:ident, $name:literal, [$($algorithm:ty)+];)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $usage {}

        impl Sealed for $usage {}

        impl Usage for $usage {
            const USAGE: KeyUsage = KeyUsage::$usage;
            type Job = job::$job;
            const NAME: &'static str = $name;
        }

        $(impl UsageWith<$algorithm> for $usage {})+
    )+};
}

usages! {
    /// See [`PinKey`](super::PinKey).
    Pin, Pin, "PinKey", [Aes Tdes];
    /// See [`MacGenerationKey`](super::MacGenerationKey).
    MacGeneration, Mac, "MacGenerationKey", [Aes Tdes Hmac];
    /// See [`MacVerificationKey`](super::MacVerificationKey).
    MacVerification, Mac, "MacVerificationKey", [Aes Tdes Hmac];
    /// See [`MacBothKey`](super::MacBothKey).
    MacBoth, Mac, "MacBothKey", [Aes Tdes Hmac];
    /// See [`DataEncryptionKey`](super::DataEncryptionKey).
    DataEncryption, Data, "DataEncryptionKey", [Aes Tdes];
    /// See [`DataDecryptionKey`](super::DataDecryptionKey).
    DataDecryption, Data, "DataDecryptionKey", [Aes Tdes];
    /// See [`DataBothKey`](super::DataBothKey).
    DataBoth, Data, "DataBothKey", [Aes Tdes];
    /// See [`KeyEncryptionKey`](super::KeyEncryptionKey).
    KeyEncryption, KeyEncryption, "KeyEncryptionKey", [Aes Tdes Hmac];
    /// See [`KeyDerivationKey`](super::KeyDerivationKey).
    KeyDerivation, Derive, "KeyDerivationKey", [Aes];
}
