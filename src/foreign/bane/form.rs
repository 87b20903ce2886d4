//! A file of bane: TOML, whose keys bane finds whatever their case.
//!
//! Enters: the text. Leaves: its lists and words with their lines, and what bane passes over; or why bane itself would
//! not read it. Deliberately absent: what the entries mean.

use crate::diag::one_line;
use crate::foreign::places::Places;
use crate::foreign::{NotTaken, Remark, Weight};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// No file of bane is longer; what reads profiles takes no more.
const MOST: usize = 4 << 20;

const TOP: [&str; 6] = ["Name", "Filesystem", "Network", "Capabilities", "Imports", "InnerImports"];
const FILESYSTEM: [&str; 5] = ["ReadOnlyPaths", "LogOnWritePaths", "WritablePaths", "AllowExec", "DenyExec"];
const NETWORK: [&str; 3] = ["Raw", "Packet", "Protocols"];
const CAPABILITIES: [&str; 2] = ["Allow", "Deny"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub text: String,
    pub line: usize,
}

/// A list; without a line where it is not there.
#[derive(Debug, Default)]
pub(super) struct List {
    pub line: Option<usize>,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Default)]
pub(super) struct Form {
    pub name: Option<Entry>,
    pub imports: List,
    pub inner_imports: List,
    pub read_only: List,
    pub log_on_write: List,
    pub writable: List,
    pub allow_exec: List,
    pub deny_exec: List,
    /// Where `Network` is, if it is there.
    pub network: Option<usize>,
    pub raw: Option<(bool, usize)>,
    pub packet: Option<(bool, usize)>,
    pub protocols: List,
    pub allow: List,
    pub deny: List,
    /// Keys that bane passes over.
    pub dropped: Vec<Remark>,
}

type Keyed<'t, 'i> = (&'static str, usize, &'t Spanned<DeValue<'i>>);

struct Walk {
    places: Places,
    dropped: Vec<Remark>,
}

/// What a file says.
pub(super) fn read(text: &str) -> Result<Form, NotTaken> {
    if text.len() > MOST {
        return Err(NotTaken {
            line: None,
            wrong: "more text than is read at once".to_owned(),
            help: "give a file of less than 4 MiB".to_owned(),
        });
    }
    let places = Places::of(text);
    let document = DeTable::parse(text).map_err(|error| NotTaken {
        line: error.span().map(|span| places.line(span.start)),
        wrong: format!("this is not TOML: {}", one_line(error.message().trim().replace('\n', ", "))),
        help: "correct it: bane would not read it either".to_owned(),
    })?;
    let mut walk = Walk { places, dropped: Vec::new() };
    let mut form = Form::default();
    for (key, line, value) in walk.known(document.get_ref(), &TOP, "")? {
        match key {
            "Name" => form.name = Some(walk.text(key, value)?),
            "Filesystem" => {
                for (key, line, value) in walk.known(table(key, line, value)?, &FILESYSTEM, "Filesystem.")? {
                    let list = walk.list(key, line, value)?;
                    match key {
                        "ReadOnlyPaths" => form.read_only = list,
                        "LogOnWritePaths" => form.log_on_write = list,
                        "WritablePaths" => form.writable = list,
                        "AllowExec" => form.allow_exec = list,
                        _ => form.deny_exec = list,
                    }
                }
            }
            "Network" => {
                form.network = Some(line);
                for (key, line, value) in walk.known(table(key, line, value)?, &NETWORK, "Network.")? {
                    match key {
                        "Raw" => form.raw = Some((flag(key, line, value)?, line)),
                        "Packet" => form.packet = Some((flag(key, line, value)?, line)),
                        _ => form.protocols = walk.list(key, line, value)?,
                    }
                }
            }
            "Capabilities" => {
                let inner = table(key, line, value)?;
                for (key, line, value) in walk.known(inner, &CAPABILITIES, "Capabilities.")? {
                    let list = walk.list(key, line, value)?;
                    if key == "Allow" { form.allow = list } else { form.deny = list }
                }
            }
            "Imports" => form.imports = walk.list(key, line, value)?,
            _ => form.inner_imports = walk.list(key, line, value)?,
        }
    }
    form.dropped = walk.dropped;
    Ok(form)
}

/// Whether a text is a file of bane, and no policy of ours, whose keys are all in lower case.
pub(super) fn is_one(text: &str) -> bool {
    if text.len() > MOST {
        return false;
    }
    let Ok(document) = DeTable::parse(text) else { return looks_like(text) };
    let document = document.get_ref();
    let is = |key: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(key));
    let is_capital = |key: &str| key.starts_with(|c: char| c.is_ascii_uppercase());
    let has_list = document.iter().any(|(key, value)| {
        let inner = value.get_ref().as_table();
        is(key.get_ref(), &["Filesystem"])
            && inner.is_some_and(|table| table.keys().any(|key| is(key.get_ref(), &FILESYSTEM)))
    });
    let tables = TOP.get(1..4).unwrap_or_default();
    let has_table = document.iter().any(|(key, value)| {
        is_capital(key.get_ref()) && is(key.get_ref(), tables) && value.get_ref().is_table()
    });
    let has_name = document.keys().any(|key| is_capital(key.get_ref()) && is(key.get_ref(), &["Name"]));
    let all_known = document.keys().all(|key| is(key.get_ref(), &TOP));
    has_list || has_table || (has_name && all_known)
}

