//! `paytool batch` as a program: the rules for every operation, and published vectors through each of them.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

#[path = "asking/batch.rs"]
mod asking;
#[path = "asking/fault.rs"]
mod fault;
#[path = "asking/vectors.rs"]
mod vectors;

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use asking::{answers, ask};
use fault::kind;
use serde_json::{Value, json};
use vectors::cases;

const PUBLISHED: &str = include_str!("vectors/batch_published.json");
const REFUSED: &str = include_str!("vectors/batch_refused.json");

fn requests(cases: &[Value]) -> Vec<Vec<u8>> {
    cases.iter().map(|case| case["request"].to_string().into_bytes()).collect()
}

/// Whether an answer holds what is expected; it may hold more in objects.
fn holds(answer: &Value, expected: &Value) -> bool {
    match (answer, expected) {
        (Value::Object(answer), Value::Object(expected)) => expected
            .iter()
            .all(|(name, value)| answer.get(name).is_some_and(|answer| holds(answer, value))),
        _ => answer == expected,
    }
}

#[test]
fn every_operation_gives_the_published_answers() {
    let cases = cases(PUBLISHED);
    let answers = answers(&requests(&cases));
    assert_eq!(answers.len(), cases.len());
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["ok"], true, "{case}: {answer}");
        assert!(holds(answer, &case["answer"]), "{case}: {answer}");
    }
    let readme = include_str!("../README.md");
    let table = readme.split("| op | inputs | outputs |").nth(1).unwrap();
    for row in table.lines().skip(2).take_while(|line| line.starts_with('|')) {
        let op = row.split('`').nth(1).unwrap();
        assert!(cases.iter().any(|case| case["request"]["op"] == op), "{op} has no case");
    }
}

#[test]
fn what_has_to_be_refused_is_refused() {
    let cases = cases(REFUSED);
    let answers = answers(&requests(&cases));
    for (case, answer) in cases.iter().zip(&answers) {
        assert_eq!(answer["ok"], false, "{case}: {answer}");
        assert_eq!(answer["error"]["kind"], case["kind"], "{case}: {answer}");
        if !case["offset"].is_null() {
            assert_eq!(answer["error"]["offset"], case["offset"], "{case}: {answer}");
        }
    }
}

#[test]
fn an_operation_that_does_not_exist() {
    for op in ["", "tlv", "TLV.PARSE", "tlv.parse ", "keyblock.open", "dukpt.sequence"] {
        assert_eq!(kind(&json!({"op": op, "anything": 1})), "unknown_op");
    }
}

#[test]
fn the_id_is_echoed_whatever_it_is() {
    for id in [
        json!(1),
        json!(-2.5),
        json!("a\nb"),
        json!([1, {"x": null}]),
        json!({}),
        json!(true),
        json!(null),
    ] {
        assert_eq!(ask(&json!({"op": "dol.parse", "hex": "", "id": id}))["id"], id);
        assert_eq!(ask(&json!({"op": "?", "id": id}))["id"], id);
    }
    let answer = ask(&json!({"op": "dol.parse", "hex": ""}));
    assert!(answer.as_object().unwrap().contains_key("id") && answer["id"].is_null());
}

#[test]
fn null_is_absent_and_empty_is_a_value() {
    let answer = ask(&json!({"op": "tlv.parse", "hex": "9C0101", "padding": null, "other": null}));
    assert_eq!(answer["objects"], json!([["9C", "01"]]));
    assert_eq!(kind(&json!({"op": "tlv.parse", "hex": null})), "missing_input");
    assert_eq!(kind(&json!({"op": "tlv.parse"})), "missing_input");
    assert_eq!(ask(&json!({"op": "tlv.parse", "hex": ""}))["objects"], json!([]));
    assert_eq!(kind(&json!({"op": "tlv.parse", "hex": "", "padding": ""})), "invalid_value");
    let pin = json!({"op": "pin.encode", "format": "iso0", "pin": "", "pan": "4111111111111111"});
    assert_eq!(kind(&pin), "pin_length");
    let pan = json!({"op": "pin.encode", "format": "iso2", "pin": "1234", "pan": ""});
    assert_eq!(kind(&pan), "pan_length");
}

#[test]
fn hex_in_either_case_and_never_odd() {
    let answer = ask(&json!({"op": "tlv.parse", "hex": "9f0201aB"}));
    assert_eq!(answer["objects"], json!([["9F02", "AB"]]));
    assert_eq!(kind(&json!({"op": "tlv.parse", "hex": "9C010"})), "odd_length");
    let answer = ask(&json!({"op": "tlv.parse", "hex": "9C 0101"}));
    assert_eq!(answer["error"]["kind"], "invalid_hex");
    assert_eq!(answer["error"]["offset"], 2);
}

