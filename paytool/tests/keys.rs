//! The subcommands for keys and key blocks, run.
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

/// The key that everybody knows.
const KEY: &str = "0123456789ABCDEFFEDCBA9876543210";
// ASC X9 TR 31-2018, A.7.4.
const KBPK: &str = "88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6";
const PIN_KEY: &str = "3F419E1CB7079442AA37474C2EFBF8B8";
const BLOCK: &str = "D0112P0AE00E0000B82679114F470F540165EDFBF7E250FCEA43F810D215F8D207E2E417C07156A27E8E31DA05F7425509593D03A457DC34";

fn refused(arguments: &[&str]) -> String {
    let (out, err, status) = run(arguments);
    assert_eq!((out.as_str(), status), ("", 1), "{arguments:?}: {err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    err.strip_prefix("paytool: ").unwrap().split(':').next().unwrap().to_owned()
}

#[test]
fn keys_have_check_values() {
    let both = "legacy_ecb_zero  08D7B4\ncmac_zero_block  0A82458664\n";
    assert_eq!(printed(&["key", "kcv", "0123456789ABCDEF FEDCBA9876543210"]), both);
    let one = ["key", "kcv", "--alg", "AES", "--method", "cmac_zero_block", PIN_KEY];
    assert_eq!(printed(&one), "08793E25AB\n");
    assert_eq!(
        printed(&["key", "kcv", "--method", "legacy_ecb_zero", "0123456789ABCDEF"]),
        "D5D44F\n"
    );
    let (out, err, status) =
        run_with(KEY.as_bytes(), &["key", "kcv", "--alg", "SM4", "--method", "legacy_ecb_zero"]);
    assert_eq!((out.as_str(), err.as_str(), status), ("2677F4\n", "", 0));
    assert_eq!(refused(&["key", "kcv", "--alg", "RC4", KEY]), "unknown_cipher");
    assert_eq!(refused(&["key", "kcv", &KEY[..30]]), "key_length");
}

#[test]
fn a_check_names_the_rule() {
    fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["key", "check"], more].concat()
    }
    assert_eq!(printed(&check(&["--kcv", "08D7B4", KEY])), "valid\n");
    assert_eq!(printed(&check(&["--kcv", "0A82458664", KEY])), "valid\n");
    let even = KEY.replace("23", "22");
    for (arguments, expected) in [
        (&["--kcv", "08D7B5", KEY][..], "kcv_mismatch"),
        (&["--kcv", "08D7", KEY], "kcv_length"),
        (&[&even], "parity"),
        (&["12345678123456781234567812345678"], "degenerate_key"),
        (&["0123456789ABCDEF0101010101010101"], "weak_key"),
        (&["--policy", "lax", KEY], "unknown_policy"),
    ] {
        assert_eq!(refused(&check(arguments)), expected, "{arguments:?}");
    }
    assert_eq!(printed(&check(&["--policy", "parity_any", &even])), "valid\n");
    let weak = ["--policy", "weak_allowed", "0123456789ABCDEF0101010101010101"];
    assert_eq!(printed(&check(&weak)), "valid\n");
}

#[test]
fn what_is_split_is_combined_again() {
    for count in 2..=9 {
        let count = count.to_string();
        let split = parsed(&["key", "split", "--json", "--count", &count, KEY]);
        assert_eq!(split["kcv"], "08D7B4");
        let parts = split["components"].as_array().unwrap();
        assert_eq!(parts.len().to_string(), count);
        let components: Vec<_> =
            parts.iter().map(|part| part["component"].as_str().unwrap()).collect();
        for part in parts {
            let kcv =
                ["key", "kcv", "--method", "legacy_ecb_zero", part["component"].as_str().unwrap()];
            assert_eq!(printed(&kcv).trim(), part["kcv"]);
        }
        let expected = format!("key  {KEY}\nkcv  08D7B4\n");
        assert_eq!(printed(&[&["key", "combine"], &components[..]].concat()), expected);
        // One a line, in any grouping.
        let lines = format!("{}\n\n", components.join("\r\n"));
        assert_eq!(run_with(lines.as_bytes(), &["key", "combine"]).0, expected);
    }
    let text = printed(&["key", "split", KEY]);
    assert_eq!(text.lines().count(), 4);
    assert!(text.ends_with("key kcv      08D7B4\n"), "{text}");
    assert_eq!(refused(&["key", "split", "--count", "1", KEY]), "component_count");
    assert_eq!(refused(&["key", "combine", KEY]), "component_count");
    assert_eq!(refused(&["key", "combine", KEY, KEY]), "zero_key");
    assert_eq!(refused(&["key", "combine", KEY, &KEY[..16]]), "component_length");
    assert_eq!(run_with(b"", &["key", "combine"]).2, 1);
}

