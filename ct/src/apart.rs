//! A function in a process of its own: valgrind prints what it has reported once and from near a second time only as a number, so
//! that each check needs a valgrind that has reported nothing yet. A fork has one for a hundredth of what a start costs.

#![allow(unsafe_code, reason = "the standard library has no fork")]

use std::ffi::c_int;

unsafe extern "C" {
    safe fn fork() -> c_int;
    unsafe fn waitpid(process: c_int, status: *mut c_int, options: c_int) -> c_int;
    safe fn _exit(status: c_int) -> !;
}

/// Calls it in a fork of this process and waits for its end; this process must have no other thread.
pub(crate) fn run(function: impl FnOnce()) {
    let process = fork();
    if process == 0 {
        // What it locks or allocates is its own: there is one thread.
        function();
        _exit(0);
    }
    let mut status = 0;
    // SAFETY: the status is a place for one number, which outlives the call.
    unsafe { waitpid(process, &raw mut status, 0) };
}
