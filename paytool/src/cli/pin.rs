//! `paytool pin`: PIN blocks, PIN verification values, IBM 3624 PINs and offsets, random PINs.

use clap::Subcommand;
use getrandom::SysRng;
use pinblock::{Pin, PinPolicy};
use serde_json::Value;

use super::{hex_argument, report};
use crate::failure::Failure;
use crate::inputs::Inputs;
use crate::ops;
use crate::ops::Outputs;

/// Make, read and translate PIN blocks, make PINs and what verifies them
///
/// FOR TEST KEYS AND TEST PINS ONLY: what stands on a command line is seen by others and kept in histories.
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
    /// Make a clear block
    Encode {
        /// iso0 to iso3, or a legacy format: ansi, eci1 to eci4, visa1 to visa4, oem1, diebold, docutel2, ibm3621, ibm3624, ibm4704epp
        #[arg(long)]
        format: String,
        #[command(flatten)]
        clear: Clear,
    },
    /// Read a clear block
    Decode {
        /// iso0 to iso3, or a legacy format as with `encode`
        #[arg(long)]
        format: String,
        /// Say what is wrong with a block without a PIN; with iso4, read its PIN field
        #[arg(long)]
        explain: bool,
        /// The card number, where the format has it
        #[arg(long)]
        pan: Option<String>,
        /// The block in hex
        #[arg(default_value = "-")]
        block: String,
    },
    /// Make an enciphered block
    Encipher {
        #[command(flatten)]
        under: Under,
        #[command(flatten)]
        clear: Clear,
    },
    /// Read an enciphered block
    Decipher {
        #[command(flatten)]
        under: Under,
        /// The card number, where the format has it
        #[arg(long)]
        pan: Option<String>,
        /// The block in hex
        #[arg(default_value = "-")]
        block: String,
    },
    /// Make an IBM 3624 natural PIN and the offset of a PIN
    Ibm3624 {
        /// The key in hex, 8, 16 or 24 bytes (a test key)
        #[arg(long)]
        pvk: String,
        /// The validation data, 16 hex digits
        #[arg(long)]
        validation_data: String,
        /// The decimalisation table, 16 digits
        #[arg(long, default_value = "0123456789012345")]
        dec_table: String,
        /// The PIN (a test PIN)
        #[arg(long)]
        pin: String,
    },
    /// Take a PIN from one block to another, under the rules of ISO 9564
    Translate {
        #[command(flatten)]
        sides: Sides,
        /// The outgoing fill's hex digits; random where there is none
        #[arg(long)]
        fill: Option<String>,
        /// The incoming block in hex
        #[arg(default_value = "-")]
        block: String,
    },
    /// Make a Visa PIN verification value
    Pvv {
        /// The key pair in hex, 16 bytes (a test key)
        #[arg(long)]
        pvk: String,
        /// The card number
        #[arg(long)]
        pan: String,
        /// The key's index, 0 to 9
        #[arg(long)]
        pvki: u64,
        /// The PIN (a test PIN)
        #[arg(long)]
        pin: String,
    },
    /// Draw a random PIN that is not of one digit repeated and does not count up or down
    Random {
        /// How many digits, 4 to 12
        #[arg(long, default_value_t = 4)]
        length: u8,
    },
}

#[derive(clap::Args)]
struct Clear {
    /// The PIN (a test PIN)
    #[arg(long)]
    pin: String,
    /// The card number, where the format needs it
    #[arg(long)]
    pan: Option<String>,
    /// The fill's hex digits; random where there is none, F in ibm4704epp
    #[arg(long)]
    fill: Option<String>,
    /// The sequence number's hex digits, 4 for ibm3621 and 2 for ibm4704epp; random where there is none
    #[arg(long)]
    seq: Option<String>,
}

#[derive(clap::Args)]
struct Under {
    /// iso0 to iso4, or a legacy format as with `encode`
    #[arg(long)]
    format: String,
    /// DES, TDES, AES or SM4
    #[arg(long)]
    cipher: String,
    /// The key in hex (a test key)
    #[arg(long)]
    key: String,
}

#[derive(clap::Args)]
struct Sides {
    /// The block's format: iso0, iso1, iso3 or iso4
    #[arg(long)]
    in_format: String,
    /// The block's cipher: TDES if not given, and AES for iso4
    #[arg(long)]
    in_cipher: Option<String>,
    /// The block's key in hex (a test key)
    #[arg(long)]
    in_key: String,
    /// The block's card number, where the format has it
    #[arg(long)]
    in_pan: Option<String>,
    /// The format to translate to: iso0, iso3 or iso4; iso1 from iso1
    #[arg(long)]
    out_format: String,
    /// The cipher to translate to: TDES if not given, and AES for iso4
    #[arg(long)]
    out_cipher: Option<String>,
    /// The key to translate to, in hex (a test key)
    #[arg(long)]
    out_key: String,
    /// The card number to translate to, where the format has it
    #[arg(long)]
    out_pan: Option<String>,
    /// The card number on both sides
    #[arg(long, conflicts_with_all = ["in_pan", "out_pan"])]
    pan: Option<String>,
}

