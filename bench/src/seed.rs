//! Many people at once, by SQL, while no server runs: nothing of it is timed.

use std::path::Path;

use rusqlite::Connection;

/// Makes `count` users `p0000001@…` and members of each of these tenants, which hold the role `developer`.
pub fn people(data: &Path, count: u32, tenants: &[(&str, u32)]) -> Result<(), String> {
    let said = |error: rusqlite::Error| error.to_string();
    let store = Connection::open(data.join("herald.db")).map_err(said)?;
    let users = format!(
        "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO users (id, number, email, name, kind, verified, active, locked, is_operator, super_user, \
         invisible, mfa_bypass, metadata, vendor_metadata, provider, origin, created_at, updated_at) \
         SELECT randomblob(16), 1000000 + i, printf('p%07d@people.example', i), 'Somebody', 'USER', TRUE, TRUE, \
         FALSE, FALSE, FALSE, FALSE, FALSE, '{{}}', '{{}}', 'local', '', i, i FROM n; COMMIT"
    );
    store.execute_batch(&users).map_err(said)?;
    for (tenant, members) in tenants {
        let last = 1_000_000 + members;
        let sql = format!(
            "BEGIN; INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
             SELECT u.id, t.id, u.email, TRUE, '', 0 FROM users u, tenants t WHERE t.key = '{tenant}' \
             AND u.number > 1000000 AND u.number <= {last}; \
             INSERT INTO membership_roles (user_id, tenant_id, role_id) SELECT u.id, t.id, r.id \
             FROM users u, tenants t, roles r WHERE t.key = '{tenant}' AND r.key = 'developer' AND r.tenant_id IS NULL \
             AND u.number > 1000000 AND u.number <= {last}; COMMIT"
        );
        store.execute_batch(&sql).map_err(said)?;
    }
    store.execute_batch("ANALYZE").map_err(said)
}
