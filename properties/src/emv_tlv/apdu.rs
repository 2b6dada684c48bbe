mod built;
mod secret;

use emv_tlv::{
    Error, ErrorKind, Exposed, FIELD_55, Tag, Writer,
    apdu::{
        ApplicationCryptogram, Category, Command, Fci, Instruction, IssuerScript, Le,
        MagStripeChecksum, ProcessingOptions, RelayResistance, Response, StatusWord, Trace,
        directory_entries, parse_challenge, parse_object, parse_record, parse_signed_data,
    },
    tags,
};

use self::{built::built, secret::secret};
use crate::{
    choices::{Choices, hex},
    told::assert_told,
};

/// Any bytes as commands and responses: what a slow reading finds, written again as they were, and told by a trace without a secret.
///
/// Choices: a command to build: `u8` which, `[u8; 3]` parameters, `bytes` data, which are taken ten times if their length
/// leaves 3 when divided by 4. Then a transaction with secrets in it: `u8` which card number, by what it leaves when divided by 4, and which
/// exchange is shown, by the quotient; `[u8; 4]` before and `[u8; 4]` behind the number, `[u8; 8]` PIN block, `u8` whose bits leave values out of lists and records. Then APDUs: `u8`, even for a command and odd for a
/// response, then the length, as `u16` if that was 128 or more and as `u8` otherwise, and so many bytes.
pub fn apdu_trace(data: &[u8]) {
    let mut choices = Choices::new(data);
    built(&mut choices);
    secret(&mut choices);
    let mut trace = Trace::default();
    while !choices.is_empty() {
        let kind = choices.u8();
        let count = if kind < 128 { usize::from(choices.u8()) } else { choices.u16().into() };
        let bytes = choices.take(count);
        let before = trace;
        let told = if kind.is_multiple_of(2) {
            command(bytes);
            trace.command(bytes).map(|sent| (sent.to_string(), format!("{sent:?}")))
        } else {
            response(bytes);
            trace.response(bytes).map(|received| (received.to_string(), format!("{received:?}")))
        };
        match told {
            Ok((shown, debug)) => assert!(!shown.contains('\n') && !debug.contains('\n')),
            Err(error) => {
                assert_within(error, bytes);
                assert_eq!(format!("{trace:?}"), format!("{before:?}"));
            }
        }
    }
}

fn assert_within(error: Error, bytes: &[u8]) {
    assert!(usize::try_from(error.offset()).unwrap() <= bytes.len(), "{error}");
    assert_told(error.kind().as_str(), &error);
}

/// A command as it should be read: header, data, Le, whether extended.
type Parts<'a> = ([u8; 4], &'a [u8], Option<u32>, bool);

/// By the total length alone, case after case.
fn read(bytes: &[u8]) -> Result<Parts<'_>, (ErrorKind, usize)> {
    use ErrorKind::{TrailingBytes, TruncatedLength, TruncatedValue};
    if bytes.len() < 4 {
        return Err((TruncatedValue, 0));
    }
    let header = [bytes[0], bytes[1], bytes[2], bytes[3]];
    let short = |at: usize| if bytes[at] == 0 { 256 } else { u32::from(bytes[at]) };
    let pair = |at: usize| u32::from(bytes[at]) * 256 + u32::from(bytes[at + 1]);
    let extended = |at: usize| if pair(at) == 0 { 65_536 } else { pair(at) };
    if bytes.len() == 4 {
        return Ok((header, &[], None, false));
    }
    if bytes.len() == 5 {
        return Ok((header, &[], Some(short(4)), false));
    }
    if bytes[4] != 0 {
        let end = 5 + usize::from(bytes[4]);
        return match bytes.len() {
            len if len < end => Err((TruncatedValue, 5)),
            len if len == end => Ok((header, &bytes[5..end], None, false)),
            len if len == end + 1 => Ok((header, &bytes[5..end], Some(short(end)), false)),
            _ => Err((TrailingBytes, end + 1)),
        };
    }
    if bytes.len() == 6 {
        return Err((TruncatedLength, 4));
    }
    if bytes.len() == 7 {
        return Ok((header, &[], Some(extended(5)), true));
    }
    let end = 7 + usize::try_from(pair(5)).unwrap();
    match bytes.len() {
        _ if end == 7 => Err((TrailingBytes, 7)),
        len if len < end => Err((TruncatedValue, 7)),
        len if len == end => Ok((header, &bytes[7..end], None, true)),
        len if len == end + 1 => Err((TruncatedLength, end)),
        len if len == end + 2 => Ok((header, &bytes[7..end], Some(extended(end)), true)),
        _ => Err((TrailingBytes, end + 2)),
    }
}

