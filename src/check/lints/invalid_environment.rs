//! An environment variable that Kubernetes refuses.

use crate::diag::{Code, Finding, Findings, code};
use crate::policy::Text;

pub static CODE: Code = code!("invalid-environment", Error);

pub fn check(name: &Text, found: &mut Findings) {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let good = !name.is_empty()
        && name.chars().all(fits)
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.value != "."
        && !name.starts_with("..");
    if !good {
        let shown: String = name.chars().take(60).collect();
        found.add(
            Finding::new(
                &CODE,
                name.place,
                format!("`{}` cannot be an environment variable", shown.escape_debug()),
            )
            .help("use letters, digits and `_`, and no digit first"),
        );
    }
}