/// The same for a text that is no TOML, by the keys at the beginnings of its lines.
fn looks_like(text: &str) -> bool {
    let is_list = |line: &str| {
        FILESYSTEM
            .iter()
            .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    text.lines()
        .map(str::trim)
        .any(|line| ["[Filesystem]", "[Network]", "[Capabilities]"].contains(&line) || is_list(line))
}

impl Walk {
    /// The keys of a table that bane knows, by the names that it has for them.
    fn known<'t, 'i>(
        &mut self,
        table: &'t DeTable<'i>,
        names: &[&'static str],
        within: &str,
    ) -> Result<Vec<Keyed<'t, 'i>>, NotTaken> {
        let mut found: Vec<Keyed<'t, 'i>> = Vec::new();
        for (key, value) in table {
            let line = self.places.line(key.span().start);
            let written = key.get_ref();
            let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(written)) else {
                let shown = one_line(format!("{within}{written}"));
                self.dropped.push(Remark {
                    weight: Weight::Dropped,
                    line: Some(line),
                    text: format!("bane has no key `{shown}` and passes over it"),
                });
                continue;
            };
            if found.iter().any(|(other, _, _)| other == name) {
                return Err(NotTaken {
                    line: Some(line),
                    wrong: format!(
                        "`{written}` is there twice in different cases, and bane takes one of the two by chance"
                    ),
                    help: format!("leave one, written `{name}`"),
                });
            }
            found.push((name, line, value));
        }
        Ok(found)
    }

    fn text(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Result<Entry, NotTaken> {
        let line = self.places.line(value.span().start);
        match value.get_ref().as_str() {
            Some(text) => Ok(Entry { text: text.to_owned(), line }),
            None => Err(other(key, line, "a text")),
        }
    }

    fn list(&self, key: &str, line: usize, value: &Spanned<DeValue<'_>>) -> Result<List, NotTaken> {
        let Some(entries) = value.get_ref().as_array() else {
            return Err(other(key, line, "a list of texts"));
        };
        let entries = entries.iter().map(|entry| {
            let line = self.places.line(entry.span().start);
            match entry.get_ref().as_str() {
                Some(text) => Ok(Entry { text: text.to_owned(), line }),
                None => Err(other(key, line, "a list of texts")),
            }
        });
        Ok(List { line: Some(line), entries: entries.collect::<Result<_, _>>()? })
    }
}

fn table<'t, 'i>(
    key: &str,
    line: usize,
    value: &'t Spanned<DeValue<'i>>,
) -> Result<&'t DeTable<'i>, NotTaken> {
    value.get_ref().as_table().ok_or_else(|| other(key, line, "a table"))
}

fn flag(key: &str, line: usize, value: &Spanned<DeValue<'_>>) -> Result<bool, NotTaken> {
    value.get_ref().as_bool().ok_or_else(|| other(key, line, "`true` or `false`"))
}

fn other(key: &str, line: usize, wanted: &str) -> NotTaken {
    NotTaken {
        line: Some(line),
        wrong: format!("bane takes {wanted} for `{key}`, which is something else here"),
        help: format!("write {wanted}: bane would not read the file either"),
    }
}
