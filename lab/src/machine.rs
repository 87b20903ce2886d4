//! A virtual machine: boots a kernel with the lab's files as its first file system, and hands back the answers.
//!
//! Without KVM its processor is emulated; a boot takes seconds all the same. What hangs is ended, and the
//! machine's console shown.

use crate::generation::Policies;
use crate::image::Image;
use crate::{Fail, Result};
use probe::{Answer, Case, END};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// No answer for so long means that nothing will come.
const SILENCE: Duration = Duration::from_secs(200);
/// How much of the console is shown.
const TAIL: usize = 80;
const MEMORY: &str = "3072";
/// QEMU's word for how the processor is made: `kvm` is some ten times as fast where it works.
const ACCELERATOR: &str = "LAB_ACCELERATOR";

/// What a machine is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine<'a> {
    pub(crate) kernel: &'a Path,
    /// Archives that are unpacked over each other, the probe's own among them.
    pub(crate) images: &'a [PathBuf],
}

impl Machine<'_> {
    /// Does the cases in their order. `policies` are compiled profiles by the names that the cases use.
    pub(crate) fn answer(&self, cases: &[Case], policies: &Policies) -> Result<Vec<Answer>> {
        let folder = tempfile::tempdir()?;
        let input = folder.path().join("input.cpio");
        pack(&input, cases, policies)?;
        let initrd = folder.path().join("initrd");
        let mut whole = fs::File::create(&initrd)?;
        for image in self.images.iter().chain([&input]) {
            std::io::copy(&mut fs::File::open(image)?, &mut whole)?;
        }
        let (console, result) = (folder.path().join("console"), folder.path().join("result"));
        let started = self.start(&initrd, &console, &result)?;
        let answers = follow(started, &result);
        answers.map_err(|what| {
            let text = fs::read(&console).unwrap_or_default();
            let text = String::from_utf8_lossy(&text).replace('\r', "");
            let lines: Vec<&str> = text.lines().collect();
            let tail = lines.get(lines.len().saturating_sub(TAIL)..).unwrap_or_default().join("\n");
            Fail::new(&format!("{what}; the console's end:\n{tail}"))
        })
    }

    fn start(&self, initrd: &Path, console: &Path, result: &Path) -> Result<Child> {
        let serial = |path: &Path| format!("file:{}", path.display());
        // Asked for, and not tried: where machines run inside of machines, KVM may be there and hang.
        let accelerator = std::env::var(ACCELERATOR).unwrap_or_else(|_| "tcg".to_owned());
        let child = Command::new("qemu-system-x86_64")
            .args(["-machine", &format!("accel={accelerator}"), "-cpu", "max", "-m", MEMORY, "-smp", "1"])
            .args(["-nodefaults", "-display", "none", "-no-reboot", "-kernel"])
            .arg(self.kernel)
            .arg("-initrd")
            .arg(initrd)
            .args(["-serial", &serial(console), "-serial", &serial(result)])
            // A panic ends the machine; audit lines wait instead of being dropped.
            .args(["-append", "console=ttyS0 loglevel=4 panic=-1 audit_backlog_limit=16384 log_buf_len=32M hugepages=8 mitigations=off nokaslr random.trust_cpu=on rdinit=/init"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        child.map_err(|error| Fail::new(&format!("qemu-system-x86_64 cannot be started: {error}")))
    }
}

/// Waits for the last answer, and ends the machine whatever happens.
fn follow(mut child: Child, result: &Path) -> std::result::Result<Vec<Answer>, String> {
    let mut seen = 0;
    let mut since = Instant::now();
    let ended = loop {
        if let Ok(Some(status)) = child.try_wait() {
            break Ok(status);
        }
        let size = fs::metadata(result).map_or(0, |meta| meta.len());
        if size != seen {
            (seen, since) = (size, Instant::now());
        }
        if since.elapsed() > SILENCE {
            break Err(format!("the machine said nothing for {} seconds", SILENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    let _ = child.kill();
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    let status = ended?;
    let text = fs::read(result).map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&text).replace('\r', "");
    let mut answers = Vec::new();
    for line in text.lines() {
        if line == END {
            return Ok(answers);
        }
        answers.push(serde_json::from_str(line).map_err(|error| format!("{error} in the answer {line}"))?);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("the machine ended too early, after {} answers ({status}) {said}", answers.len()))
}

fn pack(path: &Path, cases: &[Case], policies: &Policies) -> Result<()> {
    let mut image = Image::create(path)?;
    let root = probe::INPUT.trim_start_matches('/');
    image.folder(root)?;
    image.folder(&format!("{root}/policies"))?;
    for (name, bytes) in policies {
        image.file(&format!("{root}/policies/{name}"), 0o600, bytes)?;
    }
    let lines: Vec<String> = cases.iter().map(serde_json::to_string).collect::<serde_json::Result<_>>()?;
    image.file(&format!("{root}/cases"), 0o600, lines.join("\n").as_bytes())?;
    image.finish()
}
