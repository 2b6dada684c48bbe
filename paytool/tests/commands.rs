//! The subcommands as programs: what they print, how they fail, and that the README shows it as it is.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test says what it expects by panicking"
)]

#[path = "asking/command.rs"]
mod asking;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use asking::{PAN, PAYTOOL, parsed, printed, run, run_with};
use serde_json::json;

const KEY: &str = "0123456789ABCDEFFEDCBA9876543210";

#[test]
fn the_readme_shows_what_the_tool_prints() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("readme");
    std::fs::create_dir_all(&directory).unwrap();
    let tool = Path::new(PAYTOOL).parent().unwrap().display().to_string();
    let path = format!("{tool}:{}", std::env::var("PATH").unwrap());
    let readme = include_str!("../README.md");
    let blocks = readme.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let mut commands = 0;
    for block in blocks {
        for example in block.split("$ ").skip(1) {
            let end = if example.contains("<<END\n") { "\nEND\n" } else { "\n" };
            let (command, expected) = example.split_once(end).unwrap();
            let command = &format!("{command}{end}");
            let output = Command::new("sh")
                .args(["-c", &format!("{{ {command} }} 2>&1")])
                .env("PATH", &path)
                .current_dir(&directory)
                .output()
                .unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{command}");
            commands += 1;
        }
    }
    assert!(commands >= 3);
}

#[test]
fn iso_takes_a_dialect_from_a_file() {
    let spec = json!({"mti": "ascii", "bitmap": "ahex", "header": 1, "fields": {
        "2": "a2:19 ascii numeric",
        "48": {"outer": "a3:999 bin", "kind": "taglen", "tag": 2, "len": 2, "fields": {"42": "f3 ascii"}},
    }});
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    std::fs::write(file.path(), spec.to_string()).unwrap();
    let name = file.path().to_str().unwrap();
    let pan = format!("2={PAN}");
    let parts = ["48.42=123", "48.07=x", "48.07=y"];
    let arguments = ["iso", "encode", "--spec", name, "--mti", "0100", "--header", "60", &pan];
    let hex = printed(&[&arguments[..], &parts].concat());
    let clear = parsed(&["iso", "parse", "--json", "--clear", "--spec", name, hex.trim()]);
    let fields = json!({"2": PAN, "48": {"42": "123", "07": ["x", "y"]}});
    assert_eq!(clear, json!({"mti": "0100", "fields": fields, "header": "60"}));
    let shown = printed(&["iso", "parse", "--spec", name, hex.trim()]);
    assert_eq!(
        shown,
        "header: [opaque, length 1]\n0100\n  2 Primary account number (PAN): 411111******1111\n 48 Additional data, private\n    42: [opaque, length 3]\n    07: [opaque, length 1]\n    07: [opaque, length 1]\n"
    );
    for bad in [["48.42=123", "48=x"], ["48=x", "48.42=123"], ["2=1", "2=1"]] {
        let (_, err, status) = run(&[&arguments[..8], &bad[..]].concat());
        assert_eq!(
            (err.as_str(), status),
            ("paytool: invalid_value: a field is given whole and in parts, or twice\n", 1)
        );
    }
    std::fs::write(file.path(), "{").unwrap();
    let (_, err, _) = run(&["iso", "parse", "--spec", name, "00"]);
    assert_eq!(err, "paytool: invalid_json: `spec`: no JSON at line 1, column 1\n");
}

