//! Every kind of value comes out as it went in, to its last bit; and the one text that does not is refused before.

use domain::Timestamp;
use uuid::Uuid;

use super::place::Place;
use super::rows::{all, count_up, counter, get, new_counter, put};
use crate::StoreError;
use crate::db::{list, params};

sql! { "roles";
    ADD = "INSERT INTO roles (id, tenant_id, key, name, description, base, builtin, level, patterns, assigns, \
        is_default, first_user, default_invite, collections, features, origin, created_at, updated_at) \
        VALUES ($1, $2, 'k', '', '', $3, $4, $5, $6, $7, FALSE, TRUE, FALSE, $8, '[]', '', $9, $10)";
    ONE = "SELECT tenant_id, base, builtin, level, patterns, assigns, is_default, first_user, collections, \
        created_at, updated_at FROM roles WHERE id = $1 AND builtin = $2";
    LOCKOUT = "INSERT INTO lockouts (digest, failures, window_from, locked_until, lockouts) VALUES ($1, 0, 0, $2, 0)";
    DIGEST = "SELECT digest, locked_until FROM lockouts WHERE digest = $1";
}

both! {
    integers_reach_their_ends
    a_counter_at_its_end_is_refused
    times_keep_their_microseconds
    absence_and_truth_survive
    lists_survive
    bytes_survive
    empty_text_is_not_absent
    a_nul_is_refused_at_the_edge
}

async fn integers_reach_their_ends(place: &Place) {
    for (kind, number) in [("min", i64::MIN), ("max", i64::MAX), ("zero", 0), ("wide", 1 << 53 | 1)] {
        let write = place.store.write(move |tx| Box::pin(async move { new_counter(tx, kind, number).await }));
        write.await.unwrap();
        let read = place.store.read(move |tx| Box::pin(counter(tx, kind))).await;
        assert_eq!(read.unwrap(), number, "{kind}");
    }
}

/// PostgreSQL says "out of range"; SQLite makes a float of it, which no reader of integers takes.
async fn a_counter_at_its_end_is_refused(place: &Place) {
    let step = place.store.write(|tx| {
        Box::pin(async move {
            new_counter(tx, "end", i64::MAX).await?;
            count_up(tx, "end").await
        })
    });
    let error = step.await.unwrap_err();
    let expected = if place.store.is_sqlite() {
        matches!(error, StoreError::Corrupt { column: "next", .. })
    } else {
        matches!(error, StoreError::Unavailable(_))
    };
    assert!(expected, "{error:?}");
    assert!(place.store.read(|tx| Box::pin(counter(tx, "end"))).await.is_err(), "nothing was kept");
}

#[derive(Clone, Debug, PartialEq)]
struct Role {
    tenant: Option<Uuid>,
    base: Option<String>,
    builtin: bool,
    level: Option<i64>,
    patterns: Vec<String>,
    assigns: Option<Vec<String>>,
    collections: Vec<i64>,
    times: (Timestamp, Timestamp),
}

fn plain() -> Role {
    Role {
        tenant: None,
        base: None,
        builtin: false,
        level: None,
        patterns: vec![],
        assigns: None,
        collections: vec![],
        times: (Timestamp::from_micros(0), Timestamp::from_micros(1)),
    }
}

/// The role as the store gives it back; rolled back, so that the next may have the same key.
async fn there_and_back(place: &Place, role: Role) -> Role {
    let trip = place.store.write(move |tx| {
        let role = role.clone();
        Box::pin(async move {
            let id = Uuid::from_u128(9);
            let (patterns, assigns) = (list(&role.patterns), role.assigns.as_deref().map(list));
            let params = params![
                id,
                role.tenant,
                role.base,
                role.builtin,
                role.level,
                patterns,
                assigns,
                list(&role.collections),
                role.times.0,
                role.times.1,
            ];
            tx.run(&ADD, params).await?;
            let mut row = tx.row(&ONE, params![id, role.builtin]).await?.expect("it was just made");
            let back = Role {
                tenant: row.take("tenant_id")?,
                base: row.take("base")?,
                builtin: row.take("builtin")?,
                level: row.take("level")?,
                patterns: row.take("patterns")?,
                assigns: row.take("assigns")?,
                times: plain().times,
                collections: {
                    assert!(!row.take::<bool>("is_default")? && row.take::<bool>("first_user")?);
                    row.take("collections")?
                },
            };
            let times = (row.take("created_at")?, row.take("updated_at")?);
            Err::<(), _>(Back(Ok(Role { times, ..back })))
        })
    });
    trip.await.unwrap_err().0.unwrap()
}

struct Back(Result<Role, StoreError>);

impl From<StoreError> for Back {
    fn from(error: StoreError) -> Self {
        Self(Err(error))
    }
}

async fn times_keep_their_microseconds(place: &Place) {
    let odd = Timestamp::from_micros(1_793_000_000_123_457);
    for times in [(odd, Timestamp::NEVER), (Timestamp::from_micros(-1), Timestamp::from_micros(0))] {
        let role = Role { times, ..plain() };
        assert_eq!(there_and_back(place, role.clone()).await, role);
    }
}

async fn absence_and_truth_survive(place: &Place) {
    let full = Role {
        base: Some("member".into()),
        builtin: true,
        level: Some(i64::MIN),
        assigns: Some(vec![]),
        ..plain()
    };
    for role in [plain(), full] {
        assert_eq!(there_and_back(place, role.clone()).await, role);
    }
}

async fn lists_survive(place: &Place) {
    let role = Role {
        patterns: ["users:*", "", "\"quoted\\\"", "é \u{1F600}", "a,b"].map(str::to_owned).to_vec(),
        assigns: Some(vec!["guest".into()]),
        collections: vec![i64::MIN, 0, i64::MAX],
        ..plain()
    };
    assert_eq!(there_and_back(place, role.clone()).await, role);
}

async fn bytes_survive(place: &Place) {
    let all_bytes: Vec<u8> = (0..=255).collect();
    for bytes in [all_bytes, vec![], vec![0], vec![0xFF; 3]] {
        let expected = bytes.clone();
        let trip = place.store.write(move |tx| {
            let bytes = bytes.clone();
            Box::pin(async move {
                tx.run(&LOCKOUT, params![&bytes, None::<i64>]).await?;
                let mut row = tx.row(&DIGEST, params![&bytes]).await?.expect("it was just made");
                Ok::<_, StoreError>((
                    row.take::<Vec<u8>>("digest")?,
                    row.take::<Option<i64>>("locked_until")?,
                ))
            })
        });
        assert_eq!(trip.await.unwrap(), (expected, None));
    }
}

async fn empty_text_is_not_absent(place: &Place) {
    place.store.write(|tx| Box::pin(async move { put(tx, "a", "").await })).await.unwrap();
    assert_eq!(place.store.read(|tx| Box::pin(get(tx, "a"))).await.unwrap(), Some(String::new()));
}

/// PostgreSQL has no U+0000 in text; SQLite has. So nothing that holds one may come as far as this.
async fn a_nul_is_refused_at_the_edge(place: &Place) {
    let nul = "a\0b";
    assert!(domain::text::optional_name(nul, 64).is_err(), "the edge");
    let kept = place.store.write(|tx| Box::pin(async move { put(tx, "a\0b", "a\0b").await })).await;
    if place.store.is_sqlite() {
        kept.unwrap();
        assert_eq!(all(&place.store).await, [nul]);
    } else {
        let error = format!("{:?}", kept.unwrap_err());
        assert!(error.contains("22021"), "{error}");
        assert!(all(&place.store).await.is_empty());
    }
}
