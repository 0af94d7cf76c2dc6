//! The pool's promises: bounded, honest, and the same price for everybody.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{sleep, timeout};

use super::{Busy, HashError, Hasher, HasherConfig, MAX_PASSWORD_BYTES, Verdict};

const SALT: [u8; 16] = *b"0123456789abcdef";

fn small() -> HasherConfig {
    HasherConfig { memory_kib: 64, passes: 2, parallelism: 1, threads: 1, queue: 4 }
}

fn secret(text: &str) -> SecretString {
    text.to_owned().into()
}

/// Occupies one thread until the sender is used or dropped.
fn occupy(pool: &Hasher) -> (mpsc::Sender<()>, impl Future<Output = Result<(), Busy>>) {
    let (open, gate) = mpsc::channel::<()>();
    let job = pool.submit(move |_| {
        let _ = gate.recv_timeout(Duration::from_secs(20));
    });
    (open, job)
}

/// Polls a future once, which is what puts its job into the queue.
macro_rules! start {
    ($future:expr) => {
        let first = timeout(Duration::ZERO, $future.as_mut()).await;
        assert!(first.is_err(), "it should have had to wait: {first:?}");
    };
}

async fn until(what: &str, mut reached: impl FnMut() -> bool) {
    for _ in 0..1_000 {
        if reached() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("never happened: {what}");
}

#[tokio::test]
async fn a_hash_opens_for_its_password_only() {
    let pool = Hasher::start(small()).unwrap();
    let stored = pool.hash(secret("right"), SALT).await.unwrap();
    assert!(stored.starts_with("$argon2id$v=19$m=64,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$"), "{stored}");
    let right = pool.verify(secret("right"), stored.clone()).await.unwrap();
    assert_eq!(right, Verdict::Match { needs_rehash: false });
    assert_eq!(pool.verify(secret("wrong"), stored.clone()).await.unwrap(), Verdict::Mismatch);
    assert_eq!(pool.verify(secret(""), stored).await.unwrap(), Verdict::Mismatch);
}

#[tokio::test]
async fn other_parameters_verify_and_ask_for_a_rehash() {
    let pool = Hasher::start(small()).unwrap();
    for (stored, password) in [
        // From the tests of the reference implementation.
        ("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"),
        ("$argon2i$v=16$m=256,t=2,p=2$c29tZXNhbHQ$tsEVYKap1h6scGt5ovl9aLRGOqOth+AMB+KwHpDFZPs", "password"),
        ("$argon2i$m=256,t=2,p=2$c29tZXNhbHQ$tsEVYKap1h6scGt5ovl9aLRGOqOth+AMB+KwHpDFZPs", "password"),
    ] {
        let verdict = pool.verify(secret(password), stored.to_owned()).await.unwrap();
        assert_eq!(verdict, Verdict::Match { needs_rehash: true }, "{stored}");
        let verdict = pool.verify(secret("Password"), stored.to_owned()).await.unwrap();
        assert_eq!(verdict, Verdict::Mismatch, "{stored}");
    }
}

/// Made with Python's hashlib and libxcrypt from the password `pleaseletmein`.
const FOREIGN: [&str; 6] = [
    "$2a$04$abcdefghijklmnopqrstuumH1BFkDxi3LKCbP6FQ2juPgiLLcuV6S",
    "$2b$04$abcdefghijklmnopqrstuumH1BFkDxi3LKCbP6FQ2juPgiLLcuV6S",
    "$2y$04$abcdefghijklmnopqrstuumH1BFkDxi3LKCbP6FQ2juPgiLLcuV6S",
    "$scrypt$ln=4,r=8,p=2$U29kaXVtQ2hsb3JpZGU$ip+ExlJRrUL/rSJ6VdxRgWw8agW0ydk8etMSmvPADMM",
    "$pbkdf2-sha256$i=1000$U29kaXVtQ2hsb3JpZGU$gfx/iT5tmWORNzA4f8I5iRTuOWlnBcTtlF1Oa07LhBQ",
    "$pbkdf2-sha512$i=1000,l=64$U29kaXVtQ2hsb3JpZGU\
     $X36Uk2WoGOxSWYdtDOSIt0SoOFT8UYjOgmGXvj9CUVGp1u6fmamim8IMMS1vJV/WgznGB9TPdUP8rUxPih/BOg",
];

#[tokio::test]
async fn foreign_hashes_verify_and_ask_for_a_rehash() {
    let pool = Hasher::start(small()).unwrap();
    for stored in FOREIGN {
        let right = pool.verify(secret("pleaseletmein"), stored.to_owned()).await.unwrap();
        assert_eq!(right, Verdict::Match { needs_rehash: true }, "{stored}");
        let wrong = pool.verify(secret("pleaseletmeout"), stored.to_owned()).await.unwrap();
        assert_eq!(wrong, Verdict::Mismatch, "{stored}");
    }
}

#[tokio::test]
async fn strings_that_are_no_hash_are_unusable_and_cost_what_a_wrong_password_does() {
    let pool = Hasher::start(small()).unwrap();
    let tail = "$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    let hanging = [
        format!("$argon2id$v=19$m=4294967295,t=1,p=1{tail}"),
        format!("$argon2id$v=19$m=1048577,t=1,p=1{tail}"),
        format!("$argon2id$v=19$m=256,t=4294967295,p=1{tail}"),
        format!("$argon2id$v=19$m=256,t=1,p=0{tail}"),
        format!("$argon2id$v=18$m=256,t=1,p=1{tail}"),
        format!("$argon2$v=19$m=256,t=1,p=1{tail}"),
        format!("$scrypt$ln=19,r=8,p=1{tail}"),
        format!("$scrypt$ln=63,r=8,p=1{tail}"),
        format!("$scrypt$ln=10,r=4294967295,p=4294967295{tail}"),
        format!("$scrypt$ln=10,r=0,p=1{tail}"),
        format!("$pbkdf2-sha256$i=4294967295{tail}"),
        format!("$pbkdf2-sha256$i=0{tail}"),
        FOREIGN[1].replace("$04$", "$31$"),
        FOREIGN[1].replace("$2b$", "$2x$"),
        "$argon2id$v=19$m=256,t=1,p=1".to_owned(),
        "$argon2id$v=19$m=256,t=1,p=1$c29tZXNhbHQ".to_owned(),
        "$2b$04$ääääääääääääääääääääääääää".to_owned(),
        "$2b$".to_owned(),
        "$".repeat(100),
        "a".repeat(100_000),
        "plain".to_owned(),
        String::new(),
    ];
    for stored in hanging {
        let before = pool.work_done();
        let verdict = pool.verify(secret("password"), stored.clone()).await.unwrap();
        assert_eq!(verdict, Verdict::Unusable, "{stored}");
        assert_eq!(pool.work_done() - before, 64 * 2, "{stored}");
    }
}

