use super::{BlockKey, Hmac, Key, Role, Tdes, job};
use crate::mac::{Authenticator, CbcMac, Cmac, Padding, RetailMac};
use cipher::typenum::Unsigned;
use hmac::EagerHash;
use zeroize::{ZeroizeOnDrop, Zeroizing};

impl<R: Role<Job = job::Mac, Algorithm: BlockKey<N>>, const N: usize> Key<R, N> {
    /// Begins a CMAC: ISO/IEC 9797-1 algorithm 5.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::MacGenerationKey;
    ///
    /// let key = MacGenerationKey::<16>::from_bytes(&[0x42; 16]);
    /// let mac = key.cmac().chain("request").finalize(8)?;
    /// key.cmac().chain("request").verify(mac.as_bytes(), 8)?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: ISO/IEC 9797-1:2011; NIST SP 800-38B.
    #[must_use]
    // A caller's frame then holds one copy of the key schedule and not two.
    #[inline(never)]
    pub fn cmac(&self) -> Cmac<<R::Algorithm as BlockKey<N>>::Encryptor> {
        Cmac::with_cipher(R::Algorithm::encryptor(&self.bytes))
    }
}

impl<R: Role<Job = job::Mac, Algorithm = Tdes>, const N: usize> Key<R, N>
where
    Tdes: BlockKey<N>,
{
    /// Begins a CBC-MAC with triple DES in every step: ISO/IEC 9797-1 algorithm 1.
    ///
    /// Source: ISO/IEC 9797-1:2011.
    #[must_use]
    pub fn cbc_mac(&self, padding: Padding) -> CbcMac<<Tdes as BlockKey<N>>::Cipher> {
        CbcMac::with_cipher(Tdes::cipher(&self.bytes), padding)
    }
}

impl<R: Role<Job = job::Mac, Algorithm = Tdes>> Key<R, 16> {
    /// Begins a retail MAC, with single DES in every step but the last: ISO/IEC 9797-1 algorithm 3.
    ///
    /// Source: ISO/IEC 9797-1:2011; ANSI X9.19.
    #[must_use]
    #[inline(never)]
    pub fn retail_mac(&self, padding: Padding) -> RetailMac {
        RetailMac::from_key(&self.bytes, padding)
    }
}

impl<R: Role<Job = job::Mac, Algorithm = Hmac>, const N: usize> Key<R, N> {
    /// Begins an HMAC with the hash `D`, such as `sha2::Sha256`, whose blocks are no shorter than this key.
    ///
    /// # Security
    /// A hash that does not wipe its state does not compile; those of `sha2` do with its feature `zeroize`.
    ///
    /// # Examples
    /// ```
    /// # fn main() -> Result<(), dukpt::Error> {
    /// use dukpt::aes::{Hmac, MacBothKey};
    ///
    /// let key = MacBothKey::<16, Hmac>::from_bytes(&[0x42; 16]);
    /// let mac = key.hmac::<sha2::Sha256>().chain("request").finalize(32)?;
    /// # Ok(()) }
    /// ```
    /// A CMAC cannot be had from an HMAC key:
    /// ```compile_fail,E0599
    /// use dukpt::aes::{Hmac, MacBothKey};
    ///
    /// let key = MacBothKey::<16, Hmac>::from_bytes(&[0x42; 16]);
    /// let mac = key.cmac();
    /// ```
    ///
    /// Source: FIPS 198-1.
    #[must_use]
    pub fn hmac<D: EagerHash<Core: ZeroizeOnDrop>>(&self) -> Authenticator<hmac::Hmac<D>> {
        const { assert!(N <= D::BlockSize::USIZE, "the key is longer than the hash's blocks") };
        let mut filled = Zeroizing::new(cipher::Key::<hmac::Hmac<D>>::default());
        filled.iter_mut().zip(&self.bytes).for_each(|(to, from)| *to = *from);
        Authenticator::with_filled_key(&filled)
    }
}
