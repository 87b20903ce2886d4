//! Users' own templates: the page about them is true, and no rule of the command goes by without them.

use crate::support::policies::policies_below;
use crate::support::trial::Trial;
use aapol::render::{variables, view};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const POLICY: &str = "name = \"web\"\nsilence = [\"placeholder-image\", \"not-restricted\"]\n";

fn page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/templates.md")
}

fn aapol(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aapol")).current_dir(folder).args(args).output().unwrap()
}

fn texts(output: &Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

/// A folder with a policy and templates.
fn folder(policy: &str, templates: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("mine")).unwrap();
    fs::write(folder.path().join("policy.toml"), policy).unwrap();
    for (name, text) in templates {
        fs::write(folder.path().join("mine").join(name), text).unwrap();
    }
    folder
}

/// Every variable that a type has is on the page with its sentence, and no other.
#[test]
fn the_page_names_every_variable() {
    let text = fs::read_to_string(page()).unwrap();
    let (before, rest) = text.split_once("<!-- the variables,").unwrap();
    let (first, rest) = rest.split_once("-->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let mut table = String::from("\n| variable | what it holds |\n|---|---|\n");
    let all = variables::all();
    assert!(all.len() > 70, "only {} variables were found", all.len());
    for variable in &all {
        assert!(variable.about.ends_with('.'), "{} has no sentence", variable.path);
        // The same type as the next ones.
        if variable.path.starts_with("manifest.pod.init_containers[].") {
            continue;
        }
        let path = variable.path.replace("manifest.pod.containers[].", "container.");
        writeln!(table, "| `{path}` | {} |", variable.about).unwrap();
    }
    let wanted = format!("{before}<!-- the variables,{first}-->\n{table}\n<!-- end -->{after}");
    if std::env::var_os("BLESS").is_some() {
        assert!(std::env::var_os("CI").is_none(), "nothing is blessed in CI");
        fs::write(page(), &wanted).unwrap();
    }
    assert_eq!(fs::read_to_string(page()).unwrap(), wanted);
}

/// What templates see of all policies here are these variables: each occurs, and there is no other.
#[test]
fn every_variable_occurs_and_is_named() {
    let mut seen = BTreeSet::new();
    for file in policies_below("examples").into_iter().chain(policies_below("golden")) {
        let trial = Trial::on_disk(&file);
        let Some(plan) = trial.plan() else { continue };
        let view = serde_json::to_value(view::view(plan, trial.sources(), true)).unwrap();
        keys(&view, "", &mut seen);
        // They fit into a comment: none can end its line.
        for part in [&view["policy"], &view["profile"]] {
            assert!(is_of_lines(part), "{}: {part:#}", file.display());
        }
    }
    let named: BTreeSet<String> = variables::all().into_iter().map(|variable| variable.path).collect();
    assert_eq!(seen.symmetric_difference(&named).collect::<Vec<_>>(), Vec::<&String>::new());
}

fn is_of_lines(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.contains(char::is_control),
        Value::Array(items) => items.iter().all(is_of_lines),
        Value::Object(keys) => keys.values().all(is_of_lines),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

fn keys(value: &Value, path: &str, seen: &mut BTreeSet<String>) {
    for item in value.as_array().into_iter().flatten() {
        keys(item, &format!("{path}[]"), seen);
    }
    for (key, below) in value.as_object().into_iter().flatten() {
        let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        keys(below, &path, seen);
        seen.insert(path);
    }
}

/// The fenced blocks of a section of the page.
fn blocks(section: &str) -> Vec<String> {
    let text = fs::read_to_string(page()).unwrap();
    let (_, rest) = text.split_once(&format!("## {section}\n")).unwrap();
    let section = rest.split("\n## ").next().unwrap();
    let fenced = section.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap().1.to_owned()).collect()
}

#[test]
fn the_example_of_the_page_is_true() {
    let blocks = blocks("An example");
    let [container, writes, policy, wanted] = blocks.as_slice() else { panic!("{blocks:#?}") };
    let folder = folder(policy, &[("container.yaml", container), ("writes.md.tera", writes)]);
    let (_, stderr, status) = texts(&aapol(folder.path(), &["render", "--templates", "mine", "policy.toml"]));
    assert_eq!(status, Some(0), "{stderr}");
    assert!(stderr.contains("wrote web.writes.md"), "{stderr}");
    assert_eq!(fs::read_to_string(folder.path().join("web.writes.md")).unwrap(), *wanted);
    let pod = fs::read_to_string(folder.path().join("web.pod.yaml")).unwrap();
    assert!(pod.contains("      resources:\n        limits:\n          memory: 64Mi\n"), "{pod}");
}

/// The folder in which a policy lies says nothing in what it renders to, nor does the way to it.
#[test]
fn places_do_not_depend_on_where_a_policy_is() {
    let places = "{% for group in profile.groups %}{% for rule in group.rules %}{{ rule.places | join(sep=\" \") }}{% endfor %}{% endfor %}\n";
    let policy = format!("{POLICY}extends = [\"base/base.toml\"]\n");
    let folder = folder(&policy, &[("places.tera", places)]);
    fs::create_dir(folder.path().join("base")).unwrap();
    let base = "name = \"base\"\n[filesystem]\nread-only = [\"/srv/\"]\n";
    fs::write(folder.path().join("base/base.toml"), base).unwrap();
    let whole = folder.path().join("policy.toml");
    let beside = folder.path().join("mine");
    for (at, path, mine) in [
        (folder.path(), "policy.toml", "mine"),
        (folder.path(), whole.to_str().unwrap(), "mine"),
        (&beside, "../policy.toml", "."),
    ] {
        let args = ["render", "--stdout", "--only", "further", "--templates", mine, path];
        assert_eq!(texts(&aapol(at, &args)).0, "base/base.toml:3\n", "{path}");
    }
}

#[test]
fn further_files_are_compared_verified_and_told_when_they_are_stale() {
    let further = "{% for line in profile.header %}# {{ line }}\n{% endfor %}{{ profile.flags }}\n";
    let folder = folder(POLICY, &[("flags.txt.tera", further)]);
    let at = folder.path();
    let args = ["render", "--templates", "mine", "policy.toml"];
    assert_eq!(texts(&aapol(at, &args)).2, Some(0));
    let check = ["render", "--check", "--templates", "mine", "policy.toml"];
    assert_eq!(texts(&aapol(at, &check)).2, Some(0));
    fs::write(at.join("web.flags.txt"), "other\n").unwrap();
    let (stdout, _, status) = texts(&aapol(at, &check));
    assert!(stdout.contains("-other") && status == Some(1), "{stdout}");
    assert_eq!(texts(&aapol(at, &args)).2, Some(0));
    // Under another name the older files are stale, that of the further template too.
    fs::write(at.join("policy.toml"), POLICY.replace("web", "shop")).unwrap();
    let (_, stderr, _) = texts(&aapol(at, &["render", "--templates", "mine", "."]));
    for name in ["web.apparmor", "web.flags.txt", "web.pod.yaml"] {
        assert!(stderr.contains(&format!("stale: `./{name}`")), "{stderr}");
    }
}

/// A template takes the whole profile's place, and the parser judges what it made of it.
#[test]
fn what_a_template_makes_of_a_profile_is_what_is_verified() {
    let folder =
        folder(POLICY, &[("profile.apparmor", "profile {{ profile.name }} {{ \"{\" }}\n  broken\n")]);
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    // In the parser's place: it takes all that does not say so.
    fs::write(
        bin.join("apparmor_parser"),
        "#!/bin/sh\ngrep -q broken && echo refused >&2 && exit 1\n\
         printf '\\004\\010\\000profile\\000\\007\\005\\004\\000web\\000'\n",
    )
    .unwrap();
    fs::set_permissions(bin.join("apparmor_parser"), fs::Permissions::from_mode(0o755)).unwrap();
    let run = |args: &[&str]| {
        let path = format!("{}:/usr/bin:/bin", bin.display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_aapol"));
        texts(&command.current_dir(folder.path()).env("PATH", path).args(args).output().unwrap())
    };
    let (_, stderr, status) = run(&["render", "--verify", "--templates", "mine", "policy.toml"]);
    assert!(status == Some(1) && stderr.contains("error[parser-refused]"), "{stderr}");
    let (_, stderr, status) = run(&["render", "--verify", "policy.toml"]);
    assert_eq!(status, Some(0), "{stderr}");
}

/// The bounds hold for further templates as for all others.
#[test]
fn a_further_template_is_stopped_like_any_other() {
    let loops: String =
        ["a", "b", "c"].map(|name| format!("{{% for {name} in range(end=100000) %}}")).concat();
    let endless = format!("{loops}{}{}", "a".repeat(4096), "{% endfor %}".repeat(3));
    let folder = folder(POLICY, &[("endless.tera", &endless)]);
    let (_, stderr, status) = texts(&aapol(folder.path(), &["render", "--templates", "mine", "policy.toml"]));
    let wanted = "error: the template does not work: mine/endless.tera: writes more than 16 MiB\n";
    assert!(stderr.starts_with(wanted) && status == Some(2), "{stderr}");
    assert!(!folder.path().join("web.apparmor").exists());
}
