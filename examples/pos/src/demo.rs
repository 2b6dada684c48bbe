//! The demonstration: one purchase that goes well, and everything beside it that must not cost money.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use getrandom::SysRng;
use pinblock::Pin;

use crate::card::Card;
use crate::error::Error;
use crate::host::Host;
use crate::host::ledger::Books;
use crate::host::server::{Log, Server};
use crate::relay::{Fault, Faults, Relay};
use crate::report::{Event, Format};
use crate::terminal::receipt::money;
use crate::terminal::session::{self, Line, Outcome};
use crate::terminal::{Sale, Terminal};

/// What the demonstration is run with.
pub(crate) struct Setting {
    /// Where both databases go; a temporary folder if there is none.
    pub(crate) folder: Option<PathBuf>,
    pub(crate) card: Card,
    pub(crate) pin: Pin,
    /// Minor units.
    pub(crate) amount: u64,
    pub(crate) timeout: Duration,
    pub(crate) format: Format,
}

/// More than the test accounts hold.
const TOO_MUCH: u64 = 90_000_000_000;

/// Enough runs on the same databases before a test account is empty.
const MOST: u64 = 1_000_000;

/// An idle connection of the demonstration is closed after this.
const IDLE: Duration = Duration::from_secs(10);

/// Both sides, and the line between them.
struct Stage {
    host: Arc<Host>,
    terminal: Terminal,
    faults: Faults,
    host_log: Arc<Mutex<Vec<String>>>,
    line: Line,
    format: Format,
}

/// Runs everything; an outcome that is not the expected one is an error.
pub(crate) fn run(setting: &Setting) -> Result<(), Error> {
    if setting.amount > MOST {
        return Err(Error::Demo(format!("the amount is at most {MOST} cents")));
    }
    let (folder, temporary) = match &setting.folder {
        Some(folder) => (folder.clone(), None),
        None => {
            let temporary = tempfile::Builder::new().prefix("pos-").tempdir()?;
            (temporary.path().to_owned(), Some(temporary))
        }
    };
    let host = Arc::new(Host::create(&folder.join("host"), &mut SysRng)?);
    let host_log: Arc<Mutex<Vec<String>>> = Arc::default();
    let log: Log = Arc::new({
        let host_log = Arc::clone(&host_log);
        move |text| host_log.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned())
    });
    let server = Server::start(Arc::clone(&host), 0, IDLE, log)?;
    let faults = Faults::default();
    let relay = Relay::start(server.address(), faults.clone())?;
    let line = Line { host: relay.address(), timeout: setting.timeout, repeats: 0 };
    let at_terminal = folder.join("terminal");
    let block = host.initial_key_block(&mut SysRng)?;
    let (terminal, loaded) = match Terminal::install(&at_terminal, block.as_bytes()) {
        Err(Error::InstalledBefore) => (Terminal::open(&at_terminal)?, "loaded earlier"),
        installed => (installed?, "loaded"),
    };
    let kept = if temporary.is_some() { "temporary" } else { "kept" };
    setting.format.tell(&Event {
        step: "start",
        outcome: format!("host on {}", server.address()),
        detail: Some(format!("databases in {} ({kept})", folder.display())),
        ..Event::default()
    })?;
    setting.format.tell(&Event {
        step: "key block",
        outcome: loaded.into(),
        detail: Some(format!("{}...", block.get(..16).unwrap_or_default())),
        ..Event::default()
    })?;
    let mut stage = Stage { host, terminal, faults, host_log, line, format: setting.format };
    stage.play(setting)?;
    // Both threads end before the folder goes.
    drop(relay);
    drop(server);
    Ok(())
}