#[test]
fn iso_reads_what_it_writes() {
    let fields = [format!("2={PAN}"), "52=1122334455667788".to_owned(), "11=000042".to_owned()];
    let [pan, block, stan] = fields.each_ref().map(String::as_str);
    for spec in ["iso87-ascii", "iso87-bcd"] {
        let hex = printed(&["iso", "encode", "--spec", spec, "--mti", "0200", pan, block, stan]);
        let shown = printed(&["iso", "parse", "--spec", spec, hex.trim()]);
        assert!(
            shown.starts_with("0200\n  2 Primary account number (PAN): 411111******1111\n 11 ")
        );
        assert!(!shown.contains("1122334455667788"));
        let clear = parsed(&["iso", "parse", "--json", "--clear", "--spec", spec, hex.trim()]);
        assert_eq!(
            clear,
            json!({"mti": "0200", "fields": {"2": PAN, "11": "000042", "52": "1122334455667788"}})
        );
        let masked = parsed(&["iso", "parse", "--json", "--spec", spec, hex.trim()]);
        assert_eq!(masked["fields"]["2"], "411111******1111");
        let (out, err, status) =
            run(&["iso", "parse", "--spec", spec, &hex.trim()[..hex.len() - 3]]);
        assert!(out.contains(" 11 ") && !out.contains(" 52 "));
        assert!(err.starts_with("paytool: truncated: field 52 at byte "));
        assert_eq!(status, 1);
    }
}

#[test]
fn pin_makes_and_reads_blocks() {
    let block =
        printed(&["pin", "encode", "--format", "iso0", "--pin", "1234", "--pan", "4012345678909"]);
    assert_eq!(block, "041274EDCBA9876F\n");
    let decode =
        ["pin", "decode", "--format", "iso0", "--pan", "4012345678909", "0412 74ED:CBA9-876F"];
    assert_eq!(printed(&decode), "1234\n");
    let key = "AF8CB133A78F8DC2D1359F18527593FB";
    let under = ["--format", "iso4", "--cipher", "AES", "--key", key, "--pan", PAN];
    let fill = ["--pin", "1234", "--fill", "2F69ADDE2E9E7ACE"];
    let enciphered = printed(&[&["pin", "encipher"], &under[..], &fill].concat());
    assert_eq!(enciphered, "A912150391AB65A67E52883D81CE2D15\n");
    assert_eq!(
        printed(&[&["pin", "decipher"], &under[..], &[enciphered.trim()]].concat()),
        "1234\n"
    );
    let translate = [
        "pin",
        "translate",
        "--in-format",
        "iso0",
        "--in-key",
        "DDDDEEEEFFFFAAAABBBBCCCCDDDDEEEE",
        "--out-format",
        "iso0",
        "--out-key",
        "AABBCCDDEEFF00112233445566778899",
        "--pan",
        "5432101234567890",
        "7F381DBF9F6906C4",
    ];
    assert_eq!(printed(&translate), "06C0408B869B2CEB\n");
    let pvv =
        ["pin", "pvv", "--pvk", KEY, "--pan", "1122334455667788", "--pvki", "1", "--pin", "4524"];
    assert_eq!(printed(&pvv), "8523\n");
    assert_eq!(parsed(&[&pvv[..], &["--json"]].concat()), json!({"pvv": "8523"}));
    let data = ["--validation-data", "5432101234567890", "--pin", "1234"];
    let ibm3624 = [&["pin", "ibm3624", "--pvk", KEY], &data[..]].concat();
    assert_eq!(printed(&ibm3624), "natural_pin  8037\noffset       3207\n");
    let table = [&ibm3624[..], &["--dec-table", "1234567890123456", "--json"]].concat();
    assert_eq!(parsed(&table), json!({"natural_pin": "9148", "offset": "2196"}));
    let random = printed(&["pin", "random", "--length", "12"]);
    assert!(random.trim().len() == 12 && random.trim().bytes().all(|byte| byte.is_ascii_digit()));
    assert!(parsed(&["pin", "random", "--json"])["pin"].is_string());
    assert_eq!(run(&["pin", "random", "--length", "13"]).2, 1);
}

