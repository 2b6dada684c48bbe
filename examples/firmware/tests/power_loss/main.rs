//! The power fails between any two steps of a DUKPT transaction, and in the middle of any byte that is written: no key is used
//! twice, and none is lost beyond the one that was being reserved.
#![allow(clippy::arithmetic_side_effects, reason = "a test panics where a number overflows")]

mod cut_flash;
mod drill;

use dukpt::{aes, tdes};
use firmware::{Aes128Dukpt, Aes256Dukpt, TdesDukpt};
use hex_literal::hex;

use self::cut_flash::Tear;
use self::drill::{Begin, Drill, Fault, HostKeys, Life, Mistake, Tally};

macro_rules! aes_drill {
    ($($scheme:ty: $len:literal, $bdk:literal;)+) => {$(
        impl Drill<$len> for $scheme {
            const MOST_ONE_BITS: u32 = 16;
            const LAST: u32 = 0xFFFF_0000;

            fn derived_initial_key() -> aes::InitialKey<$len> {
                let id = aes::InitialKeyId::from_bytes(hex!("1234567890123456"));
                aes::Bdk::from_bytes(&hex!($bdk)).initial_key(id)
            }

            fn ksn(counter: u32) -> aes::Ksn {
                aes::Ksn::new(Self::derived_initial_key().id(), counter)
            }

            fn pin_key(key: &aes::TransactionKey<$len>) -> Vec<u8> {
                key.pin_key().expose_bytes().to_vec()
            }

            fn host_pin_key(counter: u32) -> Vec<u8> {
                let key = Self::derived_initial_key().transaction_key(&Self::ksn(counter)).unwrap();
                Self::pin_key(&key)
            }
        }
    )+};
}

aes_drill! {
    Aes128Dukpt: 16, "FEDCBA9876543210F1F1F1F1F1F1F1F1";
    Aes256Dukpt: 32, "FEDCBA9876543210F1F1F1F1F1F1F1F1FEDCBA9876543210F1F1F1F1F1F1F1F1";
}

impl Drill<16> for TdesDukpt {
    const MOST_ONE_BITS: u32 = 10;
    const LAST: u32 = 0x1F_F800;

    fn derived_initial_key() -> tdes::InitialKey {
        let id = tdes::InitialKeyId::from_bytes(hex!("FFFF9876543210E0"));
        tdes::Bdk::from_bytes(&hex!("0123456789ABCDEFFEDCBA9876543210")).initial_key(id)
    }

    fn ksn(counter: u32) -> tdes::Ksn {
        tdes::Ksn::new(Self::derived_initial_key().id(), counter).unwrap()
    }

    fn pin_key(key: &tdes::TransactionKey) -> Vec<u8> {
        key.pin_key().expose_bytes().to_vec()
    }

    fn host_pin_key(counter: u32) -> Vec<u8> {
        let key = Self::derived_initial_key().transaction_key(&Self::ksn(counter)).unwrap();
        Self::pin_key(&key)
    }
}

/// Enough for two changes of the page, and then some.
const TRANSACTIONS: usize = 13;

/// A life with power for ever.
fn uncut<S: Drill<N>, const N: usize>(begin: Begin, host: &HostKeys) -> Tally {
    let life = Life::of(begin, TRANSACTIONS, Mistake::None);
    let tally = life.live::<S, N>(host).unwrap();
    assert_eq!((tally.lost, tally.reserving), (0, 0));
    tally
}

/// One cut, at every step and in each way.
fn cut_everywhere<S: Drill<N>, const N: usize>(
    begin: Begin,
    mistake: Mistake,
) -> Result<Tally, Fault> {
    let host = HostKeys::of::<S, N>(begin, TRANSACTIONS + 2);
    let whole = uncut::<S, N>(begin, &host);
    let mut sum = Tally::default();
    for tear in Tear::ALL {
        for steps in 1..=whole.steps {
            let life = Life { cuts: &[steps], tear, ..Life::of(begin, TRANSACTIONS, mistake) };
            let tally = life.live::<S, N>(&host)?;
            sum.had += tally.had;
            sum.lost += tally.lost;
            sum.reserving += tally.reserving;
            sum.steps += 1;
        }
    }
    sum.erased = whole.erased;
    Ok(sum)
}

/// A second cut soon after the restart, and in all that the restart writes.
fn cut_again<S: Drill<N>, const N: usize>(begin: Begin) -> Result<Tally, Fault> {
    let host = HostKeys::of::<S, N>(begin, TRANSACTIONS + 3);
    let whole = uncut::<S, N>(begin, &host);
    let mut sum = Tally::default();
    for first in (1..=whole.steps).step_by(13) {
        for second in (1..=20).chain((21..=1_300).step_by(61)) {
            let cuts = [first, second];
            let tear = Tear::ALL[(first + second) % Tear::ALL.len()];
            let life = Life { cuts: &cuts, tear, ..Life::of(begin, TRANSACTIONS, Mistake::None) };
            let tally = life.live::<S, N>(&host)?;
            sum.had += tally.had;
            sum.lost += tally.lost;
            sum.steps += 1;
        }
    }
    Ok(sum)
}

/// Tries a scheme from its first key, over a jump of its counter, and to its last key.
fn never_twice<S: Drill<N>, const N: usize>(before_jump: u32, before_end: u32) {
    let jump = (before_jump..)
        .take(TRANSACTIONS)
        .any(|counter| S::next(counter).is_some_and(|next| next != counter + 1));
    assert!(jump);
    for begin in [Begin::Installed, Begin::After(before_jump), Begin::After(before_end)] {
        let sum = cut_everywhere::<S, N>(begin, Mistake::None).unwrap();
        println!("{} {begin:?}: {sum:?}", S::NAME);
        // Cuts did cost counters, and each one at most.
        assert!(sum.lost > 0 && sum.lost <= sum.reserving, "{begin:?} {sum:?}");
        assert!(sum.erased >= 2 || matches!(begin, Begin::After(counter) if counter == before_end));
    }
    let sum = cut_again::<S, N>(Begin::Installed).unwrap();
    assert!(sum.lost > 0, "{sum:?}");
    let sum = cut_again::<S, N>(Begin::After(before_jump)).unwrap();
    assert!(sum.lost > 0, "{sum:?}");
}

#[test]
fn no_key_of_aes_128_comes_twice() {
    never_twice::<Aes128Dukpt, 16>(0x1_FFF4, 0xFFFE_0200);
}

#[test]
fn no_key_of_aes_256_comes_twice() {
    never_twice::<Aes256Dukpt, 32>(0x1_FFF4, 0xFFFE_0200);
}

#[test]
fn no_key_of_tdes_comes_twice() {
    never_twice::<TdesDukpt, 16>(0x7F4, 0x1F_F020);
}

#[test]
fn a_store_that_writes_after_use_is_found_out() {
    let used_twice = |fault| matches!(fault, Err(Fault::UsedTwice(_)));
    let mistake = Mistake::StoresAfterUse;
    assert!(used_twice(cut_everywhere::<Aes128Dukpt, 16>(Begin::Installed, mistake)));
    assert!(used_twice(cut_everywhere::<TdesDukpt, 16>(Begin::After(0x7F4), mistake)));
}

#[test]
fn a_store_that_passes_counters_is_found_out() {
    let lost = |fault| matches!(fault, Err(Fault::Lost(_)));
    let mistake = Mistake::PassesOne;
    assert!(lost(cut_everywhere::<Aes128Dukpt, 16>(Begin::Installed, mistake)));
    assert!(lost(cut_everywhere::<TdesDukpt, 16>(Begin::After(0x7F4), mistake)));
}