impl Stage {
    fn play(&mut self, setting: &Setting) -> Result<(), Error> {
        // A demonstration that was broken off may have left a purchase open.
        session::settle_earlier(&mut self.terminal, &self.line)?;
        let before = self.host.books()?;
        let sale = Sale { card: &setting.card, amount: setting.amount, pin: &setting.pin };
        let wrong_pin = other_pin(&setting.pin)?;

        self.purchase("purchase", &sale, &[], 0, "approved", "00")?;
        let sale_with_wrong_pin = Sale { pin: &wrong_pin, ..sale };
        self.purchase("wrong pin", &sale_with_wrong_pin, &[], 0, "declined", "55")?;
        let sale_beyond_means = Sale { amount: TOO_MUCH, ..sale };
        self.purchase("too little money", &sale_beyond_means, &[], 0, "declined", "51")?;
        self.purchase("flipped bit", &sale, &[Fault::FlipAmountBit], 0, "reversed", "25")?;
        self.purchase("repeated 0200", &sale, &[Fault::LoseReply], 1, "approved", "00")?;
        self.purchase("doubled 0200", &sale, &[Fault::DoubleRequest], 0, "approved", "00")?;
        self.purchase("lost reply", &sale, &[Fault::LoseReply], 0, "reversed", "00")?;
        let lost_twice = [Fault::LoseReply, Fault::LoseRequest];
        self.purchase("lost reversal", &sale, &lost_twice, 0, "reversed", "00")?;

        let books = self.host.books()?;
        let charged = books.charged.saturating_sub(before.charged);
        let reversed = books.reversed.saturating_sub(before.reversed);
        self.tell_books(&books, charged, reversed)?;
        if !books.are_right() || (charged, reversed) != (3, 2) {
            return Err(Error::Demo("the ledger is not what it should be".into()));
        }
        Ok(())
    }

    fn purchase(
        &mut self,
        step: &str,
        sale: &Sale<'_>,
        faults: &[Fault],
        repeats: u32,
        expected: &str,
        expected_code: &str,
    ) -> Result<(), Error> {
        let before = self.host.books()?;
        self.faults.plan(faults);
        let line = Line { repeats, ..self.line };
        let outcome = session::purchase(&mut self.terminal, &line, sale, &mut SysRng)?;
        let mut event = Event::of(step, sale.amount, &outcome);
        for text in self.host_log.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            event = event.with_detail(&format!("host: {text}"));
        }
        let books = self.host.books()?;
        let charged = books.charged.saturating_sub(before.charged);
        let given_back = books.reversed.saturating_sub(before.reversed);
        event = event.with_detail(match (charged, given_back) {
            (0, 0) => "no charge",
            (0, 1) => "charged, then the money is back",
            (1, 0) => "one charge",
            _ => "charged more than once",
        });
        self.format.tell(&event)?;
        let expected_charges = usize::from(matches!(outcome, Outcome::Approved { .. }));
        if event.outcome != expected
            || event.response_code.as_deref() != Some(expected_code)
            || charged != expected_charges
        {
            return Err(Error::Demo(format!("{step}: {expected} {expected_code} was expected")));
        }
        Ok(())
    }

    fn tell_books(&self, books: &Books, charged: usize, reversed: usize) -> Result<(), Error> {
        let total = |sum: u128| u64::try_from(sum).map(money).unwrap_or_default();
        let mut detail = format!(
            "debits EUR {} = credits EUR {}, {charged} purchases counted once each, {reversed} reversed",
            total(books.debits),
            total(books.credits),
        );
        for fault in &books.faults {
            detail = format!("{detail}; {fault}");
        }
        let outcome = if books.are_right() { "right" } else { "wrong" };
        Ok(self.format.tell(&Event {
            step: "ledger",
            outcome: outcome.into(),
            detail: Some(detail),
            ..Event::default()
        })?)
    }
}

/// A PIN of the same length that is not this one.
fn other_pin(pin: &Pin) -> Result<Pin, Error> {
    let digits = pin.expose_digits();
    let other: zeroize::Zeroizing<Vec<u8>> = digits
        .as_bytes()
        .iter()
        .map(|digit| if *digit == b'9' { b'0' } else { digit.saturating_add(1) })
        .collect::<Vec<_>>()
        .into();
    Ok(Pin::from_ascii(&other)?)
}