#[test]
fn unknown_inputs_and_wrong_types() {
    for (request, expected) in [
        (json!({"op": "tlv.parse", "hex": "", "lenient": true}), "unknown_input"),
        (json!({"op": "pin.pvv", "fill": "1"}), "unknown_input"),
        (json!({"op": 1}), "wrong_type"),
        (json!({"hex": ""}), "missing_input"),
        (json!({"op": "tlv.parse", "hex": 90}), "wrong_type"),
        (json!({"op": "tlv.parse", "hex": ["90"]}), "wrong_type"),
        (json!({"op": "tlv.parse", "hex": "", "padding": true}), "wrong_type"),
        (json!({"op": "dol.fill", "dol": "9C01", "values": [["9C", "01"]]}), "wrong_type"),
        (
            json!({"op": "pin.decode", "format": "iso0", "block": "041274EDCBA9876F", "pan": 4012345678909_u64}),
            "wrong_type",
        ),
        (json!({"op": "dukpt.tdes.keys", "ik": "00", "ksn": "00", "lax": "true"}), "ksn_length"),
        (
            json!({"op": "dukpt.tdes.keys", "ik": "6AC292FAA1315B4D858AB3A3D7D5933A", "ksn": "FFFF9876543210E00001", "lax": "true"}),
            "wrong_type",
        ),
        (
            json!({"op": "mac.cmac", "cipher": "AES", "key": "2B7E151628AED2A6ABF7158809CF4F3C", "data": "", "length": "4"}),
            "wrong_type",
        ),
        (
            json!({"op": "mac.cmac", "cipher": "AES", "key": "2B7E151628AED2A6ABF7158809CF4F3C", "data": "", "length": 4.0}),
            "wrong_type",
        ),
        (
            json!({"op": "mac.cmac", "cipher": "AES", "key": "2B7E151628AED2A6ABF7158809CF4F3C", "data": "", "length": 3}),
            "mac_length",
        ),
    ] {
        assert_eq!(kind(&request), expected, "{request}");
    }
}

#[test]
fn both_base_keys_or_none() {
    let bdk = "0123456789ABCDEFFEDCBA9876543210";
    for (op, ksn, more) in [
        ("dukpt.tdes.keys", "FFFF9876543210E00001", json!(null)),
        ("dukpt.aes.keys", "123456789012345600000001", json!("AES128")),
    ] {
        let both = json!({"op": op, "bdk": bdk, "ik": bdk, "ksn": ksn, "key_type": more});
        assert_eq!(kind(&both), "invalid_value");
        let none = json!({"op": op, "ksn": ksn, "key_type": more});
        assert_eq!(kind(&none), "missing_input");
        let short = json!({"op": op, "bdk": "0123456789ABCDEF", "ksn": ksn, "key_type": more});
        assert_eq!(kind(&short), "key_length");
    }
}

#[test]
fn a_key_type_has_its_usages_and_no_other() {
    let bdk = "FEDCBA9876543210F1F1F1F1F1F1F1F1".repeat(2);
    let tdes =
        ["KEK", "PIN", "MAC_GEN", "MAC_VER", "MAC_BOTH", "DATA_ENC", "DATA_DEC", "DATA_BOTH"];
    let aes = [&tdes[..], &["KEYDER"]].concat();
    let hmac = ["KEK", "MAC_GEN", "MAC_VER", "MAC_BOTH"];
    for (key_type, bytes, usages) in [
        ("TDES2", 16, &tdes[..]),
        ("TDES3", 24, &tdes),
        ("AES128", 16, &aes),
        ("AES192", 24, &aes),
        ("AES256", 32, &aes),
        ("HMAC128", 16, &hmac),
        ("HMAC192", 24, &hmac),
        ("HMAC256", 32, &hmac),
    ] {
        let request = json!({"op": "dukpt.aes.keys", "bdk": bdk, "ksn": "123456789012345600000001", "key_type": key_type});
        let answer = ask(&request);
        let keys = answer["keys"].as_object().unwrap();
        let (mut found, mut usages): (Vec<&str>, Vec<&str>) =
            (keys.keys().map(String::as_str).collect(), usages.to_vec());
        found.sort_unstable();
        usages.sort_unstable();
        assert_eq!(found, usages, "{key_type}");
        assert!(keys.values().all(|key| key.as_str().unwrap().len() == 2 * bytes), "{answer}");
    }
    for key_type in ["", "TDES", "AES", "aes128", "AES128 ", "HMAC512"] {
        let request = json!({"op": "dukpt.aes.keys", "bdk": bdk, "ksn": "123456789012345600000001", "key_type": key_type});
        assert_eq!(kind(&request), "unknown_key_type", "{key_type}");
    }
}

