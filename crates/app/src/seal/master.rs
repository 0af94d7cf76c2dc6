//! The master key and the file it lives in: base64, one line, mode 0600.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Rng;
use thiserror::Error;
use zeroize::Zeroizing;

/// Length of the key, in bytes.
const LENGTH: usize = 32;
/// No key file is longer, in bytes.
const MAX_FILE: u64 = 1024;

/// 32 bytes that open everything sealed. Does not print.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; LENGTH]>);

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Why there is no master key.
#[derive(Debug, Error)]
pub enum MasterKeyError {
    #[error("there is no master key file {path}")]
    Missing { path: PathBuf },
    #[error(
        "the master key is not base64: write the {LENGTH} bytes as one line of standard base64 with padding"
    )]
    NotBase64,
    #[error("the master key has {found} bytes: it must have {LENGTH}")]
    Length { found: usize },
    #[error("the master key file {path} cannot be {verb}: {cause}")]
    Io { path: PathBuf, verb: &'static str, cause: io::Error },
}

impl MasterKey {
    pub fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Reads base64 (RFC 4648 §4, padded); white space around it does not matter.
    pub fn from_base64(text: &str) -> Result<Self, MasterKeyError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| MasterKeyError::NotBase64)?;
        let bytes = Zeroizing::new(bytes);
        let mut key = Zeroizing::new([0; LENGTH]);
        if bytes.len() != LENGTH {
            return Err(MasterKeyError::Length { found: bytes.len() });
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// A new key.
    pub fn generate(rng: &dyn Rng) -> Self {
        let mut key = Zeroizing::new([0; LENGTH]);
        rng.fill(key.as_mut_slice());
        Self(key)
    }

    /// Reads the key file; [`MasterKeyError::Missing`] when there is none.
    pub fn load(path: &Path) -> Result<Self, MasterKeyError> {
        let mut text = Zeroizing::new(String::new());
        let file = File::open(path).map_err(|cause| match cause.kind() {
            io::ErrorKind::NotFound => MasterKeyError::Missing { path: path.to_owned() },
            _ => failed(path, "opened", cause),
        })?;
        match file.take(MAX_FILE).read_to_string(&mut text) {
            Ok(_) => Self::from_base64(&text),
            Err(cause) if cause.kind() == io::ErrorKind::InvalidData => Err(MasterKeyError::NotBase64),
            Err(cause) => Err(failed(path, "read", cause)),
        }
    }

    /// Makes a new key and its file, durably and whole or not at all; an existing file is an error and stays.
    pub fn make(path: &Path, rng: &dyn Rng) -> Result<Self, MasterKeyError> {
        let key = Self::generate(rng);
        let mut chance = [0; 8];
        rng.fill(&mut chance);
        // Written aside and then linked, which fails when the name is taken: nobody ever reads half a key.
        let aside = path.with_extension(format!("new-{:016x}", u64::from_be_bytes(chance)));
        let written = key.write_new(&aside).map_err(|cause| failed(path, "written", cause));
        let linked =
            written.and_then(|()| fs::hard_link(&aside, path).map_err(|cause| failed(path, "made", cause)));
        let removed = fs::remove_file(&aside).map_err(|cause| failed(&aside, "removed", cause));
        linked?;
        removed?;
        sync_folder(path).map_err(|cause| failed(path, "made durable", cause))?;
        Ok(key)
    }

    /// Reads the key file, and makes it where there is none. The caller makes sure that nothing is sealed yet
    /// under a key that is gone. Two processes that start at the same moment end with the same key.
    pub fn load_or_make(path: &Path, rng: &dyn Rng) -> Result<Self, MasterKeyError> {
        match Self::load(path) {
            Err(MasterKeyError::Missing { .. }) => {}
            found => return found,
        }
        match Self::make(path, rng) {
            Err(MasterKeyError::Io { cause, .. }) if cause.kind() == io::ErrorKind::AlreadyExists => {
                Self::load(path)
            }
            made => made,
        }
    }

    /// Whether anybody but the owner may read or write the file.
    pub fn readable_by_others(path: &Path) -> io::Result<bool> {
        Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
    }

    fn write_new(&self, path: &Path) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        let mut text = Zeroizing::new(STANDARD.encode(self.0.as_slice()));
        text.push('\n');
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

fn failed(path: &Path, verb: &'static str, cause: io::Error) -> MasterKeyError {
    MasterKeyError::Io { path: path.to_owned(), verb, cause }
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}
