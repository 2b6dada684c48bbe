//! The program as its users run it: the demonstration, and host and terminal as processes apart.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects by panicking"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const POS: &str = env!("CARGO_BIN_EXE_pos");

fn pos(arguments: &[&str]) -> Output {
    Command::new(POS).args(arguments).output().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Neither stream shows the account number, the PIN block's key or the track.
fn assert_nothing_leaks(output: &Output) {
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        for secret in ["4111111111111111", "5413330089020011", "FEDCBA98", "D2812"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
}

#[test]
fn the_demonstration_comes_out_right() {
    let output = pos(&["demo", "--json"]);
    assert!(output.status.success(), "{output:?}");
    assert_nothing_leaks(&output);
    let lines = lines(&output);
    let told: Vec<_> = lines
        .iter()
        .map(|line| {
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            (text("step"), text("outcome"), text("response_code"))
        })
        .collect();
    let expected = [
        ("key block", "loaded", ""),
        ("purchase", "approved", "00"),
        ("wrong pin", "declined", "55"),
        ("too little money", "declined", "51"),
        ("flipped bit", "reversed", "25"),
        ("repeated 0200", "approved", "00"),
        ("doubled 0200", "approved", "00"),
        ("lost reply", "reversed", "00"),
        ("lost reversal", "reversed", "00"),
        ("ledger", "right", ""),
    ];
    for (told, expected) in told.iter().skip(1).zip(expected) {
        assert_eq!((told.0.as_str(), told.1.as_str(), told.2.as_str()), expected);
    }
    assert_eq!(told.len(), expected.len() + 1);
    let receipt = &lines[2]["receipt"];
    assert_eq!(receipt["masked_pan"], "411111******1111");
    assert_eq!(receipt["amount"], 1_999);
    let flipped = lines[5]["detail"].as_str().unwrap();
    assert!(flipped.contains("host: not answered: wrong MAC"), "{flipped}");
    assert!(lines[6]["detail"].as_str().unwrap().contains("sent 2 times; one charge"));
}

#[test]
fn a_wrong_pin_on_the_command_line_ends_the_demonstration() {
    let output = pos(&["demo", "--pin", "0000"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("approved 00 was expected"));
}

/// A host process, killed at the end.
struct Host {
    process: Child,
    address: String,
}

impl Host {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(POS)
            .args(["host", "--port", "0", "--json", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(process.stderr.take());
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let listening: Value = serde_json::from_str(&line).unwrap();
        Self { process, address: listening["outcome"].as_str().unwrap().to_owned() }
    }

    /// As `kill -9` does.
    fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// A new terminal with the key that its host made for it.
fn install(folder: &Path) -> PathBuf {
    let at_terminal = folder.join("terminal");
    let path = at_terminal.to_str().unwrap();
    let at_host = folder.join("host");
    let printed = pos(&["host", "--key-block", "--data", at_host.to_str().unwrap()]);
    assert_nothing_leaks(&printed);
    let block = String::from_utf8(printed.stdout).unwrap();
    assert!(pos(&["terminal", "--install", &block, "--data", path]).status.success());
    at_terminal
}

fn buy(folder: &Path, host: &str, arguments: &[&str]) -> Value {
    let folder = folder.to_str().unwrap();
    let mut all = vec!["terminal", "--json", "--data", folder, "--host", host];
    all.extend(["--timeout-ms", "1500", "--pin", "1234"]);
    all.extend(arguments);
    let output = pos(&all);
    assert_nothing_leaks(&output);
    lines(&output).pop().unwrap_or_else(|| panic!("{output:?}"))
}

fn books(folder: &Path) -> String {
    let output = pos(&["host", "--check", "--json", "--data", folder.to_str().unwrap()]);
    assert!(output.status.success(), "{output:?}");
    lines(&output)[0]["detail"].as_str().unwrap().to_owned()
}

#[test]
fn a_host_that_is_killed_loses_no_entry_and_charges_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (at_host, at_terminal) = (folder.path().join("host"), install(folder.path()));
    let host = Host::start(&at_host);
    assert_eq!(buy(&at_terminal, &host.address, &[])["outcome"], "approved");
    let address = host.address.clone();
    host.kill();
    assert_eq!(books(&at_host), "1 charged, 0 reversed");

    // Nobody answers: the purchase stays open, and another is not begun before it is reversed.
    assert_eq!(buy(&at_terminal, &address, &[])["outcome"], "open");
    let second = buy(&at_terminal, &address, &[]);
    assert_eq!((&second["step"], &second["outcome"]), (&"earlier purchase".into(), &"open".into()));

    let host = Host::start(&at_host);
    let next = buy(&at_terminal, &host.address, &["--amount", "500"]);
    assert_eq!(next["outcome"], "approved");
    // Number 2 was the open purchase; it was not used again.
    assert_eq!(next["receipt"]["stan"], "000003");
    host.kill();
    assert_eq!(books(&at_host), "2 charged, 0 reversed");
}

#[test]
fn what_is_open_can_be_reversed_without_a_purchase_or_settled_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let at_terminal = install(folder.path());
    let nobody = "127.0.0.1:1";
    assert_eq!(buy(&at_terminal, nobody, &[])["outcome"], "open");
    let host = Host::start(&folder.path().join("host"));
    let reversed = buy(&at_terminal, &host.address, &["--reverse"]);
    assert_eq!(
        (&reversed["outcome"], &reversed["response_code"]),
        (&"reversed".into(), &"25".into())
    );
    assert_eq!(buy(&at_terminal, nobody, &[])["outcome"], "open");
    assert_eq!(
        buy(&at_terminal, nobody, &["--settled-by-hand"])["outcome"],
        "forgotten, STAN 000002"
    );
    assert_eq!(buy(&at_terminal, &host.address, &[])["outcome"], "approved");
    host.kill();
}

#[test]
fn nothing_is_made_where_something_is_only_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let nowhere = folder.path().join("nowhere");
    let path = nowhere.to_str().unwrap();
    for arguments in
        [["host", "--check", "--data", path], ["terminal", "--reprint", "--data", path]]
    {
        assert_eq!(pos(&arguments).status.code(), Some(1));
    }
    assert!(!nowhere.exists());
}

#[test]
fn a_host_outlives_whoever_reads_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let at_terminal = install(folder.path());
    let host = Host::start(&folder.path().join("host"));
    for _ in 0..70 {
        // A frame that holds no message: a line in the log, whose reader is gone.
        let mut stream = TcpStream::connect(&host.address).unwrap();
        stream.write_all(&[0, 1, b'x']).unwrap();
    }
    assert_eq!(buy(&at_terminal, &host.address, &[])["outcome"], "approved");
    host.kill();
}

#[test]
fn the_last_receipt_is_printed_again() {
    let folder = tempfile::tempdir().unwrap();
    let (at_host, at_terminal) = (folder.path().join("host"), install(folder.path()));
    let host = Host::start(&at_host);
    let bought = buy(&at_terminal, &host.address, &[]);
    assert_eq!(buy(&at_terminal, &host.address, &["--amount", "99999999"])["outcome"], "declined");
    let again = buy(&at_terminal, &host.address, &["--reprint"]);
    assert_eq!((&again["outcome"], &again["receipt"]), (&"reprint".into(), &bought["receipt"]));
    host.kill();
}

#[test]
fn another_card_from_its_profile() {
    let folder = tempfile::tempdir().unwrap();
    let (at_host, at_terminal) = (folder.path().join("host"), install(folder.path()));
    let host = Host::start(&at_host);
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("cards/mastercard-5413.json");
    let card = ["--card", profile.to_str().unwrap(), "--pin", "4321"];
    let folder = at_terminal.to_str().unwrap();
    let output =
        pos(&[&["terminal", "--json", "--data", folder, "--host", &host.address], &card[..]]
            .concat());
    assert_eq!(lines(&output)[0]["receipt"]["masked_pan"], "541333******0011");
    host.kill();
}

#[test]
fn what_cannot_be_used_is_said_without_card_data() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("card.json");
    for (text, expected) in [
        ("{", "no card profile at line 1 column 1"),
        (r#"{"name": "x", "tags": {"5A": "411111111111111"}}"#, "tag 5A is not hexadecimal"),
        (r#"{"name": "x", "tags": {"5F24": "281231"}}"#, "the profile lacks tag 5A"),
        (r#"{"name": "x", "tags": {"4111111111111111": "00"}}"#, "a name is no tag"),
        (r#"{"name": "x", "tags": {"5A": "4111A11111111111"}}"#, "tag 5A holds no PAN"),
    ] {
        std::fs::write(&profile, text).unwrap();
        let output = pos(&["demo", "--card", profile.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(expected) && !told.contains("4111"), "{told}");
    }
    let output = pos(&["demo", "--pin", "12x4"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(!String::from_utf8(output.stderr).unwrap().contains("12x4"));
}
