//! Data object lists.

use std::collections::HashMap;

use emv_tlv::Dol;
use serde_json::{Map, Value};

use super::{Outputs, outputs, tlv};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Input, Inputs};

/// The most data that a list may ask for: far more than any command carries.
const MAX_DATA: usize = 65_535;

pub(super) fn parse(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bytes: Vec<u8> = inputs.require("hex")?;
    let list = Dol::parse(&bytes)?;
    let entries = list
        .entries()
        .map(|(tag, length)| Value::Array(vec![tag.to_string().into(), length.into()]));
    let entries: Vec<Value> = entries.collect();
    Ok(outputs([("entries", entries.into()), ("total", list.data_len().into())]))
}

pub(super) fn fill(inputs: &Inputs) -> Result<Outputs, Failure> {
    let bytes: Vec<u8> = inputs.require("dol")?;
    let list = Dol::parse(&bytes).map_err(|error| Failure::from(error).of("dol"))?;
    check_length(&list, "dol")?;
    let given: &Map<String, Value> = inputs.require("values")?;
    let mut values = HashMap::new();
    for (tag, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let tag = tlv::read_tag(tag).map_err(|failure| failure.of("values"))?;
        let value: Vec<u8> = Input::read(value).map_err(|failure: Failure| failure.of("values"))?;
        if values.insert(tag, value).is_some() {
            return Err(Failure::invalid("`values` has one tag twice"));
        }
    }
    let mut buffer = vec![0; list.data_len()];
    let data = list.fill(&mut buffer, |tag| values.get(&tag).map(Vec::as_slice))?;
    Ok(outputs([("data", hex::encode(data).into())]))
}

/// Refuses a list that asks for too much, so that no answer is many times as long as its question.
pub(crate) fn check_length(list: &Dol<'_>, name: &str) -> Result<(), Failure> {
    if list.data_len() > MAX_DATA {
        let message = format!("`{name}` asks for more than {MAX_DATA} bytes");
        return Err(Failure::new("data_too_long", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::ops::run;

    fn fill(dol: &str, values: serde_json::Value) -> String {
        let inputs = json!({"dol": dol, "values": values}).as_object().unwrap().clone();
        match run("dol.fill", inputs) {
            Ok(outputs) => outputs["data"].as_str().unwrap().to_owned(),
            Err(failure) => failure.to_json()["kind"].as_str().unwrap().to_owned(),
        }
    }

    #[test]
    fn values_are_fitted_and_the_rest_is_zeros() {
        assert_eq!(fill("9F02069C01", json!({"9f02": "1234", "DF01": "99"})), "00000000123400");
        assert_eq!(fill("9C01", json!({"9C": null})), "00");
        assert_eq!(fill("", json!({})), "");
    }

    #[test]
    fn bad_values_are_refused() {
        assert_eq!(fill("9C01", json!({"9c": "01", "9C": "02"})), "invalid_value");
        assert_eq!(fill("9C01", json!({"9C": 1})), "wrong_type");
        assert_eq!(fill("9C01", json!({"9C": "1"})), "odd_length");
        assert_eq!(fill("9C01", json!({"9F": "01"})), "truncated_tag");
        assert_eq!(fill("9C01", json!(["9C"])), "wrong_type");
        assert_eq!(fill(&"9CFF".repeat(258), json!({})), "data_too_long");
        assert_eq!(fill(&"9CFF".repeat(257), json!({})).len(), 2 * 65_535);
    }
}
