//! Check values, parity, weak keys.

use keyblock::{Kcv, KcvMethod, TdesKeyPolicy, check_odd_parity, set_odd_parity};
use sm4::Sm4;

use super::{KEY, OTHER_KEY};
use crate::check::{Check, Tables};
use crate::leaky;
use crate::secret::{accepted, done, secret, secret_slice};
use crate::shown::{KCV, KEY_PARITY, WEAK_KEY};

fn verify(kcv: impl Fn(&[u8], KcvMethod) -> Kcv, key_lens: &[usize]) {
    for &len in key_lens {
        for &method in KcvMethod::ALL {
            let [one, other] =
                [&KEY, &OTHER_KEY].map(|key| kcv(&secret_slice(&key[..len]), method));
            done(one.verify(one.as_bytes()));
            done(one.verify(other.as_bytes()));
        }
    }
}

fn aes(key: &[u8], method: KcvMethod) -> Kcv {
    accepted(Kcv::aes(method, key))
}

fn tdes(key: &[u8], method: KcvMethod) -> Kcv {
    accepted(Kcv::tdes(method, key))
}

fn sm4(key: &[u8], method: KcvMethod) -> Kcv {
    accepted(Kcv::new::<Sm4>(method, key))
}

fn compare_leakily(kcv: impl Fn(&[u8], KcvMethod) -> Kcv) {
    let kcv = kcv(&secret_slice(&KEY[..16]), KcvMethod::Legacy);
    done(leaky::equal(kcv.as_bytes(), &[0x08, 0xD7, 0xB4]));
}

pub(super) fn checks() -> Vec<Check> {
    let of = |name, tables, run: fn(), control: fn()| {
        Check::new(name, "key, check value", run, control).through(tables).shows(&KCV)
    };
    vec![
        of("KCV AES verify", Tables::None, || verify(aes, &[16, 24, 32]), || compare_leakily(aes)),
        of("KCV TDES verify", Tables::Des, || verify(tdes, &[8, 16, 24]), || compare_leakily(tdes)),
        of("KCV SM4 verify", Tables::Sm4, || verify(sm4, &[16]), || compare_leakily(aes)),
        Check::new(
            "TDES key parity",
            "key",
            || {
                let mut key = secret(KEY);
                done(check_odd_parity(&key));
                set_odd_parity(&mut key);
                done(check_odd_parity(&key));
            },
            || done(leaky::set_odd_parity(&secret(KEY))),
        )
        .shows(&[&KEY_PARITY]),
        Check::new(
            "TDES key policy: weak, degenerate, parity",
            "key",
            || {
                let policy = TdesKeyPolicy::STRICT;
                for key in [KEY, [0x01; 32], [0x13; 32]] {
                    done(policy.check(&secret_slice(&key[..16])));
                    done(policy.check(&secret_slice(&key[..24])));
                    done(policy.allowing_degenerate().check(&secret_slice(&key[..24])));
                }
            },
            || {
                let weak = 0x0101_0101_0101_0101_u64.to_be_bytes();
                done(leaky::equal(&secret(KEY)[..8], &weak));
            },
        )
        .shows(&WEAK_KEY),
    ]
}
