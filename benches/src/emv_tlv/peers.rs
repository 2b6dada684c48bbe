//! The tree read by other people's crates, each in the way that its documentation shows.

use super::Sum;

pub fn emv(bytes: &[u8]) -> Vec<emv::Tlv> {
    emv::Tlv::parse_all(bytes).unwrap()
}

pub fn sum_of_emv(tree: &[emv::Tlv]) -> Sum {
    tree.iter().fold((0, 0), |(objects, bytes), object| {
        let children = object.value().as_constructed().map_or((0, 0), sum_of_emv);
        (objects + 1 + children.0, bytes + object.value_len() + children.1)
    })
}

pub fn iso7816_tlv(bytes: &[u8]) -> Vec<iso7816_tlv::ber::Tlv> {
    iso7816_tlv::ber::Tlv::parse_all(bytes)
}

pub fn sum_of_iso7816_tlv(tree: &[iso7816_tlv::ber::Tlv]) -> Sum {
    use iso7816_tlv::ber::Value;
    tree.iter().fold((0, 0), |(objects, bytes), object| {
        let children = match object.value() {
            Value::Constructed(children) => sum_of_iso7816_tlv(children),
            Value::Primitive(_) => (0, 0),
        };
        (objects + 1 + children.0, bytes + object.value().len_as_bytes() + children.1)
    })
}

/// It reads one object; how far to the next, its `len` says.
pub fn tlv_parser(mut bytes: &[u8]) -> Vec<tlv_parser::tlv::Tlv> {
    let mut objects = Vec::new();
    while !bytes.is_empty() {
        let object = tlv_parser::tlv::Tlv::from_vec(bytes).unwrap();
        bytes = &bytes[object.len()..];
        objects.push(object);
    }
    objects
}

pub fn sum_of_tlv_parser(tree: &[tlv_parser::tlv::Tlv]) -> Sum {
    use tlv_parser::tlv::{Tlv, Value};
    tree.iter().fold((0, 0), |(objects, bytes), object| {
        let (children, len) = match object.val() {
            Value::TlvList(children) => {
                (sum_of_tlv_parser(children), children.iter().map(Tlv::len).sum())
            }
            Value::Val(value) => ((0, 0), value.len()),
            Value::Nothing => ((0, 0), 0),
        };
        (objects + 1 + children.0, bytes + len + children.1)
    })
}

/// It yields a list, each object with the depth that it stands at.
pub fn emv_tlv_parser(bytes: &[u8]) -> Vec<emv_tlv_parser::Tag> {
    emv_tlv_parser::parse_tlv_vec(bytes).unwrap()
}

pub fn sum_of_emv_tlv_parser(list: &[emv_tlv_parser::Tag]) -> Sum {
    list.iter().fold((0, 0), |(objects, bytes), object| (objects + 1, bytes + object.length))
}
