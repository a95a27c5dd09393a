-- Keys under which jobs are found again. A row says who took a key last; whether it still has it is for the job's state
-- and expires_at to say, at the moment somebody asks (docs/adr/0035).
CREATE TABLE job_key (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  kind VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'DEDUP DEBOUNCE',
  key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the text: collations take some texts for the same',
  key_text VARCHAR(255) NOT NULL COMMENT 'for people',
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at BIGINT NULL COMMENT 'null: until the job is finished',
  taken_by VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'id of the create by which the job took it',
  PRIMARY KEY (namespace, kind, key_hash),
  KEY job_key_by_job (namespace, job_id),
  KEY job_key_by_expiry (expires_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Executions that ended as FAILED, until they are redriven or purged, or their time is over: written in the transaction
-- that ends them. Apart from `execution`, whose days are dropped as a whole, so that they may be kept longer.
CREATE TABLE dead_letter (
  namespace VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  execution_id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scheduled_at BIGINT NOT NULL,
  died_at BIGINT NOT NULL,
  job_id VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  generation INT NOT NULL,
  queue VARCHAR(190) NOT NULL,
  reason VARCHAR(40) NULL,
  attempt INT NOT NULL,
  node VARCHAR(190) NULL,
  fired_at BIGINT NULL,
  started_at BIGINT NULL,
  http_status SMALLINT NULL,
  error VARCHAR(1000) NULL,
  response TEXT NULL,
  response_truncated BOOLEAN NOT NULL DEFAULT FALSE,
  request MEDIUMTEXT NULL COMMENT 'what a run by hand replaced, as JSON',
  PRIMARY KEY (namespace, execution_id),
  KEY dead_letter_by_job (namespace, job_id, execution_id),
  KEY dead_letter_by_reason (namespace, reason, execution_id),
  KEY dead_letter_by_queue (namespace, queue, execution_id),
  KEY dead_letter_by_age (died_at)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- What had failed before there were letters.
INSERT INTO dead_letter (namespace, execution_id, scheduled_at, died_at, job_id, generation, queue, reason, attempt, node,
  fired_at, started_at, http_status, error, response, response_truncated, request)
SELECT execution.namespace, id, scheduled_at, COALESCE(finished_at, scheduled_at), job_id, generation, queue, reason,
  attempt, node, fired_at, started_at, http_status, error, response, response_truncated, request
FROM (SELECT DISTINCT namespace FROM job) AS here
  STRAIGHT_JOIN execution FORCE INDEX (execution_by_state)
    ON execution.namespace = here.namespace AND execution.state = 'FAILED';

-- For operations staff: what failed for good, without what was sent and answered.
CREATE OR REPLACE SQL SECURITY INVOKER VIEW v_dead_letters AS
SELECT
  d.execution_id AS execution_id,
  d.namespace AS job_group,
  d.job_id AS job,
  d.queue AS queue,
  d.reason AS reason,
  d.attempt AS attempt,
  d.http_status AS http_status,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL d.scheduled_at * 1000 MICROSECOND AS scheduled_utc,
  TIMESTAMP'1970-01-01 00:00:00' + INTERVAL d.died_at * 1000 MICROSECOND AS died_utc
FROM dead_letter d
ORDER BY d.died_at;
