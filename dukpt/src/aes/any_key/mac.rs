use super::{Aes, AnyKey, Hmac, Tdes, UsageWith};
use crate::Error;
use crate::aes::role::Usage;
use crate::key::{BlockKey, job};
use crate::mac::{Authenticator, Cmac, Tag};
use core::fmt;
use hmac::EagerHash;
use zeroize::ZeroizeOnDrop;

impl<U> AnyKey<U>
where
    U: Usage<Job = job::Mac> + UsageWith<Aes> + UsageWith<Tdes> + UsageWith<Hmac>,
{
    /// Begins the MAC of the key's type: CMAC under TDES and AES, HMAC with the hash `D` under the HMAC types.
    ///
    /// Another MAC of TDES keys is begun by the typed key, which a `match` gives.
    ///
    /// # Security
    /// A hash that does not wipe its state does not compile; those of `sha2` do with its feature `zeroize`.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{AnyMacGenerationKey, InitialKey, KeyType, Ksn};
    ///
    /// # let ksn = Ksn::from_bytes([1; 12]);
    /// # let initial_key = InitialKey::from_bytes(&[0x42; 16], ksn.initial_key_id());
    /// let transaction = initial_key.transaction_key(&ksn)?;
    /// let key: AnyMacGenerationKey = transaction.derive_of_type(KeyType::Hmac128)?;
    /// let mac = key.mac::<sha2::Sha256>().chain("request").finalize(16)?;
    /// key.mac::<sha2::Sha256>().chain("request").verify(mac.as_bytes(), 16)?;
    /// # Ok(()) }
    /// ```
    /// A key of the other direction does not compile:
    /// ```compile_fail,E0308
    /// use dukpt::aes::{AnyMacGenerationKey, AnyMacVerificationKey};
    ///
    /// fn verify_request(key: &AnyMacGenerationKey) { /* ... */ }
    ///
    /// fn host(key: &AnyMacVerificationKey) {
    ///     verify_request(key);
    /// }
    /// ```
    /// Nor does a MAC key encipher:
    /// ```compile_fail,E0599
    /// fn host(key: &dukpt::aes::AnyMacGenerationKey) {
    ///     let cipher = key.cipher::<aes::Aes128>();
    /// }
    /// ```
    ///
    /// Source: NIST SP 800-38B; FIPS 198-1.
    #[must_use]
    pub fn mac<D: EagerHash<Core: ZeroizeOnDrop>>(&self) -> AnyMac<D> {
        AnyMac(match self {
            Self::Tdes2(key) => Begun::Tdes2(key.cmac()),
            Self::Tdes3(key) => Begun::Tdes3(key.cmac()),
            Self::Aes128(key) => Begun::Aes128(key.cmac()),
            Self::Aes192(key) => Begun::Aes192(key.cmac()),
            Self::Aes256(key) => Begun::Aes256(key.cmac()),
            Self::Hmac128(key) => Begun::Hmac(key.hmac()),
            Self::Hmac192(key) => Begun::Hmac(key.hmac()),
            Self::Hmac256(key) => Begun::Hmac(key.hmac()),
        })
    }
}

/// A MAC under a key whose type is known at run time only: CMAC under TDES or AES, or HMAC with the hash `D`.
///
/// It is as large as the largest of these, AES-256's: 544 bytes on x86-64.
pub struct AnyMac<D: EagerHash>(Begun<D>);

enum Begun<D: EagerHash> {
    Tdes2(Cmac<<Tdes as BlockKey<16>>::Encryptor>),
    Tdes3(Cmac<<Tdes as BlockKey<24>>::Encryptor>),
    Aes128(Cmac<<Aes as BlockKey<16>>::Encryptor>),
    Aes192(Cmac<<Aes as BlockKey<24>>::Encryptor>),
    Aes256(Cmac<<Aes as BlockKey<32>>::Encryptor>),
    Hmac(Authenticator<hmac::Hmac<D>>),
}

