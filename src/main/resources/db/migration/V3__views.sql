-- For operations staff: what is in the tables, with times a person can read. All times are UTC whatever the session's
-- time zone is (the arithmetic starts at a literal, and only UTC_TIMESTAMP asks for the time). The views run with the
-- rights of whoever reads them; src/docs/sql/grant-operations-reader.sql gives those rights.

-- What fires next. Ordered; take it with a LIMIT.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_next_fires AS
SELECT
  t.SCHED_NAME AS cluster,
  t.JOB_GROUP AS job_group,
  t.JOB_NAME AS job,
  t.TRIGGER_GROUP AS queue,
  t.TRIGGER_NAME AS trigger_name,
  t.TRIGGER_STATE AS state,
  t.PRIORITY AS priority,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL t.NEXT_FIRE_TIME * 1000 MICROSECOND AS next_fire_utc,
  CAST(t.NEXT_FIRE_TIME / 1000 - TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) / 1000000
    AS DECIMAL(14, 3)) AS in_seconds
FROM ${prefix}TRIGGERS t
WHERE t.NEXT_FIRE_TIME > 0
ORDER BY t.NEXT_FIRE_TIME;

-- What is being called at the moment, longest first. entry_id is the execution's id.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_running AS
SELECT
  f.SCHED_NAME AS cluster,
  f.ENTRY_ID AS execution_id,
  f.JOB_GROUP AS job_group,
  f.JOB_NAME AS job,
  f.TRIGGER_GROUP AS queue,
  f.INSTANCE_NAME AS node,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL f.SCHED_TIME * 1000 MICROSECOND AS scheduled_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL f.FIRED_TIME * 1000 MICROSECOND AS fired_utc,
  CAST(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) / 1000000 - f.FIRED_TIME / 1000
    AS DECIMAL(14, 3)) AS running_seconds
FROM ${prefix}FIRED_TRIGGERS f
WHERE f.STATE = 'EXECUTING'
ORDER BY f.FIRED_TIME;

-- What should have fired more than two seconds ago and has not been taken by a node. Paused work is not late.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_late AS
SELECT
  t.SCHED_NAME AS cluster,
  t.JOB_GROUP AS job_group,
  t.JOB_NAME AS job,
  t.TRIGGER_GROUP AS queue,
  t.TRIGGER_NAME AS trigger_name,
  t.TRIGGER_STATE AS state,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL t.NEXT_FIRE_TIME * 1000 MICROSECOND AS due_utc,
  CAST(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) / 1000000 - t.NEXT_FIRE_TIME / 1000
    AS DECIMAL(14, 3)) AS late_seconds
FROM ${prefix}TRIGGERS t
WHERE t.TRIGGER_STATE IN ('WAITING', 'BLOCKED')
  AND t.NEXT_FIRE_TIME > 0
  AND t.NEXT_FIRE_TIME
    < TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000 - 2000
ORDER BY t.NEXT_FIRE_TIME;

-- What does not move by itself: worth a look; the operations runbook says what to do.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_stuck AS
SELECT
  t.SCHED_NAME AS cluster,
  'trigger in state ERROR' AS what,
  t.JOB_GROUP AS job_group,
  t.JOB_NAME AS job,
  t.TRIGGER_GROUP AS queue,
  t.TRIGGER_NAME AS trigger_name,
  NULL AS node
FROM ${prefix}TRIGGERS t
WHERE t.TRIGGER_STATE = 'ERROR'
UNION ALL
SELECT
  t.SCHED_NAME,
  CONCAT('trigger in state ', t.TRIGGER_STATE, ' without a fired row'),
  t.JOB_GROUP,
  t.JOB_NAME,
  t.TRIGGER_GROUP,
  t.TRIGGER_NAME,
  NULL
FROM ${prefix}TRIGGERS t
WHERE (t.TRIGGER_STATE = 'ACQUIRED'
    AND NOT EXISTS (
      SELECT 1 FROM ${prefix}FIRED_TRIGGERS f
      WHERE f.SCHED_NAME = t.SCHED_NAME AND f.TRIGGER_NAME = t.TRIGGER_NAME AND f.TRIGGER_GROUP = t.TRIGGER_GROUP))
  OR (t.TRIGGER_STATE IN ('BLOCKED', 'PAUSED_BLOCKED')
    AND NOT EXISTS (
      SELECT 1 FROM ${prefix}FIRED_TRIGGERS f
      WHERE f.SCHED_NAME = t.SCHED_NAME AND f.JOB_NAME = t.JOB_NAME AND f.JOB_GROUP = t.JOB_GROUP))
UNION ALL
SELECT
  f.SCHED_NAME,
  CONCAT('fired row in state ', f.STATE, ' of a node that is gone'),
  f.JOB_GROUP,
  f.JOB_NAME,
  f.TRIGGER_GROUP,
  f.TRIGGER_NAME,
  f.INSTANCE_NAME
FROM ${prefix}FIRED_TRIGGERS f
WHERE NOT EXISTS (
  SELECT 1 FROM node n
  WHERE n.instance_name = f.INSTANCE_NAME
    AND n.renewed_at + n.lease_ms
      > TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000);

-- The cluster's nodes and how long ago each was heard of.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_nodes AS
SELECT
  n.instance_name AS node,
  n.state AS state,
  n.renewed_at + n.lease_ms
    > TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000 AS alive,
  n.address AS address,
  n.version AS version,
  n.in_flight AS in_flight,
  n.clock_offset_ms AS clock_offset_ms,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL n.started_at * 1000 MICROSECOND AS started_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL n.renewed_at * 1000 MICROSECOND AS renewed_utc,
  CAST(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) / 1000000 - n.renewed_at / 1000
    AS DECIMAL(14, 3)) AS silent_seconds
FROM node n
ORDER BY n.instance_name;
