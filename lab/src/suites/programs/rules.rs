//! The rules that a bundle brings into a profile, each with the profile that lacks it.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// Such as `bundle dns: network inet dgram`.
    pub(super) name: String,
    /// The profile without it.
    pub(super) without: String,
}

/// The rules below the comments that begin with the bundle's name, each block to its blank line.
pub(super) fn rules(profile: &str, bundle: &str) -> Vec<Rule> {
    let head = format!("# bundle {bundle}: ");
    let lines: Vec<&str> = profile.lines().collect();
    let mut found = Vec::new();
    let mut is_inside = false;
    for (number, line) in lines.iter().map(|line| line.trim()).enumerate() {
        if line.starts_with('#') {
            is_inside = line.starts_with(&head);
        } else if line.is_empty() || line == "}" {
            is_inside = false;
        } else if is_inside {
            let rest = lines.iter().enumerate().filter(|(other, _)| *other != number);
            let without: String = rest.map(|(_, line)| format!("{line}\n")).collect();
            found.push(Rule { name: format!("bundle {bundle}: {}", line.trim_end_matches(',')), without });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Rendered;

    #[test]
    fn each_line_of_a_bundle_is_a_rule() {
        let profile = "profile a {\n  # bundle b: one\n  /a r,\n  /b r,\n\n  /c r,\n  # bundle c: two\n  /d r,\n\
                       \x20 # bundle b: more\n  /e r,\n}\n";
        let found = rules(profile, "b");
        let names: Vec<&str> = found.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["bundle b: /a r", "bundle b: /b r", "bundle b: /e r"]);
        assert_eq!(found[1].without, profile.replace("  /b r,\n", ""));
    }

    #[test]
    fn every_bundle_has_rules_in_what_is_rendered() {
        for bundle in aapol::baseline::bundles::ALL {
            let policy = format!("name = \"web\"\nbundles = [\"{}\"]\n", bundle.name);
            let rendered = Rendered::of("test", &policy).unwrap();
            let needs: usize = bundle.groups.iter().map(|group| group.needs.len()).sum();
            assert_eq!(rules(&rendered.profile, bundle.name).len(), needs, "{}", bundle.name);
        }
    }
}
