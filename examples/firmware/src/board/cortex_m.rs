//! Cortex-M under a debugger or QEMU: semihosting, and a stack that the start-up code painted.

use core::fmt;

use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hio::{self, HostStream};

/// The debugger's standard output.
pub(super) struct Console(Option<HostStream>);

impl Console {
    pub(super) fn new() -> Self {
        Self(hio::hstdout().ok())
    }
}

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let stream = self.0.as_mut().ok_or(fmt::Error)?;
        stream.write_all(text.as_bytes()).map_err(|()| fmt::Error)
    }
}

/// Ends the machine; the debugger's exit status says how.
pub(super) fn end(done: bool) -> ! {
    debug::exit(if done { EXIT_SUCCESS } else { EXIT_FAILURE });
    loop {
        cortex_m::asm::wfe();
    }
}

/// What `cortex-m-rt` with its feature `paint-stack` fills the stack with.
const PAINT: u32 = 0xCCCC_CCCC;

/// How many bytes of the stack were written since the start, and how many it has.
#[allow(unsafe_code, reason = "memory below the stack pointer belongs to no object of Rust")]
pub(super) fn peak_stack() -> Option<(usize, usize)> {
    unsafe extern "C" {
        static _stack_start: u32;
        static _stack_end: u32;
    }
    let (top, bottom) = (&raw const _stack_start, &raw const _stack_end);
    let mut at = bottom;
    // SAFETY: the linker script puts both around RAM that holds nothing but the stack, aligned to words; a volatile read of it,
    // whoever wrote it last, has no effect.
    while at < top && unsafe { at.read_volatile() } == PAINT {
        at = at.wrapping_add(1);
    }
    let size = top.addr().saturating_sub(bottom.addr());
    Some((top.addr().saturating_sub(at.addr()), size))
}
