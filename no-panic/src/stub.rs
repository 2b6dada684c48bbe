//! What generic functions are instantiated over, beside the stub ciphers.

use cipher::{
    Array, BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherEncBackend,
    BlockCipherEncClosure, InOut, consts::U16,
};
use core::hint::black_box;
use digest::{
    FixedOutput, HashMarker, Output, Update,
    block_api::{
        AlgorithmName, Block, BlockSizeUser, Buffer, BufferKindUser, CoreProxy, Eager,
        FixedOutputCore, OutputSizeUser, Reset, UpdateCore,
    },
    consts::{U32, U64},
    zeroize::ZeroizeOnDrop,
};
use keyblock::{Error, ProtectionKey, Version};

/// A protection key that is kept elsewhere, such as in a module.
#[derive(Debug)]
pub(crate) struct Module;

impl ProtectionKey for Module {
    fn is_aes(&self) -> bool {
        black_box(true)
    }

    fn strength(&self) -> u16 {
        black_box(0)
    }

    fn open(&self, _: Version, _: &[u8], data: &mut [u8], _: &[u8]) -> Result<(), Error> {
        black_box(data);
        black_box(Ok(()))
    }

    fn seal(&self, _: Version, _: &[u8], data: &mut [u8], mac: &mut [u8]) -> Result<(), Error> {
        black_box((data, mac));
        black_box(Ok(()))
    }
}

/// One block, given to whatever enciphers or deciphers it.
#[derive(Debug)]
pub(crate) struct OneBlock(Array<u8, U16>);

impl BlockSizeUser for OneBlock {
    type BlockSize = U16;
}

impl BlockCipherEncClosure for OneBlock {
    fn call<B: BlockCipherEncBackend<BlockSize = U16>>(mut self, backend: &B) {
        backend.encrypt_block(InOut::from(&mut self.0));
        black_box(self);
    }
}

impl BlockCipherDecClosure for OneBlock {
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(mut self, backend: &B) {
        backend.decrypt_block(InOut::from(&mut self.0));
        black_box(self);
    }
}

/// A hasher of the standard library's kind.
#[derive(Debug)]
pub(crate) struct Fold(u64);

impl core::hash::Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = black_box(bytes).len() as u64;
    }
}

/// A hash that hashes nothing, with the sizes of SHA-256: even the buffer of `digest` is left out, which keeps a panic at z.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hash(HashCore);

impl HashMarker for Hash {}

impl BlockSizeUser for Hash {
    type BlockSize = U64;
}

impl OutputSizeUser for Hash {
    type OutputSize = U32;
}

impl Update for Hash {
    fn update(&mut self, data: &[u8]) {
        self.0.0 = black_box(data).len() as u64;
    }
}

impl FixedOutput for Hash {
    fn finalize_into(self, out: &mut Output<Self>) {
        black_box((self.0.0, out));
    }
}

impl Reset for Hash {
    fn reset(&mut self) {
        self.0.0 = 0;
    }
}

impl CoreProxy for Hash {
    type Core = HashCore;

    fn compose(core: HashCore, _: Buffer<HashCore>) -> Self {
        Self(core)
    }

    fn decompose(self) -> (HashCore, Buffer<HashCore>) {
        (self.0, Buffer::<HashCore>::default())
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct HashCore(u64);

impl HashMarker for HashCore {}

impl BlockSizeUser for HashCore {
    type BlockSize = U64;
}

impl BufferKindUser for HashCore {
    type BufferKind = Eager;
}

impl OutputSizeUser for HashCore {
    type OutputSize = U32;
}

impl UpdateCore for HashCore {
    fn update_blocks(&mut self, blocks: &[Block<Self>]) {
        black_box(blocks);
        self.0 = black_box(self.0);
    }
}

impl FixedOutputCore for HashCore {
    fn finalize_fixed_core(&mut self, buffer: &mut Buffer<Self>, out: &mut Output<Self>) {
        black_box((buffer, out));
    }
}

impl Reset for HashCore {
    fn reset(&mut self) {
        self.0 = 0;
    }
}

impl AlgorithmName for HashCore {
    fn write_alg_name(_: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Ok(())
    }
}

impl Drop for HashCore {
    fn drop(&mut self) {
        self.0 = black_box(0);
    }
}

impl ZeroizeOnDrop for HashCore {}
