//! The data of responses: what they have in common, and those that are one object or none.

use crate::{Error, ErrorKind, Tag, Tlv, Tlvs, parse, tags};

/// The one object that the data of a response are.
pub(super) fn only_object(data: &[u8]) -> Result<Tlv<'_>, Error> {
    let mut objects = parse(data);
    let object = objects.next().ok_or(Error::new(ErrorKind::NotFound, 0))??;
    match objects.next().transpose()? {
        Some(second) => Err(Error::new(ErrorKind::TrailingBytes, second.offset())),
        None => Ok(object),
    }
}

/// The one object that the data of a response are, if it has this tag.
pub(super) fn only(tag: Tag, data: &[u8]) -> Result<Tlv<'_>, Error> {
    let object = only_object(data)?;
    if object.tag() == tag {
        Ok(object)
    } else {
        Err(Error::new(ErrorKind::WrongTag, object.offset()))
    }
}

/// The values of a response with their tags: by position in format 1, else the objects that it holds.
pub(super) fn values<'a, const N: usize>(
    object: Tlv<'a>,
    positions: [Option<(Tag, &'a [u8])>; N],
) -> impl Iterator<Item = (Tag, &'a [u8])> + use<'a, N> {
    let is_format_1 = object.tag() == tags::RESPONSE_TEMPLATE_FORMAT_1;
    let by_position = positions.into_iter().flatten().filter(move |_| is_format_1);
    let objects = object.children().flatten();
    by_position.chain(objects.map(|object| (object.tag(), object.value())))
}

/// The objects of a level that have these tags, each at most once; the others are passed over, but have to be objects.
pub(super) fn pick<'a, const N: usize>(
    objects: Tlvs<'a>,
    tags: [Tag; N],
) -> Result<[Option<Tlv<'a>>; N], Error> {
    let mut found = [None; N];
    for object in objects {
        let object = object?;
        let place = found.iter_mut().zip(tags).find(|(_, tag)| *tag == object.tag());
        if let Some((place, _)) = place
            && place.replace(object).is_some()
        {
            return Err(Error::new(ErrorKind::Duplicate, object.offset()));
        }
    }
    Ok(found)
}

/// An object that must be there, in the template around it.
pub(super) fn due<'a>(object: Option<Tlv<'a>>, template: &Tlv<'_>) -> Result<Tlv<'a>, Error> {
    object.ok_or(Error::new(ErrorKind::NotFound, template.offset()))
}

/// A value of so many bytes.
pub(super) fn fixed<const N: usize>(object: Tlv<'_>) -> Result<&[u8; N], Error> {
    let wrong = Error::new(ErrorKind::WrongLength, object.value_offset());
    object.value().try_into().map_err(|_| wrong)
}

/// The record that the data of a response to READ RECORD are: a template 70.
///
/// Of files 11 to 30 the records have a form of their own, such as that of the transaction log, and are no template.
///
/// # Errors
/// [`ErrorKind::NotFound`] at byte 0 if there are no data; [`ErrorKind::WrongTag`] at another object; [`ErrorKind::TrailingBytes`] at an
/// object behind it; the kinds of [`Tlvs`] for what is no object. What is in the record is not read.
///
/// # Examples
/// ```
/// use emv_tlv::apdu::parse_record;
///
/// let record = parse_record(&[0x70, 0x03, 0x5F, 0x34, 0x00])?;
/// assert_eq!(record.children().count(), 1);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 6.5.11.4.
pub fn parse_record(data: &[u8]) -> Result<Tlv<'_>, Error> {
    only(tags::READ_RECORD_TEMPLATE, data)
}

/// The object that the data of a response to GET DATA are.
///
/// # Errors
/// As [`parse_record`], with [`ErrorKind::WrongTag`] if it is not the object that was asked for.
///
/// # Examples
/// ```
/// use emv_tlv::{apdu::parse_object, tags};
///
/// let counter = parse_object(&[0x9F, 0x17, 0x01, 0x03], tags::PIN_TRY_COUNTER)?;
/// assert_eq!(counter.value(), [3]);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 6.5.7.4.
pub fn parse_object(data: &[u8], tag: Tag) -> Result<Tlv<'_>, Error> {
    only(tag, data)
}

