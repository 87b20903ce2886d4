//! A template of aa-easyprof, filled in (gen_policy, gen_path_rule).
//!
//! Enters: what a profile says, all of it writable. Leaves: the profile, and what its words do not do.

use super::form::Form;
use super::values::Word;
use crate::diag::one_line;
use crate::foreign::draft::Draft;
use crate::foreign::{NotTaken, Remark, Weight, WrittenProfile};

/// Each list is written in the order of its texts.
fn sorted(words: &[Word]) -> Vec<&Word> {
    let mut words: Vec<&Word> = words.iter().collect();
    words.sort_by(|a, b| a.text.cmp(&b.text));
    words
}

pub(super) fn write(form: Form) -> Result<WrittenProfile, NotTaken> {
    let mut out = Draft::default();
    let mut remarks = Vec::new();
    let (head, name, line) = head(&form)?;
    let shown = match (&form.name, &form.profile_name) {
        (Some(given), _) | (None, Some(given)) => given.text.as_str(),
        (None, None) => name.rsplit('/').next().unwrap_or_default(),
    };
    out.put(&format!("# AppArmor policy for {shown}"), form.name.as_ref().map(|word| word.line));
    for (key, label, word) in [
        ("author", "Author", &form.author),
        ("copyright", "Copyright", &form.copyright),
        ("comment", "Comment", &form.comment),
    ] {
        match word {
            Some(word) if form.template.is_told => {
                out.put(&format!("# {label}: {}", word.text), Some(word.line));
            }
            Some(word) => remarks.push(Remark {
                weight: Weight::Dropped,
                line: Some(word.line),
                text: format!("the template `{}` has no place for `{key}`", form.template.name),
            }),
            None => {}
        }
    }
    out.always("");
    out.always("#include <tunables/global>");
    out.always("");
    let mut variables: Vec<(String, &str, usize)> =
        form.variables.iter().map(|(name, value)| (name.clone(), value.text.as_str(), value.line)).collect();
    variables.sort_by_key(|(name, value, _)| format!("@{{{name}}}={value}"));
    for (name, value, line) in variables {
        out.put(&format!("@{{{name}}}=\"{value}\""), Some(line));
    }
    out.put(&format!("{head} {{"), Some(line));
    out.always("  #include <abstractions/base>");
    for rule in form.template.rules {
        out.always(&format!("  {rule}"));
    }
    for word in sorted(&form.abstractions) {
        out.put(&format!("  #include <abstractions/{}>", word.text), Some(word.line));
    }
    let mut groups: Vec<&(Word, &[&str])> = form.groups.iter().collect();
    groups.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
    for (word, rules) in groups {
        for rule in *rules {
            out.put(&format!("  {rule}"), Some(word.line));
        }
    }
    for (words, access) in [(&form.reads, "rk"), (&form.writes, "rwk")] {
        for word in sorted(words) {
            for rule in path_rules(&word.text, access) {
                out.put(&format!("  {rule}"), Some(word.line));
            }
        }
    }
    out.always("}");
    say(&form, &mut remarks);
    out.remarks = remarks;
    Ok(out.done(name))
}

/// The head of the profile, its name in the kernel, and the line of that.
fn head(form: &Form) -> Result<(String, String, usize), NotTaken> {
    match (&form.profile_name, &form.binary) {
        (Some(name), Some(binary)) => {
            Ok((format!("profile \"{}\" \"{}\"", name.text, binary.text), name.text.clone(), name.line))
        }
        (Some(name), None) => Ok((format!("profile \"{}\"", name.text), name.text.clone(), name.line)),
        (None, Some(binary)) => Ok((format!("\"{}\"", binary.text), binary.text.clone(), binary.line)),
        (None, None) => Err(NotTaken {
            line: None,
            wrong: "the profile has no name".to_owned(),
            help: "write its name in `profiles`".to_owned(),
        }),
    }
}

/// Whether aa-easyprof takes a path for one of a user's own files.
fn is_owned(path: &str) -> bool {
    path.starts_with("/home/") || path.starts_with("@{HOME")
}

/// The folder of a path that ends in `/*` or `/**`, as aa-easyprof writes it: by Python's dirname, without its slash.
fn folder_of(path: &str) -> Option<&str> {
    let head = path.strip_suffix("/**").or_else(|| path.strip_suffix("/*"))?;
    let short = head.trim_end_matches('/');
    // Nothing but slashes stays as it is.
    if short.is_empty() { path.get(..head.len() + 1) } else { Some(short) }
}

fn path_rules(path: &str, access: &str) -> Vec<String> {
    let owner = if is_owned(path) { "owner " } else { "" };
    if path.ends_with('/') {
        vec![format!("{path} {access},"), format!("{owner}{path}** {access},")]
    } else if let Some(folder) = folder_of(path) {
        vec![format!("{folder} {access},"), format!("{owner}{path} {access},")]
    } else {
        vec![format!("{owner}{path} {access},")]
    }
}

/// What the words of a profile do not do, one remark for each cause.
fn say(form: &Form, remarks: &mut Vec<Remark>) {
    let mut say = |weight, line, text: String| remarks.push(Remark { weight, line, text: one_line(text) });
    if let Some(binary) = &form.binary {
        let text = format!(
            "the profile attaches to `{}`: the kernel puts every program of the node by that path under it",
            binary.text
        );
        say(Weight::Note, Some(binary.line), text);
    }
    if let Some((word, _)) = form.groups.iter().find(|(word, _)| word.text == "user-application") {
        let text = "`user-application` opens no folder of a user: it names `@{HOMEDIRS}`, which is `/home/` itself and not \
                    `/home/*/`";
        say(Weight::Ineffective, Some(word.line), text.to_owned());
    }
    let paths = || form.reads.iter().chain(&form.writes);
    // What a variable ends in is not known here.
    let mut folders = paths().filter_map(|word| {
        let folder = folder_of(&word.text)?;
        (!folder.ends_with(['/', '}'])).then_some((word, folder))
    });
    if let Some((word, folder)) = folders.next() {
        let others = match folders.count() {
            0 => String::new(),
            1 => ", like one other path,".to_owned(),
            more => format!(", like {more} other paths,"),
        };
        let text = format!(
            "`{}`{others} does not open the folder itself: aa-easyprof writes `{folder}`, where AppArmor has `{folder}/`",
            word.text
        );
        say(Weight::Ineffective, Some(word.line), text);
    }
    if let Some(word) = paths().find(|word| !is_owned(&word.text)) {
        let text = format!(
            "`{}` is open whoever owns the files: aa-easyprof writes `owner` for paths in home folders alone",
            word.text
        );
        say(Weight::Note, Some(word.line), text);
    }
    let text = "aa-easyprof writes no `abi`, so that the settings of the parser on the node decide whether sockets are \
                restricted at all";
    say(Weight::Note, None, text.to_owned());
    remarks.sort_by_key(|remark| remark.line.unwrap_or(usize::MAX));
}
