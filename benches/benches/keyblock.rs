use benches::{Job, keyblock};
use criterion::{Criterion, criterion_group, criterion_main};

fn measure(criterion: &mut Criterion) {
    Job::measure(&keyblock::jobs(), criterion);
}

criterion_group!(group, measure);
criterion_main!(group);
