//! What aa-easyprof writes, construct by construct, and what is refused. The profiles were compared with what
//! aa-easyprof 3.0.8 prints for the same manifests.

use super::{is_easyprof, read};
use crate::foreign::{NotTaken, Weight, WrittenProfile};
use pretty_assertions::assert_eq;

fn manifest(within: &str) -> String {
    format!("{{\"security\": {{\"profiles\": {{\"web\": {{\n{within}}}}}}}}}")
}

fn all(text: &str) -> Vec<WrittenProfile> {
    let profiles: Vec<WrittenProfile> = read(text).into_iter().map(Result::unwrap).collect();
    for profile in &profiles {
        assert_eq!(profile.text.lines().count(), profile.lines.len());
    }
    profiles
}

fn written(within: &str) -> WrittenProfile {
    all(&manifest(within)).pop().unwrap()
}

fn refused(text: &str) -> NotTaken {
    read(text).pop().unwrap().unwrap_err()
}

/// A profile of the template without rules, by what stands within it.
fn whole(above: &str, within: &str) -> String {
    format!(
        "# AppArmor policy for web\n\n#include <tunables/global>\n\n{above}profile \"web\" {{\n  #include \
         <abstractions/base>\n{within}}}\n"
    )
}

fn remarks(profile: &WrittenProfile) -> Vec<(Weight, Option<usize>, &str)> {
    profile.remarks.iter().map(|remark| (remark.weight, remark.line, remark.text.as_str())).collect()
}

const NO_ABI: (Weight, Option<usize>, &str) = (
    Weight::Note,
    None,
    "aa-easyprof writes no `abi`, so that the settings of the parser on the node decide whether sockets are restricted \
     at all",
);

#[test]
fn nothing_but_a_name() {
    let profile = written("");
    assert_eq!(profile.name, "web");
    assert_eq!(profile.text, whole("", ""));
    assert_eq!(profile.lines.iter().flatten().collect::<Vec<_>>(), [&1]);
    assert_eq!(remarks(&profile), [NO_ABI]);
}

#[test]
fn all_of_it() {
    let text = r#"{"security": {"profiles": {
  "com.example.foo": {
    "abstractions": ["gnome",
      "audio"],
    "author": "A", "copyright": "Y",
    "comment": "C",
    "name": "My Foo",
    "binary": "/opt/foo/**",
    "policy_groups": ["user-application", "opt-application"],
    "read_path": ["/tmp/r/",
      "/home/x/a"],
    "template": "user-application",
    "template_variables": {"B": 1,
      "APPNAME": "foo"},
    "write_path": ["/tmp/w"]
  }
}}}"#;
    let profile = all(text).pop().unwrap();
    let expected = r#"# AppArmor policy for My Foo
# Author: A
# Copyright: Y
# Comment: C

#include <tunables/global>

