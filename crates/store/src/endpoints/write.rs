//! Writing rows of the inventory, many by one statement: on PostgreSQL each statement is a way to the server and back.

use std::collections::HashSet;

use domain::TenantId;
use domain::Timestamp;
use domain::endpoint::Endpoint;
use uuid::Uuid;

use crate::db::{Param, Row, WriteTx, statements};
use crate::error::StoreError;

/// Rows that one statement writes; fewer go one by one.
const TOGETHER: usize = 16;

/// Id, URL, collection, method and access of one; $1 is the tenant and $2 the time.
macro_rules! row {
    ($id:literal, $url:literal, $collection:literal, $method:literal, $access:literal) => {
        concat!("($", $id, ", $1, $", $url, ", $", $collection, ", $", $method, ", $", $access, ", '', $2)")
    };
}
macro_rules! rows {
    () => {
        concat!(
            row!(3, 4, 5, 6, 7),
            ", ",
            row!(8, 9, 10, 11, 12),
            ", ",
            row!(13, 14, 15, 16, 17),
            ", ",
            row!(18, 19, 20, 21, 22),
            ", ",
            row!(23, 24, 25, 26, 27),
            ", ",
            row!(28, 29, 30, 31, 32),
            ", ",
            row!(33, 34, 35, 36, 37),
            ", ",
            row!(38, 39, 40, 41, 42),
            ", ",
            row!(43, 44, 45, 46, 47),
            ", ",
            row!(48, 49, 50, 51, 52),
            ", ",
            row!(53, 54, 55, 56, 57),
            ", ",
            row!(58, 59, 60, 61, 62),
            ", ",
            row!(63, 64, 65, 66, 67),
            ", ",
            row!(68, 69, 70, 71, 72),
            ", ",
            row!(73, 74, 75, 76, 77),
            ", ",
            row!(78, 79, 80, 81, 82),
        )
    };
}
macro_rules! write {
    ($rows:expr, $access:literal) => {
        concat!(
            "INSERT INTO endpoints (id, tenant_id, url, collection, method, access, origin, created_at) VALUES ",
            $rows,
            " ON CONFLICT (tenant_id, url, collection, method) DO UPDATE SET access = ",
            $access,
            " WHERE (",
            $access,
            ") <> endpoints.access RETURNING id"
        )
    };
}

statements! { "endpoints";
    ADD = write!(row!(3, 4, 5, 6, 7), "endpoints.access | excluded.access");
    ADD_TOGETHER = write!(rows!(), "endpoints.access | excluded.access");
    SET = write!(row!(3, 4, 5, 6, 7), "excluded.access");
    SET_TOGETHER = write!(rows!(), "excluded.access");
}

/// What becomes of the access types of an endpoint that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// They are added to.
    Add,
    /// They are replaced.
    Set,
}

/// What became of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
}

/// Makes the endpoints that are not there; each id is for a new row. No two rows have the same key.
pub async fn write(
    tx: &mut WriteTx<'_>,
    manner: Manner,
    tenant: TenantId,
    rows: &[(Uuid, Endpoint)],
    now: Timestamp,
) -> Result<Written, StoreError> {
    let (one, together) = match manner {
        Manner::Add => (&ADD, &ADD_TOGETHER),
        Manner::Set => (&SET, &SET_TOGETHER),
    };
    let (many, rest) = rows.as_chunks::<TOGETHER>();
    let mut written = Written::default();
    for some in many {
        written.count(some, tx.rows(together, &values(tenant, now, some)).await?)?;
    }
    for some in rest.chunks(1) {
        written.count(some, tx.rows(one, &values(tenant, now, some)).await?)?;
    }
    Ok(written)
}

fn values(tenant: TenantId, now: Timestamp, rows: &[(Uuid, Endpoint)]) -> Vec<Param<'_>> {
    let mut values = vec![Param::from(tenant), Param::from(now)];
    for (id, Endpoint { key, access }) in rows {
        values.extend([
            Param::from(*id),
            Param::from(&key.url),
            Param::from(key.collection),
            Param::from(&key.method),
            Param::from(*access),
        ]);
    }
    values
}

impl Written {
    /// `moved`: the rows that were made or changed; a new one has the id that was meant for it.
    fn count(&mut self, meant: &[(Uuid, Endpoint)], moved: Vec<Row>) -> Result<(), StoreError> {
        let new: HashSet<Uuid> = meant.iter().map(|(id, _)| *id).collect();
        self.unchanged += meant.len().saturating_sub(moved.len()) as u64;
        for mut row in moved {
            let id: Uuid = row.take("id")?;
            *if new.contains(&id) { &mut self.created } else { &mut self.changed } += 1;
        }
        Ok(())
    }

    pub fn add(&mut self, other: Self) {
        self.created += other.created;
        self.changed += other.changed;
        self.unchanged += other.unchanged;
    }

    /// Whether there is nothing to tell of.
    pub fn is_nothing(self) -> bool {
        self.created == 0 && self.changed == 0
    }
}
