use emv_tlv::{
    MaskedValue, Tag,
    apdu::{Action, Command, Signature, Trace},
    element::CryptogramType,
    tags,
};

use crate::choices::{Choices, hex};

const PANS: [[u8; 8]; 4] = [
    *b"\x41\x11\x11\x11\x11\x11\x11\x11",
    *b"\x54\x13\x33\x00\x89\x01\x04\x34",
    *b"\x62\x24\x24\x23\x00\x00\x00\x69",
    *b"\x47\x61\x73\x90\x01\x01\x00\x10",
];

/// 5006111111111116, an application label of six bytes.
const LABEL: [u8; 8] = *b"\x50\x06\x11\x11\x11\x11\x11\x16";

/// A transaction in which a card number, a track, a PIN and a cryptogram stand where they may: nothing of the trace shows them.
///
/// All of it is followed, and one exchange is shown, because showing takes most of the time.
pub(super) fn secret(choices: &mut Choices<'_>) {
    let which = usize::from(choices.u8());
    let pan = PANS[which % PANS.len()];
    let before: [u8; 4] = choices.array();
    let behind: [u8; 4] = choices.array();
    let pin: [u8; 8] = choices.array();
    let places = choices.u8();
    let around = [&before[..], &pan, &behind].concat();
    let ascii = hex(&pan).into_bytes();
    let track = [&pan[..], &[0xD2, 0x51, 0x22, 0x01], &behind].concat();

    // Values that a list may ask for, as tag and value.
    let values: Vec<(u32, &[u8])> = [
        (0x5A, &pan[..]),
        (0x57, &track),
        (0xDF01, &around),
        (0xDF02, &ascii),
        (0x99, &pin),
        (0x9F26, &pin),
        (0x9F37, &before),
        (0x9F02, &[0, 0, 0, 0, 1, 0]),
    ]
    .into_iter()
    .enumerate()
    .filter(|(at, _)| places >> at & 1 == 0)
    .map(|(_, value)| value)
    .collect();
    let object = |raw: u32, value: &[u8]| {
        let tag: Vec<u8> = raw.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect();
        [&tag[..], &[u8::try_from(value.len()).unwrap()], value].concat()
    };
    let list: Vec<u8> = values
        .iter()
        .flat_map(|(raw, value)| {
            let bytes = raw.to_be_bytes();
            let tag = bytes.into_iter().skip_while(|&byte| byte == 0);
            tag.chain([u8::try_from(value.len()).unwrap()]).collect::<Vec<_>>()
        })
        .collect();
    let filled: Vec<u8> = values.iter().flat_map(|(_, value)| value.iter().copied()).collect();
    let objects: Vec<u8> = values.iter().flat_map(|(raw, value)| object(*raw, value)).collect();

    let proprietary = object(0xA5, &object(0x9F38, &list));
    let fci = object(0x6F, &[object(0x84, &[0xA0, 1]), proprietary].concat());
    let nested = object(0x70, &[object(0x8C, &list), object(0x8D, &list)].concat());
    let format_1 = object(0x80, &[&[0x80, 0, 1][..], &pin, &around].concat());
    let mut buffer = [0; 256];
    let options = Command::get_processing_options(&filled, &mut buffer).unwrap();
    let first = Command::generate_ac(CryptogramType::Arqc, Signature::None, &filled);
    let second = Command::generate_ac(CryptogramType::Tc, Signature::Cda, &filled);
    let exchanges: Vec<(Command<'_>, Vec<u8>)> = vec![
        (Command::select(&around), fci),
        (options, object(0x77, &[object(0x82, &[0, 0]), objects.clone()].concat())),
        (Command::read_record(1, 1).unwrap(), nested),
        (Command::read_record(1, 2).unwrap(), object(0x70, &objects)),
        (Command::read_record(1, 3).unwrap(), object(0x70, &object(0xE1, &objects))),
        (Command::read_record(1, 4).unwrap(), around.clone()),
        (Command::read_record(11, 1).unwrap(), around.clone()),
        (Command::verify_plaintext(&pin), around.clone()),
        (Command::verify_enciphered(&around), vec![]),
        (Command::get_data(tags::PIN_TRY_COUNTER).unwrap(), object(0x5A, &pan)),
        (Command::get_data(tags::PAN).unwrap(), object(0x5A, &pan)),
        (first, format_1.clone()),
        (Command::external_authenticate(&pin).unwrap(), vec![]),
        (second, format_1),
        (Command::internal_authenticate(&around), object(0x80, &around)),
        (Command::pin_change_unblock(2, &around), vec![]),
        (Command::put_data(tags::PAN, &around).unwrap(), vec![]),
        (Command::update_record(1, 1, &around).unwrap(), vec![]),
        (Command { cla: 0xE0, ..Command::select(&around) }, around.clone()),
        (Command { p1: 0, ..Command::select(&around) }, around.clone()),
        // Objects that should be public, and others that no parser reads.
        (Command::read_record(1, 5).unwrap(), object(0x70, &object(0x50, &around))),
        (Command::select(&[0xA0]), object(0x6F, &object(0x84, &around))),
        (Command::get_challenge(), object(0x9F50, &around)),
        // In a chain, and under secure messaging: the code over the response, too.
        (Command { cla: 0x90, ..first }, vec![]),
        (Command { cla: 0x8C, ..first }, [object(0x99, &[0x90, 0]), object(0x8E, &pin)].concat()),
        (Command { cla: 0x0C, ..Command::select(&pin) }, object(0x8E, &pin)),
        // A card number that reads as an object: its second byte counts the rest.
        (Command::read_record(1, 6).unwrap(), object(0x70, &LABEL)),
    ];
    let looked_at = which / PANS.len() % exchanges.len();
    let wire: Vec<(Vec<u8>, Vec<u8>)> = exchanges
        .iter()
        .map(|(command, data)| {
            let mut out = vec![0; command.encoded_len()];
            command.encode_into(&mut out).unwrap();
            (out, [&data[..], &[0x90, 0x00]].concat())
        })
        .collect();
    let number = hex(&pan);
    let number_in_text = hex(&ascii);
    // A block of few different digits may stand in anything.
    let is_telling = pin.iter().all(|&byte| pin.iter().filter(|&&b| b == byte).count() == 1);
    let block = Some(hex(&pin)).filter(|_| is_telling && !around_has(&around, &pin));
    let mut trace = Trace::new();
    for (at, (command, response)) in wire.iter().enumerate() {
        let sent = trace.command(command).unwrap();
        let received = trace.response(response).unwrap();
        if at != looked_at {
            continue;
        }
        for shown in [
            sent.to_string(),
            format!("{sent:?}"),
            sent.command.to_string(),
            received.to_string(),
            format!("{received:?}"),
            received.response.to_string(),
            format!("{trace:?}"),
        ] {
            assert!(!shown.contains(&number), "{shown}");
            assert!(!shown.contains(&number_in_text), "{shown}");
            assert!(block.as_ref().is_none_or(|block| !shown.contains(block)), "{shown}");
            assert!(!shown.contains("111111111116"), "{shown}");
        }
        if let Action::GenerateAc { data, .. } | Action::GetProcessingOptions(data) = sent.action {
            let told: Vec<_> = data.values().map(|(tag, value)| (tag.raw(), value)).collect();
            assert_eq!(told, values);
            let shown: Vec<_> = values
                .iter()
                .map(|&(raw, value)| (Tag::new(raw).unwrap(), value))
                .map(|(tag, value)| format!("{tag} {}", MaskedValue::new(tag, value)))
                .collect();
            assert_eq!(data.to_string(), shown.join(", "));
        }
    }
    // The last command has selected something else.
    assert!(trace.list(tags::CDOL2).is_none());
}

/// Whether a block stands in what is shown with good reason.
fn around_has(around: &[u8], block: &[u8]) -> bool {
    around.windows(block.len()).any(|part| part == block)
}
