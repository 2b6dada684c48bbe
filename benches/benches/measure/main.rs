//! Every job and every sweep, measured by criterion. One program, for each links all peers.

mod sweep;

use benches::{GROUPS, Job};
use criterion::{Criterion, criterion_group, criterion_main};

fn jobs(criterion: &mut Criterion) {
    GROUPS.iter().for_each(|(_, jobs)| Job::measure(&jobs(), criterion));
}

criterion_group!(groups, jobs, sweep::measure);
criterion_main!(groups);
