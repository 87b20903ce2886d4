//! A generation of Debian: its kernel, its parser, its programs.

use crate::debian::{Debian, PACKAGES};
use crate::image::Image;
use crate::machine::Machine;
use crate::parser::Parser;
use crate::{Fail, Result};
use aapol::kernel::Operation;
use probe::{Answer, CONTROL, Case, Outcome, Run, Work};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The releases that CI proves, oldest first.
pub(crate) const RELEASES: [&str; 2] = ["bookworm", "trixie"];

/// The release that has the parser of the next generation before any kernel of that generation is proven.
const NEXT: &str = "sid";

/// What every machine has: the parser, a shell with tools, and a C library with programs that are linked to it.
const TOOLS: [&str; 7] =
    ["apparmor", "busybox-static", "libc-bin", "coreutils", "dash", "base-files", "base-passwd"];

/// Compiled profiles, by the names that cases call them.
pub(crate) type Policies = BTreeMap<String, Vec<u8>>;

#[derive(Clone, Debug)]
pub(crate) struct Generation {
    pub(crate) name: &'static str,
    pub(crate) debian: Debian,
    /// The kernel's version without what a security update changes.
    pub(crate) kernel_version: String,
    pub(crate) kernel: PathBuf,
    pub(crate) parser: Parser,
    /// What the kernel's AppArmor can do, as the kernel says it.
    features: PathBuf,
    /// The archives of every boot: the probe and the tools.
    pub(crate) images: Vec<PathBuf>,
    /// Where files of this generation are kept.
    pub(crate) folder: PathBuf,
}

impl Generation {
    pub(crate) fn open(name: &'static str, cache: &Path, program: &Path) -> Result<Generation> {
        let debian = Debian::open(name, cache)?;
        let folder = cache.join(name);
        let package = debian.first_dependency("linux-image-amd64")?;
        let kernel = only(&debian.package(&package, "boot")?.join("boot"), "vmlinuz-")?;
        let tools = debian.tree("tools", &TOOLS)?;
        let images = vec![base(&folder, program)?, tools_image(&folder, &tools)?];
        let features = folder.join(format!("features-{package}"));
        if !features.join("file").is_dir() {
            read_features(Machine { kernel: &kernel, images: &images }, &features)?;
        }
        let version = package.trim_start_matches("linux-image-").splitn(3, '.').take(2);
        let kernel_version = version.collect::<Vec<_>>().join(".");
        let parser = Parser::new(&tools, &features)?;
        Ok(Generation { features, name, debian, kernel_version, kernel, parser, images, folder })
    }

    /// Whether this kernel decides about an operation at all.
    pub(crate) fn mediates(&self, operation: Operation) -> bool {
        let has = |name: &str, word: &str| {
            fs::read_to_string(self.features.join(name)).is_ok_and(|text| text.contains(word))
        };
        match operation {
            Operation::Userns => has("namespaces/mask", "userns_create"),
            Operation::Mqueue => has("ipc/posix_mqueue", "create"),
            Operation::IoUring => has("io_uring/mask", "sqpoll"),
            Operation::Dbus => has("dbus/mask", "send"),
            Operation::Mount
            | Operation::Remount
            | Operation::Umount
            | Operation::PivotRoot
            | Operation::Ptrace
            | Operation::Signal
            | Operation::HugePages => true,
        }
    }

    /// Its own parser, and after the newest release's the one that follows it, with the same kernel.
    pub(crate) fn parsers(&self) -> Result<Vec<Parser>> {
        let mut parsers = vec![self.parser.clone()];
        if RELEASES.last() == Some(&self.name) {
            let cache = self.folder.parent().unwrap_or(&self.folder);
            let root = Debian::open(NEXT, cache)?.tree("parser", &["apparmor"])?;
            parsers.push(self.parser.replaced(&root)?);
        }
        Ok(parsers)
    }

