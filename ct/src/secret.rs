//! Values that must not show in a branch or an index, and how they are made.

use std::convert::Infallible;
use std::hint::black_box;

use dukpt::cipher::{BlockCipherEncrypt, KeyInit};
use pinblock::rand_core::{TryCryptoRng, TryRng};
use pinblock::{Pan, Pin};

use crate::request;

/// These bytes, secret from now on.
pub(crate) fn secret<const N: usize>(bytes: [u8; N]) -> [u8; N] {
    let mut bytes = black_box(bytes);
    request::make_secret(&mut bytes);
    black_box(bytes)
}

pub(crate) fn secret_slice(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = black_box(bytes.to_vec());
    request::make_secret(&mut bytes);
    black_box(bytes)
}

/// Looks at a secret without a report: what is called has a check of its own, or nobody is meant to call it in earnest.
pub(crate) fn quietly<T>(function: impl FnOnce() -> T) -> T {
    request::stop_reporting();
    let value = black_box(function());
    request::report_again();
    value
}

/// What was accepted.
pub(crate) fn accepted<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    quietly(|| result.expect("the check's own input is refused"))
}

/// The end of an output: nothing is done with it.
pub(crate) fn done<T>(output: T) {
    black_box(output);
}

pub(crate) fn pin(digits: &str) -> Pin {
    quietly(|| Pin::from_ascii(&secret_slice(digits.as_bytes())).expect("a PIN"))
}

pub(crate) fn pan(digits: &str) -> Pan {
    quietly(|| Pan::from_ascii(&secret_slice(digits.as_bytes())).expect("a PAN"))
}

/// A cipher under a secret key.
pub(crate) fn cipher<C: KeyInit + BlockCipherEncrypt>(key: &[u8]) -> C {
    C::new_from_slice(&secret_slice(key)).expect("the check's own key is too long or too short")
}

/// A generator of secret bytes, the same in each run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Self {
        Self(0x5DEE_CE66_D1CE_4E5B)
    }
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_ne_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for byte in out.iter_mut() {
            self.0 = self.0.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(0x1405_7B7E_F767_814F);
            *byte = self.0.to_be_bytes()[0];
        }
        request::make_secret(out);
        Ok(())
    }
}

impl TryCryptoRng for Random {}
