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
    pub of: Of,
    call: Box<dyn Fn()>,
}

/// Whose code a side runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// The family's: what `counts.sh check` holds to its record.
    Ours,
    /// What no implementation does without, made by hand.
    Floor,
    /// Another crate's, by which the side is named.
    Peer,
}

impl Side {
    pub fn ours<T>(name: &'static str, call: impl Fn() -> T + 'static) -> Self {
        Self::new(name, Of::Ours, call)
    }

    pub fn floor<T>(name: &'static str, call: impl Fn() -> T + 'static) -> Self {
        Self::new(name, Of::Floor, call)
    }

    pub fn peer<T>(name: &'static str, call: impl Fn() -> T + 'static) -> Self {
        Self::new(name, Of::Peer, call)
    }

    /// Results are made, looked at in place, and dropped, all inside what is measured.
    fn new<T>(name: &'static str, of: Of, call: impl Fn() -> T + 'static) -> Self {
        let call = move || {
            black_box(&call());
        };
        Self { name, of, call: Box::new(call) }
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

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ours => "ours",
            Self::Floor => "floor",
            Self::Peer => "peer",
        })
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