#[test]
fn pin_knows_legacy_blocks_and_says_what_is_wrong_with_one() {
    let encode = ["pin", "encode", "--format", "3621", "--pin", "1234"];
    let block = printed(&[&encode[..], &["--seq", "0A5F", "--fill", "F"]].concat());
    assert_eq!(block, "0A5F1234FFFFFFFF\n");
    let decode = ["pin", "decode", "--explain", "--format"];
    assert_eq!(printed(&[&decode[..], &["ncr", "1234FFFFFFFFFFFF"]].concat()), "1234\n");
    let field = "441234AAAAAAAAAA2F69ADDE2E9E7ACE";
    assert_eq!(printed(&[&decode[..], &["iso4", field]].concat()), "1234\n");
    for (format, block, line) in [
        ("iso2", "2412A4FFFFFFFFFF", "digit: nibble 5 is a letter where a pin digit belongs"),
        ("iso0", "2412A4FFFFFFFFFF", "pan_missing: this format needs a pan"),
        ("visa3", "1234F00000000001", "fill: nibble 6 is no fill of this format"),
    ] {
        let (out, err, status) = run(&[&decode[..], &[format, block]].concat());
        assert_eq!((out, err, status), (String::new(), format!("paytool: {line}\n"), 1));
    }
}

#[test]
fn dukpt_derives_keys() {
    let initial = ["dukpt", "tdes", "initial-key", "--bdk", KEY, "--ksn", "FFFF9876543210E00000"];
    assert_eq!(printed(&initial), "6AC292FAA1315B4D858AB3A3D7D5933A\n");
    let ik = "1273671EA26AC29AFA4D1084127652A1";
    let bdk = "FEDCBA9876543210F1F1F1F1F1F1F1F1";
    let initial = ["dukpt", "aes", "initial-key", "--bdk", bdk, "--ikid", "1234567890123456"];
    assert_eq!(printed(&initial), format!("{ik}\n"));
    let keys = [
        "dukpt",
        "aes",
        "derive",
        "--ksn",
        "123456789012345600000001",
        "--key-type",
        "AES128",
        "--json",
    ];
    let from_bdk = parsed(&[&keys[..], &["--bdk", bdk]].concat());
    assert_eq!(from_bdk["keys"]["PIN"], "AF8CB133A78F8DC2D1359F18527593FB");
    assert_eq!(from_bdk, parsed(&[&keys[..], &["--ik", ik]].concat()));
    let update = [
        "dukpt",
        "aes",
        "update-key",
        "--ik",
        ik,
        "--ikid",
        "1234567890123456",
        "--key-type",
        "AES128",
    ];
    assert_eq!(printed(&update), "9A9770AEE1ACD1B13473D0463A1883B9\n");
    let zero = ["dukpt", "tdes", "derive", "--bdk", KEY, "--ksn", "FFFF9876543210E00000"];
    assert_eq!(run(&zero).1, "paytool: counter_zero: the transaction counter is zero\n");
    assert!(printed(&[&zero[..], &["--lax"]].concat()).starts_with("transaction_key  6AC292FA"));
}

#[test]
fn dukpt_counts_on() {
    let tdes = ["dukpt", "tdes", "next", "--ksn", "FFFF 9876 5432 10FF F400"];
    assert_eq!(printed(&tdes), "next       FFFF9876543210FFF800\nkeys_left  0\n");
    let aes = ["dukpt", "aes", "next", "--ksn", "123456789012345600000000", "--json"];
    let expected = json!({"next": "123456789012345600000001", "keys_left": 2_448_023_841_u32});
    assert_eq!(parsed(&aes), expected);
    let last = ["dukpt", "tdes", "next", "--ksn", "FFFF9876543210FFF800"];
    assert!(run(&last).1.starts_with("paytool: counter_exhausted: "));
}

