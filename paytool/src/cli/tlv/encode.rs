//! `paytool tlv encode`: objects to hex.

use emv_tlv::{Tag, TagPath};
use serde_json::{Value, json};

use crate::cli::{hex_argument, report};
use crate::failure::Failure;
use crate::hex;

/// Write objects as hex: from paths and values, or from what `tlv --json --clear` prints
///
/// Values that begin with the same templates stand in the same ones, if they follow each other: 6F/84=A0000000041010
/// 6F/A5/50=4D61737465726361726420 is one 6F with an 84 and an A5.
#[derive(clap::Args)]
pub(super) struct Args {
    /// The tags from the outermost on, and the value in hex: 6F/A5/87=01; a single `-` reads JSON from standard input
    #[arg(required = true, value_name = "PATH=HEX")]
    objects: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<(), Failure> {
    let objects = match args.objects.as_slice() {
        [dash] if dash == "-" => from_json(&hex_argument::standard_input()?)?,
        objects => {
            let mut tree = Vec::new();
            for object in objects {
                let (path, value) = object
                    .split_once('=')
                    .ok_or_else(|| Failure::invalid("an object is PATH=HEX, such as 9F36=001C"))?;
                let path = path.parse::<TagPath>()?;
                put(&mut tree, &path, &hex::ungroup(value)?);
            }
            Value::Array(tree)
        }
    };
    report::ask("tlv.encode", [("objects", objects)], false)
}

/// The objects alone, or as an answer has them.
fn from_json(text: &str) -> Result<Value, Failure> {
    let value: Value = serde_json::from_str(text)
        .map_err(|_| Failure::new("invalid_json", "standard input is no JSON"))?;
    Ok(match value {
        Value::Object(mut answer) => answer.remove("objects").unwrap_or_default(),
        objects => objects,
    })
}

/// Puts a value where a path leads, into the template written last if that is on the path.
fn put(objects: &mut Vec<Value>, path: &[Tag], value: &str) {
    let Some((tag, rest)) = path.split_first() else { return };
    let tag = tag.to_string();
    if rest.is_empty() {
        objects.push(json!([tag, value]));
        return;
    }
    let last = objects.last_mut().and_then(Value::as_array_mut).map(Vec::as_mut_slice);
    if let Some([Value::String(open), Value::Array(contents)]) = last
        && *open == tag
    {
        return put(contents, rest, value);
    }
    let mut contents = Vec::new();
    put(&mut contents, rest, value);
    objects.push(json!([tag, contents]));
}
