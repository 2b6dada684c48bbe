use super::{Aes, Hmac, InitialKeyId, KeyType, KeyUsage, Ksn, Tdes};
use crate::key::KeyLength;
use ::aes::{Aes128Enc, Aes192Enc, Aes256Enc};
use cipher::array::Array;
use cipher::consts::U16;
use cipher::{BlockCipherEncrypt, KeyInit};
use zeroize::Zeroizing;

/// The usage in the derivation data of an initial key.
const INITIAL_KEY_USAGE: u16 = 0x8001;

/// What is enciphered to derive a key, as its 16 bytes for each of the derived key's blocks.
///
/// A byte of version (1), a byte of block number, usage, algorithm and bits in 2 bytes each, then what the key is bound
/// to: the initial key id, or the derivation id and the counter.
#[derive(Clone, Copy)]
pub(super) struct DerivationData([Array<u8, U16>; 2]);

impl DerivationData {
    pub(super) fn initial_key(key_type: KeyType, id: InitialKeyId) -> Self {
        Self::new(INITIAL_KEY_USAGE, key_type, u64::from_be_bytes(id.to_bytes()))
    }

    pub(super) fn transaction(usage: KeyUsage, key_type: KeyType, ksn: &Ksn) -> Self {
        let id = u32::from_be_bytes(ksn.initial_key_id().derivation_id());
        let binding = u64::from(id) << 32 | u64::from(ksn.counter());
        Self::new(usage.code(), key_type, binding)
    }

    #[inline]
    fn new(usage: u16, key_type: KeyType, binding: u64) -> Self {
        let head = 0x0101_0000_0000_0000
            | u64::from(usage) << 32
            | u64::from(key_type.code()) << 16
            | u64::from(key_type.bits());
        let block = |head: u64| (u128::from(head) << 64 | u128::from(binding)).to_be_bytes();
        let second = match key_type.bits() {
            128 => [0; 16],
            _ => block(head ^ 0x0003_0000_0000_0000),
        };
        Self([Array(block(head)), Array(second)])
    }

    #[inline]
    fn set_counter(&mut self, counter: u32) {
        for Array([.., a, b, c, d]) in &mut self.0 {
            [*a, *b, *c, *d] = counter.to_be_bytes();
        }
    }

    /// The data's 16 bytes for the derived key's first or second block.
    #[cfg(feature = "explain")]
    pub(super) const fn blocks(&self) -> [&[u8; 16]; 2] {
        let [Array(first), Array(second)] = &self.0;
        [first, second]
    }
}

/// Derives a key of 16, 24 or 32 bytes into `out`.
#[inline]
pub(super) fn derive<C>(cipher: &C, data: DerivationData, out: &mut [u8])
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    encipher(cipher, &data, out);
}

/// Derives a key of 16, 24 or 32 bytes from another.
///
/// The data lies in memory before the key schedule begins: a processor that loads 16 bytes at once, where they were stored in
/// parts, waits until everything before the last part is done, and that should not be the key schedule.
#[inline(always)]
pub(super) fn derive_from<const N: usize>(key: &[u8; N], data: &DerivationData, out: &mut [u8])
where
    Aes: BaseKey<N>,
{
    encipher(&Aes::derivation_cipher(key), data, out);
}

/// Derives a key of 16, 24 or 32 bytes into `out`, by calls that can fail.
pub(super) fn try_derive<E>(
    mut encipher: impl FnMut(&mut [u8; 16]) -> Result<(), E>,
    data: &DerivationData,
    out: &mut [u8],
) -> Result<(), E> {
    let mut rest = out;
    for Array(data) in &data.0 {
        // By hand: `chunks_mut` links a panic at opt-level z.
        let len = rest.len().min(16);
        let Some(part) = rest.split_off_mut(..len) else { break };
        if part.is_empty() {
            break;
        }
        let mut block = Zeroizing::new(*data);
        encipher(&mut block)?;
        part.iter_mut().zip(&*block).for_each(|(to, from)| *to = *from);
    }
    Ok(())
}

#[inline]
fn encipher<C>(cipher: &C, data: &DerivationData, out: &mut [u8])
where
    C: BlockCipherEncrypt<BlockSize = U16>,
{
    let DerivationData([first, second]) = data;
    match Array::slice_as_chunks_mut(out) {
        ([one], []) => cipher.encrypt_block_b2b(first, one),
        ([one], half) => {
            cipher.encrypt_block_b2b(first, one);
            let mut whole = Zeroizing::new([0; 16]);
            cipher.encrypt_block_b2b(second, (&mut *whole).into());
            half.iter_mut().zip(&*whole).for_each(|(to, from)| *to = *from);
        }
        // In software, `encrypt_blocks` first spreads the key schedule over two kilobytes of stack.
        (both, _)
            if cfg!(any(target_arch = "x86_64", target_arch = "x86", target_arch = "aarch64")) =>
        {
            both.iter_mut().zip(&data.0).for_each(|(block, data)| *block = *data);
            cipher.encrypt_blocks(both);
        }
        (both, _) => {
            for (block, data) in both.iter_mut().zip(&data.0) {
                cipher.encrypt_block_b2b(data, block);
            }
        }
    }
}

/// One step after another, from the key of some of the counter's bits to that of all of them: one derivation for each one
/// bit that is left, the highest first, each bound to the bits so far.
pub(super) struct Walk {
    data: DerivationData,
    so_far: u32,
    rest: u32,
}

impl Walk {
    /// From the key of the counter's bits `so_far`, with the bits `rest` to go.
    #[inline]
    pub(super) fn new(key_type: KeyType, id: InitialKeyId, so_far: u32, rest: u32) -> Self {
        let ksn = Ksn::new(id, so_far);
        let data = DerivationData::transaction(KeyUsage::KeyDerivation, key_type, &ksn);
        Self { data, so_far, rest }
    }

    /// The data of the next step.
    #[inline]
    pub(super) fn next(&mut self) -> Option<&DerivationData> {
        let bit = 1 << self.rest.checked_ilog2()?;
        self.rest ^= bit;
        self.so_far |= bit;
        self.data.set_counter(self.so_far);
        Some(&self.data)
    }

    /// Takes all steps that are left.
    #[inline]
    pub(super) fn finish<const N: usize>(&mut self, key: &mut [u8; N])
    where
        Aes: BaseKey<N>,
    {
        while let Some(data) = self.next() {
            let cipher = Aes::derivation_cipher(key);
            encipher(&cipher, data, key);
        }
    }
}

/// From the initial key to the transaction key.
#[inline]
pub(super) fn walk<const N: usize>(ksn: &Ksn, key: &mut [u8; N])
where
    Aes: BaseKey<N>,
{
    let key_type = <Aes as BaseKey<N>>::KEY_TYPE;
    Walk::new(key_type, ksn.initial_key_id(), 0, ksn.counter()).finish(key);
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
