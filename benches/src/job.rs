use std::fmt;
use std::hint::black_box;

use criterion::Criterion;

/// One task and the sides that do it, ours first.
#[derive(Debug)]
pub struct Job {
    /// Group and task: `iso8583/parse`.
    pub name: &'static str,
    pub sides: Vec<Side>,
}

/// One way to do a job.
pub struct Side {
    /// `ours`, `floor`, or the peer's crate.
    pub name: &'static str,
    call: Box<dyn Fn()>,
}

impl Side {
    /// Results are made, looked at in place, and dropped, all inside what is measured.
    pub(crate) fn new<T>(name: &'static str, call: impl Fn() -> T + 'static) -> Self {
        let call = move || {
            black_box(&call());
        };
        Self { name, call: Box::new(call) }
    }

    /// Does the job once.
    pub fn run(&self) {
        (self.call)();
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Measures all sides of some jobs with criterion.
impl Job {
    pub fn measure(jobs: &[Self], criterion: &mut Criterion) {
        for job in jobs {
            let mut group = criterion.benchmark_group(job.name);
            for side in &job.sides {
                group.bench_function(side.name, |bencher| bencher.iter(|| side.run()));
            }
            group.finish();
        }
    }
}
