//! Does one side of one job so many times, for callgrind to count; see `counts.sh`.
//!
//! Without arguments it lists the jobs and their sides.

use std::env;
use std::process::ExitCode;

use benches::Side;

fn main() -> ExitCode {
    let jobs = benches::jobs();
    let sides = || jobs.iter().flat_map(|job| job.sides.iter().map(move |side| (job.name, side)));
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [job, side, times] = arguments.as_slice() else {
        sides().for_each(|(job, side)| println!("{job}\t{}", side.name));
        return ExitCode::SUCCESS;
    };
    let found = sides().find(|(name, found)| name == job && found.name == side);
    let (Some((_, side)), Ok(times)) = (found, times.parse::<u32>()) else {
        eprintln!("usage: counts [JOB SIDE TIMES]");
        return ExitCode::FAILURE;
    };
    repeat(side, times);
    ExitCode::SUCCESS
}

/// All that `counts.sh` has callgrind count: start-up fills hash maps with random keys.
#[inline(never)]
fn repeat(side: &Side, times: u32) {
    (0..times).for_each(|_| side.run());
}
