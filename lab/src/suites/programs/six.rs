//! README's six commands from an empty policy to `enforce`, run as they stand there: what they render is what the suite
//! loads and enforces. The node's own tools are stand-ins: the machine of the lab loads, runs and logs.

use super::program::Program;
use crate::policy::{Rendered, project};
use crate::{Fail, Result};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

/// README's program.
pub(super) const PROGRAM: &str = "nginx";

/// What the machine does in place of these.
const STAND_INS: [(&str, &str); 4] = [
    ("sudo", "exec \"$@\""),
    ("apparmor_parser", "test -s \"$2\""),
    ("kubectl", "for last; do :; done; test -s \"$last\""),
    ("journalctl", "cat run.json"),
];

/// Runs the commands, with a pod and with what the kernel logged under the first profile. Says what they come to
/// otherwise than the suite itself: `watched` is what they must render first, `enforced` what in the end.
pub(super) fn run(
    program: &Program,
    folder: &Path,
    pod: &str,
    log: &str,
    rejected: &[String],
    (watched, enforced): (&Rendered, &Rendered),
) -> Result<std::result::Result<(), String>> {
    let commands = commands()?;
    let [make, render, load, learn, enforce, replace] = commands.as_slice() else {
        return Ok(Err(format!("README has {} commands", commands.len())));
    };
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    tools(&folder.join("tools"), rejected)?;
    let shell = |command: &str| -> Result<()> {
        let path = format!("tools:{}", std::env::var("PATH").unwrap_or_default());
        let output =
            Command::new("sh").args(["-euc", command]).current_dir(folder).env("PATH", path).output()?;
        match output.status.success() {
            true => Ok(()),
            false => Err(Fail::new(&format!(
                "README's `{command}` failed: {}{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            ))),
        }
    };
    let file = |suffix: &str| fs::read_to_string(folder.join(format!("{}.{suffix}", program.name)));
    let differs = |expected: &Rendered| -> Result<bool> {
        Ok(file("apparmor")? != expected.profile || file("pod.yaml")? != expected.manifest)
    };
    shell(make)?;
    fs::write(folder.join(format!("{}.toml", program.name)), file("toml")? + pod)?;
    shell(render)?;
    if differs(watched)? {
        return Ok(Err("another profile is watched".to_owned()));
    }
    shell(load)?;
    let record = |line: &str| json!({ "MESSAGE": line, "_TRANSPORT": "kernel" }).to_string() + "\n";
    fs::write(folder.join("run.json"), log.lines().map(record).collect::<String>())?;
    shell(learn)?;
    shell(enforce)?;
    if differs(enforced)? {
        return Ok(Err("another profile is enforced".to_owned()));
    }
    shell(replace)?;
    Ok(Ok(()))
}

/// The block of commands behind the words "six commands".
fn commands() -> Result<Vec<String>> {
    let readme = fs::read_to_string(project().join("README.md"))?;
    let missing = || Fail::new("README has no block of six commands");
    let (_, behind) = readme.split_once("six commands").ok_or_else(missing)?;
    let (_, block) = behind.split_once("```console\n").ok_or_else(missing)?;
    let (block, _) = block.split_once("```").ok_or_else(missing)?;
    let commands = block.lines().filter_map(|line| line.strip_prefix("$ "));
    Ok(commands.map(|command| command.split("  #").next().unwrap_or_default().trim().to_owned()).collect())
}

fn tools(folder: &Path, rejected: &[String]) -> Result<()> {
    fs::create_dir_all(folder)?;
    let built = Command::new("cargo")
        .args(["build", "--locked", "--quiet", "--bin", "aapol"])
        .current_dir(project())
        .status()?;
    if !built.success() {
        return Err(Fail::new("the program was not built"));
    }
    let own = std::env::current_exe()?.with_file_name("aapol");
    // What the scenario does to see it refused, a person would not want to be learned.
    let wishes: String = rejected.iter().map(|wish| format!(" --reject '{wish}'")).collect();
    let aapol = format!(
        "if test \"$1\" = learn; then exec '{0}' \"$@\"{wishes}; else exec '{0}' \"$@\"; fi",
        own.display()
    );
    for (name, body) in STAND_INS.into_iter().chain([("aapol", aapol.as_str())]) {
        let path = folder.join(name);
        fs::write(&path, format!("#!/bin/sh\n{body}\n"))?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}
