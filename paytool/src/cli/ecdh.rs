//! `paytool ecdh`: keys that two parties agree on.

use clap::Subcommand;

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::ops;

/// Generate key pairs, and agree on a key block protection key
///
/// FOR TEST KEYS ONLY: what stands on a command line is seen by others and kept in histories. For `-` a private key is read from
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
    /// Draw a private key and print it with its public key, an uncompressed point
    Generate {
        /// P-256, P-384 or P-521
        #[arg(long, default_value = "P-256")]
        curve: String,
    },
    /// Agree on a key with the holder of a public key
    Agree {
        /// P-256, P-384 or P-521
        #[arg(long, default_value = "P-256")]
        curve: String,
        /// The own private key in hex (a test key)
        #[arg(long, default_value = "-")]
        private: String,
        /// The other public key in hex: an uncompressed point, 04 and two coordinates
        #[arg(long)]
        public: String,
        /// How the key is derived: x963 (ANSI X9.63), onestep (NIST SP 800-56C) or hkdf (RFC 5869)
        #[arg(long)]
        kdf: String,
        /// sha1, sha224, sha256, sha384 or sha512
        #[arg(long)]
        hash: String,
        /// What both know besides, in hex; none where it is left out
        #[arg(long)]
        shared_info: Option<String>,
        /// Bytes of the key: 16, 24 or 32
        #[arg(long, default_value_t = 32)]
        length: u64,
    },
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Generate { curve } => report::answer(&ops::generate_key_pair(&curve)?, args.json),
        Action::Agree { curve, private, public, kdf, hash, shared_info, length } => {
            let inputs = [
                ("curve", curve.into()),
                ("private", hex_argument::secret("private", &private)?.into()),
                ("public", hex_argument::read("public", &public)?.into()),
                ("kdf", kdf.into()),
                ("hash", hash.into()),
                ("shared_info", hex_argument::optional("shared_info", shared_info.as_deref())?),
                ("length", length.into()),
            ];
            report::ask("key.ecdh", inputs, args.json)
        }
    }
}
