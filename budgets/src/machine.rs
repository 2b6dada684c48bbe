//! The machine: where it starts, how it stops, what it can say, and its clock and stack.

#![allow(unsafe_code, reason = "registers, the stack and the debugger's calls have no other door")]

use core::arch::asm;
use core::panic::PanicInfo;

/// What a painted word of the stack holds.
const PAINT: u32 = 0xA5A5_5A5A;
/// How much of the stack is painted, in bytes: far above every budget.
const PAINTED: usize = 32 * 1024;
/// The clock counts down from here; it ticks once in 40 instructions under `-icount shift=0`.
const CLOCK_TOP: u32 = 0x00FF_FFFF;
const CLOCK_CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
const CLOCK_RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
const CLOCK_NOW: *mut u32 = 0xE000_E018 as *mut u32;
/// The coprocessor access register: the floating point unit's registers may be used to copy.
const COPROCESSORS: *mut u32 = 0xE000_ED88 as *mut u32;

unsafe extern "C" {
    static stack_top: u32;
    static flash_used: u32;
    fn main();
}

#[repr(C)]
union Vector {
    address: *const u32,
    handler: unsafe extern "C" fn() -> !,
}

// SAFETY: read by the processor alone, never written.
unsafe impl Sync for Vector {}

#[used]
#[unsafe(link_section = ".vector")]
static VECTORS: [Vector; 16] = {
    let mut all = [const { Vector { handler: fault } }; 16];
    all[0] = Vector { address: &raw const stack_top };
    all[1] = Vector { handler: reset };
    all
};

/// Gives an image its `main`.
#[macro_export]
macro_rules! entry {
    ($run:path) => {
        #[allow(unsafe_code, reason = "the start code calls it by its name")]
        #[unsafe(no_mangle)]
        extern "C" fn main() {
            $run();
        }
    };
}

#[unsafe(no_mangle)]
unsafe extern "C" fn reset() -> ! {
    // SAFETY: nothing else runs yet; the addresses are those of the architecture.
    unsafe {
        COPROCESSORS.write_volatile(COPROCESSORS.read_volatile() | 0x00F0_0000);
        asm!("dsb", "isb");
        CLOCK_RELOAD.write_volatile(CLOCK_TOP);
        CLOCK_NOW.write_volatile(0);
        CLOCK_CONTROL.write_volatile(0b101);
        main();
    }
    stop(0)
}

unsafe extern "C" fn fault() -> ! {
    say("fault\n");
    stop(1)
}

#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    say("panic\n");
    stop(1)
}

fn debugger(operation: u32, argument: *const u32) {
    // SAFETY: a semihosting call, which reads what the argument points to.
    unsafe { asm!("bkpt 0xab", inout("r0") operation => _, in("r1") argument) }
}

/// Writes to the terminal in which QEMU runs.
pub fn say(text: &str) {
    for byte in text.bytes() {
        debugger(0x03, &raw const byte as *const u32);
    }
}

/// Ends QEMU with an exit status.
fn stop(status: u32) -> ! {
    let reason_and_status = [0x20026, status];
    debugger(0x20, reason_and_status.as_ptr());
    loop {
        core::hint::spin_loop();
    }
}

/// Bytes of .text, .rodata and .data of this image.
pub(crate) fn flash() -> u32 {
    &raw const flash_used as u32
}

/// The clock: ticks since another reading, at most some 16 million.
pub(crate) fn ticks_since(earlier: u32) -> u32 {
    earlier.wrapping_sub(now()) & CLOCK_TOP
}

pub(crate) fn now() -> u32 {
    // SAFETY: the register is there and may be read at any time.
    unsafe { CLOCK_NOW.read_volatile() }
}

/// Runs `work` on a painted stack: how many bytes below this function's own frame it wrote to.
#[inline(never)]
pub(crate) fn stack_of(work: &mut dyn FnMut()) -> u32 {
    let here: usize;
    // SAFETY: reads the stack pointer.
    unsafe { asm!("mov {}, sp", out(reg) here) };
    let lowest = here - PAINTED;
    for address in (lowest..here).step_by(4) {
        // SAFETY: below the stack pointer of a machine without interrupts, and above all that is linked.
        unsafe { (address as *mut u32).write_volatile(PAINT) };
    }
    work();
    let mut address = lowest;
    // SAFETY: as above; the search ends at this frame at the latest.
    while address < here && unsafe { (address as *const u32).read_volatile() } == PAINT {
        address += 4;
    }
    (here - address) as u32
}
