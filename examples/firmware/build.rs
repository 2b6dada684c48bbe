//! Gives the linker the memory of the machine that an image is for.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=memory");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return;
    }
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let (memory, scripts): (_, &[_]) = match target.as_str() {
        "thumbv7em-none-eabihf" => ("mps2-an386.x", &["link.x"]),
        "thumbv6m-none-eabi" => ("microbit.x", &["link.x"]),
        "riscv32imac-unknown-none-elf" => ("riscv32-virt.x", &["memory.x", "link.x"]),
        other => panic!("no memory map for {other}: add one to memory/"),
    };
    let folder = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    fs::copy(PathBuf::from("memory").join(memory), folder.join("memory.x"))
        .expect("memory/ is there");
    println!("cargo::rustc-link-search={}", folder.display());
    for script in scripts {
        println!("cargo::rustc-link-arg-bins=-T{script}");
    }
}
