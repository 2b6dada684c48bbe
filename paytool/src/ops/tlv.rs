//! BER-TLV: bytes to nested objects and back.

use emv_tlv::{DEFAULT_DEPTH, Padding, Tag, Tlv, Walk, Writer, encoded_len, parse as level, walk};
use serde_json::{Map, Value};

use super::{Outputs, outputs};
use crate::failure::Failure;
use crate::hex;
use crate::inputs::{Input, Inputs, wrong_type};

pub(super) fn parse(inputs: &Inputs) -> Result<Outputs, Failure> {
    let padding = match inputs.get("padding")? {
        None | Some("strict") => Padding::Strict,
        Some("lenient") => Padding::Lenient,
        Some(_) => return Err(Failure::invalid("`padding` is strict or lenient")),
    };
    let bytes: Vec<u8> = inputs.require("hex")?;
    let objects = objects(&bytes, padding, &[], |object| hex::encode(object.value()))?;
    Ok(outputs([("objects", objects)]))
}

/// The objects as `[tag, value]` and `[tag, objects]`, a value as `show` writes it.
pub(crate) fn objects(
    bytes: &[u8],
    padding: Padding,
    primitive: &[Tag],
    show: impl Fn(&Tlv<'_>) -> String,
) -> Result<Value, Failure> {
    let mut walk = Walk::new(bytes).padding(padding).primitive(primitive);
    let mut done = Vec::new();
    // The templates that are still open, outermost first: each with the objects before it on its level.
    let mut open = Vec::new();
    while let Some(object) = walk.next() {
        let object = object.map_err(|error| located(error, &walk))?;
        while open.len() > usize::from(object.depth()) {
            close(&mut open, &mut done);
        }
        if object.is_constructed() {
            open.push((object.tag(), core::mem::take(&mut done)));
        } else {
            done.push(pair(object.tag(), show(&object).into()));
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut done);
    }
    Ok(done.into())
}

/// Ends the innermost open template.
fn close(open: &mut Vec<(Tag, Vec<Value>)>, done: &mut Vec<Value>) {
    if let Some((tag, before)) = open.pop() {
        let contents = core::mem::replace(done, before);
        done.push(pair(tag, contents.into()));
    }
}

fn pair(tag: Tag, value: Value) -> Value {
    Value::Array(vec![tag.to_string().into(), value])
}

/// An error of a walk with the tags of the templates around it.
pub(crate) fn located<P>(error: emv_tlv::Error, walk: &Walk<'_, DEFAULT_DEPTH, P>) -> Failure {
    let tags: Vec<String> = walk.path().iter().map(Tag::to_string).collect();
    Failure::from(error).on(tags.join("/"))
}

pub(super) fn encode(inputs: &Inputs) -> Result<Outputs, Failure> {
    let objects = read_objects(inputs.require("objects")?, DEFAULT_DEPTH)?;
    let mut buffer = vec![0; total(&objects)];
    let mut writer = Writer::new(&mut buffer);
    write_objects(&mut writer, &objects)?;
    let encoded = writer.finish();
    // What is in a template's text is looked at here, and how many objects there are.
    if let Some(error) = walk(encoded).find_map(Result::err) {
        return Err(unsound(error));
    }
    Ok(outputs([("hex", hex::encode(encoded).into())]))
}

/// The objects of `{tag: value}` one after the other, values in hex and as they are; a tag that is repeated has a list.
pub(super) fn flat(objects: &Map<String, Value>) -> Result<Vec<u8>, Failure> {
    let mut encoded = Vec::new();
    for (tag, value) in objects {
        let tag = read_tag(tag)?;
        let once = core::slice::from_ref(value);
        for value in value.as_array().map_or(once, Vec::as_slice) {
            let value: Vec<u8> = Input::read(value)?;
            encoded.extend(
                tag.raw().to_be_bytes().into_iter().skip(4_usize.saturating_sub(tag.encoded_len())),
            );
            encoded.extend(length(value.len())?);
            encoded.extend(value);
        }
    }
    Ok(encoded)
}

/// Refuses bytes that are not objects one after the other. The place is left out: it is in none of the inputs.
pub(super) fn check(bytes: &[u8]) -> Result<(), Failure> {
    match level(bytes).find_map(Result::err) {
        Some(error) => Err(Failure::new(error.kind().as_str(), "bytes that are no BER-TLV")),
        None => Ok(()),
    }
}

/// A length in BER.
fn length(count: usize) -> Result<Vec<u8>, Failure> {
    let too_long = |_| Failure::invalid("a value has at most 65,535 bytes");
    let [high, low] = u16::try_from(count).map_err(too_long)?.to_be_bytes();
    Ok(match (high, low) {
        (0, ..0x80) => vec![low],
        (0, _) => vec![0x81, low],
        _ => vec![0x82, high, low],
    })
}

/// Objects that `tlv.parse` would not read back. The place is left out: it is in none of the inputs.
fn unsound(error: emv_tlv::Error) -> Failure {
    let message =
        "`objects`: a template's text is no objects, or they are nested too deep or too many";
    Failure::new(error.kind().as_str(), message)
}

/// An object to be written.
enum Object {
    /// With its value in hex, which a template may have too.
    Text(Tag, Vec<u8>),
    Template(Tag, Vec<Object>),
}

impl Object {
    /// Bytes that it takes.
    fn len(&self) -> usize {
        match self {
            Self::Text(tag, value) => encoded_len(*tag, value.len()),
            Self::Template(tag, contents) => encoded_len(*tag, total(contents)),
        }
    }
}

/// Recursion is bounded by the depth that was read.
fn total(objects: &[Object]) -> usize {
    objects.iter().map(Object::len).fold(0, usize::saturating_add)
}

/// Reads `[[tag, value-or-objects], ...]`, templates nested at most `depth` deep, which is what `tlv.parse` reads back.
fn read_objects(values: &[Value], depth: usize) -> Result<Vec<Object>, Failure> {
    let read = |value: &Value| {
        let Some([tag, value]) = value.as_array().map(Vec::as_slice) else {
            return Err(wrong_type("an array of [tag, value] or [tag, objects]").of("objects"));
        };
        let tag = read_tag(Input::read(tag).map_err(|failure: Failure| failure.of("objects"))?)?;
        let Value::Array(contents) = value else {
            let value = Input::read(value).map_err(|failure: Failure| failure.of("objects"))?;
            return Ok(Object::Text(tag, value));
        };
        if !tag.is_constructed() {
            return Err(Failure::new("wrong_form", "`objects`: objects in a primitive object"));
        }
        let Some(depth) = depth.checked_sub(1) else {
            return Err(Failure::new("too_deep", "`objects`: templates are nested too deep"));
        };
        Ok(Object::Template(tag, read_objects(contents, depth)?))
    };
    values.iter().map(read).collect()
}

/// A tag in hex, as it stands in JSON.
pub(super) fn read_tag(text: &str) -> Result<Tag, Failure> {
    text.parse().map_err(|error: emv_tlv::Error| Failure::from(error).of("tag"))
}

fn write_objects(writer: &mut Writer<'_>, objects: &[Object]) -> Result<(), Failure> {
    objects.iter().try_for_each(|object| match object {
        Object::Text(tag, value) if tag.is_constructed() => writer.template(*tag, |writer| {
            level(value).try_for_each(|object| Ok(writer.object(&object.map_err(unsound)?)?))
        }),
        Object::Text(tag, value) => Ok(writer.primitive(*tag, value)?),
        Object::Template(tag, contents) => {
            writer.template(*tag, |writer| write_objects(writer, contents))
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ops::run;

    fn ask(op: &str, inputs: Value) -> Result<Value, String> {
        let inputs = inputs.as_object().unwrap().clone();
        run(op, inputs).map(Value::from).map_err(|failure| failure.to_json().to_string())
    }

    #[test]
    fn nested_objects_close_where_they_end() {
        let objects = json!([
            ["E1", [["E2", [["9C", "01"]]], ["E3", []], ["9A", ""]]],
            ["E4", [["E5", [["E6", []]]]]],
            ["9F02", "000000000001"],
        ]);
        let encoded = ask("tlv.encode", json!({"objects": objects})).unwrap();
        assert_eq!(encoded["hex"], "E109E2039C0101E3009A00E404E502E6009F0206000000000001");
        let parsed = ask("tlv.parse", json!({"hex": encoded["hex"]})).unwrap();
        assert_eq!(parsed["objects"], objects);
    }

    #[test]
    fn an_error_names_the_templates_around_it() {
        let error = ask("tlv.parse", json!({"hex": "6F04A5029C80"})).unwrap_err();
        let error: Value = serde_json::from_str(&error).unwrap();
        assert_eq!(error["kind"], "indefinite_length");
        assert_eq!((error["offset"].as_u64(), error["path"].as_str()), (Some(5), Some("6F/A5")));
    }

    #[test]
    fn what_is_written_can_be_read() {
        let nested =
            |depth: usize| (1..depth).fold(json!([["E0", []]]), |inner, _| json!([["E0", inner]]));
        let deepest = ask("tlv.encode", json!({"objects": nested(DEFAULT_DEPTH)})).unwrap();
        assert!(ask("tlv.parse", json!({"hex": deepest["hex"]})).is_ok());
        let error = ask("tlv.encode", json!({"objects": nested(DEFAULT_DEPTH + 1)})).unwrap_err();
        assert!(error.contains("too_deep"));
    }

    #[test]
    fn a_template_may_be_text() {
        for (objects, expected) in [
            (json!([["E0", ""]]), "E000"),
            (json!([["E0", "9C0101"]]), "E0039C0101"),
            (json!([["E0", [["E1", "9c8101019A00"], ["9A", ""]]]]), "E00AE1069C8101019A009A00"),
        ] {
            assert_eq!(ask("tlv.encode", json!({"objects": objects})).unwrap()["hex"], expected);
        }
        let nested = (1..DEFAULT_DEPTH).fold(json!("E000"), |inner, _| json!([["E0", inner]]));
        for (objects, kind) in [
            (json!([["E0", "9C"]]), "truncated_length"),
            (json!([["E0", "9C0201"], ["9C", "01"]]), "truncated_value"),
            (json!([["E0", "E1019C"]]), "truncated_length"),
            (json!([["E0", nested]]), "too_deep"),
            (json!([["E0", "9C00".repeat(65_535)]]), "too_many_objects"),
        ] {
            let error = ask("tlv.encode", json!({"objects": objects})).unwrap_err();
            assert!(error.contains(&format!("\"{kind}\"")), "{kind}: {error}");
            assert!(!error.contains("offset") && !error.contains("byte"), "{error}");
        }
        let most = json!([["E0", "9C00".repeat(65_534)]]);
        assert!(ask("tlv.encode", json!({"objects": most})).is_ok());
    }

    #[test]
    fn objects_of_another_shape_are_refused() {
        for (objects, kind) in [
            (json!("9C0101"), "wrong_type"),
            (json!(["9C", "01"]), "wrong_type"),
            (json!([["9C"]]), "wrong_type"),
            (json!([["9C", "01", "02"]]), "wrong_type"),
            (json!([["9C", 1]]), "wrong_type"),
            (json!([["9C", null]]), "wrong_type"),
            (json!([[9, "01"]]), "wrong_type"),
            (json!([["9C", "0"]]), "odd_length"),
            (json!([["9G", "00"]]), "invalid_text"),
            (json!([["9F", "00"]]), "truncated_tag"),
            (json!([["", "00"]]), "truncated_tag"),
            (json!([["00", "00"]]), "zero_tag"),
            (json!([["9C01", "00"]]), "trailing_bytes"),
            (json!([["9C", []]]), "wrong_form"),
        ] {
            let error = ask("tlv.encode", json!({"objects": objects})).unwrap_err();
            assert!(error.contains(&format!("\"{kind}\"")), "{objects}: {error}");
        }
    }
}
