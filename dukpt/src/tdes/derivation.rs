use super::{InitialKeyId, Ksn};
use cipher::array::Array;
use cipher::consts::{U8, U16};
use cipher::{BlockCipherEncrypt, KeyInit};
use core::fmt;
use zeroize::Zeroizing;

/// Turns each half of a key into its second form, which makes the left half of what is derived.
const SECOND_FORM: u64 = 0xC0C0_C0C0_0000_0000;

/// What is xored to both halves of a transaction key for each use.
#[derive(Clone, Copy)]
#[repr(u64)]
pub(super) enum Variant {
    Pin = 0x0000_0000_0000_00FF,
    MacRequest = 0x0000_0000_0000_FF00,
    MacResponse = 0x0000_0000_FF00_0000,
    DataRequest = 0x0000_0000_00FF_0000,
    DataResponse = 0x0000_00FF_0000_0000,
}

impl Variant {
    /// What is xored to the whole key.
    #[cfg(feature = "explain")]
    pub(super) fn mask(self) -> [u8; 16] {
        from_halves(&[self as u64; 2])
    }

    pub(super) fn apply(self, key: &mut [u8; 16]) {
        xor_halves(key, self as u64);
    }
}

/// The initial key: its id enciphered under the base key and under the base key's second form.
pub(super) fn initial_key<C>(bdk: &[u8; 16], id: [u8; 8], out: &mut [u8; 16])
where
    C: KeyInit<KeySize = U16> + BlockCipherEncrypt<BlockSize = U8>,
{
    let mut second = Zeroizing::new(*bdk);
    xor_halves(&mut second, SECOND_FORM);
    initial_key_with(&C::new(bdk.into()), &C::new((&*second).into()), id, out);
}

/// The same with the ciphers of both forms.
pub(super) fn initial_key_with<C>(bdk: &C, second: &C, id: [u8; 8], out: &mut [u8; 16])
where
    C: BlockCipherEncrypt<BlockSize = U8>,
{
    let (left, right) = <&mut Array<u8, U16>>::from(out).split_ref_mut::<U8>();
    *left = Array(id);
    *right = Array(id);
    bdk.encrypt_block(left);
    second.encrypt_block(right);
}

/// From the key of some of the counter's bits, those in the register, to the key of `rest` in addition: one step for each
/// one bit, the highest first, with the bits so far in the register.
pub(super) struct Walk {
    register: u64,
    rest: u32,
}

impl Walk {
    /// From the key of the counter's bits `so_far`, with the bits `rest` to go.
    pub(super) fn new(id: InitialKeyId, so_far: u32, rest: u32) -> Self {
        Self { register: id.register() | u64::from(so_far), rest }
    }

    /// Derives the next key, if there is a step left.
    #[inline]
    pub(super) fn step<C>(&mut self, [left, right]: &[u64; 2]) -> Option<Zeroizing<[u64; 2]>>
    where
        C: KeyInit<KeySize = U8> + BlockCipherEncrypt<BlockSize = U8>,
    {
        let bit = 1 << self.rest.checked_ilog2()?;
        self.rest ^= bit;
        self.register |= u64::from(bit);
        Some(Zeroizing::new([
            encipher_half::<C>(left ^ SECOND_FORM, right ^ SECOND_FORM, self.register),
            encipher_half::<C>(*left, *right, self.register),
        ]))
    }
}

/// From the initial key to the transaction key.
pub(super) fn transaction_key<C>(key: &mut [u8; 16], ksn: &Ksn)
where
    C: KeyInit<KeySize = U8> + BlockCipherEncrypt<BlockSize = U8>,
{
    let mut halves = Zeroizing::new(to_halves(key));
    let mut walk = Walk::new(ksn.initial_key_id(), 0, ksn.counter());
    while let Some(next) = walk.step::<C>(&halves) {
        *halves = *next;
    }
    *key = from_halves(&halves);
}

/// A key with both of its schedules ready, to derive more than one key from.
pub struct Step<C> {
    first: C,
    second: C,
    right: Zeroizing<u64>,
}

impl<C> fmt::Debug for Step<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Step")
    }
}

impl<C> Step<C>
where
    C: KeyInit<KeySize = U8> + BlockCipherEncrypt<BlockSize = U8>,
{
    #[inline]
    pub(super) fn new(key: &[u8; 16]) -> Self {
        let halves = Zeroizing::new(to_halves(key));
        let [left, right] = *halves;
        let first = Zeroizing::new(left.to_be_bytes());
        let second = Zeroizing::new((left ^ SECOND_FORM).to_be_bytes());
        Self {
            first: C::new((&*first).into()),
            second: C::new((&*second).into()),
            right: Zeroizing::new(right),
        }
    }

    /// Derives the key of a register.
    #[inline]
    pub(super) fn derive(&self, register: u64, key: &mut [u8; 16]) {
        let halves = Zeroizing::new([
            whitened(&self.second, *self.right ^ SECOND_FORM, register),
            whitened(&self.first, *self.right, register),
        ]);
        *key = from_halves(&halves);
    }
}

/// The register, whitened before and after it is enciphered.
#[inline]
fn whitened<C: BlockCipherEncrypt<BlockSize = U8>>(cipher: &C, right: u64, register: u64) -> u64 {
    let mut block = Zeroizing::new((register ^ right).to_be_bytes());
    cipher.encrypt_block((&mut *block).into());
    u64::from_be_bytes(*block) ^ right
}

/// One half of a derived key: the register, whitened with the right half before and after single DES under the
/// left half.
#[inline]
fn encipher_half<C>(left: u64, right: u64, register: u64) -> u64
where
    C: KeyInit<KeySize = U8> + BlockCipherEncrypt<BlockSize = U8>,
{
    let key = Zeroizing::new(left.to_be_bytes());
    let mut block = Zeroizing::new((register ^ right).to_be_bytes());
    C::new((&*key).into()).encrypt_block((&mut *block).into());
    u64::from_be_bytes(*block) ^ right
}

/// Enciphers both halves of a key under the whole of it.
pub(super) fn encipher_under_itself<C>(key: &mut [u8; 16])
where
    C: KeyInit<KeySize = U16> + BlockCipherEncrypt<BlockSize = U8>,
{
    let cipher = C::new((&*key).into());
    let (left, right) = <&mut Array<u8, U16>>::from(key).split_ref_mut::<U8>();
    cipher.encrypt_block(left);
    cipher.encrypt_block(right);
}

fn xor_halves(key: &mut [u8; 16], mask: u64) {
    let [left, right] = to_halves(key);
    *key = from_halves(&[left ^ mask, right ^ mask]);
}

pub(super) fn to_halves(key: &[u8; 16]) -> [u64; 2] {
    let (left, right) = <&Array<u8, U16>>::from(key).split_ref::<U8>();
    [u64::from_be_bytes(left.0), u64::from_be_bytes(right.0)]
}

pub(super) fn from_halves([left, right]: &[u64; 2]) -> [u8; 16] {
    (u128::from(*left) << 64 | u128::from(*right)).to_be_bytes()
}
