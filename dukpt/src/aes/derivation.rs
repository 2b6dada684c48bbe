use super::{Aes, Hmac, InitialKeyId, KeyType, KeyUsage, Ksn, Tdes};
use crate::key::KeyLength;
use ::aes::{Aes128Enc, Aes192Enc, Aes256Enc};
use cipher::array::Array;
use cipher::consts::U16;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

/// The usage in the derivation data of an initial key.
const INITIAL_KEY_USAGE: u16 = 0x8001;

/// What is enciphered to derive a key: which key it is, and what it is bound to.
#[derive(Clone, Copy)]
pub(super) struct DerivationData {
    usage: u16,
    key_type: KeyType,
    /// The initial key id, or the derivation id and the counter.
    binding: u64,
}

impl DerivationData {
    pub(super) fn initial_key(key_type: KeyType, id: InitialKeyId) -> Self {
        Self { usage: INITIAL_KEY_USAGE, key_type, binding: u64::from_be_bytes(id.to_bytes()) }
    }

    pub(super) fn transaction(usage: KeyUsage, key_type: KeyType, ksn: &Ksn) -> Self {
        let id = u32::from_be_bytes(ksn.initial_key_id().derivation_id());
        let binding = u64::from(id) << 32 | u64::from(ksn.counter());
        Self { usage: usage.code(), key_type, binding }
    }

    /// The data's 16 bytes for the derived key's first or second block.
    ///
    /// A byte of version (1), a byte of block number, then usage, algorithm and bits in 2 bytes each, then what the
    /// key is bound to.
    pub(super) fn block(self, number: u8) -> [u8; 16] {
        let head = 0x0100_0000_0000_0000
            | u64::from(number) << 48
            | u64::from(self.usage) << 32
            | u64::from(self.key_type.code()) << 16
            | u64::from(self.key_type.bits());
        (u128::from(head) << 64 | u128::from(self.binding)).to_be_bytes()
    }
}

/// Derives a key of 16, 24 or 32 bytes into `out`.
#[inline]
pub(super) fn derive<C>(cipher: &C, data: DerivationData, out: &mut [u8])
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    let (blocks, half) = Array::slice_as_chunks_mut(out);
    for (block, number) in blocks.iter_mut().zip(1..) {
        *block = Array(data.block(number));
    }
    match blocks {
        // For one block, `encrypt_blocks` takes more instructions than `encrypt_block`.
        [only] => cipher.encrypt_block(only),
        // In software, `encrypt_blocks` first spreads the key schedule over two kilobytes of stack.
        both if cfg!(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64")) => {
            cipher.encrypt_blocks(both);
        }
        both => both.iter_mut().for_each(|block| cipher.encrypt_block(block)),
    }
    if !half.is_empty() {
        let mut second = Zeroizing::new(data.block(2));
        cipher.encrypt_block((&mut *second).into());
        half.iter_mut().zip(&*second).for_each(|(to, from)| *to = *from);
    }
}

/// From the initial key to the transaction key: one derivation for each one bit of the counter, the highest first,
/// each bound to the bits so far.
#[inline]
pub(super) fn walk<C, const N: usize>(
    key_type: KeyType,
    ksn: &Ksn,
    key: &mut [u8; N],
    cipher: impl Fn(&[u8; N]) -> C,
) where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    let mut so_far = 0;
    let mut rest = ksn.counter();
    while let Some(position) = rest.checked_ilog2() {
        let bit = 1 << position;
        rest ^= bit;
        so_far |= bit;
        let step = Ksn::new(ksn.initial_key_id(), so_far);
        let data = DerivationData::transaction(KeyUsage::KeyDerivation, key_type, &step);
        derive(&cipher(key), data, key);
    }
}

/// AES with base keys of `N` bytes: 16, 24 or 32.
pub trait BaseKey<const N: usize>: KeyLength<N> {
    /// The type of the base key, and of every key on the way to the transaction key.
    const KEY_TYPE: KeyType;
    /// AES that only enciphers, which is all that a derivation needs.
    type DerivationCipher: BlockCipherEncrypt<BlockSize = U16>;

    /// The cipher that derives from this key.
    fn derivation_cipher(key: &[u8; N]) -> Self::DerivationCipher;
}

macro_rules! base_key {
    ($($len:literal: $key_type:ident, $cipher:ty;)+) => {$(
        impl BaseKey<$len> for Aes {
            const KEY_TYPE: KeyType = KeyType::$key_type;
            type DerivationCipher = $cipher;

            #[inline]
            fn derivation_cipher(key: &[u8; $len]) -> $cipher {
                <$cipher>::new(key.into())
            }
        }
    )+};
}

base_key! {
    16: Aes128, Aes128Enc;
    24: Aes192, Aes192Enc;
    32: Aes256, Aes256Enc;
}

/// An algorithm whose keys of `M` bytes may be derived from base keys of `N` bytes, being no stronger.
#[diagnostic::on_unimplemented(
    message = "a base key of {N} bytes has no working key of algorithm `{Self}` and {M} bytes",
    note = "a derived key must not be stronger than the key it comes from"
)]
pub trait DerivedFrom<const N: usize, const M: usize>: KeyLength<M> {
    /// The type of the derived key.
    const KEY_TYPE: KeyType;
}

macro_rules! derived_from {
    ($($algorithm:ty, $len:literal, $key_type:ident, [$($base:literal)+];)+) => {$($(
        impl DerivedFrom<$base, $len> for $algorithm {
            const KEY_TYPE: KeyType = KeyType::$key_type;
        }
    )+)+};
}

derived_from! {
    Tdes, 16, Tdes2, [16 24 32];
    Tdes, 24, Tdes3, [16 24 32];
    Aes, 16, Aes128, [16 24 32];
    Aes, 24, Aes192, [24 32];
    Aes, 32, Aes256, [32];
    Hmac, 16, Hmac128, [16 24 32];
    Hmac, 24, Hmac192, [24 32];
    Hmac, 32, Hmac256, [32];
}
