use aes::{Aes128, Aes192, Aes256};
use cipher::{Block, BlockCipherEncrypt, KeyInit};
use des::{Des, TdesEde2, TdesEde3};
use dukpt::{
    Error,
    aes::{
        AnyCipherKey, AnyDataEncryptionKey, AnyKey, AnyKeyDerivationKey, AnyMacGenerationKey,
        AnyPinKey, BaseKey, InitialKey, KeyType, KeyUsage, Ksn, WorkingKey, role,
    },
    key::{Aes, Hmac, Tdes, job},
    mac::{Authenticator, Cmac},
};
use sha2::Sha256;
use zeroize::ZeroizeOnDrop;

use crate::{choices::Choices, told::assert_hidden};

/// A working key whose usage and type are chosen does its one job as the cipher or MAC under its bytes does it, and refuses
/// ciphers, initial vectors, data and lengths that do not fit.
///
/// Choices: `[u8; 32]` initial key, `u8` its size, `[u8; 12]` key serial number, `u8` usage, `u8` key type, `u8` length of
/// the MAC, `[u8; 17]` initial vector, of which 0 to 17 bytes are taken by a `u8`; then the data.
pub fn dukpt_working_key(data: &[u8]) {
    let mut choices = Choices::new(data);
    let key: [u8; 32] = choices.array();
    match choices.u8() % 3 {
        0 => of_base::<16>(&key, choices),
        1 => of_base::<24>(&key, choices),
        _ => of_base::<32>(&key, choices),
    }
}