#[tokio::test]
async fn an_absent_user_costs_what_a_wrong_password_does() {
    let pool = Hasher::start(small()).unwrap();
    let stored = pool.hash(secret("right"), SALT).await.unwrap();
    let before = pool.work_done();
    assert!(!pool.verify(secret("wrong"), stored).await.unwrap().is_match());
    let wrong = pool.work_done() - before;
    let before = pool.work_done();
    assert_eq!(pool.verify_absent(secret("wrong")).await.unwrap(), Verdict::Mismatch);
    assert_eq!(pool.work_done() - before, wrong);
    assert_eq!(wrong, 64 * 2);
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let pool = Hasher::start(small()).unwrap();
    let (open, occupied) = occupy(&pool);
    let mut occupied = Box::pin(occupied);
    start!(occupied);
    until("the thread takes the job", || pool.running() == 1 && pool.depth() == 0).await;
    let mut waiting: Vec<_> = (0..4).map(|_| Box::pin(pool.verify_absent(secret("x")))).collect();
    for one in &mut waiting {
        start!(one);
    }
    assert_eq!(pool.depth(), 4);
    let refused = timeout(Duration::ZERO, pool.verify_absent(secret("x"))).await;
    let Ok(Err(Busy { retry_after })) = refused else { panic!("{refused:?}") };
    assert!((1..=60).contains(&retry_after.as_secs()), "{retry_after:?}");
    let refused = timeout(Duration::ZERO, pool.hash(secret("x"), SALT)).await;
    assert!(matches!(refused, Ok(Err(HashError::Busy(_)))), "{refused:?}");

    // One hangs up: his place is free again.
    waiting.pop();
    let mut late = Box::pin(pool.verify_absent(secret("late")));
    start!(late);
    open.send(()).unwrap();
    occupied.await.unwrap();
    for one in waiting {
        assert_eq!(one.await, Ok(Verdict::Mismatch));
    }
    assert_eq!(late.await, Ok(Verdict::Mismatch));
}

#[tokio::test]
async fn nothing_is_hashed_for_a_caller_who_hung_up() {
    let pool = Hasher::start(small()).unwrap();
    let (open, occupied) = occupy(&pool);
    let mut occupied = Box::pin(occupied);
    start!(occupied);
    let mut gone = Box::pin(pool.verify_absent(secret("gone")));
    start!(gone);
    drop(gone);
    let before = pool.work_done();
    open.send(()).unwrap();
    occupied.await.unwrap();
    pool.submit(|_| ()).await.unwrap();
    assert_eq!(pool.work_done(), before);
    assert_eq!(pool.depth(), 0);
}