fn command(bytes: &[u8]) {
    let command = match (Command::parse(bytes), read(bytes)) {
        (Ok(command), Ok((header, data, le, extended))) => {
            assert_eq!([command.cla, command.ins, command.p1, command.p2], header);
            assert_eq!(command.data.as_ptr_range(), data.as_ptr_range());
            assert_eq!(command.le.map(Le::bytes), le);
            assert_eq!(command.extended, extended);
            command
        }
        (Err(error), Err((kind, offset))) => {
            return assert_eq!((error.kind(), usize::try_from(error.offset())), (kind, Ok(offset)));
        }
        (command, parts) => panic!("{command:?} where {parts:?} was due"),
    };
    assert_written(bytes, command.encoded_len(), |out| command.encode_into(out).map(<[u8]>::len));
    assert_line(&command);
    assert_line(&command.le);
    let exposed = Exposed(&command).to_string();
    assert!(exposed.starts_with(&hex(&bytes[..4])) && exposed.contains(&hex(command.data)));
    let shown = command.to_string();
    assert!(shown.starts_with(&hex(&bytes[..4])));
    // Only the name that is selected may be shown.
    if command.instruction() != Some(Instruction::Select) && !command.data.is_empty() {
        assert!(shown[8..].starts_with(&format!(" ({} byte", command.data.len())), "{shown}");
    }
    assert!(command.channel().is_none_or(|channel| channel < 20));
}

fn assert_written(bytes: &[u8], len: usize, encode: impl Fn(&mut [u8]) -> Result<usize, Error>) {
    assert_eq!(len, bytes.len());
    let mut out = vec![0xEE; len + 1];
    assert_eq!(encode(&mut out), Ok(len));
    assert_eq!((&out[..len], out[len]), (bytes, 0xEE));
    let mut out = vec![0xEE; len - 1];
    let error = encode(&mut out).unwrap_err();
    assert_eq!(
        (error.kind(), usize::try_from(error.offset())),
        (ErrorKind::BufferTooSmall, Ok(len - 1))
    );
    assert!(out.iter().all(|&byte| byte == 0xEE));
}

fn response(bytes: &[u8]) {
    let Ok(response) = Response::parse(bytes) else { return assert!(bytes.len() < 2) };
    assert_eq!([response.data, &response.status.to_bytes()].concat(), bytes);
    assert_written(bytes, response.encoded_len(), |out| response.encode_into(out).map(<[u8]>::len));
    assert_line(&response);
    let exposed = Exposed(&response).to_string();
    assert!(exposed.ends_with(&hex(response.data)), "{exposed}");
    assert!(response.to_string().starts_with(&hex(&response.status.to_bytes())));
    status(response.status);
    answers(response.data);
}

fn assert_line(shown: &impl core::fmt::Debug) {
    let shown = format!("{shown:?}");
    assert!(!shown.is_empty() && !shown.contains('\n'), "{shown}");
}

/// Values with their tags, of either format, are those that the list lets out.
fn assert_let_out<'a>(values: impl Iterator<Item = (Tag, &'a [u8])> + Clone, data: &[u8]) {
    for (_, value) in values.clone() {
        assert!(value.is_empty() || data.windows(value.len()).any(|part| part == value));
    }
    let mut buffer = vec![0; 2 * data.len() + 64];
    let mut writer = Writer::new(&mut buffer);
    writer.copy_values(values.clone(), FIELD_55).unwrap();
    for object in emv_tlv::parse(writer.finish()) {
        let object = object.unwrap();
        assert!(FIELD_55.contains(&object.tag()));
        assert!(values.clone().any(|(tag, value)| (tag, value) == (object.tag(), object.value())));
    }
}

