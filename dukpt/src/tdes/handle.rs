use super::derivation;
use super::{InitialKey, InitialKeyId};
use cipher::BlockCipherEncrypt;
use cipher::consts::U8;

/// The two forms in which a base key makes an initial key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyForm {
    /// The base key as it is, for the left half.
    AsIs,
    /// The base key with [`MASK`](Self::MASK) xored to it, for the right half.
    Masked,
}

impl KeyForm {
    /// What is xored to a base key to make its second form.
    ///
    /// Source: ANSI X9.24-1:2009.
    pub const MASK: [u8; 16] =
        [0xC0, 0xC0, 0xC0, 0xC0, 0, 0, 0, 0, 0xC0, 0xC0, 0xC0, 0xC0, 0, 0, 0, 0];
}

impl InitialKey {
    /// Derives a terminal's initial key from a base key that is kept elsewhere, such as in a security module.
    ///
    /// The ciphers are handles of two keys: triple DES that enciphers under the base key, and under the base key with
    /// [`KeyForm::MASK`] xored to it. Each is called for one block. For ones that can fail see
    /// [`try_derive_with`](Self::try_derive_with).
    ///
    /// From an initial key that is kept elsewhere there is no such step: it takes single DES under one half of the key and
    /// the other half in clear, which is more than a block cipher under the whole key does.
    ///
    /// # Security
    /// The handles have to be for encipherment of blocks (ECB), with which whoever holds them can make every key under
    /// the base key. Nothing shows whether the second is that of the masked key.
    ///
    /// # Examples
    /// ```
    /// use cipher::KeyInit;
    /// use des::TdesEde2;
    /// use dukpt::tdes::{Bdk, InitialKey, KeyForm};
    ///
    /// // Any cipher will do; these have their keys at hand.
    /// let mut key = [0x42; 16];
    /// let bdk = TdesEde2::new(&key.into());
    /// key.iter_mut().zip(KeyForm::MASK).for_each(|(byte, mask)| *byte ^= mask);
    /// let masked = TdesEde2::new(&key.into());
    ///
    /// let id = "FFFF9876543210E0".parse()?;
    /// let initial_key = InitialKey::derive_with(&bdk, &masked, id);
    /// # assert_eq!(initial_key.expose_bytes(), Bdk::from_bytes(&[0x42; 16]).initial_key(id).expose_bytes());
    /// # Ok::<(), dukpt::Error>(())
    /// ```
    ///
    /// Source: ANSI X9.24-1:2009.
    #[must_use]
    pub fn derive_with<C>(bdk: &C, masked: &C, id: InitialKeyId) -> Self
    where
        C: BlockCipherEncrypt<BlockSize = U8>,
    {
        let mut key = Self { bytes: [0; 16], context: id };
        derivation::initial_key_with(bdk, masked, id.to_bytes(), &mut key.bytes);
        key
    }

    /// Derives a terminal's initial key from a base key that is kept elsewhere, by calls that can fail.
    ///
    /// `encipher` enciphers a block of 8 bytes in place with triple DES under the base key in the form that it is told.
    /// It is called once for each.
    ///
    /// # Errors
    /// That of `encipher`.
    ///
    /// # Security
    /// As with [`derive_with`](Self::derive_with).
    ///
    /// Source: ANSI X9.24-1:2009.
    pub fn try_derive_with<E>(
        id: InitialKeyId,
        mut encipher: impl FnMut(KeyForm, &mut [u8; 8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut key = Self { bytes: [0; 16], context: id };
        let (halves, _) = key.bytes.as_chunks_mut::<8>();
        for (half, form) in halves.iter_mut().zip([KeyForm::AsIs, KeyForm::Masked]) {
            *half = id.to_bytes();
            encipher(form, half)?;
        }
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::KeyForm;
    use crate::tdes::{Bdk, InitialKey, InitialKeyId};
    use cipher::{BlockCipherEncrypt, KeyInit};
    use des::TdesEde2;
    use subtle::ConstantTimeEq;

    #[test]
    fn handles_derive_what_the_key_does() {
        let bdk = [0x42; 16];
        let mut masked = bdk;
        masked.iter_mut().zip(KeyForm::MASK).for_each(|(byte, mask)| *byte ^= mask);
        let [bdk_handle, masked] = [bdk, masked].map(|key| TdesEde2::new(&key.into()));
        let id = InitialKeyId::from_bytes([7; 8]);
        let expected = Bdk::from_bytes(&bdk).initial_key(id);
        let made = InitialKey::derive_with(&bdk_handle, &masked, id);
        assert!(bool::from(made.ct_eq(&expected)));
        let made = InitialKey::try_derive_with(id, |form, block| {
            let cipher = if form == KeyForm::AsIs { &bdk_handle } else { &masked };
            cipher.encrypt_block(block.into());
            Ok::<(), ()>(())
        });
        assert!(bool::from(made.unwrap().ct_eq(&expected)));
    }

    #[test]
    fn a_fault_comes_back_whichever_call_it_is_in() {
        let id = InitialKeyId::from_bytes([7; 8]);
        for faulty in [KeyForm::AsIs, KeyForm::Masked] {
            let made = InitialKey::try_derive_with(id, |form, _| {
                if form == faulty { Err("the module is away") } else { Ok(()) }
            });
            assert_eq!(made.err(), Some("the module is away"));
        }
    }
}
