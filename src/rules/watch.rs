//! The rule that keeps in sight what is started in complain mode.
//!
//! Without it a program that nothing grants runs under a profile of its own (`NAME//null-PROGRAM`), and no socket of it is
//! logged there. With it every start is logged, and what is started keeps the profile, so that one run shows all that
//! is to be granted. It opens nothing: in complain mode everything may be started. So it is no grant, whoever asks.

use super::file::FileRule;
use super::rule::{Kind, Line, Qualifiers, Rule};
use super::text::variables::Variables;
use crate::kernel::{Access, glob};

impl Rule {
    /// `audit /{,**} ix,`, as the parser has it: what may be started may be mapped.
    pub fn watch() -> Rule {
        let starts = FileRule::new(glob::EVERY_PATH.clone(), Access::EXEC | Access::MAP);
        let qualifiers = Qualifiers { audit: true, ..Qualifiers::ALLOW };
        Rule { qualifiers, kind: Kind::File(starts), from: Vec::new() }
    }

    pub fn is_watch(&self) -> bool {
        let watch = Rule::watch();
        self.qualifiers == watch.qualifiers && self.kind == watch.kind
    }
}

/// Whether a raw rule may stand beside it: the parser refuses two ways of starting one program.
pub fn may_be_watched(raw: &str) -> bool {
    let line = Line::read(raw, &Variables::default());
    let starts_otherwise = |rule: &Rule| match &rule.kind {
        Kind::File(files) => rule.allows() && files.transition().is_some(),
        Kind::Everything | Kind::Raw(_) => true,
        Kind::Limit(_)
        | Kind::Capability(_)
        | Kind::Network(_)
        | Kind::Unix(_)
        | Kind::Operation(_)
        | Kind::Process(_)
        | Kind::ChangeProfile(_)
        | Kind::Link(_)
        | Kind::Child(_) => false,
    };
    line.unread.is_none() && !line.rules.iter().any(starts_otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_that_start_in_another_way_are_in_its_way() {
        for raw in
            ["/bin/x ix,", "/srv/** rw,", "deny /bin/x x,", "capability chown,", "change_profile -> a,"]
        {
            assert!(may_be_watched(raw), "{raw}");
        }
        for raw in ["/bin/x px,", "/bin/* Cx -> a,", "unsafe /bin/x ix,", "/bin/x ux,", "all,", "no rule,"] {
            assert!(!may_be_watched(raw), "{raw}");
        }
    }
}