#[test]
fn dukpt_explains_without_keys_unless_told() {
    let ik = "1273671EA26AC29AFA4D1084127652A1";
    let ksn = "123456789012345600000003";
    let aes = ["dukpt", "aes", "explain", "--ik", ik, "--ksn", ksn, "--key-type", "AES128"];
    let text = printed(&aes);
    assert!(text.contains("data         01 01 1000 0002 0080 90123456 00000003\n"), "{text}");
    let shown = printed(&[&aes[..], &["--show-keys"]].concat());
    let pin_key = "7D69F01F3B45449F62C7816ECE723268";
    assert!(shown.ends_with(&format!("   key          {pin_key}\n")), "{shown}");
    for secret in [ik, pin_key] {
        assert!(shown.contains(secret) && !text.contains(secret), "{text}");
    }

    let json = parsed(&[&aes[..], &["--json"]].concat());
    let bit = |bit: u32, counter: &str| {
        let data = format!("010180000002008090123456{counter}");
        json!({"operation": "counter_bit", "bit": bit, "counter": counter, "data": data})
    };
    let working_key = json!({"operation": "working_key", "usage": "PIN", "key_type": "AES128",
        "data": "01011000000200809012345600000003"});
    let initial_key = json!({"operation": "initial_key", "check_value": "05EF4531EC"});
    let steps = [initial_key, bit(1, "00000002"), bit(0, "00000003"), working_key];
    assert_eq!(json, json!({"ksn": ksn, "steps": steps}));
    let shown = parsed(&[&aes[..], &["--json", "--show-keys"]].concat());
    assert_eq!(
        (&shown["steps"][0]["key"], &shown["steps"][3]["key"]),
        (&json!(ik), &json!(pin_key))
    );

    let tdes = ["dukpt", "tdes", "explain", "--bdk", KEY, "--ksn", "FFFF9876543210E00000"];
    let data = [&tdes[..], &["--usage", "DATA_REQ", "--json"]].concat();
    let json = parsed(&data);
    assert_eq!(json["counter_error"], "counter_zero");
    assert_eq!(json["steps"][0], json!({"operation": "base_key", "check_value": "08D7B4"}));
    assert_eq!(json["steps"][3], json!({"operation": "self_encryption", "usage": "DATA_REQ"}));
    let wrong = [&tdes[..], &["--usage", "MAC_GEN"]].concat();
    assert!(run(&wrong).1.starts_with("paytool: unknown_key_usage: "));
}

#[test]
fn a_dash_is_standard_input_for_batch_too() {
    let (out, err, status) = run_with(b"{\"op\":\"dol.parse\",\"hex\":\"\"}", &["batch", "-"]);
    assert_eq!(out, "{\"id\":null,\"ok\":true,\"entries\":[],\"total\":0}\n");
    assert_eq!((err.as_str(), status), ("", 0));
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let objects = "9C0101".repeat(50_000);
    let requests = "{\"op\":\"dol.parse\",\"hex\":\"9F0206\"}\n".repeat(20_000);
    for (arguments, input) in [(&["tlv", "-"][..], objects), (&["batch"], requests)] {
        let mut child = Command::new(PAYTOOL)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        // More than a pipe holds, so the tool does write while this is written.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.stderr, output.status.code()), (Vec::new(), Some(0)), "{arguments:?}");
    }
}

