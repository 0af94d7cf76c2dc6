use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use super::*;

/// Counts up: every fill differs from the last.
struct Counter(AtomicU8);

impl Rng for Counter {
    fn fill(&self, buf: &mut [u8]) {
        for byte in buf {
            *byte = self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

fn rng(start: u8) -> Counter {
    Counter(AtomicU8::new(start))
}

fn sealer(byte: u8) -> Sealer {
    Sealer::new(&MasterKey::from_bytes([byte; 32])).unwrap()
}

const PLACE: Place<'_> = Place { table: "totp", column: "seed", row: b"row-1" };

#[test]
fn opens_what_it_sealed() {
    let (mine, rng) = (sealer(7), rng(0));
    for plain in [&b""[..], b"x", &[0xA5; 5_000]] {
        let sealed = mine.seal(PLACE, plain, &rng).unwrap();
        assert_eq!(sealed.len(), plain.len() + 37);
        assert_eq!(mine.open(PLACE, &sealed).unwrap().as_slice(), plain);
        assert_ne!(mine.seal(PLACE, plain, &rng).unwrap(), sealed, "a nonce was used twice");
    }
}

#[test]
fn opens_nowhere_else() {
    let mine = sealer(7);
    let sealed = mine.seal(PLACE, b"seed", &rng(0)).unwrap();
    for place in [
        Place { table: "keys", ..PLACE },
        Place { column: "private", ..PLACE },
        Place { row: b"row-2", ..PLACE },
        Place { table: "totps", column: "eed", ..PLACE },
        Place { table: "totpseed", column: "", ..PLACE },
    ] {
        assert_eq!(mine.open(place, &sealed).unwrap_err(), OpenError::Damaged, "{place:?}");
    }
}

#[test]
fn tells_another_key_from_damage() {
    let mine = sealer(7);
    let sealed = mine.seal(PLACE, b"seed", &rng(0)).unwrap();
    assert_eq!(sealer(8).open(PLACE, &sealed).unwrap_err(), OpenError::WrongKey);
    assert_ne!(sealer(8).key_id(), mine.key_id());
    for index in 0..sealed.len() {
        let mut bent = sealed.clone();
        bent[index] ^= 1;
        let expected = if (1..9).contains(&index) { OpenError::WrongKey } else { OpenError::Damaged };
        assert_eq!(mine.open(PLACE, &bent).unwrap_err(), expected, "byte {index}");
        assert!(mine.open(PLACE, &sealed[..index]).is_err(), "cut at {index}");
    }
}

/// Reckoned with Node's crypto module. Changing any of these makes every existing store unreadable: that needs a new
/// version byte.
#[test]
fn the_format_stays() {
    let sealer = sealer(7);
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    assert_eq!(
        hex(&sealer.seal(PLACE, b"seed", &rng(0)).unwrap()),
        "01a744610b0b9d6330000102030405060708090a0b7bcc9843972a67d650031280be80012656a51681"
    );
    assert_eq!(
        hex(sealer.derive("x").unwrap().as_slice()),
        "4cb4db9e6d3b528ab18ffdaa0b537a8cfa25648f264307769e899ade10b92504"
    );
    assert_eq!(sealer.successor("hr_first"), "hr_MJM8uutxp-IdtCO_dWwfA0rVBOVAYhrLPjmIXpaAIH0");
}

#[test]
fn a_successor_depends_on_token_and_key_alone() {
    let one = sealer(7).successor("hr_a");
    assert_eq!(one, sealer(7).successor("hr_a"));
    assert_ne!(one, sealer(7).successor("hr_b"));
    assert_ne!(one, sealer(8).successor("hr_a"));
    assert_eq!(one.len(), 46);
}

#[test]
fn derived_keys_differ_by_label() {
    let sealer = sealer(7);
    assert_ne!(sealer.derive("a").unwrap(), sealer.derive("b").unwrap());
    assert_eq!(sealer.derive("a").unwrap(), sealer.derive("a").unwrap());
}

#[test]
fn the_file_is_made_once_and_for_the_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    assert!(matches!(MasterKey::load(&path), Err(MasterKeyError::Missing { .. })));
    let made = MasterKey::load_or_make(&path, &rng(0)).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n");
    assert!(!MasterKey::readable_by_others(&path).unwrap());
    let again = MasterKey::load_or_make(&path, &rng(99)).unwrap();
    assert_eq!(made.bytes(), again.bytes());
    assert!(MasterKey::make(&path, &rng(99)).is_err(), "an existing key was replaced");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "something was left beside the key");
    for mode in [0o640, 0o604, 0o620] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert!(MasterKey::readable_by_others(&path).unwrap(), "{mode:o}");
    }
}

#[test]
fn processes_that_start_together_get_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    let barrier = Barrier::new(8);
    let keys: Vec<Vec<u8>> = thread::scope(|scope| {
        let starters: Vec<_> = (0_u8..8)
            .map(|number| {
                let (path, barrier) = (&path, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    MasterKey::load_or_make(path, &rng(number * 31)).unwrap().bytes().to_vec()
                })
            })
            .collect();
        starters.into_iter().map(|starter| starter.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[test]
fn a_file_that_is_no_key_is_named_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("master.key");
    for (content, message) in [
        (&b""[..], "the master key has 0 bytes: it must have 32"),
        (b"AAECAwQFBgcICQoLDA0ODw==", "the master key has 16 bytes: it must have 32"),
        (b"correct horse battery staple", "the master key is not base64"),
        (b"\xFF\xFE\x00", "the master key is not base64"),
    ] {
        fs::write(&path, content).unwrap();
        let refusal = MasterKey::load_or_make(&path, &rng(0)).unwrap_err().to_string();
        assert!(refusal.starts_with(message), "{refusal}");
        assert_eq!(fs::read(&path).unwrap(), content);
    }
    let nowhere = folder.path().join("no/such/folder/master.key");
    assert!(MasterKey::load_or_make(&nowhere, &rng(0)).is_err());
}

#[test]
fn a_key_does_not_print() {
    let key = MasterKey::from_bytes([7; 32]);
    assert_eq!(format!("{key:?}"), "MasterKey(…)");
    assert_eq!(format!("{:?}", sealer(7)), "Sealer(key a744610b0b9d6330 …)");
}
