use benches::{Job, dukpt};
use criterion::{Criterion, criterion_group, criterion_main};

fn measure(criterion: &mut Criterion) {
    Job::measure(&dukpt::jobs(), criterion);
}

criterion_group!(group, measure);
criterion_main!(group);
