//! A point-of-sale system: a terminal and an acquirer host that take a card payment over TCP.
//!
//! `pos demo` runs both and shows what must go well and what must not cost money; `pos host` and `pos terminal`
//! run the two sides apart. Test keys and test cards only.

#![forbid(unsafe_code)]
#![allow(clippy::std_instead_of_core, reason = "a program that needs std anyway")]

mod acceptor;
mod card;
mod clock;
mod demo;
mod error;
mod fields;
mod host;
mod link;
mod record;
mod relay;
mod report;
mod terminal;
mod test_data;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use getrandom::SysRng;
use pinblock::Pin;
use zeroize::Zeroizing;

use crate::card::Card;
use crate::error::Error;
use crate::host::Host;
use crate::host::server::Server;
use crate::report::{Event, Format};
use crate::terminal::session::{self, Line, Outcome, Reversal};
use crate::terminal::{Sale, Terminal};

/// A point-of-sale system in small: terminal, acquirer host and ledger, with test keys and test cards.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run host and terminal on this machine and show what they do
    Demo {
        #[command(flatten)]
        purchase: PurchaseArguments,
        /// Keep both databases in this folder
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// How long the terminal waits for an answer
        #[arg(long, default_value_t = 1_500, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..2_000))]
        timeout_ms: u64,
        /// Write JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Run the acquirer host until it is stopped
    Host {
        /// The database's folder; an empty one is filled with the test keys and accounts
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// Loopback port; 0 takes a free one
        #[arg(long, default_value_t = 8583)]
        port: u16,
        /// Close a connection that says nothing for so long
        #[arg(long, default_value_t = 60_000, value_name = "MS")]
        idle_ms: u64,
        /// Only check the ledger and stop
        #[arg(long, conflicts_with = "key_block")]
        check: bool,
        /// Only print a key block with the test terminal's initial key and stop
        #[arg(long)]
        key_block: bool,
        /// Write JSON lines
        #[arg(long)]
        json: bool,
    },
    /// Make one purchase on a terminal
    Terminal {
        #[command(flatten)]
        purchase: PurchaseArguments,
        /// The database's folder; --install makes one
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        /// The host's address
        #[arg(long, default_value = "127.0.0.1:8583", value_name = "ADDRESS")]
        host: SocketAddr,
        /// How long to wait for an answer
        #[arg(long, default_value_t = 60_000, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..))]
        timeout_ms: u64,
        /// How often to send a purchase again before it is reversed
        #[arg(long, default_value_t = 0)]
        repeats: u32,
        /// Write JSON lines
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        instead: InsteadOfPurchase,
    },
}

/// What a terminal can do instead of a purchase.
#[derive(Args)]
#[group(multiple = false)]
struct InsteadOfPurchase {
    /// Only load the initial key in this key block into an empty folder; once, for its counter must not begin again
    #[arg(long, value_name = "BLOCK")]
    install: Option<String>,
    /// Only print the last receipt again
    #[arg(long)]
    reprint: bool,
    /// Only reverse what an earlier purchase left open
    #[arg(long)]
    reverse: bool,
    /// Only forget an open purchase whose reversal the host refuses, once somebody has settled it
    #[arg(long)]
    settled_by_hand: bool,
}

#[derive(Args)]
struct PurchaseArguments {
    /// A card profile; without one, a Visa test card
    #[arg(long, value_name = "FILE")]
    card: Option<PathBuf>,
    /// The amount in cents
    #[arg(long, default_value_t = 1_999, value_parser = clap::value_parser!(u64).range(1..1_000_000_000_000))]
    amount: u64,
    /// The PIN; `pos terminal` asks for it if it is not given
    #[arg(long)]
    pin: Option<String>,
}

/// The card profile that is built in.
const DEFAULT_CARD: &str = include_str!("../cards/visa-4111.json");

/// The PIN of the built-in card.
const DEFAULT_PIN: &str = "1234";

