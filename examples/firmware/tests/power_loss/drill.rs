//! Transactions until the power fails, again and again; and the witness who says what went wrong.

use core::iter::successors;

use dukpt::terminal::{Standard, Terminal};
use firmware::key_store::KeyStore;
use firmware::{Error, Flash, Page, Scheme, scheme};

use super::cut_flash::{CutFlash, Tear};

/// What a scheme needs to be tried.
pub(crate) trait Drill<const N: usize>: Scheme<N> {
    const MOST_ONE_BITS: u32;
    const LAST: u32;

    fn derived_initial_key() -> dukpt::Key<<Self::Standard as Standard<N>>::Initial, N>;
    fn ksn(counter: u32) -> scheme::Ksn<Self, N>;
    /// The PIN key, by which a key is known.
    fn pin_key(key: &scheme::TransactionKey<Self, N>) -> Vec<u8>;
    /// The PIN key that the host derives.
    fn host_pin_key(counter: u32) -> Vec<u8>;

    /// The counter after another, found by trying.
    fn next(counter: u32) -> Option<u32> {
        (counter..=Self::LAST).skip(1).find(|next| next.count_ones() <= Self::MOST_ONE_BITS)
    }
}

/// How the keys came into the flash.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Begin {
    /// They do in the drill.
    Installed,
    /// This counter was the last one that was used.
    After(u32),
}

/// What a store must never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A counter came after itself or a later one.
    UsedTwice(u32),
    /// More counters were passed before this one than were being reserved when the power failed.
    Lost(u32),
    /// It is not the key that the host derives.
    WrongKey(u32),
    /// A page that leads to keys that were used is still there after a restart.
    OldPage,
    /// The store cannot go on.
    Stopped(Error),
}

/// How a store that is wrong on purpose goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mistake {
    None,
    /// It gives the key before the record is there.
    StoresAfterUse,
    /// It takes a counter after every restart, to be sure.
    PassesOne,
}

/// What was seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) had: usize,
    pub(crate) lost: usize,
    pub(crate) steps: usize,
    pub(crate) erased: usize,
    /// How many cuts came while a counter was being reserved.
    pub(crate) reserving: usize,
}

/// Room for a snapshot and five records.
fn page_len<S: Scheme<N>, const N: usize>() -> usize {
    (16 + S::BLANK.as_ref().len()).next_multiple_of(16) + 5 * 16
}

/// A flash in which this counter was the last one, as the pages' documentation says.
fn begun_after<S: Drill<N>, const N: usize>(counter: u32) -> CutFlash {
    let mut terminal = Terminal::<S::Standard, N>::new(&S::derived_initial_key());
    let snapshot = terminal.skip_to(&S::ksn(counter)).unwrap().snapshot();
    let mut flash = CutFlash::new(page_len::<S, N>());
    flash.program(Page::B, 0, &[0, 0, 0, 7, 0xFF, 0xFF, 0xFF, 0xF8]).unwrap();
    flash.program(Page::B, 16, snapshot.expose_bytes()).unwrap();
    flash.steps = 0;
    flash
}

/// The keys that the host derives for a drill, in order.
pub(crate) struct HostKeys(Vec<(u32, Vec<u8>)>);

impl HostKeys {
    pub(crate) fn of<S: Drill<N>, const N: usize>(begin: Begin, count: usize) -> Self {
        let begin = match begin {
            Begin::Installed => 0,
            Begin::After(counter) => counter,
        };
        let counters = successors(S::next(begin), |counter| S::next(*counter));
        Self(counters.take(count).map(|counter| (counter, S::host_pin_key(counter))).collect())
    }

    fn place(&self, counter: u32) -> usize {
        self.0.partition_point(|(other, _)| *other < counter)
    }

    /// A key that is had comes after the last one, and is the host's.
    fn check(&self, last: u32, counter: u32, pin_key: &[u8]) -> Result<(), Fault> {
        if counter <= last {
            return Err(Fault::UsedTwice(counter));
        }
        let expected = self.0.get(self.place(counter));
        let is_right = expected.is_some_and(|(at, key)| *at == counter && key == pin_key);
        if is_right { Ok(()) } else { Err(Fault::WrongKey(counter)) }
    }

    /// How many counters a terminal may use that are above the one and below the other.
    fn between(&self, last: u32, counter: u32) -> usize {
        self.place(counter) - self.place(last + 1)
    }
}

/// One terminal's life: keys for `transactions`, a cut after each of these numbers of steps, and power for ever then.
pub(crate) struct Life<'a> {
    pub(crate) begin: Begin,
    pub(crate) transactions: usize,
    pub(crate) cuts: &'a [usize],
    pub(crate) tear: Tear,
    pub(crate) mistake: Mistake,
}

impl Life<'_> {
    /// One without a cut.
    pub(crate) const fn of(begin: Begin, transactions: usize, mistake: Mistake) -> Self {
        Self { begin, transactions, cuts: &[], tear: Tear::Whole, mistake }
    }

    pub(crate) fn live<S: Drill<N>, const N: usize>(
        &self,
        host: &HostKeys,
    ) -> Result<Tally, Fault> {
        let (mut flash, mut last) = match self.begin {
            Begin::Installed => (CutFlash::new(page_len::<S, N>()), 0),
            Begin::After(counter) => (begun_after::<S, N>(counter), counter),
        };
        if self.mistake == Mistake::StoresAfterUse {
            flash.tell_done_too_early();
        }
        let mut tally = Tally::default();
        // How many counters may be missing before the next one.
        let mut in_doubt = 0;
        for steps in self.cuts.iter().copied().chain([usize::MAX]) {
            flash.power(steps, self.tear);
            let mut store = KeyStore::<S::Standard, N, _>::new(flash, S::BLANK);
            let up = match store.restart() {
                Err(Error::NoKeys) => store.install(&S::derived_initial_key()),
                other => other,
            };
            let stopped = match up {
                Err(error) => Some(error),
                Ok(()) if Page::BOTH.iter().all(|page| !store.flash().is_blank(*page)) => {
                    return Err(Fault::OldPage);
                }
                Ok(()) if self.mistake == Mistake::PassesOne && tally.had > 0 => {
                    store.reserve().err()
                }
                Ok(()) => None,
            };
            let stopped = match stopped {
                Some(error) => Some(error),
                None => loop {
                    if tally.had == self.transactions {
                        break None;
                    }
                    match store.reserve() {
                        Ok((ksn, key)) => {
                            let counter = S::counter(&ksn);
                            host.check(last, counter, &S::pin_key(&key))?;
                            let lost = host.between(last, counter);
                            if lost > in_doubt {
                                return Err(Fault::Lost(counter));
                            }
                            tally.had += 1;
                            tally.lost += lost;
                            (last, in_doubt) = (counter, 0);
                        }
                        Err(Error::Key(dukpt::Error::CounterExhausted)) => {
                            let lost = host.between(last, u32::MAX);
                            tally.lost += lost;
                            tally.steps = store.flash().steps;
                            tally.erased = store.flash().erased;
                            return if lost > in_doubt {
                                Err(Fault::Lost(last))
                            } else {
                                Ok(tally)
                            };
                        }
                        Err(error) => {
                            in_doubt += 1;
                            tally.reserving += 1;
                            break Some(error);
                        }
                    }
                },
            };
            flash = store.into_flash();
            if let Some(error) = stopped
                && flash.has_power()
            {
                return Err(Fault::Stopped(error));
            }
        }
        tally.steps = flash.steps;
        tally.erased = flash.erased;
        Ok(tally)
    }
}
