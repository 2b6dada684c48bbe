use benches::{Job, link};
use criterion::{Criterion, criterion_group, criterion_main};

fn measure(criterion: &mut Criterion) {
    Job::measure(&link::jobs(), criterion);
}

criterion_group!(group, measure);
criterion_main!(group);
