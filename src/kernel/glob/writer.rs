//! Writes parts as a pattern that is read as the same parts.

use super::{Bytes, Part, reader::class_text};

/// The pattern of some parts.
pub(super) fn write(parts: &[Part]) -> String {
    let mut out = Vec::new();
    sequence(parts, false, &mut out);
    // Whole characters were read, and none was taken apart.
    String::from_utf8_lossy(&out).into_owned()
}

fn sequence(parts: &[Part], in_braces: bool, out: &mut Vec<u8>) {
    let mut rest = parts;
    let mut after_slash = false;
    while let Some((part, next)) = rest.split_first() {
        let ends_name = |next: &[Part]| match next.first() {
            None => !in_braces,
            Some(part) => *part == Part::Byte(b'/'),
        };
        rest = next;
        match (part, next) {
            // What a star is as a whole name; see the reader.
            (Part::OneOf(one), [Part::Many(many), behind @ ..])
                if *one == Bytes::not_slash() && after_slash && ends_name(behind) =>
            {
                out.extend(stars(*many));
                rest = behind;
            }
            (Part::Many(many), _) if after_slash && ends_name(next) => {
                // Here a star alone would be one byte at least.
                let both = [b"{", stars(*many), b",", stars(*many), b"}"];
                out.extend(both.concat());
            }
            (Part::Many(many), _) => out.extend(stars(*many)),
            (Part::OneOf(one), _) if *one == Bytes::not_slash() => out.push(b'?'),
            (Part::OneOf(one), _) => {
                let negated = one.contains(0x80);
                let set = if negated { one.complement() } else { *one };
                out.extend(class_text(set, negated).bytes());
            }
            (Part::Either(choices), _) => {
                for (number, choice) in choices.iter().enumerate() {
                    out.push(if number == 0 { b'{' } else { b',' });
                    sequence(choice, true, out);
                }
                out.push(b'}');
            }
            // The parser takes two for one.
            (Part::Byte(b'/'), _) if after_slash => {
                out.extend(b"[/]");
                after_slash = false;
                continue;
            }
            // Before a brace it would be a variable.
            (Part::Byte(b'@'), [Part::Either(_), ..]) => out.extend(b"[@]"),
            (Part::Byte(byte), _) => literal(*byte, in_braces, out),
        }
        after_slash = *part == Part::Byte(b'/');
    }
}

fn stars(many: Bytes) -> &'static [u8] {
    if many == Bytes::any() { b"**" } else { b"*" }
}

/// A byte that stays one.
pub(super) fn literal(byte: u8, in_braces: bool, out: &mut Vec<u8>) {
    match byte {
        b'"' | b'\\' => out.extend(format!("\\{byte:03o}").bytes()),
        b'*' | b'?' | b'[' | b']' | b'{' | b'}' | b'^' => out.extend([b'\\', byte]),
        b',' if in_braces => out.extend(b"\\,"),
        _ => out.push(byte),
    }
}
