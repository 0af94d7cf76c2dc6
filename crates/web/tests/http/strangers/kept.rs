//! What the store holds: who must not get through changes nothing of it.

use std::collections::{BTreeMap, BTreeSet};

use testkit::Server;
use tokio::sync::OnceCell;

/// Every row but those that are written of refusals themselves (the trail, failed sign-ins), and counts.
pub async fn rows(server: &Server) -> BTreeSet<String> {
    let rows = server.sql(QUERY.get_or_init(async || query(server).await).await).await;
    let rows: BTreeSet<String> = rows.into_iter().filter_map(|row| row.into_iter().next()?).collect();
    assert!(rows.len() > 50, "the demo is there");
    rows
}

static QUERY: OnceCell<String> = OnceCell::const_new();

/// One text a row, which begins with its table; ids stand in it as [`id`] has them.
async fn query(server: &Server) -> String {
    const APART: [&str; 7] = ["audit", "feed", "feed_head", "counters", "sweeps", "installation", "lockouts"];
    let columns = "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c
        WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in server.sql(columns).await {
        let [table, column] = row.try_into().unwrap();
        tables.entry(table.unwrap()).or_default().push(format!("quote({})", column.unwrap()));
    }
    tables.retain(|table, _| !APART.contains(&&**table));
    let rows_of = |(table, columns): (&String, &Vec<String>)| {
        format!("SELECT '{table}|' || {} FROM {table}", columns.join("||'|'||"))
    };
    tables.iter().map(rows_of).collect::<Vec<_>>().join(" UNION ALL ")
}

/// An id as it stands in a row.
pub fn id(id: &str) -> String {
    id.replace('-', "").to_uppercase()
}

/// # Panics
/// Where a row came, went or changed.
pub fn unchanged(before: &BTreeSet<String>, after: &BTreeSet<String>, asked: &str) {
    let changed: Vec<_> = before.symmetric_difference(after).collect();
    assert!(changed.is_empty(), "{asked} changed {changed:#?}");
}
