//! Archives that a Linux kernel unpacks as its first file system (`newc`, see initramfs-buffer-format).
//! Everything in them belongs to root.

use crate::Result;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

const FOLDER: u32 = 0o040_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;

#[derive(Debug)]
pub(crate) struct Image {
    out: BufWriter<File>,
    number: u32,
}

impl Image {
    pub(crate) fn create(path: &Path) -> Result<Image> {
        Ok(Image { out: BufWriter::new(File::create(path)?), number: 0 })
    }

    pub(crate) fn folder(&mut self, at: &str) -> Result<()> {
        self.entry(at, FOLDER | 0o755, &mut io::empty(), 0)
    }

    pub(crate) fn file(&mut self, at: &str, mode: u32, bytes: &[u8]) -> Result<()> {
        self.entry(at, FILE | mode, &mut &*bytes, bytes.len() as u64)
    }

    pub(crate) fn link(&mut self, at: &str, target: &str) -> Result<()> {
        self.entry(at, LINK | 0o777, &mut target.as_bytes(), target.len() as u64)
    }

    /// A file of this machine.
    pub(crate) fn copy(&mut self, at: &str, path: &Path) -> Result<()> {
        let meta = fs::metadata(path)?;
        self.entry(at, FILE | (meta.permissions().mode() & 0o7777), &mut File::open(path)?, meta.len())
    }

    /// A folder of this machine and all below that `keep` takes; `at` is "" for the root.
    pub(crate) fn tree(&mut self, at: &str, path: &Path, keep: &dyn Fn(&str) -> bool) -> Result<()> {
        let mut names: Vec<_> = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        names.sort_by_key(fs::DirEntry::file_name);
        for entry in names {
            let name = entry.file_name().to_string_lossy().into_owned();
            let to = if at.is_empty() { name } else { format!("{at}/{name}") };
            if !keep(&to) {
                continue;
            }
            let meta = entry.path().symlink_metadata()?;
            if meta.is_dir() {
                self.entry(&to, FOLDER | (meta.mode() & 0o7777), &mut io::empty(), 0)?;
                self.tree(&to, &entry.path(), keep)?;
            } else if meta.is_symlink() {
                self.link(&to, &fs::read_link(entry.path())?.display().to_string())?;
            } else if meta.is_file() {
                self.copy(&to, &entry.path())?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<()> {
        self.entry("TRAILER!!!", 0, &mut io::empty(), 0)?;
        self.out.flush()?;
        Ok(())
    }

    fn entry(&mut self, at: &str, mode: u32, bytes: &mut dyn io::Read, length: u64) -> Result<()> {
        self.number += 1;
        // inode mode uid gid links mtime size, device numbers, length of the name with its end, checksum
        let head =
            [self.number, mode, 0, 0, 1, 0, u32::try_from(length)?, 0, 0, 0, 0, at.len() as u32 + 1, 0];
        self.out.write_all(b"070701")?;
        for field in head {
            write!(self.out, "{field:08x}")?;
        }
        self.out.write_all(at.as_bytes())?;
        self.out.write_all(&[0])?;
        self.pad(6 + 8 * 13 + at.len() as u64 + 1)?;
        let written = io::copy(bytes, &mut self.out)?;
        self.pad(written)
    }

    fn pad(&mut self, written: u64) -> Result<()> {
        let rest = (4 - written % 4) % 4;
        self.out.write_all([0; 3].get(..rest as usize).unwrap_or_default())?;
        Ok(())
    }
}
