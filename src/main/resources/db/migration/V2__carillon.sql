-- Our own tables. Times are UTC milliseconds since 1970 (BIGINT), as in Quartz's tables; ids compare byte by byte.

-- What is to be called and when: one row per definition, committed together with its JobDetail and trigger.
CREATE TABLE job (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(190) NULL,
  queue VARCHAR(190) NOT NULL,
  priority SMALLINT NOT NULL,
  host VARCHAR(255) NULL COMMENT 'of an http target, as in its URL',
  origin VARCHAR(16) NOT NULL COMMENT 'the call that created it: CANONICAL, SCHEDULE, JOB, API_ENDPOINT, QUEUE, REQUESTS',
  scheduler VARCHAR(190) NULL COMMENT 'of POST /job',
  state VARCHAR(12) NOT NULL COMMENT 'ACTIVE PAUSED COMPLETED CANCELLED',
  generation INT NOT NULL COMMENT 'rises when the schedule changes; part of every execution id',
  version BIGINT NOT NULL COMMENT 'rises with every change; the ETag',
  runs BIGINT NOT NULL DEFAULT 0 COMMENT 'planned instants fired so far',
  last_scheduled_at BIGINT NULL COMMENT 'the latest instant fired under any generation',
  pause_reason VARCHAR(250) NULL,
  pause_until BIGINT NULL,
  spec MEDIUMTEXT NOT NULL COMMENT 'the definition as canonical JSON',
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  finished_at BIGINT NULL,
  PRIMARY KEY (namespace, id),
  KEY job_by_age (namespace, created_at, id),
  KEY job_by_state (namespace, state, finished_at),
  KEY job_by_pause (state, pause_until)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE job_label (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(63) NOT NULL,
  value VARCHAR(190) NOT NULL,
  PRIMARY KEY (namespace, job_id, name),
  KEY label_by_value (namespace, name, value, job_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Every definition that was ever in force, and when: what an account of past instants goes by.
CREATE TABLE job_version (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version BIGINT NOT NULL,
  generation INT NOT NULL,
  spec MEDIUMTEXT NOT NULL,
  valid_from BIGINT NOT NULL,
  valid_to BIGINT NULL,
  PRIMARY KEY (namespace, id, version)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What happened: one row per planned instant of a job (or per run asked for by hand). The id begins with the
-- scheduled instant, so ids sort by time and tell their partition. Partitions are one per UTC day; p_old and p_max
-- catch what lies outside the days that are there.
CREATE TABLE execution (
  id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scheduled_at BIGINT NOT NULL,
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  generation INT NOT NULL,
  queue VARCHAR(190) NOT NULL,
  state VARCHAR(12) NOT NULL COMMENT 'SCHEDULED QUEUED RUNNING RETRYING SUCCEEDED FAILED CANCELLED SKIPPED',
  reason VARCHAR(40) NULL,
  attempt INT NOT NULL COMMENT 'the number of the current or last attempt, from 1',
  uncounted INT NOT NULL DEFAULT 0 COMMENT 'attempts that do not use up maxAttempts: node deaths and drains',
  deaths INT NOT NULL DEFAULT 0 COMMENT 'node deaths while running',
  node VARCHAR(190) NULL COMMENT 'instance name that runs or ran the last attempt',
  fired_at BIGINT NULL COMMENT 'begin of the first attempt; minus scheduled_at it is the lateness',
  started_at BIGINT NULL COMMENT 'begin of the current or last attempt',
  finished_at BIGINT NULL,
  next_attempt_at BIGINT NULL,
  http_status SMALLINT NULL,
  error VARCHAR(1000) NULL,
  response TEXT NULL COMMENT 'at most 16 KiB of the last answer',
  response_truncated BOOLEAN NOT NULL DEFAULT FALSE,
  request MEDIUMTEXT NULL COMMENT 'what a run by hand replaced, as JSON',
  PRIMARY KEY (id, scheduled_at),
  KEY execution_by_job (namespace, job_id, id),
  KEY execution_by_state (namespace, state, id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
PARTITION BY RANGE (scheduled_at) (
  PARTITION p_old VALUES LESS THAN (1767225600000),
  PARTITION p_max VALUES LESS THAN MAXVALUE
);

-- Single attempts, kept only for executions that had more than one (or lost one).
CREATE TABLE attempt (
  execution_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  n INT NOT NULL,
  scheduled_at BIGINT NOT NULL,
  node VARCHAR(190) NOT NULL,
  started_at BIGINT NOT NULL,
  finished_at BIGINT NULL,
  http_status SMALLINT NULL,
  reason VARCHAR(40) NULL,
  error VARCHAR(1000) NULL,
  counted BOOLEAN NOT NULL COMMENT 'whether it uses up one of maxAttempts',
  PRIMARY KEY (execution_id, n, scheduled_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
PARTITION BY RANGE (scheduled_at) (
  PARTITION p_old VALUES LESS THAN (1767225600000),
  PARTITION p_max VALUES LESS THAN MAXVALUE
);

-- Nodes and their leases. renewed_at is database time; a node lives while it is younger than lease_ms.
CREATE TABLE node (
  instance_name VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'node_id and token; new with every token',
  node_id VARCHAR(150) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  token INT NOT NULL,
  state VARCHAR(12) NOT NULL COMMENT 'ACTIVE DRAINING',
  started_at BIGINT NOT NULL,
  renewed_at BIGINT NOT NULL,
  lease_ms INT NOT NULL,
  clock_offset_ms INT NOT NULL DEFAULT 0 COMMENT 'node clock minus database clock',
  address VARCHAR(190) NULL,
  version VARCHAR(60) NULL,
  in_flight INT NOT NULL DEFAULT 0,
  PRIMARY KEY (instance_name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Answers kept for 24 hours, so that a repeated POST with the same Idempotency-Key gets the same one.
CREATE TABLE idempotency (
  key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of API key id, route and key',
  body_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  proposed_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'the id that whatever is created gets, also when a dead request is taken over',
  status SMALLINT NULL COMMENT 'null while the first request runs',
  headers TEXT NULL,
  body MEDIUMTEXT NULL,
  created_at BIGINT NOT NULL,
  locked_until BIGINT NOT NULL COMMENT 'a running request whose node died is taken over after this',
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (key_hash),
  KEY idempotency_by_expiry (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
