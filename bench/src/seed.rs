//! Many people at once, by SQL, while no server runs: nothing of it is timed.

use crate::rows::Rows;

/// Makes `count` users `p0000001@…` and members of each of these tenants, which hold the role `developer`.
pub fn people(rows: &Rows, count: u32, tenants: &[(&str, u32)]) -> Result<(), String> {
    let id = rows.some_id();
    rows.run(&format!(
        "INSERT INTO users (id, number, email, name, kind, verified, active, locked, is_operator, super_user, \
         invisible, mfa_bypass, metadata, vendor_metadata, provider, origin, created_at, updated_at) \
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         SELECT {id}, 1000000 + i, 'p' || substr(CAST(10000000 + i AS TEXT), 2) || '@people.example', 'Somebody', \
         'USER', TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, FALSE, '{{}}', '{{}}', 'local', '', i, i FROM n"
    ))?;
    for (tenant, members) in tenants {
        let last = 1_000_000 + members;
        rows.run(&format!(
            "INSERT INTO memberships (user_id, tenant_id, email, active, origin, created_at) \
             SELECT u.id, t.id, u.email, TRUE, '', 0 FROM users u, tenants t WHERE t.key = '{tenant}' \
             AND u.number > 1000000 AND u.number <= {last}; \
             INSERT INTO membership_roles (user_id, tenant_id, role_id) SELECT u.id, t.id, r.id \
             FROM users u, tenants t, roles r WHERE t.key = '{tenant}' AND r.key = 'developer' AND r.tenant_id IS NULL \
             AND u.number > 1000000 AND u.number <= {last}"
        ))?;
    }
    rows.run("ANALYZE")
}
