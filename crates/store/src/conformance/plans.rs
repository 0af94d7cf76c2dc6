//! No statement of the house looks at every row of a table that grows, or sorts them, on either engine.
//!
//! The plans are those for a store with rows in it: for a handful PostgreSQL reads the whole table, and is right.

use std::collections::BTreeSet;

use tokio_postgres::{Client, NoTls, SimpleQueryMessage};

use super::place::{NOW, Place};
use crate::{Options, Statement, StoreError};

/// Rows of each table that grows with people, programs and time; nine tenths of them in one tenant.
const ROWS: i64 = 12_000;

/// Tables, under the names by which statements call them, that stay small or are parts of a statement with a bound of
/// their own.
const SMALL: [&str; 18] = [
    "CONSTANT",
    "clients",
    "counted",
    "counters",
    "ended",
    "expired",
    "feed",
    "first",
    "idle",
    "networks",
    "o",
    "permissions",
    "r",
    "roles",
    "signing_keys",
    "sites",
    "tenants",
    "webhooks",
];

/// Statements that may read a whole table all the same, and why.
const WHOLE: [(&str, &str); 7] = [
    ("MADE", "a world is applied or pruned: it looks at all that worlds made"),
    ("ANY_SEED", "at a start that finds no key, before anything was sealed"),
    ("ANY_COPY", "the same"),
    ("ANYONE", "stops at the first row"),
    ("NEWEST", "stops at one end of an index"),
    ("OLD", "`herald check` alone: once, by an operator on the machine"),
    ("WEBHOOK_OWNERS", "an export of everything"),
];

/// Lists that people page through, or search: found along an index, in its order. Room, statement, and values for the
/// planner of PostgreSQL, which looks at them.
const PAGES: [(&str, &str, &str); 24] = [
    ("memberships", "PAGE", "T, 'p000', 'q', 200"),
    ("memberships", "ADDRESSES", "T, 'p000', 'q', 5000"),
    ("memberships", "ROLES", "T, 'p0005000', 'p0005200'"),
    ("memberships", "NAMED", "T, E"),
    ("memberships", "ROLES_OF_NAMED", "T, E"),
    ("memberships", "SITES_OF_NAMED", "T, E"),
    ("users", "LIST", "'p000', 'q', 200"),
    ("endpoints", "PAGE", "T, '/things/', 0, '', 200"),
    ("endpoints", "PAGE_BELOW", "T, '/things/', 0, '', 200, '/things/9'"),
    ("endpoints", "OF_COLLECTION", "T, 3, '/things/', '', 200"),
    ("endpoints", "OF_COLLECTION_BELOW", "T, 3, '/things/', '', 200, '/things/9'"),
    ("audit", "ALL", "0, 9000, U, 200"),
    ("audit", "OF_TENANT", "T, 0, 9000, U, 200"),
    ("audit", "OF_ACTOR", "T, 0, 9000, U, 200, U"),
    ("audit", "OF_CREDENTIAL", "T, 0, 9000, U, 200, U"),
    ("audit", "OF_TARGET", "T, 0, 9000, U, 200, U"),
    ("audit", "OF_ACTION", "T, 0, 9000, U, 200, 'user.signed_in'"),
    ("audit", "REFUSED", "T, 0, 9000, U, 200"),
    ("tokens", "OF_TENANT", "T, 5000, 3000, U, 200"),
    ("tokens", "OF_OWNER", "T, 5000, 3000, U, 200, U"),
    ("tokens", "OF_PROVIDER", "T, 5000, 'local', 1001"),
    ("tokens", "OF_PROVIDER_AND_OWNER", "T, 5000, 'local', 1001, U"),
    ("tokens", "ALL", "U, 5000, 200"),
    ("activities", "FIRST", "T, 200"),
];

/// Fills the growing tables on either engine.
fn seed(postgres: bool) -> String {
    let (id, digest) = if postgres {
        (
            "CAST('0000000KIND-0000-7000-8000-' || lpad(to_hex(i), 12, '0') AS UUID)",
            "CAST('d' || CAST(i AS TEXT) AS BYTEA)",
        )
    } else {
        ("CAST(printf('%08d%08d', KIND, i) AS BLOB)", "CAST('d' || i AS BLOB)")
    };
    let tenant = "(SELECT t.id FROM tenants t WHERE t.number = CASE WHEN i % 10 > 0 THEN 1 ELSE 2 END)";
    let email = "'p' || substr(CAST(10000000 + i AS TEXT), 2) || '@people.example'";
    let sql = (1..=9).fold(include_str!("plans.sql").to_owned(), |sql, kind| {
        sql.replace(&format!("ID:{kind}"), &id.replace("KIND", &kind.to_string()))
    });
    let words = [("ROWS", &*ROWS.to_string()), ("DIGEST", digest), ("TENANT", tenant), ("EMAIL", email)];
    words.iter().fold(sql, |sql, (word, means)| sql.replace(word, means))
}

