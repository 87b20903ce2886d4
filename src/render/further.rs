//! Further templates: which files they lay out.
//!
//! `NAME.tera` lays out `POLICY.NAME`. Whatever policies are called, no two artefacts share a file: no end of one kind's
//! names is the end of another's.

use super::artefact::ArtefactKind;
use super::templates::TemplateError;

/// What the names of further templates end in.
pub const EXTENSION: &str = ".tera";

/// A longer file name is taken by no file system, behind a policy's name.
const LONGEST: usize = 50;

/// A further template, and what the names of its files end in.
#[derive(Debug)]
pub(super) struct Further {
    pub template: String,
    pub suffix: String,
}

/// The further templates among some by their names; those that begin with `_` are there for others to use.
pub(super) fn among<'a>(names: impl Iterator<Item = &'a str>) -> Result<Vec<Further>, TemplateError> {
    let mut all: Vec<Further> = Vec::new();
    for name in names {
        let Some(stem) = name.strip_suffix(EXTENSION) else { continue };
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let wrong = |message: String, help: String| Err(TemplateError::named(name, message, help));
        if let Some(other) = stem.chars().find(|c| !fits(*c)) {
            let help = format!("before `{EXTENSION}` use letters, digits, `.`, `_` and `-`");
            return wrong(format!("its name holds `{}`", other.escape_debug()), help);
        }
        if stem.is_empty() || stem.starts_with('.') || stem.ends_with('.') {
            let message = format!("its name has no letter or digit beside a dot before `{EXTENSION}`");
            return wrong(message, format!("call it `NAME{EXTENSION}`"));
        }
        if stem.len() > LONGEST {
            let message = format!("its name has {} characters before `{EXTENSION}`", stem.len());
            return wrong(message, format!("use at most {LONGEST}"));
        }
        if stem.starts_with('_') {
            continue;
        }
        let suffix = format!(".{stem}");
        if suffix.to_ascii_lowercase().ends_with(".toml") {
            let message = format!("`web{suffix}` may be a policy itself");
            return wrong(message, "let it write files that do not end in `.toml`".to_owned());
        }
        let own = all.iter().map(|other| (other.suffix.as_str(), format!("what `{}` makes", other.template)));
        let built_in = ArtefactKind::ALL.into_iter().filter_map(|kind| Some((kind.suffix()?, of(kind))));
        for (other, whose) in built_in.chain(own) {
            if let Some(message) = shared(&suffix, other, &whose) {
                return wrong(message, "call it otherwise".to_owned());
            }
        }
        all.push(Further { template: name.to_owned(), suffix });
    }
    Ok(all)
}

fn of(kind: ArtefactKind) -> String {
    match kind {
        ArtefactKind::Profile => "the profile".to_owned(),
        ArtefactKind::Manifest => "the manifest".to_owned(),
        ArtefactKind::Further => "another artefact".to_owned(),
    }
}

/// How two artefacts could be one file, where they could: a policy's name may be another's with more behind it, and some
/// file systems do not tell letters of either case apart.
fn shared(own: &str, other: &str, whose: &str) -> Option<String> {
    let (one, two) = (own.to_ascii_lowercase(), other.to_ascii_lowercase());
    if one == two {
        return Some(format!("`web{own}` is {whose} already"));
    }
    let both = |file: &str, theirs: &str, mine: &str| {
        format!(
            "`web{file}` would be both {whose} of a policy `web{theirs}` and what this makes of a policy `web{mine}`"
        )
    };
    let mine = two.strip_suffix(&one).map(|between| both(other, "", between));
    mine.or_else(|| Some(both(own, one.strip_suffix(&two)?, "")))
}

#[cfg(test)]
mod tests {
    use super::among;

    fn suffixes(names: &[&str]) -> Result<Vec<String>, String> {
        let further = among(names.iter().copied()).map_err(|error| error.to_string())?;
        Ok(further.into_iter().map(|one| one.suffix).collect())
    }

    #[test]
    fn a_file_is_called_by_its_template() {
        let names = ["pod.yaml", "summary.md.tera", "_parts.tera", "docs-1_a.tera"];
        assert_eq!(suffixes(&names).unwrap(), [".summary.md", ".docs-1_a"]);
    }

    #[test]
    fn no_name_leads_out_of_a_folder() {
        for name in [
            "../x.tera",
            "a/b.tera",
            "a\\b.tera",
            "/etc/x.tera",
            "..tera",
            "...tera",
            ".tera",
            "a\n.tera",
            "é.tera",
        ] {
            assert!(suffixes(&[name]).is_err(), "{name:?}");
        }
        assert!(suffixes(&[&format!("{}.tera", "a".repeat(51))]).is_err());
        assert!(suffixes(&[&format!("{}.tera", "a".repeat(50))]).is_ok());
    }

    #[test]
    fn no_two_artefacts_share_a_file() {
        let shared: [&[&str]; 8] = [
            &["apparmor.tera"],
            &["pod.yaml.tera"],
            &["POD.yaml.tera"],
            // The manifest of `web`, and this of `web.pod`.
            &["yaml.tera"],
            // This of `web`, and the profile of `web.old`.
            &["old.apparmor.tera"],
            // The policy itself.
            &["toml.tera"],
            &["a.md.tera", "md.tera"],
            &["readme.md.tera", "README.md.tera"],
        ];
        for names in shared {
            assert!(suffixes(names).is_err(), "{names:?}");
        }
        assert!(suffixes(&["a.md.tera", "b.md.tera", "own.yaml.tera"]).is_ok());
    }
}