#[test]
fn mac_makes_and_verifies() {
    let data = "4E6F77206973207468652074696D6520666F72206974";
    let retail = [
        "mac",
        "iso9797",
        "--algorithm",
        "3",
        "--cipher",
        "DES",
        "--padding",
        "1",
        "--key",
        KEY,
        data,
    ];
    assert_eq!(printed(&retail), "2E2B1428CC78254F\n");
    assert_eq!(printed(&[&retail[..], &["--length", "4"]].concat()), "2E2B1428\n");
    assert_eq!(printed(&[&retail[..], &["--verify", "2e2b1428cc78254f"]].concat()), "valid\n");
    let (out, err, status) = run(&[&retail[..], &["--verify", "2E2B1428CC78254E"]].concat());
    assert_eq!((out.as_str(), status), ("", 1));
    assert_eq!(err, "paytool: mac_mismatch: the mac does not match\n");
    let cmac = ["mac", "cmac", "--cipher", "AES", "--key", "2B7E151628AED2A6ABF7158809CF4F3C"];
    let (out, _, status) = run_with(b"6BC1BEE22E409F96E93D7E117393172A", &cmac);
    assert_eq!((out.as_str(), status), ("070A16B46B4D4144F79BDD9DD04A287C\n", 0));
    let both = ["mac", "cmac", "--cipher", "AES", "--key", "-", "-"];
    let (out, err, status) = run_with(b"2B7E151628AED2A6ABF7158809CF4F3C", &both);
    let expected = "paytool: invalid_value: `-` stands for one argument only\n";
    assert_eq!((out.as_str(), err.as_str(), status), ("", expected, 1));
    let hmac = ["mac", "hmac", "--hash", "sha384", "--key", &"0B".repeat(24), "1122334455667788"];
    assert!(printed(&hmac).starts_with("E87F03905C85DD10"));
    let unionpay = ["mac", "unionpay", "--cipher", "DES", "--key", "3333333333333333"];
    let data = "11121314151617182827262524232221313233343536373844434241";
    assert_eq!(printed(&[&unionpay[..], &[data]].concat()), "91D1BEC1\n");
    assert_eq!(printed(&[&unionpay[..], &["--verify", "91d1bec1", data]].concat()), "valid\n");
}

#[test]
fn bad_input_is_one_line_and_status_1() {
    let under = ["--format", "iso4", "--cipher", "AES", "--key", KEY];
    let cases: [(&[&str], &str); 9] = [
        (&["tlv", "9C01 0G"], "paytool: invalid_hex: `hex`: no hex digit at byte 6\n"),
        (&["tlv", "9C010"], "paytool: odd_length: hex of an odd number of digits\n"),
        (&["dol", "9F02"], "paytool: truncated_length: length is cut short at byte 2\n"),
        (
            &["iso", "parse", "--spec", "x", "00"],
            "paytool: unknown_spec: `spec`: no dialect has this name; there are iso87-ascii, iso87-bcd, iso87-ebcdic, iso93-ascii, \
             iso93-bcd, iso93-ebcdic, iso03-bcd, postilion, visa-base1, mc-ipm, mc-ipm-ebcdic, jpos-cmf, up-pos, up-cups, cb2a, \
             amex-ebcdic, pos-demo\n",
        ),
        (
            &["iso", "encode", "--spec", "iso87-bcd", "--mti", "0200", "2"],
            "paytool: invalid_value: a field is given as NUMBER=VALUE\n",
        ),
        (
            &["pin", "encode", "--format", "iso0", "--pin", "1234"],
            "paytool: pan_missing: this format needs a pan\n",
        ),
        (
            &[&["pin", "encipher", "--pin", "12345678901234"], &under[..]].concat(),
            "paytool: pin_length: a pin has 4 to 12 digits, in some formats fewer\n",
        ),
        (
            &[&["pin", "decipher", "--pan", PAN], &under[..], &["0412"]].concat(),
            "paytool: block_length: the block is not as long as this format's blocks\n",
        ),
        (
            &["mac", "hmac", "--hash", "md5", "--key", KEY, ""],
            "paytool: unknown_hash: `hash` is sha256, sha384 or sha512\n",
        ),
    ];
    for (arguments, expected) in cases {
        assert_eq!(run(arguments), (String::new(), expected.to_owned(), 1), "{arguments:?}");
    }
    let (_, err, status) = run(&["batch", "/there/is/none"]);
    assert_eq!(
        (err.as_str(), status),
        ("paytool: io: cannot read or write: entity not found\n", 1)
    );
}