/// The same of each algorithm's MAC.
macro_rules! each {
    ($begun:expr, $mac:ident => $does:expr) => {
        match $begun {
            Begun::Tdes2($mac) => $does,
            Begun::Tdes3($mac) => $does,
            Begun::Aes128($mac) => $does,
            Begun::Aes192($mac) => $does,
            Begun::Aes256($mac) => $does,
            Begun::Hmac($mac) => $does,
        }
    };
}

impl<D: EagerHash> AnyMac<D> {
    /// Takes more data.
    pub fn update(&mut self, data: &[u8]) {
        each!(&mut self.0, mac => mac.update(data));
    }

    /// Takes more data and hands itself back.
    #[must_use]
    pub fn chain(mut self, data: impl AsRef<[u8]>) -> Self {
        self.update(data.as_ref());
        self
    }

    /// Ends the data and gives the leftmost `len` bytes of its MAC.
    ///
    /// # Errors
    /// [`Error::MacLength`]: `len` is under 4 or over the algorithm's output: 8 bytes for TDES, 16 for AES, the hash's
    /// for HMAC.
    pub fn finalize(self, len: usize) -> Result<Tag, Error> {
        each!(self.0, mac => mac.finalize(len))
    }

    /// Ends the data and verifies that `mac` is the leftmost `len` bytes of its MAC, in constant time.
    ///
    /// # Errors
    /// [`Error::MacLength`]: `len` is under 4 or over the algorithm's output.
    /// [`Error::MacMismatch`]: `mac` is another one, or not `len` bytes long.
    pub fn verify(self, mac: &[u8], len: usize) -> Result<(), Error> {
        each!(self.0, begun => begun.verify(mac, len))
    }
}

impl<D: EagerHash> fmt::Debug for AnyMac<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyMac")
    }
}

#[cfg(test)]
mod tests {
    use super::AnyMac;
    use crate::Error;
    use crate::aes::{Aes, AnyMacBothKey, Hmac, Key, MacBothKey, Tdes};
    use crate::mac::Tag;
    use sha2::{Sha256, Sha512};

    #[test]
    fn every_type_makes_the_mac_of_the_typed_key() {
        fn check(begin: impl Fn() -> AnyMac<Sha256>, longest: usize, expected: Tag) {
            let expected = expected.as_bytes();
            let tag = begin().chain("02").chain("00...").finalize(longest).unwrap();
            assert_eq!(tag.as_bytes(), expected);
            begin().chain("0200...").verify(&expected[..4], 4).unwrap();
            let other = begin().chain("0210...").verify(expected, longest);
            assert_eq!(other, Err(Error::MacMismatch));
            for len in [0, 3, longest + 1] {
                assert_eq!(begin().finalize(len).err(), Some(Error::MacLength));
            }
        }
        macro_rules! same {
            ($($variant:ident, $len:literal, $algorithm:ty, $begin:ident, $longest:literal;)+) => {$(
                let bytes = [0x5A; $len];
                let typed = MacBothKey::<$len, $algorithm>::from_bytes(&bytes);
                let any = AnyMacBothKey::$variant(Key { bytes, context: () });
                let expected = same!(@$begin typed).chain("0200...").finalize($longest).unwrap();
                check(|| any.mac::<Sha256>(), $longest, expected);
            )+};
            (@cmac $key:ident) => { $key.cmac() };
            (@hmac $key:ident) => { $key.hmac::<Sha256>() };
        }
        same! {
            Tdes2, 16, Tdes, cmac, 8;
            Tdes3, 24, Tdes, cmac, 8;
            Aes128, 16, Aes, cmac, 16;
            Aes192, 24, Aes, cmac, 16;
            Aes256, 32, Aes, cmac, 16;
            Hmac128, 16, Hmac, hmac, 32;
            Hmac192, 24, Hmac, hmac, 32;
            Hmac256, 32, Hmac, hmac, 32;
        }
    }

    #[test]
    fn a_begun_mac_is_as_large_as_it_says() {
        assert!(size_of::<AnyMac<Sha512>>() <= 640);
    }
}
