//! A PIN pad under AES-256 DUKPT.

#![no_std]
#![no_main]

use firmware::board::{self, Board};
use firmware::{Aes256Dukpt, test_data};

static BOARD: Board<Aes256Dukpt, 32, 2048> = board::new();

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    board::run(&BOARD, test_data::AES_256_BLOCK, &test_data::AES_KBPK)
}
