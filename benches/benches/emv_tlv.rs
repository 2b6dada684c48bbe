use benches::{Job, emv_tlv};
use criterion::{Criterion, criterion_group, criterion_main};

fn measure(criterion: &mut Criterion) {
    Job::measure(&emv_tlv::jobs(), criterion);
}

criterion_group!(group, measure);
criterion_main!(group);
