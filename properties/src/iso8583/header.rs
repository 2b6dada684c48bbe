use iso8583_wire::header::{Base1, Cups, Header, HeaderError, HeaderErrorKind, Tpdu, UnionPay};

use crate::{
    choices::{Choices, hex},
    told::assert_told,
};

/// Any bytes under every kind of header: refused for the layout, or cut into a header and a message that tile them.
///
/// Choices: `u8` count of opaque bytes, `u32` as `[u8; 4]` length of the answer; then the bytes. A header that is cut anywhere
/// is refused as truncated, with what it takes. An answer to an answer has source and destination of the request, and no other
/// byte is changed but the total length. Each accessor gives the bytes at its place, and each part that is written is read back.
pub fn iso8583_header(data: &[u8]) {
    let mut choices = Choices::new(data);
    let opaque = Header::Bytes(choices.u8());
    let message_len = usize::try_from(u32::from_be_bytes(choices.array())).unwrap();
    let frame = choices.rest();
    for kind in [Header::None, Header::Tpdu, Header::UnionPay, Header::Base1, Header::Cups, opaque]
    {
        let split = kind.split(frame);
        match (split, slow_len(kind, frame)) {
            (Ok((header, message)), Ok(len)) => {
                assert_eq!((header, message), frame.split_at(len), "{kind:?}");
                assert_whole(kind, header, message_len);
            }
            (Err(error), Err(expected)) => {
                assert_eq!((error.kind(), error.offset()), expected, "{kind:?}");
                assert_eq!(kind.reply(frame, message_len), Err(error));
                assert_told(error.kind().as_str(), &error);
            }
            (found, expected) => panic!("{kind:?}: {found:?}, not {expected:?}"),
        }
        assert_detected(kind, frame);
    }
    assert_tpdu(frame);
    assert_union_pay(frame);
    assert_base1(frame);
    assert_cups(frame);
}

/// How long the header at the start is, or which rule it breaks, and where.
fn slow_len(kind: Header, frame: &[u8]) -> Result<usize, (HeaderErrorKind, u32)> {
    let first = frame.first().copied();
    let (len, has_layout) = match kind {
        Header::None => (0, true),
        Header::Tpdu => (5, true),
        Header::UnionPay => (11, true),
        Header::Base1 => {
            (if first == Some(26) { 48 } else { 22 }, matches!(first, None | Some(22 | 26)))
        }
        Header::Cups => (46, matches!(first, None | Some(46))),
        Header::Bytes(count) => (usize::from(count), true),
        other => panic!("{other:?}"),
    };
    if !has_layout {
        return Err((HeaderErrorKind::InvalidLength, 0));
    }
    if frame.len() < len {
        return Err((HeaderErrorKind::Truncated { needed: u32::try_from(len).unwrap() }, 0));
    }
    if kind == Header::Base1 && len == 48 {
        if frame[22] < 0x80 {
            return Err((HeaderErrorKind::InvalidBitmap, 22));
        }
        if frame[26] != 22 {
            return Err((HeaderErrorKind::InvalidLength, 26));
        }
    }
    Ok(len)
}

/// Where destination, source and total length of a header stand: start and end of each.
fn places(kind: Header) -> [(usize, usize); 3] {
    match kind {
        Header::Tpdu | Header::UnionPay => [(1, 3), (3, 5), (0, 0)],
        Header::Base1 => [(5, 8), (8, 11), (3, 5)],
        Header::Cups => [(6, 17), (17, 28), (2, 6)],
        _ => [(0, 0); 3],
    }
}

