//! The workspace as `cargo metadata` tells it: its crates and what each names directly.

use cargo_metadata::{DependencyKind, MetadataCommand};

use crate::fault::{Fault, Outcome};
use crate::machine;

/// A crate of the workspace.
#[derive(Debug, Clone)]
pub struct Crate {
    /// Package name.
    pub package: String,
    /// Folder, relative to the workspace.
    pub folder: String,
    /// Everything it names, for every platform, optional ones included.
    pub names: Vec<Named>,
}

/// A dependency as a manifest names it.
#[derive(Debug, Clone)]
pub struct Named {
    /// Package name, whatever the manifest renames it to.
    pub package: String,
    /// Named in `[dev-dependencies]`.
    pub dev: bool,
    /// Given by path: our own code, not a library's.
    pub ours: bool,
}

/// Asks cargo.
pub fn read() -> Outcome<Vec<Crate>> {
    let metadata = MetadataCommand::new()
        .current_dir(machine::workspace())
        .no_deps()
        .exec()
        .map_err(|error| Fault::Failed(format!("cannot read the workspace: {error}")))?;
    let root = metadata.workspace_root;
    Ok(metadata
        .packages
        .into_iter()
        .map(|package| {
            let manifest_folder = package.manifest_path.parent().unwrap_or(&root);
            Crate {
                package: package.name.to_string(),
                folder: manifest_folder.strip_prefix(&root).unwrap_or(manifest_folder).to_string(),
                names: package
                    .dependencies
                    .into_iter()
                    .map(|named| Named {
                        package: named.name,
                        dev: named.kind == DependencyKind::Development,
                        ours: named.path.is_some(),
                    })
                    .collect(),
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_tells_crates_folders_and_kinds() {
        let graph = read().unwrap();
        let own = graph.iter().find(|one| one.package == "xtask").unwrap();
        assert_eq!(own.folder, "xtask");
        assert!(own.names.iter().any(|named| named.package == "cargo_metadata" && !named.dev && !named.ours));
        assert!(own.names.iter().any(|named| named.package == "tempfile" && named.dev));
        let store = graph.iter().find(|one| one.folder == "crates/store").unwrap();
        assert!(
            store.names.iter().any(|named| named.package == "herald-domain" && named.ours),
            "renaming hides it"
        );
    }
}