#[test]
fn a_block_is_explained() {
    let text = printed(&["keyblock", "explain", BLOCK]);
    for line in [
        "    5 key usage                 P0   PIN encryption key",
        "   16 enciphered key                 64 characters: room for a key of up to 30 bytes",
        "   80 MAC                            32 characters",
        "X9.143: hidden_key_length: offset 16: the length of the block shows that of the key",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{text}");
    }
    // From a dump, and over several lines.
    let dump: Vec<String> = BLOCK.bytes().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(run_with(dump.join(" ").as_bytes(), &["keyblock", "explain"]).0, text);
    let lines = format!("{}\n{}\r\n", &BLOCK[..40], &BLOCK[40..]);
    assert_eq!(run_with(lines.as_bytes(), &["keyblock", "explain", "-"]).0, text);
    let indented = format!("  {} \n\t{}\n", &BLOCK[..40], &BLOCK[40..]);
    assert_eq!(run_with(indented.as_bytes(), &["keyblock", "explain"]).0, text);
    assert!(printed(&["keyblock", "explain", "--color", "always", BLOCK]).contains('\u{1B}'));
}

#[test]
fn a_key_is_shown_when_asked_for_only() {
    let explain = ["keyblock", "explain", "--kbpk", KBPK, BLOCK];
    let text = printed(&explain);
    assert!(text.contains("authentic; the key has 16 bytes\n"), "{text}");
    assert!(text.contains("kcv cmac_zero_block: 08793E25AB"), "{text}");
    let json = printed(&[&explain[..], &["--json"]].concat());
    for shown in [&text, &json] {
        assert!(!shown.contains(PIN_KEY) && !shown.contains(KBPK), "{shown}");
    }
    assert!(printed(&[&explain[..], &["--show-key"]].concat()).contains(PIN_KEY));
    let json = parsed(&[&explain[..], &["--show-key", "--json"]].concat());
    assert_eq!(json["key"]["key"], PIN_KEY);
    assert_eq!(json["key"]["length"], 16);
    assert_eq!(
        json["broken_rules"],
        json!([{"rule": "hidden_key_length", "offset": 16,
        "message": "offset 16: the length of the block shows that of the key"}])
    );
    assert_eq!(run(&["keyblock", "explain", "--show-key", BLOCK]).2, 2);
}

#[test]
fn a_wrong_protection_key_is_told_by_its_check_value_too() {
    let wrap =
        ["keyblock", "wrap", "--kbpk", KBPK, "--usage", "P0", "--algorithm", "A", "--mode", "E"];
    let kp = printed(&["key", "kcv", "--alg", "AES", "--method", "cmac_zero_block", KBPK]);
    let (kc, kp) = ("KC=0108793E25AB", format!("KP=01{}", kp.trim()));
    let block = printed(&[&wrap[..], &["--opt", kc, "--opt", &kp, PIN_KEY]].concat());
    let explain = |kbpk: &str| run(&["keyblock", "explain", "--kbpk", kbpk, block.trim()]);
    let (text, err, status) = explain(KBPK);
    assert_eq!((err.as_str(), status), ("", 0));
    assert!(text.contains("KC at offset 16 is the check value of this key\n"), "{text}");
    assert!(text.contains("KP at offset 32 is the check value of this KBPK\n"), "{text}");
    let (text, err, status) = explain(&KBPK.replace("88E1", "88E2"));
    assert!(err.starts_with("paytool: mac_mismatch: ") && status == 1, "{err}");
    assert!(text.contains("KP at offset 32 is the check value of another KBPK\n"), "{text}");
    assert!(!text.contains("authentic"), "{text}");
}

