//! A source of random bytes, which may fail.

use core::hint::black_box;
use rand_core::{TryCryptoRng, TryRng};

/// A generator that fails when it likes.
#[derive(Debug)]
pub(crate) struct Random;

/// Why it failed.
#[derive(Debug)]
pub(crate) struct Dry;

impl core::fmt::Display for Dry {
    fn fmt(&self, _: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        Ok(())
    }
}

impl core::error::Error for Dry {}

impl TryRng for Random {
    type Error = Dry;

    fn try_next_u32(&mut self) -> Result<u32, Dry> {
        black_box(Ok(0))
    }

    fn try_next_u64(&mut self) -> Result<u64, Dry> {
        black_box(Ok(0))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Dry> {
        black_box(bytes);
        black_box(Ok(()))
    }
}

impl TryCryptoRng for Random {}
