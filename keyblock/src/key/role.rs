//! The roles of keys, each a type without values: what is done, and the [`usage`](super::usage) that it is done for.

use core::marker::PhantomData;

use super::sealed::{Context, Sealed, Storage};
use super::usage::{Usage, work};
use crate::{Algorithm, KeyUsage, ModeOfUse};

/// What a key is for, and what its header has to say.
pub trait Role: Sealed {
    /// Where the key's bytes stand.
    type Bytes: Storage;
    /// What the key knows beside its bytes.
    type Context: Context;
    /// The usage.
    const USAGE: KeyUsage;
    /// The algorithms that the usage is there for.
    const ALGORITHMS: &'static [Algorithm];
    /// The modes of use that allow the role.
    const MODES: &'static [ModeOfUse];
    /// The key's name in `Debug`.
    const NAME: &'static str;
}

macro_rules! roles {
    ($($(#[doc = $doc:literal])+ $role:ident, $names:pat => $name:ident, $work:path, [$($mode:ident)+];)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug)]
        pub struct $role<U>(PhantomData<U>);

        impl<U> Sealed for $role<U> {}

        impl<U: Usage<Work: $work>> Role for $role<U> {
            type Bytes = U::Bytes;
            type Context = U::Context;
            const USAGE: KeyUsage = U::USAGE;
            const ALGORITHMS: &'static [Algorithm] = U::ALGORITHMS;
            const MODES: &'static [ModeOfUse] = &[$(ModeOfUse::$mode,)+];
            const NAME: &'static str = {
                let $names = U::NAMES;
                $name
            };
        }
    )+};
}

roles! {
    /// Enciphers, or wraps.
    Encrypt, [name, _, _] => name, work::IsCipher, [EncryptOnly EncryptAndDecrypt Unrestricted];
    /// Deciphers, or unwraps.
    Decrypt, [_, name, _] => name, work::IsCipher, [DecryptOnly EncryptAndDecrypt Unrestricted];
    /// Enciphers and deciphers, or wraps and unwraps.
    EncryptAndDecrypt, [_, _, name] => name, work::IsCipher, [EncryptAndDecrypt Unrestricted];
    /// Generates codes, such as MACs.
    Generate, [name, _, _] => name, work::IsCode, [GenerateOnly GenerateAndVerify Unrestricted];
    /// Verifies codes.
    Verify, [_, name, _] => name, work::IsCode, [VerifyOnly GenerateAndVerify Unrestricted];
    /// Derives other keys.
    Derive, [_, _, name] => name, work::IsDerivation, [Derive Unrestricted];
}