fn plan_of(conn: &rusqlite::Connection, statement: &Statement) -> Vec<String> {
    let mut prepared = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", statement.for_sqlite())).unwrap();
    let values = vec![1_i64; prepared.parameter_count()];
    let lines = prepared.query_map(rusqlite::params_from_iter(values), |row| row.get("detail")).unwrap();
    lines.map(Result::unwrap).collect()
}

fn named(room: &str, name: &str) -> &'static Statement {
    let mut found = crate::statements().filter(|s| s.table == room && s.name() == name);
    found.next().unwrap_or_else(|| panic!("no statement {room} {name}"))
}

async fn seeded(place: &Place) {
    let builtin: Result<(), StoreError> =
        place.store.write(|tx| Box::pin(async move { crate::installation::seed(tx, NOW).await })).await;
    builtin.unwrap();
}

#[tokio::test]
async fn sqlite_looks_for_what_it_wants() {
    let place = Place::sqlite().await;
    seeded(&place).await;
    let Options::Sqlite(options) = &place.options else { panic!("not SQLite") };
    let conn = rusqlite::Connection::open(&options.path).unwrap();
    // Nobody tells SQLite how many rows there are, but somebody might.
    looked_for(&conn);
    conn.execute_batch(&format!("BEGIN; {} COMMIT; ANALYZE", seed(false))).unwrap();
    looked_for(&conn);
}

fn looked_for(conn: &rusqlite::Connection) {
    let small = BTreeSet::from(SMALL);
    for statement in crate::statements() {
        if WHOLE.iter().any(|(name, _)| *name == statement.name()) {
            continue;
        }
        for line in plan_of(conn, statement) {
            let whole = line.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            // Of the operators alone.
            let partial = line.contains("INDEX users_operators");
            // What the statement itself is given.
            let given = line.ends_with("-ROW VALUES CLAUSE");
            let fine = partial || given || whole.is_none_or(|table| small.contains(table));
            assert!(fine, "{} {}: {line}", statement.table, statement.name());
        }
    }
    for (room, name, _) in PAGES {
        let plan = plan_of(conn, named(room, name)).join("; ");
        // A few rows of one moment, or the sites of one page.
        let few = plan.contains("LAST TERM") || name.starts_with("SITES");
        assert!(few || !plan.contains("TEMP B-TREE"), "{room} {name}: {plan}");
        assert!(plan.contains("INDEX"), "{room} {name}: {plan}");
    }
}

/// As it plans a statement that has run often: with values, or for any values where that promises to be cheaper.
async fn plan_after_many(client: &Client, statement: &Statement, values: &str) -> String {
    let values: Vec<String> = values.split(", ").map(literal).collect();
    let explain = format!("EXPLAIN EXECUTE asked ({});", values.join(", "));
    let sql = format!("PREPARE asked AS {}; {} DEALLOCATE asked", statement.sql, explain.repeat(7));
    let messages = client.simple_query(&sql).await.unwrap();
    let mut plan = Vec::new();
    for message in messages {
        match message {
            SimpleQueryMessage::RowDescription(_) => plan.clear(),
            SimpleQueryMessage::Row(row) => plan.extend(row.get(0).map(str::to_owned)),
            _ => {}
        }
    }
    plan.join("\n")
}

/// `T` the tenant with nearly all rows, `U` a user's id, `E` as many addresses as one statement takes.
fn literal(value: &str) -> String {
    match value {
        "T" => "'00000002-0000-7000-8000-000000000001'".to_owned(),
        "U" => "'00000001-0000-7000-8000-000000000fa0'".to_owned(),
        "E" => {
            let all: Vec<String> = (0..crate::memberships::AT_ONCE)
                .map(|n| format!("'p000{:04}@people.example'", n * 300))
                .collect();
            all.join(", ")
        }
        other => other.to_owned(),
    }
}

#[tokio::test]
async fn postgres_looks_for_what_it_wants() {
    let place = Place::postgres().await;
    seeded(&place).await;
    let Options::Postgres(options) = &place.options else { panic!("not PostgreSQL") };
    let (client, connection) = tokio_postgres::connect(&options.url, NoTls).await.unwrap();
    drop(tokio::spawn(connection));
    client.batch_execute(&format!("{} ANALYZE", seed(true))).await.unwrap();
    for (room, name, values) in PAGES {
        let plan = plan_after_many(&client, named(room, name), values).await;
        let growing =
            ["users", "memberships", "membership_roles", "endpoints", "audit", "tokens", "activities"];
        for table in growing {
            assert!(!plan.contains(&format!("Seq Scan on {table} ")), "{room} {name}:\n{plan}");
        }
        // What one statement names, or one person has, may be sorted; a page of many may not.
        let few = ["NAMED", "SITES_OF_NAMED", "OF_PROVIDER_AND_OWNER"].contains(&name)
            || plan.contains("Incremental");
        assert!(few || !plan.contains("Sort"), "{room} {name}:\n{plan}");
        assert!(plan.contains("Index Cond"), "{room} {name}:\n{plan}");
    }
}
