//! The power fails between any two steps of a DUKPT transaction, and in the middle of any byte that is written: no key is used
//! twice, and none is lost beyond the one that was being reserved.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test panics where something is wrong"
)]

mod cut_flash;
mod drill;

use dukpt::{aes, tdes};
use firmware::pin_pad::{MESSAGE_LEN, Sale};
use firmware::test_data::{self, PublishedBytes};
use firmware::{Aes128Dukpt, Aes256Dukpt, Error, PinPad, Scheme as _, TdesDukpt};
use hex_literal::hex;
use iso8583_wire::MessageRef;
use pinblock::Pin;

use self::cut_flash::{CutFlash, Tear};
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
    for first in (1..=whole.steps).step_by(29) {
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
}

/// The same with a second cut soon after the first.
fn never_twice_cut_again<S: Drill<N>, const N: usize>(before_jump: u32) {
    for begin in [Begin::Installed, Begin::After(before_jump)] {
        let sum = cut_again::<S, N>(begin).unwrap();
        assert!(sum.lost > 0, "{sum:?}");
    }
}

#[test]
fn no_key_of_aes_128_comes_twice() {
    never_twice::<Aes128Dukpt, 16>(0x1_FFF4, 0xFFFE_0200);
}

#[test]
fn no_key_of_aes_128_comes_twice_after_two_cuts() {
    never_twice_cut_again::<Aes128Dukpt, 16>(0x1_FFF4);
}

#[test]
fn no_key_of_tdes_comes_twice_after_two_cuts() {
    never_twice_cut_again::<TdesDukpt, 16>(0x7F4);
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

/// Message after message, the power cut once: what the line has seen.
fn sent(steps: usize) -> Vec<Vec<u8>> {
    let mut flash = CutFlash::new(640);
    flash.power(steps, Tear::Whole);
    let mut rng = PublishedBytes::new();
    let mut sent = Vec::new();
    for _ in 0..2 {
        let mut pad = PinPad::<Aes128Dukpt, 16, _>::new(flash);
        let mut up = match pad.restart() {
            Err(Error::NoKeys) => pad.install(test_data::AES_128_BLOCK, &test_data::AES_KBPK),
            other => other,
        };
        while up.is_ok() && sent.len() < 8 {
            let sale = Sale {
                card: test_data::VISA,
                amount: 100,
                pin: Pin::from_ascii(test_data::VISA_PIN).unwrap(),
                moment: test_data::MOMENT,
                unpredictable_number: [0; 4],
            };
            let mut buffer = [0; MESSAGE_LEN];
            let message = pad.purchase(&sale, &mut rng, &mut buffer);
            up = message.map(|outgoing| sent.push(outgoing.message.to_vec()));
        }
        flash = pad.into_flash();
        flash.power(usize::MAX, Tear::Whole);
    }
    sent
}

#[test]
fn no_two_messages_have_the_same_numbers() {
    for steps in 1..2_000 {
        let messages = sent(steps);
        assert_eq!(messages.len(), 8);
        let numbers = messages.iter().map(|message| {
            let message = MessageRef::parse(Aes128Dukpt::DIALECT, message).unwrap();
            let data = |number| message.require(number).unwrap().data().to_vec();
            (data(11), data(53))
        });
        let numbers: Vec<_> = numbers.collect();
        // Trace number and key serial number, each above the one before.
        assert!(numbers.is_sorted_by(|one, next| one.0 < next.0 && one.1 < next.1), "{steps}");
    }
}
