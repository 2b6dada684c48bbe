//! What a program may ask of the valgrind that it runs in. Outside of valgrind each request does nothing.
//!
//! Source: the headers `valgrind.h` and `memcheck.h` of Valgrind 3.19.

#![allow(unsafe_code, reason = "a client request is a sequence of instructions")]

use std::arch::asm;

const RUNNING_ON_VALGRIND: usize = 0x1001;
const COUNT_ERRORS: usize = 0x1201;
const CHANGE_ERR_DISABLEMENT: usize = 0x1801;
/// Memcheck's own requests begin with the letters MC.
const MAKE_MEM_UNDEFINED: usize = 0x4D43_0001;
const MAKE_MEM_DEFINED: usize = 0x4D43_0002;

fn ask(request: usize, first: usize, second: usize) -> usize {
    let arguments = [request, first, second, 0, 0, 0];
    let mut answer = 0;
    // SAFETY: four rotations by 128 bits in all and an exchange of a register with itself change nothing but flags. Valgrind, which
    // knows the sequence, reads the six arguments and puts its answer into rdx; of memory it changes what it keeps about it, not what is in it.
    unsafe {
        asm!(
            "rol rdi, 3", "rol rdi, 13", "rol rdi, 61", "rol rdi, 51", "xchg rbx, rbx",
            inout("rdx") answer,
            in("rax") &arguments,
            options(nostack),
        );
    }
    answer
}

pub(crate) fn is_under_valgrind() -> bool {
    ask(RUNNING_ON_VALGRIND, 0, 0) != 0
}

/// Every branch and every index that depends on these bytes is reported from now on.
///
/// A mutable borrow, though nothing changes: of what is lent for reading a compiler may go on with a copy in a register.
pub(crate) fn make_secret<T>(values: &mut [T]) {
    ask(MAKE_MEM_UNDEFINED, values.as_mut_ptr().expose_provenance(), size_of_val(values));
}

pub(crate) fn make_public<T>(values: &mut [T]) {
    ask(MAKE_MEM_DEFINED, values.as_mut_ptr().expose_provenance(), size_of_val(values));
}

/// Reports nothing until `report_again`.
pub(crate) fn stop_reporting() {
    ask(CHANGE_ERR_DISABLEMENT, 1, 0);
}

pub(crate) fn report_again() {
    ask(CHANGE_ERR_DISABLEMENT, usize::MAX, 0);
}

/// How often something was reported in this process.
pub(crate) fn reports() -> usize {
    ask(COUNT_ERRORS, 0, 0)
}
