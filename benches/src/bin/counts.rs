//! Runs the sides of a group of jobs for callgrind to count; see `counts.sh`.
//!
//! `repeat` is what is counted, at each call of its own: so many times, then more often. What both have in common is not the
//! side's. Standard output says which: job, side, whose it is, and by how many times the second call is longer.
//!
//! Without arguments it lists the groups and the processor's features that code chooses by, as they show here.

use std::env;
use std::process::ExitCode;

use benches::{GROUPS, Job, Of, Side};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let (group, only_ours) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            GROUPS.iter().for_each(|(group, _)| println!("group\t{group}"));
            println!("features\t{}", features());
            return ExitCode::SUCCESS;
        }
        [group, "ours"] => (group, true),
        [group, "all"] => (group, false),
        _ => return usage(),
    };
    let Some((_, jobs)) = GROUPS.iter().find(|(name, _)| *name == group) else { return usage() };
    for Job { name, sides } in jobs() {
        for side in sides.iter().filter(|side| !only_ours || side.of == Of::Ours) {
            let (few, many) = calls(name);
            // First uses fill what is filled once.
            side.run();
            repeat(side, few);
            repeat(side, many);
            println!("{name}\t{}\t{}\t{}", side.name, side.of, many - few);
        }
    }
    ExitCode::SUCCESS
}

/// How often: less where one call takes a million instructions.
fn calls(job: &str) -> (u32, u32) {
    let long = ["_10000", "_100000", "_server", "/ipm_vbs", "/ipm_blocked"];
    if long.iter().any(|end| job.ends_with(end)) { (1, 2) } else { (10, 110) }
}

/// All that `counts.sh` has callgrind count.
#[inline(never)]
fn repeat(side: &Side, times: u32) {
    (0..times).for_each(|_| side.run());
}

/// What the crates `aes` and `memchr` and the standard library ask the processor for.
#[cfg(target_arch = "x86_64")]
fn features() -> String {
    let mut found = Vec::new();
    macro_rules! ask {
        ($($feature:tt)*) => {
            $(if std::is_x86_feature_detected!($feature) { found.push($feature) })*
        };
    }
    ask!("aes" "pclmulqdq" "ssse3" "sse4.2" "popcnt" "bmi1" "bmi2" "avx" "avx2" "sha" "vaes" "avx512f");
    found.join(" ")
}

#[cfg(not(target_arch = "x86_64"))]
fn features() -> String {
    env::consts::ARCH.into()
}

fn usage() -> ExitCode {
    eprintln!("usage: counts [GROUP ours|all]");
    ExitCode::FAILURE
}
