//! A spec that is put together at run time against the one in constant tables.

use iso8583_wire::{
    BitmapEncoding, Bitmaps, Composite, CompositeBuf, Encoder, MessageRef, MtiEncoding, Path, Spec,
    SpecBuf, SpecError, SpecRule, Subfield, Tables,
};

/// Puts the tables' fields together one by one, most of them twice, as a spec file would: the spec reads every wire as that of the
/// tables does, fault and place included; a contradiction is named with the way to it.
pub(super) fn assert_built(spec: &Spec<'_>, wires: &[&[u8]]) {
    let Tables { fields, subfields, composites, .. } = spec.tables();
    let mut built =
        SpecBuf::new(spec.name(), spec.mti_encoding(), spec.bitmap_encoding(), spec.bitmaps());
    for (number, field) in (0_u16..).zip(fields) {
        let Some(field) = field else { continue };
        // One that is taken out again, one that is replaced.
        let composite = field.composite().map(|index| tree(subfields, composites, index));
        for _ in 0..2 {
            match &composite {
                Some(composite) => built.set_composite(number, *field, composite.clone()),
                None => built.set(number, *field),
            }
            if number % 2 == 0 {
                built.remove(number);
                // There may be too many parts by now: see below.
                if let Ok(spec) = built.spec() {
                    assert_eq!(spec.field(number), None);
                }
            }
        }
        match composite {
            Some(composite) => built.set_composite(number, *field, composite),
            None => built.set(number, *field),
        }
    }
    built.set_echoes(spec.echoes());
    built.set_header(spec.header());
    // Parts that are shared stand there once each: there may be too many.
    let Ok(other) = built.spec() else { return };
    assert_eq!((other.echoes(), other.header()), (spec.echoes(), spec.header()));
    for wire in wires {
        let [one, two] = [spec, &other].map(|spec| MessageRef::parse(spec, wire));
        assert_eq!(
            one.as_ref().map(|message| format!("{message}{message:?}")).map_err(|error| *error),
            two.as_ref().map(|message| format!("{message}{message:?}")).map_err(|error| *error),
        );
        // What one reads, the other writes.
        if let (Ok(one), Ok(two)) = (&one, &two) {
            let mut buffer = vec![0; wire.len() + 64];
            let mut encoder = Encoder::new(&other, one.mti(), &mut buffer).unwrap();
            for field in one {
                encoder.copy(&field).unwrap();
            }
            let written = encoder.finish();
            let again = MessageRef::parse(spec, written).unwrap();
            assert_eq!(again.to_string(), two.to_string());
        }
    }
    assert_eq!(spec.with_bitmap(spec.bitmap_encoding()), *spec);
    if spec.bitmaps() == Bitmaps::UpToTwo && composites.is_empty() && subfields.is_empty() {
        let (mti, bitmap) = (spec.mti_encoding(), spec.bitmap_encoding());
        let plain = Spec::try_new(spec.name(), mti, bitmap, fields).unwrap();
        assert_eq!(Spec::new(spec.name(), mti, bitmap, fields), plain);
        assert_eq!(plain.echoing(spec.echoes()).behind(spec.header()), *spec);
    }
    let constant = Spec::with_tables(
        spec.name(),
        spec.mti_encoding(),
        spec.bitmap_encoding(),
        spec.bitmaps(),
        spec.tables(),
    );
    assert_eq!(constant.echoing(spec.echoes()).behind(spec.header()), *spec);
}

/// A composite with all that lies in it.
fn tree(subfields: &[Subfield], composites: &[Composite], index: u8) -> CompositeBuf {
    let composite = &composites[usize::from(index)];
    let parts = composite.parts();
    let mut made = CompositeBuf::new(*composite);
    for part in &subfields[parts.start.into()..parts.end.into()] {
        made = match part.field().composite() {
            Some(below) => made.with_composite(
                part.number(),
                *part.field(),
                tree(subfields, composites, below),
            ),
            None => made.with_part(part.number(), *part.field()),
        };
        // One of the same number takes its place.
        made = match part.field().composite() {
            Some(_) => made,
            None => made.with_part(part.number(), *part.field()),
        };
    }
    made
}

/// Tables that contradict themselves do so as a spec that is put together of them as well, which leads to the place; unless it is in what
/// no field uses.
pub(super) fn assert_refused(
    (mti, bitmap, bitmaps): (MtiEncoding, BitmapEncoding, Bitmaps),
    tables: Tables<'_>,
    error: &SpecError,
) {
    let mut built = SpecBuf::new("any", mti, bitmap, bitmaps);
    let mut has_trees = true;
    for (number, field) in (0_u16..).zip(tables.fields) {
        let Some(field) = field else { continue };
        match field.composite().map(|index| whole_tree(&tables, index, 4)) {
            Some(Some(tree)) => built.set_composite(number, *field, tree),
            Some(None) => has_trees = false,
            None => built.set(number, *field),
        }
    }
    let plain = tables.composites.is_empty() && tables.subfields.is_empty();
    let found = match built.spec() {
        Err(found) => found,
        Ok(_) => {
            let unused = !has_trees || !plain || error.rule() == SpecRule::TableTooLong;
            return assert!(unused, "{error}");
        }
    };
    if plain && has_trees && error.rule() != SpecRule::TableTooLong {
        assert_eq!((found.rule(), found.index()), (error.rule(), error.index()));
    }
    assert_eq!(built.clone().leak().map(|_| ()), Err(found));
    let path = built.path(&found);
    assert!(path.numbers().len() <= 4);
    if found.table() == "fields" {
        assert_eq!(path, Path::from(found.index()));
    }
    for rule in [error.rule(), found.rule()] {
        let name = rule.name();
        assert!(name.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{name}");
        assert!(!rule.as_str().contains('\n'));
    }
}

/// A composite with all that lies in it, if it is there and no deeper than so many levels.
fn whole_tree(tables: &Tables<'_>, index: u8, levels: u8) -> Option<CompositeBuf> {
    let levels = levels.checked_sub(1)?;
    let composite = tables.composites.get(usize::from(index))?;
    let parts = composite.parts();
    let parts = tables.subfields.get(parts.start.into()..parts.end.into())?;
    parts.iter().try_fold(CompositeBuf::new(*composite), |made, part| {
        Some(match part.field().composite() {
            Some(below) => made.with_composite(
                part.number(),
                *part.field(),
                whole_tree(tables, below, levels)?,
            ),
            None => made.with_part(part.number(), *part.field()),
        })
    })
}
