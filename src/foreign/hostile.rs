//! Whatever a file of bane or aa-easyprof holds, each line that is written of it stays one statement.
//!
//! Tests alone: our own reader of profiles finds the statements.

use super::{NotTaken, WrittenProfile, bane, easyprof};
use crate::policy::quoted;
use crate::rules::reader;
use proptest::prelude::*;

const KEYS: [&str; 5] = ["ReadOnlyPaths", "LogOnWritePaths", "WritablePaths", "AllowExec", "DenyExec"];

fn file(name: &str) -> Option<String> {
    let tunables = "@{PROC}=/proc/\n@{HOMEDIRS}=/home/\n@{HOME}=@{HOMEDIRS}/*/ /root/\n";
    Some(if name == "tunables/global" { tunables.to_owned() } else { String::new() })
}

/// Each line of the text that is a rule, and no other, is read as one statement.
fn is_line_by_line(written: Result<WrittenProfile, NotTaken>) -> Result<bool, TestCaseError> {
    let Ok(WrittenProfile { name, text, lines, remarks }) = written.map_err(|refusal| {
        assert!(!(refusal.wrong.clone() + &refusal.help).contains(char::is_control), "{refusal:?}");
    }) else {
        return Ok(false);
    };
    prop_assert!(remarks.iter().all(|remark| !remark.text.contains(char::is_control)), "{:?}", remarks);
    prop_assert_eq!(lines.len(), text.lines().count());
    let read = reader::profiles(&text, &file);
    let Ok([profile]) = read.as_deref() else { return Err(TestCaseError::fail(format!("{read:?}: {text}"))) };
    prop_assert_eq!(&profile.head.name, &name);
    let numbers: Vec<usize> =
        profile.lines.iter().filter(|line| line.file.is_none()).map(|line| line.number).collect();
    let open =
        text.lines().position(|line| !line.starts_with('#') && line.ends_with('{')).unwrap_or_default();
    let is_rule = |line: &str| !line.is_empty() && !line.trim().starts_with("#include") && line != "}";
    let rules = text.lines().enumerate().filter(|(at, line)| *at > open && is_rule(line));
    let rules: Vec<usize> = rules.map(|(at, _)| at + 1).collect();
    prop_assert_eq!(numbers, rules, "{}", text);
    Ok(true)
}

fn in_bane(word: &str) -> Vec<String> {
    let word = quoted(word);
    let mut texts: Vec<String> =
        KEYS.iter().map(|key| format!("[Filesystem]\n{key} = [\"/a\", {word}, \"/b\"]\n")).collect();
    texts.push(format!("Name = {word}"));
    texts.push(format!("[Network]\nProtocols = [{word}, \"tcp\"]"));
    texts.push(format!("[Capabilities]\nAllow = [{word}, \"chown\"]"));
    texts.push(format!("[Capabilities]\nDeny = [{word}]"));
    texts.push(format!("InnerImports = [{word}]"));
    texts
}

fn in_easyprof(word: &str) -> Vec<String> {
    let word = serde_json::Value::from(word).to_string();
    let within = [
        format!("\"read_path\": [\"/a\", {word}, \"/b\"]"),
        format!("\"write_path\": [{word}]"),
        format!("\"comment\": {word}, \"author\": {word}, \"copyright\": {word}"),
        format!("\"name\": {word}"),
        format!("\"binary\": {word}"),
        format!("\"profile_name\": {word}"),
        format!("\"abstractions\": [{word}]"),
        format!("\"policy_groups\": [{word}]"),
        format!("\"template_variables\": {{\"X\": {word}}}, \"read_path\": [\"/@{{X}}/a\"]"),
        format!("\"template_variables\": {{{word}: \"x\"}}"),
    ];
    let mut texts: Vec<String> =
        within.iter().map(|within| format!("{{\"profiles\": {{\"web\": {{{within}}}}}}}")).collect();
    texts.push(format!("{{\"profiles\": {{{word}: {{}}}}}}"));
    texts
}

fn all(word: &str) -> Result<usize, TestCaseError> {
    let mut taken = 0;
    for text in in_bane(word) {
        taken += usize::from(is_line_by_line(bane::read(&text).remove(0))?);
    }
    for text in in_easyprof(word) {
        taken += usize::from(is_line_by_line(easyprof::read(&text).remove(0))?);
    }
    Ok(taken)
}

#[test]
fn a_plain_path_is_taken_nearly_everywhere() {
    assert_eq!(all("/srv/x").unwrap(), 13);
    assert_eq!(all("web").unwrap(), 8);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn each_line_stays_one_statement(
        word in prop_oneof![
            r#"(/|@\{HOME\}|")?([a-z/*#,\\ \n"'!{}\[\]=@<>()&:;^%?+-]|###|,,|-> |\\\\|\u{a0}|\u{1b}|é| rw,|include ){0,12}"#,
            r#"/([a-c,\\{}\[\]]|\[\^){0,9}[/"]?"#,
        ],
    ) {
        all(&word)?;
    }

    #[test]
    fn no_text_is_too_much(text in r#"([\{\}\[\]":,=\n ]|"profiles":|"a"|Name|\[Filesystem\]|AllowExec|''|"""|1|null){0,24}"#) {
        for written in bane::read(&text).into_iter().chain(easyprof::read(&text)) {
            is_line_by_line(written)?;
        }
        bane::is_bane(&text);
        easyprof::is_easyprof(&text);
    }
}