fn status(status: StatusWord) {
    let raw = status.raw();
    let category = match raw {
        0x9000 | 0x6100..=0x61FF => Category::Success,
        0x6200..=0x63FF => Category::Warning,
        0x6400..=0x6FFF => Category::Error,
        _ => Category::Proprietary,
    };
    assert_eq!(status.category(), category);
    assert!(status.to_string().starts_with(&format!("{raw:04X} ")));
    assert_eq!((StatusWord::new(raw), status.is_success()), (status, raw == 0x9000));
    assert!(!format!("{status:?}").is_empty());
    for command in [
        Instruction::Select,
        Instruction::Verify,
        Instruction::GenerateAc,
        Instruction::ExternalAuthenticate,
        Instruction::GetData,
        Instruction::GetProcessingOptions,
    ] {
        assert!(!status.meaning_after(command).is_empty());
    }
}

/// Reads data as those of every response: what reads agrees with the bytes, what does not is at fault within them.
fn answers(data: &[u8]) {
    let fault = |error: Error| assert_within(error, data);
    if let Ok(answer) = ApplicationCryptogram::parse(data).map_err(fault) {
        assert!(answer.cryptogram.is_some() || answer.signature.is_some());
        assert_line(&answer);
        assert_let_out(answer.values().collect::<Vec<_>>().into_iter(), data);
        let value = answer.object().value();
        if answer.object().tag() == tags::RESPONSE_TEMPLATE_FORMAT_1 {
            assert_eq!(
                (value[0], &answer.cryptogram.unwrap()[..]),
                (answer.cid.to_byte(), &value[3..11])
            );
            assert_eq!(answer.issuer_data.unwrap_or_default(), &value[11..]);
        } else {
            let counter: Vec<_> = answer
                .object()
                .children()
                .filter_map(Result::ok)
                .filter(|object| object.tag() == tags::APPLICATION_TRANSACTION_COUNTER)
                .map(|object| object.value().to_vec())
                .collect();
            assert_eq!(counter, [answer.atc.to_be_bytes()]);
        }
    }
    if let Ok(options) = ProcessingOptions::parse(data).map_err(fault) {
        assert_line(&options);
        assert_let_out(options.values().collect::<Vec<_>>().into_iter(), data);
        let parts =
            [&options.aip.to_bytes()[..], options.afl.map_or(&[][..], |afl| afl.as_bytes())]
                .concat();
        let is_format_1 = options.object().tag() == tags::RESPONSE_TEMPLATE_FORMAT_1;
        assert!(!is_format_1 || parts == options.object().value());
    }
    if let Ok(fci) = Fci::parse(data).map_err(fault) {
        assert!(
            data.windows(fci.df_name.len().max(1)).any(|part| part == fci.df_name)
                || fci.df_name.is_empty()
        );
        assert_line(&fci);
        let mut entries = fci.directory_entries();
        for entry in entries.by_ref() {
            match entry {
                Ok(entry) => {
                    assert_eq!(entry.object().tag(), tags::APPLICATION_TEMPLATE);
                    assert_line(&entry);
                }
                Err(error) => fault(error),
            }
        }
        assert!(entries.next().is_none());
    }
    if let Ok(record) = parse_record(data).map_err(fault) {
        for entry in directory_entries(&record).filter_map(|entry| entry.map_err(fault).ok()) {
            assert_eq!(entry.object().tag(), tags::APPLICATION_TEMPLATE);
        }
    }
    if let Ok(relay) = RelayResistance::parse(data).map_err(fault) {
        let times = [relay.min_time, relay.max_time, relay.transmission_time];
        let times: Vec<u8> = times.into_iter().flat_map(u16::to_be_bytes).collect();
        let value = [&relay.entropy[..], &times].concat();
        assert!(data.windows(10).any(|part| part == value));
    }
    let _ = MagStripeChecksum::parse(data).map(|checksum| assert_line(&checksum)).map_err(fault);
    let _ = parse_signed_data(data).map(|signed| assert!(!signed.is_empty())).map_err(fault);
    let _ = parse_object(data, tags::PIN_TRY_COUNTER).map_err(fault);
    assert_eq!(parse_challenge(data).is_ok(), data.len() == 8);
    for object in emv_tlv::parse(data).map_while(Result::ok) {
        if let Ok(script) = IssuerScript::read(&object).map_err(fault) {
            script.commands().filter_map(Result::err).for_each(fault);
            assert_eq!(script.is_before_final(), object.tag() == tags::ISSUER_SCRIPT_TEMPLATE_1);
            assert_eq!(script.object().offset(), object.offset());
            assert_line(&script);
        }
    }
}
