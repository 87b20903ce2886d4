//! The variables of a profile, and texts with their values in place of their names.

use crate::kernel::glob;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// No pattern grows longer than this; the parser itself would go on.
const LONGEST: usize = 8192;
const MOST_VALUES: usize = 256;
const DEEPEST: usize = 16;
/// All that is filled in, in bytes: so a short text cannot ask for endless work.
const MOST: usize = 8 << 20;

/// What `@{NAME}` stands for, by name.
#[derive(Debug, Default)]
pub struct Variables {
    values: BTreeMap<String, Vec<String>>,
    filled: AtomicUsize,
}

impl Variables {
    /// None but `@{profile_name}`.
    pub fn of_profile(name: &str) -> Variables {
        let mut variables = Variables::default();
        variables.name_profile(name, None);
        variables
    }

    /// What a profile's own head sets: `@{profile_name}`, by its letters even where these are a pattern, and from parser 5
    /// on `@{exec_path}`, what it attaches to.
    pub(in crate::rules) fn name_profile(&mut self, name: &str, attachment: Option<&str>) {
        // A name that is made of variables is not said anywhere.
        let name = (!name.contains(['@', '"'])).then(|| glob::escape(name));
        self.values.insert("profile_name".to_owned(), name.into_iter().collect());
        self.values.remove("exec_path");
        if let Some(attachment) = attachment {
            self.values.insert("exec_path".to_owned(), vec![attachment.to_owned()]);
        }
    }

    pub(in crate::rules) fn set(
        &mut self,
        name: &str,
        more: bool,
        values: Vec<String>,
    ) -> Result<(), String> {
        if name.is_empty() || values.is_empty() {
            return Err("sets a variable to nothing".to_owned());
        }
        match (self.values.get_mut(name), more) {
            (Some(known), true) => known.extend(values),
            (None, false) => {
                self.values.insert(name.to_owned(), values);
            }
            (Some(_), false) => return Err(format!("sets `@{{{name}}}` a second time")),
            (None, true) => return Err(format!("adds to `@{{{name}}}`, which is not set")),
        }
        Ok(())
    }

    /// The variables in a text, each with whether it has several values here, or one that stands for several.
    pub fn in_text<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (&'a str, bool)> {
        let several = |values: Vec<String>| values.len() > 1 || values.iter().any(|one| one.contains('{'));
        names(text).map(move |name| (name, self.of(name, 0).is_ok_and(several)))
    }

    /// A text with values for its variables, several as alternatives. The slash of a value that meets another
    /// one is left out, as the parser does (parser_variable.c).
    pub(in crate::rules) fn expand(&self, text: &str) -> Result<String, String> {
        let mut text = text.to_owned();
        self.spend(text.len())?;
        while let Some((before, name, after)) = first(&text)? {
            let values = self.of(name, 0)?;
            // A single value is put there first and its slashes are told apart later: two at the start of a path stay two,
            // which match nothing that the kernel sees.
            let is_kept = before == "/" && values.len() == 1;
            let values = values.iter().map(|value| {
                let meets = before.ends_with('/') && !is_kept;
                let value = if meets { value.trim_start_matches('/') } else { value };
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
            self.spend(text.len())?;
        }
        Ok(text)
    }

    /// The values of a variable without variables in them: every combination is one.
    fn of(&self, name: &str, depth: usize) -> Result<Vec<String>, String> {
        let values = match self.values.get(name) {
            Some(values) if !values.is_empty() => values,
            Some(_) => return Err("needs the name of its profile, which is made of variables".to_owned()),
            None => return Err(format!("has the variable `@{{{name}}}`, which is not set")),
        };
        if depth >= DEEPEST {
            return Err(format!("has the variable `@{{{name}}}` too deeply within others"));
        }
        let mut done = Vec::new();
        let mut open = values.clone();
        while let Some(value) = open.pop() {
            if done.len() + open.len() > MOST_VALUES {
                return Err(format!("has the variable `@{{{name}}}`, which has too many values"));
            }
            self.spend(value.len() + 1)?;
            match first(&value)? {
                None => done.push(value),
                Some((before, name, after)) => {
                    let inner = self.of(name, depth + 1)?;
                    open.extend(inner.iter().map(|inner| [before, inner, after].concat()));
                }
            }
        }
        done.reverse();
        Ok(done)
    }

    /// A text with all that its variables are set to behind it, by which it can be compared with one that knows other
    /// variables; none where that is too much.
    pub(in crate::rules) fn with_values(&self, text: &str) -> Option<String> {
        let mut open: Vec<&str> = names(text).collect();
        let mut known: BTreeMap<&str, &[String]> = BTreeMap::new();
        while let Some(name) = open.pop() {
            if known.contains_key(name) {
                continue;
            }
            let values = self.values.get(name).map_or(&[][..], Vec::as_slice);
            known.insert(name, values);
            for value in values {
                self.spend(value.len().min(LONGEST)).ok()?;
                open.extend(names(value));
            }
        }
        let values = known.into_iter().map(|(name, values)| format!("\n@{{{name}}}={values:?}"));
        Some(values.fold(text.to_owned(), |all, one| all + &one))
    }

    fn spend(&self, length: usize) -> Result<(), String> {
        let filled = self.filled.fetch_add(length, Ordering::Relaxed);
        if length > LONGEST || filled > MOST {
            return Err("grows too long when its variables are filled in".to_owned());
        }
        Ok(())
    }
}

/// The names of variables that may be in a text.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.split("@{").skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// What stands before the first variable, its name, and what stands behind.
fn first(text: &str) -> Result<Option<(&str, &str, &str)>, String> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        let behind = text.get(at..).unwrap_or_default();
        // An `@` before alternatives, as in the address of an abstract socket, begins no variable.
        if byte == b'@' && !escaped && behind.starts_with("@{") && !behind.starts_with("@{/") {
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
