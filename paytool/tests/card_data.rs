//! EMV data on the command line: `paytool tlv`, `emv`, `dol` and `apdu`, what they print and how they fail.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

#[path = "asking/command.rs"]
mod asking;

use asking::{PAN, parsed, printed, run, run_with};
use serde_json::{Value, json};

#[test]
fn tlv_masks_unless_told_otherwise() {
    let hex = format!("7014 5A08{PAN} 5F2002202F DF01020102 00");
    let tree = printed(&["tlv", &hex]);
    assert_eq!(
        tree,
        "70 READ RECORD Response Message Template (20 bytes)\n  \
         5A Application Primary Account Number (PAN): 411111******1111\n  \
         5F20 Cardholder Name (2 bytes)\n  \
         DF01: 0102\n"
    );
    assert!(printed(&["tlv", "--clear", &hex]).contains(&format!("(PAN): {PAN}\n")));
    assert!(!printed(&["tlv", "--json", &hex]).contains(PAN));
    let clear = parsed(&["tlv", "--json", "--clear", &hex]);
    assert_eq!(clear["objects"][0][1][0], json!(["5A", PAN]));
    let (out, err, status) = run_with(b"9C 01\n01\n", &["tlv"]);
    assert_eq!((out.as_str(), err.as_str(), status), ("9C Transaction Type: 01\n", "", 0));
    let padded = "9C0101FFFF9A00";
    assert_eq!(run(&["tlv", padded]).2, 1);
    assert_eq!(printed(&["tlv", "--lenient", padded]).lines().count(), 2);
}

#[test]
fn tlv_shows_what_is_sound_before_a_fault() {
    let (out, err, status) = run(&["tlv", "9C0101 5A0841"]);
    assert_eq!(out, "9C Transaction Type: 01\n");
    assert_eq!(err, "paytool: truncated_value: value is cut short at byte 5\n");
    assert_eq!(status, 1);
}

#[test]
fn tlv_writes_what_it_shows() {
    let arguments = ["tlv", "encode", "6F/84=A0000000041010", "6F/A5/50=4D 43", "9A=261126", "6F="];
    let hex = printed(&arguments);
    assert_eq!(hex, "6F0F8407A0000000041010A50450024D439A032611266F00\n");
    let tree = printed(&["tlv", "--json", "--clear", hex.trim()]);
    let (out, err, status) = run_with(tree.as_bytes(), &["tlv", "encode", "-"]);
    assert_eq!((out, err.as_str(), status), (hex, "", 0));
    for (arguments, expect) in [
        (&["tlv", "encode", "9A"][..], "invalid_value: an object is PATH=HEX, such as 9F36=001C"),
        (&["tlv", "encode", "9A/9C=00"], "wrong_form: `objects`: objects in a primitive object"),
        (&["tlv", "encode", "9G=00"], "invalid_text: text is no tag at byte 0"),
    ] {
        let (out, err, status) = run(arguments);
        assert_eq!((out.as_str(), err, status), ("", format!("paytool: {expect}\n"), 1));
    }
}

#[test]
fn tlv_finds_by_path() {
    let hex = format!("6F0A A503500131 A503500132 70 0A 5A08{PAN}");
    for (arguments, expect) in [
        (&["tlv", "find", "6F/A5/50", &hex][..], "31\n"),
        (&["tlv", "find", "--all", "6f/a5/50", &hex], "31\n32\n"),
        (&["tlv", "find", "6F/A5", &hex], "50 Application Label: 31 \"1\"\n"),
        (&["tlv", "find", "70/5A", &hex], "411111******1111\n"),
        (&["tlv", "find", "--clear", "70/5A", &hex], "4111111111111111\n"),
    ] {
        assert_eq!(printed(arguments), expect, "{arguments:?}");
    }
    let (out, err, status) = run(&["tlv", "find", "6F/50", &hex]);
    let expect = "paytool: not_found: no object stands where the path leads\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", expect, 1));
}

