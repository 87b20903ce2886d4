//! A program's container image: Debian's files below `/image/NAME` in the machine, and what is laid over them.
//!
//! Packages are unpacked and not installed, so what their scripts would make is made here: users, names,
//! the folders that are mounted on.

use crate::debian::Debian;
use crate::image::Image;
use crate::{Fail, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// A busybox of the image's own, for what is tried there through `runc exec`.
pub(super) const TRY: &str = ".lab/busybox";

/// Documentation, translations, and what maintainer scripts use. Perl and LLVM are nobody's here: the policies
/// keep Debian's wrappers out, and a server without its compiler works on. The runtimes' folders are laid by programs.
const SKIPPED: [&str; 25] = [
    ".packages",
    "boot",
    "etc/init.d",
    "usr/lib/jvm",
    "usr/lib/python3",
    "usr/lib/systemd",
    "usr/lib/llvm",
    "usr/lib/postgresql",
    "usr/lib/x86_64-linux-gnu/perl",
    "usr/lib/x86_64-linux-gnu/libLLVM",
    "usr/lib/x86_64-linux-gnu/libperl",
    "usr/lib/x86_64-linux-gnu/libz3",
    "usr/share/bash-completion",
    "usr/share/debconf",
    "usr/share/doc",
    "usr/share/info",
    "usr/share/lintian",
    "usr/share/locale",
    "usr/share/i18n",
    "usr/share/man",
    "usr/share/nodejs",
    "usr/share/perl",
    "usr/share/python3",
    "usr/share/systemd",
    "var",
];

/// LLVM's, in the folder of PostgreSQL.
const SPARED: [&str; 2] = ["/bitcode", "/llvmjit"];

#[derive(Debug)]
pub(super) struct Root {
    image: Image,
    at: String,
    tree: PathBuf,
}

impl Root {
    /// The packages with all that they need, and what every image has.
    pub(super) fn create(path: &Path, debian: &Debian, name: &str, packages: &[&str]) -> Result<Root> {
        let common = ["base-files", "base-passwd", "libc-bin", "tzdata"];
        let tree = debian.tree(name, &[common.as_slice(), packages].concat())?;
        let at = format!("image/{name}");
        let mut root = Root { image: Image::create(path)?, at: at.clone(), tree: tree.clone() };
        root.image.folder("image")?;
        root.image.folder(&at)?;
        let keep = |file: &str| {
            let file = file.strip_prefix(&format!("{at}/")).unwrap_or(file);
            !SKIPPED.iter().any(|skipped| file.starts_with(skipped))
        };
        root.image.tree(&at, &tree, &keep)?;
        for folder in ["proc", "sys", "dev", "tmp", "run", "var", "var/log", "var/lib", "srv", ".lab"] {
            root.folder(folder)?;
        }
        root.link("var/run", "/run")?;
        root.link("usr/bin/sh", "dash")?;
        root.link("etc/localtime", "/usr/share/zoneinfo/Etc/UTC")?;
        root.file("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\nservices: files\n")?;
        root.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")?;
        root.file("etc/group", "root:x:0:\n")?;
        let tools = debian.tree("tools-busybox", &["busybox-static"])?;
        root.image.copy(&format!("{at}/{TRY}"), &tools.join("usr/bin/busybox"))?;
        Ok(root)
    }

    /// A folder with those above it, none of which may be a link.
    pub(super) fn folder(&mut self, path: &str) -> Result<()> {
        let mut at = self.at.clone();
        for name in path.split('/') {
            at = format!("{at}/{name}");
            self.image.folder(&at)?;
        }
        Ok(())
    }

    fn above(&mut self, path: &str) -> Result<()> {
        path.rsplit_once('/').map_or(Ok(()), |(above, _)| self.folder(above))
    }

    pub(super) fn link(&mut self, path: &str, target: &str) -> Result<()> {
        self.above(path)?;
        self.image.link(&format!("{}/{path}", self.at), target)
    }

    pub(super) fn file(&mut self, path: &str, text: &str) -> Result<()> {
        self.above(path)?;
        self.image.file(&format!("{}/{path}", self.at), 0o644, text.as_bytes())
    }

    pub(super) fn script(&mut self, path: &str, text: &str) -> Result<()> {
        self.above(path)?;
        self.image.file(&format!("{}/{path}", self.at), 0o755, text.as_bytes())
    }

    /// A folder of the packages that is skipped otherwise.
    pub(super) fn folder_in_place(&mut self, path: &str) -> Result<()> {
        self.folder_at(path, path)
    }

    /// A folder of the packages, laid at another place, with a link where they have it.
    pub(super) fn folder_elsewhere(&mut self, from: &str, path: &str) -> Result<()> {
        self.folder_at(from, path)?;
        self.link(from, &format!("/{path}"))
    }

    fn folder_at(&mut self, from: &str, path: &str) -> Result<()> {
        self.folder(path)?;
        self.image.tree(&format!("{}/{path}", self.at), &self.tree.join(from), &|at| {
            !SPARED.iter().any(|name| at.contains(name))
        })
    }

    /// The user that the image brings.
    pub(super) fn user(&mut self, name: &str, number: u32) -> Result<()> {
        self.file(
            "etc/passwd",
            &format!("root:x:0:0:root:/root:/bin/sh\n{name}:x:{number}:{number}::/nonexistent:/bin/sh\n"),
        )?;
        self.file("etc/group", &format!("root:x:0:\n{name}:x:{number}:\n"))
    }

    /// A text of the packages.
    pub(super) fn read(&self, path: &str) -> Result<String> {
        Ok(fs::read_to_string(self.tree.join(path))?)
    }

    /// A file of the packages at another place too: a copy, since AppArmor sees where a link leads.
    pub(super) fn copy(&mut self, from: &str, path: &str) -> Result<()> {
        let mut file = self.tree.join(from);
        while file.is_symlink() {
            let target = fs::read_link(&file)?;
            file = match target.strip_prefix("/") {
                Ok(below) => self.tree.join(below),
                Err(_) => file.parent().unwrap_or(&self.tree).join(target),
            };
        }
        if !file.is_file() {
            return Err(Fail::new(&format!("no package holds {from}")));
        }
        self.above(path)?;
        self.image.copy(&format!("{}/{path}", self.at), &file)
    }

    pub(super) fn finish(self) -> Result<()> {
        self.image.finish()
    }
}
