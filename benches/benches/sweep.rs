use benches::sweep::{self, Sweep};
use criterion::{Criterion, criterion_group, criterion_main};

fn measure(criterion: &mut Criterion) {
    Sweep::measure(&sweep::sweeps(), criterion);
}

criterion_group!(group, measure);
criterion_main!(group);