fn of_base<const N: usize>(key: &[u8], mut choices: Choices<'_>)
where
    Aes: BaseKey<N>,
{
    let ksn = Ksn::from_bytes(choices.array());
    let initial_key = InitialKey::<N>::try_from((&key[..N], ksn.initial_key_id())).unwrap();
    let transaction = initial_key.transaction_key_lax(&ksn).unwrap();
    let usage = choices.one_of(KeyUsage::ALL);
    let key_type = choices.one_of(KeyType::ALL);
    let Ok(key) = transaction.working_key(usage, key_type) else {
        let too_strong = usize::from(key_type.strength()) > 8 * N;
        assert!(too_strong || !key_type.allows(usage));
        let refused = |error| {
            let expected =
                if too_strong { Error::KeyTypeTooStrong } else { Error::UsageNotAllowed };
            assert_eq!(error, Some(expected));
        };
        match usage {
            KeyUsage::Pin => refused(transaction.derive_of_type::<AnyPinKey>(key_type).err()),
            KeyUsage::DataEncryption => {
                refused(transaction.derive_of_type::<AnyDataEncryptionKey>(key_type).err());
            }
            KeyUsage::KeyDerivation => {
                refused(transaction.derive_of_type::<AnyKeyDerivationKey>(key_type).err());
            }
            _ => refused(transaction.working_key(usage, key_type).err()),
        }
        return;
    };
    assert_eq!((key.usage(), key.key_type()), (usage, key_type));
    assert_eq!(format!("{key:?}"), "WorkingKey");
    let of_usage = |found: KeyUsage| assert_eq!(found, usage);
    match key {
        WorkingKey::Pin(key) => {
            of_usage(KeyUsage::Pin);
            pin_key(&key);
        }
        WorkingKey::MacGeneration(key) => {
            of_usage(KeyUsage::MacGeneration);
            let same: AnyMacGenerationKey = transaction.derive_of_type(key_type).unwrap();
            assert_eq!(same.expose_bytes(), key.expose_bytes());
            mac_key(&key, choices);
        }
        WorkingKey::MacVerification(key) => {
            of_usage(KeyUsage::MacVerification);
            mac_key(&key, choices);
        }
        WorkingKey::MacBoth(key) => {
            of_usage(KeyUsage::MacBoth);
            mac_key(&key, choices);
        }
        WorkingKey::DataEncryption(key) => {
            of_usage(KeyUsage::DataEncryption);
            data_key(&key, choices);
        }
        WorkingKey::DataDecryption(key) => {
            of_usage(KeyUsage::DataDecryption);
            data_key(&key, choices);
        }
        WorkingKey::DataBoth(key) => {
            of_usage(KeyUsage::DataBoth);
            data_key(&key, choices);
        }
        WorkingKey::KeyEncryption(key) => {
            of_usage(KeyUsage::KeyEncryption);
            assert_eq!(key.expose_bytes().len(), key_type.len());
        }
        WorkingKey::KeyDerivation(key) => {
            of_usage(KeyUsage::KeyDerivation);
            assert_eq!(key.expose_bytes().len(), key_type.len());
        }
        other => panic!("{other:?}"),
    }
}

fn pin_key(key: &AnyPinKey) {
    let fits = [
        takes::<TdesEde2>(key),
        takes::<TdesEde3>(key),
        takes::<Aes128>(key),
        takes::<Aes192>(key),
        takes::<Aes256>(key),
    ];
    // The types that are block ciphers come first, in this order.
    assert_eq!(fits, core::array::from_fn(|place| KeyType::ALL[place] == key.key_type()));
    assert!(!takes::<Des>(key));
}

/// Whether the key hands out this cipher, which is then under its bytes.
fn takes<C: KeyInit + BlockCipherEncrypt + ZeroizeOnDrop>(key: &AnyPinKey) -> bool {
    match key.cipher::<C>() {
        Ok(cipher) => {
            let (mut block, mut expected) = (Block::<C>::default(), Block::<C>::default());
            cipher.encrypt_block(&mut block);
            C::new_from_slice(key.expose_bytes()).unwrap().encrypt_block(&mut expected);
            assert_eq!((block == expected, key.block_size()), (true, C::block_size()));
            true
        }
        Err(error) => {
            assert_eq!(error, Error::CipherMismatch);
            false
        }
    }
}

fn mac_key<U>(key: &AnyKey<U>, mut choices: Choices<'_>)
where
    U: role::Usage<Job = job::Mac>
        + role::UsageWith<Aes>
        + role::UsageWith<Tdes>
        + role::UsageWith<Hmac>,
{
    let len = usize::from(choices.u8() % 40);
    let data = choices.rest();
    let bytes = key.expose_bytes();
    macro_rules! by {
        ($mac:ty) => {
            <$mac>::new(bytes).unwrap().chain(data).finalize(len)
        };
    }
    let expected = match key.key_type() {
        KeyType::Tdes2 => by!(Cmac<TdesEde2>),
        KeyType::Tdes3 => by!(Cmac<TdesEde3>),
        KeyType::Aes128 => by!(Cmac<Aes128>),
        KeyType::Aes192 => by!(Cmac<Aes192>),
        KeyType::Aes256 => by!(Cmac<Aes256>),
        _ => by!(Authenticator<hmac::Hmac<Sha256>>),
    };
    let (front, back) = data.split_at(data.len() / 2);
    let begun = || {
        let mut mac = key.mac::<Sha256>().chain(front);
        assert_hidden(&mac, "AnyMac");
        mac.update(back);
        mac
    };
    match (begun().finalize(len), expected) {
        (Ok(tag), Ok(expected)) => {
            assert_eq!(tag.as_bytes(), expected.as_bytes());
            assert_eq!(begun().verify(tag.as_bytes(), len), Ok(()));
            let refused = begun().chain([0]).verify(tag.as_bytes(), len);
            assert_eq!(refused, Err(Error::MacMismatch));
        }
        (tag, expected) => {
            assert_eq!(
                (tag.err(), expected.err()),
                (Some(Error::MacLength), Some(Error::MacLength))
            );
        }
    }
}

fn data_key<U>(key: &AnyCipherKey<U>, mut choices: Choices<'_>)
where
    U: role::Usage<Job = job::Data> + role::UsageWith<Aes> + role::UsageWith<Tdes>,
{
    let vector: [u8; 17] = choices.array();
    let iv = &vector[..usize::from(choices.u8()) % 18];
    let clear = choices.rest();
    let mut data = clear.to_vec();
    let refused = if iv.len() != key.block_size() {
        Some(Error::IvLength)
    } else {
        (!clear.len().is_multiple_of(key.block_size())).then_some(Error::DataLength)
    };
    assert_eq!(key.encrypt_cbc(iv, &mut data).err(), refused);
    if refused.is_some() {
        assert_eq!(key.decrypt_cbc(iv, &mut data).err(), refused);
    } else {
        let bytes = key.expose_bytes();
        let expected = match key.key_type() {
            KeyType::Tdes2 => cbc::<TdesEde2>(bytes, iv, clear),
            KeyType::Tdes3 => cbc::<TdesEde3>(bytes, iv, clear),
            KeyType::Aes128 => cbc::<Aes128>(bytes, iv, clear),
            KeyType::Aes192 => cbc::<Aes192>(bytes, iv, clear),
            _ => cbc::<Aes256>(bytes, iv, clear),
        };
        assert_eq!(data, expected);
        key.decrypt_cbc(iv, &mut data).unwrap();
    }
    assert_eq!(data, clear);
}

/// CBC, block after block into a vector.
fn cbc<C: KeyInit + BlockCipherEncrypt>(key: &[u8], iv: &[u8], clear: &[u8]) -> Vec<u8> {
    let cipher = C::new_from_slice(key).unwrap();
    let mut all = iv.to_vec();
    for block in clear.chunks(C::block_size()) {
        let before = &all[all.len() - C::block_size()..];
        let mixed: Vec<u8> = before.iter().zip(block).map(|(a, b)| a ^ b).collect();
        let mut block = Block::<C>::try_from(&mixed[..]).unwrap();
        cipher.encrypt_block(&mut block);
        all.extend(block);
    }
    all.split_off(C::block_size())
}
