//! The templates and policy groups that come with aa-easyprof: their rules.
//!
//! Leaves: rules by name. Of AppArmor 3.0.8, utils/easyprof; those of AppArmor 4 have the same rules.

/// A template.
#[derive(Debug)]
pub(super) struct Template {
    pub name: &'static str,
    /// Whether it has a place for the author, the copyright and the comment.
    pub is_told: bool,
    /// Behind `abstractions/base`.
    pub rules: &'static [&'static str],
}

pub(super) const TEMPLATES: [Template; 4] = [
    Template { name: "default", is_told: true, rules: &[] },
    Template { name: "sandbox", is_told: false, rules: &["/ r,", "/**/ r,", "/usr/** r,"] },
    Template {
        name: "sandbox-x",
        is_told: false,
        rules: &[
            "#include <abstractions/gnome>",
            "#include <abstractions/kde>",
            "#include <abstractions/X>",
            "audit deny @{HOME}/.Xauthority mrwlk,",
            "/etc/passwd r,",
            "/ r,",
            "/**/ r,",
            "/usr/** r,",
            "/var/lib/dbus/machine-id r,",
            "owner @{PROC}/[0-9]*/auxv r,",
            "owner @{PROC}/[0-9]*/fd/ r,",
            "owner @{PROC}/[0-9]*/environ r,",
            "owner @{PROC}/[0-9]*/mounts r,",
            "owner @{PROC}/[0-9]*/smaps r,",
            "owner @{PROC}/[0-9]*/statm r,",
            "owner @{PROC}/[0-9]*/task/[0-9]*/stat r,",
        ],
    },
    Template { name: "user-application", is_told: true, rules: &[] },
];

/// Policy groups with their rules, each of which needs `@{APPNAME}`.
pub(super) const GROUPS: [(&str, &[&str]); 2] = [
    ("opt-application", &["/opt/@{APPNAME}/ r,", "/opt/@{APPNAME}/** mrk,"]),
    (
        "user-application",
        &[
            "#include <abstractions/xdg-desktop>",
            "owner @{HOMEDIRS}/.cache/@{APPNAME}/ rw,",
            "owner @{HOMEDIRS}/.cache/@{APPNAME}/** rwkl,",
            "owner @{HOMEDIRS}/.config/@{APPNAME}/ rw,",
            "owner @{HOMEDIRS}/.config/@{APPNAME}/** rwkl,",
            "owner @{HOMEDIRS}/.local/share/@{APPNAME}/ rw,",
            "owner @{HOMEDIRS}/.local/share/@{APPNAME}/** rwkl,",
        ],
    ),
];
