//! Every file of `tests/vectors`, case by case.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

use emv_tlv::element::{
    AdditionalTerminalCapabilities, Afl, Aip, Auc, Bit, Cid, Ctq, CvmList, CvmResults, CvmRule,
    Element, Iad, TerminalCapabilities, Track2, Tsi, Ttq, Tvr,
};
use emv_tlv::{
    Dol, Error, Exposed, Padding, Tag, Walk, Writer, encoded_len, find, parse_with, walk,
};
use serde_json::{Value, json};

/// A file's cases, each with its id; that each file says where it is from is checked on the way.
fn cases(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    for field in ["source", "origin", "note"] {
        assert!(file[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
    }
    let cases = file["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn unhex(text: &str) -> Vec<u8> {
    assert!(text.len().is_multiple_of(2));
    let byte = |at| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(byte).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn bytes(case: &Value) -> Vec<u8> {
    unhex(case["hex"].as_str().unwrap())
}

/// The whole tree by the walk: templates are closed by depth alone.
fn tree(bytes: &[u8], padding: Padding) -> Result<Value, Error> {
    let mut open: Vec<(Option<Tag>, Vec<Value>)> = vec![(None, Vec::new())];
    let close = |open: &mut Vec<(Option<Tag>, Vec<Value>)>| {
        let (tag, objects) = open.pop().unwrap();
        open.last_mut().unwrap().1.push(json!([tag.unwrap().to_string(), objects]));
    };
    let mut walk = Walk::new(bytes).padding(padding);
    while let Some(object) = walk.next() {
        let object = object?;
        while open.len() > usize::from(object.depth()) + 1 {
            close(&mut open);
        }
        let path: Vec<_> = open.iter().filter_map(|(tag, _)| *tag).collect();
        assert_eq!(walk.path(), path);
        if object.is_constructed() {
            open.push((Some(object.tag()), Vec::new()));
        } else {
            let value = json!([object.tag().to_string(), hex(object.value())]);
            open.last_mut().unwrap().1.push(value);
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    Ok(Value::Array(open.pop().unwrap().1))
}

/// The same by levels, as a slow twin.
fn tree_by_levels(bytes: &[u8], padding: Padding) -> Result<Value, Error> {
    fn level(objects: emv_tlv::Tlvs<'_>) -> Result<Value, Error> {
        objects
            .map(|object| {
                let object = object?;
                Ok(if object.is_constructed() {
                    json!([object.tag().to_string(), level(object.children())?])
                } else {
                    json!([object.tag().to_string(), hex(object.value())])
                })
            })
            .collect()
    }
    level(parse_with(bytes, padding))
}

fn tree_len(objects: &Value) -> usize {
    let len = |object: &Value| {
        let tag: Tag = object[0].as_str().unwrap().parse().unwrap();
        let value = &object[1];
        encoded_len(tag, value.as_str().map_or_else(|| tree_len(value), |text| text.len() / 2))
    };
    objects.as_array().unwrap().iter().map(len).sum()
}

fn write(objects: &Value, writer: &mut Writer<'_>) -> Result<(), Error> {
    objects.as_array().unwrap().iter().try_for_each(|object| {
        let tag: Tag = object[0].as_str().unwrap().parse()?;
        match object[1].as_str() {
            Some(value) => writer.primitive(tag, &unhex(value)),
            None => writer.template(tag, |writer| write(&object[1], writer)),
        }
    })
}

fn encode(objects: &Value) -> Vec<u8> {
    let mut buffer = vec![0; tree_len(objects)];
    let mut writer = Writer::new(&mut buffer);
    write(objects, &mut writer).unwrap();
    assert_eq!(writer.len(), tree_len(objects));
    writer.finish().to_vec()
}

fn refused(error: Error, case: &Value) {
    let found = json!([error.kind().as_str(), error.offset()]);
    assert_eq!(found, json!([case["reason"], case["offset"]]), "{case}");
}

#[test]
fn tlv() {
    for file in [include_str!("vectors/tlv_book3.json"), include_str!("vectors/tlv_own.json")] {
        for case in cases(file) {
            let bytes = bytes(&case);
            for padding in [Padding::Strict, Padding::Lenient] {
                assert_eq!(tree(&bytes, padding), Ok(case["expect"].clone()), "{case}");
                assert_eq!(tree_by_levels(&bytes, padding), Ok(case["expect"].clone()), "{case}");
            }
            let encoded = encode(&case["expect"]);
            assert!(encoded.len() <= bytes.len());
            assert_eq!(tree(&encoded, Padding::Strict), Ok(case["expect"].clone()), "{case}");
        }
    }
}

#[test]
fn tlv_bad() {
    let files =
        [include_str!("vectors/tlv_bad_book3.json"), include_str!("vectors/tlv_bad_own.json")];
    for file in files {
        for case in cases(file) {
            refused(tree(&bytes(&case), Padding::Strict).unwrap_err(), &case);
        }
    }
}

#[test]
fn tlv_padding() {
    for case in cases(include_str!("vectors/tlv_padding_cards.json")) {
        let bytes = bytes(&case);
        let error = tree(&bytes, Padding::Strict).unwrap_err();
        let expect = &case["strict"];
        assert_eq!(json!(error.kind().as_str()), expect["error"], "{case}");
        assert_eq!(json!(error.offset()), expect["offset"], "{case}");
        assert_eq!(tree(&bytes, Padding::Lenient), Ok(case["lenient_ff"].clone()), "{case}");
    }
}

#[test]
fn session_tree() {
    for case in cases(include_str!("vectors/tree_session.json")) {
        let bytes = bytes(&case);
        let depths: Vec<_> = walk(&bytes).map(|object| object.unwrap().depth()).collect();
        assert_eq!(json!(depths.len()), case["objects"]);
        assert_eq!(json!(depths.iter().max()), case["depth"]);
        assert_eq!(encode(&tree(&bytes, Padding::Strict).unwrap()), bytes);
        let label = [0x6F, 0xA5, 0xBF0C, 0x61, 0x50].map(|raw| Tag::new(raw).unwrap());
        assert_eq!(find(&bytes, &label).unwrap().unwrap().value(), b"VISA");
        let shown: Vec<_> = walk(&bytes).map(|object| object.unwrap().to_string()).collect();
        assert!(shown.contains(&"5A 476173******0010".into()));
        assert!(!shown.iter().any(|line| line.contains("4761739001010010")));
    }
}

#[test]
fn dol() {
    for case in cases(include_str!("vectors/dol_book3.json")) {
        let bytes = bytes(&case);
        let list = Dol::parse(&bytes).unwrap();
        let entries: Vec<_> =
            list.entries().map(|(tag, length)| json!([tag.to_string(), length])).collect();
        assert_eq!(json!(entries), case["expect"], "{case}");
        assert_eq!(json!(list.data_len()), case["total"], "{case}");
    }
}

#[test]
fn dol_bad() {
    for case in cases(include_str!("vectors/dol_bad_book3.json")) {
        refused(Dol::parse(&bytes(&case)).unwrap_err(), &case);
    }
}

#[test]
fn dol_fill() {
    for case in cases(include_str!("vectors/dol_fill_book3.json")) {
        let list = unhex(case["dol"].as_str().unwrap());
        let values: Vec<(Tag, Vec<u8>)> = case["values"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(tag, value)| (tag.parse().unwrap(), unhex(value.as_str().unwrap())))
            .collect();
        let mut buffer = [0x55; 256];
        let data = Dol::parse(&list).unwrap().fill(&mut buffer, |wanted| {
            values.iter().find(|(tag, _)| *tag == wanted).map(|(_, value)| value.as_slice())
        });
        assert_eq!(json!(hex(data.unwrap())), case["expect"], "{case}");
    }
}

/// The parts of issuer application data, as programs exchange them.
fn iad_parts(iad: &Iad<'_>) -> Value {
    let mut parts = match iad {
        Iad::Visa(iad) => json!({
            "format": iad.format(),
            "dki": hex(&[iad.key_index()]),
            "cvn": iad.cryptogram_version(),
        }),
        Iad::MChip(iad) => json!({
            "kdi": hex(&[iad.key_index()]),
            "cvn": hex(&[iad.cryptogram_version()]),
            "dac_idn": hex(iad.dac_idn()),
            "counters": hex(iad.counters()),
        }),
        Iad::Ccd(iad) => json!({
            "dki": hex(&[iad.key_index()]),
            "cci": hex(&[iad.common_core_identifier()]),
            "counters": hex(iad.counters()),
        }),
        _ => json!({
            "dki": hex(&[iad.key_index().unwrap()]),
            "cvn": hex(&[iad.cryptogram_version().unwrap()]),
        }),
    };
    parts["scheme"] = json!(iad.scheme().unwrap().as_str());
    parts["cvr"] = json!(hex(iad.cvr().unwrap().as_bytes()));
    if let Some(data) = iad.discretionary() {
        parts["idd"] = json!(hex(data));
    }
    match iad {
        Iad::MChip(iad) => iad.extra_counters().into_iter().for_each(|extra| {
            parts["extra"] = json!(hex(extra));
        }),
        Iad::UnionPay(iad) => parts["algorithm"] = json!(hex(&[iad.algorithm()])),
        _ => {}
    }
    parts
}

#[test]
fn iad() {
    for file in [
        include_str!("vectors/iad_emv_bertlv.json"),
        include_str!("vectors/iad_public_cards.json"),
        include_str!("vectors/iad_pyemv.json"),
    ] {
        for case in cases(file) {
            let bytes = bytes(&case);
            let iad = Iad::from_value(&bytes).unwrap();
            assert_eq!(iad_parts(&iad), case["expect"], "{case}");
            assert_eq!(iad.as_bytes(), bytes);
            if let Some(aid) = case["aid"].as_str() {
                assert_eq!(Iad::from_value_for(&unhex(aid), &bytes), Ok(iad), "{case}");
            }
        }
    }
}

/// Each bit that is 1 in a value, with the constants that an element has at its place.
macro_rules! constants {
    ($element:ident, $value:expr) => {{
        let element = $element::from_value($value).unwrap();
        assert_eq!(element.to_bytes(), *$value);
        let at = |place: Bit| {
            let here = $element::FLAGS.iter().filter(move |(_, flag)| flag.bits().eq([place]));
            here.map(|(name, _)| *name).collect::<String>()
        };
        let names = $element::FLAGS.iter().filter(|(_, flag)| element.contains(*flag)).count();
        let set = element.bits().map(|place| json!([place.byte, place.bit, at(place)]));
        (Value::Array(set.collect()), names)
    }};
}

#[test]
fn bits() {
    for file in [
        include_str!("vectors/bits_book3.json"),
        include_str!("vectors/bits_book4.json"),
        include_str!("vectors/bits_contactless.json"),
    ] {
        for case in cases(file) {
            let value = &*bytes(&case);
            let (set, names) = match case["tag"].as_str().unwrap() {
                "82" => constants!(Aip, value),
                "95" => constants!(Tvr, value),
                "9B" => constants!(Tsi, value),
                "9F07" => constants!(Auc, value),
                "9F33" => constants!(TerminalCapabilities, value),
                "9F40" => constants!(AdditionalTerminalCapabilities, value),
                "9F66" => constants!(Ttq, value),
                "9F6C" => constants!(Ctq, value),
                tag => panic!("{tag}"),
            };
            assert_eq!(set, case["set"], "{case}");
            assert_eq!(names, case["set"].as_array().unwrap().len(), "{case}");
        }
    }
}

#[test]
fn afl() {
    for case in cases(include_str!("vectors/afl_book3.json")) {
        let bytes = bytes(&case);
        let locator = Afl::from_value(&bytes).unwrap();
        let entries: Vec<_> = locator.entries().collect();
        let read = entries
            .iter()
            .map(|entry| json!([entry.sfi, entry.first, entry.last, entry.offline_auth_count]));
        assert_eq!(Value::Array(read.collect()), case["expect"], "{case}");
        let again = Afl::encode_into(&entries, &mut [0; 252]).unwrap().as_bytes().to_vec();
        assert_eq!(again, bytes, "{case}");
    }
}

#[test]
fn afl_bad() {
    for case in cases(include_str!("vectors/afl_bad_book3.json")) {
        refused(Afl::from_value(&bytes(&case)).unwrap_err(), &case);
    }
}

fn rule(rule: CvmRule) -> [Value; 3] {
    [json!(rule.method().as_str()), json!(rule.next_if_fails()), json!(rule.condition().as_str())]
}

#[test]
fn cvm_list() {
    for case in cases(include_str!("vectors/cvm_list_book3.json")) {
        let bytes = bytes(&case);
        let list = CvmList::from_value(&bytes).unwrap();
        let rules: Vec<_> = list.rules().map(rule).collect();
        let read = json!({"x": list.x(), "y": list.y(), "rules": rules});
        assert_eq!(read, case["expect"], "{case}");
        let rules: Vec<_> = list.rules().collect();
        let mut buffer = [0; 252];
        let again = CvmList::encode_into(list.x(), list.y(), &rules, &mut buffer);
        assert_eq!(again.unwrap().as_bytes(), bytes, "{case}");
    }
    for case in cases(include_str!("vectors/cvm_list_bad_book3.json")) {
        refused(CvmList::from_value(&bytes(&case)).unwrap_err(), &case);
    }
}

#[test]
fn cvm_results() {
    for case in cases(include_str!("vectors/cvm_results_book4.json")) {
        let results = CvmResults::from_value(&bytes(&case)).unwrap();
        let [method, next, condition] = rule(results.rule());
        let read = json!([method, next, condition, results.result().as_str()]);
        assert_eq!(read, case["expect"], "{case}");
        assert_eq!(CvmResults::new(results.rule(), results.result()).to_bytes()[..], bytes(&case));
    }
}

#[test]
fn cid() {
    for case in cases(include_str!("vectors/cid_book3.json")) {
        let cid = Cid::from_value(&bytes(&case)).unwrap();
        let read = json!({
            "ac": cid.cryptogram().as_str(),
            "reason": cid.reason().as_str(),
            "advice": cid.advice_required(),
        });
        assert_eq!(read, case["expect"], "{case}");
        let again = Cid::new(cid.cryptogram(), cid.advice_required(), cid.reason());
        assert_eq!(again, cid, "{case}");
    }
}

#[test]
fn track2() {
    for case in cases(include_str!("vectors/track2_cards.json")) {
        let bytes = bytes(&case);
        let track = Track2::from_value(&bytes).unwrap();
        let service: String = track.service_code().digits().map(|digit| digit.to_string()).concat();
        let read = json!({
            "pan": Exposed(&track.pan()).to_string(),
            "exp_yymm": Exposed(&track.expiry()).to_string(),
            "service": service,
            "disc": Exposed(&track.discretionary()).to_string(),
        });
        assert_eq!(read, case["expect"], "{case}");
        let text = Exposed(&track).to_string();
        assert_eq!(Track2::from_text(&text, &mut [0; 19]), Ok(track), "{case}");
    }
}
