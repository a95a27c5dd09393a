-- Executions that were answered by "later", what running ones report, and the key of the tokens they carry.
ALTER TABLE execution
  ADD COLUMN awaits_until BIGINT NULL COMMENT 'until when the target may tell the outcome of the current or last attempt, which it answered with 202',
  ADD COLUMN cancel_requested_at BIGINT NULL COMMENT 'when somebody wanted it cancelled while it ran',
  ADD COLUMN progress_percent TINYINT NULL COMMENT 'as last reported by the target',
  ADD COLUMN progress_note VARCHAR(250) NULL,
  ADD COLUMN progress_at BIGINT NULL;

-- One row while an execution awaits its target's word. It stays RUNNING, and its FIRED row names no node but AWAITING.
CREATE TABLE awaited (
  execution_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scheduled_at BIGINT NOT NULL,
  attempt INT NOT NULL,
  started_at BIGINT NOT NULL,
  awaits_until BIGINT NOT NULL COMMENT 'by the clock of the database, as due_at',
  heartbeat_ms BIGINT NULL COMMENT 'from one report to the next, at most',
  due_at BIGINT NOT NULL COMMENT 'when it fails unless something is heard before',
  PRIMARY KEY (execution_id),
  KEY awaited_by_due (due_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Keys that all nodes share, made by the first that needs one.
CREATE TABLE cluster_key (
  name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  secret VARBINARY(64) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What runs at the moment, longest first. entry_id is the execution's id; node AWAITING: its target tells the outcome later.
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
WHERE f.STATE IN ('EXECUTING', 'CANCELLING')
ORDER BY f.FIRED_TIME;

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
WHERE f.INSTANCE_NAME <> 'AWAITING'
  AND NOT EXISTS (
    SELECT 1 FROM node n
    WHERE n.instance_name = f.INSTANCE_NAME
      AND n.renewed_at + n.lease_ms
        > TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000);

-- What awaits its target's word, and until when: silent_after is when it ends for want of a sign of life.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_awaited AS
SELECT
  a.execution_id AS execution_id,
  a.attempt AS attempt,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL a.scheduled_at * 1000 MICROSECOND AS scheduled_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL a.started_at * 1000 MICROSECOND AS started_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL a.awaits_until * 1000 MICROSECOND AS awaits_until_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL a.due_at * 1000 MICROSECOND AS silent_after_utc
FROM awaited a
ORDER BY a.due_at;
