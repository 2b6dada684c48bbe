//! `paytool key`: check values, key components, parity.

use std::io::{self, IsTerminal, Write};

use clap::Subcommand;
use serde_json::{Map, Value};

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::{hex, ops};

/// Make and compare key check values, combine and split keys, set parity
///
/// FOR TEST KEYS ONLY: what stands on a command line is seen by others and kept in histories. For `-` a key is read from
/// standard input; on a terminal it is asked for and not shown.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Action {
    /// Make the check values of a key
    Kcv {
        /// TDES, AES or SM4; TDES of 8 bytes is DES
        #[arg(long, default_value = "TDES")]
        alg: String,
        /// legacy_ecb_zero (3 bytes) or cmac_zero_block (5 bytes), unionpay_4 or unionpay_8; the first two where it is left out
        #[arg(long)]
        method: Option<String>,
        /// The key in hex (a test key)
        #[arg(default_value = "-")]
        key: String,
    },
    /// Say what is wrong with a key: its length, parity, a weak or degenerate TDES key, another check value
    Check {
        /// TDES, AES or SM4
        #[arg(long, default_value = "TDES")]
        alg: String,
        /// The check value that it should have in hex: 3 bytes, or 5 by CMAC
        #[arg(long)]
        kcv: Option<String>,
        /// What is asked of a TDES key: strict, parity_any or weak_allowed
        #[arg(long, default_value = "strict")]
        policy: String,
        /// The key in hex (a test key)
        #[arg(default_value = "-")]
        key: String,
    },
    /// Put a key together from its components
    ///
    /// Without components they are read from standard input, one a line; on a terminal each is asked for, not shown, and its check
    /// value told, until one is left empty.
    Combine {
        /// TDES, AES or SM4, for the check values
        #[arg(long, default_value = "TDES")]
        alg: String,
        /// The components in hex (of a test key), 2 to 9
        #[arg(value_name = "COMPONENT")]
        components: Vec<String>,
    },
    /// Split a key into random components
    Split {
        /// TDES, AES or SM4, for the check values
        #[arg(long, default_value = "TDES")]
        alg: String,
        /// How many components, 2 to 9
        #[arg(long, default_value_t = 3)]
        count: usize,
        /// The key in hex (a test key)
        #[arg(default_value = "-")]
        key: String,
    },
    /// Give each byte of a key odd parity
    Parity {
        /// The key in hex (a test key)
        #[arg(default_value = "-")]
        key: String,
    },
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    let json = args.json;
    match args.action {
        Action::Kcv { alg, method: Some(method), key } => {
            let key = hex_argument::secret("key", &key)?.into();
            let inputs = [("alg", alg.into()), ("method", method.into()), ("key", key)];
            report::ask("key.kcv", inputs, json)
        }
        Action::Kcv { alg, method: None, key } => {
            let key = hex_argument::secret("key", &key)?;
            let mut values = Map::new();
            for method in ["legacy_ecb_zero", "cmac_zero_block"] {
                values.insert(method.to_owned(), kcv(&alg, method, &key)?);
            }
            report::answer(&values, json)
        }
        Action::Check { alg, kcv, policy, key } => {
            let inputs = [
                ("alg", alg.into()),
                ("kcv", hex_argument::optional("kcv", kcv.as_deref())?),
                ("policy", policy.into()),
                ("key", hex_argument::secret("key", &key)?.into()),
            ];
            report::ask("key.check", inputs, json)
        }
        Action::Combine { alg, components } => {
            let components = match components.as_slice() {
                [] => asked(&alg)?,
                given => given
                    .iter()
                    .map(|component| hex_argument::secret("component", component))
                    .collect::<Result<_, _>>()?,
            };
            report::ask(
                "key.combine",
                [("components", components.into()), ("alg", alg.into())],
                json,
            )
        }
        Action::Split { alg, count, key } => split(&alg, count, &key, json),
        Action::Parity { key } => {
            report::ask("key.parity", [("key", hex_argument::secret("key", &key)?.into())], json)
        }
    }
}

fn kcv(alg: &str, method: &str, key: &str) -> Result<Value, Failure> {
    let inputs = [("alg", alg), ("method", method), ("key", key)];
    let inputs = inputs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    Ok(ops::run("key.kcv", inputs)?.remove("kcv").unwrap_or_default())
}

/// The components of standard input, or of the people at the terminal, who compare the check value of each with their paper.
fn asked(alg: &str) -> Result<Vec<String>, Failure> {
    if !io::stdin().is_terminal() {
        let text = hex_argument::standard_input()?;
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        return lines
            .map(|line| hex::ungroup(line).map_err(|failure| failure.of("component")))
            .collect();
    }
    let mut components = Vec::new();
    loop {
        let number = components.len().saturating_add(1);
        let typed = hex_argument::ask(&format!("component {number}"))?;
        if typed.trim().is_empty() {
            return Ok(components);
        }
        let component = hex::ungroup(&typed).map_err(|failure| failure.of("component"))?;
        let value = kcv(alg, "legacy_ecb_zero", &component)?;
        // What cannot be told is told by the last check value.
        let _ = writeln!(io::stderr(), "check value: {}", value.as_str().unwrap_or_default());
        components.push(component);
    }
}

/// A component a line with its check value; the key's own last.
fn split(alg: &str, count: usize, key: &str, json: bool) -> Result<(), Failure> {
    let digits = hex_argument::secret("key", key)?;
    let key = hex::decode(&digits).map_err(|failure| failure.of("key"))?;
    let outputs = ops::split_key(alg, count, &key)?;
    if json {
        return report::as_json(&outputs);
    }
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let components = outputs.get("components").and_then(Value::as_array);
    let mut rows: Vec<String> = components
        .into_iter()
        .flatten()
        .zip(1..)
        .map(|(one, number)| {
            format!("component {number}  {}  kcv {}", text(one, "component"), text(one, "kcv"))
        })
        .collect();
    rows.push(format!(
        "key kcv      {}",
        outputs.get("kcv").and_then(Value::as_str).unwrap_or_default()
    ));
    report::lines(&rows.join("\n"))
}
