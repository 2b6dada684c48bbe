//! `paytool dukpt`: DUKPT keys.

mod explain;

use clap::Subcommand;
use serde_json::Value;

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::{hex, ops};

/// Derive DUKPT keys as a host does, explain how they come about, count on
///
/// FOR TEST KEYS ONLY: what stands on a command line is seen by others and kept in histories.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    generation: Generation,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Generation {
    /// TDES DUKPT (ANSI X9.24-1): keys of 16 bytes, key serial numbers of 10
    #[command(subcommand)]
    Tdes(Tdes),
    /// AES DUKPT (ANSI X9.24-3): keys of 16, 24 or 32 bytes, key serial numbers of 12
    #[command(subcommand)]
    Aes(Aes),
}

#[derive(Subcommand)]
enum Tdes {
    /// A terminal's initial key
    InitialKey {
        /// The base key in hex (a test key)
        #[arg(long)]
        bdk: String,
        /// A key serial number of the terminal, in hex
        #[arg(long)]
        ksn: String,
    },
    /// A transaction's keys
    Derive {
        #[command(flatten)]
        from: From,
        /// Take counters that no terminal may use
        #[arg(long)]
        lax: bool,
    },
    /// How one of a transaction's keys comes about, step by step, whatever the counter is
    Explain {
        #[command(flatten)]
        from: From,
        /// PIN, MAC_REQ, MAC_RSP, DATA_REQ or DATA_RSP
        #[arg(long, default_value = "PIN")]
        usage: String,
        /// Show every key
        #[arg(long)]
        show_keys: bool,
    },
    /// The key serial number after this one, and how many are left after that
    Next {
        /// The key serial number in hex
        #[arg(long)]
        ksn: String,
    },
}

#[derive(Subcommand)]
enum Aes {
    /// A terminal's initial key
    InitialKey {
        /// The base key in hex (a test key)
        #[arg(long)]
        bdk: String,
        /// The terminal's initial key id, 8 bytes in hex
        #[arg(long)]
        ikid: String,
    },
    /// A transaction's keys of every usage
    Derive {
        #[command(flatten)]
        from: From,
        /// TDES2, TDES3, AES128, AES192, AES256, HMAC128, HMAC192 or HMAC256
        #[arg(long)]
        key_type: String,
        /// Take counters that no terminal may use
        #[arg(long)]
        lax: bool,
    },
    /// How one of a transaction's keys comes about, step by step, whatever the counter is
    Explain {
        #[command(flatten)]
        from: From,
        /// TDES2, TDES3, AES128, AES192, AES256, HMAC128, HMAC192 or HMAC256
        #[arg(long)]
        key_type: String,
        /// PIN, MAC_GEN, MAC_VER, MAC_BOTH, DATA_ENC, DATA_DEC, DATA_BOTH, KEK or KEYDER
        #[arg(long, default_value = "PIN")]
        usage: String,
        /// Show every key
        #[arg(long)]
        show_keys: bool,
    },
    /// The key serial number after this one, and how many are left after that
    Next {
        /// The key serial number in hex
        #[arg(long)]
        ksn: String,
    },
    /// The key under which a terminal is sent its next initial key
    UpdateKey {
        /// The initial key in hex (a test key)
        #[arg(long)]
        ik: String,
        /// The terminal's initial key id, 8 bytes in hex
        #[arg(long)]
        ikid: String,
        /// TDES2, TDES3, AES128, AES192, AES256, HMAC128, HMAC192 or HMAC256
        #[arg(long)]
        key_type: String,
    },
}

/// What a transaction's keys are derived from.
#[derive(clap::Args)]
struct From {
    /// The base key in hex (a test key)
    #[arg(long, required_unless_present = "ik", conflicts_with = "ik")]
    bdk: Option<String>,
    /// The initial key in hex (a test key)
    #[arg(long)]
    ik: Option<String>,
    /// The key serial number in hex
    #[arg(long)]
    ksn: String,
}

