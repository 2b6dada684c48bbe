//! The machine that an image runs on: console, stack, end.

#[cfg(target_arch = "arm")]
mod cortex_m;
#[cfg(target_arch = "riscv32")]
mod riscv;

use core::cell::RefCell;
use core::fmt::{self, Write};
use core::panic::PanicInfo;

use critical_section::Mutex;

#[cfg(target_arch = "arm")]
use self::cortex_m as machine;
#[cfg(target_arch = "riscv32")]
use self::riscv as machine;
use crate::pin_pad::PinPad;
use crate::ram_flash::RamFlash;
use crate::scheme::Scheme;
use crate::session;

/// A PIN pad in a place of its own, since its stack is small.
pub type Board<S, const N: usize, const PAGE: usize> = Mutex<RefCell<PinPad<S, N, RamFlash<PAGE>>>>;

/// A board as it leaves the factory.
#[must_use]
pub const fn new<S: Scheme<N>, const N: usize, const PAGE: usize>() -> Board<S, N, PAGE> {
    Mutex::new(RefCell::new(PinPad::new(RamFlash::WORN)))
}

/// Runs the session, says how much stack it took, and ends the machine.
pub fn run<S: Scheme<N>, const N: usize, const PAGE: usize>(
    board: &'static Board<S, N, PAGE>,
    key_block: &[u8],
    kbpk: &[u8],
) -> ! {
    let mut console = machine::Console::new();
    let done = critical_section::with(|section| {
        let pad = &mut *board.borrow_ref_mut(section);
        session::before_power_cut(pad, key_block, kbpk, &mut console)?;
        // All but the flash is gone.
        pad.forget();
        session::after_power_cut(pad, &mut console)
    });
    let told = match done {
        Ok(()) => tell_stack(&mut console),
        Err(error) => writeln!(console, "fault: {error}").and(Err(fmt::Error)),
    };
    machine::end(told.is_ok())
}

fn tell_stack(console: &mut impl Write) -> fmt::Result {
    match machine::peak_stack() {
        Some((peak, size)) => writeln!(console, "stack {peak} of {size}"),
        None => Ok(()),
    }
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    // Nothing is left to do if this fails.
    let _ = writeln!(machine::Console::new(), "{info}");
    machine::end(false)
}
