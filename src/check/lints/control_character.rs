//! Characters that could end a line, or hide what stands there.

use crate::diag::{Code, Finding, code};
use crate::policy::Text;

pub static CODE: Code = code!("control-character", Error);

/// The first such character that is not among those allowed.
pub fn first(text: &str, allowed: &str) -> Option<char> {
    text.chars().find(|c| is_hidden(*c) && !allowed.contains(*c))
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        )
}

pub fn found(text: &Text, character: char) -> Finding {
    Finding::new(
        &CODE,
        text.place,
        format!("this value holds the unseen character U+{:04X}", u32::from(character)),
    )
    .help("take the character out")
}
