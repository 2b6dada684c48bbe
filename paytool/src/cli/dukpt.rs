//! `paytool dukpt`: DUKPT keys.

use clap::Subcommand;
use serde_json::Value;

use super::{hex_argument, report};
use crate::failure::Failure;

/// Derive DUKPT keys from a base key, as the host does
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
    Keys {
        #[command(flatten)]
        from: From,
    },
    /// The key serial number after this one, under the next counter that the standard allows
    NextKsn {
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
    Keys {
        #[command(flatten)]
        from: From,
        /// TDES2, TDES3, AES128, AES192, AES256, HMAC128, HMAC192 or HMAC256
        #[arg(long)]
        key_type: String,
    },
    /// The key serial number after this one, under the next counter that the standard allows
    NextKsn {
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
    /// Take counters that no terminal may use
    #[arg(long)]
    lax: bool,
}

impl From {
    fn inputs(&self) -> Result<[(&'static str, Value); 4], Failure> {
        Ok([
            ("bdk", hex_argument::optional("bdk", self.bdk.as_deref())?),
            ("ik", hex_argument::optional("ik", self.ik.as_deref())?),
            ("ksn", hex_argument::read("ksn", &self.ksn)?.into()),
            ("lax", self.lax.into()),
        ])
    }
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    let json = args.json;
    let hex = |name, argument: &str| {
        hex_argument::read(name, argument).map(|digits| (name, Value::from(digits)))
    };
    match args.generation {
        Generation::Tdes(Tdes::InitialKey { bdk, ksn }) => {
            let inputs = [hex("bdk", &bdk)?, hex("ksn", &ksn)?];
            report::ask("dukpt.tdes.initial_key", inputs, json)
        }
        Generation::Tdes(Tdes::Keys { from }) => {
            report::ask("dukpt.tdes.keys", from.inputs()?, json)
        }
        Generation::Tdes(Tdes::NextKsn { ksn }) => {
            report::ask("dukpt.tdes.next_ksn", [hex("ksn", &ksn)?], json)
        }
        Generation::Aes(Aes::NextKsn { ksn }) => {
            report::ask("dukpt.aes.next_ksn", [hex("ksn", &ksn)?], json)
        }
        Generation::Aes(Aes::InitialKey { bdk, ikid }) => {
            let inputs = [hex("bdk", &bdk)?, hex("ikid", &ikid)?];
            report::ask("dukpt.aes.initial_key", inputs, json)
        }
        Generation::Aes(Aes::Keys { from, key_type }) => {
            let [base, initial, ksn, lax] = from.inputs()?;
            let inputs = [base, initial, ksn, lax, ("key_type", key_type.into())];
            report::ask("dukpt.aes.keys", inputs, json)
        }
        Generation::Aes(Aes::UpdateKey { ik, ikid, key_type }) => {
            let inputs = [hex("ik", &ik)?, hex("ikid", &ikid)?, ("key_type", key_type.into())];
            report::ask("dukpt.aes.update_key", inputs, json)
        }
    }
}