#[test]
fn tlv_tells_two_trees_apart() {
    let one = format!("6F08 6102 5000 6102 4F00 9A03261126 5A08{PAN}");
    let other = "9A820003261126 6F0B 61025000 61054F03414243 5A084111112222221111";
    let (out, err, status) = run(&["tlv", "diff", &one, other]);
    assert_eq!((err.as_str(), status), ("", 1));
    assert_eq!(
        out,
        "- 6F/61[2]/4F Application Dedicated File (ADF) Name (0 bytes)\n\
         + 6F/61[2]/4F Application Dedicated File (ADF) Name: 414243\n\
         - 5A Application Primary Account Number (PAN): 411111******1111\n\
         + 5A Application Primary Account Number (PAN): 411111******1111 (differs where it is masked)\n"
    );
    assert_eq!(printed(&["tlv", "diff", "9A00 6F029C00", "6F81029C00 9A00"]), "");
    let (out, err, status) = run(&["tlv", "diff", "9A00", "9A01"]);
    let expect = "paytool: truncated_value: `other`: value is cut short at byte 2\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", expect, 1));
}

#[test]
fn a_template_that_is_none_is_taken_for_primitive() {
    let hex = "7007 E102FFFF 9C0101";
    let (_, err, status) = run(&["tlv", hex]);
    assert_eq!((err.contains("truncated_tag"), status), (true, 1), "{err}");
    let told = ["--primitive", "E1"];
    let tree = printed(&[&["tlv", hex, "--clear"], &told[..]].concat());
    assert!(tree.ends_with("  E1: FFFF\n  9C Transaction Type: 01\n"), "{tree}");
    assert_eq!(printed(&[&["tlv", "find", "70/E1", hex, "--clear"], &told[..]].concat()), "FFFF\n");
    let other = "7007 E102FFFE 9C0101";
    let (out, _, status) = run(&[&["tlv", "diff", hex, other, "--clear"], &told[..]].concat());
    assert_eq!((out.as_str(), status), ("- 70/E1: FFFF\n+ 70/E1: FFFE\n", 1));
    let json = parsed(&[&["tlv", hex, "--clear", "--json"], &told[..]].concat());
    assert_eq!(json["objects"], json!([["70", [["E1", "FFFF"], ["9C", "01"]]]]));
}

#[test]
fn colours_are_for_people() {
    assert_eq!(printed(&["tlv", "9A00"]), printed(&["tlv", "--color", "never", "9A00"]));
    assert!(printed(&["tlv", "--color", "always", "9A00"]).contains("\u{1b}["));
}

#[test]
fn emv_decode_explains_and_masks() {
    let track = format!("{PAN}D25122010000000000");
    assert_eq!(
        printed(&["emv", "decode", "9F27", "C0"]),
        "9F27 Cryptogram Information Data: C0\n  reserved 03\n  no advice required\n  \
         no information given\n"
    );
    let masked = printed(&["emv", "decode", "57", &track]);
    assert!(masked.contains("411111******1111") && !masked.contains("2512"), "{masked}");
    assert!(printed(&["emv", "decode", "57", "--clear", &track]).contains(PAN));
    let json = parsed(&["emv", "decode", "--json", "57", &track]);
    assert_eq!(
        json,
        json!({"tag": "57", "name": "Track 2 Equivalent Data", "value": "(17 bytes)",
        "text": ["411111******1111"]})
    );
    let visa = printed(&["emv", "decode", "9F6E", "20700000"]);
    let amex = printed(&["emv", "decode", "9F6E", "20700000", "--kernel", "c4"]);
    assert!(visa.contains("signature panel") && !amex.contains("signature panel"), "{amex}");
    let iad = "07010103A00000010A010000000000CFB1B200";
    let unionpay = printed(&["emv", "decode", "9F10", iad, "--aid", "A000000333010101"]);
    assert!(unionpay.contains("UnionPay"), "{unionpay}");
    for (arguments, expect) in [
        (
            ["emv", "decode", "95", "00"],
            "wrong_length: `hex`: value is too short or too long for \
            its element at byte 0: it has 5 bytes",
        ),
        (
            ["emv", "decode", "DF7F", "A0"],
            "unknown_element: the element has no meaning beyond its bytes",
        ),
        (["emv", "decode", "9F", "00"], "truncated_tag: `tag`: tag is cut short at byte 0"),
    ] {
        let (out, err, status) = run(&arguments);
        assert_eq!((out.as_str(), err, status), ("", format!("paytool: {expect}\n"), 1));
    }
}

