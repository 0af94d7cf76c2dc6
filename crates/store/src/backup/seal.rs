//! The checksum behind the last page of a backup.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use aws_lc_rs::digest::{Context, SHA256};

use super::Unfit;

/// What a sealed file ends with: these bytes, and the SHA-256 of all that stands before them.
const MAGIC: &[u8; 16] = b"herald backup 1\n";
const SEAL: u64 = 16 + 32;
/// Every SQLite file begins with these.
const SQLITE: &[u8; 16] = b"SQLite format 3\0";
/// The part of the first page that tells the length (SQLite's file format, §1.3).
const HEAD: usize = 100;
/// Bytes read at once.
const CHUNK: usize = 1 << 20;

/// Whether a backup had its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// And it fits.
    Yes,
    /// It is a bare SQLite file: [`super::judge`] has to look more closely.
    No,
}

/// Puts the checksum behind the last page.
///
/// # Errors
/// Those of reading and writing; `Length` where it is no bare SQLite file.
pub fn seal(file: &mut File) -> Result<(), Unfit> {
    let (length, Sealed::No) = measure(file)? else { return Err(Unfit::Checksum) };
    let digest = hash(file, length, &mut io::sink())?;
    file.seek(SeekFrom::Start(length))?;
    file.write_all(MAGIC)?;
    file.write_all(&digest)?;
    file.sync_all()?;
    Ok(())
}

/// Judges the first bytes and the length alone.
///
/// # Errors
/// `NotSqlite`, `Length`, or those of reading.
pub fn glance(file: &mut File) -> Result<Sealed, Unfit> {
    measure(file).map(|(_, sealed)| sealed)
}

/// Copies the database in `from` to the empty file `to` without its checksum, and says whether it had one; synced.
/// Judges first bytes, length and checksum, and nothing else. What was written to `to` before a failure is to be
/// thrown away.
///
/// # Errors
/// `NotSqlite`, `Length`, `Checksum`, or those of reading and writing.
pub fn take(from: &mut File, to: &mut File) -> Result<Sealed, Unfit> {
    let (length, sealed) = measure(from)?;
    let digest = hash(from, length, to)?;
    if sealed == Sealed::Yes {
        let mut end = Vec::new();
        from.read_to_end(&mut end)?;
        if !end.starts_with(MAGIC) || !end.ends_with(&digest) {
            return Err(Unfit::Checksum);
        }
    }
    to.sync_all()?;
    Ok(sealed)
}

/// How long the database in it is, and whether something as long as a checksum follows.
fn measure(file: &mut File) -> Result<(u64, Sealed), Unfit> {
    let mut head = Vec::with_capacity(HEAD);
    file.rewind()?;
    (&*file).take(HEAD as u64).read_to_end(&mut head)?;
    let word =
        |at: usize| head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes);
    let (true, Some(pages), Some(size)) = (head.starts_with(SQLITE), word(28), word(16)) else {
        return Err(Unfit::NotSqlite);
    };
    // The page size is the upper half of its word; 1 stands for 65,536.
    let size = match u64::from(size >> 16) {
        1 => 65_536,
        size => size,
    };
    let (found, expected) = (file.metadata()?.len(), size * u64::from(pages));
    match found.checked_sub(expected) {
        Some(0) => Ok((expected, Sealed::No)),
        Some(SEAL) => Ok((expected, Sealed::Yes)),
        Some(_) | None => Err(Unfit::Length { found, expected }),
    }
}

/// The SHA-256 of the first `length` bytes, which also go to `to`. Leaves `file` behind them.
fn hash(file: &mut File, length: u64, to: &mut dyn Write) -> Result<Vec<u8>, Unfit> {
    file.rewind()?;
    let mut rest = (&*file).take(length);
    let (mut context, mut chunk) = (Context::new(&SHA256), vec![0; CHUNK]);
    loop {
        let read = match rest.read(&mut chunk) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        context.update(bytes);
        to.write_all(bytes)?;
    }
    if rest.limit() > 0 {
        return Err(Unfit::Length { found: length - rest.limit(), expected: length });
    }
    Ok(context.finish().as_ref().to_vec())
}
