//! Writes BENCHMARKS.md and its plots from one criterion run and the instruction counts; see `report.sh`.

mod machine;
mod measured;
mod plot;
mod tables;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

use measured::{Counts, Times};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [times, counts, date, root] = arguments.as_slice() else {
        return Err("usage: report CRITERION-FOLDER COUNTS-FILE DATE REPOSITORY".into());
    };
    let times = Times::read(Path::new(times))?;
    let counts = Counts::read(&fs::read_to_string(counts)?)?;
    let root = Path::new(root);
    let plots = root.join("benches/plots");
    fs::create_dir_all(&plots)?;
    for plot in plot::PLOTS {
        plot.draw(&times, &plots)?;
    }
    let lock = fs::read_to_string(root.join("benches/Cargo.lock"))?;
    let text = [
        "# Benchmarks\n\nWritten by `benches/report.sh` from one run of criterion and one of callgrind; from \"Noise\" on it is \
         `benches/remarks.md`.\nEvery side does the same job on the same input, which is asserted before it is measured. What each \
         job is, says [benches/README.md](benches/README.md).\n"
            .into(),
        machine::section(date)?,
        tables::section(&times, &counts, &lock)?,
        plot::section(),
        fs::read_to_string(root.join("benches/remarks.md"))?,
    ];
    fs::write(root.join("BENCHMARKS.md"), text.join("\n"))?;
    println!(
        "report: BENCHMARKS.md and the plots of {} sweeps, from {} times",
        plot::PLOTS.len(),
        times.len()
    );
    Ok(())
}
