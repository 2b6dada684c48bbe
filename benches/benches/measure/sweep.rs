//! One job at many sizes, for the plots of BENCHMARKS.md.
//!
//! Beside the library, so that the instructions of the jobs are counted without them.

mod counter_bits;
mod messages;
mod tlv_objects;

use std::time::Duration;

use benches::Side;
use criterion::{BenchmarkId, Criterion};

/// A job whose cost depends on one number.
#[derive(Debug)]
struct Sweep {
    /// The plot's file: `sweep/message_size`.
    name: &'static str,
    /// The number, ascending, and the sides at it, ours first.
    points: Vec<(u32, Vec<Side>)>,
}

/// Building a sweep asserts at each point that its sides agree.
const SWEEPS: [fn() -> Sweep; 5] =
    [messages::size, messages::fields, tlv_objects::objects, counter_bits::aes, counter_bits::tdes];

/// Shorter than a job, at many more points.
pub(crate) fn measure(criterion: &mut Criterion) {
    for sweep in SWEEPS {
        let Sweep { name, points } = sweep();
        let mut group = criterion.benchmark_group(name);
        group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
        for (at, sides) in &points {
            for side in sides {
                let id = BenchmarkId::new(side.name, at);
                group.bench_function(id, |bencher| bencher.iter(|| side.run()));
            }
        }
        group.finish();
    }
}
