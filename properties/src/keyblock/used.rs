//! What a key of a type does: it hands out the cipher or MAC under its bytes, to its use alone.

use core::fmt::Debug;

use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use cmac::{Cmac, Mac};
use des::{TdesEde2, TdesEde3};
use hmac::Hmac;
use keyblock::{
    AesKbpk, Algorithm, Error, Exportability, Header, Key, KeyBlock, KeyUsage, ModeOfUse, Profile,
    ProtectionKey, TdesKbpk, UnwrappedKey, Version, Wrap,
    key::{
        DataDecryptionKey, DataEncryptionKey, DataKey, HeldKbpk, KeyDerivationKey,
        MacGenerationKey, MacVerificationKey, PinCheckGenerationKey, PinCheckVerificationKey,
        PinDecryptionKey, PinEncryptionKey, PinKey, role::Role, usage,
    },
    optional::HmacHash,
    subtle::ConstantTimeEq,
};
use sha2::{Sha256, Sha512};

use crate::told::assert_hidden;

/// Every type that the key turns into is asked for every cipher and MAC.
pub(super) fn used(unwrapped: &UnwrappedKey<'_>) {
    macro_rules! ciphers {
        ($($key:ty, $assert:ident, $shown:literal);+ $(;)?) => { $(
            if let Ok(key) = unwrapped.to_key::<$key>() {
                $assert::<TdesEde2, _>(key.cipher::<TdesEde2>(), unwrapped, $shown);
                $assert::<TdesEde3, _>(key.cipher::<TdesEde3>(), unwrapped, $shown);
                $assert::<Aes128, _>(key.cipher::<Aes128>(), unwrapped, $shown);
                $assert::<Aes192, _>(key.cipher::<Aes192>(), unwrapped, $shown);
                $assert::<Aes256, _>(key.cipher::<Aes256>(), unwrapped, $shown);
                same(&key, unwrapped);
            }
        )+ };
    }
    ciphers! {
        PinEncryptionKey, enciphers, "EncryptOnly";
        DataEncryptionKey, enciphers, "EncryptOnly";
        PinCheckGenerationKey<usage::PinVerification>, enciphers, "EncryptOnly";
        PinCheckVerificationKey<usage::PinVerification>, enciphers, "EncryptOnly";
        KeyDerivationKey, enciphers, "EncryptOnly";
        PinDecryptionKey, deciphers, "DecryptOnly";
        DataDecryptionKey, deciphers, "DecryptOnly";
    }
    macro_rules! both {
        ($($key:ty),+) => { $(
            if let Ok(key) = unwrapped.to_key::<$key>() {
                same(&key, unwrapped);
                let made = key.cipher::<Aes128>().map(|cipher| enciphered(&cipher));
                assert_eq!(made, expected(unwrapped).map(|cipher: Aes128| enciphered(&cipher)));
                let made = key.cipher::<TdesEde2>().map(|cipher| enciphered(&cipher));
                assert_eq!(made, expected(unwrapped).map(|cipher: TdesEde2| enciphered(&cipher)));
            }
        )+ };
    }
    both!(PinKey, DataKey);
    macro_rules! macs {
        ($($key:ident),+) => { $(
            if let Ok(key) = unwrapped.to_key::<$key<usage::Cmac>>() {
                same(&key, unwrapped);
                let bytes = key.expose_bytes();
                let of = unwrapped.header().algorithm;
                code::<Cmac<TdesEde2>>(key.mac(), bytes, of == Algorithm::Tdes);
                code::<Cmac<TdesEde3>>(key.mac(), bytes, of == Algorithm::Tdes);
                code::<Cmac<Aes128>>(key.mac(), bytes, of == Algorithm::Aes);
                code::<Cmac<Aes256>>(key.mac(), bytes, of == Algorithm::Aes);
            }
            if let Ok(key) = unwrapped.to_key::<$key<usage::Hmac>>() {
                same(&key, unwrapped);
                let (bytes, len) = (key.expose_bytes(), key.hash().output_len());
                code::<Hmac<Sha256>>(key.mac(), bytes, len == Some(32));
                code::<Hmac<Sha512>>(key.mac(), bytes, len == Some(64));
                assert!(HmacHash::ALL.contains(&key.hash()));
            }
        )+ };
    }
    macs!(MacGenerationKey, MacVerificationKey);
    let bytes = unwrapped.expose_bytes();
    if let Ok(held) = unwrapped.to_key::<HeldKbpk<AesKbpk>>() {
        assert_hidden(&held, "HeldKbpk");
        let own = AesKbpk::new(bytes).unwrap();
        for &version in Version::ALL {
            protects(&held, &own, version, unwrapped.header());
            let kept = held.keep(version);
            assert_eq!(kept.is_ok(), version.is_aes() && serves(unwrapped.header(), version));
            if let Ok(kept) = kept {
                protects(&kept, &own, version, unwrapped.header());
            }
        }
    }
    if let Ok(held) = unwrapped.to_key::<HeldKbpk<TdesKbpk>>() {
        let own = TdesKbpk::new(bytes).unwrap();
        for &version in Version::ALL {
            protects(&held, &own, version, unwrapped.header());
            assert_eq!(held.keep(version).is_ok(), !version.is_aes());
        }
    }
    let legacy = unwrapped.expose_for_legacy_export();
    let sensitive = unwrapped.header().exportability == Exportability::Sensitive;
    assert_eq!(legacy, if sensitive { Ok(bytes) } else { Err(Error::NotExportable) });
    let shown = format!("{unwrapped:?}");
    assert!(shown.starts_with("UnwrappedKey { header: Header {") && shown.ends_with("}, .. }"));
}

