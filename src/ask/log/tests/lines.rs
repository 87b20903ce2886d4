//! Lines as kernels write them, and what each asks about.

/// How logs begin their lines, and end them.
pub(super) const AROUND: [(&str, &str); 7] = [
    ("", ""),
    ("[ 1612.746129] audit: type=1400 audit(1700000000.975:672): ", "\n"),
    ("type=AVC msg=audit(1700000000.975:672): ", ""),
    ("type=AVC msg=audit(1700000000.975:672): ", "\u{1d}FSUID=\"root\" OUID=\"root\""),
    ("2026-11-21T09:00:00.123456+01:00 node-1 kernel: [   12.345678] audit: type=1400 audit(1.2:3): ", ""),
    ("Nov 21 09:00:00 node-1 kernel: type=1400 audit(1.2:3): ", "\r\n"),
    (
        "type=USER_AVC msg=audit(1.2:3): pid=8 uid=81 auid=42 ses=4 subj=unconfined msg='",
        "  exe=\"/usr/bin/dbus-daemon\" sauid=81 hostname=? addr=? terminal=?'",
    ),
];

/// After `operation=`: what each asks about.
pub(super) const LINES: [(&str, &[&str]); 47] = [
    (
        r#""open" class="file" profile="web" name="/etc/shadow" pid=7 comm="cat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        &["read /etc/shadow"],
    ),
    (
        r#""open" profile="web" name="/srv/log" pid=7 comm="sh" requested_mask="rw" denied_mask="w" fsuid=0 ouid=0"#,
        &["write /srv/log"],
    ),
    (
        r#""open" profile="web" name="/srv/log" pid=7 comm="sh" requested_mask="ac" denied_mask="wac" fsuid=0 ouid=0"#,
        &["create /srv/log"],
    ),
    (
        r#""open" profile="web" name=2F746D702F612062 pid=7 comm="sh" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        &["read \"/tmp/a b\""],
    ),
    (
        r#""open" profile="web" name=2F746D702FC3BC2FFF1B pid=7 comm="sh" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        &["read /tmp/\u{fc}/\\xff\\u{1b}"],
    ),
    (
        r#""open" profile="web" name="/" pid=7 comm="ls" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        &["read /"],
    ),
    (
        r#""file_perm" profile="web" name="/x" pid=7 comm="sh" requested_mask="a" denied_mask="a" fsuid=0 ouid=0"#,
        &["write /x"],
    ),
    (
        r#""file_lock" profile="web" name="/x" pid=7 comm="sh" requested_mask="k" denied_mask="k" fsuid=0 ouid=0"#,
        &["lock /x"],
    ),
    (
        r#""file_mmap" profile="web" name="/lib/x.so" pid=7 comm="sh" requested_mask="rm" denied_mask="m" fsuid=0 ouid=0"#,
        &["map /lib/x.so"],
    ),
    (
        r#""file_mmap" profile="web" name="/" pid=7 comm="postgres" requested_mask="w" denied_mask="w" fsuid=70 ouid=0"#,
        &["write /"],
    ),
    (
        r#""file_mprotect" profile="web" name="/lib/x.so" pid=7 comm="sh" requested_mask="m" denied_mask="m" fsuid=0 ouid=0"#,
        &["map /lib/x.so"],
    ),
    (
        r#""file_inherit" profile="web" name="/dev/pts/0" pid=7 comm="sh" requested_mask="wr" denied_mask="wr" fsuid=0 ouid=0"#,
        &["read /dev/pts/0", "write /dev/pts/0"],
    ),
    (
        r#""exec" class="file" info="no new privs" error=-1 profile="web" name="/bin/su" pid=7 comm="sh" requested_mask="x" denied_mask="x" fsuid=0 ouid=0 target="web//su""#,
        &["exec /bin/su"],
    ),
    (
        r#""mknod" profile="web" name="/srv/new" pid=7 comm="touch" requested_mask="c" denied_mask="c" fsuid=0 ouid=0"#,
        &["create /srv/new"],
    ),
    (
        r#""mkdir" profile="web" name="/srv/new/" pid=7 comm="mkdir" requested_mask="c" denied_mask="c" fsuid=0 ouid=0"#,
        &["create /srv/new/"],
    ),
    (
        r#""rmdir" profile="web" name="/srv/old/" pid=7 comm="rmdir" requested_mask="d" denied_mask="d" fsuid=0 ouid=0"#,
        &["delete /srv/old/"],
    ),
    (
        r#""unlink" profile="web" name="/srv/old" pid=7 comm="rm" requested_mask="d" denied_mask="d" fsuid=0 ouid=0"#,
        &["delete /srv/old"],
    ),
    (
        r#""symlink" profile="web" name="/srv/new" pid=7 comm="ln" requested_mask="c" denied_mask="c" fsuid=0 ouid=0"#,
        &["create /srv/new"],
    ),
    (
        r#""link" profile="web" name="/srv/new" pid=7 comm="ln" requested_mask="l" denied_mask="l" fsuid=0 ouid=0 target="/srv/target""#,
        &["link /srv/new /srv/target"],
    ),
    (
        r#""link" info="link not subset of target" error=-13 profile="web" name="/srv/new" pid=7 comm="ln" requested_mask="xm" denied_mask="xm" fsuid=0 ouid=0 target=2F612062"#,
        &["link /srv/new \"/a b\""],
    ),
    (
        r#""rename_src" profile="web" name="/srv/a" pid=7 comm="mv" requested_mask="wrd" denied_mask="wrd" fsuid=0 ouid=0"#,
        &["read /srv/a", "write /srv/a", "delete /srv/a"],
    ),
    (
        r#""rename_dest" profile="web" name="/srv/b" pid=7 comm="mv" requested_mask="wc" denied_mask="wc" fsuid=0 ouid=0"#,
        &["create /srv/b"],
    ),
    (
        r#""truncate" profile="web" name="/x" pid=7 comm="sh" requested_mask="w" denied_mask="w" fsuid=0 ouid=0"#,
        &["write /x"],
    ),
    (
        r#""chmod" profile="web" name="/x" pid=7 comm="chmod" requested_mask="w" denied_mask="w" fsuid=0 ouid=0"#,
        &["write /x"],
    ),
    (
        r#""chown" profile="web" name="/x" pid=7 comm="chown" requested_mask="w" denied_mask="w" fsuid=0 ouid=0"#,
        &["write /x"],
    ),
    (
        r#""getattr" profile="web" name="/x" pid=7 comm="stat" requested_mask="r" denied_mask="r" fsuid=0 ouid=0"#,
        &["read /x"],
    ),
    (
        r#""connect" class="file" profile="web" name="/run/bus" pid=7 comm="sh" requested_mask="wr" denied_mask="wr" fsuid=0 ouid=0"#,
        &["read /run/bus", "write /run/bus"],
    ),
    (
        r#""capable" class="cap" profile="web" pid=7 comm="su" capability=7  capname="setuid""#,
        &["capability setuid"],
    ),
    (r#""capable" profile="web" pid=7 comm="su" capability=40"#, &["capability checkpoint_restore"]),
    (
        r#""create" class="net" profile="web" pid=7 comm="nc" family="inet" sock_type="stream" protocol=6 requested="create" denied="create""#,
        &["network inet/stream"],
    ),
    (
        r#""create" profile="web" pid=7 comm="ping" family="inet6" sock_type="raw" protocol=58 requested_mask="create" denied_mask="create""#,
        &["network inet6/raw"],
    ),
    (
        r#""sendmsg" profile="web" pid=7 comm="nc" laddr=10.0.0.1 lport=9 faddr=10.0.0.2 fport=53 family="inet" sock_type="dgram" protocol=17 requested_mask="send" denied_mask="send""#,
        &["network inet/dgram"],
    ),
    (
        r#""file_inherit" profile="web" pid=7 comm="sh" family="unix" sock_type="stream" protocol=0 requested_mask="send receive" denied_mask="send receive" addr=none peer_addr="@x" peer="unconfined""#,
        &["network unix/stream"],
    ),
    (
        r#""signal" class="signal" profile="web" pid=7 comm="kill" requested_mask="send" denied_mask="send" signal=term peer="unconfined""#,
        &["signal term to unconfined"],
    ),
    (
        r#""signal" profile="web" pid=7 comm="runc" requested_mask="receive" denied_mask="receive" signal=rtmin+3 peer="runc""#,
        &["signal rtmin+3 from runc"],
    ),
    (
        r#""ptrace" class="ptrace" profile="web" pid=7 comm="gdb" requested_mask="trace" denied_mask="trace" peer="web//&crun""#,
        &["ptrace trace web//&crun"],
    ),
    (
        r#""ptrace" profile="web" pid=7 comm="ps" requested_mask="readby" denied_mask="readby" peer=612062"#,
        &["ptrace readby \"a b\""],
    ),
    (
        r#""mount" class="mount" info="failed flags match" error=-13 profile="web" name="/mnt/" pid=7 comm="mount" fstype="ext4" srcname="/dev/loop0" flags="rw, nosuid""#,
        &["operation mount"],
    ),
    (
        r#""mount" info="failed mntpnt match" error=-13 profile="web" name="/mnt/" pid=7 comm="mount" flags="ro, remount, bind""#,
        &["operation remount"],
    ),
    (r#""umount" class="mount" profile="web" name="/mnt/" pid=7 comm="umount""#, &["operation umount"]),
    (
        r#""pivotroot" class="mount" profile="web" name="/new/" pid=7 comm="sh" srcname="/new/old/""#,
        &["operation pivot-root"],
    ),
    (
        r#""userns_create" class="namespace" profile="web" pid=7 comm="unshare" requested="userns_create" denied="userns_create""#,
        &["operation userns"],
    ),
    (
        r#""open" class="posix_mqueue" profile="web" name="/q" pid=7 comm="mq" requested="read create" denied="read" fsuid=0 ouid=0"#,
        &["operation mqueue"],
    ),
    (
        r#""create" profile="web" name="/q" pid=7 comm="mq" requested="create" denied="create" class="posix_mqueue" fsuid=0 ouid=0"#,
        &["operation mqueue"],
    ),
    (
        r#""uring_override" class="io_uring" profile="web" pid=7 comm="db" requested="override_creds" denied="override_creds" tcontext="x""#,
        &["operation io-uring"],
    ),
    (
        r#""uring_sqpoll" class="io_uring" profile="web" pid=7 comm="db" requested="sqpoll" denied="sqpoll""#,
        &["operation io-uring"],
    ),
    (
        r#""dbus_method_call"  bus="system" path="/org/x" interface="org.x" member="Get" mask="send" name="org.x" pid=7 label="web" peer_pid=1 peer_label="unconfined""#,
        &["operation dbus"],
    ),
];

/// After `operation=`: why nothing can be asked.
pub(super) const FAULTS: [(&str, &str); 26] = [
    (
        r#""open" info="Failed name lookup - disconnected path" error=-13 profile="web" name="run/x" requested_mask="r" denied_mask="r""#,
        "`run/x` is a disconnected path: it does not lead to the root folder, and no rule was asked about it",
    ),
    (
        r#""open" info="Failed name lookup - deleted entry" error=-2 profile="web" name="/tmp/x" requested_mask="r" denied_mask="r""#,
        "the file `/tmp/x` was deleted, and no rule was asked about it",
    ),
    (
        r#""open" class="posix_mqueue" info="Failed name lookup - disconnected IPC path" error=-13 profile="web" requested="read""#,
        "the kernel found no path for `\"\"`, and no rule was asked about it",
    ),
    (
        r#""open" profile="web" name="run/x" requested_mask="r""#,
        "`run/x` is no path that rules could be about",
    ),
    (
        r#""open" profile="web" name=2F0041 requested_mask="r""#,
        "`/\\0A` is no path that rules could be about",
    ),
    (
        r#""open" profile="web" name=2F746D7 requested_mask="r""#,
        "`2F746D7` is no path that rules could be about",
    ),
    (r#""open" profile="web" requested_mask="r""#, "the line has no path: no `name`"),
    (
        r#""open" profile="web" name="/x""#,
        "the line does not say what was asked for: it has no `requested_mask`",
    ),
    (
        r#""open" profile="web" name="/x" requested_mask="" denied_mask="""#,
        "the mask `\"\"` does not say what was asked for",
    ),
    (
        r#""open" profile="web" name="/x" requested_mask="wc::" denied_mask="wc::""#,
        "the mask `wc::` does not say what was asked for",
    ),
    (r#""open" profile="web" name="/x" requested_mask="l""#, "the mask `l` does not say what was asked for"),
    (r#""open" profile="web" name="/secr"#, "the line is cut off within `name`"),
    (
        r#""link" profile="web" name="/x" requested_mask="l" denied_mask="l""#,
        "the line has no path: no `target`",
    ),
    (r#""capable" profile="web" capability=41 capname="teleport""#, "the capability `teleport` is not known"),
    (r#""capable" profile="web" capability=41"#, "the capability `41` is not known"),
    (r#""capable" profile="web""#, "the line does not name the capability"),
    (
        r#""create" profile="web" family="unknown(99)" sock_type="raw""#,
        "the socket family `unknown(99)` is not known",
    ),
    (r#""create" profile="web" family="inet" sock_type="dccp""#, "the socket type `dccp` is not known"),
    (r#""create" profile="web" family="inet""#, "the line does not name the socket's type"),
    (
        r#""signal" profile="web" requested_mask="send" signal=unknown(70) peer="x""#,
        "the signal `unknown(70)` has no name in rules",
    ),
    (
        r#""signal" profile="web" requested_mask="trace" signal=term peer="x""#,
        "the mask `trace` does not say what was asked for",
    ),
    (
        r#""signal" profile="web" requested_mask="send" signal=term"#,
        "the line does not name the other process",
    ),
    (
        r#""setrlimit" profile="web" pid=7 comm="sh" rlimit=nofile value=4096"#,
        "limits on resources are no access that can be asked about",
    ),
    (
        r#""change_onexec" profile="web" name="other" pid=7 comm="sh""#,
        "changes of profile are no access that can be asked about",
    ),
    (
        r#""profile_replace" info="not policy admin" error=-13 profile="web" pid=7 comm="apparmor_parser""#,
        "the loading of profiles is no access that can be asked about",
    ),
    (r#""tele port" profile="web""#, "the operation `\"tele port\"` is not known"),
];
