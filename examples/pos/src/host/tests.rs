//! The host, spoken to by a terminal without a network between them.

use std::time::Duration;

use getrandom::SysRng;
use iso8583_wire::Message;
use iso8583_wire::dialect::POS_DEMO;
use iso8583_wire::matcher::{Matcher, Slot};
use tempfile::TempDir;

use dukpt::aes::{Bdk, Ksn};
use iso8583_wire::{MessageRef, Mti};
use pinblock::Pin;

use super::*;
use crate::card::Card;
use crate::terminal::{Doubt, Outgoing, Reply, Sale, Terminal as PosTerminal};
use crate::test_data;

const NOW: &str = "2026-11-23T09:30:00";

struct Scene {
    _folder: TempDir,
    host: Host,
    terminal: PosTerminal,
    card: Card,
}

fn scene() -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let host = Host::create(&folder.path().join("host"), &mut SysRng).unwrap();
    let terminal =
        PosTerminal::install(&folder.path().join("terminal"), test_data::KEY_BLOCK).unwrap();
    let card = Card::from_profile(include_str!("../../cards/visa-4111.json")).unwrap();
    Scene { _folder: folder, host, terminal, card }
}

impl Scene {
    /// A new purchase; what was open before is forgotten.
    fn request(&mut self, amount: u64, pin: &[u8]) -> Outgoing {
        self.terminal.settle(None).unwrap();
        let pin = Pin::from_ascii(pin).unwrap();
        let sale = Sale { card: &self.card, amount, pin: &pin };
        self.terminal.purchase(&sale, Moment::at(NOW), &mut SysRng).unwrap()
    }

    fn reversal(&mut self) -> Outgoing {
        let pending = self.terminal.pending().unwrap().unwrap();
        self.terminal.reversal(&pending, Doubt::NoReply, Moment::at(NOW)).unwrap()
    }

    fn send(&self, bytes: &[u8]) -> Result<Vec<u8>, String> {
        match self.host.handle(bytes, Moment::at(NOW)).unwrap() {
            Answer::Reply(answer) => Ok(answer),
            Answer::Silence(refusal) => Err(refusal.to_string()),
        }
    }

    /// Sends a message and gives the code of its verified answer.
    fn code(&self, request: &Outgoing) -> String {
        read(request, &self.send(request.bytes()).unwrap()).unwrap().unwrap().response_code
    }

    fn charged(&self) -> usize {
        let books = self.host.books().unwrap();
        assert!(books.are_right(), "{books:?}");
        books.charged
    }
}

/// Reads an answer as the terminal does.
fn read(request: &Outgoing, answer: &[u8]) -> Result<Option<Reply>, Doubt> {
    let mut slots = [Slot::EMPTY; 1];
    let mut matcher = Matcher::new(&mut slots, Outgoing::KEYS, Duration::from_secs(1));
    matcher.sent(&request.message().unwrap(), Duration::ZERO, ()).unwrap();
    request.read(answer, &mut matcher, Duration::ZERO)
}

