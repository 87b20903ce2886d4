//! (to be replaced)
use crate::ask::log::Logged;
use crate::ask::log::evidence::Evidence;
use crate::cli::Failure;
use crate::cli::console::Console;
use std::io::Read as _;
use std::path::PathBuf;

pub(super) struct Logs {
    pub(super) evidence: Evidence,
    pub(super) names: Vec<String>,
}

pub(super) fn read(
    paths: &[PathBuf],
    is_own: &(dyn Fn(&Logged) -> bool + Sync),
    _console: &mut Console,
) -> Result<Logs, Failure> {
    let mut logs = Logs { evidence: Evidence::default(), names: Vec::new() };
    let stdin = [PathBuf::from("-")];
    for path in if paths.is_empty() { &stdin } else { paths } {
        let mut bytes = Vec::new();
        if path.as_os_str() == "-" {
            std::io::stdin().read_to_end(&mut bytes).map_err(|e| Failure::new(e.to_string()))?;
        } else {
            bytes = std::fs::read(path).map_err(|e| Failure::new(format!("`{}` {e}", path.display())))?;
        }
        logs.evidence.merge(Evidence::read(&bytes, logs.names.len(), is_own));
        logs.names.push(path.display().to_string());
    }
    Ok(logs)
}
