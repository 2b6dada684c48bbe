//! What a table is made of, and the panic handler that does not link.

use core::panic::PanicInfo;

/// The address of a function: whoever has it may call the function with whatever arguments there are, so nothing of the
/// function is left out, and nothing is known of its arguments.
#[derive(Debug)]
#[allow(dead_code, reason = "the linker reads it")]
pub(crate) struct Entry(pub(crate) *const ());

#[allow(unsafe_code, reason = "a static has to be `Sync`, and nothing is read through the address")]
unsafe impl Sync for Entry {}

/// A table under a name that the linker is given: `NAME { functions }`, one function a line, by its public path.
macro_rules! table {
    ($name:ident { $($function:expr,)+ }) => {
        #[allow(unsafe_code, reason = "the name is the linker's")]
        #[unsafe(no_mangle)]
        static $name: [$crate::table::Entry; [$(stringify!($function)),+].len()] =
            [$($crate::table::Entry($function as *const ())),+];
    };
}
pub(crate) use table;

#[allow(unsafe_code, reason = "the symbol is declared to be missing")]
unsafe extern "C" {
    fn a_panic_is_reachable() -> !;
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    // So that no optimisation drops where a panic was, which who.py tells.
    core::hint::black_box(info);
    #[allow(unsafe_code, reason = "no image that links gets here")]
    unsafe {
        a_panic_is_reachable()
    }
}