    /// Does the cases in a machine that has these archives as well.
    pub(crate) fn answer(
        &self,
        cases: &[Case],
        policies: &Policies,
        more: &[PathBuf],
    ) -> Result<Vec<Answer>> {
        let images: Vec<PathBuf> = self.images.iter().chain(more).cloned().collect();
        let mut policies = policies.clone();
        let control = format!("abi <abi/3.0>,\nprofile {CONTROL} {{\n}}\n");
        policies.insert(CONTROL.to_owned(), self.parser.compile(&control).map_err(|said| Fail::new(&said))?);
        Machine { kernel: &self.kernel, images: &images }.answer(cases, &policies)
    }
}

/// Builds the program that runs inside: static, since the machine's root is empty.
pub(crate) fn build_probe(target: &Path) -> Result<PathBuf> {
    const TRIPLE: &str = "x86_64-unknown-linux-gnu";
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .args(["build", "--quiet", "--locked", "--release", "--package", "probe", "--target", TRIPLE])
        .arg("--target-dir")
        .arg(target)
        // The release profile of the product takes a minute to link and gains nothing here.
        .args(["--config", "profile.release.lto=false", "--config", "profile.release.codegen-units=16"])
        // A program that is moved about in memory when it starts takes five times as long where the processor is
        // emulated, and each probe is two starts.
        .env("RUSTFLAGS", "-C target-feature=+crt-static -C relocation-model=static -C strip=symbols")
        .output()?;
    if !output.status.success() {
        return Err(Fail::of("building the probe", &output));
    }
    Ok(target.join(TRIPLE).join("release/probe"))
}

fn base(folder: &Path, program: &Path) -> Result<PathBuf> {
    let path = folder.join("base.cpio");
    let mut image = Image::create(&path)?;
    for name in ["proc", "sys", "dev", "tmp", "run", "box", "mnt", ".lab", "image"] {
        image.folder(name)?;
    }
    image.copy("init", program)?;
    image.copy(probe::PROGRAM.trim_start_matches('/'), program)?;
    image.finish()?;
    Ok(path)
}

fn tools_image(folder: &Path, tools: &Path) -> Result<PathBuf> {
    let path = folder.join("tools.cpio");
    let mut image = Image::create(&path)?;
    // Documentation, translations and what only an installed system uses would double the boot.
    let skip = [
        "usr/share/doc",
        "usr/share/man",
        "usr/share/locale",
        "usr/share/perl",
        "usr/lib/x86_64-linux-gnu/perl",
        "var",
        "usr/share/info",
        "usr/lib/python3",
        "usr/share/python3",
        "usr/share/lintian",
        "boot",
    ];
    image.tree("", tools, &|at| !skip.iter().any(|name| at.starts_with(name)) && at != PACKAGES)?;
    image.finish()?;
    Ok(path)
}

/// What the kernel's AppArmor can do, from the kernel itself.
fn read_features(machine: Machine<'_>, folder: &Path) -> Result<()> {
    let script = "cd /sys/kernel/security/apparmor/features && \
                  find . -type f | sort | while read -r f; do printf '%s\\t' \"$f\"; cat \"$f\"; echo; done";
    let run = Run { script: script.to_owned(), arguments: Vec::new(), seconds: 30 };
    let case = Case { work: Work::Run(run), ..Case::default() };
    let answers = machine.answer(&[case], &Policies::new())?;
    let output = match answers.into_iter().next().map(|answer| answer.outcome) {
        Some(Outcome::Ran { status: 0, output }) => output,
        other => return Err(Fail::new(&format!("the kernel's features cannot be read: {other:?}"))),
    };
    for line in output.lines() {
        let Some((name, value)) = line.split_once('\t') else { continue };
        let file = folder.join(name.trim_start_matches("./"));
        fs::create_dir_all(file.parent().unwrap_or(folder))?;
        fs::write(file, format!("{value}\n"))?;
    }
    Ok(())
}

/// The one file of a folder whose name begins so.
fn only(folder: &Path, prefix: &str) -> Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            return Ok(entry.path());
        }
    }
    Err(Fail::new(&format!("{} holds no {prefix}", folder.display())))
}
