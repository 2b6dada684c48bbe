//! The terminal against a host over a line that fails, and a terminal that is switched off at any moment.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use getrandom::SysRng;
use pinblock::Pin;

use super::session::{Line, Outcome, Reversal, purchase, settle_earlier};
use super::{Sale, Terminal};
use crate::card::Card;
use crate::clock::Moment;
use crate::error::Error;
use crate::host::Host;
use crate::host::server::Server;
use crate::relay::{Fault, Faults, Relay};
use crate::test_data;

/// Long enough for a database that syncs, short enough for many lost messages.
const TIMEOUT: Duration = Duration::from_millis(400);

struct Scene {
    host: Arc<Host>,
    _server: Server,
    relay: Relay,
    faults: Faults,
    card: Card,
    pin: Pin,
}

impl Scene {
    fn new(folder: &Path) -> Self {
        let host = Arc::new(Host::create(&folder.join("host"), &mut SysRng).unwrap());
        let server =
            Server::start(Arc::clone(&host), 0, Duration::from_secs(5), Arc::new(|_| ())).unwrap();
        let faults = Faults::default();
        let relay = Relay::start(server.address(), faults.clone()).unwrap();
        let card = Card::from_profile(include_str!("../../cards/visa-4111.json")).unwrap();
        let pin = Pin::from_ascii(b"1234").unwrap();
        Self { host, _server: server, relay, faults, card, pin }
    }

    fn line(&self, repeats: u32) -> Line {
        self.patient_line(TIMEOUT, repeats)
    }

    fn patient_line(&self, timeout: Duration, repeats: u32) -> Line {
        Line { host: self.relay.address(), timeout, repeats }
    }

    fn sale(&self, amount: u64) -> Sale<'_> {
        Sale { card: &self.card, amount, pin: &self.pin }
    }

    /// Purchases that stand at the host, whose books must be right.
    fn charged(&self) -> usize {
        let books = self.host.books().unwrap();
        assert!(books.are_right(), "{books:?}");
        books.charged
    }
}

#[test]
fn lost_reversals_are_sent_again_and_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    let mut terminal =
        Terminal::install(&folder.path().join("terminal"), test_data::KEY_BLOCK).unwrap();
    let lost = [Fault::LoseReply, Fault::LoseRequest, Fault::LoseReply];
    scene.faults.plan(&lost);
    // The last try has to come through on the slowest machine.
    let line = scene.patient_line(Duration::from_millis(1_500), 0);
    let outcome = purchase(&mut terminal, &line, &scene.sale(100), &mut SysRng).unwrap();
    let Outcome::Doubtful { reversal, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(reversal, Reversal::Done("00".into()));
    assert_eq!(terminal.pending().unwrap(), None);
    assert_eq!(scene.charged(), 0);
}

#[test]
fn what_stays_open_is_reversed_after_a_restart_and_before_anything_else() {
    let folder = tempfile::tempdir().unwrap();
    let scene = Scene::new(folder.path());
    let at_terminal = folder.path().join("terminal");
    let mut terminal = Terminal::install(&at_terminal, test_data::KEY_BLOCK).unwrap();
    scene.faults.plan(&[Fault::LoseReply; 4]);
    let outcome = purchase(&mut terminal, &scene.line(0), &scene.sale(100), &mut SysRng).unwrap();
    assert!(matches!(outcome, Outcome::Doubtful { reversal: Reversal::Unanswered, .. }));
    let again = purchase(&mut terminal, &scene.line(0), &scene.sale(100), &mut SysRng);
    assert!(matches!(again, Err(Error::StillOpen)));
    drop(terminal);
    let mut terminal = Terminal::open(&at_terminal).unwrap();
    let settled = settle_earlier(&mut terminal, &scene.line(0)).unwrap();
    assert_eq!(settled, Some(Reversal::Done("00".into())));
    assert_eq!(scene.charged(), 0);
}

#[test]
fn a_key_is_not_installed_twice() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Terminal::open(folder.path()).is_err());
    drop(Terminal::install(folder.path(), test_data::KEY_BLOCK).unwrap());
    assert!(matches!(
        Terminal::install(folder.path(), test_data::KEY_BLOCK),
        Err(Error::InstalledBefore)
    ));
    assert!(Terminal::open(folder.path()).is_ok());
}

#[test]
fn nothing_is_installed_over_what_somebody_else_wrote() {
    let folder = tempfile::tempdir().unwrap();
    let database = redb::Database::create(folder.path().join("terminal.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    let keys = redb::TableDefinition::<[u8; 8], [u8; 16]>::new("keys");
    transaction.open_table(keys).unwrap();
    transaction.commit().unwrap();
    drop(database);
    assert!(matches!(
        Terminal::install(folder.path(), test_data::KEY_BLOCK),
        Err(Error::InstalledBefore)
    ));
    assert!(Terminal::open(folder.path()).is_err());
}

/// A small generator, so that a run can be had again by its seed.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn throw(&mut self, sides: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^= mixed >> 31;
        usize::try_from(mixed & 0xFFFF).unwrap().checked_rem(sides).unwrap()
    }
}

#[test]
fn whatever_is_lost_a_charge_has_a_receipt_and_a_receipt_a_charge() {
    const FAULTS: [Fault; 7] = [
        Fault::None,
        Fault::None,
        Fault::None,
        Fault::FlipAmountBit,
        Fault::LoseRequest,
        Fault::DoubleRequest,
        Fault::LoseReply,
    ];
    for seed in 0..4 {
        let mut dice = Dice(seed);
        let folder = tempfile::tempdir().unwrap();
        let scene = Scene::new(folder.path());
        let at_terminal = folder.path().join("terminal");
        let mut terminal = Terminal::install(&at_terminal, test_data::KEY_BLOCK).unwrap();
        let mut receipts = 0;
        for _ in 0..6 {
            let planned: Vec<_> = (0..8).map(|_| FAULTS[dice.throw(FAULTS.len())]).collect();
            scene.faults.plan(&planned);
            let sale = scene.sale(100 + u64::try_from(dice.throw(900)).unwrap());
            if dice.throw(4) == 0 {
                // Switched off after the numbers were reserved, or after the message was sent.
                let written = terminal.purchase(&sale, Moment::now(), &mut SysRng).unwrap();
                if dice.throw(2) == 0 {
                    scene.host.handle(written.bytes(), Moment::now()).unwrap();
                }
                drop(terminal);
                terminal = Terminal::open(&at_terminal).unwrap();
            } else {
                let line = scene.line(u32::try_from(dice.throw(2)).unwrap());
                let outcome = purchase(&mut terminal, &line, &sale, &mut SysRng).unwrap();
                receipts += usize::from(matches!(outcome, Outcome::Approved { .. }));
            }
            scene.faults.plan(&[]);
            let settled = settle_earlier(&mut terminal, &scene.line(0)).unwrap();
            assert!(matches!(settled, None | Some(Reversal::Done(_))), "seed {seed}: {settled:?}");
            assert_eq!(scene.charged(), receipts, "seed {seed}");
        }
    }
}
