//! Messages for serde: masked, and in the clear where that is asked for by name.

use alloc::vec::Vec;
use core::fmt;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::{Exposed, FieldRef, Message, MessageRef, Mti};

/// A message whose `Serialize` hides nothing; see [`MessageRef::exposed`].
#[derive(Clone)]
pub struct ExposedMessage<'m, 's, 'a>(&'m MessageRef<'s, 'a>);

impl<'s, 'a> MessageRef<'s, 'a> {
    /// The message in the clear, for `Serialize`.
    ///
    /// # Security
    /// Shows card numbers, tracks and PIN blocks. Keep it out of logs.
    #[must_use]
    pub const fn exposed(&self) -> ExposedMessage<'_, 's, 'a> {
        ExposedMessage(self)
    }
}

/// Shows no more than the message itself would.
impl fmt::Debug for ExposedMessage<'_, '_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

/// As `{"mti": "0200", "fields": {"2": "411111******1111", "48": {"42": ..}}}`, each value masked by its sensitivity. A
/// field that is made of parts is a map of them, repeated parts a list, bytes before a bitmap are `h`.
impl Serialize for MessageRef<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(serializer, self.mti(), self.iter(), false)
    }
}

/// As [`MessageRef`] does, masked.
impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(serializer, self.mti(), self.iter(), false)
    }
}

/// As [`MessageRef`] does, in the clear: text as it is, binary values in hexadecimal.
impl Serialize for ExposedMessage<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(serializer, self.0.mti(), self.0.iter(), true)
    }
}

/// The value, masked by its sensitivity.
impl Serialize for FieldRef<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown { field: *self, clear: false }.serialize(serializer)
    }
}

/// The value in the clear.
impl Serialize for Exposed<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Shown { field: self.0, clear: true }.serialize(serializer)
    }
}

fn serialize<'s, 'a, S: Serializer>(
    serializer: S,
    mti: Mti,
    fields: impl Iterator<Item = FieldRef<'s, 'a>>,
    clear: bool,
) -> Result<S::Ok, S::Error> {
    let fields = Elements(fields.map(|field| Shown { field, clear }).collect());
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("mti", &Text(mti))?;
    map.serialize_entry("fields", &fields)?;
    map.end()
}

/// What a `Display` writes.
struct Text<T>(T);

impl<T: fmt::Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Clone, Copy)]
struct Shown<'s, 'a> {
    field: FieldRef<'s, 'a>,
    clear: bool,
}

impl<'a> Shown<'_, 'a> {
    fn name(&self) -> (u16, Option<&'a [u8]>) {
        (self.field.number(), self.field.tag())
    }
}

impl Serialize for Shown<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { field, clear } = *self;
        if field.is_made_of_parts() {
            let parts = field.parts().map(|field| Self { field, clear }).collect();
            let header = if clear { field.header() } else { &[] };
            return Value { header, parts: Elements(parts) }.serialize(serializer);
        }
        if clear {
            serializer.collect_str(&field.exposed())
        } else {
            serializer.collect_str(&field)
        }
    }
}

/// A value that is made of parts.
struct Value<'s, 'a> {
    header: &'a [u8],
    parts: Elements<'s, 'a>,
}

impl Serialize for Value<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.header.is_empty() {
            map.serialize_entry("h", &Text(Hexadecimal(self.header)))?;
        }
        self.parts.entries(&mut map)?;
        map.end()
    }
}

struct Hexadecimal<'a>(&'a [u8]);

impl fmt::Display for Hexadecimal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

/// Data elements or parts in the order in which they stand, those of the same name together.
struct Elements<'s, 'a>(Vec<Shown<'s, 'a>>);

impl Elements<'_, '_> {
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        // Sorted by name and cut into groups, the groups then in the order of their first ones.
        let mut by_name: Vec<(usize, &Shown<'_, '_>)> = self.0.iter().enumerate().collect();
        by_name.sort_by(|(_, a), (_, b)| a.name().cmp(&b.name()));
        let mut groups: Vec<&[(usize, &Shown<'_, '_>)]> =
            by_name.chunk_by(|(_, a), (_, b)| a.name() == b.name()).collect();
        groups.sort_by_key(|group| group.first().map(|(position, _)| *position));
        for group in groups {
            match group {
                [(_, only)] => map.serialize_entry(&Text(only.field.label()), only)?,
                [(_, first), ..] => {
                    map.serialize_entry(&Text(first.field.label()), &Repeated(group))?;
                }
                [] => {}
            }
        }
        Ok(())
    }
}

impl Serialize for Elements<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entries(&mut map)?;
        map.end()
    }
}

struct Repeated<'r, 's, 'a>(&'r [(usize, &'r Shown<'s, 'a>)]);

impl Serialize for Repeated<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(_, element)| list.serialize_element(element))?;
        list.end()
    }
}

#[cfg(test)]
mod tests {
    extern crate alloc;
    use alloc::string::String;

    use super::*;
    use crate::dialect::iso87;
    use crate::{
        BitmapEncoding, Bitmaps, Class, Composite, Field, MtiEncoding, Prefix, Spec, Subfield,
        Tables, Tag,
    };

    static FIELDS: [Option<Field>; 129] = iso87::with(
        iso87::ASCII_FIELDS,
        48,
        Field::variable(Class::Ans, Prefix::ascii(3), 999).public().composed(0),
    );
    static PARTS: [Subfield; 2] = [
        Subfield::new(1, Field::up_to(Class::N, 9).public()),
        Subfield::new(2, Field::up_to(Class::N, 9).public()),
    ];
    static COMPOSITES: [Composite; 1] = [Composite::tagged(Tag::ascii(2), Prefix::ascii(1), 0..2)];
    static SPEC: Spec<'static> = Spec::with_tables(
        "t",
        MtiEncoding::Ascii,
        BitmapEncoding::Hex,
        Bitmaps::UpToTwo,
        Tables::of(&FIELDS).with_parts(&PARTS, &COMPOSITES),
    );
    /// An account number, tags 02, 01, 02 again and one that is not known, and a PIN block.
    const WIRE: &[u8] =
        b"02004000000000011000164111111111111111016021701180219XX1!0123456789ABCDEF";

    fn json<T: Serialize>(value: &T) -> String {
        serde_json::to_string(value).unwrap()
    }

    #[test]
    fn masked_unless_exposed() {
        let message = MessageRef::parse(&SPEC, WIRE).unwrap();
        assert_eq!(
            json(&message),
            r#"{"mti":"0200","fields":{"2":"411111******1111","48":{"02":["7","9"],"01":"8","XX":"[opaque, length 1]"},"52":"[pin, length 8]"}}"#
        );
        assert_eq!(json(&Message::from(&message)), json(&message));
        assert_eq!(
            json(&message.exposed()),
            r#"{"mti":"0200","fields":{"2":"4111111111111111","48":{"02":["7","9"],"01":"8","XX":"!"},"52":"0123456789ABCDEF"}}"#
        );
        let pan = message.get(2).unwrap();
        assert_eq!(json(&pan), r#""411111******1111""#);
        assert_eq!(json(&pan.exposed()), r#""4111111111111111""#);
        assert_eq!(alloc::format!("{:?}", message.exposed()), alloc::format!("{message:?}"));
    }
}