#[test]
fn a_trace_is_explained_without_its_secrets() {
    let block = "241234FFFFFFFFFF";
    let trace = format!(
        "00200080 08 {block}\n9000\n\n# who came first is said here\n< 6A82\nR-APDU: 700A5A08{PAN}9000\n\
         C: 00B2010C00\n700A5A08{PAN}9000\n"
    );
    let (out, err, status) = run_with(trace.as_bytes(), &["apdu"]);
    assert_eq!((err.as_str(), status), ("", 0));
    assert!(!out.contains("1234FF") && !out.contains(PAN), "{out}");
    assert!(out.starts_with("> VERIFY: (8 bytes)\n< 9000 carried out\n< 6A82 "), "{out}");
    assert!(out.contains("(PAN): 411111******1111"), "{out}");
    let (clear, _, _) = run_with(trace.as_bytes(), &["apdu", "--clear"]);
    assert!(clear.contains(block) && clear.contains(PAN), "{clear}");
    let (json, _, _) = run_with(trace.as_bytes(), &["apdu", "--json"]);
    assert!(!json.contains("1234FF") && !json.contains(PAN), "{json}");
    let last: Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    assert_eq!(last["values"][0]["value"], "411111******1111");
}

#[test]
fn a_trace_tells_no_card_number_in_other_words() {
    // As a list's tags and lengths, as an object by itself and in a record, and in a response that comes in two pieces.
    let trace = "\u{FEFF}00A4040000\r\n6F0F8400A50B9F380841111111111111119000\r\n\
        >>> 00A4040000\r\n<\t5006111111111116 9000\r\n\
        > 00B2010C00\n< 700850061111111111169000\n\
        > 00B2020C00\n< 70105A0841111111 6108\n> 00C0000008\n< 5006111111111111 9000\n";
    for arguments in [&["apdu"][..], &["apdu", "--json"]] {
        let (out, err, status) = run_with(trace.as_bytes(), arguments);
        assert_eq!((err.as_str(), status), ("", 0));
        assert!(!out.contains("11111111") && !out.contains(" 17 "), "{out}");
        assert!(out.contains("6108 more bytes are available: 8"), "{out}");
        assert!(out.contains("could hold a card number: explained with --clear only"), "{out}");
    }
    let (clear, _, _) = run_with(trace.as_bytes(), &["apdu", "--clear"]);
    assert!(clear.contains("111111111116") && clear.contains(" 17 "), "{clear}");
    let tries = run_with(b"0020008008241234FFFFFFFFFF\n63C2\n", &["apdu"]).0;
    assert!(tries.ends_with("wrong PIN or template, tries left: 2\n"), "{tries}");
    let part = printed(&["emv", "decode", "9F6E", "08404111111111111111"]);
    assert!(!part.contains("4111"), "{part}");
    let filled = printed(&["dol", "8408", "--from", "84084111111111111111"]);
    assert!(!filled.contains(PAN), "{filled}");
}

#[test]
fn an_application_decides_what_its_values_mean() {
    let record = "C: 00B2010C00\nR: 700A 9F6C020001 9F3602001C 9000\n";
    let select = |name: &str| format!("C: 00A40400{:02X}{name}\nR: 9000\n", name.len() / 2);
    let chosen = |directory: &str, name: &str| {
        let fci = |name: &str| {
            let length = name.len() / 2;
            format!(
                "C: 00A40400{length:02X}{name}\nR: 6F{:02X}84{length:02X}{name}A5009000\n",
                length + 4
            )
        };
        let trace = format!("{}{}{record}", fci(directory), fci(name));
        let (out, err, status) = run_with(trace.as_bytes(), &["apdu"]);
        assert_eq!((err.as_str(), status), ("", 0), "{trace}");
        out
    };
    let ppse = "325041592E5359532E4444463031";
    assert!(chosen(ppse, "A0000000031010").contains("9F6C Card Transaction Qualifiers"));
    assert!(!chosen(ppse, "A0000000041010").contains("Qualifiers"));
    assert!(run_with(select("A000000003").as_bytes(), &["apdu"]).0.starts_with("> SELECT "));
    assert_eq!(
        printed(&["emv", "decode", "9F36", "001C"]),
        "9F36 Application Transaction Counter (ATC): 001C\n  b, 2 bytes, from the card; EMV 4.4 Book 3, Annex A\n"
    );
}