#[test]
fn a_sequence_may_have_no_key_and_no_more_than_there_are() {
    let nothing = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855";
    for (op, initial, start, too_many) in [
        ("dukpt.tdes.sequence", "FFFF9876543210E00000", "FFFF9876543210E00000", 1_048_576_u64),
        ("dukpt.aes.sequence", "1234567890123456", "123456789012345600000000", 2_448_023_843),
    ] {
        let of = |count: Value| json!({"op": op, "bdk": "0123456789ABCDEFFEDCBA9876543210", "initial": initial, "count": count});
        let none = ask(&of(json!(0)));
        assert_eq!((&none["sha256"], &none["last_ksn"]), (&json!(nothing), &json!(start)));
        let one = ask(&of(json!(1)))["last_ksn"].as_str().unwrap().to_owned();
        assert_eq!(one, format!("{}1", &start[..start.len() - 1]));
        for (count, expected) in [
            (json!(null), "missing_input"),
            (json!(-1), "wrong_type"),
            (json!(1.5), "wrong_type"),
            (json!("1"), "wrong_type"),
            (json!(too_many), "counter_exhausted"),
            (json!(u64::MAX), "counter_exhausted"),
        ] {
            assert_eq!(kind(&of(count.clone())), expected, "{op} {count}");
        }
    }
}

#[test]
fn counters_that_no_terminal_may_use_are_taken_when_asked_for() {
    let bdk = "0123456789ABCDEFFEDCBA9876543210";
    for (op, id, key_type, counters) in [
        (
            "dukpt.tdes.keys",
            "FFFF9876543210",
            json!(null),
            [
                ("E00000", "counter_zero"),
                ("E007FF", "too_many_one_bits"),
                ("FFFFFF", "too_many_one_bits"),
            ],
        ),
        (
            "dukpt.aes.keys",
            "1234567890123456",
            json!("AES128"),
            [
                ("00000000", "counter_zero"),
                ("0001FFFF", "too_many_one_bits"),
                ("FFFFFFFF", "too_many_one_bits"),
            ],
        ),
    ] {
        for (counter, expected) in counters {
            let with = |lax: Value| json!({"op": op, "bdk": bdk, "ksn": format!("{id}{counter}"), "key_type": key_type, "lax": lax});
            assert_eq!(kind(&with(json!(null))), expected);
            assert_eq!(kind(&with(json!(false))), expected);
            assert_eq!(ask(&with(json!(true)))["ok"], true, "{op} {counter}");
        }
    }
}

#[test]
fn a_code_is_verified_whole_or_as_long_as_is_said() {
    let base = json!({"op": "mac.verify", "kind": "iso9797", "algorithm": 1, "cipher": "DES", "padding": 1,
        "key": "0123456789ABCDEF", "data": ""});
    for (mac, length, expected) in [
        ("D5D44FF720683D0D", json!(null), None),
        ("d5d44ff7", json!(4), None),
        ("D5D44FF720683D0D", json!(4), Some("mac_mismatch")),
        ("D5D44FF7", json!(null), Some("mac_mismatch")),
        ("", json!(null), Some("mac_mismatch")),
        ("D5D44F", json!(3), Some("mac_length")),
        ("D5D44FF720683D0D00", json!(9), Some("mac_length")),
        ("D5D44FF720683D0", json!(8), Some("odd_length")),
    ] {
        let mut request = base.clone();
        request["mac"] = json!(mac);
        request["length"] = length;
        match expected {
            Some(expected) => assert_eq!(kind(&request), expected, "{request}"),
            None => assert_eq!(ask(&request)["valid"], true, "{request}"),
        }
    }
}

#[test]
fn every_line_is_answered_in_order() {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for id in 0..200 {
        lines.push(json!({"id": id, "op": "dol.parse", "hex": "9F0206"}).to_string().into_bytes());
        lines.push([&b""[..], b" \t", b"{", b"\xFF\xFE", b"[]", b"{}", b"\0"][id % 7].to_vec());
    }
    let answers = answers(&lines);
    assert_eq!(answers.len(), lines.len());
    for (id, pair) in answers.chunks(2).enumerate() {
        assert_eq!((&pair[0]["id"], &pair[0]["ok"]), (&json!(id), &json!(true)));
        assert_eq!((&pair[1]["id"], &pair[1]["ok"]), (&json!(null), &json!(false)));
    }
}