#[test]
fn no_error_repeats_a_card_number_or_a_key() {
    let bad_key = format!("{KEY}0");
    let bad_pan = format!("2={PAN}x");
    let wrong_usage: [&[&str]; 6] = [
        &[PAN],
        &["pin", "encode", PAN],
        &["pin", "encode", "--format", "iso0", "--pin", "1234", "--pan", PAN, KEY],
        &["pin", "pvv", "--pvk", KEY, "--pan", PAN, "--pvki", KEY, "--pin", "1234"],
        &["dukpt", "tdes", "derive", "--bdk", KEY, "--ik", KEY, "--ksn", PAN],
        &["mac", "cmac", "--cipher", "AES", "--kei", KEY],
    ];
    let bad_input: [&[&str]; 6] = [
        &["tlv", &format!("{KEY}{PAN}x")],
        &["iso", "encode", "--spec", "iso87-bcd", "--mti", "0200", &bad_pan],
        &["iso", "encode", "--spec", KEY, "--mti", PAN],
        &["pin", "encode", "--format", PAN, "--pin", PAN, "--pan", PAN],
        &["mac", "cmac", "--cipher", KEY, "--key", &bad_key, PAN],
        &["dukpt", "aes", "derive", "--bdk", &bad_key, "--ksn", PAN, "--key-type", KEY],
    ];
    let all =
        wrong_usage.iter().map(|case| (case, 2)).chain(bad_input.iter().map(|case| (case, 1)));
    for (arguments, expected) in all {
        let (out, err, status) = run(arguments);
        assert_eq!(status, expected, "{arguments:?}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
        for secret in [&PAN[..6], &KEY[..6]] {
            assert!(!err.contains(secret) && !out.contains(secret), "{arguments:?}: {out}{err}");
        }
    }
}

#[test]
fn every_command_prints_json_but_those_that_the_readme_names() {
    for (command, json) in [
        ("tlv", true),
        ("dol", true),
        ("emv decode", true),
        ("apdu", true),
        ("iso parse", true),
        ("iso encode", true),
        ("pin translate", true),
        ("pin pvv", true),
        ("pin random", true),
        ("dukpt aes derive", true),
        ("dukpt tdes explain", true),
        ("mac cmac", true),
        ("key kcv", true),
        ("key split", true),
        ("keyblock explain", true),
        ("keyblock wrap", true),
        ("ecdh agree", true),
        ("batch", false),
        ("ipm read", false),
        ("ipm write", false),
        ("tlv find", false),
        ("tlv diff", false),
        ("tlv encode", false),
    ] {
        let arguments: Vec<_> = command.split(' ').chain(["--help"]).collect();
        let help = printed(&arguments);
        assert_eq!(help.lines().any(|line| line.trim().starts_with("--json")), json, "{command}");
    }
}

#[test]
fn the_readme_names_every_subcommand() {
    let readme = include_str!("../README.md");
    let table = readme.split("| command | what it does |").nth(1).unwrap();
    let rows: Vec<&str> = table.lines().skip(2).take_while(|line| line.starts_with('|')).collect();
    for group in ["pin", "mac", "dukpt tdes", "dukpt aes", "key", "keyblock", "ecdh"] {
        let arguments: Vec<_> = group.split(' ').chain(["--help"]).collect();
        let help = printed(&arguments);
        let listed = help.split("Commands:\n").nth(1).unwrap().lines();
        let names = listed
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_whitespace().next());
        let of_group = format!("| `{}", arguments[0]);
        for name in names.filter(|name| *name != "help") {
            let stands = |row: &&str| {
                row.contains(&format!("`{name}`")) || row.contains(&format!(" {name}`"))
            };
            assert!(
                rows.iter().filter(|row| row.starts_with(&of_group)).any(stands),
                "{group} {name}"
            );
        }
    }
}

