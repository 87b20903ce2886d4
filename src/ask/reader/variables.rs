//! The variables of a profile, and texts with their values in place of their names.

use std::collections::BTreeMap;

/// No pattern grows longer than this, and no text holds more variables: the parser itself would go on.
const LONGEST: usize = 16384;
const MOST: usize = 128;

/// What `@{NAME}` stands for, by name.
#[derive(Clone, Debug, Default)]
pub struct Variables(BTreeMap<String, Vec<String>>);

impl Variables {
    /// None but `@{profile_name}`.
    pub fn of_profile(name: &str) -> Variables {
        let mut variables = Variables::default();
        variables.name_profile(name);
        variables
    }

    /// A name that is a pattern is left unset: what it would stand for is not said anywhere.
    pub(super) fn name_profile(&mut self, name: &str) {
        let values = if name.contains(['*', '?', '[', ']', '{', '}', '^', '\\', '@', '"', ',']) {
            Vec::new()
        } else {
            vec![name.to_owned()]
        };
        self.0.insert("profile_name".to_owned(), values);
    }

    pub(super) fn set(&mut self, name: &str, more: bool, values: Vec<String>) -> Result<(), String> {
        if name.is_empty() || values.is_empty() {
            return Err("sets a variable to nothing".to_owned());
        }
        match (self.0.get_mut(name), more) {
            (Some(known), true) => known.extend(values),
            (None, false) => {
                self.0.insert(name.to_owned(), values);
            }
            (Some(_), false) => return Err(format!("sets `@{{{name}}}` a second time")),
            (None, true) => return Err(format!("adds to `@{{{name}}}`, which is not set")),
        }
        Ok(())
    }

    /// A text with values for its variables, several as alternatives. The slash of a value that meets another
    /// one is left out, as the parser does (parser_variable.c).
    pub(super) fn expand(&self, text: &str) -> Result<String, String> {
        let mut text = text.to_owned();
        for _ in 0..MOST {
            let Some((before, name, after)) = first(&text)? else { return Ok(text) };
            let values = match self.0.get(name) {
                Some(values) if !values.is_empty() => values,
                Some(_) => return Err("needs the name of its profile, which is a pattern".to_owned()),
                None => return Err(format!("has the variable `@{{{name}}}`, which is not set")),
            };
            let length =
                values.iter().map(|value| value.len() + 1).sum::<usize>() + before.len() + after.len();
            if length > LONGEST {
                return Err("grows too long when its variables are filled in".to_owned());
            }
            let values = values.iter().map(|value| {
                let value = if before.ends_with('/') { value.trim_start_matches('/') } else { value };
                if after.starts_with('/') { value.trim_end_matches('/') } else { value }
            });
            let values: Vec<&str> = values.collect();
            let filled = match values.as_slice() {
                [value] => (*value).to_owned(),
                several if several.iter().any(|value| splits(value)) => {
                    return Err(format!("has the variable `@{{{name}}}`, a value of which holds a comma"));
                }
                several => format!("{{{}}}", several.join(",")),
            };
            text = [before, &filled, after].concat();
        }
        Err("holds too many variables".to_owned())
    }
}

/// What stands before the first variable, its name, and what stands behind.
fn first(text: &str) -> Result<Option<(&str, &str, &str)>, String> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        let behind = text.get(at..).unwrap_or_default();
        if byte == b'@' && !escaped && behind.starts_with("@{") {
            let named = behind.get(2..).and_then(|behind| behind.split_once('}'));
            let word = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return match named.filter(|(name, _)| word(name)) {
                Some((name, after)) => Ok(Some((text.get(..at).unwrap_or_default(), name, after))),
                None => Err("has a `@{` that begins no variable".to_owned()),
            };
        }
        escaped = byte == b'\\' && !escaped;
    }
    Ok(None)
}

/// Whether a comma of the value would end the alternative that it is.
fn splits(value: &str) -> bool {
    let mut depth = 0usize;
    let mut escaped = false;
    for byte in value.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return true,
            _ => {}
        }
    }
    false
}
