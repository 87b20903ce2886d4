//! Mounts. A probe that may do one of these needs `sys_admin` as well.

use super::{At as _, Tried, done, files};
use rustix::fs::CWD;
use rustix::mount::{
    FsMountFlags, FsOpenFlags, MountAttrFlags, MountFlags, MountPropagationFlags, MoveMountFlags,
    OpenTreeFlags, UnmountFlags, fsconfig_create, fsmount, fsopen, mount, mount_bind, mount_bind_recursive,
    mount_change, mount_move, mount_remount, move_mount, open_tree, unmount,
};

pub(super) fn attempt(words: &[&str]) -> Option<Tried> {
    let none = MountFlags::empty();
    Some(match *words {
        ["mount", path] => mount("tmpfs", path, "tmpfs", none, None).at("mount").and_then(|()| done()),
        ["bind", from, path] => mount_bind(from, path).at("mount").and_then(|()| done()),
        ["rbind", from, path] => mount_bind_recursive(from, path).at("mount").and_then(|()| done()),
        ["move-mount", from, path] => mount_move(from, path).at("mount").and_then(|()| done()),
        ["make-private", path] => {
            mount_change(path, MountPropagationFlags::PRIVATE).at("mount").and_then(|()| done())
        }
        ["remount", path] => mount_remount(path, none, c"").at("mount").and_then(|()| done()),
        ["remount-read-only", path] => {
            mount_remount(path, MountFlags::RDONLY, c"").at("mount").and_then(|()| done())
        }
        ["remount-bind", path] => {
            mount_remount(path, MountFlags::BIND | MountFlags::RDONLY, c"").at("mount").and_then(|()| done())
        }
        ["umount", path] => unmount(path, UnmountFlags::DETACH).at("umount").and_then(|()| done()),
        ["pivot-root", root] => std::env::set_current_dir(root)
            .at("chdir")
            .and_then(|()| rustix::process::pivot_root(".", ".").at("pivot_root").and_then(|()| done())),
        ["new-mount", path] => new_mount(path),
        ["new-bind", from, path] => {
            open_tree(CWD, from, OpenTreeFlags::OPEN_TREE_CLONE).at("open_tree").and_then(|tree| {
                let how = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH;
                move_mount(tree, c"", CWD, path, how).at("move_mount").and_then(|()| done())
            })
        }
        // A way around a rule about a path: another name for it.
        ["bind-and-read", from, path, file] => {
            mount_bind(from, path).at("mount").and_then(|()| files::read(file))
        }
        _ => return None,
    })
}

fn new_mount(path: &str) -> Tried {
    let context = fsopen("tmpfs", FsOpenFlags::empty()).at("fsopen")?;
    fsconfig_create(&context).at("fsconfig")?;
    let made = fsmount(&context, FsMountFlags::empty(), MountAttrFlags::empty()).at("fsmount")?;
    move_mount(made, c"", CWD, path, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH).at("move_mount")?;
    done()
}
