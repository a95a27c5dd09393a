-- What may not run yet, because something limits it, waits here beside its trigger in the state HELD, and what runs
-- within a limit has a permit (docs/adr/0029).

-- What limits: a queue, a host, a job, a key. Its row is locked by whoever lets something of it go. Made on first use,
-- taken away when nothing needs it.
CREATE TABLE lane (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'empty for HOST',
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'FIFO THROTTLE HOST JOB JOBS_HOST QUEUE_HOST QUEUE',
  name VARCHAR(450) NOT NULL,
  tat BIGINT NOT NULL DEFAULT 0 COMMENT 'theoretical arrival time of the next start (GCRA), microseconds, by the database',
  turn INT NOT NULL DEFAULT 0 COMMENT 'whose turn it is among the classes of priority',
  ready_at BIGINT NULL COMMENT 'from when on something held may go, by the database; null until an event says so',
  touched_at BIGINT NOT NULL COMMENT 'when something was last held for it',
  PRIMARY KEY (namespace, kind, name),
  KEY lane_by_ready (ready_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Executions that wait in the lane that stopped them, in the order of their admission.
CREATE TABLE held (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of the lane',
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lane VARCHAR(450) NOT NULL,
  class TINYINT NOT NULL COMMENT '0 high, 1 normal, 2 low; always 0 where the order is strict',
  due_at BIGINT NOT NULL,
  execution_id VARCHAR(95) NOT NULL,
  attempt INT NOT NULL COMMENT 'the one that waits',
  job_namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  queue VARCHAR(190) NOT NULL,
  priority TINYINT NOT NULL COMMENT '0 high, 1 normal, 2 low',
  host VARCHAR(255) NULL,
  reason VARCHAR(40) NOT NULL COMMENT 'CONCURRENCY RATE_LIMITED CIRCUIT_OPEN',
  since BIGINT NOT NULL,
  PRIMARY KEY (namespace, kind, lane, class, due_at, job_id, execution_id),
  KEY held_by_execution (execution_id),
  KEY held_by_job (job_namespace, job_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- One row for each limited lane that an execution runs in; their number is what a cap is compared with.
CREATE TABLE permit (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lane VARCHAR(450) NOT NULL,
  execution_id VARCHAR(95) NOT NULL,
  PRIMARY KEY (namespace, kind, lane, execution_id),
  KEY permit_by_execution (execution_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Whoever fires asks whether any queue is limited at all.
ALTER TABLE queue
  ADD COLUMN limited BOOLEAN NOT NULL DEFAULT FALSE COMMENT 'whether it has any limit',
  ADD KEY queue_by_limit (limited);
UPDATE queue SET limited = TRUE
WHERE concurrency IS NOT NULL OR rate_permits IS NOT NULL OR per_host IS NOT NULL;

-- The priority is in the index, so that what is due can be looked through by class without a look at the rows.
ALTER TABLE ${prefix}TRIGGERS
  DROP INDEX IDX_QRTZ_T_NFT_ST,
  ADD INDEX IDX_QRTZ_T_NFT_ST (SCHED_NAME, TRIGGER_STATE, NEXT_FIRE_TIME, PRIORITY);

-- For operations staff: what waits in which lane, and why.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_held AS
SELECT
  h.execution_id AS execution_id,
  h.attempt AS attempt,
  h.job_namespace AS job_group,
  h.job_id AS job,
  h.queue AS queue,
  h.host AS host,
  h.reason AS reason,
  h.kind AS lane_kind,
  h.lane AS lane,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL h.due_at * 1000 MICROSECOND AS due_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL h.since * 1000 MICROSECOND AS held_since_utc,
  CAST(TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) / 1000000 - h.since / 1000
    AS DECIMAL(14, 3)) AS held_seconds
FROM held h;

-- What is in each queue, on all nodes: reads all triggers, so not to be asked each second.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_queues AS
SELECT
  part.cluster AS cluster,
  part.queue AS queue,
  CAST(SUM(part.waiting) AS SIGNED) AS waiting,
  CAST(SUM(part.due) AS SIGNED) AS due,
  CAST(SUM(part.held) AS SIGNED) AS held,
  CAST(SUM(part.behind_others) AS SIGNED) AS behind_others,
  CAST(SUM(part.paused) AS SIGNED) AS paused,
  CAST(SUM(part.running) AS SIGNED) AS running
FROM (
  SELECT
    t.SCHED_NAME AS cluster,
    t.TRIGGER_GROUP AS queue,
    t.TRIGGER_STATE = 'WAITING' AS waiting,
    t.TRIGGER_STATE = 'WAITING' AND t.NEXT_FIRE_TIME
      <= TIMESTAMPDIFF(MICROSECOND, TIMESTAMP'1970-01-01 00:00:00', UTC_TIMESTAMP(6)) DIV 1000 AS due,
    t.TRIGGER_STATE = 'HELD' AS held,
    t.TRIGGER_STATE = 'QUEUED' AS behind_others,
    t.TRIGGER_STATE IN ('PAUSED', 'PAUSED_BLOCKED') AS paused,
    0 AS running
  FROM ${prefix}TRIGGERS t
  UNION ALL
  SELECT f.SCHED_NAME, f.TRIGGER_GROUP, 0, 0, 0, 0, 0, 1
  FROM ${prefix}FIRED_TRIGGERS f) part
GROUP BY part.cluster, part.queue;
