//! An explanation as text.

use super::{Explanation, Operation, Step};
use crate::hex;
use core::fmt;

/// An [`Explanation`] whose `Display` shows every key in clear.
pub struct Exposed<'a>(pub(super) &'a Explanation);

impl fmt::Debug for Exposed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exposed")
    }
}

impl fmt::Display for Exposed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        trace(f, self.0, true)
    }
}

/// The steps, one after the other, without any key.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        trace(f, self, false)
    }
}

fn trace(f: &mut fmt::Formatter<'_>, explanation: &Explanation, expose: bool) -> fmt::Result {
    let generation = if explanation.key_serial_number.len() == 10 { "TDES" } else { "AES" };
    write!(f, "{generation} DUKPT, key serial number ")?;
    hex::write(f, &explanation.key_serial_number)?;
    writeln!(f)?;
    if let Err(error) = explanation.counter {
        writeln!(f, "for no transaction: {error}")?;
    }
    let mut rest = explanation.steps.iter();
    let mut number = 1_usize;
    while let Some(step) = rest.next() {
        let before_a_bit = rest.as_slice().first().is_some_and(is_counter_bit);
        let transaction_key = !before_a_bit && is_counter_bit(step);
        write!(f, "{number:<3}")?;
        operation(f, step, transaction_key)?;
        data(f, step)?;
        if let Some(check_value) = step.check_value() {
            row(f, "check value", check_value)?;
        }
        if expose {
            row(f, "key", step.expose_key())?;
        } else if step.check_value.is_none() {
            writeln!(f, "   {:<13}redacted", "key")?;
        }
        number = number.saturating_add(1);
    }
    Ok(())
}

fn is_counter_bit(step: &Step) -> bool {
    let operation = step.operation;
    matches!(operation, Operation::TdesCounterBit { .. } | Operation::AesCounterBit { .. })
}

/// What is done, up to the end of the line.
fn operation(f: &mut fmt::Formatter<'_>, step: &Step, transaction_key: bool) -> fmt::Result {
    let which = if transaction_key { ", the transaction key" } else { "" };
    match step.operation {
        Operation::BaseKey => writeln!(f, "base key, as given"),
        Operation::GivenInitialKey => writeln!(f, "initial key, as given"),
        Operation::TdesInitialKey => {
            writeln!(f, "initial key: its id under the base key, then under that key's second form")
        }
        Operation::TdesCounterBit { bit, counter } => writeln!(
            f,
            "counter bit {bit}, counter so far {counter:06X}{which}: the register under the key before"
        ),
        Operation::TdesVariant(usage) => {
            writeln!(f, "{usage} key: the mask xored to the transaction key")
        }
        Operation::TdesSelfEncryption(usage) => {
            writeln!(f, "{usage} key: each half of it enciphered under the whole of it")
        }
        Operation::AesInitialKey => writeln!(f, "initial key: derivation data under the base key"),
        Operation::AesCounterBit { bit, counter } => writeln!(
            f,
            "counter bit {bit}, counter so far {counter:08X}{which}: derivation data under the key before"
        ),
        Operation::AesWorkingKey { usage, key_type } => {
            writeln!(f, "{usage} key, {key_type}: derivation data under the transaction key")
        }
    }
}

/// What goes in, named and with the parts of derivation data apart.
fn data(f: &mut fmt::Formatter<'_>, step: &Step) -> fmt::Result {
    match step.operation {
        Operation::BaseKey | Operation::GivenInitialKey | Operation::TdesSelfEncryption(_) => {
            Ok(())
        }
        Operation::TdesInitialKey => row(f, "id", &step.data),
        Operation::TdesCounterBit { .. } => row(f, "register", &step.data),
        Operation::TdesVariant(_) => row(f, "mask", &step.data),
        Operation::AesInitialKey
        | Operation::AesCounterBit { .. }
        | Operation::AesWorkingKey { .. } => {
            step.data.chunks(16).try_for_each(|block| derivation_data(f, block))
        }
    }
}

/// Version, block number, usage, algorithm, bits, what the key is bound to.
fn derivation_data(f: &mut fmt::Formatter<'_>, block: &[u8]) -> fmt::Result {
    write!(f, "   {:<12}", "data")?;
    let mut rest = block;
    for len in [1, 1, 2, 2, 2, 4, 4] {
        let (part, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        write!(f, " ")?;
        hex::write(f, part)?;
        rest = after;
    }
    writeln!(f)
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, bytes: &[u8]) -> fmt::Result {
    write!(f, "   {name:<13}")?;
    hex::write(f, bytes)?;
    writeln!(f)
}
