//! The self-test passes under the right ciphers, and fails if a cipher is wrong once.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use core::cell::Cell;

use aes::{Aes128, cipher::array::ArraySize};
use cipher::{
    Block, BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt, BlockCipherEncBackend,
    BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser, InOut, Key, KeyInit, KeySizeUser,
    ParBlocksSizeUser, consts::U1,
};
use des::{TdesEde2, TdesEee2};
use pinblock::{Error, self_test};
use sm4::Sm4;

thread_local! {
    /// How many calls of a cipher there were.
    static CALLS: Cell<usize> = const { Cell::new(0) };
    /// In which of them a bit is flipped, and which bit.
    static FLIP: Cell<Option<(usize, usize)>> = const { Cell::new(None) };
}

/// A cipher that now and then is wrong.
struct Faulty<C>(C);

fn disturb<N: ArraySize>(block: &mut cipher::array::Array<u8, N>) {
    let call = CALLS.replace(CALLS.get() + 1);
    if let Some((_, bit)) = FLIP.get().filter(|(when, _)| *when == call) {
        block[bit / 8] ^= 0x80 >> (bit % 8);
    }
}

impl<C: KeySizeUser> KeySizeUser for Faulty<C> {
    type KeySize = C::KeySize;
}

impl<C: KeyInit> KeyInit for Faulty<C> {
    fn new(key: &Key<Self>) -> Self {
        Self(C::new(key))
    }
}

impl<C: BlockSizeUser> BlockSizeUser for Faulty<C> {
    type BlockSize = C::BlockSize;
}

impl<C: BlockSizeUser> ParBlocksSizeUser for Faulty<C> {
    type ParBlocksSize = U1;
}

impl<C: BlockCipherEncrypt> BlockCipherEncBackend for Faulty<C> {
    fn encrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        self.0.encrypt_block_inout(block.reborrow());
        disturb(block.get_out());
    }
}

impl<C: BlockCipherDecrypt> BlockCipherDecBackend for Faulty<C> {
    fn decrypt_block(&self, mut block: InOut<'_, '_, Block<Self>>) {
        self.0.decrypt_block_inout(block.reborrow());
        disturb(block.get_out());
    }
}

impl<C: BlockCipherEncrypt> BlockCipherEncrypt for Faulty<C> {
    fn encrypt_with_backend(&self, f: impl BlockCipherEncClosure<BlockSize = C::BlockSize>) {
        f.call(self);
    }
}

impl<C: BlockCipherDecrypt> BlockCipherDecrypt for Faulty<C> {
    fn decrypt_with_backend(&self, f: impl BlockCipherDecClosure<BlockSize = C::BlockSize>) {
        f.call(self);
    }
}

fn with(flip: Option<(usize, usize)>) -> Result<(), Error> {
    CALLS.set(0);
    FLIP.set(flip);
    self_test::<Faulty<TdesEde2>, Faulty<Aes128>>()
}

#[test]
fn passes_under_the_right_ciphers() {
    assert_eq!(self_test::<TdesEde2, Aes128>(), Ok(()));
    assert_eq!(with(None), Ok(()));
    assert_eq!(CALLS.get(), 24);
}

/// The calls of the checks that a wrong PVV and a wrong PIN are refused, which they are under a wrong cipher as well.
const REFUSALS: [usize; 2] = [17, 23];

/// Every other call of a cipher is part of a check that notices it, whichever of the 4 bits is wrong that hold a format's
/// control nibble or decide a first digit.
#[test]
fn fails_if_a_single_bit_is_wrong_in_a_single_call() {
    for call in (0..24).filter(|call| !REFUSALS.contains(call)) {
        for bit in 0..4 {
            assert_eq!(with(Some((call, bit))), Err(Error::SelfTest), "call {call}, bit {bit}");
        }
    }
    assert_eq!(with(Some((24, 0))), Ok(()));
}

#[test]
fn fails_under_other_ciphers() {
    assert_eq!(self_test::<TdesEee2, Aes128>(), Err(Error::SelfTest));
    assert_eq!(self_test::<TdesEde2, Sm4>(), Err(Error::SelfTest));
}
