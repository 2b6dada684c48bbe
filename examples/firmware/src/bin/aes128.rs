//! A PIN pad under AES-128 DUKPT.

#![no_std]
#![no_main]

use firmware::board::{self, Board};
use firmware::{Aes128Dukpt, test_data};

static BOARD: Board<Aes128Dukpt, 16, 1024> = board::new();

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    board::run(&BOARD, test_data::AES_128_BLOCK, &test_data::AES_KBPK)
}