impl From {
    fn inputs(&self) -> Result<[(&'static str, Value); 3], Failure> {
        Ok([
            ("bdk", hex_argument::optional("bdk", self.bdk.as_deref())?),
            ("ik", hex_argument::optional("ik", self.ik.as_deref())?),
            ("ksn", hex_argument::read("ksn", &self.ksn)?.into()),
        ])
    }
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    match args.generation {
        Generation::Tdes(tdes) => run_tdes(tdes, args.json),
        Generation::Aes(aes) => run_aes(aes, args.json),
    }
}

fn run_tdes(tdes: Tdes, json: bool) -> Result<(), Failure> {
    match tdes {
        Tdes::InitialKey { bdk, ksn } => {
            let inputs = [hex_input("bdk", &bdk)?, hex_input("ksn", &ksn)?];
            report::ask("dukpt.tdes.initial_key", inputs, json)
        }
        Tdes::Derive { from, lax } => {
            let [base, initial, ksn] = from.inputs()?;
            report::ask("dukpt.tdes.keys", [base, initial, ksn, ("lax", lax.into())], json)
        }
        Tdes::Explain { from, usage, show_keys } => {
            let [base, initial, ksn] = from.inputs()?;
            let inputs = [base, initial, ksn, ("usage", usage.into())];
            explain::run(ops::explain_tdes_dukpt, inputs, show_keys, json)
        }
        Tdes::Next { ksn } => next("dukpt.tdes.next_ksn", &ksn, json, |next| {
            Ok(dukpt::tdes::Ksn::try_from(next)?.keys_left())
        }),
    }
}

fn run_aes(aes: Aes, json: bool) -> Result<(), Failure> {
    match aes {
        Aes::InitialKey { bdk, ikid } => {
            let inputs = [hex_input("bdk", &bdk)?, hex_input("ikid", &ikid)?];
            report::ask("dukpt.aes.initial_key", inputs, json)
        }
        Aes::Derive { from, key_type, lax } => {
            let [base, initial, ksn] = from.inputs()?;
            let inputs = [base, initial, ksn, ("lax", lax.into()), ("key_type", key_type.into())];
            report::ask("dukpt.aes.keys", inputs, json)
        }
        Aes::Explain { from, key_type, usage, show_keys } => {
            let [base, initial, ksn] = from.inputs()?;
            let key_type = ("key_type", key_type.into());
            let inputs = [base, initial, ksn, ("usage", usage.into()), key_type];
            explain::run(ops::explain_aes_dukpt, inputs, show_keys, json)
        }
        Aes::Next { ksn } => next("dukpt.aes.next_ksn", &ksn, json, |next| {
            Ok(dukpt::aes::Ksn::try_from(next)?.keys_left())
        }),
        Aes::UpdateKey { ik, ikid, key_type } => {
            let key_type = ("key_type", key_type.into());
            let inputs = [hex_input("ik", &ik)?, hex_input("ikid", &ikid)?, key_type];
            report::ask("dukpt.aes.update_key", inputs, json)
        }
    }
}

fn hex_input(name: &'static str, argument: &str) -> Result<(&'static str, Value), Failure> {
    hex_argument::read(name, argument).map(|digits| (name, digits.into()))
}

/// The operation's answer, and beside it how many key serial numbers come after that one.
fn next(
    op: &str,
    ksn: &str,
    json: bool,
    keys_left: fn(&[u8]) -> Result<u32, dukpt::Error>,
) -> Result<(), Failure> {
    let (name, ksn) = hex_input("ksn", ksn)?;
    let mut outputs = ops::run(op, [(name.to_owned(), ksn)].into_iter().collect())?;
    let next = hex::decode(outputs.get("next").and_then(Value::as_str).unwrap_or_default())?;
    outputs.insert("keys_left".to_owned(), keys_left(&next)?.into());
    report::answer(&outputs, json)
}
