//! A request's inputs, each read as the type that the operation wants.

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::hex;

/// The inputs of one request: every one of them known to the operation, `null` the same as absent.
#[derive(Debug)]
pub(crate) struct Inputs(Map<String, Value>);

impl Inputs {
    /// Takes inputs that are all among the known ones.
    pub(crate) fn new(values: Map<String, Value>, known: &[&str]) -> Result<Self, Failure> {
        let unknown =
            |(name, value): (&String, &Value)| !value.is_null() && !known.contains(&name.as_str());
        if values.iter().any(unknown) {
            let message = format!("an input that is none of: {}", known.join(", "));
            return Err(Failure::new("unknown_input", message));
        }
        Ok(Self(values))
    }

    /// An input that may be absent.
    pub(crate) fn get<'a, T: Input<'a>>(&'a self, name: &str) -> Result<Option<T>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::read(value).map(Some).map_err(|failure| failure.of(name)),
        }
    }

    /// An input that has to be there.
    pub(crate) fn require<'a, T: Input<'a>>(&'a self, name: &str) -> Result<T, Failure> {
        self.get(name)?.ok_or_else(|| Failure::missing(name))
    }
}

/// What an input can be read as.
pub(crate) trait Input<'a>: Sized {
    fn read(value: &'a Value) -> Result<Self, Failure>;
}

impl<'a> Input<'a> for &'a str {
    fn read(value: &'a Value) -> Result<Self, Failure> {
        value.as_str().ok_or_else(|| wrong_type("a string"))
    }
}

/// Bytes, in hex.
impl Input<'_> for Vec<u8> {
    fn read(value: &Value) -> Result<Self, Failure> {
        hex::decode(Input::read(value)?)
    }
}

/// Hex digits, one a value, as many as there are.
pub(crate) struct Nibbles(pub(crate) Vec<u8>);

impl Input<'_> for Nibbles {
    fn read(value: &Value) -> Result<Self, Failure> {
        hex::nibbles(Input::read(value)?).map(Self)
    }
}

impl Input<'_> for u64 {
    fn read(value: &Value) -> Result<Self, Failure> {
        value.as_u64().ok_or_else(|| wrong_type("a whole number, 0 or more"))
    }
}

impl Input<'_> for bool {
    fn read(value: &Value) -> Result<Self, Failure> {
        value.as_bool().ok_or_else(|| wrong_type("true or false"))
    }
}

impl<'a> Input<'a> for &'a Map<String, Value> {
    fn read(value: &'a Value) -> Result<Self, Failure> {
        value.as_object().ok_or_else(|| wrong_type("an object"))
    }
}

impl<'a> Input<'a> for &'a [Value] {
    fn read(value: &'a Value) -> Result<Self, Failure> {
        value.as_array().map(Vec::as_slice).ok_or_else(|| wrong_type("an array"))
    }
}

/// Whatever it is: for an input that has more than one form.
impl<'a> Input<'a> for &'a Value {
    fn read(value: &'a Value) -> Result<Self, Failure> {
        Ok(value)
    }
}

pub(crate) fn wrong_type(what: &str) -> Failure {
    Failure::new("wrong_type", format!("must be {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn inputs(value: Value) -> Inputs {
        let known = ["text", "hex", "number", "flag"];
        Inputs::new(value.as_object().unwrap().clone(), &known).unwrap()
    }

    fn kind<T>(result: Result<T, Failure>) -> String {
        let Err(failure) = result else { return "none".to_owned() };
        failure.to_json()["kind"].as_str().unwrap().to_owned()
    }

    #[test]
    fn null_is_absent_and_empty_is_a_value() {
        let inputs = inputs(json!({"text": null, "hex": "", "other": null}));
        assert_eq!(inputs.get::<&str>("text").unwrap(), None);
        assert!(inputs.require::<Vec<u8>>("hex").unwrap().is_empty());
        assert_eq!(kind(inputs.require::<&str>("text")), "missing_input");
    }

    #[test]
    fn each_type_takes_its_own() {
        let inputs = inputs(json!({"text": "1", "number": 1, "flag": true, "hex": "1"}));
        assert_eq!(kind(inputs.get::<u64>("text")), "wrong_type");
        assert_eq!(kind(inputs.get::<bool>("text")), "wrong_type");
        assert_eq!(kind(inputs.get::<&str>("number")), "wrong_type");
        assert_eq!(kind(inputs.get::<bool>("number")), "wrong_type");
        assert_eq!(kind(inputs.get::<u64>("flag")), "wrong_type");
        assert_eq!(kind(inputs.get::<Vec<u8>>("flag")), "wrong_type");
        assert_eq!(kind(inputs.get::<Vec<u8>>("hex")), "odd_length");
        assert_eq!(inputs.require::<Nibbles>("hex").unwrap().0, [1]);
    }

    #[test]
    fn numbers_are_whole() {
        for bad in [json!(-1), json!(1.0), json!(1.5), json!("1"), json!([1])] {
            assert_eq!(kind(u64::read(&bad)), "wrong_type", "{bad}");
        }
    }

    #[test]
    fn an_unknown_input_is_refused_without_being_named() {
        let values = json!({"41111": 1}).as_object().unwrap().clone();
        let failure = Inputs::new(values, &["pan"]).unwrap_err();
        assert_eq!(failure.to_string(), "unknown_input: an input that is none of: pan");
    }
}
