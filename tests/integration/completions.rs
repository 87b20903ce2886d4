//! What shells complete, by the scripts that are printed for them: asked of the shells themselves where they are.

use crate::support::say::say;
use std::io::Write as _;
use std::process::{Command, Stdio};

fn script(shell: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_aapol")).args(["completions", shell]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    String::from_utf8(output.stdout).unwrap()
}

/// What a shell says that is there; none where it is not.
fn asked(shell: &str, arguments: &[&str], text: &str) -> Option<Vec<String>> {
    let mut command = Command::new(shell);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        assert_ne!(shell, "bash", "bash is everywhere");
        say(&format!("skipped: completion in {shell}, which is not installed"));
        return None;
    };
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""), "{shell}");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// A line up to the cursor, a word that is offered there, and one that is not.
const LINES: [(&str, &str, &str); 7] = [
    ("codes whole-", "whole-filesystem", "writable-root"),
    ("codes unknown-k", "unknown-key", "unknown-value"),
    ("check --silence not-", "not-restricted", "invalid-name"),
    ("check p.toml --silence whole", "whole-filesystem", "invalid-name"),
    ("test --silence whole-", "whole-filesystem", "invalid-name"),
    ("init two-", "two-containers", "redis"),
    ("completions fi", "fish", "bash"),
];

#[test]
fn bash_completes_codes_and_examples() {
    let script = script("bash");
    for (line, has, has_not) in LINES {
        let words: Vec<&str> = line.split(' ').collect();
        let (last, before) = words.split_last().unwrap();
        let text = format!(
            "{script}\nCOMP_WORDS=(aapol {line})\nCOMP_CWORD={}\n_aapol aapol {last} {}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
            words.len(),
            before.last().unwrap()
        );
        let offered = asked("bash", &["--norc", "--noprofile"], &text).unwrap();
        assert!(offered.iter().any(|word| word == has), "{line}: {offered:?}");
        assert!(!offered.iter().any(|word| word == has_not), "{line}: {offered:?}");
    }
}

#[test]
fn fish_completes_codes_and_examples() {
    let script = script("fish");
    for (line, has, has_not) in LINES {
        let text = format!("{script}\ncomplete -C 'aapol {line}'\n");
        let Some(offered) = asked("fish", &["--no-config"], &text) else { return };
        let words: Vec<&str> = offered.iter().map(|line| line.split('\t').next().unwrap()).collect();
        assert!(words.contains(&has), "{line}: {offered:?}");
        assert!(!words.contains(&has_not), "{line}: {offered:?}");
    }
    let text = format!("{script}\ncomplete -C 'aapol codes unknown-k'\n");
    let offered = asked("fish", &["--no-config"], &text).unwrap();
    assert_eq!(offered, ["unknown-key\ta key that does not exist, or does not belong in this table"]);
}

/// Its completion wants a terminal: here its script is read, and holds the words with what they mean.
#[test]
fn zsh_knows_codes_and_examples() {
    let script = script("zsh");
    for text in [
        "unknown-key\\:\"a key that does not exist, or does not belong in this table\"",
        "two-containers\\:\"",
    ] {
        assert!(script.contains(text), "{text}");
    }
    let silence = script.lines().find(|line| line.contains("--silence=")).unwrap();
    assert!(silence.contains("CODE:((") && !silence.contains("invalid-name"), "{silence}");
    asked("zsh", &["-f", "-n"], &script);
}

#[test]
fn other_words_are_refused_by_the_command_itself() {
    let refused = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_aapol")).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&["codes", "unknown-kye"]).contains("did you mean `unknown-key`?"));
    assert!(refused(&["init", "ngnix"]).contains("did you mean `nginx`?"));
    assert!(
        refused(&["check", "--silence", "whole-filesytem", "x"]).contains("did you mean `whole-filesystem`?")
    );
    // Help has no room for a hundred words.
    for verb in ["check", "codes", "init"] {
        let output = Command::new(env!("CARGO_BIN_EXE_aapol")).args([verb, "--help"]).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(!help.contains("whole-filesystem") && !help.contains("two-containers"), "{help}");
    }
}