impl PurchaseArguments {
    fn card(&self) -> Result<Card, Error> {
        match &self.card {
            Some(file) => Card::read(file),
            None => Card::from_profile(DEFAULT_CARD),
        }
    }
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("pos: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Demo { purchase, data, timeout_ms, json } => {
            let setting = demo::Setting {
                folder: data,
                card: purchase.card()?,
                pin: Pin::from_ascii(purchase.pin.as_deref().unwrap_or(DEFAULT_PIN).as_bytes())?,
                amount: purchase.amount,
                timeout: Duration::from_millis(timeout_ms),
                format: format(json),
            };
            demo::run(&setting)?;
            Ok(ExitCode::SUCCESS)
        }
        Command::Host { data, check: true, json, .. } => {
            check_books(&Host::open(&data)?, format(json))
        }
        Command::Host { data, key_block: true, .. } => {
            println!("{}", Host::create(&data, &mut SysRng)?.initial_key_block(&mut SysRng)?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Host { data, port, idle_ms, json, .. } => {
            let host = Host::create(&data, &mut SysRng)?;
            serve(host, port, Duration::from_millis(idle_ms), format(json))
        }
        Command::Terminal { purchase, data, host, timeout_ms, repeats, json, instead } => {
            let line = Line { host, timeout: Duration::from_millis(timeout_ms), repeats };
            run_terminal(&data, &purchase, &line, &instead, format(json))
        }
    }
}

const fn format(json: bool) -> Format {
    if json { Format::Json } else { Format::Text }
}

fn serve(host: Host, port: u16, idle: Duration, format: Format) -> Result<ExitCode, Error> {
    // A log that nobody reads any more must not stop the host.
    let log = Arc::new(|text: &str| drop(writeln!(io::stderr(), "{text}")));
    let server = Server::start(Arc::new(host), port, idle, log)?;
    let outcome = server.address().to_string();
    format.tell(&Event { step: "listening", outcome, ..Event::default() })?;
    Err(server.wait().into())
}

fn check_books(host: &Host, format: Format) -> Result<ExitCode, Error> {
    let books = host.books()?;
    let right = books.are_right();
    let mut event = Event {
        step: "ledger",
        outcome: if right { "right".into() } else { "wrong".into() },
        detail: Some(format!("{} charged, {} reversed", books.charged, books.reversed)),
        ..Event::default()
    };
    for fault in &books.faults {
        event = event.with_detail(fault);
    }
    format.tell(&event)?;
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_terminal(
    folder: &Path,
    purchase: &PurchaseArguments,
    line: &Line,
    instead: &InsteadOfPurchase,
    format: Format,
) -> Result<ExitCode, Error> {
    if let Some(block) = &instead.install {
        let terminal = Terminal::install(folder, block.trim().as_bytes())?;
        let outcome = "the terminal's initial key is loaded".into();
        let detail = Some(format!("{} keys follow from it", terminal.keys_left()));
        format.tell(&Event { step: "install", outcome, detail, ..Event::default() })?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut terminal = Terminal::open(folder)?;
    if instead.reprint {
        print_again(&terminal, format)
    } else if instead.settled_by_hand {
        forget(&mut terminal, format)
    } else if instead.reverse {
        let settled = settle(&mut terminal, line, format)?;
        Ok(if settled { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    } else {
        pay(&mut terminal, purchase, line, format)
    }
}

fn pay(
    terminal: &mut Terminal,
    arguments: &PurchaseArguments,
    line: &Line,
    format: Format,
) -> Result<ExitCode, Error> {
    let card = arguments.card()?;
    let pin = match &arguments.pin {
        Some(pin) => Pin::from_ascii(pin.as_bytes())?,
        None => Pin::from_ascii(Zeroizing::new(rpassword::prompt_password("PIN: ")?).as_bytes())?,
    };
    let sale = Sale { card: &card, amount: arguments.amount, pin: &pin };
    if !settle(terminal, line, format)? {
        return Ok(ExitCode::FAILURE);
    }
    let outcome = session::purchase(terminal, line, &sale, &mut SysRng)?;
    let mut event = Event::of("purchase", sale.amount, &outcome);
    if let Some(left) = terminal.few_keys_left() {
        event = event.with_detail(&format!("{left} keys are left: have a new initial key loaded"));
    }
    format.tell(&event)?;
    Ok(match outcome {
        Outcome::Approved { .. } => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Reverses what an earlier purchase left open and tells of it; false where it is still open.
fn settle(terminal: &mut Terminal, line: &Line, format: Format) -> Result<bool, Error> {
    let Some(reversal) = session::settle_earlier(terminal, line)? else { return Ok(true) };
    let event = Event { step: "earlier purchase", ..Event::default() };
    format.tell(&event.with_reversal(&reversal))?;
    Ok(matches!(reversal, Reversal::Done(_)))
}

fn forget(terminal: &mut Terminal, format: Format) -> Result<ExitCode, Error> {
    let outcome = match terminal.pending()? {
        Some(pending) => format!("forgotten, STAN {:06}", pending.stan),
        None => "none was open".into(),
    };
    terminal.settle(None)?;
    format.tell(&Event { step: "earlier purchase", outcome, ..Event::default() })?;
    Ok(ExitCode::SUCCESS)
}

fn print_again(terminal: &Terminal, format: Format) -> Result<ExitCode, Error> {
    let receipt = terminal.last_receipt()?;
    let outcome = if receipt.is_some() { "reprint" } else { "none" };
    format.tell(&Event {
        step: "receipt",
        outcome: outcome.into(),
        receipt,
        ..Event::default()
    })?;
    Ok(ExitCode::SUCCESS)
}
