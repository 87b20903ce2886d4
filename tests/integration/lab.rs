//! The kernel lab: a first suite of it, where it must run. All of it is `cargo run -p lab`, as `docs/proof.md` says.

use crate::support::say::say;
use std::path::Path;
use std::process::Command;

const TOOLS: [&str; 4] = ["apt-get", "dpkg-deb", "tar", "qemu-system-x86_64"];

#[test]
fn expectations_come_out_on_real_kernels() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |tool: &&str| std::env::split_paths(&path).any(|folder| folder.join(tool).is_file());
    let missing: Vec<&str> = TOOLS.into_iter().filter(|tool| !is_there(tool)).collect();
    if std::env::var_os("AAPOL_PROOF").is_none_or(|word| word != "require") {
        match missing.as_slice() {
            [] => say("skipped: the kernel lab, which fetches two kernels: `cargo run -p lab`"),
            missing => say(&format!("skipped: the kernel lab needs {}", missing.join(", "))),
        }
        return;
    }
    assert!(missing.is_empty(), "AAPOL_PROOF=require, and the kernel lab needs {}", missing.join(", "));
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--locked", "--package", "lab", "--", "expectations"])
        .current_dir(project)
        .output()
        .expect("cargo can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    let tried: usize = said.lines().last().and_then(|line| line.split(' ').next()?.parse().ok()).unwrap_or(0);
    assert!(tried > 400, "only {tried} were tried: {said}");
}