pub(super) fn run(args: Args) -> Result<(), Failure> {
    let json = args.json;
    match args.action {
        Action::Encode { format, clear } => {
            let [pin, pan, fill, seq] = clear.inputs()?;
            report::ask("pin.encode", [("format", format.into()), pin, pan, fill, seq], json)
        }
        Action::Decode { format, explain, pan, block } => {
            let block = hex_argument::read("block", &block)?.into();
            let inputs = [("format", format.into()), ("pan", pan.into()), ("block", block)];
            if explain {
                let inputs = inputs.map(|(name, value): NamedInput| (name.to_owned(), value));
                let inputs =
                    Inputs::new(inputs.into_iter().collect(), &["format", "pan", "block"])?;
                return report::answer(&ops::pin::explain(&inputs)?, json);
            }
            report::ask("pin.decode", inputs, json)
        }
        Action::Encipher { under, clear } => {
            let [format, cipher, key] = under.inputs()?;
            let [pin, pan, fill, seq] = clear.inputs()?;
            report::ask("pin.encipher", [format, cipher, key, pin, pan, fill, seq], json)
        }
        Action::Decipher { under, pan, block } => {
            let [format, cipher, key] = under.inputs()?;
            let block = hex_argument::read("block", &block)?.into();
            let inputs = [format, cipher, key, ("pan", pan.into()), ("block", block)];
            report::ask("pin.decipher", inputs, json)
        }
        Action::Ibm3624 { pvk, validation_data, dec_table, pin } => {
            let pvk = hex_argument::read("pvk", &pvk)?.into();
            let inputs = [
                ("pvk", pvk),
                ("validation_data", validation_data.into()),
                ("dec_table", dec_table.into()),
                ("pin", pin.into()),
            ];
            report::ask("pin.ibm3624", inputs, json)
        }
        Action::Translate { sides, fill, block } => {
            let block = hex_argument::read("block", &block)?;
            let fill = hex_argument::optional("fill", fill.as_deref())?;
            report::ask("pin.translate", sides.inputs(block.into(), fill)?, json)
        }
        Action::Pvv { pvk, pan, pvki, pin } => {
            let pvk = hex_argument::read("pvk", &pvk)?.into();
            let inputs =
                [("pvk", pvk), ("pan", pan.into()), ("pvki", pvki.into()), ("pin", pin.into())];
            report::ask("pin.pvv", inputs, json)
        }
        Action::Random { length } => {
            let digits = Pin::random(length, &PinPolicy::default(), &mut SysRng)?.expose_digits();
            let text = digits.as_str();
            if json {
                report::as_json(&Outputs::from_iter([("pin".to_owned(), text.into())]))
            } else {
                report::lines(text)
            }
        }
    }
}

type NamedInput = (&'static str, Value);

impl Clear {
    fn inputs(self) -> Result<[NamedInput; 4], Failure> {
        let fill = hex_argument::optional("fill", self.fill.as_deref())?;
        let seq = hex_argument::optional("seq", self.seq.as_deref())?;
        Ok([("pin", self.pin.into()), ("pan", self.pan.into()), ("fill", fill), ("seq", seq)])
    }
}

impl Sides {
    fn inputs(self, block: Value, fill: Value) -> Result<[NamedInput; 10], Failure> {
        let in_key = hex_argument::read("in_key", &self.in_key)?;
        let out_key = hex_argument::read("out_key", &self.out_key)?;
        Ok([
            ("in_format", self.in_format.into()),
            ("in_cipher", self.in_cipher.into()),
            ("in_key", in_key.into()),
            ("in_pan", self.in_pan.or_else(|| self.pan.clone()).into()),
            ("in_block", block),
            ("out_format", self.out_format.into()),
            ("out_cipher", self.out_cipher.into()),
            ("out_key", out_key.into()),
            ("out_pan", self.out_pan.or(self.pan).into()),
            ("fill", fill),
        ])
    }
}

impl Under {
    fn inputs(self) -> Result<[NamedInput; 3], Failure> {
        let key = hex_argument::read("key", &self.key)?;
        Ok([("format", self.format.into()), ("cipher", self.cipher.into()), ("key", key.into())])
    }
}