fn assert_whole(kind: Header, header: &[u8], message_len: usize) {
    for cut in 0..header.len() {
        let error = kind.split(&header[..cut]).unwrap_err();
        // Of nothing at all the shorter layout is expected.
        let needed = if cut == 0 && kind == Header::Base1 { 22 } else { header.len() };
        let needed = u32::try_from(needed).unwrap();
        assert_eq!((error.kind(), error.offset()), (HeaderErrorKind::Truncated { needed }, 0));
    }
    let [destination, source, length] = places(kind);
    let reply = match kind.reply(header, message_len) {
        Ok(reply) => reply,
        Err(error) => return assert_no_reply(kind, header, message_len, error),
    };
    assert!(is_sayable(kind, message_len));
    assert_eq!(reply.len(), header.len());
    let mut expected = header.to_vec();
    expected[destination.0..destination.1].copy_from_slice(&header[source.0..source.1]);
    expected[source.0..source.1].copy_from_slice(&header[destination.0..destination.1]);
    let total = header.len() + message_len;
    match kind {
        Header::Base1 => {
            expected[3..5].copy_from_slice(&u16::try_from(total).unwrap().to_be_bytes());
        }
        Header::Cups => expected[2..6].copy_from_slice(format!("{total:04}").as_bytes()),
        _ => {}
    }
    assert_eq!((hex(&reply), reply.as_ref()), (hex(&expected), &reply[..]));
    // Nothing but a length is shown of it.
    assert_eq!(format!("{reply:?}"), format!("HeaderBytes({} bytes)", header.len()));

    let again = kind.reply(&reply, message_len).unwrap();
    let mut as_sent = header.to_vec();
    as_sent[length.0..length.1].copy_from_slice(&again[length.0..length.1]);
    assert_eq!(hex(&again), hex(&as_sent));
}

/// Whether the total length can say a message of so many bytes.
fn is_sayable(kind: Header, message_len: usize) -> bool {
    match kind {
        Header::Base1 => message_len <= 0xFFFF - 22,
        Header::Cups => message_len <= 9_999 - 46,
        _ => true,
    }
}

fn assert_no_reply(kind: Header, header: &[u8], message_len: usize, error: HeaderError) {
    let expected = match kind {
        Header::Base1 if header.len() == 48 => (HeaderErrorKind::NoReply, 0),
        Header::Base1 => (HeaderErrorKind::LengthAboveMaximum { maximum: 65_513 }, 3),
        Header::Cups => (HeaderErrorKind::LengthAboveMaximum { maximum: 9_953 }, 2),
        Header::Bytes(_) => (HeaderErrorKind::LengthAboveMaximum { maximum: 48 }, 0),
        other => panic!("{other:?}: {error}"),
    };
    assert_eq!((error.kind(), error.offset()), expected);
    assert_told(error.kind().as_str(), &error);
    assert!(header.len() >= 48 || !is_sayable(kind, message_len));
}

/// A header is told by its first byte.
fn assert_detected(kind: Header, frame: &[u8]) {
    let first = frame.first().copied();
    let expected = match kind {
        Header::Tpdu | Header::UnionPay => first == Some(0x60),
        Header::Base1 => matches!(first, Some(22 | 26)),
        Header::Cups => first == Some(46),
        Header::Bytes(count) => frame.len() >= usize::from(count),
        _ => true,
    };
    assert_eq!(kind.detect(frame), expected, "{kind:?}");
    if kind.split(frame).is_ok() && matches!(kind, Header::Base1 | Header::Cups) {
        assert!(expected);
    }
}

fn assert_tpdu(frame: &[u8]) {
    let Ok((tpdu, rest)) = Tpdu::parse(frame) else { return };
    assert_eq!([tpdu.as_bytes(), rest].concat(), frame);
    let parts = [&[tpdu.id()][..], &tpdu.destination(), &tpdu.source()];
    assert_eq!(parts.concat(), frame[..5]);
    let built = Tpdu::new(tpdu.destination(), tpdu.source()).with_id(tpdu.id());
    assert_eq!(built, tpdu);
    let shown = format!(
        "Tpdu {{ id: {}, destination: {}, source: {} }}",
        hex(&frame[..1]),
        hex(&frame[1..3]),
        hex(&frame[3..5])
    );
    assert_eq!(format!("{tpdu:?}"), shown);
}

