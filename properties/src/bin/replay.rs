#![forbid(unsafe_code)]
//! Runs every file of a folder through a property, for what measures the run from outside.

use core::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [name, folder] = arguments.as_slice() else {
        return Err("usage: replay PROPERTY FOLDER".into());
    };
    let known = properties::ALL.iter().find(|(known, _)| known == name);
    let (_, property) = known.ok_or_else(|| format!("no property {name}"))?;
    let mut replayed = 0_usize;
    for file in fs::read_dir(folder).map_err(|error| format!("{folder}: {error}"))? {
        property(&fs::read(file?.path())?);
        replayed = replayed.saturating_add(1);
    }
    if replayed == 0 {
        return Err(format!("{folder} is empty").into());
    }
    println!("{replayed}");
    Ok(())
}
