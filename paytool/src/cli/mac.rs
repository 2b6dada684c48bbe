//! `paytool mac`: message authentication codes.

use clap::Subcommand;
use serde_json::Value;

use super::{hex_argument, report};
use crate::failure::Failure;

/// Make and verify message authentication codes
///
/// FOR TEST KEYS ONLY: what stands on a command line is seen by others and kept in histories.
#[derive(clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    kind: Kind,
    /// Print JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Kind {
    /// ISO/IEC 9797-1: CBC-MAC (1), retail MAC (3), CMAC (5)
    Iso9797 {
        /// 1, 3 or 5
        #[arg(long)]
        algorithm: u64,
        /// DES, TDES, AES or SM4; DES for algorithm 3
        #[arg(long)]
        cipher: String,
        /// 1, 2 or 3; none for algorithm 5
        #[arg(long)]
        padding: Option<u64>,
        #[command(flatten)]
        code: Code,
    },
    /// CMAC (NIST SP 800-38B)
    Cmac {
        /// DES, TDES, AES or SM4
        #[arg(long)]
        cipher: String,
        #[command(flatten)]
        code: Code,
    },
    /// UnionPay's ECB MAC: 8 characters, which field 64 carries as they are
    Unionpay {
        /// DES or TDES; SM4, which no public example confirms
        #[arg(long)]
        cipher: String,
        /// The key in hex (a test key)
        #[arg(long)]
        key: String,
        /// Verify these 8 characters instead of making them
        #[arg(long, value_name = "MAC")]
        verify: Option<String>,
        /// The data in hex
        #[arg(default_value = "-")]
        data: String,
    },
    /// HMAC (FIPS 198-1)
    Hmac {
        /// sha256, sha384 or sha512
        #[arg(long)]
        hash: String,
        #[command(flatten)]
        code: Code,
    },
}

#[derive(clap::Args)]
struct Code {
    /// The key in hex (a test key)
    #[arg(long)]
    key: String,
    /// How many bytes of the code, from the left: 4 or more; all of them where it is left out
    #[arg(long)]
    length: Option<u64>,
    /// Verify this code, in hex, instead of making one
    #[arg(long, value_name = "MAC")]
    verify: Option<String>,
    /// The data in hex
    #[arg(default_value = "-")]
    data: String,
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    // What a kind does not have is null, which is the same as absent.
    let (kind, algorithm, cipher, padding, hash, code) = match args.kind {
        Kind::Iso9797 { algorithm, cipher, padding, code } => {
            ("iso9797", algorithm.into(), cipher.into(), padding.into(), Value::Null, code)
        }
        Kind::Cmac { cipher, code } => {
            ("cmac", Value::Null, cipher.into(), Value::Null, Value::Null, code)
        }
        Kind::Unionpay { cipher, key, verify, data } => {
            let code = Code { key, length: None, verify, data };
            ("unionpay", Value::Null, cipher.into(), Value::Null, Value::Null, code)
        }
        Kind::Hmac { hash, code } => {
            ("hmac", Value::Null, Value::Null, Value::Null, hash.into(), code)
        }
    };
    let op = if code.verify.is_some() { "mac.verify".to_owned() } else { format!("mac.{kind}") };
    let kind = if code.verify.is_some() { kind.into() } else { Value::Null };
    let inputs = [
        ("kind", kind),
        ("algorithm", algorithm),
        ("cipher", cipher),
        ("padding", padding),
        ("hash", hash),
        ("key", hex_argument::read("key", &code.key)?.into()),
        ("length", code.length.into()),
        ("mac", hex_argument::optional("mac", code.verify.as_deref())?),
        ("data", hex_argument::read("data", &code.data)?.into()),
    ];
    report::ask(&op, inputs, args.json)
}