@{APPNAME}="foo"
@{B}="1"
profile "com.example.foo" "/opt/foo/**" {
  #include <abstractions/base>
  #include <abstractions/audio>
  #include <abstractions/gnome>
  /opt/@{APPNAME}/ r,
  /opt/@{APPNAME}/** mrk,
  #include <abstractions/xdg-desktop>
  owner @{HOMEDIRS}/.cache/@{APPNAME}/ rw,
  owner @{HOMEDIRS}/.cache/@{APPNAME}/** rwkl,
  owner @{HOMEDIRS}/.config/@{APPNAME}/ rw,
  owner @{HOMEDIRS}/.config/@{APPNAME}/** rwkl,
  owner @{HOMEDIRS}/.local/share/@{APPNAME}/ rw,
  owner @{HOMEDIRS}/.local/share/@{APPNAME}/** rwkl,
  owner /home/x/a rk,
  /tmp/r/ rk,
  /tmp/r/** rk,
  /tmp/w rwk,
}
"#;
    assert_eq!(profile.name, "com.example.foo");
    assert_eq!(profile.text, expected);
    let lines: Vec<usize> = profile.lines.iter().flatten().copied().collect();
    assert_eq!(lines, [7, 5, 5, 6, 14, 13, 2, 4, 3, 9, 9, 9, 9, 9, 9, 9, 9, 9, 11, 10, 10, 15]);
    let expected = [
        (
            Weight::Note,
            Some(8),
            "the profile attaches to `/opt/foo/**`: the kernel puts every program of the node by that path under it",
        ),
        (
            Weight::Ineffective,
            Some(9),
            "`user-application` opens no folder of a user: it names `@{HOMEDIRS}`, which is `/home/` itself and not \
             `/home/*/`",
        ),
        (
            Weight::Note,
            Some(10),
            "`/tmp/r/` is open whoever owns the files: aa-easyprof writes `owner` for paths in home folders alone",
        ),
        NO_ABI,
    ];
    assert_eq!(remarks(&profile), expected);
}

#[test]
fn paths_and_their_folders() {
    let paths =
        r#""read_path": ["/tmp/q/**", "@{HOME}/z/*", "/*", "/**", "//**", "/a//*", "@{HOME}/**", "/b,c"],"#;
    let refusal = refused(&manifest(&paths.replace("\"],", "\"]")));
    assert_eq!(
        refusal.wrong,
        "`/b,c` of `read_path` holds a comma and gets no quotes, so that its rule could end there"
    );
    let paths = paths.replace(", \"/b,c\"", "") + "\n\"write_path\": [\"/home/x/\"]";
    let profile = written(&paths);
    let within = "  / rk,
  /* rk,
  / rk,
  /** rk,
  // rk,
  //** rk,
  /a rk,
  /a//* rk,
  /tmp/q rk,
  /tmp/q/** rk,
  @{HOME} rk,
  owner @{HOME}/** rk,
  @{HOME}/z rk,
  owner @{HOME}/z/* rk,
  /home/x/ rwk,
  owner /home/x/** rwk,
";
    assert_eq!(profile.text, whole("", within));
    let expected = [
        (
            Weight::Ineffective,
            Some(2),
            "`/tmp/q/**`, like 2 other paths, does not open the folder itself: aa-easyprof writes `/tmp/q`, where \
             AppArmor has `/tmp/q/`",
        ),
        (
            Weight::Note,
            Some(2),
            "`/tmp/q/**` is open whoever owns the files: aa-easyprof writes `owner` for paths in home folders alone",
        ),
        NO_ABI,
    ];
    assert_eq!(remarks(&profile), expected);
}

#[test]
fn sandboxes_have_rules_of_their_own_and_no_author() {
    let within = "  / r,\n  /**/ r,\n  /usr/** r,\n";
    let profile = written("\"template\": \"sandbox\",\n\"author\": \"A\"");
    assert_eq!(profile.text, whole("", within));
    let text = "the template `sandbox` has no place for `author`";
    assert_eq!(remarks(&profile), [(Weight::Dropped, Some(3), text), NO_ABI]);
    let within = "  #include <abstractions/gnome>
  #include <abstractions/kde>
  #include <abstractions/X>
  audit deny @{HOME}/.Xauthority mrwlk,
  /etc/passwd r,
  / r,
  /**/ r,
  /usr/** r,
  /var/lib/dbus/machine-id r,
  owner @{PROC}/[0-9]*/auxv r,
  owner @{PROC}/[0-9]*/fd/ r,
  owner @{PROC}/[0-9]*/environ r,
  owner @{PROC}/[0-9]*/mounts r,
  owner @{PROC}/[0-9]*/smaps r,
  owner @{PROC}/[0-9]*/statm r,
  owner @{PROC}/[0-9]*/task/[0-9]*/stat r,
";
    assert_eq!(written("\"template\": \"sandbox-x\"").text, whole("", within));
    assert_eq!(written("\"template\": \"default\"").text, whole("", ""));
}

#[test]
fn names_and_attachments() {
    for (profile, name, head) in [
        (
            r#""/bin/x": {}"#,
            "/bin/x",
            "# AppArmor policy for x\n\n#include <tunables/global>\n\n\"/bin/x\" {\n",
        ),
        (
            r#""/bin/y": {"profile_name": "why"}"#,
            "why",
            "# AppArmor policy for why\n\n#include <tunables/global>\n\nprofile \"why\" \"/bin/y\" {\n",
        ),
        (
            r#""zz": {"binary": "/bin/z", "name": "n"}"#,
            "zz",
            "# AppArmor policy for n\n\n#include <tunables/global>\n\nprofile \"zz\" \"/bin/z\" {\n",
        ),
        (
            r#""aa": {"profile_name": "/p"}"#,
            "/p",
            "# AppArmor policy for /p\n\n#include <tunables/global>\n\nprofile \"/p\" {\n",
        ),
    ] {
        let written = all(&format!("{{\"profiles\": {{{profile}}}}}")).pop().unwrap();
        assert_eq!(written.name, name);
        assert_eq!(written.text, format!("{head}  #include <abstractions/base>\n}}\n"));
    }
}