/// A key says of what algorithm it is and shows no bytes; it equals itself and nothing with another bit.
fn same<R: Role>(key: &Key<R>, unwrapped: &UnwrappedKey<'_>) {
    assert_eq!(key.algorithm(), unwrapped.header().algorithm);
    assert!(bool::from(key.ct_eq(&unwrapped.to_key().unwrap())));
    assert!(format!("{key:?}").bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

/// The cipher under the key's bytes, if it is one of the key's algorithm and of its length.
fn expected<C: KeyInit + BlockSizeUser>(unwrapped: &UnwrappedKey<'_>) -> Result<C, Error> {
    let block_len = if unwrapped.header().algorithm == Algorithm::Aes { 16 } else { 8 };
    if C::block_size() != block_len {
        return Err(Error::AlgorithmMismatch);
    }
    C::new_from_slice(unwrapped.expose_bytes()).map_err(|_| Error::KeyLength)
}

fn enciphered<C: BlockCipherEncrypt>(cipher: &C) -> Vec<u8> {
    let mut block = Block::<C>::default();
    cipher.encrypt_block(&mut block);
    block.to_vec()
}

fn deciphered<C: BlockCipherDecrypt>(cipher: &C) -> Vec<u8> {
    let mut block = Block::<C>::default();
    cipher.decrypt_block(&mut block);
    block.to_vec()
}

fn enciphers<C: KeyInit + BlockCipherEncrypt, E: BlockCipherEncrypt + Debug>(
    made: Result<E, Error>,
    unwrapped: &UnwrappedKey<'_>,
    shown: &str,
) {
    made.iter().for_each(|made| assert_hidden(made, shown));
    let due = expected::<C>(unwrapped).map(|cipher| enciphered(&cipher));
    assert_eq!(made.map(|cipher| enciphered(&cipher)), due);
}

fn deciphers<C: KeyInit + BlockCipherDecrypt, E: BlockCipherDecrypt + Debug>(
    made: Result<E, Error>,
    unwrapped: &UnwrappedKey<'_>,
    shown: &str,
) {
    made.iter().for_each(|made| assert_hidden(made, shown));
    let due = expected::<C>(unwrapped).map(|cipher| deciphered(&cipher));
    assert_eq!(made.map(|cipher| deciphered(&cipher)), due);
}

fn code<M: KeyInit + Mac>(made: Result<M, Error>, bytes: &[u8], fits: bool) {
    let of = |mac: M| mac.chain_update(b"data").finalize().into_bytes().to_vec();
    let due = match fits {
        true => <M as KeyInit>::new_from_slice(bytes).map_err(|_| Error::KeyLength),
        false => Err(Error::AlgorithmMismatch),
    };
    assert_eq!(made.map(of), due.map(of));
}

/// Whether the usage of a protection key is that of a version.
fn serves(header: Header, version: Version) -> bool {
    (header.usage == KeyUsage::Iso20038Protection) == (version == Version::E)
}

/// A held protection key wraps and unwraps what the key itself does, as far as its usage and its mode allow.
fn protects<K: ProtectionKey>(held: &K, own: &impl ProtectionKey, version: Version, of: Header) {
    let inside = Header::new(
        version,
        KeyUsage::PinEncryption,
        Algorithm::Tdes,
        ModeOfUse::EncryptOnly,
        Exportability::NonExportable,
    );
    let wrap = Wrap::new(inside, Profile::LENIENT);
    let (key, pad) = ([0x23; 16], vec![0x42; wrap.pad_len(16).unwrap()]);
    let mut text = vec![0; wrap.encoded_len(16).unwrap()];
    let mut by_own = text.clone();
    let done = wrap.wrap_key_with_pad(own, &key, &pad, &mut by_own).map(|_| ());
    let by_held = wrap.wrap_key_with_pad(held, &key, &pad, &mut text).map(|_| ());
    if done.is_err() {
        assert!(by_held.is_err());
        return;
    }
    let both = matches!(of.mode, ModeOfUse::EncryptAndDecrypt | ModeOfUse::Unrestricted);
    let due = |mode: ModeOfUse| match (serves(of, version), both || of.mode == mode) {
        (false, _) => Err(Error::UsageMismatch),
        (_, false) => Err(Error::ModeMismatch),
        _ => Ok(()),
    };
    assert_eq!(by_held, due(ModeOfUse::EncryptOnly));
    if by_held.is_ok() {
        assert_eq!(text, by_own);
    }
    let mut buffer = [0; 128];
    let block = KeyBlock::parse(&by_own, Profile::LENIENT).unwrap();
    assert!(format!("{block:?}").ends_with("}, .. }"));
    let opened = block.unwrap_key(held, &mut buffer);
    assert_eq!(opened.as_ref().map(|_| ()).map_err(|error| *error), due(ModeOfUse::DecryptOnly));
    if let Ok(opened) = opened {
        assert_eq!(opened.expose_bytes(), key);
    }
}