#[test]
fn help_says_that_it_is_for_test_keys() {
    for arguments in [
        &["--help"][..],
        &["batch", "--help"],
        &["pin", "--help"],
        &["dukpt", "--help"],
        &["mac", "--help"],
        &["key", "--help"],
        &["keyblock", "--help"],
        &["ecdh", "--help"],
    ] {
        assert!(printed(arguments).contains("FOR TEST KEYS "), "{arguments:?}");
    }
    for arguments in
        [&["pin", "encode", "--help"][..], &["pin", "ibm3624", "--help"], &["pin", "pvv", "--help"]]
    {
        assert!(printed(arguments).contains("a test PIN"), "{arguments:?}");
    }
    for arguments in [
        &["pin", "encipher", "--help"][..],
        &["mac", "cmac", "--help"],
        &["dukpt", "aes", "derive", "--help"],
        &["key", "kcv", "--help"],
        &["keyblock", "explain", "--help"],
        &["keyblock", "wrap", "--help"],
        &["ecdh", "agree", "--help"],
    ] {
        assert!(printed(arguments).contains("a test key"), "{arguments:?}");
    }
    assert_eq!(run(&[]).2, 2);
    assert_eq!(printed(&["--version"]), format!("paytool {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn clearing_files_are_written_and_read() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ipm");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let message = |stan: &str| {
        let pan = format!("2={PAN}");
        printed(&[
            "iso",
            "encode",
            "--spec",
            "mc-ipm",
            "--mti",
            "1240",
            &pan,
            "3=000000",
            stan,
            "48.0158=VIC",
        ])
    };
    let records = format!("{}{}", message("71=00000001"), message("71=00000002"));
    for form in [&[][..], &["--blocked"]] {
        let file = folder.join("file.ipm").display().to_string();
        let with = |more: &[&str]| -> Vec<String> {
            [&more[..1], &[&file], &more[1..], form]
                .concat()
                .iter()
                .map(|&word| word.to_owned())
                .collect()
        };
        let ask = |input: &[u8], more: &[&str]| {
            let words = with(more);
            let words: Vec<&str> =
                ["ipm"].into_iter().chain(words.iter().map(String::as_str)).collect();
            run_with(input, &words)
        };
        assert_eq!(ask(records.as_bytes(), &["write"]), (String::new(), String::new(), 0));
        let length = std::fs::metadata(&file).unwrap().len();
        assert_eq!(length.is_multiple_of(1_014), !form.is_empty(), "{length}");
        assert_eq!(ask(b"", &["read", "--hex"]), (records.clone(), String::new(), 0));
        let (shown, err, status) = ask(b"", &["read"]);
        assert_eq!((err.as_str(), status), ("", 0));
        assert!(
            shown.starts_with(
                "record 1\n1240\n  2 Primary account number (PAN): 411111******1111\n"
            ),
            "{shown}"
        );
        assert!(shown.contains("record 2\n") && !shown.contains(PAN), "{shown}");

        // What cannot be written leaves the file as it was.
        let (out, err, status) = ask(b"00\n\n", &["write"]);
        let expected =
            "paytool: empty_record: `line 2`: file at byte 5: a record has at least one byte\n";
        assert_eq!((out.as_str(), err.as_str(), status), ("", expected, 1));
        assert_eq!(ask(b"", &["read", "--hex"]).0, records);
        // Nothing else is left beside it, and standard output takes a file as well.
        assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
        let words = [&["ipm", "write", "-"][..], form].concat();
        let (written, err, status) = run_with(b"4142", &words);
        assert_eq!((err.as_str(), status), ("", 0));
        assert!(written.starts_with("\0\0\0\u{2}AB\0\0\0\0"), "{written:?}");
        let mut cut = std::fs::read(&file).unwrap();
        cut.truncate(40);
        std::fs::write(&file, cut).unwrap();
        let (out, err, status) = ask(b"", &["read"]);
        assert_eq!((out.as_str(), status), ("", 1), "{err}");
        assert!(err.starts_with("paytool: cut_record: file at byte 40: "), "{err}");
    }
    // A header of no known form is bytes that may be the message's own.
    let hex = format!("02007020000000000000164111111111111111{}", "0".repeat(18) + "1999000042");
    let (out, _, _) = run(&["iso", "parse", "--spec", "iso87-bcd", "--header-len", "19", &hex]);
    assert!(!out.contains(PAN), "{out}");
}