/// The message with its fields changed and a right MAC over the result.
fn changed(request: &Outgoing, change: impl FnOnce(&mut Message<'_>)) -> Vec<u8> {
    let message = MessageRef::parse(&POS_DEMO, request.bytes()).unwrap();
    let ksn = Ksn::try_from(message.get(fields::KSN).unwrap().data()).unwrap();
    let key = Bdk::from_bytes(&test_data::BDK).initial_key(ksn.initial_key_id());
    let key = key.transaction_key(&ksn).unwrap();
    let mut message = Message::from(&message);
    message.remove(64);
    change(&mut message);
    let mut buffer = [0; 1_024];
    let unsealed = message.encoder(&mut buffer).unwrap().finish_with_mac().unwrap();
    let mac = key.mac_generation_key().cmac().chain(unsealed.mac_input()).finalize(8).unwrap();
    unsealed.seal(mac.as_bytes()).unwrap().to_vec()
}

fn code_of(answer: &[u8]) -> String {
    let answer = MessageRef::parse(&POS_DEMO, answer).unwrap();
    answer.get(fields::RESPONSE_CODE).unwrap().exposed().to_string()
}

#[test]
fn no_single_bit_can_be_changed() {
    let mut scene = scene();
    let request = scene.request(1_999, b"1234");
    for bit in 0..request.bytes().len() * 8 {
        let mut bytes = request.bytes().to_vec();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(scene.send(&bytes).is_err(), "bit {bit} was answered");
    }
    assert_eq!(scene.charged(), 0);
    assert_eq!(scene.code(&request), "00");
    assert_eq!(scene.charged(), 1);
}

#[test]
fn the_same_bytes_get_the_same_answer_and_an_older_message_gets_none() {
    let mut scene = scene();
    let first = scene.request(100, b"1234");
    let answer = scene.send(first.bytes()).unwrap();
    assert_eq!(scene.send(first.bytes()).unwrap(), answer);
    let second = scene.request(100, b"1234");
    assert_eq!(scene.code(&second), "00");
    assert_eq!(scene.send(first.bytes()).unwrap_err(), "counter not above the last one");
    // Another message under the counter that was used last.
    let other = changed(&second, |message| message.set_number(fields::AMOUNT, 1).unwrap());
    assert_eq!(scene.send(&other).unwrap_err(), "counter not above the last one");
    assert_eq!(scene.charged(), 2);
}

#[test]
fn a_forged_counter_locks_nobody_out() {
    let mut scene = scene();
    let first = scene.request(100, b"1234");
    assert_eq!(scene.code(&first), "00");
    let next = scene.request(100, b"1234");
    for counter in [0xFFFF_0000_u32, 0x0001_0000, 3] {
        let ksn = [test_data::INITIAL_KEY_ID.as_slice(), &counter.to_be_bytes()].concat();
        assert_eq!(scene.send(&unsealed_with_ksn(&next, &ksn)).unwrap_err(), "wrong MAC");
    }
    assert_eq!(scene.code(&next), "00");
    assert_eq!(scene.charged(), 2);
}

#[test]
fn a_host_that_starts_again_knows_the_last_counter() {
    let mut scene = scene();
    let requests: Vec<_> = (0..3).map(|_| scene.request(100, b"1234")).collect();
    // Two were lost on the line; counters may be passed over.
    let answer = scene.send(requests[2].bytes()).unwrap();
    let Scene { _folder: folder, host, terminal, card } = scene;
    drop(host);
    let host = Host::open(&folder.path().join("host")).unwrap();
    let mut scene = Scene { _folder: folder, host, terminal, card };
    assert_eq!(scene.send(requests[2].bytes()).unwrap(), answer);
    for old in &requests[..2] {
        assert_eq!(scene.send(old.bytes()).unwrap_err(), "counter not above the last one");
    }
    let next = scene.request(100, b"1234");
    assert_eq!(scene.code(&next), "00");
    assert_eq!(scene.charged(), 2);
}

#[test]
fn of_many_messages_under_one_counter_at_a_time_one_is_decided() {
    let mut scene = scene();
    for round in 1..=8 {
        let request = scene.request(100, b"1234");
        let other = changed(&request, |message| message.set_text(fields::DATE, "0101").unwrap());
        let (scene, barrier) = (&scene, &std::sync::Barrier::new(4));
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads = [request.bytes(), &other, request.bytes(), &other].map(|bytes| {
                scope.spawn(move || {
                    barrier.wait();
                    scene.send(bytes)
                })
            });
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let answered = answers.iter().filter_map(|answer| answer.as_ref().ok()).collect::<Vec<_>>();
        assert_eq!(answered.len(), 2);
        assert_eq!(answered[0], answered[1]);
        assert_eq!(scene.charged(), round);
    }
}

#[test]
fn strangers_are_not_answered() {
    let mut scene = scene();
    let request = scene.request(100, b"1234");
    let mut other_terminal = [0x12; 12];
    other_terminal[11] = 1;
    let other = changed(&request, |message| {
        message.set_bytes(fields::KSN, &other_terminal).unwrap();
    });
    assert_eq!(scene.send(&other).unwrap_err(), "unknown key serial number");
    let none = changed(&request, |message| {
        message.remove(fields::KSN);
    });
    assert_eq!(scene.send(&none).unwrap_err(), "no key serial number in field 53");
    for tail in [[0; 4], [0xFF; 4]] {
        let ksn = [test_data::INITIAL_KEY_ID.as_slice(), &tail].concat();
        let unusable = unsealed_with_ksn(&request, &ksn);
        assert!(scene.send(&unusable).unwrap_err().starts_with("unusable key serial number"));
    }
    assert!(scene.send(b"").unwrap_err().starts_with("unreadable message"));
    assert_eq!(scene.charged(), 0);
}

/// The message under another key serial number, with the MAC that it had.
fn unsealed_with_ksn(request: &Outgoing, ksn: &[u8]) -> Vec<u8> {
    let message = MessageRef::parse(&POS_DEMO, request.bytes()).unwrap();
    let mut message = Message::from(&message);
    message.set_bytes(fields::KSN, ksn).unwrap();
    message.encode_to_vec().unwrap()
}

#[test]
fn an_answer_is_no_request() {
    let mut scene = scene();
    let request = scene.request(100, b"1234");
    let answer = scene.send(request.bytes()).unwrap();
    assert_eq!(scene.send(&answer).unwrap_err(), "0210 is not answered");
}

#[test]
fn a_verified_message_that_cannot_be_used_says_why() {
    type Change = fn(&mut Message<'_>);
    let cases: [(Change, &str); 9] = [
        (|m| assert!(m.remove(fields::PAN)), "30"),
        (|m| assert!(m.remove(fields::BATCH)), "30"),
        (|m| m.set_bytes(fields::CHIP_DATA, &[0x9F, 0x02, 0x06]).unwrap(), "30"),
        (|m| m.set_number(fields::AMOUNT, 7).unwrap(), "30"),
        (|m| m.set_text(fields::TERMINAL_ID, "TERM0002").unwrap(), "97"),
        (|m| m.set_text(fields::MERCHANT_ID, "SOMEBODY ELSE").unwrap(), "03"),
        (|m| m.set_text(fields::PAN, "4222222222222").unwrap(), "14"),
        (|m| m.set_text(fields::EXPIRY, "2512").unwrap(), "54"),
        (|m| m.set_text(fields::BATCH, &"1".repeat(500)).unwrap(), "30"),
    ];
    let mut scene = scene();
    for (change, expected) in cases {
        let request = scene.request(100, b"1234");
        let answer = scene.send(&changed(&request, change)).unwrap();
        assert_eq!(code_of(&answer), expected);
    }
    assert_eq!(scene.charged(), 0);
}

#[test]
fn three_wrong_pins_close_the_card() {
    let mut scene = scene();
    for expected in ["55", "55", "55", "75", "75"] {
        let request = scene.request(100, b"0000");
        assert_eq!(scene.code(&request), expected);
    }
    let request = scene.request(100, b"1234");
    assert_eq!(scene.code(&request), "75");
}

#[test]
fn a_number_that_is_used_again_is_neither_charged_nor_approved() {
    let mut scene = scene();
    let first = scene.request(100, b"1234");
    assert_eq!(scene.code(&first), "00");
    let number_of_first = |message: &mut Message<'_>| message.set_number(fields::STAN, 1).unwrap();
    // A terminal that lost its memory: the same purchase, another one, one with a wrong PIN.
    for (amount, pin) in [(100, b"1234"), (200, b"1234"), (100, b"0000")] {
        let again = scene.request(amount, pin);
        assert_eq!(code_of(&scene.send(&changed(&again, number_of_first)).unwrap()), "94");
        // Nor does its reversal give back what the first one paid.
        let reversal = scene.reversal();
        assert_eq!(code_of(&scene.send(&changed(&reversal, number_of_first)).unwrap()), "25");
    }
    assert_eq!(scene.charged(), 1);
}

#[test]
fn a_reversal_gives_back_once_and_overtakes_its_purchase() {
    let mut scene = scene();
    let purchase = scene.request(100, b"1234");
    assert_eq!(scene.code(&purchase), "00");
    for _ in 0..2 {
        let reversal = scene.reversal();
        assert_eq!(scene.code(&reversal), "00");
    }
    assert_eq!(scene.charged(), 0);
    // The reversal arrives first: a purchase that comes after it is declined.
    let late = scene.request(100, b"1234");
    let reversal = scene.reversal();
    assert_eq!(scene.code(&reversal), "25");
    assert_eq!(scene.send(late.bytes()).unwrap_err(), "counter not above the last one");
    let later = scene.request(100, b"1234");
    let number_of_late = |message: &mut Message<'_>| message.set_number(fields::STAN, 2).unwrap();
    assert_eq!(code_of(&scene.send(&changed(&later, number_of_late)).unwrap()), "12");
    // An amount that is not the purchase's is not given back.
    let purchase = scene.request(300, b"1234");
    assert_eq!(scene.code(&purchase), "00");
    let reversal = scene.reversal();
    let more = changed(&reversal, |m| m.set_number(fields::AMOUNT, 301).unwrap());
    assert_eq!(code_of(&scene.send(&more).unwrap()), "64");
    assert_eq!(scene.charged(), 1);
}

#[test]
fn only_purchases_and_reversals_move_money() {
    let mut scene = scene();
    for mti in [b"9200", b"1200", b"2240", b"2260", b"0204", b"0220", b"0201", b"0100", b"1400"] {
        let request = scene.request(100, b"1234");
        let other = changed(&request, |m| m.set_mti(Mti::from_digits(mti).unwrap()));
        assert_eq!(code_of(&scene.send(&other).unwrap()), "12");
    }
    assert_eq!(scene.charged(), 0);
}

#[test]
fn the_books_notice_what_is_wrong() {
    use super::records::LedgerAccount::{Bank, Merchant};
    let mut scene = scene();
    let purchase = scene.request(100, b"1234");
    assert_eq!(scene.code(&purchase), "00");
    let stolen = [("opening balance, stolen", 100), ("TERM0001/000001/000001", 100), ("", 0)];
    for (cause, amount) in stolen {
        let change = scene.host.store.change().unwrap();
        change.post(cause, Merchant("MERCHANT0000001".into()), Bank, amount).unwrap();
        change.commit().unwrap();
        assert!(!scene.host.books().unwrap().are_right(), "{cause}");
    }
}

#[test]
fn a_false_answer_is_not_believed() {
    let mut scene = scene();
    let request = scene.request(100, b"1234");
    let answer = scene.send(request.bytes()).unwrap();
    for bit in 0..answer.len() * 8 {
        let mut bytes = answer.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&request, &bytes).is_err(), "bit {bit} was believed");
    }
    let next = scene.request(100, b"1234");
    assert_eq!(read(&next, &answer).unwrap_err(), Doubt::WrongMac);
    // A request is no answer, though its own key made its MAC.
    assert_eq!(read(&request, request.bytes()).unwrap_err(), Doubt::WrongMac);
}

#[test]
fn a_terminal_that_starts_again_goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let card = Card::from_profile(include_str!("../../cards/visa-4111.json")).unwrap();
    let pin = Pin::from_ascii(b"1234").unwrap();
    let mut terminal = PosTerminal::install(folder.path(), test_data::KEY_BLOCK).unwrap();
    let mut counters = Vec::new();
    for _ in 0..3 {
        let sale = Sale { card: &card, amount: 5, pin: &pin };
        let request = terminal.purchase(&sale, Moment::at(NOW), &mut SysRng).unwrap();
        let message = MessageRef::parse(&POS_DEMO, request.bytes()).unwrap();
        let ksn = Ksn::try_from(message.get(fields::KSN).unwrap().data()).unwrap();
        counters.push(ksn.counter());
        drop(terminal);
        terminal = PosTerminal::open(folder.path()).unwrap();
        let pending = terminal.pending().unwrap().unwrap();
        assert_eq!((pending.ksn(), pending.stan), (ksn, request.stan()));
        terminal.settle(None).unwrap();
    }
    assert_eq!(counters, [1, 2, 3]);
}