#[test]
fn a_line_that_does_not_read_hides_no_other() {
    let (out, err, status) = run_with(b"> 00B2\n< 9000\nhello\n< 6A83\n", &["apdu", "-"]);
    let complaints: Vec<&str> = err.lines().collect();
    assert_eq!(
        complaints,
        [
            "paytool: truncated_value: `line 1`: value is cut short at byte 0",
            "paytool: invalid_hex: `line 3`: no hex digit at byte 0",
            "paytool: unread: 2 lines do not read",
        ]
    );
    assert_eq!((out.lines().count(), status), (2, 1));
    let (out, err, status) = run(&["apdu", "no-such-file"]);
    assert!(out.is_empty() && err.starts_with("paytool: io: ") && status == 1, "{err}");
}

#[test]
fn dol_lists_names_and_total() {
    let list = printed(&["dol", "9F0206 9F3704"]);
    assert_eq!(
        list,
        "9F02       6 Amount, Authorised (Numeric)\n9F37       4 Unpredictable Number\ntotal     10\n"
    );
    assert_eq!(parsed(&["dol", "--json", "9F0206"])["total"], 6);
}

#[test]
fn dol_fills_and_says_what_it_did() {
    let list = "9F0206 5A05 9F3704 9F1002 DF7F02 BF0C01 9F2003";
    let objects =
        format!("700F 5A08{PAN} 9F02021234 7715 9F02019F 9F1003010203 9F37040A0B0C0D DF7F0107");
    let filled = printed(&["dol", list, "--from", &objects]);
    let expected = [
        "9F02       6 Amount, Authorised (Numeric): 000000001234, 4 bytes 00 added on the left",
        "5A         5 Application Primary Account Number (PAN) (5 bytes), 3 bytes cut off on the right",
        "9F37       4 Unpredictable Number: 0A0B0C0D, exact",
        "9F10       2 Issuer Application Data (2 bytes), 1 byte cut off on the right",
        "DF7F       2 unknown: 0700, 1 byte 00 added on the right",
        "BF0C       1 File Control Information (FCI) Issuer Discretionary Data (1 byte), a template, all 00",
        "9F20       3 Track 2 Discretionary Data (3 bytes), absent, all 00",
        "total     23",
    ];
    assert_eq!(filled.lines().collect::<Vec<_>>(), expected);
    let clear = printed(&["dol", list, "--from", &objects, "--clear"]);
    assert!(clear.contains("(PAN): 4111111111, 3 bytes cut off on the right\n"));
    assert!(clear.ends_with("data     00000000123441111111110A0B0C0D0102070000000000\n"));
    let whole = ["dol", "5A08", "--from", &objects];
    assert!(printed(&whole).contains(": 411111******1111, exact\n"));
    let json = parsed(&[&whole[..], &["--json"]].concat());
    let entry = json!({"tag": "5A", "length": 8, "value": "411111******1111", "known": true, "fit": "exact"});
    assert_eq!(json, json!({"entries": [entry], "total": 8}));
    let clear = parsed(&[&whole[..], &["--json", "--clear"]].concat());
    assert_eq!((&clear["entries"][0]["value"], &clear["data"]), (&json!(PAN), &json!(PAN)));
    let (out, _, status) = run_with(b"9C 01 01", &["dol", "9C01", "--from", "-"]);
    let expected = "9C         1 Transaction Type: 01, exact\ntotal      1\n";
    assert_eq!((out.as_str(), status), (expected, 0));
}

#[test]
fn dol_refuses_what_it_cannot_fill_from() {
    let (out, err, status) = run(&["dol", "9C01", "--from", "7003 9C0201"]);
    assert_eq!((out.as_str(), status), ("", 1));
    assert_eq!(err, "paytool: truncated_value: `from`: value is cut short at byte 4\n");
    let (_, err, _) = run(&["dol", &"9CFF".repeat(258), "--from", ""]);
    assert_eq!(err, "paytool: data_too_long: `hex` asks for more than 65535 bytes\n");
    assert_eq!(run(&["dol", "9C01", "--clear"]).2, 2);
}
