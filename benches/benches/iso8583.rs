use benches::{Job, iso8583};
use criterion::{Criterion, criterion_group, criterion_main};

fn measure(criterion: &mut Criterion) {
    Job::measure(&iso8583::jobs(), criterion);
}

criterion_group!(group, measure);
criterion_main!(group);