#[test]
fn a_program_that_waits_for_each_answer_gets_it() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_paytool"))
        .arg("batch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    for id in 0..3 {
        writeln!(stdin, "{{\"op\":\"dol.parse\",\"hex\":\"\",\"id\":{id}}}").unwrap();
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&line).unwrap()["id"], id);
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
}

#[test]
fn requests_come_from_a_file_too() {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("requests.jsonl");
    fs::write(&path, "{\"op\":\"dol.parse\",\"hex\":\"\"}\r\n{\"op\":\"?\"}").unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_paytool")).arg("batch").arg(&path).output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 2);
}

/// Numbers that look random and are the same in every run (xorshift64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// A request with inputs taken out, exchanged with others', cut, or of another type.
fn changed(request: &Value, others: &[Value], numbers: &mut Numbers) -> Value {
    let mut request = request.as_object().unwrap().clone();
    let names: Vec<String> = request.keys().cloned().collect();
    for _ in 0..=numbers.below(2) {
        let name = numbers.pick(&names).clone();
        let other = numbers.pick(others).as_object().unwrap().clone();
        let value = match numbers.below(8) {
            0 => {
                request.remove(&name);
                continue;
            }
            1 => other.get(&name).cloned().unwrap_or(json!(null)),
            2 => other.values().nth(numbers.below(other.len())).unwrap().clone(),
            3 => [json!(0), json!(1), json!(-1), json!(1e300), json!(u64::MAX)][numbers.below(5)]
                .clone(),
            4 => [json!(true), json!([]), json!({}), json!(""), json!("\u{0}é")][numbers.below(5)]
                .clone(),
            _ => match request.get(&name).and_then(Value::as_str) {
                Some(text) => {
                    let kept = numbers.below(text.len() + 1);
                    let mut text: String = text.chars().take(kept).collect();
                    if numbers.below(2) == 0 {
                        text.push_str(["0", "F", "00", "FFFFFFFF", "8"][numbers.below(5)]);
                    }
                    json!(text)
                }
                None => json!([[name, "00"]]),
            },
        };
        request.insert(name, value);
    }
    request.into()
}

#[test]
fn no_line_stops_the_run_and_no_message_holds_input() {
    let mut numbers = Numbers(0x5A08_4111_1111_1111);
    let sound: Vec<Value> = cases(PUBLISHED).iter().map(|case| case["request"].clone()).collect();
    let mut lines = Vec::new();
    for _ in 0..4_000 {
        lines.push(changed(numbers.pick(&sound), &sound, &mut numbers).to_string().into_bytes());
    }
    for _ in 0..4_000 {
        let mut line = numbers.pick(&sound).to_string().into_bytes();
        for _ in 0..=numbers.below(4) {
            let at = numbers.below(line.len());
            match numbers.below(4) {
                0 if line.len() > 1 => drop(line.remove(at)),
                1 => line.truncate(at + 1),
                _ => line[at] = u8::try_from(numbers.below(256)).unwrap(),
            }
        }
        line.iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
        lines.push(line);
    }
    let answers = answers(&lines);
    assert_eq!(answers.len(), lines.len());
    let (mut good, mut bad) = (0, 0);
    for (line, answer) in lines.iter().zip(&answers) {
        if answer["ok"] == true {
            good += 1;
            continue;
        }
        bad += 1;
        assert_eq!(answer["ok"], false);
        let error = answer["error"].as_object().unwrap();
        let kind = error["kind"].as_str().unwrap();
        assert!(kind.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{kind}");
        let message = error["message"].as_str().unwrap();
        assert!(!message.is_empty() && !message.contains('\n'));
        assert!(
            error.keys().all(|name| ["kind", "message", "offset", "path"].contains(&name.as_str()))
        );
        if let Some(offset) = error.get("offset") {
            let said = |word| message.contains(&format!("{word} {offset}"));
            assert!(offset.is_u64() && (said("byte") || said("offset")), "{answer}");
        }
        let text = String::from_utf8_lossy(line);
        let inputs = text.split(|c: char| !c.is_ascii_hexdigit()).filter(|part| part.len() >= 6);
        for input in inputs.filter(|part| part.bytes().any(|byte| byte.is_ascii_digit())) {
            assert!(!message.contains(&input[..6]), "{answer}");
        }
    }
    // Both kinds of answer were seen often: the changes are neither too gentle nor too rough.
    assert!(good > 100 && bad > 4_000, "{good} {bad}");
}