#[test]
fn every_fault_has_its_mark() {
    let bad = BLOCK.replace("0112", "0096").replace("P0AE", "P0?E").replace("50FC", "50xy");
    let (text, err, status) = run(&["keyblock", "explain", &bad]);
    assert_eq!(err, "paytool: header: the algorithm at offset 7 has no such value\n");
    assert_eq!(status, 1);
    let marks: Vec<usize> = text
        .lines()
        .filter(|line| line.trim_start().starts_with('^'))
        .map(|line| line.find('^').unwrap() - 6)
        .collect();
    let at = bad.find("xy").unwrap();
    assert_eq!(marks, [7, 1, at], "{text}");
    assert!(
        text.contains("the length field at offset 1 says 96, the block has 112 characters"),
        "{text}"
    );
    let (json, _, status) = run(&["keyblock", "explain", "--json", &bad]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let faults = json["faults"].as_array().unwrap();
    let places: Vec<_> =
        faults.iter().map(|fault| (&fault["kind"], &fault["offset"], &fault["length"])).collect();
    assert_eq!(
        (places, status),
        (
            vec![
                (&json!("header"), &json!(7), &json!(1)),
                (&json!("block_length"), &json!(1), &json!(4)),
                (&json!("key_not_hex"), &json!(at), &json!(2)),
            ],
            1
        )
    );
    // What was done to a block on its way here.
    let lower = BLOCK.to_ascii_lowercase();
    let (text, _, status) = run(&["keyblock", "explain", &lower]);
    assert!(text.ends_with("hint: this is a key block in upper case\n") && status == 1, "{text}");
    let (json, _, _) = run(&["keyblock", "explain", "--json", &lower]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["hint"], "this is a key block in upper case");
    // What a terminal would obey is not printed.
    let (text, err, _) = run(&["keyblock", "explain", "D\u{1B}[31m"]);
    assert!(!text.contains('\u{1B}') && err.starts_with("paytool: too_short: "), "{text}{err}");
    for end in [0, 16, 64, 111] {
        assert_eq!(run(&["keyblock", "explain", &BLOCK[..end]]).2, 1);
    }
}

#[test]
fn every_broken_rule_is_told() {
    let head = "A0104P0TE00E0400PB08AAAAKS08KS00KS0800KSIK081234";
    let text = printed(&["keyblock", "explain", &format!("{head}{}", "0".repeat(56))]);
    let rules: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("X9.143: ")).collect();
    let mut names: Vec<_> = rules.iter().map(|rule| rule.split(':').next().unwrap()).collect();
    names.sort_unstable();
    let expected = [
        "hex_key_set",
        "hex_key_set",
        "hidden_key_length",
        "no_version_a",
        "optional_block_contents",
        "padding_last",
        "unique_optional_blocks",
    ];
    assert_eq!(names, expected, "{text}");
}

#[test]
fn a_protection_key_of_the_other_algorithm_is_told() {
    let block = "B0096P0TE00E0000352B88AD31B66AFB1267CB208C48128A7251CA240D368561A214B5C4617BDD26056A21819E2AF49A";
    for command in ["explain", "unwrap"] {
        let (_, err, status) = run(&["keyblock", command, "--kbpk", KBPK, block]);
        let expected =
            "paytool: kbpk_algorithm: offset 0: the kbpk is aes, but version b wants tdes\n";
        assert_eq!((err.as_str(), status), (expected, 1));
    }
}

#[test]
fn what_is_wrapped_is_unwrapped() {
    let wrap =
        ["keyblock", "wrap", "--kbpk", KBPK, "--usage", "P0", "--algorithm", "A", "--mode", "E"];
    // ANSI X9.143:2021, 8.1.
    let pad = [
        "--exportability",
        "E",
        "--pad",
        "1A87BBFA2CFE78D383E5F4C6AA83473C1C2965473CE206BB855B01533782",
        PIN_KEY,
    ];
    let expected = "D0144P0AE00E00002C77FA3F4A553BED6E88AE5C172A4166E3D4ACA8E2AC71C158A476FAC12C13C3829DE55D3AB54C48F4C4FEF7AC75E90FC47F1B77E7B19A73ED46E64410082557\n";
    assert_eq!(printed(&[&wrap[..], &pad].concat()), expected);
    let block = printed(&[&wrap[..], &["--opt", "LB=test key", PIN_KEY]].concat());
    let strict =
        ["keyblock", "unwrap", "--kbpk", KBPK, "--profile", "x9_143", block.trim(), "--json"];
    let json = parsed(&strict);
    assert_eq!(
        (&json["key"], &json["opt_blocks"][0]),
        (&json!(PIN_KEY), &json!(["LB", "test key"]))
    );
    assert_eq!(
        refused(&["keyblock", "unwrap", "--kbpk", KBPK, "--profile", "x9_143", BLOCK]),
        "rule"
    );
    assert!(printed(&["keyblock", "unwrap", "--kbpk", KBPK, BLOCK]).contains(PIN_KEY));
    assert_eq!(refused(&[&wrap[..], &["--version", "C", PIN_KEY]].concat()), "kbpk_algorithm");
    assert_eq!(refused(&[&wrap[..], &["--opt", "LB", PIN_KEY]].concat()), "invalid_value");
    let changed = BLOCK.replace("P0AE", "P0AD");
    assert_eq!(refused(&["keyblock", "unwrap", "--kbpk", KBPK, &changed]), "mac_mismatch");
}

