use super::derivation::{BaseKey, DerivationData, Walk, derive, try_derive};
use super::{Aes, InitialKey, InitialKeyId, Ksn, TransactionKey};
use crate::Error;
use cipher::BlockCipherEncrypt;
use cipher::consts::U16;

impl<const N: usize> InitialKey<N>
where
    Aes: BaseKey<N>,
{
    /// Derives a terminal's initial key from a base key that is kept elsewhere, such as in a security module.
    ///
    /// The cipher is the base key's handle: AES that enciphers under it. It is called for one block if `N` is 16, else
    /// for two. For one that can fail see [`try_derive_with`](Self::try_derive_with).
    ///
    /// # Security
    /// `N` is the base key's length, for which the handle has to answer: it says nothing about its key. The handle has to
    /// be for encipherment of blocks (ECB), with which whoever holds it can make every key under the base key.
    ///
    /// # Examples
    /// ```
    /// use aes::Aes128;
    /// use cipher::KeyInit;
    /// use dukpt::aes::{Bdk, InitialKey};
    ///
    /// // Any cipher will do; this one has its key at hand.
    /// let handle = Aes128::new(&[0x42; 16].into());
    /// let id = "1234567890123456".parse()?;
    /// let initial_key = InitialKey::<16>::derive_with(&handle, id);
    /// # assert_eq!(initial_key.expose_bytes(), Bdk::from_bytes(&[0x42; 16]).initial_key(id).expose_bytes());
    /// # Ok::<(), dukpt::Error>(())
    /// ```
    ///
    /// Source: ANSI X9.24-3-2017.
    #[must_use]
    pub fn derive_with<C>(bdk: &C, id: InitialKeyId) -> Self
    where
        C: BlockCipherEncrypt<BlockSize = U16>,
    {
        let mut key = Self { bytes: [0; N], context: id };
        let data = DerivationData::initial_key(<Aes as BaseKey<N>>::KEY_TYPE, id);
        derive(bdk, data, &mut key.bytes);
        key
    }

    /// Derives a terminal's initial key from a base key that is kept elsewhere, by calls that can fail.
    ///
    /// `encipher` enciphers a block of 16 bytes in place with AES under the base key. It is called once if `N` is 16,
    /// else twice.
    ///
    /// # Errors
    /// That of `encipher`.
    ///
    /// # Security
    /// As with [`derive_with`](Self::derive_with).
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn try_derive_with<E>(
        id: InitialKeyId,
        encipher: impl FnMut(&mut [u8; 16]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut key = Self { bytes: [0; N], context: id };
        let data = DerivationData::initial_key(<Aes as BaseKey<N>>::KEY_TYPE, id);
        try_derive(encipher, &data, &mut key.bytes)?;
        Ok(key)
    }
}

impl<const N: usize> TransactionKey<N>
where
    Aes: BaseKey<N>,
{
    /// Derives a transaction key from an initial key that is kept elsewhere: the first step by its handle, the others
    /// here.
    ///
    /// # Errors
    /// [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may use this counter.
    ///
    /// # Security
    /// The handle has to be that of the key serial number's initial key; nothing shows whether it is. Otherwise as with
    /// [`InitialKey::derive_with`].
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn derive_with<C>(initial_key: &C, ksn: &Ksn) -> Result<Self, Error>
    where
        C: BlockCipherEncrypt<BlockSize = U16>,
    {
        Self::try_derive_with(ksn, |block| {
            initial_key.encrypt_block(block.into());
            Ok(())
        })
    }

    /// Derives a transaction key from an initial key that is kept elsewhere, by calls that can fail: the first step by
    /// `encipher`, the others here.
    ///
    /// `encipher` enciphers a block of 16 bytes in place with AES under the initial key. It is called once if `N` is 16,
    /// else twice.
    ///
    /// # Errors
    /// That of `encipher`, and before it is called [`Error::CounterZero`] and [`Error::TooManyOneBits`]: no terminal may
    /// use this counter.
    ///
    /// # Security
    /// As with [`derive_with`](Self::derive_with).
    ///
    /// Source: ANSI X9.24-3-2017.
    pub fn try_derive_with<E: From<Error>>(
        ksn: &Ksn,
        encipher: impl FnMut(&mut [u8; 16]) -> Result<(), E>,
    ) -> Result<Self, E> {
        ksn.check_counter()?;
        let mut key = Self { bytes: [0; N], context: *ksn };
        let key_type = <Aes as BaseKey<N>>::KEY_TYPE;
        let mut walk = Walk::new(key_type, ksn.initial_key_id(), 0, ksn.counter());
        if let Some(data) = walk.next() {
            try_derive(encipher, data, &mut key.bytes)?;
        }
        walk.finish(&mut key.bytes);
        Ok(key)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test counts few calls")]
mod tests {
    use crate::Error;
    use crate::aes::{Aes, BaseKey, Bdk, InitialKey, InitialKeyId, Ksn, TransactionKey};
    use cipher::BlockCipherEncrypt;
    use subtle::ConstantTimeEq;

    #[derive(Debug, PartialEq)]
    enum Fault {
        Module,
        Dukpt(Error),
    }

    impl From<Error> for Fault {
        fn from(error: Error) -> Self {
            Self::Dukpt(error)
        }
    }

    fn agrees<const N: usize>()
    where
        Aes: BaseKey<N>,
    {
        let bdk = Bdk::from_bytes(&[0x42; N]);
        let id = InitialKeyId::from_bytes([7; 8]);
        let initial_key = bdk.initial_key(id);
        let bdk_handle = Aes::derivation_cipher(&bdk.bytes);
        let made = InitialKey::<N>::derive_with(&bdk_handle, id);
        assert!(bool::from(made.ct_eq(&initial_key)));
        let mut calls = 0_usize;
        let made = InitialKey::<N>::try_derive_with(id, |block| {
            calls = calls.saturating_add(1);
            bdk_handle.encrypt_block(block.into());
            Ok::<(), Fault>(())
        });
        assert!(bool::from(made.unwrap().ct_eq(&initial_key)));
        assert_eq!(calls, N.div_ceil(16));

        let handle = Aes::derivation_cipher(&initial_key.bytes);
        for counter in [1, 2, 0x0FE0, 0xFFFF_0000] {
            let ksn = Ksn::new(id, counter);
            let expected = initial_key.transaction_key(&ksn).unwrap();
            let made = TransactionKey::<N>::derive_with(&handle, &ksn).unwrap();
            assert!(bool::from(made.ct_eq(&expected)));
        }
        for (counter, error) in [(0, Error::CounterZero), (0x1_FFFF, Error::TooManyOneBits)] {
            let made = TransactionKey::<N>::derive_with(&handle, &Ksn::new(id, counter));
            assert_eq!(made.err(), Some(error));
            let made = TransactionKey::<N>::try_derive_with(&Ksn::new(id, counter), |_| {
                Err(Fault::Module)
            });
            assert_eq!(made.err(), Some(Fault::Dukpt(error)));
        }
        // A fault comes back whichever call it is in.
        for fault_at in 1..=N.div_ceil(16) {
            let mut calls = 0_usize;
            let mut fail = |_: &mut [u8; 16]| {
                calls = calls.saturating_add(1);
                if calls == fault_at { Err(Fault::Module) } else { Ok(()) }
            };
            let made = InitialKey::<N>::try_derive_with(id, &mut fail);
            assert_eq!(made.err(), Some(Fault::Module));
            calls = 0;
            let mut fail = |_: &mut [u8; 16]| {
                calls = calls.saturating_add(1);
                if calls == fault_at { Err(Fault::Module) } else { Ok(()) }
            };
            let made = TransactionKey::<N>::try_derive_with(&Ksn::new(id, 3), &mut fail);
            assert_eq!(made.err(), Some(Fault::Module));
        }
    }

    #[test]
    fn a_handle_derives_what_the_key_does() {
        agrees::<16>();
        agrees::<24>();
        agrees::<32>();
    }
}
