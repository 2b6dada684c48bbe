//! The operations: one table, which `batch` and the subcommands both call.

pub(crate) mod dol;
mod dukpt;
pub(crate) mod emv;
pub(crate) mod iso8583;
mod kdf;
mod key;
pub(crate) mod keyblock;
mod mac;
pub(crate) mod pin;
pub(crate) mod tlv;

pub(crate) use dukpt::aes::explain as explain_aes_dukpt;
pub(crate) use dukpt::tdes::explain as explain_tdes_dukpt;
pub(crate) use key::check_value;
pub(crate) use key::generate as generate_key_pair;
pub(crate) use key::split as split_key;

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::inputs::Inputs;

/// An operation's outputs, by name.
pub(crate) type Outputs = Map<String, Value>;

/// One operation: its name, the inputs that it knows, and what it does.
struct Op {
    name: &'static str,
    inputs: &'static [&'static str],
    run: fn(&Inputs) -> Result<Outputs, Failure>,
}

const fn op(
    name: &'static str,
    inputs: &'static [&'static str],
    run: fn(&Inputs) -> Result<Outputs, Failure>,
) -> Op {
    Op { name, inputs, run }
}

static OPS: [Op; 39] = [
    op("iso8583.parse", &["spec", "hex", "partial", "header_len"], iso8583::parse),
    op("iso8583.encode", &["spec", "mti", "fields", "header"], iso8583::encode),
    op("tlv.parse", &["hex", "padding"], tlv::parse),
    op("tlv.encode", &["objects"], tlv::encode),
    op("dol.parse", &["hex"], dol::parse),
    op("dol.fill", &["dol", "values"], dol::fill),
    op("emv.decode", &["tag", "hex"], emv::decode),
    op("pin.encode", &["format", "pin", "pan", "fill", "seq"], pin::encode),
    op("pin.decode", &["format", "block", "pan"], pin::decode),
    op("pin.encipher", &["format", "cipher", "key", "pin", "pan", "fill", "seq"], pin::encipher),
    op("pin.decipher", &["format", "cipher", "key", "block", "pan"], pin::decipher),
    op("pin.ibm3624", &["pvk", "validation_data", "dec_table", "pin"], pin::ibm3624),
    op(
        "pin.translate",
        &[
            "in_format",
            "in_key",
            "in_pan",
            "in_block",
            "out_format",
            "out_key",
            "out_pan",
            "fill",
            "in_cipher",
            "out_cipher",
        ],
        pin::translate,
    ),
    op("pin.pvv", &["pvk", "pan", "pvki", "pin"], pin::pvv),
    op("dukpt.tdes.initial_key", &["bdk", "ksn"], dukpt::tdes::initial_key),
    op("dukpt.tdes.keys", &["bdk", "ik", "ksn", "lax"], dukpt::tdes::keys),
    op("dukpt.tdes.next_ksn", &["ksn"], dukpt::tdes::next_ksn),
    op("dukpt.tdes.sequence", &["bdk", "initial", "count"], dukpt::tdes::sequence),
    op("dukpt.aes.initial_key", &["bdk", "ikid"], dukpt::aes::initial_key),
    op("dukpt.aes.keys", &["bdk", "ik", "ksn", "key_type", "lax"], dukpt::aes::keys),
    op("dukpt.aes.next_ksn", &["ksn"], dukpt::aes::next_ksn),
    op("dukpt.aes.sequence", &["bdk", "initial", "count"], dukpt::aes::sequence),
    op("dukpt.aes.update_key", &["ik", "ikid", "key_type"], dukpt::aes::update_key),
    op("mac.iso9797", &["algorithm", "cipher", "padding", "key", "data", "length"], mac::iso9797),
    op("mac.cmac", &["cipher", "key", "data", "length"], mac::cmac),
    op("mac.hmac", &["hash", "key", "data", "length"], mac::hmac),
    op("mac.unionpay", &["cipher", "key", "data"], mac::unionpay),
    op(
        "mac.verify",
        &["kind", "algorithm", "cipher", "padding", "hash", "key", "data", "length", "mac"],
        mac::verify,
    ),
    op("key.kcv", &["alg", "method", "key"], key::kcv),
    op("key.check", &["key", "alg", "kcv", "policy"], key::check),
    op("key.combine", &["components", "alg"], key::combine),
    op("key.parity", &["key"], key::parity),
    op(
        "key.ecdh",
        &["curve", "private", "public", "kdf", "hash", "shared_info", "length"],
        key::ecdh,
    ),
    op("kdf.hkdf", &["hash", "ikm", "salt", "info", "length"], kdf::hkdf),
    op("kdf.x963", &["hash", "z", "shared_info", "length"], kdf::x963),
    op("kdf.onestep", &["hash", "z", "fixed_info", "length"], kdf::one_step),
    op("keyblock.parse", &["block", "profile"], keyblock::parse),
    op("keyblock.unwrap", &["kbpk", "block", "profile"], keyblock::unwrap),
    op(
        "keyblock.wrap",
        &[
            "kbpk",
            "version",
            "usage",
            "algorithm",
            "mode",
            "key_version",
            "exportability",
            "context",
            "opt_blocks",
            "key",
            "pad",
            "profile",
        ],
        keyblock::wrap,
    ),
];

/// Runs the operation of that name.
pub(crate) fn run(name: &str, inputs: Map<String, Value>) -> Result<Outputs, Failure> {
    let op = OPS
        .iter()
        .find(|op| op.name == name)
        .ok_or_else(|| Failure::new("unknown_op", "no operation has this name"))?;
    (op.run)(&Inputs::new(inputs, op.inputs)?)
}

/// Outputs in the order given.
fn outputs<const N: usize>(pairs: [(&str, Value); N]) -> Outputs {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words in backquotes of a table cell; what is in brackets tells an input's values.
    fn words(cell: &str) -> Vec<String> {
        let outside = cell.split('(').filter_map(|part| part.rsplit(')').next());
        outside.collect::<String>().split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }

    #[test]
    fn the_readme_lists_every_operation_with_its_inputs() {
        let readme = include_str!("../README.md");
        let table = readme.split("| op | inputs | outputs |").nth(1).unwrap();
        let rows: Vec<Vec<&str>> = table
            .lines()
            .skip(2)
            .take_while(|line| line.starts_with('|'))
            .map(|line| line.split(" | ").map(|cell| cell.trim_matches('|')).collect())
            .collect();
        assert_eq!(rows.len(), OPS.len());
        for (row, op) in rows.iter().zip(&OPS) {
            assert_eq!(words(row[0]), [op.name]);
            assert_eq!(words(row[1]), op.inputs, "{}", op.name);
        }
    }
}
