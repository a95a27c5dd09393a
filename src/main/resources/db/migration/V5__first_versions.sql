-- A job's first definition is its own row until another takes its place; only then it is copied into job_version. This
-- is every definition that was ever in force, and when, wherever it stands. For rows of one job it reads by key.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_job_versions AS
SELECT namespace, id, version, generation, spec, valid_from, valid_to
FROM job_version
UNION ALL
SELECT j.namespace, j.id, 1, 1, j.spec, j.created_at, NULL
FROM job j
WHERE NOT EXISTS (SELECT 1 FROM job_version v WHERE v.namespace = j.namespace AND v.id = j.id);
