//! A profile of a manifest, its keys read as aa-easyprof reads them (parse_manifest, verify_options).
//!
//! Enters: its name and its table. Leaves: what it says; or the first thing that is refused.

use super::json::Keyed;
use super::template::{GROUPS, TEMPLATES, Template};
use super::values::{self, Word};
use crate::diag::one_line;
use crate::foreign::NotTaken;

/// The keys that a profile may have.
pub(super) const KEYS: [&str; 14] = [
    "abstractions",
    "author",
    "binary",
    "comment",
    "copyright",
    "name",
    "policy_groups",
    "policy_vendor",
    "policy_version",
    "profile_name",
    "read_path",
    "template",
    "template_variables",
    "write_path",
];

/// What a profile says, in its words.
#[derive(Debug)]
pub(super) struct Form {
    pub profile_name: Option<Word>,
    pub binary: Option<Word>,
    pub name: Option<Word>,
    pub author: Option<Word>,
    pub copyright: Option<Word>,
    pub comment: Option<Word>,
    pub template: &'static Template,
    /// Names and values.
    pub variables: Vec<(String, Word)>,
    pub abstractions: Vec<Word>,
    pub groups: Vec<(Word, &'static [&'static str])>,
    pub reads: Vec<Word>,
    pub writes: Vec<Word>,
}

/// What the profile of a key says.
pub(super) fn read(profile: &Keyed) -> Result<Form, NotTaken> {
    let key = Word { text: profile.key.clone(), line: profile.line };
    let Some(entries) = profile.node.table() else {
        return Err(key.refused("profiles", "is no table", "write `\"NAME\": {...}`"));
    };
    if let Some(entry) = entries.iter().find(|entry| !KEYS.contains(&entry.key.as_str())) {
        let shown = one_line(entry.key.chars().take(200).collect());
        return Err(NotTaken {
            line: Some(entry.line),
            wrong: format!("aa-easyprof has no key `{shown}` and refuses the manifest"),
            help: "take it out, or correct its name".to_owned(),
        });
    }
    let get = |key: &str| profile.node.get(key);
    vendor(get("policy_vendor"), get("policy_version"))?;
    // Python takes an empty text for one that is not there.
    let text = |key: &str| -> Result<Option<Word>, NotTaken> {
        let word = get(key).map(values::text).transpose()?.filter(|word| !word.text.is_empty());
        if let Some(word) = &word {
            values::stays(word, key)?;
        }
        Ok(word)
    };
    let (profile_name, binary) = names(&key, get("profile_name"), get("binary"))?;
    let variables = get("template_variables").map(values::variables).transpose()?.unwrap_or_default();
    let paths = |key: &str| -> Result<Vec<Word>, NotTaken> {
        let words = get(key).map(values::list).transpose()?.unwrap_or_default();
        words.iter().try_for_each(|word| values::path(word, key))?;
        Ok(words)
    };
    Ok(Form {
        profile_name,
        binary,
        name: text("name")?,
        author: text("author")?,
        copyright: text("copyright")?,
        comment: text("comment")?,
        template: template(get("template"))?,
        groups: groups(get("policy_groups"), &variables)?,
        variables,
        abstractions: get("abstractions").map(values::names).transpose()?.unwrap_or_default(),
        reads: paths("read_path")?,
        writes: paths("write_path")?,
    })
}

/// The name in the kernel and what it attaches to, by the name in the manifest and the keys.
fn names(
    key: &Word,
    profile_name: Option<&Keyed>,
    binary: Option<&Keyed>,
) -> Result<(Option<Word>, Option<Word>), NotTaken> {
    let given = profile_name.map(values::text).transpose()?;
    if let Some(name) = &given {
        values::profile_name(name, "profile_name")?;
    }
    if !key.text.starts_with('/') {
        let name = match given {
            Some(name) => name,
            None => {
                values::profile_name(key, "profiles")?;
                key.clone()
            }
        };
        let binary = binary.map(values::text).transpose()?.filter(|binary| !binary.text.is_empty());
        if let Some(binary) = &binary {
            values::attachment(binary, "binary")?;
            if name.text.starts_with('/') {
                let help = "write a plain name, or take out `binary`";
                return Err(name.refused("profile_name", "is a path, and there is `binary` as well", help));
            }
        }
        return Ok((Some(name), binary));
    }
    values::attachment(key, "profiles")?;
    match binary {
        Some(binary) => {
            let at_fault = Word { text: key.text.clone(), line: binary.line };
            let help = "write a plain name, or take out `binary`";
            Err(at_fault.refused("profiles", "is a path, and there is `binary` as well", help))
        }
        None => Ok((given, Some(key.clone()))),
    }
}

fn vendor(vendor: Option<&Keyed>, version: Option<&Keyed>) -> Result<(), NotTaken> {
    let (line, wrong) = match (vendor, version) {
        (None, None) => return Ok(()),
        (Some(one), None) | (None, Some(one)) => (
            one.line,
            format!("`{}` stands alone, and aa-easyprof wants both `policy_vendor` and `policy_version`", one.key),
        ),
        (Some(vendor), Some(_)) => (
            vendor.line,
            "`policy_vendor` takes templates and policy groups from a folder of the vendor, which is not read here"
                .to_owned(),
        ),
    };
    let help = "take both out where the template and the groups are those of aa-easyprof itself";
    Err(NotTaken { line: Some(line), wrong, help: help.to_owned() })
}

fn template(given: Option<&Keyed>) -> Result<&'static Template, NotTaken> {
    let given = given.map(values::text).transpose()?;
    let name = given.as_ref().map_or("default", |word| word.text.as_str());
    // A constant's own entry, which lives as long as the program.
    const ALL: &[Template] = &TEMPLATES;
    match (ALL.iter().find(|template| template.name == name), given) {
        (Some(template), _) => Ok(template),
        (None, Some(word)) => {
            let help = "write `default`, `sandbox`, `sandbox-x` or `user-application`: templates of a vendor's or of \
                        one's own are not read";
            Err(word.refused("template", "is no template that comes with aa-easyprof", help))
        }
        (None, None) => Err(NotTaken {
            line: None,
            wrong: "there is no template".to_owned(),
            help: "write `template`".to_owned(),
        }),
    }
}

fn groups(
    given: Option<&Keyed>,
    variables: &[(String, Word)],
) -> Result<Vec<(Word, &'static [&'static str])>, NotTaken> {
    let names = given.map(values::names).transpose()?.unwrap_or_default();
    let has_name = variables.iter().any(|(name, _)| name == "APPNAME");
    let one = |word: Word| {
        let Some((_, rules)) = GROUPS.iter().find(|(name, _)| *name == word.text) else {
            let help = "take it out and give its rules to the policy afterwards: only `opt-application` and \
                        `user-application` come with aa-easyprof, and groups of a vendor's own folder are not read";
            return Err(word.refused(
                "policy_groups",
                "is no policy group that comes with aa-easyprof",
                help,
            ));
        };
        if !has_name {
            let is = "needs the variable `APPNAME`, without which the parser refuses the profile";
            return Err(word.refused("policy_groups", is, "set `APPNAME` in `template_variables`"));
        }
        Ok((word, *rules))
    };
    names.into_iter().map(one).collect()
}
