//! `paytool dukpt tdes explain` and `aes explain`: how a key comes about.

use dukpt::explain::{Explanation, Operation, Step};
use serde_json::{Map, Value};

use crate::cli::report;
use crate::failure::Failure;
use crate::hex;
use crate::inputs::Inputs;

/// Explains what the inputs name, without keys unless they are to be shown.
pub(super) fn run<const N: usize>(
    explain: fn(&Inputs) -> Result<Explanation, Failure>,
    inputs: [(&str, Value); N],
    show_keys: bool,
    json: bool,
) -> Result<(), Failure> {
    let known = inputs.each_ref().map(|(name, _)| *name);
    let inputs = inputs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let explanation = explain(&Inputs::new(inputs, &known)?)?;
    if json {
        return report::as_json(&to_json(&explanation, show_keys));
    }
    let text = if show_keys { explanation.expose().to_string() } else { explanation.to_string() };
    report::lines(text.trim_end())
}

fn to_json(explanation: &Explanation, show_keys: bool) -> Map<String, Value> {
    let steps: Vec<Value> = explanation
        .steps()
        .iter()
        .map(|step| {
            let mut fields = operation(step.operation());
            if !step.data().is_empty() {
                fields.insert("data".to_owned(), hex::encode(step.data()).into());
            }
            if let Some(check_value) = step.check_value() {
                fields.insert("check_value".to_owned(), hex::encode(check_value).into());
            }
            if show_keys {
                fields.insert("key".to_owned(), key(step).into());
            }
            fields.into()
        })
        .collect();
    let ksn = hex::encode(explanation.key_serial_number());
    let refused = explanation.check_counter().err().map(dukpt::Error::as_str);
    [("ksn", ksn.into()), ("counter_error", refused.into()), ("steps", steps.into())]
        .into_iter()
        .filter(|(_, value): &(_, Value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn key(step: &Step) -> String {
    hex::encode(step.expose_key())
}

/// What a step does, as fields.
fn operation(operation: Operation) -> Map<String, Value> {
    let (name, fields) = match operation {
        Operation::BaseKey => ("base_key", vec![]),
        Operation::GivenInitialKey | Operation::TdesInitialKey | Operation::AesInitialKey => {
            ("initial_key", vec![])
        }
        Operation::TdesCounterBit { bit, counter } => {
            ("counter_bit", vec![("bit", bit.into()), ("counter", format!("{counter:06X}").into())])
        }
        Operation::AesCounterBit { bit, counter } => {
            ("counter_bit", vec![("bit", bit.into()), ("counter", format!("{counter:08X}").into())])
        }
        Operation::TdesVariant(usage) => ("variant", vec![("usage", usage.name().into())]),
        Operation::TdesSelfEncryption(usage) => {
            ("self_encryption", vec![("usage", usage.name().into())])
        }
        Operation::AesWorkingKey { usage, key_type } => (
            "working_key",
            vec![("usage", usage.name().into()), ("key_type", key_type.name().into())],
        ),
        _ => ("other", vec![]),
    };
    [("operation", Value::from(name))]
        .into_iter()
        .chain(fields)
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
