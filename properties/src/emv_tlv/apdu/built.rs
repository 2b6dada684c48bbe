use emv_tlv::{
    Tag,
    apdu::{Action, Command, Instruction, Le, Signature, Trace},
    element::CryptogramType,
    encoded_len, tags,
};

use crate::{choices::Choices, told::assert_told};

/// A command that is built reads back as what was asked for.
pub(super) fn built(choices: &mut Choices<'_>) {
    let which = choices.u8() % 22;
    let [p1, p2, p3] = choices.array();
    let count = choices.u8();
    let data = choices.take(count.into());
    let data = &if count % 4 == 3 { data.repeat(10) } else { data.to_vec() }[..];
    let tag = Tag::new(u32::from_be_bytes([0, if p3 < 128 { 0 } else { p3 }, p1, p2]));
    let tag = tag.unwrap_or(tags::PIN_TRY_COUNTER);
    let mut block = [0; 8];
    block.iter_mut().zip(data).for_each(|(to, from)| *to = *from);
    let [a, b, c, d, ..] = block;
    let entropy = [a, b, c, d];
    let kind = [CryptogramType::Aac, CryptogramType::Tc, CryptogramType::Arqc][usize::from(p1 % 3)];
    let signature = [Signature::None, Signature::Cda, Signature::Xda][usize::from(p2 % 3)];
    let mut buffer = vec![0xEE; 300];
    let (made, instruction) = match which {
        0 => (Ok(Command::select(data)), Instruction::Select),
        1 => (Ok(Command::select_next(data)), Instruction::Select),
        2 => {
            let made = Command::get_processing_options(data, &mut buffer);
            assert_eq!(made.is_err(), encoded_len(tags::COMMAND_TEMPLATE, data.len()) > 255);
            (made, Instruction::GetProcessingOptions)
        }
        3 => (Command::read_record(p1, p2), Instruction::ReadRecord),
        4 => (Ok(Command::generate_ac(kind, signature, data)), Instruction::GenerateAc),
        5 => (Ok(Command::internal_authenticate(data)), Instruction::InternalAuthenticate),
        6 => (Command::external_authenticate(data), Instruction::ExternalAuthenticate),
        7 => (Command::get_data(tag), Instruction::GetData),
        8 => (Ok(Command::verify_plaintext(&block)), Instruction::Verify),
        9 => (Ok(Command::verify_enciphered(data)), Instruction::Verify),
        10 => (Ok(Command::verify_enciphered_ecc(data)), Instruction::Verify),
        11 => (Ok(Command::get_challenge()), Instruction::GetChallenge),
        12 => (Ok(Command::get_response(Le::from_short(p1))), Instruction::GetResponse),
        13 => (
            Ok(Command::compute_cryptographic_checksum(data)),
            Instruction::ComputeCryptographicChecksum,
        ),
        14 => (
            Ok(Command::exchange_relay_resistance_data(&entropy)),
            Instruction::ExchangeRelayResistanceData,
        ),
        15 => (Ok(Command::application_block(data)), Instruction::ApplicationBlock),
        16 => (Ok(Command::pin_change_unblock(p1, data)), Instruction::PinChangeUnblock),
        17 => (Command::put_data(tag, data), Instruction::PutData),
        18 => (Command::update_record(p1, p2, data), Instruction::UpdateRecord),
        20 => (Ok(Command::application_unblock(data)), Instruction::ApplicationUnblock),
        21 => (Ok(Command::card_block(data)), Instruction::CardBlock),
        _ => {
            let le = Le::new(u32::from(u16::from_be_bytes([p1, p2])) + 1);
            let command = Command { data, le, ..Command::new(0x00, 0x88, p1, p2) };
            (Ok(command), Instruction::InternalAuthenticate)
        }
    };
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            assert_told(error.kind().as_str(), &error);
            assert!(matches!(which, 2 | 3 | 6 | 7 | 17 | 18), "{error}");
            return assert!(error.offset() < 5);
        }
    };
    let mut out = vec![0xEE; made.encoded_len()];
    let bytes = made.encode_into(&mut out).unwrap();
    assert_eq!(bytes.len(), made.encoded_len());
    let again = Command::parse(bytes).unwrap();
    let extended = made.is_extended() && !(made.data.is_empty() && made.le.is_none());
    assert_eq!(again, Command { extended, ..made });
    assert_eq!(again.instruction(), Some(instruction));
    match which {
        2 => assert!(again.data.ends_with(data)),
        3 | 18 => assert_eq!(again.record(), Some((p1, p2))),
        4 => assert_eq!(again.requested_cryptogram(), Some((kind, signature))),
        7 => assert!(matches!(
            Trace::new().command(bytes).unwrap().action, Action::GetData(asked) if asked == tag
        )),
        _ => {}
    }
    super::command(bytes);
}
