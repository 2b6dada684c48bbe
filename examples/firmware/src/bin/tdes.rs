//! A PIN pad under TDES DUKPT.

#![no_std]
#![no_main]

use firmware::board::{self, Board};
use firmware::{TdesDukpt, test_data};

static BOARD: Board<TdesDukpt, 16, 1024> = board::new();

#[cfg_attr(target_arch = "arm", cortex_m_rt::entry)]
#[cfg_attr(target_arch = "riscv32", riscv_rt::entry)]
fn main() -> ! {
    board::run(&BOARD, test_data::TDES_BLOCK, &test_data::TDES_KBPK)
}
