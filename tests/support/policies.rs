//! The policies that the project shows and tries.

use super::toml_below::toml_below;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Every TOML file below a folder of the project, in order.
pub(crate) fn policies_below(folder: &str) -> Vec<PathBuf> {
    let mut found = toml_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    if ["golden", "golden/check"].contains(&folder) {
        found.extend(bad_examples().iter().cloned());
    }
    found.sort();
    found
}

/// The bad examples of the findings' documents, as files: most golden cases of findings have no other policy.
fn bad_examples() -> &'static [PathBuf] {
    static MADE: OnceLock<Vec<PathBuf>> = OnceLock::new();
    MADE.get_or_init(|| {
        let below = Path::new(env!("CARGO_TARGET_TMPDIR")).join("findings");
        let codes = aapol::cli::codes::all().filter(|code| !code.bad().is_empty());
        let made = codes.map(|code| {
            let folder = below.join(code.name);
            std::fs::create_dir_all(&folder).expect("a folder can be made");
            // Another test may be reading it.
            let file = tempfile::NamedTempFile::new_in(&folder).expect("a file can be made");
            std::fs::write(file.path(), code.bad()).expect("it can be written");
            let path = folder.join("policy.toml");
            file.persist(&path).expect("it can be renamed");
            path
        });
        made.collect()
    })
}