/// The random number that the data of a response to GET CHALLENGE are: 8 bytes.
///
/// # Errors
/// [`ErrorKind::WrongLength`] at byte 0 if they are not 8.
///
/// Source: EMV 4.4 Book 3, 6.5.6.4.
pub fn parse_challenge(data: &[u8]) -> Result<&[u8; 8], Error> {
    data.try_into().map_err(|_| Error::new(ErrorKind::WrongLength, 0))
}

/// The signature, 9F4B, in the data of a response to INTERNAL AUTHENTICATE, of format 1 or 2.
///
/// # Errors
/// [`ErrorKind::NotFound`] at the template if it is not there or empty, or at byte 0 if there are no data;
/// [`ErrorKind::Duplicate`] if it is there twice; [`ErrorKind::WrongTag`] at a template that is neither 80 nor 77;
/// [`ErrorKind::TrailingBytes`] at an object behind it; the kinds of [`Tlvs`].
///
/// # Examples
/// ```
/// use emv_tlv::apdu::parse_signed_data;
///
/// assert_eq!(parse_signed_data(&[0x80, 0x02, 0xAA, 0xBB])?, [0xAA, 0xBB]);
/// # Ok::<(), emv_tlv::Error>(())
/// ```
/// Source: EMV 4.4 Book 3, 6.5.9.4.
pub fn parse_signed_data(data: &[u8]) -> Result<&[u8], Error> {
    let object = only_object(data)?;
    let signature = match object.tag() {
        tags::RESPONSE_TEMPLATE_FORMAT_1 => object,
        tags::RESPONSE_TEMPLATE_FORMAT_2 => {
            let [signature] = pick(object.children(), [tags::SIGNED_DYNAMIC_APPLICATION_DATA])?;
            due(signature, &object)?
        }
        _ => return Err(Error::new(ErrorKind::WrongTag, object.offset())),
    };
    if signature.value().is_empty() {
        return Err(Error::new(ErrorKind::NotFound, object.offset()));
    }
    Ok(signature.value())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hex_literal::hex;

    #[test]
    fn one_object_of_the_tag_that_is_due() {
        use ErrorKind::{NotFound, TrailingBytes, TruncatedLength, WrongTag};
        assert_eq!(parse_record(&hex!("70039C010000")).unwrap().value(), hex!("9C0100"));
        for (data, kind, offset) in [
            (&hex!("")[..], NotFound, 0),
            (&hex!("00"), NotFound, 0),
            (&hex!("7700"), WrongTag, 0),
            (&hex!("70007000"), TrailingBytes, 2),
            (&hex!("700100009C"), TruncatedLength, 5),
        ] {
            let error = parse_record(data).unwrap_err();
            assert_eq!(error, Error::new(kind, offset), "{data:02X?}");
        }
    }

    #[test]
    fn a_signature_in_either_format() {
        assert_eq!(parse_signed_data(&hex!("77 06 9F4B03AABBCC")), Ok(&hex!("AABBCC")[..]));
        let fault = |data| parse_signed_data(data).map_err(|error| (error.kind(), error.offset()));
        assert_eq!(fault(&hex!("8000")), Err((ErrorKind::NotFound, 0)));
        assert_eq!(fault(&hex!("77049F4B0000")), Err((ErrorKind::NotFound, 0)));
        assert_eq!(fault(&hex!("77039C0100")), Err((ErrorKind::NotFound, 0)));
        assert_eq!(fault(&hex!("7000")), Err((ErrorKind::WrongTag, 0)));
        assert_eq!(fault(&hex!("77089F4B01AA9F4B01AA")), Err((ErrorKind::Duplicate, 6)));
    }

    #[test]
    fn a_challenge_is_eight_bytes() {
        assert_eq!(parse_challenge(&[7; 8]), Ok(&[7; 8]));
        assert_eq!(
            parse_challenge(&[7; 9]).map_err(|error| error.kind()),
            Err(ErrorKind::WrongLength)
        );
    }
}
