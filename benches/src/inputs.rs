use std::sync::LazyLock;

use serde_json::Value;

/// `inputs.json`, read once.
pub(crate) static INPUTS: LazyLock<Inputs> = LazyLock::new(Inputs::read);

pub(crate) struct Inputs {
    /// The purchase with binary bitmap, 52 and 55.
    pub(crate) purchase: Vec<u8>,
    /// The same with all of these in hexadecimal.
    pub(crate) purchase_text: Vec<u8>,
    /// Its data elements in ascending order.
    pub(crate) fields: Vec<Field>,
    pub(crate) emv_tree: Vec<u8>,
}

pub(crate) struct Field {
    pub(crate) number: u8,
    /// As text; binary values in hexadecimal.
    pub(crate) text: String,
    /// The bytes of a binary value.
    pub(crate) bytes: Option<Vec<u8>>,
}

impl Field {
    /// The value as the binary form carries it.
    pub(crate) fn value(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.text.as_bytes())
    }
}

impl Inputs {
    fn read() -> Self {
        let json: Value = serde_json::from_str(include_str!("../inputs.json")).unwrap();
        let purchase = &json["iso8583_0200"];
        let mut fields: Vec<_> = purchase["fields"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(number, text)| {
                let number = number.parse().unwrap();
                let bytes = matches!(number, 52 | 55).then(|| unhex(text));
                Field { number, text: text.as_str().unwrap().into(), bytes }
            })
            .collect();
        fields.sort_by_key(|field| field.number);
        assert_eq!(fields.len(), 21);
        Self {
            purchase: unhex(&purchase["binary_hex"]),
            purchase_text: unhex(&purchase["text_hex"]),
            fields,
            emv_tree: unhex(&json["emv_tree"]["hex"]),
        }
    }
}

fn unhex(text: &Value) -> Vec<u8> {
    let text = text.as_str().unwrap();
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}
