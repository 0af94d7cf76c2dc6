//! One SQL text, two engines: the same tables and columns, and every statement understood.

use super::place::Place;
use crate::db::Row;
use crate::{Store, StoreError};

sql! { "columns";
    OF_SQLITE = "SELECT t.name, c.name, lower(c.type), c.\"notnull\" <> 0 OR c.pk <> 0 \
        FROM sqlite_master t JOIN pragma_table_info(t.name) c \
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY 1, 2";
    OF_POSTGRES = "SELECT CAST(table_name AS TEXT) COLLATE \"C\", CAST(column_name AS TEXT) COLLATE \"C\", \
        CAST(data_type AS TEXT), is_nullable = 'NO' \
        FROM information_schema.columns WHERE table_schema = current_schema() \
        AND table_name IN (SELECT table_name FROM information_schema.tables \
            WHERE table_schema = current_schema() AND table_type = 'BASE TABLE') ORDER BY 1, 2";
    UNINDEXED_REFERENCES = "SELECT m.name || '.' || f.\"from\" FROM sqlite_master m \
        JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0 AND NOT EXISTS (SELECT 1 \
        FROM pragma_index_list(m.name) i JOIN pragma_index_info(i.name) x WHERE x.seqno = 0 AND x.name = f.\"from\") \
        ORDER BY 1";
    INDEXED_BY_LANGUAGE = "SELECT CAST(index.indexrelid::regclass AS TEXT) \
        FROM pg_index index CROSS JOIN unnest(index.indcollation) AS used (collation_id) \
        JOIN pg_collation ON pg_collation.oid = used.collation_id \
        JOIN pg_class ON pg_class.oid = index.indrelid \
        WHERE pg_class.relnamespace = current_schema()::regnamespace AND pg_collation.collname <> 'binary'";
}

both! {
    every_statement_is_understood
}

/// Table, column, type, whether it must hold a value.
pub(super) async fn columns(store: &Store) -> Vec<(String, String, String, bool)> {
    let statement = if store.is_sqlite() { &OF_SQLITE } else { &OF_POSTGRES };
    let read = store.read(move |tx| {
        Box::pin(async move {
            let column = |mut row: Row| {
                Ok((row.take("table")?, row.take("column")?, row.take("type")?, row.take("held")?))
            };
            tx.list(statement, &[], column).await
        })
    });
    let read: Result<Vec<_>, StoreError> = read.await;
    read.unwrap()
}

async fn every_statement_is_understood(place: &Place) {
    assert!(crate::statements().count() > 4);
    place.store.prepare_all().await.unwrap();
}

#[tokio::test]
async fn both_engines_have_the_same_columns() {
    let (sqlite, postgres) = (Place::sqlite().await, Place::postgres().await);
    let (here, there) = (columns(&sqlite.store).await, columns(&postgres.store).await);
    assert!(here.iter().any(|(table, ..)| table == "users"));
    assert_eq!(here, there);
    for (table, column, kind, _) in here {
        let known = ["uuid", "bytea", "bigint", "boolean", "text"];
        assert!(known.contains(&kind.as_str()), "{table}.{column} is a {kind}");
    }
}

/// An index in a language's order serves no range over bytes, and changes with the machine's libraries.
#[tokio::test]
async fn no_index_follows_a_language() {
    let place = Place::postgres().await;
    let read = place.store.read(|tx| {
        Box::pin(
            async move { tx.list(&INDEXED_BY_LANGUAGE, &[], |mut row| row.take::<String>("index")).await },
        )
    });
    let found: Result<Vec<String>, StoreError> = read.await;
    assert_eq!(found.unwrap(), Vec::<String>::new());
}

/// Whatever is deleted, what hangs on it is found by an index, on both engines: their indexes are the same text.
#[tokio::test]
async fn every_reference_begins_an_index() {
    let place = Place::sqlite().await;
    let read = place.store.read(|tx| {
        Box::pin(
            async move { tx.list(&UNINDEXED_REFERENCES, &[], |mut row| row.take::<String>("column")).await },
        )
    });
    let found: Result<Vec<String>, StoreError> = read.await;
    assert_eq!(found.unwrap(), Vec::<String>::new());
}