fn assert_union_pay(frame: &[u8]) {
    let Ok((header, rest)) = UnionPay::parse(frame) else { return };
    assert_eq!([header.as_bytes(), rest].concat(), frame);
    let tpdu = header.tpdu();
    let parts = [
        &tpdu.as_bytes()[..],
        &[header.application_class(), header.software_version()],
        &[header.terminal_state() * 16 + header.request()],
        &header.sub_version(),
    ];
    assert_eq!(parts.concat(), frame[..11]);
    let built = UnionPay::new(header.tpdu(), header.software_version())
        .with_application_class(header.application_class())
        .with_sub_version(header.sub_version());
    let built = built
        .with_terminal_state(header.terminal_state())
        .and_then(|built| built.with_request(header.request()));
    let software = header.software_version();
    assert_eq!(header.with_software_version(!software).software_version(), !software);
    assert!(format!("{header:?}").starts_with("UnionPay { tpdu: Tpdu {"));
    let are_digits = header.terminal_state() < 10 && header.request() < 10;
    match built {
        Ok(built) => assert!(are_digits && built == header),
        Err(error) => {
            assert!(!are_digits);
            assert_eq!((error.kind(), error.offset()), (HeaderErrorKind::InvalidDigit, 7));
        }
    }
}

fn assert_base1(frame: &[u8]) {
    let Ok((header, rest)) = Base1::parse(frame) else { return };
    assert_eq!([header.as_bytes(), rest].concat(), frame);
    let parts = [
        &frame[..1],
        &[header.header_format(), header.text_format()],
        &header.total_len().to_be_bytes(),
        &header.destination(),
        &header.source(),
        &[header.round_trip_control()],
        &header.flags(),
        &header.status_flags(),
        &[header.batch_number()],
        &header.reserved(),
        &[header.user_information()],
    ];
    assert_eq!(parts.concat(), frame[..22]);
    assert_eq!(header.is_reject(), header.as_bytes().len() == 48);
    assert_eq!(header.is_reject(), frame[0] == 26);
    assert_eq!(header.reject_code().is_some(), header.is_reject());
    let shown = format!("{header:?}");
    assert_eq!(shown.contains("reject_code"), header.is_reject(), "{shown}");
    let original = header.original();
    if let (Some(code), Some(original)) = (header.reject_code(), original) {
        assert_eq!(code, frame[24..26]);
        assert_eq!(original.as_bytes(), &frame[26..48]);
        assert_eq!(original, Base1::parse(&frame[26..]).unwrap().0);
        assert!(!original.is_reject());
    }
    let built = Base1::new(header.destination(), header.source())
        .with_text_format(header.text_format())
        .with_round_trip_control(header.round_trip_control())
        .with_flags(header.flags())
        .with_status_flags(header.status_flags())
        .with_batch_number(header.batch_number())
        .with_user_information(header.user_information());
    let settable = |header: Base1| [&header.as_bytes()[2..3], &header.as_bytes()[5..18]].concat();
    assert_eq!(settable(built), settable(header));
    assert_eq!(built.user_information(), header.user_information());
    if let Some(message_len) = usize::from(header.total_len()).checked_sub(22) {
        assert_eq!(built.with_message_len(message_len).unwrap().total_len(), header.total_len());
    }
}

fn assert_cups(frame: &[u8]) {
    let Ok((header, rest)) = Cups::parse(frame) else { return };
    assert_eq!([header.as_bytes(), rest].concat(), frame);
    let parts = [
        &[46, header.flag_and_version()][..],
        &frame[2..6],
        &header.destination(),
        &header.source(),
        &header.reserved(),
        &[header.batch_number()],
        &header.transaction_information(),
        &[header.user_information()],
        &header.reject_code(),
    ];
    assert_eq!(parts.concat(), frame[..46]);
    let digits = core::str::from_utf8(&frame[2..6]).ok();
    let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let total = digits.map(|digits| digits.parse().unwrap());
    assert_eq!(header.total_len(), total);
    let built = Cups::new(header.destination(), header.source())
        .with_flag_and_version(header.flag_and_version())
        .with_batch_number(header.batch_number())
        .with_transaction_information(header.transaction_information())
        .with_user_information(header.user_information())
        .with_reject_code(header.reject_code());
    let settable = |header: Cups| {
        let bytes = header.as_bytes();
        [&bytes[..2], &bytes[6..28], &bytes[31..]].concat()
    };
    assert_eq!(settable(built), settable(header));
    if let Some(message_len) = total.and_then(|total| usize::from(total).checked_sub(46)) {
        assert_eq!(built.with_message_len(message_len).unwrap().total_len(), total);
    }
    assert!(!format!("{header:?}").contains('\n'));
}