#[tokio::test]
async fn a_panic_costs_one_caller_an_error_and_no_thread() {
    let pool = Hasher::start(small()).unwrap();
    for _ in 0..3 {
        let lost: Result<(), Busy> = pool.submit(|_| panic!("as the test wants")).await;
        assert!(lost.is_err());
    }
    assert_eq!(pool.verify_absent(secret("x")).await, Ok(Verdict::Mismatch));
    until("the count of running jobs is zero", || pool.running() == 0).await;
}

#[tokio::test]
async fn memory_is_used_again_under_load_and_given_back_after_a_second() {
    let pool = Hasher::start(small()).unwrap();
    assert_eq!(pool.held_bytes(), 0);
    for _ in 0..20 {
        pool.verify_absent(secret("x")).await.unwrap();
    }
    assert_eq!(pool.gauges.allocations(), 1);
    assert_eq!(pool.held_bytes(), 64 * 1024);
    sleep(Duration::from_millis(300)).await;
    assert_eq!(pool.held_bytes(), 64 * 1024, "given back too early");
    until("memory is given back", || pool.held_bytes() == 0).await;
    pool.verify_absent(secret("x")).await.unwrap();
    assert_eq!(pool.gauges.allocations(), 2);
}

#[tokio::test]
async fn an_unusually_large_buffer_is_not_kept() {
    let pool = Hasher::start(small()).unwrap();
    let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    assert!(pool.verify(secret("password"), stored.to_owned()).await.unwrap().is_match());
    assert_eq!(pool.held_bytes(), 0);
}

#[tokio::test]
async fn overlong_passwords_are_refused_unhashed() {
    let pool = Hasher::start(small()).unwrap();
    let stored = pool.hash(secret("right"), SALT).await.unwrap();
    let before = pool.work_done();
    let long = "x".repeat(MAX_PASSWORD_BYTES + 1);
    assert_eq!(pool.hash(secret(&long), SALT).await, Err(HashError::TooLong));
    assert_eq!(pool.verify(secret(&long), stored).await, Ok(Verdict::Mismatch));
    assert_eq!(pool.verify_absent(secret(&long)).await, Ok(Verdict::Mismatch));
    assert_eq!(pool.work_done(), before);
}

#[tokio::test]
async fn a_closing_pool_answers_who_waits() {
    let pool = Hasher::start(small()).unwrap();
    let (open, occupied) = occupy(&pool);
    let mut occupied = Box::pin(occupied);
    start!(occupied);
    let mut waiting = Box::pin(pool.verify_absent(secret("x")));
    start!(waiting);
    pool.queue.close();
    assert!(waiting.await.is_err());
    assert!(pool.verify_absent(secret("x")).await.is_err());
    open.send(()).unwrap();
    occupied.await.unwrap();
    drop(pool); // joins: the test would hang here if a thread did not end
}

#[test]
fn bad_parameters_are_refused_at_start() {
    for config in [
        HasherConfig { memory_kib: 1, ..small() },
        HasherConfig { memory_kib: 2 * 1024 * 1024, ..small() },
        HasherConfig { passes: 0, ..small() },
        HasherConfig { parallelism: 0, ..small() },
        HasherConfig { threads: 0, ..small() },
        HasherConfig { queue: 0, ..small() },
    ] {
        assert!(Hasher::start(config).is_err(), "{config:?}");
    }
}

#[tokio::test]
async fn every_caller_is_answered_while_others_hang_up() {
    let pool = Arc::new(Hasher::start(HasherConfig { threads: 2, queue: 300, ..small() }).unwrap());
    let callers: Vec<_> = (0..300)
        .map(|_| {
            let pool = Arc::clone(&pool);
            tokio::spawn(async move { pool.verify_absent(secret("x")).await })
        })
        .collect();
    tokio::task::yield_now().await;
    for (number, caller) in callers.into_iter().enumerate() {
        if number % 3 == 0 {
            caller.abort();
        } else {
            let answer = timeout(Duration::from_secs(20), caller).await.unwrap().unwrap();
            assert_eq!(answer, Ok(Verdict::Mismatch));
        }
    }
    until("the pool is at rest", || pool.depth() == 0 && pool.running() == 0).await;
    let calls = pool.work_done() / (64 * 2);
    assert!((200..=300).contains(&calls), "{calls}");
    assert!(pool.held_bytes() <= 2 * 64 * 1024);
}
