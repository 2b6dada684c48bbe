//! Key components put together and drawn; keys under variants.

use keyblock::variant::{ControlVector, apply_atalla};
use keyblock::{Ceremony, Kcv, KcvMethod, combine, split};

use super::{KEY, OTHER_KEY};
use crate::check::{Check, Tables};
use crate::leaky;
use crate::secret::{Random, accepted, done, secret, secret_slice};
use crate::shown::{CEREMONY_ZERO_KEY, KCV, SPLIT_STUCK, SPLIT_ZERO_KEY, ZERO_KEY};

fn halves() -> [[u8; 16]; 2] {
    [KEY, OTHER_KEY].map(|key| secret(*key.first_chunk().unwrap()))
}

fn ceremony(kcv: fn(&[u8]) -> Result<Kcv, keyblock::Error>) {
    let [one, other] = halves();
    let expected = accepted(kcv(&other));
    let mut ceremony = accepted(Ceremony::begin(2, 16, kcv)).adjusting_parity();
    done(accepted(ceremony.add(&one)));
    done(ceremony.add_checked(&secret([0x55; 16]), expected.as_bytes()));
    done(ceremony.add_checked(&other, expected.as_bytes()));
    done(ceremony.finish(&mut [0; 16]));
}

pub(super) fn checks() -> Vec<Check> {
    vec![
        Check::new(
            "components combined",
            "components, key",
            || {
                let [one, other] = halves();
                let mut key = [0; 16];
                done(combine(&[&one, &other], &mut key));
                done(combine(&[&one, &one], &mut key));
            },
            || {
                let [one, other] = halves();
                let mut key = [0; 16];
                accepted(combine(&[&one, &other], &mut key));
                done(leaky::is_zero(&key));
            },
        )
        .shows(&[&ZERO_KEY]),
        Check::new(
            "components drawn",
            "key, components",
            || {
                let [key, _] = halves();
                let [mut one, mut two, mut three] = [[0; 16]; 3];
                done(split(&key, &mut [&mut one, &mut two, &mut three], &mut Random::new()));
                done([one, two, three]);
            },
            || {
                let [key, _] = halves();
                let [mut one, mut two] = [[0; 16]; 2];
                accepted(split(&key, &mut [&mut one, &mut two], &mut Random::new()));
                done(leaky::equal(&one, &two));
            },
        )
        .shows(&[&SPLIT_ZERO_KEY])
        .shows(&SPLIT_STUCK),
        Check::new(
            "key ceremony, AES check values",
            "components, key, check values",
            || ceremony(|key| Kcv::aes(KcvMethod::Cmac, key)),
            || {
                let [one, other] = halves().map(|key| accepted(Kcv::aes(KcvMethod::Cmac, &key)));
                done(leaky::equal(one.as_bytes(), other.as_bytes()));
            },
        )
        .shows(&KCV)
        .shows(&[&CEREMONY_ZERO_KEY]),
        Check::new(
            "key ceremony, TDES check values",
            "components, key, check values",
            || ceremony(|key| Kcv::tdes(KcvMethod::Legacy, key)),
            || {
                let [one, other] = halves().map(|key| accepted(Kcv::tdes(KcvMethod::Legacy, &key)));
                done(leaky::equal(one.as_bytes(), other.as_bytes()));
            },
        )
        .through(Tables::Des)
        .shows(&KCV)
        .shows(&[&CEREMONY_ZERO_KEY]),
        Check::new(
            "variants: Atalla, control vectors",
            "master key, key",
            || {
                let [master, mut key] = halves();
                accepted(apply_atalla(&mut key, 3));
                let (_, vector) = ControlVector::DEFAULTS[0];
                accepted(vector.encipher(&master, &mut key));
                accepted(vector.decipher(&master, &mut key));
                done(key);
            },
            || {
                let mut key = secret_slice(&KEY[..16]);
                accepted(apply_atalla(&mut key, 3));
                done(leaky::set_odd_parity(&key));
            },
        )
        .through(Tables::Des),
    ]
}
