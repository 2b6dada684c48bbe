//! The PIN key of counters with few and with many one bits, from the initial key.

use benches::dukpt::{aes_pin_key, tdes_pin_key};

use super::Sweep;

/// The standard allows 16 one bits.
pub(super) fn aes() -> Sweep {
    let points = (1..=16).map(|ones| (ones, aes_pin_key(counter(ones))));
    Sweep { name: "sweep/counter_bits_aes128", points: points.collect() }
}

/// The standard allows 10 one bits.
pub(super) fn tdes() -> Sweep {
    let points = (1..=10).map(|ones| (ones, tdes_pin_key(counter(ones))));
    Sweep { name: "sweep/counter_bits_tdes", points: points.collect() }
}

fn counter(ones: u32) -> u32 {
    (1 << ones) - 1
}
