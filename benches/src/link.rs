//! What stands around messages: frames and headers, answers matched to requests, files of clearing records.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hint::black_box;
use std::time::Duration;

use iso8583_wire::dialect::ISO87_ASCII;
use iso8583_wire::frame::{Deframed, Framing};
use iso8583_wire::header::Header;
use iso8583_wire::ipm::{Format, Reader, Writer};
use iso8583_wire::matcher::{Keys, Matcher, Slot, Verdict};
use iso8583_wire::{Encoder, MessageRef, Mti};

use crate::inputs::INPUTS;
use crate::{Job, Side};

pub fn jobs() -> Vec<Job> {
    vec![frame(), frame_and_parse(), matcher(), ipm(Format::Vbs), ipm(Format::Blocked1014)]
}

/// The text form of the purchase behind a length and a TPDU.
fn framed() -> Vec<u8> {
    let tpdu = [0x60, 0x00, 0x03, 0x00, 0x01];
    let length = Framing::BINARY_2.header(tpdu.len() + INPUTS.purchase_text.len()).unwrap();
    [&*length, &tpdu, &INPUTS.purchase_text].concat()
}

fn handed_on(received: &[u8]) -> &[u8] {
    let Ok(Deframed::Frame { message, .. }) = Framing::BINARY_2.deframe(received) else { panic!() };
    Header::Tpdu.split(message).unwrap().1
}

/// A message found behind its length and its header.
fn frame() -> Job {
    let stream = framed();
    assert_eq!(handed_on(&stream), INPUTS.purchase_text);
    let floor_stream = stream.clone();
    let floor = move || {
        let received = black_box(&floor_stream[..]);
        let length = usize::from(u16::from_be_bytes([received[0], received[1]]));
        black_box(&received[2..2 + length][5..]);
    };
    let ours = move || {
        black_box(handed_on(black_box(&stream)));
    };
    Job { name: "link/frame", sides: vec![Side::ours("ours", ours), Side::floor("floor", floor)] }
}

/// The same and the message parsed, beside the message parsed alone.
fn frame_and_parse() -> Job {
    let stream = framed();
    let ours = move || {
        black_box(MessageRef::parse(&ISO87_ASCII, handed_on(black_box(&stream))).unwrap());
    };
    let floor = || {
        black_box(MessageRef::parse(&ISO87_ASCII, black_box(&INPUTS.purchase_text)).unwrap());
    };
    let sides = vec![Side::ours("ours", ours), Side::floor("floor, no frame", floor)];
    Job { name: "link/frame_and_parse", sides }
}

/// Requests that wait while one is sent and answered.
const OUTSTANDING: u32 = 10_000;

/// Requests that are sent and answered in turn.
const IN_TURN: u32 = 64;

fn message(mti: &[u8; 4], stan: u32) -> MessageRef<'static, 'static> {
    let mut buffer = [0; 64];
    let mut message =
        Encoder::new(&ISO87_ASCII, Mti::from_digits(mti).unwrap(), &mut buffer).unwrap();
    message.number(11, stan.into()).unwrap().text(41, "TERM0001").unwrap();
    let wire: &'static [u8] = message.finish().to_vec().leak();
    MessageRef::parse(&ISO87_ASCII, wire).unwrap()
}

/// A request noted and its answer matched, among ten thousand others and among a hundred.
fn matcher() -> Job {
    let many = move || among(OUTSTANDING);
    let (ours, few) = (many(), among(100));
    let exchanges = exchanges();
    let turn = Cell::new(0);
    let map = RefCell::new(HashMap::new());
    let key = |message: &MessageRef<'_, '_>| {
        let stan: [u8; 6] = message.require(11).unwrap().data().try_into().unwrap();
        let terminal: [u8; 8] = message.require(41).unwrap().data().try_into().unwrap();
        (stan, terminal)
    };
    for stan in 1..=OUTSTANDING {
        map.borrow_mut().insert(key(&message(b"0200", stan)), stan);
    }
    // What a program does without: the standard library's map, without times, late answers and duplicates.
    let floor = move || {
        let (request, answer) = next(&exchanges, &turn);
        let mut map = map.borrow_mut();
        map.insert(key(request), 7);
        assert_eq!(map.remove(&key(answer)), Some(7));
    };
    let sides = vec![
        Side::ours("ours", ours),
        Side::ours("ours, 100 outstanding", few),
        Side::floor("floor, HashMap", floor),
    ];
    Job { name: "link/matcher", sides }
}

type Exchange = (MessageRef<'static, 'static>, MessageRef<'static, 'static>);

fn exchanges() -> Vec<Exchange> {
    let exchange = |stan| (message(b"0200", 900_000 + stan), message(b"0210", 900_000 + stan));
    (0..IN_TURN).map(exchange).collect()
}

fn next<'e>(exchanges: &'e [Exchange], turn: &Cell<usize>) -> &'e Exchange {
    turn.set((turn.get() + 1) % exchanges.len());
    &exchanges[turn.get()]
}

fn among(outstanding: u32) -> impl Fn() {
    let slots = vec![Slot::EMPTY; (outstanding + 2 * IN_TURN) as usize].leak();
    let mut matcher = Matcher::new(slots, Keys::DEFAULT, Duration::from_secs(30));
    for stan in 1..=outstanding {
        matcher.sent(&message(b"0200", stan), Duration::ZERO, stan).unwrap();
    }
    let (matcher, exchanges, turn) = (RefCell::new(matcher), exchanges(), Cell::new(0));
    move || {
        let (request, answer) = next(&exchanges, &turn);
        let mut matcher = matcher.borrow_mut();
        matcher.sent(request, Duration::from_secs(1), 7).unwrap();
        let verdict = matcher.received(answer, Duration::from_secs(1));
        assert!(matches!(verdict, Verdict::Answered { token: 7, .. }));
    }
}

/// A mebibyte of records, read in pieces of 64 KiB.
fn ipm(format: Format) -> Job {
    let mut file = Vec::new();
    let mut writer = Writer::new(format);
    let (mut out, mut records) = ([0; 4_096], 0_u64);
    while file.len() < 1 << 20 {
        // 300 to 900 bytes, as clearing records are.
        let length = 300 + (records as usize * 131) % 600;
        file.extend(writer.write(&vec![b'7'; length], &mut out).unwrap());
        records += 1;
    }
    file.extend(writer.finish(&mut out).unwrap());
    let copied = file.clone();
    let ours = move || {
        let mut buffer = [0; 6_000];
        let mut reader = Reader::new(format, &mut buffer);
        let mut found = 0;
        for mut piece in black_box(&file[..]).chunks(65_536) {
            while let Some(record) = reader.read(&mut piece).unwrap() {
                black_box(record);
                found += 1;
            }
        }
        reader.finish().unwrap();
        assert_eq!(found, records);
    };
    let floor = move || {
        let mut target = vec![0; 65_536];
        for piece in black_box(&copied[..]).chunks(65_536) {
            target[..piece.len()].copy_from_slice(piece);
            black_box(&target);
        }
    };
    let name = match format {
        Format::Vbs => "link/ipm_vbs",
        Format::Blocked1014 => "link/ipm_blocked",
    };
    Job { name, sides: vec![Side::ours("ours", ours), Side::floor("floor, copied once", floor)] }
}
