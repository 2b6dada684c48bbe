use cipher::array::{Array, ArraySize};
use cipher::{
    Block, BlockCipherEncBackend, BlockCipherEncClosure, BlockCipherEncrypt, BlockSizeUser,
};
use zeroize::Zeroize;

/// Blocks chained by one cipher: each is xored with the output before it, then enciphered.
///
/// The last block waits, xored but not enciphered, until more data comes: how it is treated depends on whether it is
/// the last.
pub(super) struct Chain<C: BlockSizeUser> {
    pub(super) cipher: C,
    pub(super) state: Block<C>,
    /// Bytes of the waiting block; 0 only before the first.
    pub(super) filled: usize,
}

impl<C: BlockSizeUser> Chain<C> {
    #[inline]
    pub(super) fn new(cipher: C) -> Self {
        Self { cipher, state: Block::<C>::default(), filled: 0 }
    }

    #[inline]
    pub(super) fn reset(&mut self) {
        self.state.zeroize();
        self.filled = 0;
    }

    /// Whether the waiting block is whole.
    #[inline]
    pub(super) fn is_whole(&self) -> bool {
        self.filled >= C::block_size()
    }

    /// Xors a byte to the place after the data in the waiting block.
    #[inline]
    pub(super) fn mark(&mut self, byte: u8) {
        self.state.iter_mut().skip(self.filled).take(1).for_each(|place| *place ^= byte);
    }
}

impl<C: BlockCipherEncrypt> Chain<C> {
    /// Takes more data.
    #[inline]
    pub(super) fn update(&mut self, data: &[u8]) {
        let data = match self.filled {
            0 => data,
            _ => fill(&mut self.state, &mut self.filled, data),
        };
        if data.is_empty() {
            return;
        }
        let (blocks, tail) = Array::<u8, C::BlockSize>::slice_as_chunks(data);
        // One block or less stays behind and waits.
        let (blocks, last) = match blocks.split_last() {
            Some((last, before)) if tail.is_empty() => (before, Some(last)),
            _ => (blocks, None),
        };
        let waiting = self.is_whole();
        if waiting || !blocks.is_empty() {
            self.cipher.encrypt_with_backend(Run { state: &mut self.state, waiting, blocks });
        }
        match last {
            Some(block) => {
                xor(&mut self.state, block);
                self.filled = C::block_size();
            }
            None => {
                self.state.iter_mut().zip(tail).for_each(|(byte, other)| *byte ^= other);
                self.filled = tail.len();
            }
        }
    }

    /// Enciphers the waiting block, filled up by zeros, which change nothing in the state.
    #[inline]
    pub(super) fn end_block(&mut self) {
        self.cipher.encrypt_block(&mut self.state);
        self.filled = 0;
    }
}

impl<C: BlockSizeUser> Drop for Chain<C> {
    #[inline]
    fn drop(&mut self) {
        self.state.zeroize();
    }
}

/// Xors to a block, of which so many bytes are there, at most what is missing, and hands back the rest.
#[inline]
pub(super) fn fill<'d, N: ArraySize>(
    state: &mut Array<u8, N>,
    filled: &mut usize,
    data: &'d [u8],
) -> &'d [u8] {
    let missing = N::USIZE.saturating_sub(*filled);
    let (head, rest) = data.split_at_checked(missing).unwrap_or((data, &[]));
    state.iter_mut().skip(*filled).zip(head).for_each(|(byte, other)| *byte ^= other);
    *filled = filled.saturating_add(head.len());
    rest
}

#[inline]
pub(super) fn xor<N: ArraySize>(block: &mut Array<u8, N>, other: &Array<u8, N>) {
    block.iter_mut().zip(other).for_each(|(byte, other)| *byte ^= other);
}

/// A run of blocks in one call of the cipher, which keeps its key in registers meanwhile.
struct Run<'a, N: ArraySize> {
    state: &'a mut Array<u8, N>,
    waiting: bool,
    blocks: &'a [Array<u8, N>],
}

impl<N: ArraySize> BlockSizeUser for Run<'_, N> {
    type BlockSize = N;
}

impl<N: ArraySize> BlockCipherEncClosure for Run<'_, N> {
    #[inline(always)]
    fn call<B: BlockCipherEncBackend<BlockSize = N>>(self, backend: &B) {
        let Self { state, waiting, blocks } = self;
        if waiting {
            backend.encrypt_block((&mut *state).into());
        }
        for block in blocks {
            xor(state, block);
            backend.encrypt_block((&mut *state).into());
        }
    }
}
