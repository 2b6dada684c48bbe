//! Gives the linker the memory of the machine that an image is for.

use core::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=memory");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("none") {
        return Ok(());
    }
    let target = env::var("TARGET")?;
    let (memory, scripts): (_, &[_]) = match target.as_str() {
        "thumbv7em-none-eabihf" => ("mps2-an386.x", &["link.x"]),
        "thumbv6m-none-eabi" => ("microbit.x", &["link.x"]),
        "riscv32imac-unknown-none-elf" => ("riscv32-virt.x", &["memory.x", "link.x"]),
        other => return Err(format!("no memory map for {other}: add one to memory/").into()),
    };
    let folder = PathBuf::from(env::var("OUT_DIR")?);
    fs::copy(PathBuf::from("memory").join(memory), folder.join("memory.x"))?;
    println!("cargo::rustc-link-search={}", folder.display());
    for script in scripts {
        println!("cargo::rustc-link-arg-bins=-T{script}");
    }
    Ok(())
}
