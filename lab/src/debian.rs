//! Debian's packages: fetched by apt, which checks their signatures; unpacked, never installed.
//!
//! Enters: a release and the names of packages. Leaves: folders with their files, kept below the lab's cache and
//! made anew when a package is. The mirror is the machine's own: no host is named here.

use crate::{Fail, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

/// A mirror in place of the machine's own.
const MIRROR: &str = "LAB_MIRROR";
/// The file that tells which packages a folder was made of.
pub(crate) const PACKAGES: &str = ".packages";
/// Lists of packages that are younger are not fetched anew.
const FRESH: Duration = Duration::from_secs(12 * 60 * 60);

/// A release, with apt settings that leave the machine's own alone.
#[derive(Clone, Debug)]
pub(crate) struct Debian {
    folder: PathBuf,
}

impl Debian {
    /// The release's lists of packages, fetched where they are missing or old.
    pub(crate) fn open(release: &'static str, cache: &Path) -> Result<Debian> {
        let debian = Debian { folder: cache.join(release) };
        for name in ["lists/partial", "archives/partial", "none/partial", "etc", "sets"] {
            fs::create_dir_all(debian.folder.join(name))?;
        }
        // An empty machine: every package that is asked for comes with all that it needs.
        fs::write(debian.folder.join("status"), "")?;
        let mirror = mirror()?;
        let source = format!("deb [arch=amd64] {mirror} {release} main\n");
        let list = debian.folder.join("sources.list");
        if fs::read_to_string(&list).unwrap_or_default() != source {
            fs::write(&list, source)?;
            let _ = fs::remove_file(debian.stamp());
        }
        if !debian.is_fresh() {
            let updated = debian.apt("apt-get").args(["--quiet", "update"]).output()?;
            if updated.status.success() {
                fs::write(debian.stamp(), "")?;
            } else if !debian.stamp().exists() {
                return Err(Fail::of(&format!("apt-get update for {release}"), &updated));
            }
        }
        Ok(debian)
    }

    /// One package alone, of which only this folder is unpacked.
    pub(crate) fn package(&self, name: &str, folder: &str) -> Result<PathBuf> {
        self.set(name, &[name], Some(folder))
    }

    /// Packages with all that they need, unpacked into one folder.
    pub(crate) fn tree(&self, set: &str, packages: &[&str]) -> Result<PathBuf> {
        self.set(set, packages, None)
    }

    /// What a package depends on first: the kernel behind the package that stands for the newest.
    pub(crate) fn first_dependency(&self, package: &str) -> Result<String> {
        let output = self.apt("apt-cache").args(["depends", "--important", package]).output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let first = text.lines().find_map(|line| line.trim().strip_prefix("Depends: "));
        first.map(str::to_owned).ok_or_else(|| Fail::of(&format!("apt-cache depends {package}"), &output))
    }

    fn set(&self, set: &str, packages: &[&str], alone: Option<&str>) -> Result<PathBuf> {
        let with_dependencies = alone.is_none();
        let folder = self.folder.join("sets").join(set);
        let archives = self.archives(packages, with_dependencies)?;
        let names: Vec<String> = archives.iter().map(|path| path.display().to_string()).collect();
        let stamp = folder.join(PACKAGES);
        if fs::read_to_string(&stamp).ok().as_deref() == Some(names.join("\n").as_str()) {
            return Ok(folder);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        self.fetch(packages, with_dependencies)?;
        // As Debian has it since 2023: without these links the files would lie in two places.
        for name in ["bin", "sbin", "lib", "lib64"] {
            fs::create_dir_all(folder.join("usr").join(name))?;
            std::os::unix::fs::symlink(format!("usr/{name}"), folder.join(name))?;
        }
        for archive in &archives {
            unpack(archive, &folder, alone)?;
        }
        fs::write(stamp, names.join("\n"))?;
        Ok(folder)
    }

    /// Where the packages' files will lie, without fetching any.
    fn archives(&self, packages: &[&str], with_dependencies: bool) -> Result<Vec<PathBuf>> {
        let mut command = self.download(packages, with_dependencies);
        // Of what is there already apt says nothing, so it is shown a folder where nothing is.
        let nowhere = format!("Dir::Cache::archives={}/", self.folder.join("none").display());
        let output = command.args(["--print-uris", "-o", &nowhere]).output()?;
        if !output.status.success() {
            return Err(Fail::of(&format!("apt-get for {packages:?}"), &output));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        // 'URI' FILE SIZE HASH
        let lines = text.lines().filter(|line| line.starts_with('\''));
        let names: BTreeSet<&str> = lines.filter_map(|line| line.split(' ').nth(1)).collect();
        if names.is_empty() {
            return Err(Fail::of(&format!("apt knows no files of {packages:?}"), &output));
        }
        Ok(names.into_iter().map(|name| self.folder.join("archives").join(name)).collect())
    }

    fn fetch(&self, packages: &[&str], with_dependencies: bool) -> Result<()> {
        let mut command = self.download(packages, with_dependencies);
        let output = command.current_dir(self.folder.join("archives")).output()?;
        if !output.status.success() {
            return Err(Fail::of(&format!("fetching {packages:?}"), &output));
        }
        Ok(())
    }

    fn download(&self, packages: &[&str], with_dependencies: bool) -> Command {
        let mut command = self.apt("apt-get");
        command.args(["--quiet", "--yes"]);
        if with_dependencies {
            command.args(["--download-only", "--no-install-recommends", "--reinstall", "install"]);
        } else {
            command.arg("download");
        }
        command.args(packages);
        command
    }

    fn apt(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let place = |name: &str| self.folder.join(name).display().to_string();
        for (key, value) in [
            ("APT::Architecture", "amd64".to_owned()),
            ("APT::Architectures", "amd64".to_owned()),
            ("APT::Sandbox::User", "root".to_owned()),
            ("APT::Get::List-Cleanup", "false".to_owned()),
            ("APT::Keep-Downloaded-Packages", "true".to_owned()),
            ("Acquire::Retries", "3".to_owned()),
            ("Acquire::Languages", "none".to_owned()),
            ("Debug::NoLocking", "1".to_owned()),
            ("Dir::Cache", place("")),
            ("Dir::Cache::archives", place("archives/")),
            ("Dir::Etc::sourcelist", place("sources.list")),
            ("Dir::Etc::sourceparts", place("etc")),
            ("Dir::Etc::preferences", place("etc/none")),
            ("Dir::Etc::preferencesparts", place("etc")),
            ("Dir::State::lists", place("lists/")),
            ("Dir::State::status", place("status")),
            ("Dir::State::extended_states", place("extended")),
        ] {
            command.arg("-o").arg(format!("{key}={value}"));
        }
        command.env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C");
        command
    }

    fn stamp(&self) -> PathBuf {
        self.folder.join("updated")
    }

    fn is_fresh(&self) -> bool {
        let changed = fs::metadata(self.stamp()).and_then(|meta| meta.modified());
        changed.is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age < FRESH))
    }
}

/// `tar` keeps the links of the merged `/usr`, which `dpkg-deb -x` would replace by folders.
fn unpack(archive: &Path, folder: &Path, only: Option<&str>) -> Result<()> {
    let mut reader = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(archive)
        .stdout(std::process::Stdio::piped())
        .spawn()?;
    let stdout = reader.stdout.take().ok_or_else(|| Fail::new("dpkg-deb has no output"))?;
    let output = Command::new("tar")
        .args(["--extract", "--keep-directory-symlink", "--directory"])
        .arg(folder)
        .args(only.map(|name| format!("./{name}")))
        .stdin(stdout)
        .output()?;
    if !reader.wait()?.success() || !output.status.success() {
        return Err(Fail::of(&format!("unpacking {}", archive.display()), &output));
    }
    Ok(())
}

/// Where the machine gets Debian's own packages from, security updates aside.
fn mirror() -> Result<String> {
    if let Ok(mirror) = std::env::var(MIRROR) {
        return Ok(mirror);
    }
    let format = ["indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Created-By: Packages"];
    let output = Command::new("apt-get").args(format).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let found = text.lines().find(|uri| !uri.trim_end_matches('/').ends_with("security"));
    found.map(str::to_owned).ok_or_else(|| {
        Fail::new(&format!("apt knows no mirror of Debian: name one in {MIRROR}, after `apt-get update`"))
    })
}