#[test]
fn names_in_one_text_are_parted_by_commas() {
    let within = "  #include <abstractions/a>\n  #include <abstractions/b>\n  #include <abstractions/c>\n";
    assert_eq!(written("\"abstractions\": [\"c,a\", \"b\"]").text, whole("", within));
    assert_eq!(written("\"abstractions\": [\"\"], \"policy_groups\": []").text, whole("", ""));
}

#[test]
fn profiles_are_taken_or_refused_one_by_one() {
    let text = "{\"x\": 1,\n\"security\": {\"y\": 1,\n\"profiles\": {\"a\": {}, \"aa\": {},\n\"bb\": {}}},\n\"profiles\": 1}";
    let read = read(text);
    let refusal = read.first().unwrap().as_ref().unwrap_err();
    assert_eq!(refusal.wrong, "`a` of `profiles` is no name that aa-easyprof takes for a profile");
    let expected = [
        (Weight::Dropped, Some(1), "aa-easyprof passes over `x` here"),
        (Weight::Dropped, Some(2), "aa-easyprof passes over `y` here"),
        (Weight::Dropped, Some(5), "aa-easyprof passes over `profiles` here, because there is `security`"),
        NO_ABI,
    ];
    assert_eq!(remarks(read.get(1).unwrap().as_ref().unwrap()), expected);
    assert_eq!(remarks(read.get(2).unwrap().as_ref().unwrap()), [NO_ABI]);
}

