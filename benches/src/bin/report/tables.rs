//! One table a crate: ours, the peers, and the floor.

use crate::Result;
use crate::measured::{Count, Counts, Times};

/// Crates, and the groups of jobs that run their code.
const CRATES: [(&str, &[&str]); 5] = [
    ("iso8583-wire", &["iso8583", "link"]),
    ("emv-tlv", &["emv_tlv"]),
    ("pinblock", &["pinblock"]),
    ("dukpt", &["dukpt", "mac"]),
    ("keyblock", &["keyblock"]),
];

/// Fails where the run has a side that was not counted, or the other way round.
pub(crate) fn section(times: &Times, counts: &Counts, lock: &str) -> Result<String> {
    for (job, side) in times.jobs() {
        if !counts.0.iter().any(|count| count.job == job && count.side == side) {
            return Err(format!("{job}, {side}: timed, but not counted").into());
        }
    }
    let mut rows = 0;
    let mut text = String::from(
        "## Figures\n\n\
         `instructions` and `median` are those of one call, the latter with its median absolute deviation (MAD). The ratios are \
         ours by that side's:\nbelow 1, ours takes less. The floor is the cipher calls that no implementation avoids, key schedules \
         included, or what a row says.\nRatios of instructions repeat from machine to machine; those of times do not quite.\n",
    );
    for (name, groups) in CRATES {
        text += &format!(
            "\n### {name}\n\n\
             | job | side | instructions | ours / side | median | MAD | ours / side |\n\
             |---|---|---:|---:|---:|---:|---:|\n"
        );
        for count in counts.of(groups) {
            text += &row(count, times, counts, lock)?;
            rows += 1;
        }
    }
    if rows != counts.0.len() {
        return Err("a group of jobs stands in no crate's table".into());
    }
    Ok(text)
}

fn row(count: &Count, times: &Times, counts: &Counts, lock: &str) -> Result<String> {
    let Count { job, side, of, instructions } = count;
    let time = times.of(job, side)?;
    let (fewer, faster) = if side == "ours" {
        (String::new(), String::new())
    } else {
        let ours = times.of(job, "ours")?.median;
        let fewer = counts.ours(job)? as f64 / *instructions as f64;
        (format!("{fewer:.2}"), format!("{:.2}", ours / time.median))
    };
    let side = if of == "peer" { format!("{side} {}", version(lock, side)?) } else { side.clone() };
    Ok(format!(
        "| `{job}` | {side} | {} | {fewer} | {} | {:.1} % | {faster} |\n",
        grouped(*instructions),
        duration(time.median),
        100.0 * time.deviation / time.median,
    ))
}

/// The version of a peer that the lock file has.
fn version(lock: &str, peer: &str) -> Result<String> {
    let package = lock.split_once(&format!("name = \"{peer}\"\nversion = \""));
    let version = package.and_then(|(_, rest)| rest.split('"').next());
    version.map(str::to_owned).ok_or_else(|| format!("Cargo.lock has no {peer}").into())
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Three digits that count, in the unit that suits.
fn duration(nanoseconds: f64) -> String {
    let (value, unit) = match nanoseconds {
        n if n < 1e3 => (n, "ns"),
        n if n < 1e6 => (n / 1e3, "µs"),
        n => (n / 1e6, "ms"),
    };
    let places = match value {
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.places$} {unit}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_read_well() {
        assert_eq!([7, 1_234, 66_087_709].map(super::grouped), ["7", "1,234", "66,087,709"]);
        let times = [4.04, 329.6, 12_306.0, 8_967_000.0].map(super::duration);
        assert_eq!(times, ["4.04 ns", "330 ns", "12.3 µs", "8.97 ms"]);
    }
}
