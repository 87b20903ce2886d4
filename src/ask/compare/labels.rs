//! Labels in rules that are compared by their text.

/// A rule's text with one word for the profile's own name, of two profiles with different names. None where a label is a
/// pattern, or the name stands elsewhere in it: nobody knows whether it means the profile itself.
pub(super) fn own(text: &str, name: &str) -> Option<String> {
    const OWN: &str = "this-profile";
    let mut out = String::new();
    let mut rest = text;
    // What stands behind these is a label.
    while let Some((at, mark)) =
        ["label=", "-> "].iter().filter_map(|mark| Some((rest.find(mark)?, *mark))).min()
    {
        let (before, behind) = rest.split_at_checked(at + mark.len())?;
        out.push_str(before);
        let end = behind.find([',', ')', ' ']).unwrap_or(behind.len());
        let (label, behind) = behind.split_at_checked(end)?;
        let plain = label.trim_matches('"');
        match plain == name {
            true => out.push_str(OWN),
            // Paths that are mounted or linked to stand behind an arrow, too.
            false if plain.starts_with('/') && mark == "-> " => out.push_str(label),
            false if plain.contains(['*', '?', '[', '{', '@']) => return None,
            false => out.push_str(label),
        }
        rest = behind;
    }
    Some(out + rest)
}

#[cfg(test)]
mod tests {
    use super::own;

    #[test]
    fn a_profile_s_own_name_is_one_word_and_a_pattern_is_not_told() {
        let told = |text: &str| own(text, "web").unwrap_or_default();
        assert_eq!(told("unix peer=(label=web),"), "unix peer=(label=this-profile),");
        assert_eq!(
            told("unix (send) peer=(addr=@x,label=\"web\"),"),
            "unix (send) peer=(addr=@x,label=this-profile),"
        );
        assert_eq!(told("change_profile -> web,"), "change_profile -> this-profile,");
        assert_eq!(told("change_profile -> other,"), "change_profile -> other,");
        assert_eq!(told("link /a -> /b*,"), "link /a -> /b*,");
        assert_eq!(own("unix peer=(label=w*),", "web"), None);
        assert_eq!(own("deny change_profile -> we?,", "web"), None);
    }
}
