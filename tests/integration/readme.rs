//! The README is run: its policies are checked, and what it shows is what comes out.

use pretty_assertions::assert_eq;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

/// The fenced blocks of a language, in their order.
fn blocks(language: &str) -> Vec<String> {
    let text = readme();
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn aapol(args: &[&str], policy: &str) -> (Output, tempfile::TempDir) {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("policy.toml"), policy).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_aapol")).args(args).current_dir(place.path()).output().unwrap();
    (output, place)
}

#[test]
fn every_policy_is_without_errors_and_warnings() {
    // Settings of other programs begin with the name of their file.
    let policies: Vec<String> = blocks("toml").into_iter().filter(|b| !b.starts_with("# ")).collect();
    assert!(policies.len() >= 5);
    for block in policies {
        let above = block.split_once("\n[").map_or(block.as_str(), |(above, _)| above);
        let has_name = above.lines().any(|line| line.starts_with("name = "));
        let policy = if has_name { block } else { format!("name = \"web\"\n{block}") };
        let (output, _place) = aapol(&["check", "policy.toml"], &policy);
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{policy}\n{said}");
        assert!(!said.contains("warning["), "{policy}\n{said}");
    }
}

#[test]
fn the_first_policy_renders_to_what_is_shown() {
    let policy = blocks("toml").into_iter().next().unwrap();
    let (output, place) = aapol(&["render", "policy.toml"], &policy);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let profile = fs::read_to_string(place.path().join("web.apparmor")).unwrap();
    let mut rendered = profile.lines();
    for line in blocks("apparmor").concat().lines() {
        assert!(rendered.any(|l| l == line), "`{line}` is not in the profile, or not there");
    }
    let manifest = fs::read_to_string(place.path().join("web.pod.yaml")).unwrap();
    let plain: String = manifest.lines().filter(|l| !l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    assert_eq!(blocks("yaml").concat(), plain);
}

/// As long as no command tries them, whoever writes expectations is told so wherever they are explained.
#[test]
fn settings_of_editors_name_the_folder_of_policies() {
    let helix = blocks("toml").into_iter().find(|block| block.starts_with("# languages.toml")).unwrap();
    let settings: toml::Table = toml::from_str(&helix).unwrap();
    let folder = settings["language-server"]["aapol"]["config"]["policies"][0].as_str();
    assert_eq!(folder, Some("policies"));
    assert!(blocks("lua").concat().contains("init_options = { policies = { \"policies\" } }"));
}

#[test]
fn what_it_names_is_there() {
    let text = readme();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    for word in text.split(['`', ' ', '\n']).filter(|word| word.starts_with("examples/")) {
        assert!(root.join(word).exists(), "README names {word}");
    }
    let headings: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .map(|heading| format!("(#{})", heading.to_lowercase().replace(' ', "-")))
        .collect();
    for link in text.split(']').filter(|rest| rest.starts_with("(#")) {
        assert!(headings.iter().any(|heading| link.starts_with(heading)), "README links to {link:.40}");
    }
    let help = Command::new(env!("CARGO_BIN_EXE_aapol")).arg("--help").output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let commands = help.lines().filter_map(|line| line.strip_prefix("  "));
    let commands = commands.filter_map(|line| line.split_whitespace().next());
    for command in commands.filter(|c| c.chars().all(char::is_lowercase) && *c != "help") {
        assert!(text.contains(&format!("aapol {command}")), "README does not tell of `aapol {command}`");
    }
}
