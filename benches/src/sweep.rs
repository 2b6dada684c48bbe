//! One job at many sizes, for the plots of BENCHMARKS.md.

mod counter_bits;
mod messages;
mod tlv_objects;

use std::time::Duration;

use criterion::{BenchmarkId, Criterion};

use crate::Side;

/// A job whose cost depends on one number.
#[derive(Debug)]
pub struct Sweep {
    /// The plot's file: `sweep/message_size`.
    pub name: &'static str,
    /// The number, ascending, and the sides at it, ours first.
    pub points: Vec<(u32, Vec<Side>)>,
}

/// Every sweep. Building one asserts at each point that its sides agree.
pub fn sweeps() -> Vec<Sweep> {
    vec![
        messages::size(),
        messages::fields(),
        tlv_objects::objects(),
        counter_bits::aes(),
        counter_bits::tdes(),
    ]
}

impl Sweep {
    /// Shorter than a job, at many more points.
    pub fn measure(sweeps: &[Self], criterion: &mut Criterion) {
        for sweep in sweeps {
            let mut group = criterion.benchmark_group(sweep.name);
            group.warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
            for (at, sides) in &sweep.points {
                for side in sides {
                    let id = BenchmarkId::new(side.name, at);
                    group.bench_function(id, |bencher| bencher.iter(|| side.run()));
                }
            }
            group.finish();
        }
    }
}