#[test]
fn what_would_not_stay_in_its_place_is_refused() {
    for (within, wrong) in [
        (
            r#""read_path": ["/a rw, /**"]"#,
            "`/a rw, /**` of `read_path` holds a blank and gets no quotes, so that the parser refuses the profile",
        ),
        (r#""write_path": ["/a\n}"]"#, "`/a\\n}` of `write_path` holds a character that cannot be seen"),
        (r#""write_path": ["a"]"#, "`a` of `write_path` is no whole path"),
        (
            r#""read_path": ["/a\\n  capability,"]"#,
            "`/a\\n  capability,` of `read_path` holds a backslash, which aa-easyprof reads as an escape of its own",
        ),
        (
            r#""read_path": ["/###WRITES###"]"#,
            "`/###WRITES###` of `read_path` holds `###`, by which aa-easyprof finds the places of its templates",
        ),
        (
            r####""name": "###ABSTRACTIONS###""####,
            "`###ABSTRACTIONS###` of `name` holds `###`, by which aa-easyprof finds the places of its templates",
        ),
        (r#""comment": "a\n/** rwx,""#, "`a\\n/** rwx,` of `comment` holds a character that cannot be seen"),
        (r#""binary": "/a\" { capability, }""#, "`/a\" { capability, }` of `binary` holds a quote"),
        (r#""binary": "/a/""#, "`/a/` of `binary` is no path that aa-easyprof takes"),
        (r#""binary": "/a/../b""#, "`/a/../b` of `binary` is no path that aa-easyprof takes"),
        (
            r#""profile_name": "a b""#,
            "`a b` of `profile_name` is no name that aa-easyprof takes for a profile",
        ),
        (
            r#""profile_name": "ab\n""#,
            "`ab\\n` of `profile_name` is no name that aa-easyprof takes for a profile",
        ),
        (
            r#""profile_name": "/p", "binary": "/b""#,
            "`/p` of `profile_name` is a path, and there is `binary` as well",
        ),
        (r#""abstractions": ["../x"]"#, "`../x` of `abstractions` is no name that aa-easyprof takes"),
        (r#""abstractions": [".."]"#, "`..` of `abstractions` is no name that aa-easyprof takes"),
        (r#""abstractions": ["a>\n"]"#, "`a>\\n` of `abstractions` is no name that aa-easyprof takes"),
        (
            r#""abstractions": "base""#,
            "aa-easyprof takes a list of texts for `abstractions`, which is something else here",
        ),
        (
            r#""read_path": [1]"#,
            "aa-easyprof takes a list of texts for `read_path`, which is something else here",
        ),
        (r#""comment": null"#, "aa-easyprof takes a text for `comment`, which is something else here"),
        (
            r#""template_variables": []"#,
            "aa-easyprof takes a table of texts for `template_variables`, which is something else here",
        ),
        (r#""template_variables": {"A}=x": "b"}"#, "`A}=x` of `template_variables` is no name of a variable"),
        (r#""template_variables": {"A": true}"#, "`A` of `template_variables` has a value that is no text"),
        (r#""template_variables": {"A": ""}"#, "`A` of `template_variables` is empty"),
        (
            r#""template_variables": {"A": "b\" /c"}"#,
            "`b\" /c` of `A` holds `=` or a quote, which aa-easyprof refuses in variables",
        ),
        (r#""template_variables": {"A": "b/../c"}"#, "`b/../c` of `A` is no path that aa-easyprof takes"),
        (
            r#""template_variables": {"A": "b\\"}"#,
            "`b\\` of `A` holds a backslash, which aa-easyprof reads as an escape of its own",
        ),
        (
            r#""template": "ubuntu-sdk""#,
            "`ubuntu-sdk` of `template` is no template that comes with aa-easyprof",
        ),
        (r#""template": """#, "`` of `template` is no template that comes with aa-easyprof"),
        (
            r#""policy_groups": ["networking"]"#,
            "`networking` of `policy_groups` is no policy group that comes with aa-easyprof",
        ),
        (
            r#""policy_groups": ["opt-application"]"#,
            "`opt-application` of `policy_groups` needs the variable `APPNAME`, without which the parser refuses the profile",
        ),
        (
            r#""policy_vendor": "ubuntu", "policy_version": 1.0"#,
            "`policy_vendor` takes templates and policy groups from a folder of the vendor, which is not read here",
        ),
        (
            r#""policy_version": 1.0"#,
            "`policy_version` stands alone, and aa-easyprof wants both `policy_vendor` and `policy_version`",
        ),
        (r#""flags": []"#, "aa-easyprof has no key `flags` and refuses the manifest"),
    ] {
        let refusal = refused(&manifest(within));
        assert_eq!((refusal.line, refusal.wrong.as_str()), (Some(2), wrong), "{within}");
    }
    let refusal = refused("{\"profiles\": {\"/b\": {\n\"binary\": \"/c\"}}}");
    assert_eq!(
        (refusal.line, refusal.wrong.as_str()),
        (Some(2), "`/b` of `profiles` is a path, and there is `binary` as well")
    );
}

#[test]
fn what_is_no_manifest_is_refused() {
    for (text, line, wrong) in [
        ("{\n\"security\": {}}", 2, "there is no `profiles` where aa-easyprof looks for it"),
        ("[]", 1, "there is no `profiles` where aa-easyprof looks for it"),
        ("{\"security\": 1, \"profiles\": {}}", 1, "there is no `profiles` where aa-easyprof looks for it"),
        ("{\n\"profiles\": {}}", 2, "`profiles` names no profile"),
        ("{\n\"profiles\": []}", 2, "`profiles` names no profile"),
        ("{\"profiles\": {\n\"aa\": 1}}", 2, "`aa` of `profiles` is no table"),
        ("{\"profiles\": {\n\"aa\": {}", 2, "this is not JSON: it ends before all that it opened is closed"),
    ] {
        let refusal = refused(text);
        assert_eq!((refusal.line, refusal.wrong.as_str()), (Some(line), wrong), "{text}");
    }
    assert_eq!(refused(&" ".repeat((4 << 20) + 1)).wrong, "more text than is read at once");
}

#[test]
fn manifests_are_told_from_other_texts() {
    for text in [
        "{\"security\": {\"profiles\": {\"a\": {}}}}",
        " {\"profiles\": {\"a\": {\"read_path\": []}, \"b\": {}}}",
        "{\"profiles\": {\"a\": {\"read_path\": [}}}",
    ] {
        assert!(is_easyprof(text), "{text}");
    }
    for text in [
        "",
        "{}",
        "[]",
        "{\"profiles\": {}}",
        "{\"profiles\": {\"a\": {\"terminal\": 1}}}",
        "{\"profiles\": {\"a\": {\"name\": 1}, \"b\": 1}}",
        "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"profiles\": [",
        "security: {profiles: {}}",
    ] {
        assert!(!is_easyprof(text), "{text}");
    }
}
