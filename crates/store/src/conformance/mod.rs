//! What the store promises, case by case, on both engines; and what only one of them has to promise.
//!
//! A case is a function of a [`place::Place`]; [`both!`] makes one test of it per engine.

/// Each case as a test on SQLite and one on PostgreSQL, with a bound on its time.
macro_rules! both {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                let place = $crate::conformance::place::Place::sqlite().await;
                $crate::conformance::place::in_time(super::$case(&place)).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $case() {
                let place = $crate::conformance::place::Place::postgres().await;
                $crate::conformance::place::in_time(super::$case(&place)).await;
            })*
        }
    };
}

/// Statements of the suite alone, which are not in the house's list.
macro_rules! sql {
    ($table:literal; $($name:ident = $sql:expr;)*) => {
        $(static $name: $crate::db::Statement = $crate::db::Statement::new(stringify!($name), $table, $sql);)*
    };
}

mod place;
mod rows;

mod agents;
mod closures;
mod corrupt;
mod ended;
mod endpoints;
mod feed;
mod members;
mod migrations;
mod numbers;
mod order;
mod plans;
mod postgres;
mod races;
mod schema;
mod snapshot;
mod sqlite_beside;
mod sqlite_full;
mod sqlite_group;
mod sqlite_readers;
mod sweep;
mod transactions;
mod values;
mod webhooks;