#[test]
fn two_sides_agree_on_a_key() {
    for (curve, bytes) in [("P-256", 32), ("P-384", 48), ("P-521", 66)] {
        let pair = || parsed(&["ecdh", "generate", "--curve", curve, "--json"]);
        let (one, other) = (pair(), pair());
        let text = |pair: &Value, name: &str| pair[name].as_str().unwrap().to_owned();
        assert_eq!(text(&one, "private").len(), 2 * bytes);
        assert_eq!(text(&one, "public").len(), 2 * (1 + 2 * bytes));
        assert_ne!(one, other);
        let public = |pair| text(pair, "public");
        for kdf in ["x963", "onestep", "hkdf"] {
            let agree = |own: &Value, theirs: String| {
                let arguments = [
                    "ecdh",
                    "agree",
                    "--curve",
                    curve,
                    "--public",
                    &theirs,
                    "--kdf",
                    kdf,
                    "--hash",
                    "sha512",
                    "--shared-info",
                    "01 02",
                ];
                let (out, err, status) = run_with(text(own, "private").as_bytes(), &arguments);
                assert_eq!((err.as_str(), status), ("", 0));
                out
            };
            let key = agree(&one, public(&other));
            assert_eq!(key, agree(&other, public(&one)));
            assert_eq!(key.trim().len(), 64);
            let wrap = [
                "keyblock",
                "wrap",
                "--kbpk",
                key.trim(),
                "--usage",
                "P0",
                "--algorithm",
                "A",
                "--mode",
                "E",
                PIN_KEY,
            ];
            let block = printed(&wrap);
            assert!(
                printed(&["keyblock", "unwrap", "--kbpk", key.trim(), block.trim()])
                    .contains(PIN_KEY)
            );
        }
    }
    assert_eq!(refused(&["ecdh", "generate", "--curve", "X25519"]), "unknown_curve");
}

#[test]
fn no_error_repeats_a_key() {
    for arguments in [
        &["key", "kcv", "--alg", KEY, KEY][..],
        &["key", "check", "--policy", KEY, KEY],
        &["key", "check", "--policy", PAN, "--kcv", PAN, KEY],
        &["key", "combine", KEY, &format!("{KEY}x")],
        &["key", "parity", &KEY[1..]],
        &["key", "split", "--count", KEY, KEY],
        &["keyblock", "unwrap", "--kbpk", &KEY[..31], BLOCK],
        &["keyblock", "unwrap", "--kbpk", KEY, "--profile", KEY, BLOCK],
        &["keyblock", "unwrap", "--kbpk", KEY, KEY],
        &[
            "keyblock",
            "wrap",
            "--kbpk",
            KEY,
            "--usage",
            KEY,
            "--algorithm",
            KEY,
            "--mode",
            KEY,
            KEY,
        ],
        &["keyblock", "explain", "--show-key", KEY],
        &["ecdh", "agree", "--private", KEY, "--public", KEY, "--kdf", "x963", "--hash", "sha256"],
        &[
            "ecdh",
            "agree",
            "--curve",
            KEY,
            "--private",
            KEY,
            "--public",
            KEY,
            "--kdf",
            KEY,
            "--hash",
            KEY,
        ],
    ] {
        let (out, err, status) = run(arguments);
        assert!(status != 0 && err.lines().count() == 1, "{arguments:?}: {err}");
        for typed in [&KEY[..6], &PAN[..6]] {
            assert!(!err.contains(typed) && !out.contains(typed), "{arguments:?}: {out}{err}");
        }
    }
}
